"""The knowledge in the form that the program works with: linked, typed, immutable."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, NamedTuple

from pydantic import PlainSerializer

from diagnoser.knowledge.conditions import Condition
from diagnoser.knowledge.pin import Identity
from diagnoser.knowledge.values import Choice, Kind, Value

FactIds = Annotated[frozenset[str], PlainSerializer(sorted)]
"""The facts that a condition reads; written in the same order every time."""
HELPED, DID_NOT_HELP, COULD_NOT_DO = "helped", "did-not-help", "could-not-do"
"""What may have come of a remedy that was tried."""
TRIED_AREA = "tried"
"""The area of the facts that tell what came of remedies."""
TRIED = f"{TRIED_AREA}."
"""What the ids of facts begin with that tell what came of a remedy."""
OUTCOMES = {
    DID_NOT_HELP: "it did not help",
    COULD_NOT_DO: "it could not be done",
    HELPED: "it helped",
}


class Go(NamedTuple):
    """A line that stands for the way to a place."""

    go: str


Line = str | Go


class Variant(NamedTuple):
    """Lines for the cases in which `condition` holds; None stands for all others."""

    condition: Condition | None
    do: tuple[Line, ...]


class Place(NamedTuple):
    """Where something is seen or done, and the way there; `effort` is the minutes that it takes.

    A page that is `within` another place is opened on a visit to that.
    """

    id: str
    title: str
    go: tuple[Variant, ...]
    effort: float
    within: str = ""


class Fact(NamedTuple):
    """Something that can be known of a case, and how to ask for it.

    `effort` is in minutes, with the way to its `place`, if it has one; `typical` are answers with
    the share of cases that give them, from 0 to 1. It is not asked unless `only_if` holds, nor once
    any of `unless_answered` is known, which say the same. `tick` is the text of a check box with
    the answer that ticking stands for; not ticking stands for the other one.

    A row of a table `derives` facts that are never asked, whose `derived_from` it is: it holds the
    value of each by the name of the row. What is not known of a row stays unknown. A fact that
    follows from a table with a last day `ages`, and tells nothing of what is newer.

    `said` are pairs of an answer and a phrase in which people say it; the answer is empty where the
    phrase has the value itself in it. `beside` are words that elsewhere turn or weaken what is
    said with them, and do not with such a phrase.
    """

    id: str
    area: str
    kind: Kind
    ask: str = ""
    place: str = ""
    look: tuple[Variant, ...] = ()
    effort: float = 0.0
    typical: tuple[tuple[Value, float], ...] = ()
    only_if: Condition | None = None
    unless_answered: tuple[str, ...] = ()
    tick: tuple[Value, str] | None = None
    derives: Mapping[str, Mapping[Value, Value]] | None = None
    derived_from: str = ""
    ages: bool = False
    said: tuple[tuple[str, str], ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def askable(self) -> bool:
        return bool(self.ask)

    @property
    def there(self) -> tuple[Variant, ...]:
        """What to do or read at its place, without the way there."""
        way = Go(self.place)
        return tuple(
            one._replace(do=tuple(line for line in one.do if line != way)) for one in self.look
        )

    @property
    def several(self) -> bool:
        """Whether several of its answers may hold at once."""
        return isinstance(self.kind, Choice) and self.kind.several

    def follows(self, value: Value) -> dict[str, Value]:
        """What follows from this answer for other facts."""
        derived = (self.derives or {}).items()
        return {id: cells[value] for id, cells in derived if value in cells}

    def makes_known(self, value: Value) -> dict[str, Value]:
        """What becomes known with this answer: the fact, and what follows from it."""
        return {self.id: value, **self.follows(value)}


class Source(NamedTuple):
    """Where something is known from. `read` is the day on which it was read; that and `address` may
    be empty."""

    id: str
    title: str
    address: str
    worth: str
    read: str

    @property
    def cited(self) -> str:
        """How a report names it."""
        return self.address or self.title


class Sign(NamedTuple):
    """Something that is seen, or known not to be, whatever follows from it.

    `speaks_for` and `speaks_against` say why it does; `sources` are ids. A rule that only one cause
    has is a sign with the id `cause/rule`, which no `observation` holds.
    """

    id: str
    observation: str
    file: str
    when: Condition
    facts: FactIds
    speaks_for: str
    speaks_against: str
    sources: tuple[str, ...]
    reviewed: str


class Rule(NamedTuple):
    """What a sign says of one cause; `factor` is the certainty factor of `says`.

    `when`, `facts` and `reviewed` are those of the sign; `source` is what reports cite, and `worth`
    that of the best of its sources.
    """

    id: str
    cause: str
    sign: str
    when: Condition
    facts: FactIds
    says: str
    factor: float
    because: str
    source: str
    worth: str
    reviewed: str

    ratio: float = 1.0
    """The likelihood ratio of the certainty factor (infinite where it proves): Heckerman 1986."""
    place: tuple[float, str] = (0.0, "")
    """Sorts rules by their strength, for or against, the strongest first."""
    conclusive: bool = False
    """Whether the rule settles its cause, by proving it or ruling it out."""

    def weighing(self, factor: float) -> Rule:
        """The rule with this certainty factor, and what follows from that."""
        conclusive = abs(factor) == 1
        strength = math.inf if conclusive else 1 / (1 - abs(factor))
        ratio = strength if factor >= 0 else 1 + factor
        place = (-strength, self.id)
        return self._replace(factor=factor, ratio=ratio, place=place, conclusive=conclusive)


class Cause(NamedTuple):
    """Something that keeps the system from working; `prior` is its probability before anything is
    known, from 0 to 1. A `harmless` one only looks like a fault, and nothing is wrong. Where a
    cause that it `follows_from` is proven, what mends that one mends it."""

    id: str
    area: str
    file: str
    title: str
    because: str
    guide: int | None
    commonness: str
    prior: float
    rules: tuple[Rule, ...]
    harmless: bool
    follows_from: tuple[str, ...]


class Bar(NamedTuple):
    """When a remedy is impossible or wrong, and why; `path` is where the condition stands in its
    file."""

    when: Condition
    facts: FactIds
    because: str
    file: str
    path: tuple[str | int, ...]


class Remedy(NamedTuple):
    """Something to do.

    `fixes` is the chance that it mends each cause, from 0 to 1; `hands_on` and `waiting` are
    minutes, and so is `price`, which counts both and what the remedy spoils, and `idle`, the part
    of it that waiting makes. Whether it helped is seen at once, or only `overnight`.
    """

    id: str
    file: str
    title: str
    guide: int | None
    fixes: Mapping[str, float]
    hands_on: float
    waiting: float
    money: str | None
    loses: tuple[str, ...]
    price: float
    idle: float
    after: tuple[str, ...]
    not_if: tuple[Bar, ...]
    caveat: str | None
    steps: tuple[Variant, ...]
    overnight: bool
    check: str
    sources: tuple[str, ...]
    worth: str
    reviewed: str
    hand_over: bool


class Precondition(NamedTuple):
    """Something that must hold for the system to work.

    `title` says that it holds, `otherwise` that it does not. It fails where `holds` is known to
    fail, and where `fails` holds, whatever `holds` says then. `looks` are the facts that tell,
    `remedies` what can be done about it.
    """

    id: str
    title: str
    otherwise: str
    holds: Condition
    fails: Condition | None
    looks: tuple[str, ...]
    remedies: tuple[str, ...]


class Note(NamedTuple):
    """Something to say beside the finding, such as what this knowledge cannot tell."""

    when: Condition
    says: str


class Contradiction(NamedTuple):
    """Facts that cannot hold together."""

    id: str
    when: Condition
    facts: FactIds
    because: str
    ask_again: str
    source: str
    reviewed: str


class Spoken(NamedTuple):
    """How people speak of what a pack knows: groups of spellings that mean `same`, the first of
    each is what they are called; and the words for `others`, of which the pack knows nothing."""

    same: tuple[tuple[str, ...], ...] = ()
    others: tuple[str, ...] = ()


class Certificate(NamedTuple):
    """What a pack carries of its proof: the digest of the knowledge that it is of, the version of
    the program that proved it, and how many claims hold."""

    digest: str
    program: str
    claims: int


class Knowledge(NamedTuple):
    """A whole pack.

    Areas and facts are in the order of the questionnaire, preconditions in that of their file; all
    else is in that of its ids, so that nothing depends on how files were found.

    `gone` tells what to give instead of facts that are not asked any more, by their ids. `areas`
    and `observations` are titles. `strengths` are certainty factors from -1 to 1,
    `commonness` probabilities, as `none_of_these` is: that the system fails without any of the
    causes. `waiting_rate` is what a minute of waiting counts in minutes of work; `verification`,
    `night`, `wrong_cause`, `worth_asking` and `patience` are minutes, `worth_knowing` and
    `worth_visiting` are bits. `thinks_so` is the certainty factor, from 0 to 1, of an answer that
    somebody thinks right without being sure. `commonly_tried` are remedies that people try before
    they ask. `notes` are said beside the finding. The `certificate` that comes with the pack may
    be of another knowledge.
    """

    id: str
    version: str
    title: str
    digest: str
    areas: Mapping[str, str]
    places: Mapping[str, Place]
    facts: Mapping[str, Fact]
    gone: Mapping[str, str]
    sources: Mapping[str, Source]
    observations: Mapping[str, str]
    signs: Mapping[str, Sign]
    causes: Mapping[str, Cause]
    rules: Mapping[str, Rule]
    remedies: Mapping[str, Remedy]
    contradictions: Mapping[str, Contradiction]
    preconditions: Mapping[str, Precondition]
    strengths: Mapping[str, float]
    commonness: Mapping[str, float]
    none_of_these: float
    waiting_rate: float
    verification: float
    night: float
    wrong_cause: float
    worth_asking: float
    worth_knowing: float
    worth_visiting: float
    patience: float
    thinks_so: float = 0.9
    commonly_tried: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    spoken: Spoken = Spoken()
    certificate: Certificate | None = None

    @property
    def identity(self) -> Identity:
        return Identity(self.id, self.version, self.digest)

    @property
    def proven(self) -> bool:
        """Whether the pack has a certificate that is of this very knowledge."""
        return self.certificate is not None and self.certificate.digest == self.digest

    def visited(self, fact: str) -> str:
        """The place that is visited to answer a fact: its page, or that within which it is."""
        page = self.facts[fact].place
        return (self.places[page].within or page) if page else ""

    def fixers(self, cause: str) -> list[Remedy]:
        """The remedies that may mend the cause."""
        return [remedy for remedy in self.remedies.values() if cause in remedy.fixes]
