"""Commands that release and compare knowledge: `release` and `diff`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from diagnoser.cli.options import PACK, file_name, format_option, knowledge_option
from diagnoser.cli.program import FOUND, used, write_json

BUILT_IN = "builtin"
FOR_ALL = 0o644
"""A release is no secret."""


class _Pack(click.Path):
    """A knowledge folder, a released pack, or `builtin`, which is given as None."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return None if value == BUILT_IN else PACK.convert(value, param, ctx)


@click.command()
@click.argument("out", callback=file_name)
@knowledge_option
def release(out: str, knowledge: str | None) -> None:
    """Write the knowledge as one file to OUT, for --knowledge.

    It is a ZIP archive of rules/ and facts/, the same to the byte for the same knowledge, with the
    same digest. A knowledge that cannot be loaded is not released.
    """
    from diagnoser.errors import InvalidKnowledge
    from diagnoser.pack.builtin import built_in
    from diagnoser.pack.loader import load
    from diagnoser.pack.opening import opened
    from diagnoser.pack.released import Release
    from diagnoser.pack.released import release as packed
    from diagnoser.terminal.console import write

    known, path = load(knowledge), Path(out)
    if path.exists():
        try:
            Release(out)
        except InvalidKnowledge:
            reason = "holds something else than a released pack, so it was left as it is"
            raise click.FileError(out, reason) from None
    content = packed(opened(knowledge or built_in()))
    try:
        _put(path, content)
    except OSError as error:
        raise click.FileError(out, error.strerror or str(error)) from None
    write(f"{used(known)}: released, {len(content):,} bytes.\n")


def _put(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, for others to read, too. Raises OSError."""
    from diagnoser.interview.whole_file import write_whole

    write_whole(path.resolve(), content)
    path.chmod(FOR_ALL)


@click.command()
@click.argument("old", type=_Pack())
@click.argument("new", type=_Pack(), default=BUILT_IN)
@format_option("text", "markdown", "json")
@click.option("--full", is_flag=True, help="Leave nothing out; JSON is always full.")
@click.pass_context
def diff(ctx: click.Context, old: str | None, new: str | None, form: str, full: bool) -> None:
    """Show what the knowledge NEW changes against OLD.

    Each is a folder, a file of `release`, or builtin, which NEW is if it is left out. Says what
    their files say otherwise, and which answers get another status of a cause, first cause, first
    step or question, each with its smallest example. Exits with 1 when something changed.
    """
    from diagnoser.comparison.compare import compare_packs
    from diagnoser.terminal import console

    compared = compare_packs(old, new)
    if form == "json":
        write_json(compared)
    else:
        from diagnoser.rendering import comparing

        if form == "markdown":
            console.write(comparing.markdown(compared, full))
        else:
            console.write(comparing.text(compared, console.width(), console.colour(), full))
    if compared.changed:
        ctx.exit(FOUND)


COMMANDS: tuple[click.Command, ...] = (release, diff)
