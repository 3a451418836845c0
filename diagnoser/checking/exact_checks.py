"""What is found by exact reasoning over all answer sheets, which needs Z3."""

from __future__ import annotations

from diagnoser.checking import overlaps, tables, unknowable, unreachable, waste
from diagnoser.checking.answer_space import AnswerSpace
from diagnoser.checking.examined_pack import ExaminedPack
from diagnoser.checking.excuses import Excuses
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
    pack = ExaminedPack(knowledge, content, space, evaluator, excuses, complain)
    rivals(pack)
    lists(pack)
    OfferedInVain(pack).find()
    tables.past_tables(pack)
    unknowable.bars(pack)
    unknowable.signs(pack)
    unreachable.decided(pack)
    unreachable.answers(pack)
    unreachable.causes(pack)
    unreachable.variants(pack)
    overlaps.verdicts(pack)
    overlaps.strong_signs(pack)
    waste.NeverCounts(knowledge, space).find(pack)
    waste.same_conditions(pack)
    waste.idle_questions(pack)
    always_barred(pack)
    Unplanned(pack).find()
