"""Commands that show and check knowledge: `schema`, `facts`, `places`, `signs`, `causes`,
`remedies`, `graph`, `check`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from diagnoser.cli.options import (
    Pairs,
    check_id,
    format_option,
    knowledge_option,
    read_case,
    set_option,
)
from diagnoser.cli.program import FOUND, used, write_json

if TYPE_CHECKING:
    from datetime import datetime

    from diagnoser.checking.claims import Claim


@click.command()
@click.argument("which", type=click.Choice(["facts", "report"]), default="facts")
@knowledge_option
def schema(which: str, knowledge: str | None) -> None:
    """Write the JSON Schema of a facts file, or of a report."""
    if which == "facts":
        from diagnoser.case.answer_sheet import AnswerSheet
        from diagnoser.pack.loader import load

        write_json(AnswerSheet(load(knowledge)).schema())
    else:
        from diagnoser.report.model import Report

        head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        write_json(head | Report.model_json_schema(mode="serialization"))


def _pages_command(what: str, help: str) -> click.Command:
    """A command that shows the list of facts, places and so on, or one of them."""

    @click.command(name=what, help=help)
    @click.argument("id", required=False)
    @knowledge_option
    @format_option("text", "json")
    def show(id: str | None, knowledge: str | None, form: str) -> None:
        from diagnoser.pack.loader import load
        from diagnoser.rendering import pages, pages_text
        from diagnoser.terminal import console

        known = load(knowledge)
        if id is None:
            listed = pages.LISTS[what](known)
            text = pages_text.list_text(listed, console.width())
        else:
            check_id(what, id, known)
            listed = pages.ENTRIES[what](known, id)
            text = pages_text.entry_text(listed, console.width(), console.colour())
        if form == "json":
            write_json(listed)
        else:
            console.write(text)

    return show


facts = _pages_command("facts", "List what can be asked, or show everything about the fact ID.")
places = _pages_command("places", "List where things are seen and done, or show the place ID.")
signs = _pages_command("signs", "List what can be seen, or show everything about the sign ID.")
causes = _pages_command("causes", "List what can be wrong, or show everything about the cause ID.")
remedies = _pages_command(
    "remedies", "List what can be done, or show everything about the remedy ID."
)


@click.command()
@click.argument("cause", required=False)
@click.option(
    "--case", "case_file", metavar="FILE", help="Mark what the case in FILE (JSON; -) brings about."
)
@set_option
@click.option(
    "--fired", is_flag=True, help="Draw only what the case brings about, not what might have been."
)
@knowledge_option
@format_option("mermaid", "dot", "svg")
def graph(
    cause: str | None,
    case_file: str | None,
    given: Pairs,
    fired: bool,
    knowledge: str | None,
    form: str,
) -> None:
    """Draw facts, signs, causes and remedies.

    Of the whole knowledge, or of one CAUSE: how facts lead through signs to it, and what mends it.
    svg needs the program dot of Graphviz.
    """
    of_a_case = case_file is not None or bool(given)
    if fired and not of_a_case:
        raise click.UsageError("--fired needs a case: give --case FILE or --set.")
    diagnoser, sheet = read_case(case_file, given, knowledge, needed=False)
    from diagnoser.rendering import graph as graphs
    from diagnoser.terminal import console

    known = diagnoser.knowledge
    if cause is not None:
        check_id("causes", cause, known)
    report = diagnoser.diagnose(sheet) if of_a_case else None
    drawn = graphs.build(known, cause, report, fired)
    if form == "svg":
        try:
            console.write(graphs.svg(drawn))
        except graphs.NoGraphviz as error:
            raise click.UsageError(f"{error} Or draw it with --format mermaid.") from None
        return
    console.write(graphs.mermaid(drawn) if form == "mermaid" else graphs.dot(drawn))
    if form == "mermaid" and len(drawn.edges) > graphs.MERMAID_EDGES:
        console.talk(
            [
                f"Mermaid draws {graphs.MERMAID_EDGES} connections unless its maxEdges is raised;"
                f" these are {len(drawn.edges)}. Name one CAUSE, or use --format dot."
            ]
        )


@click.command()
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Also find what has expired, or was not reviewed for 18 months, on this day.",
)
@click.option(
    "--prove",
    is_flag=True,
    help="Also prove what is claimed of it over its whole answer space; takes some minutes.",
)
@click.option(
    "--certificate",
    type=click.Path(dir_okay=False, writable=True, allow_dash=True),
    metavar="FILE",
    help="With --prove: write what was proven to FILE (- is standard output), as JSON.",
)
@knowledge_option
@click.pass_context
def check(
    ctx: click.Context,
    today: datetime | None,
    prove: bool,
    certificate: str | None,
    knowledge: str | None,
) -> None:
    """Check that the knowledge holds what it promises.

    Every sign, and every rule that only one cause has, has an example on each side of its line, and
    they come out as expected; nothing is idle, impossible or the same twice; every cause has a
    remedy; no proof has a rival, no list rules out what is not on it, and nothing is offered in
    vain; no rules contradict each other, and none is said in vain, on any of all answer sheets.
    Exits with 1 unless all is in order. The clock of the machine is never looked at.
    """
    from pathlib import Path

    from diagnoser.checking.check import NEEDS_Z3, NO_PROOF, is_exact
    from diagnoser.checking.check import check as find
    from diagnoser.rendering.words import clean, counted
    from diagnoser.terminal.console import talk, write

    if certificate is not None and not prove:
        raise click.UsageError("--certificate needs --prove, which makes it.")
    if certificate is not None and not Path(certificate).parent.is_dir():
        folder = clean(Path(certificate).parent)
        raise click.UsageError(f"There is no folder {folder} for the certificate.")
    if prove and not is_exact():
        raise click.UsageError(NO_PROOF)
    known, problems = find(knowledge, today.date() if today else None)
    for problem in problems:
        write(f"{clean(problem)}\n")
    if not is_exact():
        talk([NEEDS_Z3])
    tell = talk if certificate == "-" else lambda lines: write("\n".join(lines) + "\n")
    if not problems:
        counts = [
            counted(sum(fact.askable for fact in known.facts.values()), "question"),
            counted(len(known.signs), "sign"),
            counted(len(known.causes), "cause"),
            counted(len(known.rules), "rule"),
            counted(len(known.remedies), "remedy", "remedies"),
        ]
        tell([f"{used(known)}: {', '.join(counts)}, all in order."])
    proven = not prove or _prove(knowledge, certificate, tell)
    if problems or not proven:
        ctx.exit(FOUND)


def _prove(
    knowledge: str | None, certificate: str | None, tell: Callable[[list[str]], None]
) -> bool:
    """Proves what is claimed of a pack, and writes the certificate of that; whether all holds."""
    from pathlib import Path

    from diagnoser.checking.prove import prove
    from diagnoser.rendering.words import clean, counted
    from diagnoser.terminal.console import talk, write

    def say(claim: Claim) -> None:
        looked_at = ", ".join(f"{number} {what}" for what, number in claim.counts.items())
        tell([f"Proven: {claim.says} ({looked_at})"])

    known, made, problems = prove(knowledge, say)
    if problems:
        for problem in problems:
            write(f"{clean(problem)}\n")
        if certificate is not None:
            talk(["No certificate is written, as not all is proven."])
        return False
    if certificate == "-":
        write(made.json_text())
    elif certificate is not None:
        Path(certificate).write_text(made.json_text(), encoding="utf-8")
    tell([f"{used(known)}: all {counted(len(made.claims), 'claim')} are proven."])
    talk([f"It took {made.seconds} seconds."])
    return True


COMMANDS = (schema, facts, places, signs, causes, remedies, graph, check)
