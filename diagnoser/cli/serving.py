"""Commands that serve other programs: `mcp`. What they need is an extra, imported when they run."""

from __future__ import annotations

import signal
import sys

import click

from diagnoser.cli.options import knowledge_option


@click.command()
@knowledge_option
def mcp(knowledge: str | None) -> None:
    """Serve an agent over the Model Context Protocol.

    It speaks on standard input and output, until the input is closed.
    """
    try:
        from diagnoser import agents
    except ModuleNotFoundError as error:
        raise extra_missing("mcp", error) from None
    from diagnoser.api import Diagnoser
    from diagnoser.terminal.console import give_up, talk

    diagnoser = Diagnoser(knowledge)
    if sys.stdin is None:
        raise click.FileError("standard input", "it is closed")
    if sys.stdin.isatty():
        talk(["Waiting for an agent on standard input; end with Ctrl-D."])
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Python would wait for the next line before it ends, and nothing is left to clean up.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    gone = None
    try:
        agents.run(diagnoser)
    except* BrokenPipeError:
        gone = BrokenPipeError()
    if gone is not None:
        give_up(gone)


def extra_missing(extra: str, error: ModuleNotFoundError) -> click.ClickException:
    """What to say where a package of an extra is not installed."""
    what = f'{error.name} is not installed. Install it with: pip install "diagnoser[{extra}]"'
    return click.ClickException(what)


COMMANDS: tuple[click.Command, ...] = (mcp,)
