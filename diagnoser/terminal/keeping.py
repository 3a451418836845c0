"""Where a conversation is kept on disk."""

from __future__ import annotations

import contextlib
import shlex
from dataclasses import dataclass
from pathlib import Path

from diagnoser.interview import session_file
from diagnoser.interview.interview import Interview
from diagnoser.terminal.terminal import Terminal


@dataclass
class Keeper:
    """Keeps the conversation in a file; without one, only when asked to, in a new file."""

    interview: Interview
    terminal: Terminal
    file: Path | None
    knowledge: str | None = None
    """The knowledge folder, if it is not the built-in one."""
    failed: bool = False
    written: bytes | None = None
    """What the file held when it was last written."""

    def __post_init__(self) -> None:
        if self.file is not None:
            with contextlib.suppress(OSError):
                self.written = self.file.read_bytes()

    def _save(self, file: Path) -> None:
        """Puts the conversation into the file, or beside it if another one is in there by now."""
        if self.written is not None and not session_file.holds(file, self.written):
            self.file, self.written = session_file.beside(file), b""
            self.terminal.tell(
                f"Warning: another conversation is kept in {file} by now, so this one goes on in "
                f"{self.file}."
            )
        else:
            self.file = file
        self.written = session_file.save(self.interview, self.file)

    def keep(self) -> None:
        """Puts what was just said on disk, if there is a file; says once when that fails."""
        if self.file is None:
            return
        try:
            self._save(self.file)
            self.failed = False
        except session_file.InvalidSession as error:
            if not self.failed:
                self.terminal.tell(f"Warning: your answers are not saved. {error.problems[0]}")
            self.failed = True

    def tell_saved(self) -> None:
        """Saves the conversation now, and says where, or why not."""
        self.failed = False
        try:
            self._save(self.file or session_file.free_file(Path()))
        except session_file.InvalidSession as error:
            self.failed = True
            self.terminal.tell(f"Not saved: {error.problems[0]}")
            return
        other = f" --knowledge {shlex.quote(self.knowledge)}" if self.knowledge else ""
        again = f"diagnoser ask{other} --resume {shlex.quote(str(self.file))}"
        self.terminal.tell(f"Saved in {self.file}. To go on later:")
        self.terminal.command(again)
