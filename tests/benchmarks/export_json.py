"""The rules of a pack as JSON: for json-logic, for business-rules, and as ZEN's decision table."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tests.benchmarks.export_expressions import variable
from tests.benchmarks.export_rules import (
    Compared,
    Condition,
    Every,
    Is,
    Plain,
    Related,
    Rules,
    Some,
    conjunctions,
    tests_in,
)

Json = dict[str, Any]


# -- json-logic


def json_logic(condition: Condition) -> Json:
    """A condition as JsonLogic."""

    def fact(id: str) -> Json:
        return {"var": variable(id)}

    if isinstance(condition, Is):
        if len(condition.values) == 1:
            return {"===": [fact(condition.fact), condition.values[0]]}
        return {"in": [fact(condition.fact), list(condition.values)]}
    if isinstance(condition, Compared):
        mine = fact(condition.fact)
        # What is absent counts as 0 in a comparison.
        return {"and": [{"!==": [mine, None]}, {condition.sign: [mine, condition.constant]}]}
    if isinstance(condition, Related):
        mine, other = fact(condition.fact), fact(condition.other)
        known = [{"!==": [one, None]} for one in (mine, other)]
        return {"and": [*known, {condition.sign: [mine, other]}]}
    word = "and" if isinstance(condition, Every) else "or"
    return {word: [json_logic(part) for part in condition.parts]}


# -- business-rules

OPERATORS = {
    "<": "less_than",
    "<=": "less_than_or_equal_to",
    ">=": "greater_than_or_equal_to",
    ">": "greater_than",
}
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
    ">": lambda one, other: one > other,
}
Variable = Callable[[Any], Any]


def business_rules(rules: Rules) -> list[Json]:
    """The rules, each of which calls the action `conclude` with its name."""
    return [
        {
            "conditions": _business(condition),
            "actions": [{"name": "conclude", "params": {"name": name}}],
        }
        for name, condition in rules.conditions.items()
    ]


def business_variables(rules: Rules) -> dict[str, tuple[str, Variable]]:
    """The variables that the rules read: their kind, and how they come from a case's `known`.

    Comparing two facts is beyond the rules themselves, so that is a variable too.
    """
    found: dict[str, tuple[str, Variable]] = {}
    for condition in rules.conditions.values():
        for test in tests_in(condition):
            if isinstance(test, Related):
                found[_relation(test)] = ("truth", _holds(test))
                continue
            found[variable(test.fact)] = (rules.types[test.fact], _get(test.fact))
            if rules.types[test.fact] == "number":
                found[f"knows_{variable(test.fact)}"] = ("truth", _knows(test.fact))
    return found


def business_case(known: Mapping[str, Plain]) -> dict[str, str | Decimal]:
    """What is known of a case, in the types that business-rules works with."""
    return {
        fact: value if isinstance(value, str) else Decimal(str(value))
        for fact, value in known.items()
    }


def _get(fact: str) -> Variable:
    return lambda known: known.get(fact)


def _knows(fact: str) -> Variable:
    return lambda known: fact in known


def _holds(test: Related) -> Variable:
    compare, fact, other = SIGNS[test.sign], test.fact, test.other
    return lambda known: fact in known and other in known and compare(known[fact], known[other])


def _relation(test: Related) -> str:
    return f"{variable(test.fact)}_{OPERATORS[test.sign]}_{variable(test.other)}"


def _business(condition: Condition) -> Json:
    if isinstance(condition, Is):
        one_of = [_if_known(condition.fact, "equal_to", value) for value in condition.values]
        return one_of[0] if len(one_of) == 1 else {"any": one_of}
    if isinstance(condition, Compared):
        return _if_known(condition.fact, OPERATORS[condition.sign], condition.constant)
    if isinstance(condition, Related):
        return _compare(_relation(condition), "is_true", True)
    word = "any" if isinstance(condition, Some) else "all"
    return {word: [_business(part) for part in condition.parts]}


def _if_known(fact: str, operator: str, value: Plain) -> Json:
    """A test of one fact; only of a number must be asked first whether it is known."""
    name = variable(fact)
    if isinstance(value, str):
        return _compare(name, operator, value)
    compared = _compare(name, operator, Decimal(str(value)))
    return {"all": [_compare(f"knows_{name}", "is_true", True), compared]}


def _compare(name: str, operator: str, value: Any) -> Json:
    return {"name": name, "operator": operator, "value": value}


# -- ZEN's decision table


def zen_table(rules: Rules) -> str:
    """A decision with one table that collects the names of all rows that hold: a row for each
    conjunction, a column for each fact."""
    read = (test.fact for one in rules.conditions.values() for test in tests_in(one))
    columns = {fact: f"column{place}" for place, fact in enumerate(dict.fromkeys(read))}
    rows: list[Json] = []
    for name, condition in rules.conditions.items():
        for tests in conjunctions(condition):
            row = {"_id": f"row{len(rows)}", "out": json.dumps(name)}
            cells: dict[str, list[str]] = {}
            for test in tests:
                cells.setdefault(test.fact, []).append(_cell(test))
            rows.append(row | {columns[fact]: " and ".join(all) for fact, all in cells.items()})
    table = {
        "hitPolicy": "collect",
        "rules": rows,
        "inputs": [
            {"id": id, "name": fact, "type": "expression", "field": variable(fact)}
            for fact, id in columns.items()
        ],
        "outputs": [{"id": "out", "name": "name", "type": "expression", "field": "name"}],
    }
    kinds = {"input": "inputNode", "table": "decisionTableNode", "output": "outputNode"}
    nodes: list[Json] = [
        {"id": id, "name": id, "type": type, "position": {"x": 0, "y": 0}}
        for id, type in kinds.items()
    ]
    nodes[1]["content"] = table
    edges = [
        {"id": f"{one}-{other}", "type": "edge", "sourceId": one, "targetId": other}
        for one, other in (("input", "table"), ("table", "output"))
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def _cell(test: Is | Compared | Related) -> str:
    if isinstance(test, Is):
        return f"$ in {json.dumps(test.values)}"
    if isinstance(test, Compared):
        return f"$ != null and $ {test.sign} {test.constant}"
    other = variable(test.other)
    return f"$ != null and {other} != null and $ {test.sign} {other}"
