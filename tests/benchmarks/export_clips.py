"""The rules of a pack as CLIPS constructs, and cases as CLIPS facts: one fact with a slot per answer
for each area, which CLIPS matches fastest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.benchmarks.export_rules import Compared, Is, Plain, Related, Rules, Test, conjunctions

FIRED = "?*fired*"


def constructs(rules: Rules) -> list[str]:
    """The templates, one rule for each conjunction, and the global that takes the names of what
    fired."""
    slots: dict[str, list[str]] = {}
    for fact in rules.types:
        area, _, name = fact.partition(".")
        slots.setdefault(area, []).append(f"(slot {_slot(name)} (default nil))")
    found = [f"(deftemplate {area} {' '.join(inner)})" for area, inner in slots.items()]
    found.append(f"(defglobal {FIRED} = (create$))")
    for name, condition in rules.conditions.items():
        for number, tests in enumerate(conjunctions(condition)):
            found.append(
                f'(defrule "{number}-{name}" {" ".join(_patterns(tests))} => '
                f'(bind {FIRED} {FIRED} "{name}"))'.replace(f'"{number}-{name}"', f"{name}/{number}")
            )
    return found


def facts(known: Mapping[str, Plain]) -> dict[str, dict[str, Plain]]:
    """The slots of each template for what is known of a case."""
    found: dict[str, dict[str, Plain]] = {}
    for fact, value in known.items():
        area, _, name = fact.partition(".")
        found.setdefault(area, {})[_slot(name)] = value
    return found


def _slot(name: str) -> str:
    return name


def _patterns(tests: tuple[Test, ...]) -> list[str]:
    """A pattern for each area that the tests read; facts that are compared with each other are
    bound."""
    constraints: dict[str, list[str]] = {}
    joins: list[str] = []

    def bound(fact: str) -> str:
        variable = "?" + fact.replace(".", "-")
        if variable not in constraints.setdefault(fact, []):
            constraints[fact].insert(0, variable)
            constraints[fact].append("~nil")
        return variable

    for test in tests:
        if isinstance(test, Is):
            words = "|".join(f'"{value}"' for value in test.values)
            constraints.setdefault(test.fact, []).append(words)
        elif isinstance(test, Compared):
            constraints.setdefault(test.fact, [])
            bound(test.fact)
            call = f":({test.sign} {bound(test.fact)} {test.constant})"
            constraints[test.fact].append(call)
        elif isinstance(test, Related):
            joins.append(f"(test ({test.sign} {bound(test.fact)} {bound(test.other)}))")
    by_area: dict[str, list[str]] = {}
    for fact, parts in constraints.items():
        area, _, name = fact.partition(".")
        by_area.setdefault(area, []).append(f"({_slot(name)} {'&'.join(parts)})")
    return [f"({area} {' '.join(parts)})" for area, parts in by_area.items()] + joins


def as_text(known: Mapping[str, Plain]) -> str:
    """The facts of a case as CLIPS reads them."""
    return "\n".join(
        f"({area} {' '.join(f'({name} {_written(value)})' for name, value in slots.items())})"
        for area, slots in facts(known).items()
    )


def _written(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
