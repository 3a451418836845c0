"""Leads a conversation without a screen to its end, and judges every turn of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any
from unittest.mock import patch

from diagnoser import Diagnoser, Interview
from diagnoser.interview.history import Skipped
from diagnoser.interview.turns import TRIED_FIELD, Field, Look, Step, Turn, Visit
from tests import oracles, packs
from tests.packs import Data, Pack

MOST_TURNS = 600
MOST_VISITS = 20

Person = Callable[[Interview, Turn], None]
"""Says something at a turn that is no end."""


def pack_to_talk_about(random: Random, sizes: packs.Sizes = packs.SMALL) -> Pack:
    """A random pack, some remedies of which people commonly try."""
    data = packs.random_data(random, sizes)
    remedies = [*data["remedies"]]
    some = random.sample(remedies, random.randint(0, min(2, len(remedies))))
    data["pack"] |= {"commonly_tried": [id for id in some if data["remedies"][id]["fixes"]]}
    return packs.linked(data)


def diagnoser_of(pack: Pack) -> Diagnoser:
    """A Diagnoser of a pack that is in no folder."""
    with patch("diagnoser.api.load", return_value=pack.knowledge):
        return Diagnoser()


def asks_what_was_tried(turn: Turn) -> bool:
    return isinstance(turn, Visit) and TRIED_FIELD in [one.fact for one in turn.fields]


def what_was_tried(turn: Turn) -> Field:
    """The field that asks what was tried."""
    assert isinstance(turn, Visit)
    [field] = [one for one in turn.fields if one.fact == TRIED_FIELD]
    return field


def facts_asked(turn: Turn) -> list[str]:
    """The facts that a visit asks for."""
    assert isinstance(turn, Visit)
    return [one.fact for one in turn.fields if one.fact != TRIED_FIELD]


def copy_of(interview: Interview) -> Interview:
    """The same conversation, by its JSON alone."""
    return Interview.load(interview.diagnoser, interview.json_text())


def judged(interview: Interview, pack: Pack, person: Person) -> Iterator[Turn]:
    """Every turn of a conversation with a person up to its end, of which each is judged first."""
    judge = Judge(interview, pack)
    for _ in range(MOST_TURNS):
        turn = interview.next()
        judge.hears(turn)
        yield turn
        if turn.kind == "end":
            return
        before = len(interview.said)
        person(interview, turn)
        if len(interview.said) <= before:
            judge = Judge(interview, pack)  # who went back is asked the same again
    raise AssertionError("the conversation does not end")


class Judge:
    """What was asked since the last step, and what could have been asked then."""

    def __init__(self, interview: Interview, pack: Pack) -> None:
        self._interview = interview
        self._pack = pack
        self._asked: set[str] = set()
        self._seen: dict[str, set[str]] = {}
        self._rest: set[str] = set()

    def hears(self, turn: Turn) -> None:
        taken_up = copy_of(self._interview)
        assert taken_up == self._interview
        assert taken_up.facts() == self._interview.facts()
        assert taken_up.next().model_dump_json() == turn.model_dump_json()
        if any(isinstance(one, Skipped) for one in self._interview.said[-1:]):
            self._asked.discard(TRIED_FIELD)  # who cannot look may still remember
        if isinstance(turn, Visit):
            self._visit(turn)
            assert self._interview.visits < MOST_VISITS or self._interview.steps or self._rest
        elif isinstance(turn, Look):
            assert turn.visits
            for visit in turn.visits:
                self._fits(visit, set(), again=True)
            self._asked.clear()  # what was left open is asked for again
            self._seen.clear()
        elif isinstance(turn, Step):
            assert turn.outcomes
            assert turn.step is not None or turn.done
            self._asked.clear()
            self._seen.clear()

    def _visit(self, visit: Visit) -> None:
        here = {one.fact for one in visit.fields}
        rest = here <= self._rest
        if TRIED_FIELD in here:
            assert not self._interview.facts().get("tried")
            assert not self._interview.steps
            assert rest or TRIED_FIELD not in self._asked
            assert what_was_tried(visit).options
        elif rest:
            self._asked.discard(TRIED_FIELD)  # other visits come first
        self._fits(visit, self._asked if not rest else set(), visit.again or rest)
        pages = {self._interview.diagnoser.knowledge.facts[id].place for id in facts_asked(visit)}
        if not rest:  # what the first part opened the way to is new
            for page in pages:
                if not (visit.again or self._interview.steps):
                    assert here.isdisjoint(self._seen.get(page, set())), "opened twice"
                self._seen.setdefault(page, set()).update(self._on(page))
        self._rest = here
        self._asked |= {one.fact for one in visit.fields if not one.only_if}

    def _on(self, page: str) -> list[str]:
        """What may be asked on a page now."""
        facts = self._interview.diagnoser.knowledge.facts
        may_be = oracles.may_be_asked(self._pack.data, self._interview.facts())
        return [id for id in may_be if facts[id].place == page]

    def _fits(self, visit: Visit, asked: set[str], again: bool) -> None:
        sheet = self._interview.facts()
        if again and isinstance(self._interview.next(), Look):
            copy = copy_of(self._interview)
            copy.looked()
            sheet = copy.facts()
        may_be = oracles.may_be_asked(self._pack.data, sheet)
        facts = facts_asked(visit)
        assert visit.fields
        assert len(set(facts)) == len(facts)
        assert asked.isdisjoint(facts), "asked twice"
        known = self._interview.diagnoser.knowledge.facts
        for fact in facts:
            assert {*facts}.isdisjoint(known[fact].unless_answered), "asked in other words"
        for field in visit.fields:
            if field.fact == TRIED_FIELD:
                continue
            page = known[field.fact].place
            within = self._pack.data["places"][page].get("within") if page else None
            assert visit.place in (page or None, within)
            if field.only_if:
                assert field.only_if.keys() <= {*facts}
                assert oracles.answer_in(sheet, field.fact) is None
            else:
                assert field.fact in may_be


def answer_at_random(pack: Pack, random: Random, field: Field) -> Any:
    """Some answer to a field, as a facts file or a person would give it."""
    if field.fact == TRIED_FIELD:
        return [id for id in field.options if random.randint(0, 3) == 0]
    area, _, name = field.fact.partition(".")
    fact: Data = pack.data["areas"][area]["facts"][name]
    if field.several and random.randint(0, 2) == 0:
        return random.choice(packs.lists_of(fact))
    if field.tick is not None and random.randint(0, 1):
        return random.randint(0, 1) == 1
    return random.choice(pack.texts[field.fact])


def form_at_random(pack: Pack, random: Random, visit: Visit, share: float) -> dict[str, Any]:
    """A form in which about this share of the fields that are to be answered is."""
    answers: dict[str, Any] = {}
    for field in visit.fields:
        if random.random() < share:
            answers[field.fact] = answer_at_random(pack, random, field)
    return answers


def somebody(pack: Pack, random: Random, knows: float = 0.8, goes_back: float = 0.0) -> Person:
    """Answers at random, in whole forms or field by field; tries what is advised, at times cannot,
    and seldom is helped; is back soon where they could not look."""

    def says(interview: Interview, turn: Turn) -> None:
        if goes_back and random.random() < goes_back:
            interview.back()
        elif isinstance(turn, Look):
            interview.looked() if random.randint(0, 1) else interview.enough()
        elif isinstance(turn, Step):
            interview.outcome(went_at_random(turn, random))
        elif isinstance(turn, Visit) and random.random() < 0.1:
            interview.cannot_look()
        elif isinstance(turn, Visit):
            form = form_at_random(pack, random, turn, knows)
            if random.randint(0, 2) or not form:
                interview.answer(form)
            else:
                fact = next(iter(form))
                interview.answer({fact: form[fact]}, more=True)

    return says


def ordinary(diagnoser: Diagnoser) -> dict[str, Any]:
    """The most usual answer to every fact that is asked for."""
    asked = [fact for fact in diagnoser.knowledge.facts.values() if fact.typical]
    return {fact.id: fact.kind.show(max(fact.typical, key=lambda one: one[1])[0]) for fact in asked}


def went_at_random(step: Step, random: Random) -> str:
    """How a step went; most do not help."""
    usual = next(how for how in ("did-not-help", "done", "could-not-do") if how in step.outcomes)
    return random.choice([usual] * 9 + [*step.outcomes])


def who_knows(answers: Mapping[str, Any], tried: Mapping[str, str] | None = None) -> Person:
    """Answers what they know and leaves open what they do not; no step helps them."""

    def says(interview: Interview, turn: Turn) -> None:
        if isinstance(turn, Look):
            interview.enough()
        elif isinstance(turn, Step):
            hows = ("did-not-help", "done", "could-not-do")
            interview.outcome(next(how for how in hows if how in turn.outcomes))
        elif isinstance(turn, Visit):
            form = {id: answers[id] for id in facts_asked(turn) if id in answers}
            if asks_what_was_tried(turn):
                form[TRIED_FIELD] = dict(tried or {})
            interview.answer(form)

    return says


def to_the_first_step(interview: Interview, person: Person) -> list[Turn]:
    """The turns up to the first that asks nothing, with that one."""
    turns = []
    for _ in range(MOST_TURNS):
        turns.append(interview.next())
        if not isinstance(turns[-1], Visit | Look):
            return turns
        person(interview, turns[-1])
    raise AssertionError("the questions do not end")


def written(interview: Interview) -> Any:
    """The JSON of a conversation."""
    return json.loads(interview.json_text())
