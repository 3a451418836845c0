"""Commands for many phones at once: `batch` and `fleet-report`. What they need is an extra,
imported when they run."""

from __future__ import annotations

import shutil
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from diagnoser.cli.options import file_name, format_option, knowledge_option
from diagnoser.cli.program import FOUND
from diagnoser.cli.serving import extra_missing

if TYPE_CHECKING:
    from diagnoser.fleet.batch import Done


@click.command()
@click.argument("source", metavar="IN", callback=file_name)
@click.argument("out", metavar="OUT", callback=file_name)
@click.option("--next", "look_ahead", is_flag=True, help="Also find the next visit; much slower.")
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="Processes that work at once; as many as there are processors.",
)
@click.option(
    "--rejects",
    callback=file_name,
    metavar="FILE",
    help="Where rows go that cannot be read; OUT.rejects.jsonl, if there are any.",
)
@click.option(
    "--id", "id_column", metavar="COLUMN", help="The column to carry through; that called id."
)
@click.option("--ignore-others", is_flag=True, help="Read past columns that are no facts.")
@click.option("--fresh", is_flag=True, help="Begin anew, whatever an unfinished run has done.")
@knowledge_option
def batch(
    source: str,
    out: str,
    look_ahead: bool,
    workers: int | None,
    rejects: str | None,
    id_column: str | None,
    ignore_others: bool,
    fresh: bool,
    knowledge: str | None,
) -> int:
    """Diagnose all cases in IN into OUT, a row for each.

    The ends of the names tell the formats: .jsonl (a facts file on each line), .csv and .parquet (a
    column for each fact, such as wifi.connection), .jsonl.gz, .csv.gz; IN may also be the .json of
    `diagnoser import`. Whatever ends it, the same command goes on from there. Exits with 1 when
    rows could not be read.
    """
    try:
        from diagnoser.fleet import batch as fleet
    except ModuleNotFoundError as error:
        raise extra_missing("fleet", error) from None
    from diagnoser.terminal.console import talk

    began = time.monotonic()
    try:
        with _Bar() as bar:
            done = fleet.batch(
                Path(source),
                Path(out),
                knowledge=knowledge,
                look_ahead=look_ahead,
                workers=workers,
                rejects=None if rejects is None else Path(rejects),
                id=id_column,
                ignore_others=ignore_others,
                fresh=fresh,
                progress=bar.show,
            )
    except KeyboardInterrupt:
        talk(["Broken off. The same command goes on from here."])
        raise
    talk(_told(done, time.monotonic() - began))
    return FOUND if done.rejected else 0


def _told(done: Done, seconds: float) -> list[str]:
    from diagnoser.rendering.words import counted

    rows = done.diagnosed + done.rejected
    lines = [f"Ignored, as no facts: {', '.join(done.ignored)}"] if done.ignored else []
    different = counted(done.different, "different case")
    lines.append(
        f"{counted(done.diagnosed, 'row')} diagnosed ({different}),"
        f" {counted(round(rows / max(seconds, 0.001)), 'row')} a second"
    )
    if done.rejects is not None:
        are = "is" if done.rejected == 1 else "are"
        rejected = counted(done.rejected, "row")
        lines.append(f"{rejected} could not be read, and {are} in {done.rejects}")
    return lines


@click.command("fleet-report")
@click.argument("out", metavar="OUT")
@format_option("html", "json", "markdown")
@knowledge_option
def fleet_report(out: str, form: str, knowledge: str | None) -> None:
    """Show what is wrong in a fleet, and what to do first, from OUT of `batch`.

    Causes and first steps by count, and by kind of phone. No group of fewer than 5 phones is told,
    nor can be computed from what is.
    """
    try:
        from diagnoser.fleet.summary import summarise
    except ModuleNotFoundError as error:
        raise extra_missing("fleet", error) from None
    from diagnoser.pack.loader import load
    from diagnoser.terminal.console import write

    summary = summarise(Path(out), load(knowledge))
    if form == "json":
        write(summary.json_text() + "\n")
        return
    from diagnoser.fleet import page

    write(page.html(summary) if form == "html" else page.markdown(summary))


class _Bar:
    """How far a run is, on a terminal only."""

    def __init__(self) -> None:
        self._shown = sys.stderr is not None and sys.stderr.isatty()
        self._wide = shutil.get_terminal_size().columns >= 60
        self._stage, self._stack = "", ExitStack()
        self._bar: Any = None
        self._began, self._start = 0.0, 0

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def show(self, stage: str, done: int, total: int) -> None:
        """Shows that so much of a stage is done; the first call says where it starts."""
        if not self._shown:
            return
        if stage != self._stage:
            self._stack.close()
            self._stage, self._began, self._start = stage, time.monotonic(), done
            self._bar = self._stack.enter_context(
                click.progressbar(
                    length=max(total, 1),
                    label=f"{stage:10}",
                    file=sys.stderr,
                    width=12 if self._wide else 4,
                    show_eta=stage != "writing",
                    item_show_func=self._rate,
                )
            )
        self._bar.update(done - self._bar.pos, done)

    def _rate(self, done: int | None) -> str | None:
        seconds = time.monotonic() - self._began
        if self._stage != "diagnosing" or not done or seconds < 1 or not self._wide:
            return None
        return f"{(done - self._start) / seconds:,.0f} cases/s"


COMMANDS: tuple[click.Command, ...] = (batch, fleet_report)
