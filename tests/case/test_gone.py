"""Facts that are not asked any more are refused, and what to give instead is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from diagnoser import Diagnoser, InvalidFacts
from diagnoser.interview.session import Session
from diagnoser.interview.session_file import InvalidSession, load
from tests.commands import invoke
from tests.pack.small import FACTS, folder

PAGE = "backup.page: is not asked any more (give backup.switch and backup.message)"
GONE = sorted(Diagnoser().knowledge.gone)


def refused(diagnoser: Diagnoser, sheet: object) -> list[str]:
    with pytest.raises(InvalidFacts) as error:
        diagnoser.diagnose(sheet)  # type: ignore[arg-type]
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize("id", GONE)
def test_it_is_refused_whatever_it_was_answered(id: str, diagnoser: Diagnoser) -> None:
    area, _, name = id.partition(".")
    instead = diagnoser.knowledge.gone[id]

    for answer in ("off", "unknown", None, ["off"], 7, {}):
        [problem] = refused(diagnoser, {area: {name: answer}})
        assert problem == f"{id}: is not asked any more (give {instead})"
    assert any(fact in instead for fact in diagnoser.knowledge.facts)


def test_it_is_named_beside_all_other_mistakes(diagnoser: Diagnoser) -> None:
    sheet = {"backup": {"page": "off", "pag": "off", "switch": "of"}, "wifi.network": {}}

    found = refused(diagnoser, sheet)

    assert PAGE in found
    assert "wifi.network: is not asked any more (give wifi.connection and network.kind)" in found
    assert any(one.startswith("backup.pag: is not a fact") for one in found)
    assert any('"of" is not one of its answers - did you mean "off"?' in one for one in found)


def test_so_it_is_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({"backup": {"page": "off"}}), "utf-8")

    for arguments in ([str(path)], ["--set", "backup.page=off"]):
        done = invoke("diagnose", *arguments)
        assert (done.exit_code, done.stdout) == (2, "")
        assert " ".join(done.stderr.split()).endswith(PAGE)


def test_so_it_is_in_the_file_of_a_session(diagnoser: Diagnoser, tmp_path: Path) -> None:
    [form] = get_args(Session.model_fields["session"].annotation)
    made_with = {"id": diagnoser.knowledge.id, "version": "1.0.0"}
    session = {"session": form, "knowledge": made_with, "said": []}
    path = tmp_path / "session.json"
    path.write_text(json.dumps(session | {"given": {"backup.page": "off"}}), "utf-8")

    with pytest.raises(InvalidSession) as error:
        load(diagnoser, path)

    assert PAGE in [str(problem) for problem in error.value.problems]


def test_a_folder_says_of_its_own_facts_what_became_of_them(tmp_path: Path) -> None:
    gone = FACTS.replace("facts:\n", "gone:\n  glow: lamp.switch, and look at it\nfacts:\n")
    diagnoser = Diagnoser(folder(tmp_path, {"facts/lamp.yaml": gone}))

    assert refused(diagnoser, {"lamp": {"glow": "dim"}}) == [
        "lamp.glow: is not asked any more (give lamp.switch, and look at it)"
    ]
