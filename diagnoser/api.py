"""`Diagnoser`: facts in, report out.

Data flows one way: case, inference (signs, causes, remedies, steps), report.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from diagnoser.belief.belief import Belief
from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.case.case import Case
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings
from diagnoser.inference.inference import Inference, Remembered
from diagnoser.knowledge.model import Knowledge
from diagnoser.knowledge.pin import Pin
from diagnoser.pack.loader import load
from diagnoser.planning.planner import Plan, Planner
from diagnoser.questions.selection import Advice, Questioner
from diagnoser.questions.visits import VisitChoice, VisitChooser, Visits
from diagnoser.report import model as out
from diagnoser.report.builder import Assembler

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

    from diagnoser.explanation.context import Basis
    from diagnoser.explanation.model import Explanation
    from diagnoser.explanation.trace import Trace

Facts: TypeAlias = "Mapping[str, Any] | BaseModel"
NOT_LOOKED_FOR = "No question was looked for; ask for it with look_ahead=True."


class Survey(NamedTuple):
    """A case, what is found, believed and planned, and the visits that are worth making."""

    case: Case
    findings: Findings
    belief: Belief
    plan: Plan
    visits: Visits


class Diagnoser:
    """Diagnoses cases with one knowledge.

    Loads it once; may be shared between threads, and keeps nothing of a case.
    """

    def __init__(self, knowledge: str | Path | None = None, pin: str | None = None) -> None:
        """`knowledge` is a folder with `rules/` and `facts/`, or a released pack; without one, the
        built-in pack is used. `pin` demands a version or the beginning of a digest of it: `2.1.0`,
        `2.1.0@0123abcd`, `@0123abcd`.

        Raises InvalidKnowledge with every mistake of the pack, and OtherKnowledge where it is not
        the one that is demanded.
        """
        self._folder: Path | None = None
        if knowledge is not None:
            from pathlib import Path

            self._folder = Path(knowledge).absolute()  # a copy may be made from another folder
        self.knowledge: Knowledge = load(knowledge)
        if pin is not None:
            Pin.parse(pin).demand(self.knowledge.identity, "pin")
        self.sheet = AnswerSheet(self.knowledge)
        self.Facts = self.sheet.Facts
        self._planner = Planner(self.knowledge)
        self._inference = Inference(self.knowledge, self._planner)
        self._evaluator = Evaluator(self.knowledge)
        self._questioner = Questioner(self.knowledge, self._evaluator, self._planner)
        self._chooser = VisitChooser(self.knowledge, self._questioner)
        self._assembler = Assembler(self.knowledge, self.sheet, self._evaluator)

    def __reduce__(self) -> tuple[type[Diagnoser], tuple[Path | None, str]]:
        # A copy, in another process too, loads the knowledge by itself, and answers from no other.
        return type(self), (self._folder, f"@{self.knowledge.digest}")

    def diagnose(
        self,
        facts: Facts,
        *,
        look_ahead: bool = False,
        thorough: bool = False,
        passed: Collection[str] = (),
    ) -> out.Report:
        """The report for facts nested by area, such as `{"wifi": {"connection": "off"}}`, or for an
        instance of the pydantic model `Facts`, which is made from the knowledge.

        With `look_ahead` it also says which question to ask next, or why to stop asking (`thorough`
        as for `next_question`), and what to look at first where every step would be a guess, unless
        it was `passed` over before; that takes longer. Raises InvalidFacts with every mistake in
        the facts.
        """
        case = self.sheet.read(facts)
        findings, belief, plan = self._inference.run(case)
        if not look_ahead:
            advice = Advice(None, NOT_LOOKED_FOR, stop=False)
            return self._assembler.report(case, findings, belief, plan, advice)

        def best_visit() -> VisitChoice | None:
            choices = self._chooser.choose(case, belief, plan, passed).choices
            return choices[0] if choices else None

        advice = self._questioner.advise(case, belief, plan, thorough)
        return self._assembler.report(case, findings, belief, plan, advice, best_visit)

    async def adiagnose(
        self,
        facts: Facts,
        *,
        look_ahead: bool = False,
        thorough: bool = False,
        passed: Collection[str] = (),
    ) -> out.Report:
        """As `diagnose`, in a thread of its own, so that the event loop goes on meanwhile.

        With `asyncio.to_thread`, whatever else takes its time can be called so too. The facts must
        not be changed before it is done.
        """
        from asyncio import to_thread  # most programs need none of it

        return await to_thread(
            self.diagnose, facts, look_ahead=look_ahead, thorough=thorough, passed=passed
        )

    def next_question(self, facts: Facts, *, thorough: bool = False) -> out.NextQuestion | None:
        """The question to ask next, or None when it is time to stop.

        As long as no cause is nearly certain (90 %), it is the one that tells most about the cause
        per minute of effort; where nothing tells enough, or a cause is nearly certain, the one of
        those that could change the first step or the first cause whose answer is expected to save
        the most per minute of effort.

        `thorough` goes on to the last question, whether or not its answer is worth the time. A fact
        that is given as "unknown" was asked and not known, so it is not asked again; an absent one
        may be. Raises InvalidFacts as `diagnose` does.
        """
        case = self.sheet.read(facts)
        _, belief, plan = self._inference.run(case)
        question = self._questioner.advise(case, belief, plan, thorough).question
        return self._assembler.question(question, belief, case) if question else None

    def may_be_asked(self, facts: Facts) -> list[str]:
        """The ids of the facts that may still be asked, in the order of the questionnaire.

        Raises InvalidFacts.
        """
        return [fact.id for fact in self._questioner.open(self.sheet.read(facts))]

    def visits(
        self, facts: Facts, *, passed: Collection[str] = (), thorough: bool = False
    ) -> Survey:
        """The visits that are worth making now, the most useful first, and what they are judged by.

        Facts that were `passed` over are not asked for; `thorough` asks whatever may still be
        asked. Raises InvalidFacts as `diagnose` does.
        """
        case = self.sheet.read(facts)
        findings, belief, plan = self._inference.run(case)
        visits = self._chooser.choose(case, belief, plan, passed, thorough)
        return Survey(case, findings, belief, plan, visits)

    def report_of(self, survey: Survey) -> out.Report:
        """The report of a survey, without a single question to ask next."""
        case, findings, belief, plan, visits = survey
        advice = Advice(None, visits.because or NOT_LOOKED_FOR, stop=not visits.choices)
        best = visits.choices[0] if visits.choices else None
        return self._assembler.report(case, findings, belief, plan, advice, lambda: best)

    def explain(self, facts: Facts, cause: str | None = None) -> Explanation:
        """Why the report of these facts says what it says, of all causes or of one of them.

        Raises InvalidFacts as `diagnose` does, and DiagnoserError if there is no such cause.
        """
        from diagnoser.explanation.builder import explain

        return explain(self._basis(facts), cause)

    def trace(self, facts: Facts) -> Trace:
        """Every rule, bar and contradiction with its verdict, and the condition that decided it.

        Raises InvalidFacts as `diagnose` does.
        """
        from diagnoser.explanation.trace import trace

        return trace(self._basis(facts))

    def memory(self, facts: Facts) -> list[Remembered]:
        """Every fact of the rule engine's working memory at the end: what is known, and what the
        rules concluded from it, in that order.

        Raises InvalidFacts as `diagnose` does.
        """
        return self._inference.memory(self.sheet.read(facts))

    def _basis(self, facts: Facts) -> Basis:
        from diagnoser.explanation.context import Basis

        case = self.sheet.read(facts)
        concluded = self._inference.run(case)
        sheet = self.sheet.show(case)
        return Basis(self.knowledge, case, sheet, *concluded, self._evaluator, self._planner)
