"""People in words of their own, written without sight of the program, each with what an expert
expects: 40 from before there was one, and 120 by two authors who knew the questions, not the rules.
They answer the questionnaire as they would, and are then diagnosed; or they say all that they know
at once. What went wrong for them was looked into, so they show less than people whom nobody has
seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any

from diagnoser import Diagnoser, Interview, Report
from diagnoser.interview.turns import TRIED_FIELD
from diagnoser.knowledge.values import UNKNOWN
from tests.benchmarks.calibration import brier
from tests.benchmarks.peers import percentile

FOLDER = Path(__file__).parents[1] / "people"
MORE = "more.jsonl"
LOOK = "look"
"""The word in labels.json for a plan that begins with a look at the phone."""
MOST = 100
"""Questions after which somebody gives up."""

Sheet = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Person:
    """What somebody would answer (a fact that is absent they do not know) and has tried, and what
    an expert expects, in ids of the pack.

    Any of `causes` may come first; the plan should begin with any of `first_steps`, never with one
    of `wrong_first`, and have a remedy of each group of `must_include`, be it in its check.
    """

    id: str
    story: str
    answers: Mapping[str, Any]
    tried: Mapping[str, str]
    causes: frozenset[str]
    first_steps: frozenset[str]
    wrong_first: frozenset[str]
    must_include: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Score:
    """How one person was served; `probability` is that of the first cause."""

    person: Person
    questions: int
    first: bool
    first_three: bool
    first_step: bool
    wrong_step: bool
    misses: bool
    probability: float
    fields: int = 0
    """The fields of its visits, where it was served in visits."""


def people(file: str = "people.jsonl") -> list[Person]:
    labels = json.loads((FOLDER / "labels.json").read_text("utf-8"))
    lines = (FOLDER / file).read_text("utf-8").splitlines()
    return [_person(json.loads(line), labels) for line in lines]


def _person(said: Mapping[str, Any], labels: Mapping[str, Mapping[str, list[str]]]) -> Person:
    def ids(kind: str, words: Iterable[str]) -> frozenset[str]:
        """A word without an id stands for something that the pack does not know."""
        return frozenset(id for word in words for id in labels[kind].get(word, ()))

    return Person(
        said["id"],
        said["story"],
        said["answers"],
        said["tried"],
        ids("causes", [*said["causes"], *said["also_right"]]),
        ids("steps", said["first_steps"]),
        ids("steps", said["wrong_first"]),
        tuple(ids("steps", group.split(" | ")) for group in said["must_include"]),
    )


def asked(diagnoser: Diagnoser, person: Person) -> Score:
    """The score after the questionnaire."""
    sheet: Sheet = {"tried": dict(person.tried)}
    questions = 0
    while questions < MOST and (question := diagnoser.next_question(sheet)) is not None:
        area, _, name = question.fact.partition(".")
        sheet.setdefault(area, {})[name] = person.answers.get(question.fact, UNKNOWN)
        questions += 1
    return _score(diagnoser.diagnose(sheet), person, questions)


def asked_in_visits(diagnoser: Diagnoser, person: Person, given: Sheet | None = None) -> Score:
    """The score after the visits of a conversation, of which the facts that are `given` are known
    before.

    What a person does not know they leave open, and what they have tried they say when they are
    asked. Somebody who is given a list of what to look at takes the plan as it is.
    """
    interview = Interview.start(diagnoser, given)
    fields = 0
    while True:
        turn = interview.next()
        if turn.kind == "look":
            interview.enough()
        elif turn.kind != "visit":
            return replace(_score(interview.report(), person, interview.visits), fields=fields)
        else:
            asked_for = {one.fact for one in turn.fields}
            fields += len(asked_for)
            answers = {id: person.answers[id] for id in sorted(asked_for & person.answers.keys())}
            said = {TRIED_FIELD: dict(person.tried)} if TRIED_FIELD in asked_for else {}
            interview.answer(answers | said)


def told(diagnoser: Diagnoser, person: Person) -> Score:
    """The score when all that the person knows is given at once."""
    sheet: Sheet = {"tried": dict(person.tried)}
    for id, answer in person.answers.items():
        area, _, name = id.partition(".")
        sheet.setdefault(area, {})[name] = answer
    return _score(diagnoser.diagnose(sheet), person, 0)


WAYS = {"visits": asked_in_visits, "single questions": asked, "all they know, at once": told}


def scores(diagnoser: Diagnoser) -> dict[str, list[Score]]:
    """How everybody was served, by the way of asking."""
    everybody, more = people(), people(MORE)
    found = {name: [way(diagnoser, one) for one in everybody] for name, way in WAYS.items()}
    for name, way in WAYS.items():
        if way is not asked:
            found[f"{len(more)} more: {name}"] = [way(diagnoser, one) for one in more]
    return found


def _score(report: Report, person: Person, questions: int) -> Score:
    ranked = [cause.id for cause in report.causes]
    steps = [step.remedy for step in report.plan.steps]
    begins = frozenset(steps[:1])
    if report.plan.look is not None and report.plan.look.kind == "too-little-known":
        begins = frozenset([LOOK])
    checked = [one for one in report.plan.check if one.status != "holds"]
    named = {*steps, *(remedy.id for one in checked for remedy in one.remedies)}
    return Score(
        person,
        questions,
        first=ranked[0] in person.causes,
        first_three=not person.causes.isdisjoint(ranked[:3]),
        first_step=not person.first_steps.isdisjoint(begins),
        wrong_step=not person.wrong_first.isdisjoint(begins),
        misses=any(group.isdisjoint(named) for group in person.must_include),
        probability=report.causes[0].probability,
    )


def table(scores_of: Mapping[str, list[Score]]) -> list[list[str]]:
    """A row for each way of `scores`."""
    head = ["people", "first", "first three", "first step", "wrong step", "plan misses a cause"]
    rows = [[*head, "visits or questions", "90th percentile", "most", "Brier"]]
    for name, scores in scores_of.items():
        several = [one for one in scores if one.person.must_include]
        counts = sorted(float(one.questions) for one in scores)
        rows.append(
            [
                name,
                f"{fmean(one.first for one in scores):.0%}",
                f"{fmean(one.first_three for one in scores):.0%}",
                f"{fmean(one.first_step for one in scores):.0%}",
                str(sum(one.wrong_step for one in scores)),
                f"{sum(one.misses for one in several)} of {len(several)}",
                f"{fmean(counts):.1f}" if counts[-1] else "",
                f"{percentile(counts, 90):.0f}" if counts[-1] else "",
                f"{counts[-1]:.0f}" if counts[-1] else "",
                f"{brier((one.probability, one.first) for one in scores):.3f}",
            ]
        )
    return rows
