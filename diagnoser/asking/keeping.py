"""Where a conversation is kept on disk."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from diagnoser import session
from diagnoser.asking.terminal import Terminal
from diagnoser.interview import Interview


@dataclass
class Keeper:
    """Keeps the conversation in a file; without one, only when asked to, in a new file."""

    interview: Interview
    terminal: Terminal
    file: Path | None
    knowledge: str | None = None
    """The knowledge folder, if it is not the built-in one."""
    failed: bool = False

    def keep(self) -> None:
        """Puts what was just said on disk, if there is a file; says once when that fails."""
        if self.file is None:
            return
        try:
            session.save(self.interview, self.file)
            self.failed = False
        except session.InvalidSession as error:
            if not self.failed:
                self.terminal.tell(f"Warning: your answers are not saved. {error.problems[0]}")
            self.failed = True

    def tell_saved(self) -> None:
        """Saves the conversation now, and says where, or why not."""
        self.failed = False
        try:
            if self.file is None:
                self.file = session.free_file(Path())
            session.save(self.interview, self.file)
        except session.InvalidSession as error:
            self.failed = True
            self.terminal.tell(f"Not saved: {error.problems[0]}")
            return
        other = f" --knowledge {shlex.quote(self.knowledge)}" if self.knowledge else ""
        again = f"diagnoser ask{other} --resume {shlex.quote(str(self.file))}"
        self.terminal.tell(f"Saved in {self.file}. To go on later: {again}")
