"""Who names a knowledge is answered from no other, in every way in."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest

from diagnoser import Diagnoser, Interview, InvalidFacts, InvalidKnowledge, OtherKnowledge
from diagnoser.agents import server
from diagnoser.errors import DiagnoserError
from diagnoser.knowledge.pin import Identity, Pin
from diagnoser.pack.identity import identity
from tests.agents.clients import text_of
from tests.commands import invoke
from tests.pack.small import folder
from tests.rest import serving

OTHER = {"version": "0.9"}
SET = ("--set", "wifi.connection=off")


def demanded(diagnoser: Diagnoser, knowledge: Any) -> dict[str, Any]:
    return {"wifi": {"connection": "off"}, "knowledge": knowledge}


@pytest.mark.parametrize("parts", [("version",), ("digest",), ("id", "version", "digest"), ()])
def test_the_knowledge_of_a_report_demands_itself(
    diagnoser: Diagnoser, parts: tuple[str, ...]
) -> None:
    plain = diagnoser.diagnose({"wifi": {"connection": "off"}})
    mine = plain.knowledge.model_dump()
    facts = demanded(diagnoser, {part: mine[part] for part in parts})
    assert diagnoser.diagnose(facts) == plain
    assert diagnoser.diagnose(demanded(diagnoser, None)) == plain


def test_another_one_is_named_with_what_is_here_and_what_to_do(diagnoser: Diagnoser) -> None:
    with pytest.raises(OtherKnowledge) as error:
        diagnoser.diagnose(demanded(diagnoser, {"version": "0.9", "digest": "0" * 12}))
    first, second = map(str, error.value.problems)
    here = str(diagnoser.knowledge.identity)
    assert first.startswith(f'knowledge.version: "0.9" is wanted, and this is {here}')
    assert second.startswith("knowledge.digest:")
    assert "released pack" in first


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("2.1.0", "knowledge"),
        ([], "knowledge"),
        ({"version": 2}, "knowledge.version"),
        ({"digest": "abc"}, "knowledge.digest"),
        ({"digest": "g" * 12}, "knowledge.digest"),
        ({"digest": "0" * 65}, "knowledge.digest"),
        ({"versio": "2"}, "knowledge.versio"),
    ],
)
def test_what_names_none_is_a_mistake_beside_the_others(
    diagnoser: Diagnoser, said: Any, path: str
) -> None:
    with pytest.raises(InvalidFacts) as error:
        diagnoser.diagnose({"knowledge": said, "wifi": {"connection": "of"}})
    assert not isinstance(error.value, OtherKnowledge)
    assert {one.path for one in error.value.problems} == {path, "wifi.connection"}


def test_a_diagnoser_may_be_pinned(tmp_path: Path) -> None:
    root = folder(tmp_path)
    here = Diagnoser(root).knowledge
    for pin in (here.version, f"@{here.digest[:8]}", f"{here.version}@{here.digest.upper()}"):
        assert Diagnoser(root, pin=pin).knowledge == here
    for pin in ("0.9", f"{here.version}@{'0' * 8}", f"@{'0' * 64}"):
        with pytest.raises(OtherKnowledge):
            Diagnoser(root, pin=pin)


@pytest.mark.parametrize("pin", ["", " ", "@", "2.1.0@", "@123", f"@{'0' * 65}", "@nothexatall"])
def test_a_pin_that_names_nothing_is_refused(pin: str) -> None:
    with pytest.raises(DiagnoserError, match="names no knowledge"):
        Pin.parse(pin)


def test_each_command_may_be_pinned(diagnoser: Diagnoser, tmp_path: Path) -> None:
    here = diagnoser.knowledge
    pinned = invoke("diagnose", *SET, "--pin", f"{here.version}@{here.digest[:12]}")
    assert pinned.exit_code == 0
    assert pinned.stdout == invoke("diagnose", *SET).stdout
    for command in (["diagnose", *SET], ["facts"], ["schema"], ["check"], ["ask"], ["serve"]):
        result = invoke(*command, "--pin", "0.9")
        assert result.exit_code == 2, command
        assert result.stdout == ""
        assert result.stderr.startswith("Error: Other knowledge is wanted than is at hand:\n")
    small = str(folder(tmp_path))
    assert invoke("facts", "--knowledge", small, "--pin", "1.0.0").exit_code == 0
    assert invoke("facts", "--knowledge", small, "--pin", here.version).exit_code == 2
    assert "names no knowledge" in invoke("facts", "--pin", "@").stderr


def test_a_facts_file_may_be_pinned(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({"wifi": {"connection": "off"}, "knowledge": OTHER}))
    result = invoke("diagnose", str(file))
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: Other knowledge is wanted than is at hand:\n")
    assert 'knowledge.version: "0.9" is wanted' in result.stderr


def test_a_conversation_that_was_pinned_goes_on_with_no_other(diagnoser: Diagnoser) -> None:
    digest = diagnoser.knowledge.digest
    free = Interview.start(diagnoser, {"wifi": {"connection": "off"}})
    assert "digest" not in json.loads(free.json_text())["knowledge"]
    pinned = Interview.start(diagnoser, demanded(diagnoser, {"digest": digest[:8]}))
    kept = json.loads(pinned.json_text())
    assert kept["knowledge"]["digest"] == digest
    assert Interview.load(diagnoser, pinned.json_text()) == pinned
    kept["knowledge"]["digest"] = "0" * 64
    with pytest.raises(OtherKnowledge, match="is wanted"):
        Interview.of(diagnoser, kept)
    kept["knowledge"]["digest"] = "short"
    with pytest.raises(InvalidFacts, match="hexadecimal"):
        Interview.of(diagnoser, kept)
    with pytest.raises(OtherKnowledge):
        Interview.start(diagnoser, demanded(diagnoser, OTHER))


@pytest.mark.parametrize(
    ("path", "pointer"),
    [("/v1/diagnosis", ""), ("/v1/explain", ""), ("/v1/interview/next", "/facts")],
)
def test_a_body_may_be_pinned(diagnoser: Diagnoser, path: str, pointer: str) -> None:
    http = serving.client(diagnoser)
    facts = demanded(diagnoser, OTHER)
    found = serving.problem(http.post(path, json={"facts": facts} if pointer else facts), 409)
    assert found["type"] == "/v1/problems/other-knowledge"
    assert found["knowledge"]["version"] == diagnoser.knowledge.version
    assert [one["pointer"] for one in found["errors"]] == [f"{pointer}/knowledge/version"]
    mine = demanded(diagnoser, {"version": diagnoser.knowledge.version})
    assert http.post(path, json={"facts": mine} if pointer else mine).status_code == 200


def test_a_conversation_over_http_stays_pinned(diagnoser: Diagnoser) -> None:
    http = serving.client(diagnoser)
    mine = demanded(diagnoser, {"version": diagnoser.knowledge.version})
    kept = http.post("/v1/interview/next", json={"facts": mine}).json()["interview"]
    assert http.post("/v1/interview/next", json={"interview": kept}).status_code == 200
    kept["knowledge"]["digest"] = "0" * 64
    serving.problem(http.post("/v1/interview/next", json={"interview": kept}), 409)


def test_a_tool_may_be_pinned(diagnoser: Diagnoser) -> None:
    made = server(diagnoser)
    facts = demanded(diagnoser, OTHER)
    result: Any = anyio.run(partial(made.call_tool, "diagnose", {"facts": facts}))
    assert result.is_error
    assert 'knowledge.version: "0.9" is wanted' in text_of(result)


def test_no_area_has_the_name_of_what_a_facts_file_says_besides(tmp_path: Path) -> None:
    for name in ("knowledge", "provenance"):
        root = folder(tmp_path / name, {f"facts/{name}.yaml": "title: X\nfacts: {}\n"})
        with pytest.raises(InvalidKnowledge, match="is no name for an area"):
            Diagnoser(root)


def test_an_identity_is_that_of_the_loaded_pack(diagnoser: Diagnoser, tmp_path: Path) -> None:
    assert identity() == diagnoser.knowledge.identity
    for text in ("", "id: [", "id: x", "- a", "id: {a: b}\nversion: 1\n"):
        root = folder(tmp_path / str(len(text)), {"rules/pack.yaml": text})
        assert identity(root) is None


def test_a_pin_reads_what_it_says() -> None:
    assert Pin.parse(" 2.1.0 ") == Pin(version="2.1.0")
    assert Pin.parse("@0123ABCD") == Pin(digest="0123abcd")
    Pin.parse("2@0123abcd").demand(Identity("any", "2", "0123abcd" + "0" * 56))
