"""What a pack with wrong priors learns from outcomes, and what that is worth in minutes.

The word for how common a cause is stands two words off for every cause (one, where the ladder of
words ends), up or down by a fixed draw. Phones are sampled from the right pack; their owners are
led by the wrong one, and what comes of it is recorded. From these records the wrong pack is
learned anew, and other phones are then led by the wrong, the learned and the right pack (common
random numbers: the same phones, the same luck).
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from diagnoser import Diagnoser
from diagnoser.knowledge.model import Fact, Knowledge
from diagnoser.knowledge.values import Value
from diagnoser.learning.files import Word, rewritten
from diagnoser.pack.builtin import built_in
from diagnoser.report.record import Course, Tested, record
from tests.benchmarks.simulate import Outcome, Phone, World, follow, visit_the_best

OFF = 2
"""Words by which a prior is wrong."""
OUTCOMES, PHONES = 2000, 1000
SEED, LATER = 20261130, 10_000_000


class Advised(World):
    """Phones of the right pack, whose owners are led by another."""

    def __init__(self, knowledge: Path) -> None:
        super().__init__(knowledge)
        self.truth = World()

    def phone(self, seed: int) -> Phone:
        return self.truth.phone(seed)

    def look(self, phone: Phone, fact: Fact) -> bool:
        return self.truth.look(phone, fact)


def ladder(knowledge: Knowledge) -> list[str]:
    """The words for how common a cause is, rarest first."""
    return sorted(knowledge.commonness, key=lambda word: knowledge.commonness[word])


def wrong_words(knowledge: Knowledge) -> list[Word]:
    """Every cause's word moved by two, up or down, or by as many as the ladder has."""
    words, luck = ladder(knowledge), random.Random(SEED)
    found = []
    for cause in knowledge.causes.values():
        here = words.index(cause.commonness)
        ways = [here + by for by in (-OFF, OFF) if 0 <= here + by < len(words)]
        other = words[luck.choice(ways)]
        found.append(Word(cause.file, cause.id, None, cause.commonness, other))
    return found


def write_pack(folder: Path, words: Iterable[Word]) -> None:
    """A copy of the built-in pack with other words."""
    root = Path(built_in())
    for top in ("rules", "facts"):
        shutil.copytree(root / top, folder / top)
    for name, (_, text) in rewritten(root, words).items():
        (folder / name).write_text(text, "utf-8")


def conversations(part: tuple[str, int, int]) -> list[Outcome]:
    """How phones went whose owners a pack leads; without a folder, the right one."""
    folder, start, stop = part
    world = Advised(Path(folder)) if folder else World()
    return [follow(world, SEED + 10 * number, visit_the_best) for number in range(start, stop)]


def recorded(diagnoser: Diagnoser, outcome: Outcome) -> str:
    """The record of how a phone went, as the program would have made it."""
    sheet = diagnoser.sheet

    def shown(values: Mapping[str, Value]) -> dict[str, dict[str, Any]]:
        order = [fact for fact in diagnoser.knowledge.facts if fact in values]
        return sheet.show(sheet.case({fact: values[fact] for fact in order}))

    tests = []
    for went, after in zip(outcome.course, [*outcome.course[1:], None], strict=True):
        if went.done:
            later = after.known if after else went.known
            tests.append(
                Tested(
                    steps=went.done,
                    outcome="helped" if went.works else "did-not-help",
                    forgot=[fact for fact in went.known if later.get(fact) != went.known[fact]],
                    facts=shown({f: v for f, v in later.items() if went.known.get(f) != v}),
                )
            )
    works = any(went.works for went in outcome.course)
    course = Course(tests=tests, ended="works-again" if works else "handed-over")
    report = diagnoser.diagnose(shown(outcome.course[0].known))
    return record(report, look_ahead=False, outcomes=course)
