"""The rules of a pack as expressions: of Python, of ZEN, of rule-engine.

Facts that are not known are absent from a case; where an expression must not compare them, it asks
first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.benchmarks.export_rules import Compared, Condition, Every, Is, Plain, Related, Rules


@dataclass(frozen=True)
class Language:
    """How an expression language writes what conditions need."""

    fact: Callable[[str], str]
    one_of: Callable[[tuple[Plain, ...]], str]
    known: str


def variable(fact: str) -> str:
    """A fact's name where only letters, digits and underscores are allowed."""
    return fact.replace(".", "__").replace("-", "_")


def variables(known: Mapping[str, Plain]) -> dict[str, Plain]:
    """What is known of a case, by variables."""
    return {variable(fact): value for fact, value in known.items()}


PYTHON = Language(
    lambda fact: f"k({fact!r})", lambda values: f"{{{str(values).strip('()')}}}", "is not None"
)
ZEN = Language(variable, lambda values: json.dumps(values), "!= null")
RULE_ENGINE = ZEN


def expression(condition: Condition, language: Language) -> str:
    """A condition as an expression that is true when it holds, and false when it fails or is not
    known."""
    name, known = language.fact, language.known
    if isinstance(condition, Is):
        if len(condition.values) == 1:
            return f"{name(condition.fact)} == {json.dumps(condition.values[0])}"
        return f"{name(condition.fact)} in {language.one_of(condition.values)}"
    if isinstance(condition, Compared):
        fact = name(condition.fact)
        return f"({fact} {known} and {fact} {condition.sign} {condition.constant})"
    if isinstance(condition, Related):
        fact, other = name(condition.fact), name(condition.other)
        return f"({fact} {known} and {other} {known} and {fact} {condition.sign} {other})"
    word = " and " if isinstance(condition, Every) else " or "
    return f"({word.join(expression(part, language) for part in condition.parts)})"


Holds = Callable[[Callable[[str], Plain | None]], bool]


def python_functions(rules: Rules) -> list[tuple[str, Holds]]:
    """A compiled Python function for each condition; it takes the `get` of a case."""
    return [
        (name, eval(f"lambda k: {expression(condition, PYTHON)}"))
        for name, condition in rules.conditions.items()
    ]


def zen_list(rules: Rules) -> str:
    """One ZEN expression for the outcomes of all conditions."""
    return f"[{', '.join(expression(one, ZEN) for one in rules.conditions.values())}]"
