"""Runs `diagnoser serve` in a process of its own, on a free port of this machine."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path
from types import TracebackType

from tests.commands import PATIENCE, PROGRAM, environment


class Server:
    """A server that runs until the end of a `with`, or until it is stopped before."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [*PROGRAM, "serve", "--port", "0", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            text=True,
        )
        assert self._process.stderr
        self.said = self._process.stderr.readline()
        found = re.search(r"http://(?:[\w.]+|\[::1\]):(\d+)", self.said)
        assert found, self.said + self._process.stderr.read()
        self.address, self.port = found[0], int(found[1])

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self.stop(signal.SIGKILL)

    def tell(self, how: signal.Signals) -> None:
        """Sends a signal, and does not wait."""
        self._process.send_signal(how)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """Stops it; its exit code, and all that it wrote, the line with its address too."""
        self.tell(how)
        out, err = self._process.communicate(timeout=PATIENCE)
        return self._process.returncode, out, self.said + err

    def memory(self) -> int:
        """Bytes of memory that it has now."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) * 1024
