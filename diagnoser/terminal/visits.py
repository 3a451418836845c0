"""The visits to one place each: check boxes together, other questions one after the other, and what
was tried."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diagnoser.errors import InvalidFacts, fact_problem
from diagnoser.interview import picking
from diagnoser.interview.turns import TRIED_FIELD, Field, Tick, Visit
from diagnoser.terminal import form
from diagnoser.terminal.conversation import Conversation
from diagnoser.terminal.form import NOT_SURE, UNKNOWN
from diagnoser.terminal.prompt import Action, PromptAgain

ENOUGH, SKIP = "enough", "skip"
"""The commands that end the questions, and that leave a visit."""
CANNOT_LOOK = (SKIP, "i cannot look now", "cannot look now", "i cannot look", "cannot look")
WAYS = f"Type ? for how to find out, {SKIP} if you cannot look now, {ENOUGH} for the plan."
IN_DOUBT = "If you are not sure of an answer, type ? after it."
HOLD = "Which of these hold?"
AT_ONCE = 8
"""Check boxes that stand in one prompt at most, so that they fit a small screen."""
NONE, NONE_OF_THESE = "none", "None of these"


Answer = str | dict[str, str]


@dataclass
class Visits:
    """Asks for what is worth asking, at one place after the other."""

    talk: Conversation
    _shown: int = 0
    """The number of the visit that was shown last."""
    _whole: Visit | None = None
    """That visit as it was when it began; not known where it was taken up again."""

    def go_on(self, visit: Visit) -> None:
        """Asks what comes next at a visit, and takes the answer.

        Raises PromptAgain when something else came first.
        """
        again = self._announce(visit)
        fields = [self._as_at_first(one, again) for one in visit.relevant(self._written())]
        boxes = [(one, one.tick) for one in fields if one.tick is not None][:AT_ONCE]
        if not fields:
            self.talk.interview.answer({})
        elif fields[0].fact == TRIED_FIELD:
            self._tried(fields[0])
        elif fields[0].tick is not None and len(boxes) > 1:
            self._check_boxes(visit, boxes)
        else:
            fact = fields[0].fact
            self.talk.ask(fields[0], lambda text: self._take(visit, {fact: text}), self._ways())

    def _announce(self, visit: Visit) -> bool:
        """Shows the place, unless it was just shown; returns whether it did."""
        talk = self.talk
        begun = talk.interview.begun
        number = talk.interview.visits + (not begun)
        if not begun:
            self._whole = visit
        elif number != self._shown:
            self._whole = None
        if number == self._shown and not talk.interrupted:
            return False
        self._shown, talk.interrupted = number, False
        page = talk.terminal.page()
        form.say_visit(page, self._whole or visit, number, stopped=self._whole is None)
        if visit.fields[0].fact != TRIED_FIELD:
            page.say(WAYS)
            page.say(IN_DOUBT)
        talk.terminal.say(page)
        return True

    def _as_at_first(self, field: Field, way: bool) -> Field:
        """The field with what the whole visit said that it is good for, and without the way to a
        page whose `way` was shown before another field."""
        for one in self._whole.fields if self._whole is not None else ():
            if one.fact == field.fact:
                return field.model_copy(update={"why": one.why, "go": field.go if way else one.go})
        return field

    def _written(self) -> dict[str, Any]:
        facts = self.talk.interview.facts()
        return {f"{area}.{name}": one for area, of in facts.items() for name, one in of.items()}

    def _ways(self) -> Mapping[str, Action]:
        return {ENOUGH: self._enough, **dict.fromkeys(CANNOT_LOOK, self._cannot_look)}

    def _enough(self) -> None:
        self.talk.interview.enough()
        self._go_on_elsewhere()

    def _cannot_look(self) -> None:
        self.talk.interview.cannot_look()
        self._go_on_elsewhere()

    def _go_on_elsewhere(self) -> None:
        self.talk.autosave.save()
        raise PromptAgain

    def _take(self, visit: Visit, answers: Mapping[str, Answer]) -> None:
        """Takes answers, and leaves the visit when none of its fields is left."""
        interview = self.talk.interview
        rest = [one for one in visit.fields if one.fact not in answers]
        interview.answer(answers, more=bool(rest))
        if rest and not visit.model_copy(update={"fields": rest}).relevant(self._written()):
            interview.back()
            interview.answer(answers)

    # -- check boxes

    def _check_boxes(self, visit: Visit, boxes: Sequence[tuple[Field, Tick]]) -> None:
        """Asks which of several things hold; with "not sure" the others stay open."""
        labels = {one.fact: tick.text for one, tick in boxes}
        labels |= {NONE: NONE_OF_THESE, UNKNOWN: NOT_SURE}
        page = self.talk.terminal.page()
        form.say_way(page, [one for one, _ in boxes])
        page.say(HOLD, bold=True)
        for one, tick in boxes:
            if so_far := self.talk.taken_back.get(one.fact):
                page.say(f'So far: {tick.text}: "{so_far}".')
            elif one.before is not None:
                page.say(f'Before the last step: {tick.text}: "{one.before}".')
        form.say_options(page, labels)
        page.say(f"You may choose several, such as 1 2; with {len(labels)} the rest stays open.", 2)
        self.talk.terminal.say(page)
        fields = [one for one, _ in boxes]

        def take(text: str) -> None:
            chosen, doubted = _chosen(text, labels)
            meant = {one.fact: _meant(one.fact, tick, chosen, doubted) for one, tick in boxes}
            self._take(visit, meant)

        text = self.talk.read_until(
            take, lambda: self.talk.how(fields), lambda: self.talk.why(fields), self._ways()
        )
        chosen, doubted = _chosen(text, labels)
        said = (f"{labels[one]}{' (you think so)' * (one in doubted)}" for one in chosen)
        self._understood(text, list(said), labels)

    def _tried(self, field: Field) -> None:
        """Asks once which steps were tried before; Enter is for none."""
        page = self.talk.terminal.page()
        page.say(field.ask, bold=True)
        form.say_options(page, field.options)
        page.say("You may choose several, such as 1 2. Press Enter if it is none of these.", 2)
        self.talk.terminal.say(page)
        taken: list[str] = []

        def take(text: str) -> None:
            taken[:] = self.talk.interview.answer({TRIED_FIELD: text})[TRIED_FIELD]

        text = self.talk.read_until(
            take,
            lambda: self.talk.how([field]),
            lambda: self.talk.why([field]),
            {ENOUGH: self._enough},
        )
        understood = [field.options[one] for one in taken] or [NONE_OF_THESE]
        self._understood(text, understood, field.options)

    def _understood(self, text: str, labels: Sequence[str], options: Mapping[str, str]) -> None:
        """Says what was understood, unless only numbers or a whole label were typed."""
        in_words = "?" in text or any(map(str.isalpha, text))
        if in_words and not picking.plainly(text, options):
            self.talk.terminal.tell(f"Understood: {'; '.join(labels)}")


def _chosen(text: str, labels: Mapping[str, str]) -> tuple[list[str], set[str]]:
    """The check boxes that are meant, and those of which the person is not sure.

    Raises InvalidFacts.
    """
    chosen, doubted = picking.pick_doubting(text, labels)
    if NONE in chosen and len(chosen) > 1:
        reason = f'"{NONE_OF_THESE}" cannot stand beside other answers'
        raise InvalidFacts([fact_problem("", reason, "only that, or the others without it")])
    return chosen, doubted


def _meant(fact: str, tick: Tick, chosen: Collection[str], doubted: Collection[str]) -> Answer:
    """The answer that a check box stands for."""
    if fact in chosen:
        return {"think": tick.ticked} if fact in doubted else tick.ticked
    if UNKNOWN in chosen:
        return UNKNOWN
    return {"think": tick.unticked} if NONE in doubted else tick.unticked
