"""What every exact check takes: a pack under examination, put together once."""

from __future__ import annotations

from dataclasses import dataclass

from diagnoser.checking.answer_space import AnswerSpace, KnownCase
from diagnoser.checking.excuses import Excuses
from diagnoser.checking.told import told
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.model import Knowledge
from diagnoser.pack.reader import Content
from diagnoser.pack.strict_yaml import Path as KeyPath
from diagnoser.pack.table_linker import Complain


@dataclass(frozen=True, slots=True)
class ExaminedPack:
    """A pack as it is written (`content`) and as it is meant (`knowledge`), all its answer sheets
    (`space`), what it accepts of its weaknesses (`excuses`), and where a problem goes (`tell`)."""

    knowledge: Knowledge
    content: Content
    space: AnswerSpace
    evaluator: Evaluator
    excuses: Excuses
    tell: Complain

    def complain(self, file: str, path: KeyPath, reason: str) -> None:
        """Says what is wrong at a path in a file."""
        self.tell(file, path, reason, "", "")

    def told(self, case: KnownCase | None) -> str:
        """The answers of a case as a command takes them after `--set`."""
        return told(case or {}, self.space.facts)
