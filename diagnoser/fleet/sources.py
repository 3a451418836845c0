"""Reads files of cases piece by piece, each piece small enough for memory and the same on every
run."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

import pyarrow as pa

from diagnoser.case.json_input import MAX_BYTES
from diagnoser.errors import DiagnoserError, fact_problem, printable
from diagnoser.fleet import tables
from diagnoser.fleet.cases import CaseReader, CaseRow
from diagnoser.fleet.csv_records import NoHeader, Records
from diagnoser.knowledge.model import Knowledge

ENDINGS = {
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
    ".csv": "csv",
    ".csv.gz": "csv",
    ".parquet": "parquet",
}
"""The formats of files of cases and of diagnoses, by the end of their names."""
LIST = ".json"
"""The end of the name of a file as `diagnoser import --format json` writes it."""
LONGEST_LIST = 32 * 1024 * 1024
"""Bytes of such a file at most, since it is read at once."""
ROWS, BYTES = 5000, 4 * 1024 * 1024
"""A piece has so many rows and bytes at most."""
TOO_DEEP = "nested far too deep; facts need two levels"
TOO_LONG = f"larger than {MAX_BYTES // 1024} KiB; a case is much smaller"

Rows = list[tuple[int, Any]] | tuple[int, pa.RecordBatch]
"""Rows with their numbers, each a line (bytes), cells, or CaseRow that says why it is none; or
the number of the first row of a batch, and the batch."""


class InvalidCases(DiagnoserError):
    """A file of cases cannot be read."""

    what = "These cases cannot be read"


class Piece(NamedTuple):
    """Some rows that stand one after the other; `place` is how far into the file they end, in
    the unit of `Source.size`."""

    number: int
    rows: Rows
    place: int


class Source:
    """A file of cases: what its columns are for, and its pieces.

    `size` is what there is to read, in rows of Parquet and in bytes (packed ones) of the rest.
    """

    def __init__(
        self, path: Path, knowledge: Knowledge, id: str | None = None, ignore_others: bool = False
    ) -> None:
        """Raises InvalidCases, and InvalidColumns with every column that cannot be used."""
        self.path, self.format = path, format_of(path, reading=True)
        self.columns: tables.Columns | None = None
        with _readable(path):
            self.size = path.stat().st_size
            if not path.is_file() and not path.is_dir():
                raise InvalidCases([_problem(path, "is no file", "what can be read twice")])
            if self.format == "jsonl" or self.format == "json":
                areas = {*knowledge.areas, "tried", "provenance", "facts"}
                if id in areas:
                    raise InvalidCases([fact_problem(str(id), "is no name of an id: an area is")])
                with _opened(path) as (_, lines):
                    begins = lines.read(4)
                if begins[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in begins:
                    raise InvalidCases([_problem(path, "is not UTF-8 text; save it as UTF-8")])
            elif self.format == "csv":
                with _opened(path) as (_, lines):
                    try:
                        names = Records(lines).header
                    except NoHeader as error:
                        raise InvalidCases([_problem(path, str(error))]) from None
                self.columns = tables.columns_of(names, knowledge, id, ignore_others)
            else:
                file = _parquet(path)
                self.size = file.metadata.num_rows
                schema = _flat(file.schema_arrow)
                self.columns = tables.columns_of(schema.names, knowledge, id, ignore_others)
                tables.check_types(schema, self.columns, knowledge)

    def pieces(self) -> Iterator[Piece]:
        """All rows, piece by piece. Raises InvalidCases where the file is damaged."""
        kinds = {"csv": self._records, "jsonl": self._lines, "json": self._list}
        with _readable(self.path):
            if self.format == "parquet":
                yield from self._batches()
            else:
                yield from _in_pieces(kinds[self.format]())

    def _lines(self) -> Iterator[tuple[int, Any, int, int]]:
        """Each line with its number, its size, and how far it is into the file."""
        with _opened(self.path) as (raw, lines):
            number = 0
            while line := lines.readline(MAX_BYTES + 2):
                number += 1
                row: bytes | CaseRow = line
                while not line.endswith(b"\n") and len(line) > MAX_BYTES:
                    row = CaseRow(None, None, TOO_LONG)
                    line = lines.readline(MAX_BYTES + 2)
                if row.strip() if isinstance(row, bytes) else True:
                    yield number, row, len(line), raw.tell()

    def _list(self) -> Iterator[tuple[int, Any, int, int]]:
        """Each entry of a list, as a line."""
        with self.path.open("rb") as file:
            content = file.read(LONGEST_LIST + 1)
        if len(content) > LONGEST_LIST:
            reason = f"is larger than {LONGEST_LIST // 1024**2} MiB; write a case on each line"
            raise InvalidCases([_problem(self.path, reason, "as .jsonl")])
        try:
            cases = json.loads(content, parse_int=_integer)
        except (ValueError, RecursionError):
            raise InvalidCases([_problem(self.path, "is not JSON")]) from None
        if not isinstance(cases, list):
            raise InvalidCases([_problem(self.path, "is no list of cases", "[{...}, {...}]")])
        for number, case in enumerate(cases, start=1):
            place = self.size * number // len(cases)
            try:
                line = json.dumps(case).encode()
            except RecursionError:
                yield number, CaseRow(None, None, TOO_DEEP), 0, place
            else:
                yield number, line, len(line), place

    def _records(self) -> Iterator[tuple[int, Any, int, int]]:
        """Each record with the number of its first line; only the cells that are used."""
        assert self.columns
        places = self.columns.places
        with _opened(self.path) as (raw, lines):
            for number, record, size in Records(lines):
                row = CaseRow(None, None, record) if isinstance(record, str) else record
                if isinstance(row, list):
                    row = [row[place] for place in places]
                yield number, row, size, raw.tell()

    def _batches(self) -> Iterator[Piece]:
        assert self.columns
        file = _parquet(self.path)
        start = 1
        names = _flat(file.schema_arrow).names
        used = [names[place] for place in self.columns.places]
        number = 0
        for batch in file.iter_batches(ROWS, columns=used, use_threads=False):
            yield Piece(number, (start, batch), start + batch.num_rows - 1)
            start, number = start + batch.num_rows, number + 1
        if not number:
            yield Piece(0, [], 0)


class RowReader:
    """Makes cases of the rows of a piece, in whatever process."""

    def __init__(
        self,
        reader: CaseReader,
        knowledge: Knowledge,
        columns: tables.Columns | None,
        id: str | None,
    ) -> None:
        self._reader, self._knowledge, self._id = reader, knowledge, id
        self._columns = columns
        if columns is not None:
            at = {place: index for index, place in enumerate(columns.places)}
            self._facts = [(fact, at[place]) for fact, place in columns.facts.items()]
            self._id_at = None if columns.id is None else at[columns.id]
            self._whole_at = None if columns.whole is None else at[columns.whole]

    def cases(self, rows: Rows) -> Iterator[tuple[int, CaseRow]]:
        """Each row with its number."""
        if isinstance(rows, tuple):
            start, batch = rows[0], tables.flat(rows[1])
            names = batch.schema.names
            used = tables.columns_of(names, self._knowledge, self._id, ignore_others=True)
            yield from enumerate(tables.cases_of(batch, used, self._reader), start=start)
            return
        for number, row in rows:
            if isinstance(row, bytes):
                yield number, self._reader.of_json(row)
            else:
                yield number, row if isinstance(row, CaseRow) else self._of_cells(row)

    def _of_cells(self, cells: list[str]) -> CaseRow:
        id = None if self._id_at is None else cells[self._id_at]
        if self._whole_at is None:
            return self._reader.of_cells(id, ((fact, cells[at]) for fact, at in self._facts))
        case = self._reader.of_json(cells[self._whole_at].encode(errors="surrogateescape") or b"{}")
        return case._replace(id=self._reader.of_cells(id, ()).id) if id else case


def format_of(path: Path, reading: bool = False) -> str:
    """The format that the end of a name stands for. Raises InvalidCases."""
    name = path.name.lower()
    if reading and name.endswith(LIST):
        return "json"
    for ending, format in ENDINGS.items():
        if name.endswith(ending):
            return format
    endings = ", ".join([*ENDINGS, LIST] if reading else ENDINGS)
    raise InvalidCases(
        [_problem(path, "has a name that tells no format", f"a name with {endings}")]
    )


def _integer(digits: str) -> int | float:
    """A number; Python makes no int of thousands of digits."""
    return int(digits) if len(digits) <= 20 else float(digits)


def _in_pieces(rows: Iterator[tuple[int, Any, int, int]]) -> Iterator[Piece]:
    piece: list[tuple[int, Any]] = []
    number = held = at = 0
    for row, content, size, place in rows:
        if len(piece) == ROWS or (piece and held + size > BYTES):
            yield Piece(number, piece, at)
            number, piece, held = number + 1, [], 0
        piece.append((row, content))
        held, at = held + size, place
    if piece or not number:
        yield Piece(number, piece, at)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """The file, and its content, unpacked where it is packed."""
    with path.open("rb") as raw:
        if path.name.lower().endswith(".gz"):
            with gzip.open(raw) as unpacked:
                yield raw, cast(IO[bytes], unpacked)
        else:
            yield raw, raw


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Whatever is wrong with the file as a whole becomes InvalidCases."""
    try:
        yield
    except FileNotFoundError:
        raise InvalidCases([_problem(path, "there is no such file")]) from None
    except IsADirectoryError:
        raise InvalidCases([_problem(path, "is a folder", "a file")]) from None
    except (EOFError, gzip.BadGzipFile):
        raise InvalidCases([_problem(path, "is cut off, or not packed by gzip")]) from None
    except pa.ArrowException:
        raise InvalidCases([_problem(path, "is damaged, or no Parquet file")]) from None
    except OSError as error:
        # Arrow's own have no number, and tell of the inside of a file.
        reason = f"cannot be read: {error.strerror}" if error.errno else "is damaged"
        raise InvalidCases([_problem(path, reason)]) from None


def _parquet(path: Path) -> Any:
    import pyarrow.parquet as pq

    return pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False)


def _flat(schema: pa.Schema) -> pa.Schema:
    return tables.flat(pa.RecordBatch.from_pylist([], schema=schema)).schema


def _problem(path: Path, reason: str, allowed: str = "") -> Any:
    return fact_problem(printable(str(path)), reason, allowed)
