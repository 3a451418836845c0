"""Talks with `diagnoser ask` at a pseudo-terminal, and answers by fact id, whatever is asked."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from diagnoser import Diagnoser
from tests.commands import PROGRAM, environment

PATIENCE = 60
PROMPTS = ("Your answer:", "Enter to go on:", "to change it:")
WAYS_OUT = {"Ctrl-C": "\x03", "Ctrl-D": "\x04", "kill -9": ""}
LIST, CONFIRM, CONTRADICTION, STEP, MUST = "list", "confirm", "contradiction", "step", "must"
MARKS = {
    "or Enter to go on:": LIST,
    "Enter if all is right": CONFIRM,
    "Leave it, my answers are right": CONTRADICTION,
    "Did that fix it?": STEP,
    "Is that done?": MUST,
}
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


class Talk:
    """One run of the program with a person at the terminal."""

    def __init__(
        self,
        diagnoser: Diagnoser,
        folder: Path,
        *arguments: str,
        columns: int = 80,
        output: Path | None = None,
        **changes: str,
    ) -> None:
        """`output` takes standard output, which is the terminal otherwise."""
        facts = diagnoser.knowledge.facts.values()
        self._marks = MARKS | {fact.ask: fact.id for fact in facts if fact.ask}
        self.all = self.last = ""
        self._screen, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = subprocess.Popen(
            [*PROGRAM, "ask", *arguments],
            stdin=terminal,
            stdout=terminal if output is None else output.open("wb"),
            stderr=terminal,
            cwd=folder,
            env=environment(**{"TERM": "xterm", **changes}),
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(terminal)
        self.listen()

    def __enter__(self) -> Talk:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._screen)

    # -- reading

    def listen(self) -> None:
        """Reads until the program waits for an answer, or has ended."""
        self.last = ""
        end = time.monotonic() + PATIENCE
        raw = b""
        while time.monotonic() < end:
            ready, _, _ = select.select([self._screen], [], [], 0.02)
            if ready:
                try:
                    raw += os.read(self._screen, 65536)
                except OSError:  # the other side is closed
                    self.process.wait(PATIENCE)
                    break
            elif self._plain(raw).endswith(PROMPTS):
                break
        else:
            raise AssertionError(f"no prompt and no end:\n{self.all}{raw.decode()}")
        text = raw.decode().replace("\r\n", "\n")
        self.last = " ".join(ESCAPES.sub("", text).split())
        self.all += text

    @staticmethod
    def _plain(raw: bytes) -> str:
        return " ".join(raw.decode(errors="replace").split())

    @property
    def asked(self) -> str | None:
        """The fact that is asked for, or another kind of prompt; None for a prompt that is only
        repeated."""
        if self.ended:
            return None
        place, what = max((self.last.rfind(mark), what) for mark, what in self._marks.items())
        return what if place >= 0 else None

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def code(self) -> int:
        return self.process.wait(PATIENCE)

    # -- writing

    def say(self, text: str) -> None:
        """Types a line, and listens."""
        self.type(f"{text}\n")

    def type(self, keys: str) -> None:
        """Types some keys, and listens."""
        os.write(self._screen, keys.encode())
        self.listen()

    def leave(self, way: str) -> None:
        """Goes in one of the WAYS_OUT."""
        if WAYS_OUT[way]:
            self.type(WAYS_OUT[way])
        else:
            self.kill()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def hang_up(self) -> None:
        """Closes the terminal, and waits for the end."""
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, self._screen)
        os.close(nothing)
        self.process.wait(PATIENCE)

    def answer(self, answers: Mapping[str, str], until: str = CONFIRM, most: int = 60) -> list[str]:
        """Answers questions until another kind of prompt, or so many; what is not in the mapping is
        not known. Returns the facts that were asked for."""
        facts: list[str] = []
        while len(facts) < most and not self.ended:
            asked = self.asked
            if asked == CONTRADICTION:
                self.say("leave")
                continue
            if asked is None or asked in (until, LIST, CONFIRM, STEP, MUST):
                break
            facts.append(asked)
            self.say(answers.get(asked, "not sure"))
        return facts
