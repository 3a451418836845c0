"""What a pack with wrong priors learns from outcomes, and what that is worth in minutes.

The word for how common a cause is stands two words off for every cause, up or down by a fixed draw.
Phones are sampled from the right pack; their owners are led by the wrong one to the end, which is
beyond handing over as long as a plan is left, and what comes of it is recorded. From these records
the wrong pack is learned anew, and other phones are then led by the wrong, the learned and the
right pack (common random numbers: the same phones, the same luck).
"""

from __future__ import annotations

import random
import shutil
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from diagnoser import Diagnoser
from diagnoser.knowledge.model import Fact, Knowledge
from diagnoser.knowledge.values import Value
from diagnoser.learning.files import Word, rewritten
from diagnoser.learning.learn import learn
from diagnoser.learning.model import Learned
from diagnoser.learning.scale import nearest
from diagnoser.pack.builtin import built_in
from diagnoser.pack.opening import opened
from diagnoser.report.record import Attempted, Course, record
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
    pack, root = opened(built_in()), Path(built_in())
    for top in ("rules", "facts"):
        shutil.copytree(root / top, folder / top)
    for name, (_, text) in rewritten(pack, words).items():
        (folder / name).write_text(text, "utf-8")


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
                Attempted(
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


def _led(part: tuple[str, bool, range]) -> list[Outcome]:
    """How phones went whose owners a pack in a folder leads; without one, the right pack."""
    folder, on, numbers = part
    world = Advised(Path(folder)) if folder else World()
    return [follow(world, SEED + 10 * number, visit_the_best, on=on) for number in numbers]


def led(folder: str, start: int, count: int, *, on: bool = False) -> list[Outcome]:
    """The same in two processes; `on`: also when it was handed over."""
    half = start + count // 2
    parts = [(folder, on, range(start, half)), (folder, on, range(half, start + count))]
    with ProcessPoolExecutor(2) as pool:
        return [one for found in pool.map(_led, parts) for one in found]


def words_off(right: Knowledge, learned: Mapping[str, str]) -> list[int]:
    """For each cause, by how many words of the ladder its word is off."""
    words = ladder(right)
    return [
        abs(words.index(learned[cause.id]) - words.index(cause.commonness))
        for cause in right.causes.values()
    ]


def experiment(outcomes: int = OUTCOMES, phones: int = PHONES) -> Iterator[str | list[list[str]]]:
    """What the wrong pack learns, and the minutes with each, as sentences and a table."""
    with TemporaryDirectory() as name:
        wrong = Path(name, "wrong")
        write_pack(wrong, wrong_words(Diagnoser().knowledge))
        diagnoser = Diagnoser(wrong)
        records = [recorded(diagnoser, one) for one in led(str(wrong), 0, outcomes, on=True)]
        yield from judged(wrong, records)
        learned = Path(name, "learned")
        write_pack(learned, learned_words(wrong, records))
        yield minutes(
            {
                title: led(folder, LATER, phones)
                for title, folder in (
                    ("wrong", str(wrong)),
                    ("learned", str(learned)),
                    ("right", ""),
                )
            }
        )


def learned_from(folder: Path, records: Iterable[str]) -> Learned:
    """What a pack learns from records."""
    return learn(Diagnoser(folder), str(folder), {"records": [one.encode() for one in records]})


def learned_words(folder: Path, records: Iterable[str]) -> list[Word]:
    """How the words of the built-in pack change into those that a wrong one comes to."""
    found = learned_from(folder, records)
    right = Diagnoser().knowledge
    return [
        Word(one.file, one.cause, None, right.causes[one.cause].commonness, one.proposed)
        for one in found.numbers
        if one.of == "cause"
    ]


def judged(folder: Path, records: Sequence[str]) -> Iterator[str]:
    """How near the learned words are, and how many intervals hold the number that is right."""
    right, found = Diagnoser().knowledge, learned_from(folder, records)
    causes = [one for one in found.numbers if one.of == "cause"]
    before = words_off(right, {one.cause: one.word for one in causes})
    after = words_off(right, {one.cause: one.proposed for one in causes})
    near = words_off(right, {one.cause: nearest(right.commonness, one.estimate) for one in causes})
    covered = sum(one.low <= right.causes[one.cause].prior <= one.high for one in causes)
    was, comes = sum(off <= 1 for off in before), sum(off <= 1 for off in after)
    close = sum(off <= 1 for off in near)
    yield (
        f"{len(records):,} outcomes: of {len(causes)} words for priors, {comes} come within one "
        f"word of the right one ({was} were), {after.count(0)} are right ({before.count(0)} were), "
        f"the furthest is {max(after)} off. Of the estimates themselves, {close} come within one "
        f"word, and {covered} of the intervals hold the right number."
    )
    tries = [one for one in found.numbers if one.of == "remedy" and one.rests_on >= 3]
    chances = {(r.id, c): chance for r in right.remedies.values() for c, chance in r.fixes.items()}
    held = sum(one.low <= chances[one.remedy or "", one.cause] <= one.high for one in tries)
    wrongly = sum(one.changes for one in found.numbers if one.of == "remedy")
    yield (
        f"Of {len(tries)} chances that at least three tries tell of, and that were right before, "
        f"{held} intervals hold the right number; {wrongly} words would be changed."
    )


def minutes(ways: Mapping[str, Sequence[Outcome]]) -> list[list[str]]:
    """A row for each pack: minutes, and how many more than with the right one, of the same phones,
    with its 95 % interval."""
    right = ways["right"]
    table = [["pack", "minutes", "to the right pack's", "difference"]]
    for title, outcomes in ways.items():
        mean = statistics.mean(one.minutes for one in outcomes)
        more = [a.minutes - b.minutes for a, b in zip(outcomes, right, strict=True)]
        spread = 1.96 * statistics.stdev(more) / len(more) ** 0.5
        share = mean / statistics.mean(one.minutes for one in right)
        table.append(
            [title, f"{mean:.1f}", f"{share:.3f}", f"{statistics.mean(more):+.1f} ± {spread:.1f}"]
        )
    return table
