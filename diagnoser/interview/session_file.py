"""A conversation on disk: read with every mistake named, and written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from diagnoser.api import Diagnoser
from diagnoser.case.json_input import MAX_BYTES, parse_object
from diagnoser.errors import DiagnoserError, InvalidFacts, Problem, fact_problem, quoted
from diagnoser.interview.history import (
    DONE,
    OUTCOMES,
    Answer,
    Diagnosed,
    Enough,
    Insisted,
    Outcome,
    Said,
)
from diagnoser.interview.interview import Interview
from diagnoser.interview.whole_file import write_whole
from diagnoser.knowledge.model import TRIED

FORMAT = 1
"""Changes whenever a session file changes its form."""

NAME = "diagnoser-session"
KEYS = ("session", "knowledge", "thorough", "max_questions", "given", "said")


class InvalidSession(DiagnoserError):
    """A file is no session of this program, or a damaged one, or cannot be read or written."""

    what = "This session file cannot be used"


# -- files


def load(diagnoser: Diagnoser, path: Path) -> Interview:
    """The conversation that a file holds.

    Raises InvalidSession with everything in it that does not fit; the file stays as it is.
    """
    try:
        return from_data(diagnoser, _read(path))
    except InvalidFacts as error:
        what = fact_problem(str(path), "cannot be taken up again; it was left as it is")
        raise InvalidSession([what, *error.problems]) from None


def open_file(
    interview: Interview, save_to: str | None, resumed: str | None
) -> tuple[Path | None, Path | None]:
    """The file that a conversation is kept in from now on, if it is to be, and the one in which an
    earlier conversation of that name is kept; checks at once whether it can be written.

    Raises InvalidSession.
    """
    name = resumed if save_to is None else save_to
    if name is None:
        return None, None
    path, kept = Path(name), None
    if resumed is None or _resolved(path) != _resolved(Path(resumed)):
        kept = make_room(interview.diagnoser, path)
    save(interview, path)
    return path, kept


def save(interview: Interview, path: Path) -> bytes:
    """Puts the conversation on disk, and returns what the file holds then; a process that is killed
    meanwhile leaves the former content.

    Raises InvalidSession when it cannot be written.
    """
    content = json.dumps(to_data(interview), ensure_ascii=False, indent=2).encode() + b"\n"
    try:
        write_whole(_resolved(path), content)
    except OSError as error:
        raise _troubled(path, "cannot be written", error) from None
    return content


def _resolved(path: Path) -> Path:
    """The file that is meant, through all links.

    Raises InvalidSession where links lead in a circle.
    """
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # Python 3.11 and 3.12 raise the latter for circles
        reason = "cannot be written: " + (getattr(error, "strerror", None) or "links in a circle")
        raise InvalidSession([fact_problem(str(path), reason)]) from None


def holds(path: Path, content: bytes) -> bool:
    """Whether a file is still as it was written, or is gone."""
    try:
        with path.open("rb") as file:
            return file.read(len(content) + 1) == content
    except FileNotFoundError:
        return True
    except OSError:
        return False


def beside(path: Path) -> Path:
    """A new file beside another, under the first name with a number that is free.

    Raises InvalidSession.
    """
    try:
        return _claim(lambda number: path.with_name(f"{path.name}.{number}"))
    except OSError as error:
        raise _troubled(path, "cannot be kept under another name", error) from None


def make_room(diagnoser: Diagnoser, path: Path) -> Path | None:
    """Prepares a file for a new conversation; returns where an earlier one in it is kept.

    Raises InvalidSession when something else is in the file.
    """
    try:
        if not path.exists():
            return None
        if path.is_dir():
            raise InvalidSession([fact_problem(str(path), "is a folder", "a file in it")])
    except OSError as error:
        raise _troubled(path, "cannot be written", error) from None
    try:
        earlier = from_data(diagnoser, _read(path))
    except DiagnoserError:
        reason = "holds something else than a session of this knowledge, so it was left as it is"
        raise InvalidSession([fact_problem(str(path), reason, "another file")]) from None
    if not earlier.said and not earlier.given:
        return None
    try:
        return path.replace(beside(path))
    except OSError as error:
        raise _troubled(path, "cannot be kept under another name", error) from None


def free_file(folder: Path) -> Path:
    """A new file for a session in the folder, under the first name that is free.

    Raises InvalidSession.
    """
    try:
        return _claim(lambda number: folder / f"{NAME}{'' if number == 1 else f'-{number}'}.json")
    except OSError as error:
        raise _troubled(folder, "no session can be saved here", error) from None


def _claim(name: Callable[[int], Path]) -> Path:
    """The first of the names that no file has; it has one then, so that nobody else takes it."""
    number = 1
    while True:
        try:
            name(number).open("x").close()
            return name(number)
        except FileExistsError:
            number += 1


def _read(path: Path) -> dict[str, Any]:
    try:
        if not path.exists():
            raise InvalidSession([fact_problem(str(path), "there is no such file")])
        if not path.is_file():
            raise InvalidSession([fact_problem(str(path), "is not a file")])
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _troubled(path, "cannot be read", error) from None
    return parse_object(content)


def _troubled(path: Path, what: str, error: OSError) -> InvalidSession:
    return InvalidSession([fact_problem(str(path), f"{what}: {error.strerror or error}")])


# -- as plain data


def to_data(interview: Interview) -> dict[str, Any]:
    """The conversation as plain data."""
    used = interview.diagnoser.knowledge
    return {
        "session": FORMAT,
        "knowledge": {"id": used.id, "version": used.version},
        "thorough": interview.thorough,
        "max_questions": interview.max_questions,
        "given": interview.given,
        "said": [_entry(one) for one in interview.said],
    }


def _entry(one: Said) -> dict[str, Any]:
    if isinstance(one, Answer):
        return {"fact": one.fact, "answer": one.value}
    if isinstance(one, Outcome):
        return {"steps": list(one.remedies), "outcome": one.outcome, "forgot": list(one.forgot)}
    if isinstance(one, Insisted):
        return {"insisted": one.facts}
    return {"enough" if isinstance(one, Enough) else "diagnosed": True}


def from_data(diagnoser: Diagnoser, data: Mapping[str, Any]) -> Interview:
    """The conversation that plain data holds.

    Raises InvalidFacts with everything in it that does not fit.
    """
    return _Reader(diagnoser).read(data)


class _Reader:
    """Reads the plain data of a session, and collects what is wrong with it."""

    def __init__(self, diagnoser: Diagnoser) -> None:
        self._diagnoser = diagnoser
        self._problems: list[Problem] = []

    def read(self, data: Mapping[str, Any]) -> Interview:
        if "session" not in data:
            self._wrong("session", "is missing, so this is no session file")
            raise InvalidFacts(self._problems)
        if data["session"] != FORMAT:
            other = f"{quoted(data['session'])} is the form of another version of this program"
            self._wrong("session", other, str(FORMAT))
            raise InvalidFacts(self._problems)
        for key in sorted(set(data) - set(KEYS)):
            self._wrong(key, "is not a key of a session file", ", ".join(KEYS))
        used = data.get("knowledge")
        mine = self._diagnoser.knowledge.id
        if not isinstance(used, dict) or used.get("id") != mine:
            self._wrong("knowledge", "this session was made with other knowledge", mine)
        given: Any = data.get("given")
        said: Any = data.get("said")
        thorough: Any = data.get("thorough", False)
        most: Any = data.get("max_questions")
        if not isinstance(thorough, bool):
            self._wrong("thorough", f"{quoted(thorough)} is not true or false")
        if most is not None and (type(most) is not int or most < 0):
            self._wrong("max_questions", f"{quoted(most)} is not a number of questions")
        if not isinstance(given, dict):
            self._wrong("given", "is missing, or not a mapping of facts to answers")
        if not isinstance(said, list):
            self._wrong("said", "is missing, or not a list")
        if self._problems:
            raise InvalidFacts(self._problems)
        for fact, value in given.items():
            self._answer(f"given.{fact}", fact, value)
        interview = Interview(self._diagnoser, given, thorough=thorough, max_questions=most)
        for place, one in enumerate(said):
            self._said(f"said[{place}]", one, interview)
        if self._problems:
            raise InvalidFacts(self._problems)
        return interview

    def _said(self, path: str, raw: Any, interview: Interview) -> None:
        if isinstance(raw, dict) and set(raw) == {"fact", "answer"}:
            if self._answer(path, raw["fact"], raw["answer"], asked=True):
                interview.said.append(Answer(raw["fact"], raw["answer"]))
        elif isinstance(raw, dict) and set(raw) == {"steps", "outcome", "forgot"}:
            if self._outcome(path, raw):
                interview.said.append(
                    Outcome(tuple(raw["steps"]), raw["outcome"], tuple(raw["forgot"]))
                )
        elif isinstance(raw, dict) and set(raw) == {"insisted"}:
            if isinstance(raw["insisted"], dict):
                interview.said.append(Insisted(raw["insisted"]))
            else:
                self._wrong(path, "does not map facts to answers")
        elif raw == {"diagnosed": True}:
            interview.said.append(Diagnosed())
        elif raw == {"enough": True}:
            interview.said.append(Enough())
        else:
            self._wrong(path, "is nothing that can be said")

    def _answer(self, path: str, fact: Any, value: Any, asked: bool = False) -> bool:
        """Whether the value fits the fact; says what does not."""
        area, _, name = fact.partition(".") if isinstance(fact, str) else ("", "", "")
        if value is None or (asked and f"{area}." == TRIED):
            self._wrong(path, "is no answer")
            return False
        try:
            self._diagnoser.sheet.read({area: {name: value}})
        except InvalidFacts as error:
            self._problems += error.problems
            return False
        return True

    def _outcome(self, path: str, raw: dict[str, Any]) -> bool:
        before = len(self._problems)
        steps, outcome, forgot = raw["steps"], raw["outcome"], raw["forgot"]
        knowledge = self._diagnoser.knowledge
        if outcome not in OUTCOMES:
            self._wrong(path, f"{quoted(outcome)} is no outcome of a step", ", ".join(OUTCOMES))
        for names, known, what in (
            (steps, knowledge.remedies, "remedy"),
            (forgot, knowledge.facts, "fact"),
        ):
            if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
                self._wrong(path, f"does not list each {what} by its id")
                continue
            for name in names:
                if name not in known:
                    self._wrong(path, f"{quoted(name)} is not a {what}")
        if outcome == DONE and forgot:
            self._wrong(path, "nothing is forgotten before a step is verified")
        return len(self._problems) == before

    def _wrong(self, path: str, reason: str, allowed: str = "") -> None:
        self._problems.append(fact_problem(path, reason, allowed))
