"""Commands that serve other programs: `mcp`. What they need is an extra, imported when they run."""

from __future__ import annotations

import signal
import sys

import click

from diagnoser.cli.options import knowledge_option


def _without(extra: str, error: ModuleNotFoundError, *brings: str) -> click.ClickException:
    """What to say where an extra is not installed; any other missing module is a mistake of its
    own, and raised again."""
    if (error.name or "").partition(".")[0] not in brings:
        raise error
    return click.ClickException(f'This needs an extra: pip install "diagnoser[{extra}]"')


@click.command()
@knowledge_option
def mcp(knowledge: str | None) -> None:
    """Serve an agent over the Model Context Protocol.

    It speaks on standard input and output, until the input is closed.
    """
    try:
        from diagnoser import agents
    except ModuleNotFoundError as error:
        raise _without("mcp", error, "mcp", "mcp_types") from None
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


COMMANDS: tuple[click.Command, ...] = (mcp,)
