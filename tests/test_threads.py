"""One Diagnoser, many threads: nobody gets anything of somebody else's case."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Barrier

import pytest

from diagnoser import Diagnoser, InvalidFacts
from tests import packs
from tests.packs import Data, Pack

THREADS = 8
ROUNDS = 60
EXAMPLES = Path(__file__).parents[1] / "facts" / "examples"


@pytest.fixture(autouse=True)
def _threads_take_turns_often() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def mixed_cases(pack: Pack, count: int) -> list[Data]:
    """Examples, sparse and full answer sheets, and some with mistakes."""
    cases = [json.loads(path.read_bytes()) for path in sorted(EXAMPLES.glob("*.json"))]
    for seed in range(count - len(cases)):
        sheet = packs.random_sheet(Random(seed), pack, 10 + 20 * (seed % 5))
        cases.append(sheet | {"no-such-area": {}} if seed % 8 == 7 else sheet)
    return cases


def answer(diagnoser: Diagnoser, case: Data, *, look_ahead: bool = False) -> str:
    """The report as text, or the message that the case cannot be used."""
    try:
        return diagnoser.diagnose(case, look_ahead=look_ahead).json_text()
    except InvalidFacts as error:
        return str(error)


def in_threads(diagnoser: Diagnoser, cases: list[Data], look_ahead: bool) -> list[list[str]]:
    """What each of eight threads, all started at once, is told of the cases in its own order."""
    start = Barrier(THREADS)

    def work(number: int) -> list[str]:
        order = Random(number).sample(range(len(cases)), len(cases))
        start.wait()
        told = {place: answer(diagnoser, cases[place], look_ahead=look_ahead) for place in order}
        return [told[place] for place in range(len(cases))]

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, range(THREADS)))


def test_eight_threads_that_share_a_diagnoser_agree_with_one(built_in: Pack) -> None:
    cases = mixed_cases(built_in, ROUNDS)
    alone = [answer(Diagnoser(), case) for case in cases[:1]]
    shared = Diagnoser()  # of its own, so that the threads are the first to use it
    together = in_threads(shared, cases, look_ahead=False)
    expected = [answer(shared, case) for case in cases]

    assert THREADS * len(cases) >= 400
    assert len(set(expected)) > ROUNDS / 2
    assert expected[:1] == alone
    assert all(told == expected for told in together)


def test_threads_that_look_ahead_agree_with_one(diagnoser: Diagnoser, built_in: Pack) -> None:
    cases = mixed_cases(built_in, 11)[3:]
    expected = [answer(diagnoser, case, look_ahead=True) for case in cases]

    assert all(told == expected for told in in_threads(diagnoser, cases, look_ahead=True))


def test_packs_side_by_side_do_not_disturb_each_other(
    diagnoser: Diagnoser, built_in: Pack, tmp_path: Path
) -> None:
    other_pack = packs.random_pack(Random(4))
    packs.write(other_pack.written, tmp_path)
    other = Diagnoser(tmp_path)
    work = [(diagnoser, case) for case in mixed_cases(built_in, 30)]
    work += [(other, packs.random_sheet(Random(seed), other_pack)) for seed in range(30)]
    expected = [answer(one, case) for one, case in work]
    Random(0).shuffle(mixed := list(enumerate(work)))

    with ThreadPoolExecutor(THREADS) as pool:
        told = dict(pool.map(lambda item: (item[0], answer(*item[1])), mixed))

    assert [told[place] for place in range(len(work))] == expected
