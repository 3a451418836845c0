"""A diagnoser inside another program: copied, sent to another process, awaited."""

from __future__ import annotations

import asyncio
import os
import pickle
import subprocess
import sys
import threading
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser, InvalidFacts, Report
from tests import packs
from tests.commands import PATIENCE, environment

ELSEWHERE = """
import pickle, sys
diagnoser, facts = pickle.load(sys.stdin.buffer)
sys.stdout.buffer.write(pickle.dumps(diagnoser.diagnose(facts)))
"""
FACTS = {"wifi": {"connection": "off"}}


@pytest.fixture(scope="module")
def copies(diagnoser: Diagnoser) -> list[Diagnoser]:
    return [deepcopy(diagnoser), pickle.loads(pickle.dumps(diagnoser))]


@given(data=st.data())
def test_copies_conclude_the_same_to_the_byte(
    diagnoser: Diagnoser, copies: list[Diagnoser], built_in: packs.Pack, data: st.DataObject
) -> None:
    facts = data.draw(packs.sheets(built_in))
    expected = diagnoser.diagnose(facts).json_text()

    for copy in copies:
        assert copy.diagnose(facts).json_text() == expected


@pytest.mark.parametrize("own", [False, True], ids=["built-in", "own"])
def test_a_diagnoser_works_in_another_process_and_folder(
    diagnoser: Diagnoser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    """Also where its own folder was named from the folder in which the program was started."""
    if own:
        pack = packs.with_remedies({"a": 0.1}, {"r0": packs.remedy("r0", fixes={})})
        packs.write(pack.data, tmp_path / "knowledge")
        monkeypatch.chdir(tmp_path)
    here = Diagnoser("knowledge") if own else diagnoser
    facts: dict[str, Any] = {} if own else FACTS

    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input=pickle.dumps((here, facts)),
        cwd=os.sep,
        env=environment(),
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )

    report = pickle.loads(done.stdout)
    assert isinstance(report, Report)
    assert report.json_text() == here.diagnose(facts).json_text()


class Waiting(Diagnoser):
    """Concludes only when it is allowed to."""

    allowed = threading.Event()

    def diagnose(self, facts: Any, **options: Any) -> Report:
        assert self.allowed.wait(timeout=PATIENCE), "the event loop was blocked"
        return super().diagnose(facts, **options)


def test_the_event_loop_goes_on_during_a_diagnosis(diagnoser: Diagnoser) -> None:
    waiting = Waiting()

    async def diagnose() -> Report:
        running = asyncio.create_task(waiting.adiagnose(FACTS, look_ahead=True))
        while not waiting.allowed.is_set():
            await asyncio.sleep(0.01)
            assert not running.done()
            waiting.allowed.set()
        return await running

    assert asyncio.run(diagnose()) == diagnoser.diagnose(FACTS, look_ahead=True)


def test_diagnoses_at_the_same_time_are_those_one_after_the_other(
    diagnoser: Diagnoser, built_in: packs.Pack
) -> None:
    cases = [packs.random_sheet(Random(seed), built_in) for seed in range(40)]

    async def all_at_once() -> list[Report]:
        return await asyncio.gather(*(diagnoser.adiagnose(case) for case in cases))

    assert asyncio.run(all_at_once()) == [diagnoser.diagnose(case) for case in cases]


def test_an_awaited_diagnosis_refuses_facts_as_any_does(diagnoser: Diagnoser) -> None:
    with pytest.raises(InvalidFacts, match=r"wifi\.connection"):
        asyncio.run(diagnoser.adiagnose({"wifi": {"connection": "of"}}))
