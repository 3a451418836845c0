"""The rules of a pack as CLIPS constructs, and cases as CLIPS facts: one fact for each area, with a
slot for each answer, which CLIPS matches fastest."""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.export_rules import (
    Compared,
    Is,
    Plain,
    Rules,
    Test,
    conjunctions,
    facts_of,
)

FIRED = "(implode$ ?*fired*)"
"""What to evaluate for the names of the rules that fired: one text is read much faster than a
list."""


def constructs(rules: Rules) -> list[str]:
    """The templates, one rule for each conjunction, and the global that takes the names of what
    fired."""
    slots: dict[str, list[str]] = {}
    for fact in rules.types:
        area, _, name = fact.partition(".")
        slots.setdefault(area, []).append(f"(slot {name} (default nil))")
    found = [f"(deftemplate {area} {' '.join(inner)})" for area, inner in slots.items()]
    found.append("(defglobal ?*fired* = (create$))")
    for name, condition in rules.conditions.items():
        found += [
            f"(defrule {name}/{number} {' '.join(_patterns(tests))} "
            f"=> (bind ?*fired* ?*fired* {name}))"
            for number, tests in enumerate(map(_merged, conjunctions(condition)))
            if tests is not None
        ]
    return found


def facts(known: Mapping[str, Plain]) -> dict[str, dict[str, Plain]]:
    """The slots of each template for what is known of a case."""
    found: dict[str, dict[str, Plain]] = {}
    for fact, value in known.items():
        area, _, name = fact.partition(".")
        found.setdefault(area, {})[name] = value
    return found


def _merged(tests: tuple[Test, ...]) -> tuple[Test, ...] | None:
    """The tests with at most one list of values for each fact; None where that leaves none, as
    CLIPS refuses what can never match."""
    allowed: dict[str, Is] = {}
    for test in tests:
        if isinstance(test, Is):
            had = allowed.get(test.fact, test).values
            allowed[test.fact] = Is(test.fact, tuple(v for v in test.values if v in had))
    if not all(test.values for test in allowed.values()):
        return None
    return (*allowed.values(), *(test for test in tests if not isinstance(test, Is)))


def _patterns(tests: tuple[Test, ...]) -> list[str]:
    """A pattern for each area that the tests read; facts that are compared with each other are
    bound."""
    constraints: dict[str, list[str]] = {}
    joins: list[str] = []

    def bound(fact: str) -> str:
        variable = "?" + fact.replace(".", "-")
        mine = constraints.setdefault(fact, [])
        if variable not in mine:
            mine[:0] = [variable, "~nil"]
        return variable

    compared = {fact for test in tests if not isinstance(test, Is) for fact in facts_of(test)}
    for test in tests:
        if isinstance(test, Is) and len(test.values) > 1 and test.fact in compared:
            # `|` binds less than `&`, so it cannot stand beside other constraints.
            words = " ".join(_written(value) for value in test.values)
            call = f":(member$ {bound(test.fact)} (create$ {words}))"
            constraints[test.fact].append(call)
        elif isinstance(test, Is):
            words = "|".join(_written(value) for value in test.values)
            constraints.setdefault(test.fact, []).append(words)
        elif isinstance(test, Compared):
            variable = bound(test.fact)
            constraints[test.fact].append(f":({test.sign} {variable} {test.constant})")
        else:
            joins.append(f"(test ({test.sign} {bound(test.fact)} {bound(test.other)}))")
    by_area: dict[str, list[str]] = {}
    for fact, parts in constraints.items():
        area, _, name = fact.partition(".")
        by_area.setdefault(area, []).append(f"({name} {'&'.join(parts)})")
    return [f"({area} {' '.join(parts)})" for area, parts in by_area.items()] + joins


def _written(value: Plain) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
