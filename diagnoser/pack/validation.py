"""Fits a parsed file of a knowledge folder to the shape it must have.

Says what is wrong in the words of the file, and leaves that out, so that the rest can be checked
against the other files at the same time.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from diagnoser.errors import SPARE, Problem, nearest, quoted
from diagnoser.pack.schema import SPARES, WHOLES
from diagnoser.pack.strict_yaml import Document, Path

Data = dict[str, Any]
ROUNDS = 12
"""What is left out may make what is around it incomplete, which is left out in the next round."""

_MUST = {
    "model_type": "must be a mapping of keys to values",
    "dict_type": "must be a mapping of keys to values",
    "list_type": "must be a list",
    "string_type": "must be a text",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number, and not that large",
    "int_type": "must be a whole number",
    "string_too_short": "is empty",
    "string_too_long": "is longer than {max_length} characters",
    "too_short": "must have {min_length} or more entries",
    "too_long": "must have {max_length} entries at most",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be {le:g} or less",
}
"""What pydantic finds, by its type, in words for people; its own message where there are none."""


def fit(document: Document, shape: type[BaseModel]) -> tuple[Data | None, list[Path]]:
    """The file as plain data with defaults filled in, and what was left out of it because it is
    mistaken; None when too little of the file is left.

    What is wrong goes to the problems of the document.
    """
    tree: Any = deepcopy(document.tree)
    left_out: list[Path] = []
    for attempt in range(ROUNDS):
        try:
            return shape.model_validate(tree).model_dump(), left_out
        except ValidationError as error:
            found = error.errors(include_url=False)
        if attempt == 0:
            document.problems += _explain(found, shape, document)
        if not all(_leave_out(tree, _path(one), one["type"], left_out) for one in found):
            break
    return None, left_out


def _explain(found: list[Any], shape: type[BaseModel], document: Document) -> Iterator[Problem]:
    """Pydantic's findings in the words of the file."""
    for one in found:
        path = _path(one)
        kind, value, context = one["type"], one.get("input"), one.get("ctx", {})
        given = f" (given: {quoted(value)})" if isinstance(value, str) and value else ""
        if value == SPARE:
            continue  # was complained of when the file was parsed
        if kind == "extra_forbidden":
            keys = _keys(shape, path[:-1])
            near = nearest(str(path[-1]), keys)
            yield document.problem(path, "is not a key here", ", ".join(keys), near)
        elif kind == "missing":
            yield document.problem(path[:-1], f"lacks the key {quoted(str(path[-1]))}")
        elif kind == "value_error":
            wrong = context["error"]
            allowed = getattr(wrong, "allowed", "")
            near = nearest(value, allowed.split(", ")) if isinstance(value, str) else ""
            yield document.problem(path, f"{wrong}{given}", allowed, near)
        else:
            reason = _MUST[kind].format(**context) if kind in _MUST else one["msg"]
            yield document.problem(path, reason + given)


def _path(found: Any) -> Path:
    return tuple(part for part in found["loc"] if part != "[key]")


def _leave_out(tree: Any, path: Path, kind: str, left_out: list[Path]) -> bool:
    """Takes out of the tree what is at the path, or puts something there where it lacks; False when
    nothing but the whole file can be taken out."""
    if kind == "missing":
        parent = _at(tree, path[:-1])
        if path[-1] in SPARES and isinstance(parent, dict):
            parent[path[-1]] = deepcopy(SPARES[str(path[-1])])
            left_out.append(path)
            return True
        path = path[:-1]
    if any(path[: len(gone)] == gone for gone in left_out):
        return True
    if path[2:] and path[2] in WHOLES:
        path = path[:2]
    while path:
        parent = _at(tree, path[:-1])
        if isinstance(parent, dict) and path[-1] in parent:
            del parent[path[-1]]
            left_out.append(path)
            return True
        path = path[:-1]  # the parts of a list keep their places
    return False


def _at(tree: Any, path: Path) -> Any:
    """What is at the path, or None."""
    for part in path:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def _keys(shape: Any, path: Path) -> list[str]:
    """The keys that may stand at `path` in a file of this shape."""
    for part in path:
        step: Any = next(
            (f for name, f in shape.model_fields.items() if (f.alias or name) == part), None
        )
        shapes: list[Any] = [step.annotation] if step is not None else [shape]
        while shapes:
            one = shapes.pop(0)
            if isinstance(one, type) and issubclass(one, BaseModel):
                shape = one
                break
            shapes.extend(get_args(one))
    return [field.alias or name for name, field in shape.model_fields.items()]
