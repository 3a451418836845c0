"""What another pack changes, to read: in the files, in what is concluded of causes, and in what
comes first."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from diagnoser.comparison.model import (
    Change,
    Comparison,
    EvidenceChanged,
    Example,
    Family,
    FirstChanged,
    Firsts,
    StatusChanged,
)
from diagnoser.knowledge.wording import percent
from diagnoser.rendering.outline import Line, as_markdown, as_text, head, item, say
from diagnoser.rendering.words import counted
from diagnoser.report.model import KnowledgeUsed

LISTED = 10
"""Changes of a kind that are named at most, unless all are asked for."""


def text(compared: Comparison, width: int = 80, colour: bool = False, full: bool = False) -> str:
    """The comparison in lines of at most `width` columns; with `full`, nothing is left out."""
    return as_text(_lines(compared, full), width, colour)


def markdown(compared: Comparison, full: bool = False) -> str:
    """The comparison as Markdown; with `full`, nothing is left out."""
    return as_markdown(_lines(compared, full))


def _lines(compared: Comparison, full: bool) -> Iterator[Line]:
    yield head("What changed", 1)
    yield say(f"From {_named(compared.old)} to {_named(compared.new)}.")
    if compared.same:
        yield say("Nothing: both are the same, file by file.")
        return
    if not compared.changed:
        yield say(
            "Nothing that is said or concluded: the files differ only in how they are written."
        )
    yield from _part("In the files", [_change(one) for one in compared.changes], full)
    yield from _part("Status of causes", [_status(one) for one in compared.statuses], full)
    yield from _part("Evidence", [_evidence(one) for one in compared.evidence], full)
    for title, firsts in (
        ("First cause", compared.first_cause),
        ("First step", compared.first_step),
        ("Next question", compared.question),
    ):
        if firsts is not None and firsts.changes:
            items = [_first(one) for one in firsts.changes]
            yield from _part(title, items, full, _how_often(firsts))
    if compared.family is not None:
        yield from _found(compared.family, compared.question)


def _named(used: KnowledgeUsed) -> str:
    return f"{used.id} {used.version} ({used.digest[:12]})"


def _part(
    title: str, items: Sequence[tuple[str, Example | None]], full: bool, before: str = ""
) -> Iterator[Line]:
    """A list under a heading, each item with its smallest example; nothing where it is empty."""
    if not items:
        return
    yield head(title)
    if before:
        yield say(before)
    shown = items if full else items[:LISTED]
    for words, example in shown:
        yield item(words)
        if example is not None:
            yield item(_example(example), 1)
    if left := len(items) - len(shown):
        yield item(f"and {left:,} more; --full names all")


def _example(example: Example) -> str:
    if not example.answers:
        return "Smallest example: nothing known"
    typed = " ".join(f"--set {shlex.quote(one)}" for one in example.answers)
    if example.smallest:
        return f"Smallest example: {typed}"
    return f"Example{', of which nothing can be left out' if example.least else ''}: {typed}"


def _change(one: Change) -> tuple[str, None]:
    named = f"{one.kind} {one.id}" + (f", {one.part}" if one.part else "")
    if one.what == "renamed":
        return f"{named}: renamed, now {one.now}", None
    if one.what in ("added", "gone"):
        told = one.now if one.what == "added" else one.was
        return f"{named}: {one.what}" + (f" ({told})" if told else ""), None
    return f"{named}: was {_said(one.was)}, now {_said(one.now)}", None


def _said(text: str | None) -> str:
    if not text:
        return "nothing"
    return f"“{text}”" if " " in text and not text.startswith("{") else text


def _status(one: StatusChanged) -> tuple[str, Example]:
    was, now = (status.replace("-", " ") for status in (one.was, one.now))
    often = f"in {one.classes:,} of {_classes(one.of)} of answers"
    how = f"{often} ({percent(one.probability)} of cases)"
    return f"{one.title} ({one.cause}): was {was}, now {now}, {how}", one.example


def _evidence(one: EvidenceChanged) -> tuple[str, Example | None]:
    was, now = (says or "nothing" for says in (one.was, one.now))
    says = f"{was}, seen in other answers" if was == now else f"was {was}, now {now}"
    where = f"another in {one.classes:,} of {_classes(one.of)} of answers"
    seen = f"seen in {percent(one.seen_now)} of cases"
    if one.now is None:
        seen = f"was seen in {percent(one.seen_before)} of cases"
    elif one.was is not None and one.seen_before != one.seen_now:
        seen += f", before in {percent(one.seen_before)}"
    return f"{one.cause}, sign {one.sign}: {says}; {where}; {seen}", one.example


def _classes(number: int) -> str:
    return "1 class" if number == 1 else f"{number:,} classes"


def _how_often(firsts: Firsts) -> str:
    """How often what comes first is another."""
    sheets = sum(one.sheets for one in firsts.changes)
    looked = f"Another one in {sheets:,} of {firsts.sheets:,} sheets that were looked at"
    if not firsts.sampled:
        return f"{looked}."
    sampled = f"{firsts.sampled_changed:,} of {firsts.sampled:,} sampled cases"
    interval = f"{_percent(firsts.low)} to {_percent(firsts.high)}"
    return f"{looked}; of these, in {sampled}, {_percent(firsts.share)} ({interval})."


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _first(one: FirstChanged) -> tuple[str, Example]:
    often = f"{counted(one.sheets, 'sheet')}, of these {counted(one.sampled, 'sampled case')}"
    was, now = (
        f"{title} ({id})" if id is not None else "none"
        for id, title in ((one.was, one.title_was), (one.now, one.title_now))
    )
    return f"was {was}; now {now}: {often}", one.example


def _found(family: Family, question: Firsts | None) -> Iterator[Line]:
    """What was looked at, and what is assumed."""
    yield head("How this was found")
    yield say(
        "Status and evidence: exactly, over all classes of answers to the facts that decide them; "
        "“not known” is a class, and answers that no condition tells apart are one. Their share of "
        "cases is where all of these facts are known, by the usual answers of the new pack, as if "
        "facts were independent of each other, which is an assumption."
    )
    pairs = f"all {family.pairs_of:,}"
    if family.pairs < family.pairs_of:
        pairs = f"{family.pairs:,} of the {family.pairs_of:,}"
    yield say(
        f"First cause and step: with nothing known; on all {family.singles:,} sheets with one "
        "known fact (of answers that may hold at once, up to two); on "
        f"{pairs} with two, of which one concerns what changed (where all pairs are "
        f"few, all are); on the {family.examples:,} examples of the packs; and on "
        f"{family.sampled:,} sampled cases (seed {family.seed}), whose answers are drawn from the "
        "usual ones, each independently, with a share of them known that is drawn, too."
    )
    if question is not None:
        yield say(
            f"Next question: on {question.sheets:,} of these sheets, {question.sampled:,} of them "
            "sampled cases. Shares of cases have an interval of 95 %. What only one of the packs "
            "takes was compared nowhere; it is in the list of the files."
        )
