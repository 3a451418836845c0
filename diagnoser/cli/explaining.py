"""Commands that show the reasoning: `explain` and `replay`."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from diagnoser.cli.options import (
    PACK,
    Pairs,
    check_id,
    format_option,
    knowledge_option,
    read_case,
    set_option,
)
from diagnoser.cli.program import FOUND, write_json


@click.command()
@click.argument("file", required=False)
@click.argument("cause", required=False)
@set_option
@knowledge_option
@format_option("text", "json", "markdown")
@click.option("--full", is_flag=True, help="Leave nothing out of the text; JSON is always full.")
@click.option("--trace", "traced", is_flag=True, help="Show every rule with its verdict as well.")
@click.option(
    "--memory", "remembered", is_flag=True, help="Show the rule engine's working memory as well."
)
def explain(
    file: str | None,
    cause: str | None,
    given: Pairs,
    knowledge: str | None,
    form: str,
    full: bool,
    traced: bool,
    remembered: bool,
) -> None:
    """Explain the diagnosis of the case in FILE (JSON; -).

    How it came about, why not another cause, what is missing, what would change it, why these
    steps in this order, and how firm that is. Of all causes, or only of CAUSE.
    """
    diagnoser, sheet = read_case(file, given, knowledge)
    if cause is not None:
        check_id("causes", cause, diagnoser.knowledge)
    explanation = diagnoser.explain(sheet, cause)
    trace = diagnoser.trace(sheet) if traced else None
    memory = diagnoser.memory(sheet) if remembered else None
    from diagnoser.rendering import memory as remembering

    if form == "json":
        plain = None if memory is None else remembering.plain(memory)
        more = {
            name: part for name, part in (("trace", trace), ("memory", plain)) if part is not None
        }
        write_json({"explanation": explanation, **more} if more else explanation)
        return
    from diagnoser.rendering import explaining, tracing
    from diagnoser.terminal import console

    if form == "markdown":
        parts = [explaining.markdown(explanation, full)]
        parts += [tracing.markdown(trace)] if trace is not None else []
        parts += [remembering.markdown(memory)] if memory is not None else []
    else:
        look = console.width(), console.colour()
        parts = [explaining.text(explanation, *look, full)]
        parts += [tracing.text(trace, *look)] if trace is not None else []
        parts += [remembering.text(memory, *look)] if memory is not None else []
    console.write("\n".join(parts))


@click.command()
@click.argument("file")
@knowledge_option
@click.option(
    "--compare",
    is_flag=True,
    help="Diagnose records of other knowledge, too, and say which parts of their reports change.",
)
@click.option(
    "--old",
    type=PACK,
    metavar="PACK",
    help="The knowledge that they were made with: say which first cause, first step and status"
    " change.",
)
@format_option("text", "json")
@click.pass_context
def replay(
    ctx: click.Context,
    file: str,
    knowledge: str | None,
    compare: bool,
    old: str | None,
    form: str,
) -> None:
    """Compare recorded diagnoses with new ones.

    FILE (- for standard input) is what `diagnose --record` made; the reports must agree byte for
    byte. Exits with 1 unless all are the same. Records of other knowledge need --knowledge, or are
    held against this one with --compare or --old.
    """
    from diagnoser.api import Diagnoser
    from diagnoser.rendering.words import Page, counted
    from diagnoser.replay import replay as repeat
    from diagnoser.report.record import lines_of
    from diagnoser.terminal import console

    numbers = {"same": 0, "differs": 0, "knowledge-not-at-hand": 0, "damaged": 0}
    if compare or old is not None:
        numbers |= {"unchanged": 0, "changed": 0, "not-taken": 0}
    before = None if old is None else Diagnoser(old)
    shown = []
    if file == "-" and sys.stdin is None:
        raise click.FileError("standard input", "it is closed")
    try:
        with click.open_file(file, "rb") as lines:
            here = Diagnoser(knowledge)
            for one in repeat(lines_of(lines), here, compare=compare, old=before):
                numbers[one.status] += 1
                if form == "json":
                    shown.append(asdict(one))
                    continue
                why = "" if one.status == "same" else f". {one.because}"
                page = Page(console.width())
                page.say(f"line {one.line}: {one.status.replace('-', ' ')}{why}")
                console.write(page.text())
    except OSError as error:
        raise click.FileError(file, error.strerror or str(error)) from None
    if form == "json":
        write_json(shown)
    else:
        total = counted(sum(numbers.values()), "record")
        parts = [f"{number} {status.replace('-', ' ')}" for status, number in numbers.items()]
        page = Page(console.width())
        page.say(f"{total}: {', '.join(parts)}.")
        console.write(page.text())
    if sum(numbers.values()) > numbers["same"] + numbers.get("unchanged", 0):
        ctx.exit(FOUND)


COMMANDS: tuple[click.Command, ...] = (explain, replay)
