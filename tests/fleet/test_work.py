"""Work that several processes share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from diagnoser.fleet.work import WAITING, WorkerLost, Workers


def nothing() -> None:
    """Makes nothing ready."""


def doubled(number: int) -> int:
    return 2 * number


def end(number: int) -> int:
    os._exit(1)


def test_each_task_comes_with_its_result_and_few_are_read_ahead() -> None:
    read = done = 0

    def tasks() -> Iterator[int]:
        nonlocal read
        for number in range(20):
            read += 1
            assert read - done <= WAITING * 2 + 2
            yield number

    found = {}
    with Workers(2, nothing) as workers:
        for task, result in workers.map(doubled, tasks()):
            found[task] = result
            done += 1
    assert found == {number: 2 * number for number in range(20)}


def test_a_process_that_is_lost_is_told() -> None:
    with (
        pytest.raises(WorkerLost, match="the same command goes on"),
        Workers(2, nothing) as workers,
    ):
        list(workers.map(end, range(3)))
