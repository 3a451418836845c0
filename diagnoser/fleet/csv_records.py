"""Reads comma-separated values record by record, so that a bad one costs no other.

A quote that is never closed would swallow what comes after it. So where a record of several lines
is bad, only its first line is given up, and reading goes on with the next one.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import IO

from diagnoser.case.json_input import MAX_BYTES

SEPARATORS = ",;\t"
TOO_LONG = f"larger than {MAX_BYTES // 1024} KiB; a case is much smaller"


class NoHeader(ValueError):
    """The first line does not name the columns; the text says why."""


class _TooLong(Exception):
    """A record is longer than a case can be."""


class Records:
    """The records of a file in UTF-8, after the `header` that names its columns.

    Each comes with the number of the line on which it begins (the header is on line 1), its cells
    or what is wrong with it, and its size in bytes. Bytes that are no text become half characters.
    """

    def __init__(self, lines: IO[bytes]) -> None:
        """Raises NoHeader."""
        self._source, self._pushed = lines, deque[str]()
        self._held: list[str] = []
        self._size = 0
        self._number = 0  # of the line that was read last
        first = lines.readline(MAX_BYTES + 2)
        if first[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in first[:4]:
            raise NoHeader("is not UTF-8 text, but UTF-16 or the like; save it as UTF-8")
        try:
            text = first.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise NoHeader("is not UTF-8 text; save it as UTF-8") from None
        if len(first) > MAX_BYTES or not text.strip():
            raise NoHeader("has no line with the names of the columns")
        self._separator = max(SEPARATORS, key=text.count)
        self._pushed.append(text)
        try:
            self.header: list[str] = next(self._reader())
        except (csv.Error, _TooLong, StopIteration):
            raise NoHeader("has no line with the names of the columns") from None

    def __iter__(self) -> Iterator[tuple[int, list[str] | str, int]]:
        reader = self._reader()
        while True:
            self._held, self._size = [], 0
            wrong = ""
            cells: list[str] = []
            try:
                cells = next(reader)
                if cells and len(cells) != len(self.header):
                    wrong = f"the number of its cells is {len(cells)}, and not {len(self.header)}"
            except StopIteration:
                return
            except _TooLong:
                wrong = TOO_LONG
            except csv.Error:
                wrong = "has a quote that does not fit; a cell with quotes has each one twice"
            start = self._number - len(self._held) + 1
            if wrong:
                self._pushed.extendleft(reversed(self._held[1:]))
                self._number = start
                reader = self._reader()
            if wrong or cells:
                yield start, wrong or cells, self._size

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._lines(), delimiter=self._separator, strict=True)

    def _lines(self) -> Iterator[str]:
        """The lines, first those that were given back; each is held until its record is done."""
        while True:
            raw = rest = b""
            if self._pushed:
                line = self._pushed.popleft()
            else:
                raw = rest = self._source.readline(MAX_BYTES + 2)
                if not raw:
                    return
                while len(rest) > MAX_BYTES and not rest.endswith(b"\n"):
                    rest = self._source.readline(MAX_BYTES + 2)
                line = raw.decode(errors="surrogateescape")
            self._number += 1
            self._held.append(line)
            self._size += len(line)
            if max(self._size, len(raw)) > MAX_BYTES:
                raise _TooLong
            yield line
