"""What is wrong with an answer sheet: pydantic's findings, in the words of the facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from diagnoser.case.answers import Areas
from diagnoser.case.json_input import MAX_TEXT, shown
from diagnoser.errors import Problem, fact_problem, nearest, quoted
from diagnoser.knowledge.model import TRIED_AREA, Fact, Knowledge
from diagnoser.knowledge.values import THINK, UNKNOWN, Choice, Kind, Unfit

KEY = "[key]"
"""Ends pydantic's path of what is wrong with a key."""


def mistakes(error: ValidationError, areas: Areas, knowledge: Knowledge) -> list[Problem]:
    """Every mistake once; the paths are those of the answer sheet."""
    found: dict[str, list[Problem]] = {}
    for one in error.errors(include_url=False, include_context=False):
        kind, loc, given = one["type"], one["loc"], one["input"]
        if kind != "extra_forbidden" and _of_no_remedy(loc, areas):
            continue  # what is wrong with the key is said by itself
        fact = _answered(kind, loc, areas)
        # pydantic finds an answer wrong once for each form that it may have, first as a whole.
        if fact is None:
            problem = _mistake(kind, loc, given, areas, knowledge)
            found.setdefault(problem.path, [problem])
        elif fact.id not in found:
            found[fact.id] = list(misfits(fact, given))
    return [problem for problems in found.values() for problem in problems]


def _of_no_remedy(loc: tuple[Any, ...], areas: Areas) -> bool:
    """Whether it is about the outcome of something that is no remedy."""
    answered = loc[:1] == (TRIED_AREA,) and len(loc) > 1 and loc[-1] != KEY
    return answered and loc[1] not in areas[TRIED_AREA]


def _answered(kind: str, loc: tuple[Any, ...], areas: Areas) -> Fact | None:
    """The fact whose answer is wrong, if that is what is wrong."""
    if len(loc) < 2 or loc[-1] == KEY or kind in ("extra_forbidden", "invalid_key"):
        return None
    return areas[str(loc[0])][str(loc[1])]


def _mistake(
    kind: str, loc: tuple[Any, ...], given: object, areas: Areas, knowledge: Knowledge
) -> Problem:
    """What is wrong, if it is no answer."""
    if loc[-1:] == (KEY,):
        loc = (*loc[:-2], given)
        kind = "extra_forbidden" if isinstance(given, str) else "invalid_key"
    path = ".".join(map(shown, loc))
    if kind == "extra_forbidden":
        if len(loc) == 1 and path in knowledge.facts:
            area, _, name = path.partition(".")
            nested = f'{{"{area}": {{"{name}": ...}}}}'
            return fact_problem(path, "facts are nested by area", nested)
        return no_such(path, areas, knowledge)
    if kind == "invalid_key":
        return fact_problem(path, "is a key that is not text")
    area = str(loc[0]) if loc else ""
    if kind == "string_unicode":  # pydantic names only the place of such a key
        return fact_problem(".".join(map(shown, (*loc, given))), "is a key that is not text")
    what = "facts to answers" if loc else "areas to facts"
    allowed = ", ".join(areas.get(area, {}))
    return fact_problem(path, f"{quoted(given)} is not a mapping of {what}", allowed)


def misfits(fact: Fact, given: object) -> Iterator[Problem]:
    """Why something is no answer to a fact; of a list every mistake, with its place."""
    wrong: list[tuple[int | None, Unfit]] = []
    path = fact.id
    if isinstance(given, Mapping):
        if unfit := _no_thought(fact, given):
            yield fact_problem(path, unfit.reason, unfit.allowed, unfit.near)
            return
        path, given = f"{path}.{THINK}", given[THINK]
        if given is None or given == UNKNOWN:
            wrong = [(None, no_thought(fact.kind, given))]
    if isinstance(fact.kind, Choice) and isinstance(given, list):
        wrong = list(fact.kind.wrong(given))
    for place, unfit in wrong or [(None, misfit(fact, given))]:
        where = path if place is None else f"{path}[{place}]"
        allowed, near = unfit.allowed, unfit.near
        if path != fact.id:  # nobody thinks that it is unknown
            allowed = fact.kind.takes if allowed == fact.kind.allowed else allowed
            near = "" if near == UNKNOWN else near
        yield fact_problem(where, unfit.reason, allowed, near)


def _no_thought(fact: Fact, given: Mapping[Any, Any]) -> Unfit | None:
    """Why a mapping does not say what somebody thinks of a fact; None if it does."""
    if fact.area == TRIED_AREA:
        reason = f"{quoted(given)} is a mapping; what came of a remedy is said plainly"
        return Unfit(reason, fact.kind.allowed)
    others = [key for key in given if key != THINK]
    if THINK in given and not others:
        return None
    form = f'an answer, or {{"{THINK}": an answer}}'
    if THINK in given:
        return Unfit(f'{quoted(others[0])} cannot stand beside "{THINK}"', form)
    unfit = misfit(fact, given)
    near = nearest(str(others[0]), [THINK]) if len(others) == 1 else ""
    return Unfit(unfit.reason, form, near) if near else unfit


def no_thought(kind: Kind, given: object) -> Unfit:
    """Why nobody can think that: it is no answer."""
    return Unfit(f"{quoted(given)} is nothing that one can think", kind.takes)


def misfit(fact: Fact, given: object) -> Unfit:
    """Why something is no answer to a fact, as its kind says it."""
    allowed = fact.kind.allowed
    if isinstance(given, str) and len(given) > MAX_TEXT:
        return Unfit(f"{quoted(given)} is longer than {MAX_TEXT} characters", allowed)
    try:
        fact.kind.parse(given)
    except Unfit as unfit:
        return unfit
    return Unfit(f"{quoted(given)} cannot be used", allowed)


def no_such(path: str, areas: Areas, knowledge: Knowledge) -> Problem:
    """What is wrong with the path of a fact that does not exist."""
    if path in knowledge.gone:
        return fact_problem(path, f"is not asked any more (give {knowledge.gone[path]})")
    fact = knowledge.facts.get(path)
    if fact is not None and fact.derived_from:
        return fact_problem(path, f"follows from {fact.derived_from}; give that instead")
    area, _, name = path.partition(".")
    asked = [f"{area}.{name}" for area, inside in areas.items() for name in inside]
    if area not in areas:
        near = nearest(path, areas) if not name else nearest(path, asked)
        reason = "is not an area" if not name else "is not a fact"
        return fact_problem(path, reason, ", ".join(areas), near)
    if area and not name:
        return fact_problem(path, "is an area, not a fact", ", ".join(areas[area]))
    elsewhere = [id for id in asked if id.endswith(f".{name}")]
    near = elsewhere[0] if elsewhere else nearest(name, areas[area])
    if near and not elsewhere:
        near = f"{area}.{near}"
    return fact_problem(path, "is not a fact", ", ".join(areas[area]), near or nearest(path, asked))
