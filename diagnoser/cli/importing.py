"""The command that reads what devices and management have written: `import`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from diagnoser.cli.options import Pairs, as_of_option, format_option, knowledge_option, set_option
from diagnoser.cli.program import FOUND, write_json

if TYPE_CHECKING:
    from datetime import datetime

    from diagnoser.api import Diagnoser
    from diagnoser.importing import File, Imported, ImportedCase
    from diagnoser.rendering.words import Page
    from diagnoser.report.model import Report

NAMES = (
    "mdm_device_information",
    "mdm_restrictions",
    "jamf_classic",
    "jamf_v2",
    "intune_device",
    "intune_configuration",
    "simplemdm",
    "mosyle",
    "ideviceinfo",
    "pymobiledevice3",
    "apple_status",
    "version_feed",
)
NOT_TOLD = (
    "No such file tells of Wi-Fi, of power and the lock at night, of iCloud storage, or of the"
    " account. Ask for these."
)


@click.command(name="import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--from",
    "format_name",
    type=click.Choice(NAMES),
    help="The format of all files; without it each is known by its content.",
)
@as_of_option("The day to which ages are counted; without it the day of a report, if it has one.")
@click.option("--diagnose", "diagnosing", is_flag=True, help="Also diagnose each case.")
@click.option(
    "--salt-file",
    metavar="FILE",
    help="Name devices by a hash of their serial number, keyed with what FILE holds.",
)
@set_option
@knowledge_option
@format_option("text", "json")
def import_(
    files: tuple[str, ...],
    format_name: str | None,
    as_of: datetime | None,
    diagnosing: bool,
    salt_file: str | None,
    given: Pairs,
    knowledge: str | None,
    form: str,
) -> int:
    """Read what devices and management have written down, a case for each iPhone.

    FILE is of an MDM or one of its products, of a tool that reads an iPhone over USB, or a feed of
    Apple's that holds for all. Several files about one device are one case. Serial numbers and
    names are not shown. JSON is a list of cases; the facts of each are as in a facts file. Exits
    with 1 when some of the files could not be read, 2 when none could.
    """
    from diagnoser.cli.options import read_case
    from diagnoser.importing import read
    from diagnoser.terminal import console

    diagnoser, said = read_case(None, given, knowledge, needed=False)
    imported = read(
        diagnoser,
        [_content(file) for file in files],
        as_of=as_of.date() if as_of else None,
        given=said,
        format=format_name,
        salt=None if salt_file is None else _salt(salt_file),
    )
    reports = [diagnoser.diagnose(case.sheet()) if diagnosing else None for case in imported.cases]
    if form == "json":
        write_json([_as_json(*both) for both in zip(imported.cases, reports, strict=True)])
    else:
        console.write(_as_text(imported, reports, diagnoser, console.width(), console.colour()))
    if problems := [f"  {one}" for one in imported.refused]:
        console.talk(["Error: These files cannot be read:", *problems])
    if form == "json" or not imported.cases:
        console.talk(_remarks(imported))
    return 0 if not imported.refused else FOUND if imported.read else console.BAD_INPUT


def _content(file: str) -> File:
    """A file as it is read; standard input for `-`."""
    if file != "-":
        return file
    from diagnoser.importing.content import MAX_BYTES

    with click.open_file("-", "rb") as stream:
        return "standard input", stream.read(MAX_BYTES + 1)


def _salt(name: str) -> bytes:
    """What a file of a salt holds, without the line end that an editor puts there."""
    from pathlib import Path

    try:
        with Path(name).open("rb") as file:
            return file.read(4096).rstrip(b"\r\n")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise click.FileError(name, reason or "its name is none") from None


def _as_json(case: ImportedCase, report: Report | None) -> dict[str, object]:
    plain = {name: getattr(case, name) for name in type(case).model_fields}
    return plain if report is None else {**plain, "report": report}


def _remarks(imported: Imported) -> list[str]:
    """What was read and is no case: devices set aside, and notes of files."""
    aside = [f"{one.device} is set aside: {one.kind}, not iPhone." for one in imported.set_aside]
    return [*aside, *(f"{one.file}: {note}" for one in imported.read for note in one.notes)]


def _as_text(
    imported: Imported,
    reports: list[Report | None],
    diagnoser: Diagnoser,
    width: int,
    colour: bool,
) -> str:
    """For each case what was read from where, and what is notable."""
    from diagnoser.rendering.words import Page

    page = Page(width, colour)
    for case, report in zip(imported.cases, reports, strict=True):
        page.heading(case.device)
        for line in _answers(case, diagnoser):
            page.say(line, 2, "- ")
        if not case.facts:
            page.say("Nothing was told of it.", 2)
        for note in case.notes:
            page.say(note, 2, "Note: ")
        if report is not None:
            _say_report(page, report)
    if imported.cases:
        page.gap()
        page.say(NOT_TOLD)
        for remark in _remarks(imported):
            page.say(remark)
    return page.text()


def _answers(case: ImportedCase, diagnoser: Diagnoser) -> Iterator[str]:
    from diagnoser.knowledge import wording
    from diagnoser.knowledge.values import UNKNOWN

    known = diagnoser.sheet.read(case.facts)
    for id in diagnoser.knowledge.facts:
        if id not in known.given and id not in known.unsure:
            continue
        tentative = id in known.tentative
        answer = wording.label(id, known.given.get(id, UNKNOWN), diagnoser.knowledge, tentative)
        told = case.provenance.get(id)
        value = f': "{told.value}"' if told else ""
        source = f"{told.in_words()}{value}" if told else "given"
        yield f"{wording.question(id, diagnoser.knowledge)} {answer} ({source})"


def _say_report(page: Page, report: Report) -> None:
    """What does not fit together, the finding, and what to do first."""
    for one in report.contradictions:
        page.say(f"{one.because} ({', '.join(one.facts)})", 2, "Warning: ")
    page.say(report.finding.text, 2, bold=True)
    if report.plan.look:
        page.say(f"First look: {report.plan.look.title}", 2)
    if report.finding.kind == "not-known-yet":
        page.say(
            "First ask for the rest: give these facts to `diagnoser next`, or ask the person.", 2
        )
    elif report.plan.steps:
        page.say(f"First step: {report.plan.steps[0].title}", 2)


COMMANDS: tuple[click.Command, ...] = (import_,)
