"""The command that learns from what came of past cases: `learn`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from diagnoser.cli.options import format_option, knowledge_option
from diagnoser.cli.program import FOUND, write_json

if TYPE_CHECKING:
    from pathlib import Path

    from diagnoser.comparison.model import Comparison
    from diagnoser.learning.model import Learned


NAMED = 20
"""Lines left out that are named on standard error."""


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="RECORDS...")
@knowledge_option
@click.option("--full", is_flag=True, help="Show the numbers too whose words would stay.")
@click.option(
    "--nearest",
    "to_nearest",
    is_flag=True,
    help="Propose the word nearest to each estimate, even where the present one may be right.",
)
@click.option(
    "--diff/--no-diff",
    "compared",
    default=True,
    show_default=True,
    help="Say what `diff` says that the proposed words would do, which may take minutes.",
)
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
    to_nearest: bool,
    compared: bool,
    write_to: str | None,
    form: str,
) -> None:
    """Propose words for the knowledge from what came of past cases.

    RECORDS are files that `ask --record` or a host made (- for standard input). Of each cause it
    estimates how common it is, and of each remedy how often it helps, with an interval; a word is
    only proposed where the interval lies outside what the present one stands for, unless
    --nearest asks for more. Nothing is changed by itself. Exits with 1 where something is proposed.
    """
    from pathlib import Path

    from diagnoser.api import Diagnoser
    from diagnoser.learning.learn import learn as find
    from diagnoser.pack.builtin import built_in
    from diagnoser.terminal import console

    if write_to is not None and Path(write_to).exists():
        raise click.UsageError(f"--write needs a new folder, and {write_to} exists.")
    root = built_in() if knowledge is None else knowledge
    learned = find(Diagnoser(knowledge), root, _records(files), to_nearest=to_nearest)
    left_out = learned.used.left_out
    lines = [f"{one.file}, line {one.line}: left out. {one.because}" for one in left_out[:NAMED]]
    if more := len(left_out[NAMED:]):
        lines.append(f"and {more} more; --format json names them all")
    console.talk(lines)
    if left_out and not learned.used.records and not learned.used.without_outcomes:
        raise click.UsageError("None of these lines is a record of this knowledge.")
    if write_to is not None:
        _write(root, Path(write_to), learned)
    difference = _difference(root, learned) if compared and learned.patch else None
    if form == "json":
        write_json({"learned": learned, "diff": difference} if compared else {"learned": learned})
    else:
        from diagnoser.rendering import comparing, learning

        if form == "markdown":
            console.write(learning.markdown(learned, full))
        else:
            console.write(learning.text(learned, console.width(), console.colour(), full))
        if difference is not None and form == "markdown":
            console.write("\n" + comparing.markdown(difference))
        elif difference is not None:
            console.write("\n" + comparing.text(difference, console.width(), console.colour()))
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


def _difference(root: str, learned: Learned) -> Comparison:
    """What the proposed words would change."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from diagnoser.comparison.compare import compare_packs

    with TemporaryDirectory() as folder:
        _write(root, Path(folder, "proposed"), learned)
        return compare_packs(root, Path(folder, "proposed"))


def _write(root: str, to: Path, learned: Learned) -> None:
    """A copy of the knowledge with the proposed words."""
    from diagnoser.learning.learn import changed_files
    from diagnoser.pack.opening import opened

    pack = opened(root)
    changed = changed_files(pack, learned)
    try:
        for name in pack.names():
            path = to / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(changed[name].encode() if name in changed else pack.content(name))
    except OSError as error:
        raise click.FileError(str(to), error.strerror or str(error)) from None


COMMANDS: tuple[click.Command, ...] = (learn,)
