"""What was read from files: cases, what was set aside, and what could not be read."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from diagnoser.case.provenance import Provenance
from diagnoser.report.model import Reported, Sheet


class ImportedCase(Reported):
    """What is known of one iPhone. `device` is a row of a file, or the hash that was asked for;
    `facts` are ready for a diagnosis, and `provenance` tells where each is from, but those that
    were given in person."""

    device: str
    facts: Sheet
    provenance: Annotated[dict[str, Provenance], Field(description="By fact id.")]
    notes: Annotated[list[str], Field(description="What is to be known of it, in sentences.")]

    def sheet(self) -> dict[str, object]:
        """The facts with their provenance, as a facts file holds both."""
        told = {id: one.model_dump() for id, one in self.provenance.items()}
        return {**self.facts, **({"provenance": told} if told else {})}


class SetAside(Reported):
    """A device that is no iPhone, and what it is."""

    device: str
    kind: str


class FileRead(Reported):
    """A file that was read: its format, its devices (0 where it holds for all), and what is to be
    known of it."""

    file: str
    format: str
    devices: int
    notes: list[str]


class FileRefused(Reported):
    """A file that could not be read: why, and what could be."""

    file: str
    reason: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}" + (
            f" (allowed: {self.allowed})" if self.allowed else ""
        )


class Imported(Reported):
    """All that was read in one call."""

    cases: list[ImportedCase]
    set_aside: list[SetAside]
    read: list[FileRead]
    refused: list[FileRefused]
