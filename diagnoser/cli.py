"""The command line: data on standard output, talk on standard error.

It exits with 0 when done, 1 when `check` found something, 2 for bad usage or input. Only click is
imported at the top, so that help is there at once; commands import what they need.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from diagnoser.api import Diagnoser
    from diagnoser.knowledge import Knowledge

FOUND = 1
Pairs = Sequence[tuple[str, str]]
Command = TypeVar("Command", bound=Callable[..., Any])


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
        """Runs a command and leaves with its exit code; without `standalone_mode`, as in click."""
        from diagnoser import streams
        from diagnoser.errors import DiagnoserError

        def run() -> Any:
            return super(Program, self).main(args, prog_name, complete_var, False, **extra)

        if not standalone_mode:
            return run()
        streams.speak_utf8()
        try:
            code = run()
        except click.Abort:
            code = streams.INTERRUPTED
        except click.ClickException as error:
            shown = io.StringIO()
            error.show(file=shown)
            streams.talk(shown.getvalue().splitlines())
            code = streams.BAD_INPUT
        except DiagnoserError as error:
            streams.talk([f"Error: {error.what}:", *(f"  {one}" for one in error.problems)])
            code = streams.BAD_INPUT
        except OSError as error:  # from click, which writes the help
            streams.give_up(error)
        sys.exit(code if isinstance(code, int) else 0)


def _write_json(value: object) -> None:
    from diagnoser.streams import write

    write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


# -- options


def _assignments(_: click.Context, __: click.Parameter, texts: Sequence[str]) -> Pairs:
    """Pairs of a fact and what was typed for it."""
    pairs = []
    for text in texts:
        fact, equals, answer = text.partition("=")
        if not equals or not fact.strip():
            form = "area.fact=value, such as wifi.connection=off"
            raise click.BadParameter(f"{text!r} is not of the form {form}.")
        pairs.append((fact.strip(), answer))
    return pairs


def _knowledge_option(command: Command) -> Command:
    return click.option(
        "--knowledge",
        type=click.Path(exists=True, file_okay=False),
        metavar="DIR",
        help="A knowledge folder (with rules/ and facts/) instead of the built-in one.",
    )(command)


def _format_option(*formats: str) -> Callable[[Command], Command]:
    kind = click.Choice(formats)
    return click.option("--format", "form", type=kind, default="text", show_default=True)


def _set_option(command: Command) -> Command:
    return click.option(
        "--set",
        "given",
        metavar="AREA.FACT=VALUE",
        multiple=True,
        callback=_assignments,
        help="An answer; it wins over that of the file. May be repeated.",
    )(command)


def _case_options(command: Command) -> Command:
    command = _set_option(command)
    return click.argument("file", required=False)(_knowledge_option(command))


def _read_case(
    file: str | None, given: Pairs, knowledge: str | None, needed: bool = True
) -> tuple[Diagnoser, dict[str, Any]]:
    """The diagnoser, and the answers of the file with those of --set put over them; either is
    `needed`, or both may be left out.

    Raises InvalidFacts with the mistakes of both.
    """
    from diagnoser.errors import InvalidFacts
    from diagnoser.streams import read_facts

    if needed and file is None and not given:
        ways = "a FILE with facts, - for standard input, or --set area.fact=value"
        raise click.UsageError(f"Give {ways}.")
    sheet: dict[str, Any] = {} if file is None else read_facts(file)
    from diagnoser.api import Diagnoser

    diagnoser = Diagnoser(knowledge)
    problems = []
    try:
        for area, facts in diagnoser.sheet.read_texts(given).items():
            answered = sheet.get(area)
            if answered is None or isinstance(answered, dict):
                sheet[area] = {**(answered or {}), **facts}
    except InvalidFacts as error:
        problems = list(error.problems)
    try:
        diagnoser.sheet.read(sheet)
    except InvalidFacts as error:
        problems = [*error.problems, *problems]
    if problems:
        raise InvalidFacts(problems)
    return diagnoser, sheet


def _thorough_option(command: Command) -> Command:
    help = "Ask to the end, even what is not worth the time."
    return click.option("--thorough", is_flag=True, help=help)(command)


# -- commands


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from diagnoser import __version__
    from diagnoser.loading import load
    from diagnoser.streams import write

    write(f"diagnoser {__version__}\n")
    write(f"knowledge {_used(load())}\n")
    ctx.exit()


def _used(knowledge: Knowledge) -> str:
    return f"{knowledge.id} {knowledge.version} ({knowledge.digest[:12]})"


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


@main.command()
@_case_options
@_format_option("text", "json", "markdown")
@click.option("--full", is_flag=True, help="Leave nothing out of the text.")
def diagnose(file: str | None, given: Pairs, knowledge: str | None, form: str, full: bool) -> None:
    """Diagnose the case in FILE (JSON; - for standard input)."""
    diagnoser, sheet = _read_case(file, given, knowledge)
    from diagnoser import streams
    from diagnoser.rendering import markdown, text

    report = diagnoser.diagnose(sheet, look_ahead=True)
    if form == "json":
        streams.write(report.json_text() + "\n")
    elif form == "markdown":
        streams.write(markdown.render(report))
    else:
        streams.write(text.render(report, streams.width(), streams.colour(), full))


@main.command()
@click.option(
    "--facts", metavar="FILE", help="Start from known facts (JSON): only the rest is asked."
)
@_set_option
@click.option(
    "--save",
    "save_to",
    metavar="FILE",
    help="Keep the conversation in FILE: every answer is there before the next question.",
)
@click.option("--resume", metavar="FILE", help="Go on with the conversation in FILE.")
@_thorough_option
@click.option(
    "--max-questions",
    type=click.IntRange(min=0),
    metavar="N",
    help="Ask at most N questions.",
)
@_knowledge_option
@_format_option("text", "json", "markdown")
def ask(
    facts: str | None,
    given: Pairs,
    save_to: str | None,
    resume: str | None,
    thorough: bool,
    max_questions: int | None,
    knowledge: str | None,
    form: str,
) -> int:
    """Ask what is wrong, one question at a time, and lead through the plan.

    At every prompt: ? (how to find it out), why, back, list, save, quit. Questions go to standard
    error, the report to standard output. Answers are read line by line, so they may come from a
    pipe. Ctrl-C saves too.
    """
    if resume and (facts or given):
        raise click.UsageError("--resume goes on with its own facts, so give no others with it.")
    if facts == "-":
        raise click.UsageError("--facts cannot be standard input, which is for the answers.")
    from diagnoser import session
    from diagnoser.asking import hold
    from diagnoser.interview import Interview
    from diagnoser.said import flat
    from diagnoser.streams import talk

    if resume:
        from diagnoser.api import Diagnoser

        interview = session.load(Diagnoser(knowledge), Path(resume))
    else:
        diagnoser, sheet = _read_case(facts, given, knowledge, needed=False)
        interview = Interview(diagnoser, flat(sheet))
    interview.thorough = interview.thorough or thorough
    interview.max_questions = max_questions
    file, kept = session.open_file(interview, save_to, resume)
    if kept is not None:
        talk([f"The earlier conversation is kept in {kept}."])
    return hold(interview, file, form, resumed=resume is not None)


@main.command(name="next")
@_case_options
@_format_option("text", "json")
@_thorough_option
def next_question(
    file: str | None, given: Pairs, knowledge: str | None, form: str, thorough: bool
) -> None:
    """Show the next question for the case in FILE, or why none is left."""
    diagnoser, sheet = _read_case(file, given, knowledge)
    from diagnoser import streams
    from diagnoser.rendering import text

    report = diagnoser.diagnose(sheet, look_ahead=True, thorough=thorough)
    if form == "json":
        whole = report.model_dump()
        _write_json({key: whole[key] for key in ("next_question", "stop")})
    else:
        streams.write(text.render_question(report, streams.width(), streams.colour()))


@main.command()
@click.argument("which", type=click.Choice(["facts", "report"]), default="facts")
@_knowledge_option
def schema(which: str, knowledge: str | None) -> None:
    """Write the JSON Schema of a facts file, or of a report."""
    if which == "facts":
        from diagnoser.case import AnswerSheet
        from diagnoser.loading import load

        _write_json(AnswerSheet(load(knowledge)).schema())
    else:
        from diagnoser.report import Report

        head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        _write_json(head | Report.model_json_schema(mode="serialization"))


def _pages_command(what: str, help: str) -> None:
    """A command that shows the list of facts, causes or remedies, or one of them."""

    @main.command(name=what, help=help)
    @click.argument("id", required=False)
    @_knowledge_option
    @_format_option("text", "json")
    def show(id: str | None, knowledge: str | None, form: str) -> None:
        from diagnoser import streams
        from diagnoser.loading import load
        from diagnoser.rendering import pages

        known = load(knowledge)
        if id is not None and id not in pages.known_ids(what, known):
            raise click.UsageError(_no_such(what, id, pages.known_ids(what, known)))
        shown = pages.LISTS[what](known) if id is None else pages.ENTRIES[what](known, id)
        if form == "json":
            _write_json(shown)
        elif id is None:
            streams.write(pages.list_text(shown, streams.width()))
        else:
            streams.write(pages.entry_text(shown, streams.width(), streams.colour()))


def _no_such(what: str, id: str, known: Iterable[str]) -> str:
    from diagnoser.errors import nearest, quoted

    near = nearest(id, known)
    hint = f'Did you mean "{near}"?' if near else f"See them all with: diagnoser {what}"
    return f"{quoted(id)} is not one of the {what}. {hint}"


_pages_command("facts", "List what can be asked, or show everything about the fact ID.")
_pages_command("causes", "List what can be wrong, or show everything about the cause ID.")
_pages_command("remedies", "List what can be done, or show everything about the remedy ID.")


@main.command()
@_knowledge_option
@click.pass_context
def check(ctx: click.Context, knowledge: str | None) -> None:
    """Check that the knowledge holds what it promises."""
    from diagnoser.check import check as find
    from diagnoser.rendering.words import clean, counted
    from diagnoser.streams import write

    known, problems = find(knowledge)
    for problem in problems:
        write(f"{clean(problem)}\n")
    if problems:
        ctx.exit(FOUND)
    counts = [
        counted(sum(fact.askable for fact in known.facts.values()), "question"),
        counted(len(known.causes), "cause"),
        counted(len(known.rules), "rule"),
        counted(len(known.remedies), "remedy", "remedies"),
    ]
    write(f"{_used(known)}: {', '.join(counts)}, all in order.\n")
