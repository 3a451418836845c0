"""Fleets for the tests: phones with typical answers, and files of them in every format."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from diagnoser import Diagnoser

Phone = dict[str, Any]
MANAGED = ("backup.switch", "backup.last_backup", "ios.version", "device.model")
"""What a management of devices tells."""


def phones(
    diagnoser: Diagnoser, number: int, seed: int = 22, only: Iterable[str] = ()
) -> list[Phone]:
    """Phones with ids, each with a third of the answers that can be given, or with `only` those;
    the answers are as common as the pack says, and some are given twice."""
    return list(stream(diagnoser, number, seed, only))


def stream(
    diagnoser: Diagnoser, number: int, seed: int = 22, only: Iterable[str] = ()
) -> Iterator[Phone]:
    luck = random.Random(seed)
    wanted = set(only)
    facts = [
        (
            *fact.id.split("."),
            [fact.kind.show(value) for value, _ in fact.typical],
            [share for _, share in fact.typical],
        )
        for fact in diagnoser.knowledge.facts.values()
        if fact.askable and not fact.only_if and (not wanted or fact.id in wanted)
    ]
    for place in range(number):
        phone: Phone = {"id": f"phone {place}"}
        for area, name, values, shares in facts:
            if wanted or luck.random() < 1 / 3:
                phone.setdefault(area, {})[name] = luck.choices(values, shares)[0]
        yield phone


def flat(phone: Mapping[str, Any]) -> dict[str, Any]:
    """A phone as a row of a table."""
    row = {"id": phone.get("id")}
    for area, facts in phone.items():
        if isinstance(facts, dict):
            row |= {f"{area}.{name}": answer for name, answer in facts.items()}
    return row


def lines(phones: Iterable[Mapping[str, Any]]) -> bytes:
    return b"".join(json.dumps(phone).encode() + b"\n" for phone in phones)


def write(path: Path, phones: Iterable[Phone]) -> Path:
    """The phones as a file of the format that the name ends in."""
    phones = list(phones)
    rows = [flat(phone) for phone in phones]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if path.suffix == ".jsonl":
        path.write_bytes(lines(phones))
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            for row in rows:
                several = {
                    name: ", ".join(one) for name, one in row.items() if isinstance(one, list)
                }
                writer.writerow(row | several)
    else:
        table = pa.table({name: [row.get(name) for row in rows] for name in columns})
        pq.write_table(table, path)
    return path


def rows(path: Path) -> list[dict[str, Any]]:
    """What a run has written, whatever the format; all cells are text, or None."""
    if path.suffix == ".jsonl":
        found = [json.loads(line) for line in path.read_bytes().splitlines()]
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))
    else:
        found = pq.read_table(path).to_pylist()
    return [
        {name: None if cell in (None, "") else _text(cell) for name, cell in row.items()}
        for row in found
    ]


def _text(cell: Any) -> str:
    number = isinstance(cell, int | float)
    text = str(cell)
    if not number:
        try:
            return str(float(text)) if "." in text and text.count(".") == 1 else text
        except ValueError:
            return text
    return str(float(cell)) if isinstance(cell, float) else text
