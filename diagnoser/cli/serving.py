"""Commands that serve people and other programs: `serve` and `mcp`. What they need is an extra,
imported when they run."""

from __future__ import annotations

import signal
import sys

import click

from diagnoser.cli.options import knowledge_option


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port; 0 takes any that is free.",
)
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    metavar="NAME",
    help="A name, without port, under which browsers reach it. May be repeated.",
)
@knowledge_option
def serve(host: str, port: int, names: tuple[str, ...], knowledge: str | None) -> None:
    """Serve the questionnaire to browsers, and JSON to programs under /v1.

    It answers to the names of this machine, to --host and to each --allow-host. It keeps and logs
    nothing of a case. Ctrl-C or SIGTERM stops it when running requests are done.
    """
    try:
        from diagnoser.serving import server
    except ModuleNotFoundError as error:
        raise extra_missing("web", error) from None
    from diagnoser.api import Diagnoser
    from diagnoser.terminal.console import talk

    diagnoser = Diagnoser(knowledge)
    try:
        server.run(
            diagnoser,
            host,
            port,
            names,
            lambda address: talk([f"Serving on {address}. Ctrl-C stops it."]),
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(f"{host}:{port} cannot be listened on: {reason}") from None


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


COMMANDS: tuple[click.Command, ...] = (serve, mcp)
