"""Cases as a command takes them."""

from __future__ import annotations

from collections.abc import Mapping

from diagnoser.knowledge.model import Fact
from diagnoser.knowledge.values import Value


def told(case: Mapping[str, Value], facts: Mapping[str, Fact]) -> str:
    """The answers of a case as a command takes them after `--set`."""
    return " ".join(answers(case, facts))


def answers(case: Mapping[str, Value], facts: Mapping[str, Fact]) -> list[str]:
    """Each answer of a case as a command takes it after `--set`, sorted."""
    said = []
    for id, value in case.items():
        if not facts[id].derived_from:
            shown = facts[id].kind.show(value)
            words = (
                shown
                if isinstance(shown, list)
                else [f"{shown:g}" if isinstance(shown, float) else str(shown)]
            )
            said.append(f"{id}={','.join(words)}")
    return sorted(said)
