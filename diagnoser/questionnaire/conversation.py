"""What a page's form says to the interview, and which page comes then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from diagnoser import Diagnoser, read_words
from diagnoser.errors import InvalidFacts, InvalidText, Problem, fact_problem, quoted
from diagnoser.interview.interview import Interview
from diagnoser.interview.turns import TRIED_FIELD, End, Field, Look, Step, Visit
from diagnoser.questionnaire import state
from diagnoser.questionnaire.questions import answers, as_sent, questions
from diagnoser.questionnaire.sent import Sent, one
from diagnoser.words.confirming import Box

DID_NOT_HELP, COULD_NOT_DO = "did-not-help", "could-not-do"
NOTES = {
    DID_NOT_HELP: "That did not help, but it narrows things down.",
    COULD_NOT_DO: "Then it has to go another way.",
}
OWN_WORDS, HEARD = "words", "heard"
"""The fields for somebody's own words, and for what was understood of them."""
NOT_UNDERSTOOD = "Nothing of that was understood for sure, so it is asked here."
NO_CHOICE = "Choose how it went"


@dataclass
class Shown:
    """A page to show: its name, the conversation, and what stands in its form.

    `facts` are those of a page that asks again; `sent` fills the form, and `problems` are the
    mistakes in it; `note` is said at the top. `heard` is what was read of the person's own words.
    """

    page: str
    interview: Interview
    sent: Sent = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    facts: tuple[str, ...] = ()
    note: str = ""
    heard: tuple[Box, ...] = ()


def go_on(interview: Interview, note: str = "", started: bool = False) -> Shown:
    """The page that comes now; `started` is for who has seen the plan and goes through it."""
    turn = interview.next()
    page = "plan"
    if isinstance(turn, Visit):
        page = "visit"
    elif isinstance(turn, Look):
        page = "look"
    elif not interview.confirmed and not interview.fixed:
        page = "answers"
    elif started or interview.steps or interview.fixed:
        page = "end" if isinstance(turn, End) else "step"
    return Shown(page, interview, note=note)


def reply(diagnoser: Diagnoser, sent: Sent) -> Shown:
    """The page that comes after a form.

    Raises InvalidFacts where the conversation in it, or what it wants, is not what a page sends.
    """
    what, _, about = one(sent, "do").partition(":")
    if what == "start":
        return _start(diagnoser, sent)
    interview = state.unpacked(diagnoser, one(sent, "state"))
    if what not in WAYS:
        raise InvalidFacts([fact_problem("do", f"{quoted(what)} is nothing that a page can ask")])
    return WAYS[what](interview, sent, about)


# -- what a form can say


def _start(diagnoser: Diagnoser, sent: Sent) -> Shown:
    known: dict[str, Any] = {}
    if given := one(sent, "state"):
        known = state.unpacked(diagnoser, given).facts()
    asked = diagnoser.knowledge.commonly_tried
    was = known.pop(TRIED_FIELD, {})
    tried = {id: was.get(id, DID_NOT_HELP) for id in sent.get(TRIED_FIELD, ()) if id in asked}
    tried |= {id: how for id, how in was.items() if id not in asked}
    interview = Interview.start(diagnoser, known | ({TRIED_FIELD: tried} if tried else {}))
    own_words = one(sent, OWN_WORDS).strip()
    return _hear(interview, own_words, sent) if own_words else go_on(interview)


def _hear(interview: Interview, own_words: str, sent: Sent) -> Shown:
    """What was understood of somebody's own words, for them to confirm or strike out."""
    try:
        reading = read_words(interview.diagnoser, own_words).without(interview.facts())
    except InvalidText as error:
        problems = tuple(one._replace(path=OWN_WORDS) for one in error.problems)
        return Shown("start", interview, sent, problems)
    if reading.proposals:
        return Shown("heard", interview, heard=tuple(reading.boxes()))
    return go_on(interview, NOT_UNDERSTOOD)


def _heard(interview: Interview, sent: Sent, _: str) -> Shown:
    """Takes what the person has confirmed of what was understood."""
    confirmed: dict[str, dict[str, list[str]]] = {}
    for box in sent.get(HEARD, ()):
        fact, _, answer = box.partition("=")
        area, _, name = fact.partition(".")
        confirmed.setdefault(area, {}).setdefault(name, []).append(answer)
    if confirmed:
        interview.tell(
            {
                area: {name: said if len(said) > 1 else said[0] for name, said in of.items()}
                for area, of in confirmed.items()
            }
        )
    return go_on(interview)


def _answer(interview: Interview, sent: Sent, _: str) -> Shown:
    turn = interview.next()
    if not isinstance(turn, Visit):
        return go_on(interview)
    try:
        interview.answer(answers(questions(turn.fields), sent))
    except InvalidFacts as error:
        return Shown("visit", interview, sent, error.problems)
    return go_on(interview)


def _cannot_look(interview: Interview, sent: Sent, _: str) -> Shown:
    if wrong := _typed_first(interview, sent):
        return wrong
    interview.cannot_look()
    return go_on(interview)


def _enough(interview: Interview, sent: Sent, _: str) -> Shown:
    if wrong := _typed_first(interview, sent):
        return wrong
    interview.enough()
    return go_on(interview)


def _typed_first(interview: Interview, sent: Sent) -> Shown | None:
    """Takes what stands in the form of a visit that is left; the page again where it has
    mistakes."""
    turn = interview.next()
    if not isinstance(turn, Visit):
        return None
    try:
        if said := answers(questions(turn.fields), sent):
            interview.answer(said, more=True)
    except InvalidFacts as error:
        return Shown("visit", interview, sent, error.problems)
    return None


def _looked(interview: Interview, *_: Any) -> Shown:
    interview.looked()
    return go_on(interview)


def _back(interview: Interview, *_: Any) -> Shown:
    """The page before the last thing that was said, with what was said there filled in."""
    before = by_fact(interview)
    if not interview.back():
        return Shown("start", interview)
    shown = go_on(interview, started=interview.confirmed)
    turn = interview.next()
    if isinstance(turn, Visit):
        known = by_fact(interview)
        taken_back = {fact: value for fact, value in before.items() if fact not in known}
        shown.sent = as_sent(questions(turn.fields), taken_back)
    return shown


def _change(interview: Interview, _: Sent, about: str) -> Shown:
    """Asks for something once more."""
    facts = tuple(about.split(","))
    known = by_fact(interview)
    return Shown(
        "change", interview, as_sent(questions(fields_of(interview, facts)), known), facts=facts
    )


def _changed(interview: Interview, sent: Sent, about: str) -> Shown:
    facts = tuple(about.split(","))
    asked = questions(fields_of(interview, facts))
    kept = state.packed(interview)
    problems: list[Problem] = []
    try:
        said = answers(asked, sent)
        known = {one.fact for one in interview.known()}
        new = {}
        for fact, value in said.items():
            if fact not in known:
                new[fact] = value
                continue
            try:
                interview.change(fact, value)
            except InvalidFacts as error:
                problems += [one._replace(path=one.path or fact) for one in error.problems]
        if new:
            interview.answer(new, more=True)
    except InvalidFacts as error:
        problems += error.problems
    if problems:
        interview = state.unpacked(interview.diagnoser, kept)
        return Shown("change", interview, sent, tuple(problems), facts)
    return go_on(interview)


def _insist(interview: Interview, _: Sent, about: str) -> Shown:
    found = interview.contradictions()
    if about.isdecimal() and len(about) < 4 and int(about) < len(found):
        interview.insist(found[int(about)].facts)
    return Shown("answers", interview)


def _confirm(interview: Interview, *_: Any) -> Shown:
    if not interview.confirmed:
        interview.confirm()
    return go_on(interview)


def _outcome(interview: Interview, sent: Sent, _: str) -> Shown:
    how = one(sent, "outcome")
    if not isinstance(interview.next(), Step):
        return go_on(interview)
    if not how:
        missing = fact_problem("outcome", NO_CHOICE)
        return Shown("step", interview, sent, (missing,))
    interview.outcome(how)
    return go_on(interview, NOTES.get(how, ""))


def _step(interview: Interview, *_: Any) -> Shown:
    return go_on(interview, started=True)


def _go_on(interview: Interview, *_: Any) -> Shown:
    return go_on(interview)


def _page(name: str) -> Callable[[Interview, Sent, str], Shown]:
    def show(interview: Interview, sent: Sent, _: str) -> Shown:
        return _typed_first(interview, sent) or Shown(name, interview)

    return show


WAYS: Mapping[str, Callable[[Interview, Sent, str], Shown]] = {
    "heard": _heard,
    "answer": _answer,
    "cannot-look": _cannot_look,
    "enough": _enough,
    "looked": _looked,
    "back": _back,
    "change": _change,
    "changed": _changed,
    "insist": _insist,
    "confirm": _confirm,
    "outcome": _outcome,
    "step": _step,
    "go-on": _go_on,
    "answers": _page("answers"),
    "plan": _page("plan"),
    "save": _page("save"),
    "begin": _page("start"),
}
"""What the buttons of the pages want."""


# -- what is known


def by_fact(interview: Interview) -> dict[str, Any]:
    """What is known by fact, as in a facts file; what was tried also as a list of remedies."""
    facts = interview.facts()
    known = {f"{area}.{name}": one for area, of in facts.items() for name, one in of.items()}
    if tried := facts.get(TRIED_FIELD):
        known[TRIED_FIELD] = list(tried)
    return known


def fields_of(interview: Interview, facts: tuple[str, ...]) -> list[Field]:
    """The questions for facts, to ask them once more. Raises InvalidFacts where one is no
    question."""
    for fact in facts:
        if not can_be_asked(interview, fact):
            raise InvalidFacts([fact_problem("do", f"{quoted(fact)} is no question")])
    return [interview.field(fact) for fact in facts]


def can_be_asked(interview: Interview, fact: str) -> bool:
    """Whether there is a question for it; for a remedy, how it went."""
    known = interview.diagnoser.knowledge.facts
    return fact in known and (known[fact].askable or fact.startswith(f"{TRIED_FIELD}."))
