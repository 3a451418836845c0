"""Reads JSON from people and programs within bounds: size, depth, text length, no NaN, no duplicate
keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from diagnoser.errors import InvalidFacts, Problem, fact_problem, quoted, shortened

MAX_BYTES = 64 * 1024
MAX_DEPTH = 6
MAX_TEXT = 200
HALF = "is not text: it has half a character"


class _Pairs(list[tuple[str, Any]]):
    """An object as JSON gives it, before its keys are known to be different."""


class _TooDeep(Exception):
    """Objects and lists are nested more than `MAX_DEPTH` levels deep."""


def parse_object(content: bytes) -> dict[str, Any]:
    """The JSON object that `content` holds, in which every text can be written again.

    Raises InvalidFacts with everything that is wrong with it.
    """
    plain, problems = parse_json(content)
    problems += halves(plain, "")
    if problems:
        raise InvalidFacts(problems)
    return plain


def parse_json(content: bytes) -> tuple[dict[str, Any], list[Problem]]:
    """The JSON object that `content` holds (UTF-8, a byte order mark is allowed), as far as it can
    be understood, and everything that is wrong with it.

    A text with half a character is left to an answer sheet, which has no such answer.
    """
    text, wrong = _text(content)
    if wrong:
        return {}, [fact_problem("", wrong)]
    problems: list[Problem] = []
    try:
        raw = json.loads(text, object_pairs_hook=_Pairs, parse_int=_integer)
        plain = _plain(raw, "", problems)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        return {}, [fact_problem("", f"not JSON: {error.msg} ({place})")]
    except (RecursionError, _TooDeep):
        reason = f"nested more than {MAX_DEPTH} levels deep; facts need two"
        return {}, [fact_problem("", reason)]
    if not isinstance(raw, _Pairs):
        allowed = '{"area": {"fact": value}}'
        return {}, [fact_problem("", f"{quoted(plain)} is not an object", allowed)]
    return plain, problems


def _text(content: bytes) -> tuple[str, str]:
    """The text that may be parsed, and what forbids it, if anything."""
    if len(content) > MAX_BYTES:
        return "", f"larger than {MAX_BYTES // 1024} KiB; a facts file is much smaller"
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]:
        return "", "not UTF-8 text, but UTF-16 or the like; save it as UTF-8"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return "", f"line {line} is not UTF-8 text"
    return text, "" if text.strip() else "empty; the smallest facts file is {}"


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= 20 else float(digits)


def _plain(raw: Any, path: str, problems: list[Problem], depth: int = 1) -> Any:
    """Objects as dicts and everything else as it is; what is out of bounds goes to `problems`.

    Of a key that is written twice the last value counts, and of two objects what both say. Raises
    _TooDeep.
    """
    if isinstance(raw, list) and depth > MAX_DEPTH:
        raise _TooDeep
    if isinstance(raw, _Pairs):
        return _object(raw, path, problems, depth)
    if isinstance(raw, list):
        return [
            _plain(value, f"{path}[{place}]", problems, depth + 1)
            for place, value in enumerate(raw)
        ]
    if isinstance(raw, str) and len(raw) > MAX_TEXT:
        problems.append(fact_problem(path, f"{quoted(raw)} is longer than {MAX_TEXT} characters"))
    return raw


def _object(raw: _Pairs, path: str, problems: list[Problem], depth: int) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in raw:
        inner = f"{path}.{shown(key)}" if path else shown(key)
        if not is_text(key):
            problems.append(fact_problem(inner, HALF))
            continue
        plain = _plain(value, inner, problems, depth + 1)
        if key in result:
            problems.append(fact_problem(inner, "is written twice; each key may stand once"))
            if isinstance(plain, dict) and isinstance(result[key], dict):
                plain = result[key] | plain
        result[key] = plain
    return result


def halves(plain: Any, path: str) -> Iterator[Problem]:
    """The texts, other than keys, that cannot be written as UTF-8."""
    if isinstance(plain, str) and not is_text(plain):
        yield fact_problem(path, f"{quoted(plain)} {HALF}")
    elif isinstance(plain, dict):
        for key, value in plain.items():
            yield from halves(value, f"{path}.{shown(key)}" if path else shown(key))
    elif isinstance(plain, list):
        for place, value in enumerate(plain):
            yield from halves(value, f"{path}[{place}]")


def is_text(text: str) -> bool:
    """Whether it can be written as UTF-8; JSON's escapes can also make half of a surrogate pair."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def shown(key: object) -> str:
    """A key for a path in a message, safe to print."""
    return shortened(key)[1:-1] if isinstance(key, str) else shortened(key)
