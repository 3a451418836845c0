"""The options that several commands share, and the case that they give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from diagnoser.api import Diagnoser
    from diagnoser.knowledge.model import Knowledge

Pairs = Sequence[tuple[str, str]]
Command = TypeVar("Command", bound=Callable[..., Any])
PACK = click.Path(exists=True)
PIN = f"{__name__}.pin"
"""The key under which a command keeps what --pin says."""


def _assignments(_: click.Context, __: click.Parameter, texts: Sequence[str]) -> Pairs:
    """Each text as a pair of a fact and what was typed for it; where it has not the form
    area.fact=value, the fact is empty and the whole text comes second."""
    pairs = []
    for text in texts:
        fact, equals, answer = text.partition("=")
        well = equals and fact.strip()
        pairs.append((fact.strip(), answer) if well else ("", text))
    return pairs


def _outcomes(_: click.Context, __: click.Parameter, texts: Sequence[str]) -> Pairs:
    """Each text as a pair of the fact `tried.<remedy>` and its outcome."""
    pairs = []
    for text in texts:
        remedy, equals, outcome = text.partition("=")
        if not remedy.strip() or (equals and not outcome.strip()):
            raise click.UsageError(f"--tried needs REMEDY or REMEDY=OUTCOME, and {text!r} is none.")
        pairs.append((f"tried.{remedy.strip()}", outcome or "did-not-help"))
    return pairs


def file_name(_: click.Context, option: click.Parameter, name: str | None) -> str | None:
    """The name of a file to write to, which cannot be standard output."""
    if name in ("", "-"):
        raise click.UsageError(f"{option.opts[0]} needs the name of a file, and {name!r} is none.")
    return name


def knowledge_option(command: Command) -> Command:
    """--knowledge, and --pin, which is held against it."""
    where = click.option(
        "--knowledge",
        type=PACK,
        metavar="PACK",
        callback=_as_pinned,
        help="Another knowledge than the built-in one: a folder (with rules/ and facts/), or a file"
        " of `release`.",
    )
    pin = click.option(
        "--pin",
        metavar="VERSION[@DIGEST]",
        is_eager=True,
        expose_value=False,
        callback=_keep_pin,
        help="Answer from no other version of the knowledge, nor with another digest.",
    )
    return where(pin(command))


def _keep_pin(ctx: click.Context, _: click.Parameter, pin: str | None) -> None:
    ctx.meta[PIN] = pin


def _as_pinned(ctx: click.Context, _: click.Parameter, knowledge: str | None) -> str | None:
    """Raises OtherKnowledge where the knowledge is not the one of --pin."""
    pin = ctx.meta.get(PIN)
    if pin is not None and not ctx.resilient_parsing:
        from diagnoser.knowledge.pin import Pin
        from diagnoser.pack.identity import identity

        demanded, here = Pin.parse(pin), identity(knowledge)
        if here is not None:
            demanded.demand(here, "--pin")
    return knowledge


def format_option(*formats: str) -> Callable[[Command], Command]:
    """--format, with the first of the formats as its default."""
    kind = click.Choice(formats)
    return click.option("--format", "form", type=kind, default=formats[0], show_default=True)


def set_option(command: Command) -> Command:
    return click.option(
        "--set",
        "given",
        metavar="AREA.FACT=VALUE",
        multiple=True,
        callback=_assignments,
        help="An answer; it wins over that of the file. With a question mark at its end, VALUE is"
        " what you think without being sure. May be repeated.",
    )(command)


def tried_option(command: Command) -> Command:
    return click.option(
        "--tried",
        metavar="REMEDY",
        multiple=True,
        callback=_outcomes,
        help="A remedy that was tried and did not help (REMEDY=OUTCOME says how else it went). May"
        " be repeated.",
    )(command)


def case_options(command: Command) -> Command:
    """FILE, --set and --knowledge."""
    command = set_option(command)
    return click.argument("file", required=False)(knowledge_option(command))


def as_of_option(help: str) -> Callable[[Command], Command]:
    """--as-of, a day; `help` says what for."""
    kind = click.DateTime(["%Y-%m-%d"])
    return click.option("--as-of", type=kind, metavar="DATE", help=help)


def thorough_option(command: Command) -> Command:
    help = "Ask to the end, even what is not worth the time."
    return click.option("--thorough", is_flag=True, help=help)(command)


def read_case(
    file: str | None, given: Pairs, knowledge: str | None, needed: bool = True
) -> tuple[Diagnoser, dict[str, Any]]:
    """The diagnoser, and the answers of the file; those of --set replace what the file says.

    With `needed`, one of the two must be given, or UsageError is raised.

    Raises InvalidFacts with the mistakes of both.
    """
    from diagnoser.cli.facts_file import read_facts
    from diagnoser.errors import InvalidFacts, OtherKnowledge, fact_problem, quoted

    if needed and file is None and not given:
        ways = "a FILE with facts, - for standard input, or --set area.fact=value"
        raise click.UsageError(f"Give {ways}.")
    sheet, problems = ({}, []) if file is None else read_facts(file)
    from diagnoser.api import Diagnoser

    diagnoser = Diagnoser(knowledge)
    form = "is not of the form area.fact=value, such as wifi.connection=off"
    typed = [fact_problem("--set", f"{quoted(text)} {form}") for fact, text in given if not fact]
    try:
        pairs = [pair for pair in given if pair[0]]
        for area, facts in diagnoser.sheet.read_texts(pairs).items():
            answered = sheet.get(area)
            if answered is None or isinstance(answered, dict):
                sheet[area] = {**(answered or {}), **facts}
                _forget_provenance(sheet, area, facts)
    except InvalidFacts as error:
        typed += error.problems
    try:
        diagnoser.sheet.read(sheet)
    except OtherKnowledge:
        raise
    except InvalidFacts as error:
        said = {(problem.path, problem.reason) for problem in problems}
        problems += [one for one in error.problems if (one.path, one.reason) not in said]
    if problems or typed:
        raise InvalidFacts([*problems, *typed])
    return diagnoser, sheet


def _forget_provenance(sheet: dict[str, Any], area: str, facts: Iterable[str]) -> None:
    """What is answered anew is not from the file any more."""
    if isinstance(told := sheet.get("provenance"), dict):
        for fact in facts:
            told.pop(f"{area}.{fact}", None)


def check_id(what: str, id: str, knowledge: Knowledge) -> None:
    """Raises UsageError if there is no such fact, place and so on, with what is in the area of that
    name (of signs, what is seen of that observation) or with the nearest."""
    from diagnoser.errors import nearest, quoted

    known: Mapping[str, Any] = getattr(knowledge, what)
    if id in known:
        return
    group = "observation" if what == "signs" else "area"
    inside = [one for one in known if id and getattr(known[one], group, None) == id]
    left = [one for one in known if what == "signs" and one.startswith(f"{id}-than-")]
    near = nearest(id, known)
    if inside:
        hint = f"It is an {group}, with {', '.join(inside)}."
    elif left:
        hint = f"It is a table of what each answer may go with; its signs are {', '.join(left)}."
    elif what == "signs" and id in knowledge.rules:
        sign, cause = knowledge.rules[id].sign, knowledge.rules[id].cause
        hint = f'It is what the sign "{sign}" says of the cause "{cause}".'
    else:
        hint = f'Did you mean "{near}"?' if near else f"See them all with: diagnoser {what}"
    raise click.UsageError(f"{quoted(id)} is not one of the {what}. {hint}")
