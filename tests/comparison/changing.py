"""Random packs, and the same with something changed."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from tests.packs import (
    CHANCES,
    COMMONNESS,
    STRENGTHS,
    Data,
    Pack,
    Sizes,
    condition,
    linked,
    own_rule,
    random_data,
    types_of,
)

SIZES = Sizes(areas=2, facts=2, causes=2, rules=3, remedies=2, signs=2, contradictions=1)
SETTLING = ["proves", "rules out"]


def two_packs(random: Random, changes: int = 2) -> tuple[Pack, Pack]:
    """A pack, and the same after some changes of what it concludes, which may come to nothing."""
    data = random_data(random, SIZES)
    after = copy.deepcopy(data)
    for _ in range(random.randint(1, changes)):
        random.choice([_says, _when, _added, _gone, _commonness, _chance])(random, after)
    return linked(data), linked(after)


def _cause(random: Random, data: Data) -> Any:
    return data["causes"][random.choice(list(data["causes"]))]


def _word(random: Random) -> str:
    return random.choice([random.choice(list(STRENGTHS)), random.choice(SETTLING)])


def _says(random: Random, data: Data) -> None:
    rules = list(_cause(random, data)["rules"].values())
    if rules:
        random.choice(rules)["says"] = _word(random)


def _when(random: Random, data: Data) -> None:
    rules = list(_cause(random, data)["rules"].values())
    if rules:
        random.choice(rules)["when"] = condition(random, types_of(data))


def _added(random: Random, data: Data) -> None:
    rules = _cause(random, data)["rules"]
    rules["one-more"] = own_rule(condition(random, types_of(data)), _word(random))


def _gone(random: Random, data: Data) -> None:
    cause = _cause(random, data)
    if len(cause["rules"]) > 1:
        del cause["rules"][random.choice(list(cause["rules"]))]


def _commonness(random: Random, data: Data) -> None:
    _cause(random, data)["commonness"] = random.choice(list(COMMONNESS))


def _chance(random: Random, data: Data) -> None:
    for remedy in data["remedies"].values():
        for cause in remedy["fixes"]:
            remedy["fixes"][cause] = random.choice(list(CHANCES))
