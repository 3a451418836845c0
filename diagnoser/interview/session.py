"""A conversation as the data of a session file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    Tag,
    ValidationError,
    ValidationInfo,
)

from diagnoser.api import Diagnoser
from diagnoser.case.json_input import shown
from diagnoser.case.provenance import Provenance
from diagnoser.errors import InvalidFacts, OtherKnowledge, Problem, fact_problem, nearest, quoted
from diagnoser.interview.history import (
    DONE,
    WENT,
    Confirmed,
    Enough,
    Insisted,
    Looked,
    Outcome,
    Said,
    Skipped,
    Visited,
    by_area,
    with_prefix,
)
from diagnoser.interview.turns import TRIED_FIELD
from diagnoser.knowledge.model import TRIED
from diagnoser.knowledge.pin import pin_of
from diagnoser.knowledge.values import Unfit, plain

FORMAT: Literal[2] = 2
"""Changes whenever a session file changes its form."""

TAGS: dict[str, type[Said]] = {
    "visit": Visited,
    "skipped": Skipped,
    "looked": Looked,
    "steps": Outcome,
    "insisted": Insisted,
    "confirmed": Confirmed,
    "enough": Enough,
}
"""The key by which each thing that can be said is known."""


KEYS = ("visit", "skipped", "waits", "aside", "facts", "steps", "outcome", "forgot")
"""Keys of what was said; a mistake in an answer has the path of its fact instead."""

_SHAPES = {
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "list_type": "a list",
    "tuple_type": "a list",
    "model_type": "a mapping",
    "string_type": "text",
    "union_tag_not_found": "anything that can be said",
}
"""What something had to be, by the type of pydantic's finding."""


def _tag(one: Any) -> str | None:
    if isinstance(one, dict):
        return next((key for key in TAGS if key in one), None)
    return next((key for key, kind in TAGS.items() if isinstance(one, kind)), None)


class MadeWith(BaseModel):
    """The knowledge that a conversation was held with; with a `digest` it goes on with no other."""

    id: str
    version: str = ""
    digest: Annotated[
        str | None,
        Field(
            exclude_if=lambda digest: digest is None,
            description="The digest of the knowledge, where the conversation is held to it.",
            examples=["3f0a5c9e71b2"],
        ),
    ] = None


@cache
def built_in() -> Diagnoser:
    """A Diagnoser of the built-in knowledge, for a conversation that is read without one."""
    return Diagnoser()


def _is_mine(made: MadeWith, info: ValidationInfo[Diagnoser | None]) -> MadeWith:
    mine = (info.context or built_in()).knowledge
    if made.id != mine.id:
        reason = "this session was made with other knowledge"
        raise InvalidFacts([fact_problem("knowledge", reason, mine.id)])
    if made.digest is not None:
        pin, problems = pin_of({"version": made.version, "digest": made.digest})
        if problems:
            raise InvalidFacts(problems)
        pin.demand(mine.identity)
    return made


def _given_fits(given: dict[str, Any], info: ValidationInfo[Diagnoser | None]) -> dict[str, Any]:
    if problems := list(_no_answers(given, info.context or built_in())):
        raise InvalidFacts(problems)
    return given


def _said_fits(one: Said, info: ValidationInfo[Diagnoser | None]) -> Said:
    if problems := list(_misfits(one, info.context or built_in())):
        raise InvalidFacts(problems)
    return one


def _no_answers(facts: Mapping[str, Any], diagnoser: Diagnoser) -> Iterator[Problem]:
    """What is wrong with answers, by fact id; a session has none that says nothing."""
    for id, value in facts.items():
        if value is None:
            yield fact_problem(id, "null is no answer")
    try:
        diagnoser.sheet.read(by_area(facts))
    except InvalidFacts as error:
        yield from error.problems


def _misfits(one: Said, diagnoser: Diagnoser) -> Iterator[Problem]:
    """What is wrong with answers, or with an outcome."""
    known = diagnoser.knowledge
    if isinstance(one, Visited | Skipped) and one.place and one.place not in known.places:
        key = "visit" if isinstance(one, Visited) else "skipped"
        near = nearest(one.place, known.places)
        yield fact_problem(key, f"{quoted(one.place)} is not a place", "", near)
    if isinstance(one, Visited):
        for fact in one.answers:
            if fact.startswith(TRIED):
                yield fact_problem(fact, "is no answer to a question")
        yield from _no_answers(one.answers, diagnoser)
        waits = [name for name in one.waits if name != TRIED_FIELD]
        yield from _no_answers(with_prefix(one.tried or {}), diagnoser)
        yield from _no_facts("waits", waits, diagnoser)
        yield from _no_facts("aside", one.aside, diagnoser)
    elif isinstance(one, Skipped):
        yield from _no_facts("facts", one.facts, diagnoser)
    elif isinstance(one, Outcome):
        yield from _no_outcome(one, diagnoser)


def misfits(facts: Mapping[Any, Any], diagnoser: Diagnoser) -> Iterator[Problem]:
    """What is wrong with answers by fact, as a report shows them."""
    about = diagnoser.knowledge.facts
    for id, value in facts.items():
        if not isinstance(id, str) or id not in about:
            near = nearest(str(id), about)
            yield fact_problem(shown(id), f"{quoted(id)} is not a fact", "", near)
            continue
        try:
            about[id].kind.parse(plain(value))
        except Unfit as unfit:
            yield fact_problem(id, unfit.reason, unfit.allowed, unfit.near)


def _no_facts(key: str, names: Iterable[str], diagnoser: Diagnoser) -> Iterator[Problem]:
    for name in names:
        if name not in diagnoser.knowledge.facts:
            yield fact_problem(key, f"{quoted(name)} is not a fact")


def _no_outcome(one: Outcome, diagnoser: Diagnoser) -> Iterator[Problem]:
    known = diagnoser.knowledge
    if one.outcome not in WENT:
        reason = f"{quoted(one.outcome)} is no outcome of a step"
        yield fact_problem("outcome", reason, ", ".join(WENT), nearest(one.outcome, WENT))
    for name in one.remedies:
        if name not in known.remedies:
            yield fact_problem("steps", f"{quoted(name)} is not a remedy")
    yield from _no_facts("forgot", one.forgot, diagnoser)
    if one.outcome == DONE and one.forgot:
        yield fact_problem("forgot", "nothing is forgotten before a step is verified")


class Session(BaseModel):
    """A conversation as data. It is validated with its Diagnoser as the context; without one, it is
    one of the built-in knowledge."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)

    session: Literal[2]
    knowledge: Annotated[MadeWith, AfterValidator(_is_mine)]
    thorough: StrictBool = False
    max_questions: Annotated[StrictInt, Field(ge=0)] | None = None
    given: Annotated[dict[str, Any], AfterValidator(_given_fits)]
    provenance: Annotated[
        dict[str, Provenance],
        Field(
            exclude_if=lambda told: not told,
            description="Where what was given is from, by fact id, but for what a person said.",
        ),
    ] = {}
    said: list[
        Annotated[
            Annotated[Visited, Tag("visit")]
            | Annotated[Skipped, Tag("skipped")]
            | Annotated[Looked, Tag("looked")]
            | Annotated[Outcome, Tag("steps")]
            | Annotated[Insisted, Tag("insisted")]
            | Annotated[Confirmed, Tag("confirmed")]
            | Annotated[Enough, Tag("enough")],
            Discriminator(_tag),
            AfterValidator(_said_fits),
        ]
    ]


def refusal(error: ValidationError) -> InvalidFacts:
    """Every mistake, or only that another knowledge is demanded."""
    for one in error.errors(include_url=False):
        own = one.get("ctx", {}).get("error")
        if isinstance(own, OtherKnowledge):
            return own
    return InvalidFacts(mistakes_of(error))


def mistakes_of(error: ValidationError) -> list[Problem]:
    """Every mistake once; of other files than sessions of this knowledge only that they are
    others."""
    found: dict[str, list[Problem]] = {}
    for one in error.errors(include_url=False):
        path = _path(one["loc"])
        own = one.get("ctx", {}).get("error")
        if isinstance(own, InvalidFacts):
            found[path] = [_within(path, problem) for problem in own.problems]
        else:
            found.setdefault(path, [_mistake(path, one["type"], one["input"], one["msg"])])
    for first in ("session", "knowledge"):
        if first in found:
            return found[first]
    return [problem for problems in found.values() for problem in problems]


def _within(path: str, problem: Problem) -> Problem:
    """A mistake in an entry; one in an answer has the path of its fact."""
    entry = path.startswith("said") and problem.path in KEYS
    return problem._replace(path=f"{path}.{problem.path}") if entry else problem


def _mistake(path: str, kind: str, given: object, message: str) -> Problem:
    if path == "session":
        if kind == "missing":
            return fact_problem(path, "is missing, so this is no session file")
        other = f"{quoted(given)} is the form of another version of this program"
        return fact_problem(path, other, str(FORMAT))
    if kind == "missing":
        return fact_problem(path, "is missing")
    if kind == "extra_forbidden":
        near = nearest(path, Session.model_fields)
        return fact_problem(path, "is not a key here", ", ".join(Session.model_fields), near)
    if kind == "unexpected_keyword_argument":
        return fact_problem(path, "is not a key here")
    if kind in _SHAPES:
        return fact_problem(path, f"{quoted(given)} is not {_SHAPES[kind]}")
    return fact_problem(path, f"{quoted(given)} does not fit: {message}")


def _path(loc: tuple[str | int, ...]) -> str:
    """The path in the file: pydantic also names the part of a union that it tried."""
    first, *rest = loc or ("",)
    if first != "said" or not rest:
        return ".".join(shown(part) for part in loc[:2])
    place, *inner = rest
    return ".".join([f"said[{place}]", *(shown(part) for part in inner[1:2])])
