"""Saves a conversation in its file after each thing that is said."""

from __future__ import annotations

import contextlib
import shlex
from dataclasses import dataclass
from pathlib import Path

from diagnoser.interview import session_file
from diagnoser.interview.interview import Interview
from diagnoser.terminal.terminal import Terminal


@dataclass
class Autosave:
    """Saves the conversation in a file; without one, only when asked to, in a new file."""

    interview: Interview
    terminal: Terminal
    file: Path | None
    knowledge: str | None = None
    """The knowledge folder, if it is not the built-in one."""
    failed: bool = False
    """Whether it could not be saved the last time."""
    written: bytes | None = None
    """What was last written into the file."""

    def __post_init__(self) -> None:
        if self.file is not None:
            with contextlib.suppress(OSError):
                self.written = self.file.read_bytes()

    def _write(self, file: Path) -> None:
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

    def save(self) -> None:
        """Saves what was just said, if there is a file; warns once when that fails."""
        if self.file is None:
            return
        try:
            self._write(self.file)
            self.failed = False
        except session_file.InvalidSession as error:
            if not self.failed:
                self.terminal.tell(f"Warning: your answers are not saved. {error.problems[0]}")
            self.failed = True

    def save_and_tell(self) -> None:
        """Saves the conversation, and says how to go on with it, or why it could not be saved."""
        self.failed = False
        try:
            self._write(self.file or session_file.free_file(Path()))
        except session_file.InvalidSession as error:
            self.failed = True
            self.terminal.tell(f"Not saved: {error.problems[0]}")
            return
        other = f" --knowledge {shlex.quote(self.knowledge)}" if self.knowledge else ""
        again = f"diagnoser ask{other} --resume {shlex.quote(str(self.file))}"
        self.terminal.tell(f"Saved in {self.file}. To go on later:")
        self.terminal.command(again)
