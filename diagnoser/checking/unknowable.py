"""Bars and signs that nobody can know of."""

from __future__ import annotations

from diagnoser.checking.answer_space import AnswerSpace, no
from diagnoser.checking.asking import never_asked, told_before
from diagnoser.checking.examined_pack import ExaminedPack
from diagnoser.checking.signs import path_of
from diagnoser.checking.told import told
from diagnoser.errors import quoted
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.conditions import Condition
from diagnoser.knowledge.model import TRIED, Knowledge
from diagnoser.pack.schema import UNKNOWN_BAR


def bars(pack: ExaminedPack) -> None:
    """Bars that read a fact that is never asked, or not where the bar would hold."""
    silent = _silent(pack.knowledge, pack.space)
    # A bar of the pack stands for many remedies.
    bars = dict.fromkeys(bar for one in pack.knowledge.remedies.values() for bar in one.not_if)
    for bar in bars:
        reason = _unknown(bar.when, silent, pack.space)
        if reason and not pack.excuses.accepts(bar.file, UNKNOWN_BAR):
            pack.complain(bar.file, bar.path, reason)


def signs(pack: ExaminedPack) -> None:
    """Signs that read a fact that is never asked, or not where the sign would be seen."""
    silent = _silent(pack.knowledge, pack.space)
    for sign in pack.knowledge.signs.values():
        reason = _unknown(sign.when, silent, pack.space)
        if reason:
            pack.complain(sign.file, path_of(sign), reason)


def _silent(knowledge: Knowledge, space: AnswerSpace) -> set[str]:
    """The facts that nobody is ever asked."""
    facts = knowledge.facts
    silent = {fact.id for fact in never_asked(knowledge)}
    silent |= {fact.id for fact in facts.values() if told_before(fact, facts)}
    silent |= {
        fact.id
        for fact in facts.values()
        if fact.only_if is not None
        and not space.can_be(space.holds(fact.only_if), contradictory=True)
    }
    offered = {id for one in knowledge.remedies.values() for id in one.after}
    offered |= {id for id, one in knowledge.remedies.items() if one.fixes or one.hand_over}
    return silent | {f"{TRIED}{id}" for id in knowledge.remedies if id not in offered}


def _unknown(when: Condition, silent: set[str], space: AnswerSpace) -> str:
    """Why nobody comes to know that a condition holds; empty if somebody may."""
    facts, holds = space.facts, space.holds(when)
    asked = sorted(asked_for(when, facts))
    mute = [id for id in asked if id in silent]
    if mute:
        return f"reads {quoted(mute[0])}, which nobody is ever asked, so it never holds; ask for it"
    waiting = {id: only for id in asked if (only := facts[id].only_if) is not None}
    may_be_asked = [no(space.fails(only)) for only in waiting.values()]
    if space.can_be(holds, *may_be_asked, contradictory=True):
        return ""
    example = space.sheet_with(holds, contradictory=True)
    if example is None:  # it can never hold, which is found elsewhere
        return ""
    late = next(id for id, only in waiting.items() if only.outcome(example) is False)
    return (
        f"reads {quoted(late)}, which is not asked where this holds, for example with "
        f"{told(example, facts)}; widen its only_if, or leave it out here"
    )
