"""The file of a conversation: it is written whole or not at all, and what is damaged is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diagnoser import Diagnoser, Interview, InvalidFacts
from diagnoser.interview import session_file

SESSION = {"session": 2, "knowledge": {"id": "iphone-icloud-backup"}, "given": {}, "said": []}


def test_only_whole_files_are_ever_there(
    diagnoser: Diagnoser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = Interview.start(diagnoser)
    session_file.save(interview, tmp_path / "s.json")
    before = (tmp_path / "s.json").read_bytes()
    interview.answer({"ios.version": "18.5"})

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises(KeyboardInterrupt):
        session_file.save(interview, tmp_path / "s.json")

    assert (tmp_path / "s.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["s.json"]


def damaged() -> dict[str, bytes]:
    said = b'{"session": 2, "knowledge": {"id": "iphone-icloud-backup"}, "given": {}, "said": [%s]}'
    nothing = said % b""
    return {
        "empty": b"",
        "cut off": b'{"session": 2, "given": {',
        "not text": b"\xff\xfe\x00",
        "a list": b"[]",
        "a facts file": b'{"wifi": {"connection": "off"}}',
        "another version": b'{"session": 3}',
        "the form before visits": b'{"session": 1, "knowledge": {"id": "iphone-icloud-backup"}, '
        b'"given": {}, "said": [{"fact": "wifi.connection", "answer": "off"}]}',
        "other knowledge": b'{"session": 2, "knowledge": {"id": "x"}, "given": {}, "said": []}',
        "knowledge that is none": b'{"session": 2, "knowledge": 3, "given": {}, "said": []}',
        "without answers": b'{"session": 2, "knowledge": {"id": "iphone-icloud-backup"}}',
        "given what is no mapping": nothing.replace(b"{}", b"[]"),
        "said what is no list": nothing.replace(b"[]", b"{}"),
        "no such place": said % b'{"visit": "the-moon", "answers": {}}',
        "no such place to skip": said % b'{"skipped": "the-moon"}',
        "no such fact": said % b'{"visit": "", "answers": {"wifi.conection": "off"}}',
        "no such answer": said % b'{"visit": "", "answers": {"wifi.connection": "of"}}',
        "no answer": said % b'{"visit": "", "answers": {"wifi.connection": null}}',
        "no answers": said % b'{"visit": ""}',
        "a place that is none": said % b'{"visit": ["a"], "answers": {}}',
        "a remedy as answer": said % b'{"visit": "", "answers": {"tried.update-ios": "helped"}}',
        "waits for what is none": said % b'{"visit": "", "answers": {}, "waits": ["moon.phase"]}',
        "waits for a number": said % b'{"visit": "", "answers": {}, "waits": [3]}',
        "aside of what is none": said % b'{"visit": "", "answers": {}, "aside": ["moon.phase"]}',
        "skips what is none": said % b'{"skipped": "", "facts": ["moon.phase"]}',
        "tried what is none": said % b'{"visit": "", "answers": {}, "tried": {"pray": "helped"}}',
        "tried without an outcome": said
        % b'{"visit": "", "answers": {}, "tried": {"update-ios": null}}',
        "tried with no such outcome": said
        % b'{"visit": "", "answers": {}, "tried": {"update-ios": "hm"}}',
        "tried at no visit": said % b'{"tried": {"update-ios": "helped"}}',
        "no such remedy": said % b'{"steps": ["pray"], "outcome": "helped", "forgot": []}',
        "no such outcome": said % b'{"steps": ["update-ios"], "outcome": "hm", "forgot": []}',
        "steps that are none": said % b'{"steps": 3, "outcome": "helped", "forgot": [{}]}',
        "forgot before it was tested": said
        % b'{"steps": ["update-ios"], "outcome": "done", "forgot": ["ios.version"]}',
        "something else": said % b'{"said": "something else"}',
        "two things at once": said % b'{"enough": true, "looked": true}',
        "not enough": said % b'{"enough": false}',
        "a number": said % b"7",
        "insisted on nothing": said % b'{"insisted": 3}',
        "an odd number of questions": nothing.replace(b'"given"', b'"max_questions": -1, "given"'),
        "neither thorough nor not": nothing.replace(b'"given"', b'"thorough": 1, "given"'),
        "too much": b" " * 70_000,
    }


@pytest.mark.parametrize("content", damaged().values(), ids=damaged())
def test_a_damaged_session_is_named_and_left_as_it_is(
    diagnoser: Diagnoser, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "s.json"
    path.write_bytes(content)

    with pytest.raises(session_file.InvalidSession) as error:
        session_file.load(diagnoser, path)

    assert "s.json: cannot be taken up again; it was left as it is" in str(error.value)
    assert len(error.value.problems) > 1
    assert path.read_bytes() == content
    with pytest.raises(session_file.InvalidSession):
        session_file.make_room(diagnoser, path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "changes",
    [
        {"given": {"wifi.\ud800": "off"}},
        {"given": {"device.model": "\ud800"}},
        {"said": [{"insisted": {"wifi.signal": "\udfff"}}]},
        {"said": [{"insisted": {"\udfff": "weak"}}]},
        {"said": [{"visit": "\ud800", "answers": {}}]},
        {"said": [{"visit": "", "answers": {"wifi.signal": "\udfff"}}]},
        {"said": [{"visit": "", "answers": {}, "tried": {"\ud800": "helped"}}]},
        {"said": [{"steps": ["\ud800"], "outcome": "helped", "forgot": []}]},
        {"said": [{"steps": ["update-ios"], "outcome": "\ud800", "forgot": []}]},
        {"knowledge": {"id": "iphone-icloud-backup", "version": "\ud800"}},
        {"\ud800": 1},
    ],
    ids=ascii,
)
def test_a_session_with_half_a_character_is_refused_when_it_is_read(
    diagnoser: Diagnoser, tmp_path: Path, changes: dict[str, Any]
) -> None:
    path = tmp_path / "s.json"
    path.write_text(json.dumps(SESSION | changes))

    with pytest.raises(session_file.InvalidSession, match="half a character") as error:
        session_file.load(diagnoser, path)

    assert str(error.value).encode()
    assert all(line.isprintable() for line in str(error.value).splitlines())
    for text in (path.read_text(), path.read_bytes()):
        with pytest.raises(InvalidFacts, match="half a character"):
            Interview.load(diagnoser, text)


def test_an_earlier_session_is_kept_under_another_name(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    path = tmp_path / "s.json"
    interview = Interview.start(diagnoser)
    session_file.save(interview, path)
    assert session_file.make_room(diagnoser, path) is None
    interview.answer({"ios.version": "18.5"})
    session_file.save(interview, path)

    kept = session_file.make_room(diagnoser, path)

    assert kept is not None
    assert session_file.load(diagnoser, kept) == interview


def test_sessions_without_a_name_get_the_next_free_one(tmp_path: Path) -> None:
    names = [session_file.free_file(tmp_path).name for _ in range(3)]

    assert names == [
        "diagnoser-session.json",
        "diagnoser-session-2.json",
        "diagnoser-session-3.json",
    ]
