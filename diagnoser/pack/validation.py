"""Fits a parsed file of a knowledge folder to the shape it must have, and says what is wrong in the
words of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from diagnoser.errors import Problem, nearest, quoted
from diagnoser.pack.strict_yaml import BROKEN, Document, Path

Shape = TypeVar("Shape", bound=BaseModel)

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


def fit(document: Document, shape: type[Shape]) -> Shape | None:
    """What the file says, or None where it is mistaken, which goes to the problems of the
    document."""
    try:
        return shape.model_validate(document.tree)
    except ValidationError as error:
        document.problems += _explain(error.errors(include_url=False), shape, document)
        return None


def _explain(found: list[Any], shape: type[BaseModel], document: Document) -> Iterator[Problem]:
    """Pydantic's findings in the words of the file."""
    for one in found:
        path = _path(one)
        kind, value, context = one["type"], one.get("input"), one.get("ctx", {})
        given = f" (given: {quoted(value)})" if isinstance(value, str) and value else ""
        if value == BROKEN:
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
