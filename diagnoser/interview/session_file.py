"""A conversation on disk: read with every mistake named, and written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from diagnoser.api import Diagnoser
from diagnoser.case.json_input import MAX_BYTES, parse_object
from diagnoser.errors import DiagnoserError, InvalidFacts, fact_problem
from diagnoser.interview.interview import Interview
from diagnoser.interview.whole_file import write_whole

NAME = "diagnoser-session"


class InvalidSession(DiagnoserError):
    """A file is no session of this program, or a damaged one, or cannot be read or written."""

    what = "This session file cannot be used"


def load(diagnoser: Diagnoser, path: Path) -> Interview:
    """The conversation that a file holds.

    Raises InvalidSession with everything in it that does not fit; the file stays as it is.
    """
    try:
        return Interview.of(diagnoser, _read(path))
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
    content = interview.model_dump_json(indent=2).encode() + b"\n"
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
        earlier = Interview.of(diagnoser, _read(path))
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
