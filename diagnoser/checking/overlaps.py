"""Rules of one cause that say opposite things of the same answers."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.checking.examined_pack import ExaminedPack
from diagnoser.checking.rules import STRONGLY, name_of, path_of
from diagnoser.errors import quoted
from diagnoser.knowledge.model import Cause, Knowledge, Rule
from diagnoser.pack.schema import OPPOSITE_SIGNS


def verdicts(pack: ExaminedPack) -> None:
    """Rules that prove a cause where another rules it out: neither counts there, and the person is
    told of a contradiction that the pack does not list."""
    for cause in pack.knowledge.causes.values():
        for proof, exclusion in opposite_verdicts(cause):
            case = pack.space.sheet_where([proof.when, exclusion.when])
            if case is not None:
                reason = (
                    f"proves this cause where {quoted(name_of(exclusion))} rules it out, for "
                    f"example with {pack.told(case)}; list what cannot hold together in "
                    "rules/contradictions.yaml, or ask for more in one of them"
                )
                pack.complain(cause.file, path_of(proof, pack.content), reason)


def strong_signs(pack: ExaminedPack) -> None:
    """Signs of one observation of which one speaks strongly for a cause where another speaks
    strongly against it: only one of them counts if they read the same fact."""
    for cause in pack.knowledge.causes.values():
        for sign, other in _opposite_signs(cause, pack.knowledge):
            case = pack.space.sheet_where([sign.when, other.when])
            if case is not None and not pack.excuses.accepts(cause.file, OPPOSITE_SIGNS):
                reason = (
                    f'speaks "{sign.says}" this cause where {quoted(name_of(other))} of the same '
                    f'observation says "{other.says}", for example with '
                    f"{pack.told(case)}; use a weaker word, ask for more in one of them, "
                    f"or write under accepted.{OPPOSITE_SIGNS} why both may be seen at once"
                )
                pack.complain(cause.file, path_of(sign, pack.content), reason)


def opposite_verdicts(cause: Cause) -> Iterator[tuple[Rule, Rule]]:
    """Each rule that proves a cause, with each that rules it out."""
    for proof in cause.rules:
        for exclusion in cause.rules:
            if proof.factor == 1 and exclusion.factor == -1:
                yield proof, exclusion


def _opposite_signs(cause: Cause, knowledge: Knowledge) -> Iterator[tuple[Rule, Rule]]:
    """Each sign that speaks strongly for a cause, with each of the same observation that speaks
    strongly against it; not those of which both settle it."""
    for sign in cause.rules:
        for other in cause.rules:
            strong = sign.factor >= STRONGLY and other.factor <= -STRONGLY
            if strong and not (sign.conclusive and other.conclusive):
                observation = knowledge.signs[sign.sign].observation
                if observation and observation == knowledge.signs[other.sign].observation:
                    yield sign, other
