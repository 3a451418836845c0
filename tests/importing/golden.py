"""What comes of each sample; `python -m tests.importing.golden --write` writes it down anew.

The samples have the real keys of their formats; all that is in them is made up, and whatever names
a device or a person is one of `SECRETS`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from diagnoser import Diagnoser
from diagnoser.importing import Imported, read

HERE = Path(__file__).parent
SAMPLES = sorted((HERE / "samples").iterdir())
GOLDEN = HERE / "golden"
AS_OF = date(2026, 11, 4)
SECRETS = ("marie", "exempel", "madeup", "5550100", "02:00:5e", "02005e", "musterweg")


def imported(diagnoser: Diagnoser, *names: str, as_of: date | None = AS_OF) -> Imported:
    """What these samples tell, under their names alone."""
    return read(diagnoser, [(name, sample(name)) for name in names], as_of=as_of)


def sample(name: str) -> bytes:
    return (HERE / "samples" / name).read_bytes()


def leaks(text: str) -> list[str]:
    """The secrets of the samples that stand in a text."""
    return [one for one in SECRETS if one in text.lower()]


def cases() -> Iterable[tuple[str, list[str]]]:
    """The names of the golden files, and the samples that each is made of."""
    for path in SAMPLES:
        yield path.name, [path.name]
    ideviceinfo = [path.name for path in SAMPLES if path.name.startswith("ideviceinfo")]
    yield "one-iphone-in-four-files", ideviceinfo
    yield "restrictions-of-a-device", ["jamf_classic.json", "mdm_restrictions.plist"]
    yield "feeds-for-many", ["jamf_v2.json", "apple_status.js", "version_feed_gdmf.json"]
    yield "policy-for-the-supervised", ["intune_device.json", "intune_configuration.json"]


def main() -> None:
    diagnoser = Diagnoser()
    for name, samples in cases():
        found = imported(diagnoser, *samples).json_text() + "\n"
        path = GOLDEN / f"{name}.json"
        if "--write" in sys.argv:
            path.write_text(found, "utf-8")
        elif path.read_text("utf-8") != found:
            sys.exit(f"{os.path.relpath(path)} differs")


if __name__ == "__main__":
    main()
