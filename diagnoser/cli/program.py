"""The group of all commands: whatever is wrong, a command ends in one message and an exit code."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from diagnoser.knowledge.model import Knowledge

FOUND = 1
"""The exit code of a check or a comparison that found something."""


class Program(click.Group):
    """The commands. Whatever is wrong with the input ends in one message and its exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Runs a command and ends the process with its exit code; without `standalone_mode`, does
        what click does."""
        from diagnoser.errors import DiagnoserError
        from diagnoser.terminal import console

        def run() -> Any:
            return super(Program, self).main(args, prog_name, complete_var, False, **extra)

        if not standalone_mode:
            return run()
        console.speak_utf8()
        if sys.stdout is None:
            console.talk(["Error: the output cannot be written: standard output is closed"])
            sys.exit(console.BAD_INPUT)
        try:
            code = run()
        except click.Abort:
            code = console.INTERRUPTED
        except click.ClickException as error:
            shown = io.StringIO()
            error.show(file=shown)
            console.talk(shown.getvalue().splitlines())
            code = console.BAD_INPUT
        except DiagnoserError as error:
            console.talk([f"Error: {error.what}:", *(f"  {one}" for one in error.problems)])
            code = console.BAD_INPUT
        except OSError as error:
            if error.filename is None:  # raised by click while it wrote the help
                console.give_up(error)
            console.talk([f"Error: {error.filename}: {error.strerror}"])
            code = console.BAD_INPUT
        sys.exit(code if isinstance(code, int) else 0)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with its whole first sentence, where click would cut it."""
        commands = [self.get_command(ctx, name) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(one.name or "", one.get_short_help_str(limit=200)) for one in commands if one]
            )


def write_json(value: object) -> None:
    """Puts a value on standard output as JSON."""
    from diagnoser.report.canonical_json import as_json
    from diagnoser.terminal.console import write

    write(as_json(value) + "\n")


def used(knowledge: Knowledge) -> str:
    """Which knowledge it is, in short."""
    return f"{knowledge.id} {knowledge.version} ({knowledge.digest[:12]})"


def _certified(knowledge: Knowledge) -> str:
    """What the certificate of a pack says of it."""
    one = knowledge.certificate
    if one is None:
        return "certificate none: nothing is proven; see diagnoser check --prove"
    if not knowledge.proven:
        return f"certificate ignored: it is of another knowledge ({one.digest[:12]})"
    return f"certificate {one.claims} claims, proven by diagnoser {one.program}"


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from diagnoser.pack.loader import load
    from diagnoser.terminal.console import write
    from diagnoser.version import __version__

    write(f"diagnoser {__version__}\n")
    known = load()
    write(f"knowledge {used(known)}\n")
    write(f"{_certified(known)}\n")
    ctx.exit()


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the versions of the program and of its knowledge.",
)
def main() -> None:
    """Find out why an iPhone does not back up to iCloud, and what to do about it."""
