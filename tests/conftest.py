"""What all tests share: the built-in pack, loaded once, and how hard Hypothesis tries.

`ci` is the same on every run and machine, and so are `quick`, for the second and third Python, and
`mutants`, which only tells whether something fails;
`HYPOTHESIS_PROFILE=search pytest tests` looks for new examples.
"""

from __future__ import annotations

import os
import signal
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, settings

from diagnoser import Diagnoser
from diagnoser.pack import loader
from diagnoser.pack.builtin import built_in as built_in_folder
from tests import packs
from tests.browser import browser as browser

# A shell starts what runs in the background without Ctrl-C, and the programs of the tests would
# inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Hundreds of tests begin with the built-in pack, and reading it takes a third of a second. What is
# read once does not change.
read_once = cache(loader.shipped)
read_anew = loader.shipped
loader.shipped = lambda root: (read_once if root == built_in_folder() else read_anew)(root)

for name, examples in (("ci", 60), ("quick", 15)):
    settings.register_profile(
        name,
        derandomize=True,
        max_examples=examples,
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.register_profile(
    "mutants", settings.get_profile("quick"), phases=[Phase.explicit, Phase.generate]
)
settings.register_profile(
    "search",
    max_examples=2000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def diagnoser() -> Diagnoser:
    """The built-in pack, loaded once."""
    return Diagnoser()


@pytest.fixture(scope="session")
def built_in() -> packs.Pack:
    """The built-in pack with its plain data, for the oracles."""
    return packs.built_in_pack()
