"""What is found by exact reasoning over all answer sheets, which needs Z3."""

from __future__ import annotations

from diagnoser.checking import overlaps, tables, unknowable, unreachable, waste
from diagnoser.checking.accepted import Excuses
from diagnoser.checking.exact import AnswerSpace
from diagnoser.checking.in_vain import OfferedInVain
from diagnoser.checking.lists import lists
from diagnoser.checking.rivals import rivals
from diagnoser.checking.unplanned import Unplanned, always_barred
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.model import Knowledge
from diagnoser.pack.reader import Content
from diagnoser.pack.table_linker import Complain


def find(
    knowledge: Knowledge,
    content: Content,
    evaluator: Evaluator,
    excuses: Excuses,
    complain: Complain,
) -> None:
    """Complains of all conflicts and waste."""
    space = AnswerSpace(knowledge)
    rivals(knowledge, content, space, excuses, complain)
    lists(knowledge, content, space, excuses, complain)
    OfferedInVain(knowledge, space, evaluator).find(excuses, complain)
    tables.past_tables(knowledge, content, space, complain)
    unknowable.bars(knowledge, space, excuses, complain)
    unknowable.signs(knowledge, space, complain)
    unreachable.decided(knowledge, space, excuses, complain)
    unreachable.answers(knowledge, space, complain)
    unreachable.causes(knowledge, space, evaluator, complain)
    unreachable.variants(knowledge, space, complain)
    overlaps.verdicts(knowledge, content, space, complain)
    overlaps.strong_signs(knowledge, content, space, excuses, complain)
    waste.NeverCounts(knowledge, space).find(content, complain)
    waste.same_conditions(knowledge, space, complain)
    waste.idle_questions(knowledge, space, complain)
    always_barred(knowledge, space, excuses, complain)
    Unplanned(knowledge, space, evaluator).find(complain)
