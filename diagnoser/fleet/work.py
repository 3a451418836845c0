"""Work on all cores: tasks go to processes that each load the knowledge once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from typing import TypeVar

from diagnoser.errors import DiagnoserError, fact_problem

Task = TypeVar("Task")
Result = TypeVar("Result")
WAITING = 2
"""Tasks for each process that are under way or wait; the rest is not read yet."""


class WorkerLost(DiagnoserError):
    """A process that did some of the work has ended."""

    what = "The work was broken off"


class Workers:
    """Up to `most` processes, each of which calls `prepare` once; with few tasks, this one."""

    def __init__(self, most: int, prepare: Callable[..., None], *setting: object) -> None:
        self._most, self._prepare, self._setting = most, prepare, setting
        self._pool: ProcessPoolExecutor | None = None
        self._prepared = False

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, error: object, *_: object) -> None:
        if self._pool is not None and error is None:
            self._pool.shutdown()
        elif self._pool is not None:
            processes = [*(self._pool._processes or {}).values()]
            self._pool.shutdown(wait=False, cancel_futures=True)
            for process in processes:
                process.terminate()

    def map(
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[tuple[Task, Result]]:
        """Each task with its result, in the order in which they are done.

        Raises WorkerLost, and what the function raises.
        """
        rest = iter(tasks)
        first = list(islice(rest, 2))
        if self._most == 1 or (len(first) < 2 and self._pool is None):
            if not self._prepared:
                self._prepare(*self._setting)
                self._prepared = True
            for task in chain(first, rest):
                yield task, function(task)
            return
        if self._pool is None:
            # Where threads run, as those of Arrow do, a process must not be forked.
            begin = partial(_begin, self._prepare, *self._setting)
            self._pool = ProcessPoolExecutor(self._most, get_context("spawn"), begin)
        try:
            yield from self._shared(self._pool, function, chain(first, rest))
        except BrokenProcessPool:
            reason = "one of its processes has ended, perhaps for want of memory"
            raise WorkerLost(
                [fact_problem("", reason, "the same command goes on; fewer --workers need less")]
            ) from None

    def _shared(
        self,
        pool: ProcessPoolExecutor,
        function: Callable[[Task], Result],
        tasks: Iterator[Task],
    ) -> Iterator[tuple[Task, Result]]:
        waiting: dict[Future[Result], Task] = {}
        for task in tasks:
            waiting[pool.submit(function, task)] = task
            while len(waiting) >= WAITING * self._most:
                yield from _done(waiting)
        while waiting:
            yield from _done(waiting)


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _done(waiting: dict[Future[Result], Task]) -> Iterator[tuple[Task, Result]]:
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for one in done:
        yield waiting.pop(one), one.result()


def _begin(prepare: Callable[..., None], *setting: object) -> None:
    """Makes ready a process, which ends with the one that started it, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the first one ends the rest
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    prepare(*setting)


def _end_with(parent: object) -> None:
    parent.join()  # type: ignore[attr-defined]
    os._exit(1)
