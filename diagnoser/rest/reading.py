"""Reads one request: the knowledge that it demands, its options and its body, with every mistake at
once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from diagnoser.api import Diagnoser
from diagnoser.case.json_input import MAX_BYTES, halves, parse_json
from diagnoser.errors import InvalidFacts, OtherKnowledge, Problem, nearest, quoted
from diagnoser.interview.history import by_area
from diagnoser.rest.endpoint import Call, Endpoint, Understood
from diagnoser.rest.pointers import Place, answers_in, follow, pointer, within
from diagnoser.rest.problems import Mistake, Refused, in_body, in_parameter

VERSION, DIGEST = "Knowledge-Version", "Knowledge-Digest"
"""Headers by which a caller demands the knowledge."""
MOST = 100
"""Mistakes that are told at once at most."""
Model = TypeVar("Model", bound=BaseModel)

_SHAPES = {
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "an object",
    "model_type": "an object",
    "string_type": "text",
    "int_type": "a whole number",
}
"""What something had to be, by the type of pydantic's finding."""


def understand(endpoint: Endpoint, call: Call) -> Understood:
    """What a request asks for.

    Raises Refused, with every mistake.
    """
    _demand(call)
    plain, wrong = _body(endpoint, call)
    options, mistakes = _options(endpoint, call)
    body = None
    if endpoint.body is not None:
        body, more = _validated(endpoint.body, plain, call.diagnoser)
        known = {one.pointer for one in wrong}
        mistakes = [*wrong, *(one for one in more if one.pointer not in known), *mistakes]
    if mistakes:
        raise invalid(mistakes)
    accept = call.headers.get("accept", "")
    return Understood(call.diagnoser, body, options, call.path, accept)


def invalid(mistakes: Sequence[Mistake]) -> Refused:
    """The refusal of a request with these mistakes."""
    number = "There is 1 mistake" if len(mistakes) == 1 else f"There are {len(mistakes)} mistakes"
    if len(mistakes) > MOST:
        number = f"There are more than {MOST} mistakes"
    return Refused("invalid", f"{number} in the request.", mistakes[:MOST])


def mistaken(error: InvalidFacts, at: Sequence[Place], data: Any) -> Refused:
    """The refusal of what the library finds wrong with a part of the body, which holds `data`."""
    return invalid(list(_in_body(error.problems, at, data)))


def _demand(call: Call) -> None:
    """Raises Refused where the caller demands other knowledge than is at hand."""
    known = call.diagnoser.knowledge
    mistakes = [
        in_parameter(name, f"{quoted(demanded)} is not at hand", at_hand)
        for name, at_hand in ((VERSION, known.version), (DIGEST, known.digest))
        if (demanded := call.headers.get(name.lower())) is not None and demanded != at_hand
    ]
    if mistakes:
        raise _other(call.diagnoser, mistakes)


def _other(diagnoser: Diagnoser, mistakes: Sequence[Mistake]) -> Refused:
    """The refusal of a request for other knowledge than is at hand."""
    known = diagnoser.knowledge
    return Refused(
        "other-knowledge", f"The knowledge at hand is {known.id} {known.version}.", mistakes
    )


def _body(endpoint: Endpoint, call: Call) -> tuple[dict[str, Any], list[Mistake]]:
    """The object that the body holds, and what is wrong with it as JSON.

    Raises Refused where nothing of it can be read.
    """
    if endpoint.body is None or (endpoint.may_be_empty and call.content == b""):
        return {}, []
    if call.content is None:
        raise Refused("too-large", f"The body is larger than {MAX_BYTES // 1024} KiB.")
    kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and "+json" in kind):
        given = quoted(kind) if kind else "nothing"
        mistake = in_parameter("Content-Type", f"{given} is not JSON", "application/json")
        raise Refused("no-json", "The body is not sent as JSON.", [mistake])
    coding = call.headers.get("content-encoding", "identity")
    if coding.strip().lower() != "identity":
        mistake = in_parameter("Content-Encoding", f"{quoted(coding)} is not read", "identity")
        raise Refused("no-json", "The body is compressed.", [mistake])
    plain, problems = parse_json(call.content)
    mistakes = list(_in_body([*problems, *halves(plain, "")], [], plain))
    if problems and not plain:
        raise Refused("unreadable", "The body cannot be read.", mistakes)
    return plain, mistakes


def _options(endpoint: Endpoint, call: Call) -> tuple[Any, list[Mistake]]:
    given: dict[str, str] = {}
    mistakes = []
    for name, value in call.query:
        if name in given:
            mistakes.append(in_parameter(name, "is given twice; once is enough"))
        given[name] = value
    try:
        return endpoint.options.model_validate(given), mistakes
    except ValidationError as error:
        for one in error.errors(include_url=False):
            name, (detail, allowed, near) = str(one["loc"][0]), _said(one, endpoint.options)
            mistakes.append(in_parameter(name, detail, allowed, near))
        return None, mistakes


def _validated(
    model: type[Model], plain: dict[str, Any], diagnoser: Diagnoser
) -> tuple[Model | None, list[Mistake]]:
    try:
        return model.model_validate(plain, context=diagnoser), []
    except ValidationError as error:
        mistakes: list[Mistake] = []
        for one in error.errors(include_url=False):
            at = within(one["loc"], plain, missing=one["type"] == "missing")
            own = one.get("ctx", {}).get("error")
            if isinstance(own, OtherKnowledge):
                wanted = list(_in_body(own.problems, at, _part(plain, at), diagnoser))
                raise _other(diagnoser, wanted) from None
            if isinstance(own, InvalidFacts):
                mistakes += _in_body(own.problems, at, _part(plain, at), diagnoser)
            else:
                mistakes.append(in_body(pointer(at), *_said(one, model)))
        return None, mistakes


def _part(data: Any, at: Iterable[Place]) -> Any:
    for place in at:
        data = data[place]
    return data


def _in_body(
    problems: Sequence[Problem],
    at: Sequence[Place],
    data: Any,
    diagnoser: Diagnoser | None = None,
) -> Iterator[Mistake]:
    for one in islice(problems, MOST + 1):  # one more shows that there are more
        places = follow(one.path, data)
        if diagnoser is not None and [*at] == ["interview"]:
            places = _wrong_answer(one.path, data, diagnoser) or places
        yield in_body(pointer([*at, *places]), one.reason, one.allowed, one.near)


def _wrong_answer(fact: str, interview: Any, diagnoser: Diagnoser) -> list[Place]:
    """Where a conversation holds the answer to a fact that is wrong; nowhere if it is no fact's."""
    for places, id, value in answers_in(interview):
        if fact == id or fact.startswith(f"{id}["):
            try:
                if value is not None:
                    diagnoser.sheet.read(by_area({id: value}))
                    continue
            except InvalidFacts:
                pass
            return [*places, *follow(fact.removeprefix(id), value)]
    return []


def _said(one: Any, model: type[BaseModel]) -> tuple[str, str, str]:
    """What is wrong, what is allowed, and the nearest thing that exists."""
    kind, given, last = one["type"], one["input"], str(one["loc"][-1]) if one["loc"] else ""
    if kind == "missing":
        return "is missing", "", ""
    if kind == "extra_forbidden":
        known = list(model.model_fields)
        return "is not known here", ", ".join(known) or "nothing", nearest(last, known)
    if kind == "literal_error":
        allowed = one["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        return f"{quoted(given)} is not known here", allowed, nearest(given, allowed.split(", "))
    if kind in _SHAPES:
        return f"{quoted(given)} is not {_SHAPES[kind]}", _SHAPES[kind], ""
    return f"{quoted(given)}: {one['msg'].removeprefix('Value error, ')}", "", ""
