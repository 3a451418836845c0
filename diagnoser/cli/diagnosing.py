"""Commands that diagnose: `diagnose`, `ask` and `next`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from diagnoser.cli.options import (
    Pairs,
    as_of_option,
    case_options,
    file_name,
    format_option,
    knowledge_option,
    read_case,
    set_option,
    thorough_option,
    tried_option,
)
from diagnoser.cli.program import write_json

if TYPE_CHECKING:
    from datetime import date, datetime

    from diagnoser.api import Diagnoser
    from diagnoser.report.model import Report
    from diagnoser.terminal.terminal import Terminal

TRACED = ("text", "json", "markdown")


@click.command()
@case_options
@format_option("text", "json", "markdown", "html", "card", "sarif")
@click.option("--full", is_flag=True, help="Leave nothing out of the text.")
@click.option(
    "--trace",
    "traced",
    is_flag=True,
    help="Show every rule with its verdict after the report (text, Markdown, JSON).",
)
@click.option(
    "--record",
    "record_to",
    callback=file_name,
    metavar="FILE",
    help="Add the diagnosis as one line to FILE, for `replay`.",
)
def diagnose(
    file: str | None,
    given: Pairs,
    knowledge: str | None,
    form: str,
    full: bool,
    traced: bool,
    record_to: str | None,
) -> None:
    """Diagnose the case in FILE (JSON; - for standard input).

    html is a whole page, card a piece of it for helpdesk programs, sarif a log for tools that
    collect findings.
    """
    if traced and form not in TRACED:
        raise click.UsageError(f"--trace goes with the formats {', '.join(TRACED)}.")
    diagnoser, sheet = read_case(file, given, knowledge)
    from diagnoser.terminal import console

    report = diagnoser.diagnose(sheet, look_ahead=True)
    if record_to is not None:
        _record(report, record_to)
    trace = diagnoser.trace(sheet) if traced else None
    if form == "json":
        write_json(report if trace is None else {"report": report, "trace": trace})
        return
    console.write(_rendered(report, form, full))
    if trace is not None:
        from diagnoser.rendering import tracing

        if form == "markdown":
            console.write("\n" + tracing.markdown(trace))
        else:
            console.write("\n" + tracing.text(trace, console.width(), console.colour()))


def _record(report: Report, name: str) -> None:
    from diagnoser.report.record import record

    _add(name, record(report, look_ahead=True))


def _add(name: str, line: str = "") -> None:
    """Adds a record to a file; without one, only finds out whether that could be done."""
    from pathlib import Path

    from diagnoser.report.record import append

    try:
        append(Path(name), line)
    except OSError as error:
        raise click.FileError(name, error.strerror or str(error)) from None
    except ValueError as error:
        raise click.FileError(name, str(error)) from None


def _rendered(report: Report, form: str, full: bool) -> str:
    if form == "markdown":
        from diagnoser.rendering import markdown

        return markdown(report)
    if form == "html":
        from diagnoser.rendering import html

        return html(report)
    if form == "card":
        from diagnoser.rendering import card

        return card(report)
    if form == "sarif":
        from diagnoser.rendering import sarif

        return sarif.render(report)
    from diagnoser.rendering import text
    from diagnoser.terminal import console

    return text(report, console.width(), console.colour(), full, again=True)


@click.command()
@click.option(
    "--facts", metavar="FILE", help="Start from known facts (JSON): only the rest is asked."
)
@click.option(
    "--words",
    metavar="TEXT",
    help="What happens, in your own words: what you confirm of it is not asked.",
)
@as_of_option('Today (2026-11-30), to understand dates in own words, such as "since the 3rd".')
@set_option
@tried_option
@click.option(
    "--save",
    "save_to",
    callback=file_name,
    metavar="FILE",
    help="Keep the conversation in FILE: every answer is there before the next question.",
)
@click.option(
    "--resume", metavar="FILE", callback=file_name, help="Go on with the conversation in FILE."
)
@click.option(
    "--record",
    "record_to",
    callback=file_name,
    metavar="FILE",
    help="When the conversation is over, add what came of it as one line to FILE, for `learn`.",
)
@thorough_option
@click.option(
    "--max-questions",
    type=click.IntRange(0, 1000),
    metavar="N",
    help="Ask at most N questions; what a step may have changed is asked again all the same.",
)
@knowledge_option
@format_option("text", "json", "markdown")
def ask(
    facts: str | None,
    words: str | None,
    as_of: datetime | None,
    given: Pairs,
    tried: Pairs,
    save_to: str | None,
    resume: str | None,
    record_to: str | None,
    thorough: bool,
    max_questions: int | None,
    knowledge: str | None,
    form: str,
) -> int:
    """Ask what is wrong, one place after the other, and lead through the plan.

    At every prompt: ? (how to find it out), why, back, list, save, quit; at a question also skip (I
    cannot look now) and enough (the plan from what is known). Answers are read line by line, so
    they may come from a pipe. Questions and steps go to standard error, the report to standard
    output at the end; at a terminal only with --format json or markdown. Ctrl-C saves too.
    """
    if resume is not None and (facts is not None or given or tried or words is not None):
        raise click.UsageError("--resume goes on with its own facts, so give no others with it.")
    if facts == "-":
        raise click.UsageError("--facts cannot be standard input, which is for the answers.")
    from pathlib import Path

    from diagnoser.interview import session_file
    from diagnoser.interview.interview import Interview
    from diagnoser.terminal.autosave import Autosave
    from diagnoser.terminal.console import talk
    from diagnoser.terminal.dialogue import hold
    from diagnoser.terminal.terminal import Terminal

    terminal = Terminal()
    today = as_of.date() if as_of else None
    if resume is not None:
        from diagnoser.api import Diagnoser

        interview = session_file.load(Diagnoser(knowledge), Path(resume))
    else:
        diagnoser, sheet = read_case(facts, [*given, *tried], knowledge, needed=False)
        if words is not None:
            for area, answers in _confirmed(words, today, diagnoser, sheet, terminal).items():
                sheet[area] = {**(sheet.get(area) or {}), **answers}
        interview = Interview.start(diagnoser, sheet)
    interview.thorough = interview.thorough or thorough
    if max_questions is not None:
        interview.max_questions = max_questions
    file, kept = session_file.open_file(interview, save_to, resume)
    if kept is not None:
        talk([f"The earlier conversation is kept in {kept}."])
    autosave = Autosave(interview, terminal, file, knowledge)
    over = record_to is not None and interview.over
    if record_to is not None:
        _add(record_to)
    listens = resume is None and words is None and interview.max_questions != 0
    code = hold(interview, autosave, terminal, form, resume is not None, listens, today)
    kept_for_later = autosave.file is not None or not interview.confirmed
    if record_to is not None and not over and (interview.over or not kept_for_later):
        _add(record_to, interview.record())
    return code


def _confirmed(
    words: str, today: date | None, diagnoser: Diagnoser, sheet: dict[str, Any], terminal: Terminal
) -> dict[str, dict[str, Any]]:
    """What the person confirms of their own words, beside the facts that are known already."""
    from diagnoser.terminal import own_words
    from diagnoser.terminal.console import INTERRUPTED
    from diagnoser.terminal.prompt import Quit
    from diagnoser.terminal.terminal import Ended
    from diagnoser.words.confirming import read_words

    reading = read_words(diagnoser, words, today).without(sheet)
    try:
        return reading.facts(own_words.confirm(terminal, reading))
    except Quit:
        raise click.exceptions.Exit(0) from None
    except KeyboardInterrupt:
        terminal.end_line()
    except Ended:
        if not terminal.person:
            return {}
    raise click.exceptions.Exit(INTERRUPTED)


@click.command(name="next")
@case_options
@format_option("text", "json", "markdown")
@thorough_option
def next_question(
    file: str | None, given: Pairs, knowledge: str | None, form: str, thorough: bool
) -> None:
    """Show the next question for the case in FILE, or why none is left."""
    diagnoser, sheet = read_case(file, given, knowledge)
    from diagnoser.terminal import console

    report = diagnoser.diagnose(sheet, look_ahead=True, thorough=thorough)
    if form == "json":
        write_json({"next_question": report.next_question, "stop": report.stop})
    elif form == "markdown":
        from diagnoser.rendering import note

        console.write(note.question(report))
    else:
        from diagnoser.rendering import plain_text

        console.write(plain_text.question(report, console.width(), console.colour()))


COMMANDS: tuple[click.Command, ...] = (diagnose, ask, next_question)
