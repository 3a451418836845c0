"""Changes what was said where it stands, so that all that was said after it still follows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from diagnoser.interview.history import Outcome, Said, Visited
from diagnoser.knowledge.model import TRIED
from diagnoser.knowledge.values import UNKNOWN


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
