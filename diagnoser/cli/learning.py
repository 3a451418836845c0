"""The command that learns from what came of past cases: `learn`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from diagnoser.cli.options import PACK, format_option
from diagnoser.cli.program import FOUND, write_json

if TYPE_CHECKING:
    from pathlib import Path

    from diagnoser.learning.model import Learned


NAMED = 20
"""Lines left out that are named on standard error."""


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="RECORDS...")
@click.option(
    "--knowledge",
    type=PACK,
    metavar="DIR",
    help="A knowledge folder (with rules/ and facts/) instead of the built-in one.",
)
@click.option("--full", is_flag=True, help="Show the numbers too whose words would stay.")
@click.option(
    "--write",
    "write_to",
    type=click.Path(),
    metavar="FOLDER",
    help="Write the knowledge with the proposed words into a new FOLDER.",
)
@format_option("text", "json", "markdown")
@click.pass_context
def learn(
    ctx: click.Context,
    files: tuple[str, ...],
    knowledge: str | None,
    full: bool,
    write_to: str | None,
    form: str,
) -> None:
    """Propose words for the knowledge from what came of past cases.

    RECORDS are files that `ask --record` or a host made (- for standard input). Of each cause it
    estimates how common it is, and of each remedy how often it helps, with an interval; a word is
    only proposed where the interval lies outside what the present one stands for. Nothing is
    changed by itself. Exits with 1 where something is proposed.
    """
    from pathlib import Path

    from diagnoser.api import Diagnoser
    from diagnoser.learning.learn import learn as find
    from diagnoser.pack.builtin import built_in
    from diagnoser.terminal import console

    if write_to is not None and Path(write_to).exists():
        raise click.UsageError(f"--write needs a new folder, and {write_to} exists.")
    diagnoser = Diagnoser(knowledge)
    folder = Path(built_in() if knowledge is None else knowledge)
    learned = find(diagnoser, folder, _records(files))
    left_out = learned.used.left_out
    lines = [f"{one.file}, line {one.line}: left out. {one.because}" for one in left_out[:NAMED]]
    if more := len(left_out[NAMED:]):
        lines.append(f"and {more} more; --format json names them all")
    console.talk(lines)
    used = learned.used
    if used.left_out and not used.records and not used.without_outcomes:
        raise click.UsageError("None of these lines is a record of this knowledge.")
    if write_to is not None:
        _write(folder, Path(write_to), learned)
    if form == "json":
        write_json(learned)
    else:
        from diagnoser.rendering import learning

        if form == "markdown":
            console.write(learning.markdown(learned, full))
        else:
            console.write(learning.text(learned, console.width(), console.colour(), full))
    if learned.changes:
        ctx.exit(FOUND)


def _records(names: tuple[str, ...]) -> dict[str, list[bytes]]:
    """The lines of each file; raises FileError for the first that cannot be read."""
    from diagnoser.report.record import lines_of

    found: dict[str, list[bytes]] = {}
    for name in names:
        if name == "-" and sys.stdin is None:
            raise click.FileError("standard input", "it is closed")
        try:
            with click.open_file(name, "rb") as file:
                found["standard input" if name == "-" else name] = list(lines_of(file))
        except OSError as error:
            raise click.FileError(name, error.strerror or str(error)) from None
    return found


def _write(folder: Path, to: Path, learned: Learned) -> None:
    """A copy of the knowledge with the proposed words."""
    from diagnoser.learning.learn import changed_files
    from diagnoser.pack.files import files

    changed = changed_files(folder, learned)
    try:
        for name, *_ in files(str(folder)):
            path = to / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if name in changed:
                path.write_bytes(changed[name].encode())
            else:
                path.write_bytes((folder / name).read_bytes())
    except OSError as error:
        raise click.FileError(str(to), error.strerror or str(error)) from None


COMMANDS: tuple[click.Command, ...] = (learn,)
