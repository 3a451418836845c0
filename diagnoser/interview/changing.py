"""Changes what was said where it stands, so that all that was said after it still follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from diagnoser.case.json_input import shown
from diagnoser.errors import InvalidFacts, fact_problem, nearest
from diagnoser.interview import typed_answers
from diagnoser.interview.history import Outcome, Said, Visited
from diagnoser.knowledge.model import TRIED, Fact
from diagnoser.knowledge.values import UNKNOWN


def understood(fact: Any, value: Any, facts: Mapping[str, Fact], known: Iterable[str]) -> Any:
    """The new answer to a fact, as in a facts file; `known` are the facts that one may have meant.

    Raises InvalidFacts where the fact cannot be changed, or with what is allowed.
    """
    can_be = isinstance(fact, str) and fact in facts
    if not can_be or not (facts[fact].askable or fact.startswith(TRIED)):
        near = nearest(str(fact), known)
        raise InvalidFacts(
            [fact_problem(shown(fact), "is not a fact that can be changed", "", near)]
        )
    return typed_answers.understand(facts[fact], value)


def change(said: list[Said], fact: str, value: Any) -> bool:
    """Changes the last answer to a fact, or how a remedy went (`tried.<remedy>`; "unknown" takes it
    back); says whether there was one."""
    for place in reversed(range(len(said))):
        new = _changed(said[place], fact, value)
        if new is not None:
            said[place : place + 1] = new
            return True
    return False


def _changed(one: Said, fact: str, value: Any) -> list[Said] | None:
    """What is said instead; None where this says nothing of the fact."""
    remedy = fact.removeprefix(TRIED) if fact.startswith(TRIED) else None
    if isinstance(one, Visited) and fact in one.answers:
        return [replace(one, answers={**one.answers, fact: value})]
    if isinstance(one, Visited) and one.tried and remedy in one.tried:
        tried = {id: went for id, went in one.tried.items() if id != remedy}
        return [replace(one, tried=tried if value == UNKNOWN else {**one.tried, remedy: value})]
    if isinstance(one, Outcome) and remedy in one.remedies:
        rest = tuple(other for other in one.remedies if other != remedy)
        new: list[Said] = [replace(one, remedies=rest)] if rest or one.forgot else []
        return new if value == UNKNOWN else [*new, Outcome((remedy,), value)]
    return None
