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
from diagnoser.interview.forms import TRIED_ASKS
from diagnoser.terminal.own_words import ASK
from diagnoser.terminal.visits import HOLD
from tests.commands import PATIENCE, PROGRAM, environment

PROMPTS = re.compile(
    r"(?:Your answer|Enter to go on|to change it|with step \d+|all, or none|Enter skips it\)):? ?$"
)
WAYS_OUT = {"Ctrl-C": "\x03", "Ctrl-D": "\x04", "kill -9": ""}
BOXES, TRIED, LOOK, LIST, CONFIRM = "boxes", "tried", "look", "list", "confirm"
CONTRADICTION, START, STEP, MUST = "contradiction", "start", "step", "must"
MARKS = {
    HOLD: BOXES,
    TRIED_ASKS: TRIED,
    "Can you look now?": LOOK,
    "Have you looked?": LOOK,
    "or Enter to go on:": LIST,
    "Enter if all is right": CONFIRM,
    "Leave it, my answers are right": CONTRADICTION,
    "Enter to go on with step": START,
    "Did that fix it?": STEP,
    "Is that done?": MUST,
}
ELSEWHERE = (LOOK, LIST, CONFIRM, START, STEP, MUST)
"""The prompts that are not about facts."""
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


class Talk:
    """One run of the program with a person at the terminal."""

    def __init__(
        self,
        diagnoser: Diagnoser,
        folder: Path,
        *arguments: str,
        columns: int = 80,
        rows: int = 24,
        output: Path | None = None,
        opening: str | None = "",
        **changes: str,
    ) -> None:
        """`output` takes standard output, which is the terminal otherwise; `opening` is typed where
        the person's own words are asked for, unless it is None."""
        facts = diagnoser.knowledge.facts.values()
        self._marks = MARKS | {fact.ask: fact.id for fact in facts if fact.ask}
        self._boxes = {f.tick[1]: f for f in facts if getattr(f, "tick", None)}
        self.all = self.last = self.screen = ""
        self._screen, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
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
        if opening is not None and self.last.endswith(ASK):
            welcome, last = self.screen, self.last
            self.say(opening)
            self.screen, self.last = welcome + self.screen, f"{last} {self.last}"

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
            elif PROMPTS.search(self._plain(raw)) and self._waits():
                break
        else:
            raise AssertionError(f"no prompt and no end:\n{self.all}{raw.decode()}")
        text = raw.decode().replace("\r\n", "\n")
        self.screen = ESCAPES.sub("", text)
        self.last = " ".join(self.screen.split())
        self.all += text

    def _waits(self) -> bool:
        """Whether the program sleeps, as it does at a prompt; while it only has to wait for the
        machine, it has more to say. Where that cannot be told, it does."""
        try:
            stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        except OSError:
            return True
        return stat.rpartition(")")[2].split()[0] == "S"

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

    def begin(self) -> None:
        """Goes on from the finding to the first step."""
        assert self.asked == START
        self.say("")
        assert self.asked in (STEP, MUST)

    def answer(self, answers: Mapping[str, str], until: str = CONFIRM, most: int = 60) -> list[str]:
        """Answers questions until another kind of prompt, or so many prompts; what is not in the
        mapping is not known. Returns what was asked for."""
        asked: list[str] = []
        while len(asked) < most and not self.ended:
            what = self.asked
            if what == CONTRADICTION:
                self.say("leave")
            elif what is None or what == until or what in ELSEWHERE:
                break
            else:
                asked.append(what)
                self.say(self.reply(what, answers))
        return asked

    def reply(self, asked: str, answers: Mapping[str, str]) -> str:
        """What somebody types who knows these answers."""
        if asked == TRIED:
            return answers.get(TRIED, "")
        if asked != BOXES:
            return answers.get(asked, "not sure")
        boxes = {number: self._boxes.get(text) for number, text in self.options().items()}
        facts = {number: fact for number, fact in boxes.items() if fact is not None}
        ticked = [n for n, fact in facts.items() if answers.get(fact.id) == fact.tick[0]]
        if not all(fact.id in answers for fact in facts.values()):
            ticked.append(str(len(boxes)))
        return " ".join(ticked) or "none"

    def options(self) -> dict[str, str]:
        """The numbered lines of what was shown last, by their number."""
        found: dict[str, str] = {}
        for line in self.screen[self.screen.rfind("Which of these") :].splitlines()[1:]:
            numbered = re.fullmatch(r"  (\d+)\. (.+)", line)
            if numbered:
                found[numbered[1]] = numbered[2]
            elif found and line.startswith("     "):
                found[max(found, key=int)] += f" {line.strip()}"
        return found
