"""The rules of a pack as CLIPS constructs, and cases as CLIPS facts: one fact with a slot per answer
for each area, which CLIPS matches fastest."""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.export_rules import Compared, Is, Plain, Rules, Test, conjunctions

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
            for number, tests in enumerate(conjunctions(condition))
        ]
    return found


def facts(known: Mapping[str, Plain]) -> dict[str, dict[str, Plain]]:
    """The slots of each template for what is known of a case."""
    found: dict[str, dict[str, Plain]] = {}
    for fact, value in known.items():
        area, _, name = fact.partition(".")
        found.setdefault(area, {})[name] = value
    return found


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

    for test in tests:
        if isinstance(test, Is):
            words = "|".join(f'"{value}"' for value in test.values)
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
