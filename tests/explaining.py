"""What the tests of explanations share: what an explanation is made from, and diagnoses anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from diagnoser import Diagnoser
from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.case.case import Case, tried_in
from diagnoser.explanation.context import Basis
from diagnoser.explanation.model import Explanation
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.inference import Inference
from diagnoser.planning.planner import Planner
from tests.packs import Data, Pack


@cache
def explained(diagnoser: Diagnoser, example: Path) -> Explanation:
    """The explanation of an example, which takes two seconds and is made once."""
    return diagnoser.explain(json.loads(example.read_text("utf-8")))


def basis_for(pack: Pack, sheet: Data) -> Basis:
    """What the explanation of a case is made from."""
    knowledge = pack.knowledge
    answers = AnswerSheet(knowledge)
    case = answers.read(sheet)
    concluded = Inference(knowledge).run(case)
    return Basis(
        knowledge, case, answers.show(case), *concluded, Evaluator(knowledge), Planner(knowledge)
    )


def result(basis: Basis, known: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The first cause and the first step of a new diagnosis, by the whole of it."""
    belief, plan = basis.conclude(Case(known, known, tried_in(known)))
    ranking = belief.ranking()
    return ranking[0] if ranking else None, plan.first
