"""Reads what somebody wrote: proposals of facts, each with the words that it rests on.

It prefers silence to a guess: a phrase is looked for clause by clause, and found only where its
words stand in order, nothing denies them that the phrase does not deny, and the clause states
something of this phone, now.
"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from diagnoser.errors import InvalidText, Problem
from diagnoser.knowledge.model import TRIED, Fact, Knowledge
from diagnoser.knowledge.values import Choice
from diagnoser.words.matching import Match, matches, widest
from diagnoser.words.mending import Mender
from diagnoser.words.phrases import phrases
from diagnoser.words.scope import stated
from diagnoser.words.tokens import clauses

LONGEST = 4000
"""Characters of a text at most."""


class Words(BaseModel):
    """The part of the text that a proposal rests on: from `start` up to `end`, in characters."""

    model_config = ConfigDict(frozen=True)

    start: int
    end: int
    quoted: str


class Proposal(BaseModel):
    """An answer that somebody may have given in their own words; it counts once they confirm it.

    `answer` is as in a facts file, `ask` the question of the fact, and `label` the answer, as
    people read them. The `score` is 1 where the words are those of a phrase, and less where others
    stand between them or one was misspelt.
    """

    model_config = ConfigDict(frozen=True)

    fact: str = Field(description="The fact, as in the list of facts")
    answer: str | int | float | list[str] = Field(description="As in a facts file")
    ask: str
    label: str
    words: Words
    score: float = Field(gt=0, le=1)

    @property
    def id(self) -> str:
        """Its name among the proposals of one text."""
        answers = self.answer if isinstance(self.answer, list) else [self.answer]
        return f"{self.fact}={','.join(map(str, answers))}"


def read(knowledge: Knowledge, text: str, as_of: date | None = None) -> list[Proposal]:
    """What a text says, in the order of the questionnaire, then what was tried.

    A date in it tells how long ago something was only where it is known `as_of` which day the text
    is. Where it gives two answers to a fact of which one holds, it gives none. Raises InvalidText
    for what is no text or longer than 4,000 characters, and DiagnoserError where RapidFuzz is
    missing.
    """
    _check(text)
    known = phrases(knowledge)
    mended = Mender(known)
    spoken = known.spoken
    said = stated(clauses(spoken.heard(text)), spoken.of_others, spoken.things)
    every = [match for one in said for match in matches(one, known, knowledge, mended, as_of)]
    found: dict[str, dict[str, Match]] = {}
    for match in widest(every):
        answers = found.setdefault(match.fact, {})
        before = answers.get(match.answer)
        if before is None or (-match.score, match.start) < (-before.score, before.start):
            answers[match.answer] = match
    return [
        _proposal(knowledge, fact, match, text)
        for id, fact in knowledge.facts.items()
        if id in found
        for match in _agreeing(fact, found[id])
    ]


def _check(text: object) -> None:
    reason = ""
    if not isinstance(text, str):
        reason = "is not text"
    elif len(text) > LONGEST:
        reason = f"has {len(text):,} characters; tell it in a few sentences"
    elif any("\ud800" <= one <= "\udfff" for one in text):
        reason = "is not text: it has half a character"
    if reason:
        allowed = f"at most {LONGEST:,} characters"
        raise InvalidText([Problem("", 0, "text", reason, allowed)])


def _agreeing(fact: Fact, answers: dict[str, Match]) -> list[Match]:
    """The answers that may hold together; none where they contradict each other."""
    alone = fact.kind.alone if isinstance(fact.kind, Choice) else ()
    if len(answers) > 1 and (not fact.several or not answers.keys().isdisjoint(alone)):
        return []
    return [answers[answer] for answer in sorted(answers, key=lambda one: answers[one].start)]


def _proposal(knowledge: Knowledge, fact: Fact, match: Match, text: str) -> Proposal:
    kind = fact.kind
    value = kind.parse(match.answer) if isinstance(kind, Choice) else kind.parse_text(match.answer)
    return Proposal(
        fact=fact.id,
        answer=kind.show(value),
        ask=fact.ask or f"{knowledge.remedies[fact.id.removeprefix(TRIED)].title}:",
        label=kind.label(value).strip(),
        words=Words(start=match.start, end=match.end, quoted=text[match.start : match.end]),
        score=match.score,
    )
