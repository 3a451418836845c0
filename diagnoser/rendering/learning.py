"""What was learned from records, as text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.errors import printable
from diagnoser.learning.model import Learned, Number, WholeWord
from diagnoser.rendering.escaping import markdown_block
from diagnoser.rendering.templating import fill
from diagnoser.rendering.words import Page, counted


def text(learned: Learned, width: int, colour: bool, full: bool) -> str:
    """For people at a terminal; `full` also shows the numbers whose words stay."""
    page = Page(width, colour)
    for sentence in used(learned):
        page.say(sentence)
    page.heading("What would change")
    if not learned.changes:
        page.say(NOTHING)
    for number in learned.changes:
        page.gap()
        _say(page, number)
    if learned.whole_words:
        page.heading("Words that may stand for another number")
        for word in learned.whole_words:
            page.say(doubt(word), 2, "- ")
    if full:
        page.heading("What would stay")
        for number in learned.numbers:
            if not number.changes:
                page.gap()
                _say(page, number)
    written = page.text()
    if learned.patch:
        lines = "".join(f"{printable(line)}\n" for line in learned.patch.splitlines())
        written += f"\nAs a change of the files:\n\n{lines}"
    return written


def markdown(learned: Learned, full: bool) -> str:
    """A note with tables, to be read before anybody changes a word."""
    stay = [one for one in learned.numbers if not one.changes]
    tables = [("What would change", learned.changes), ("What would stay", stay)]
    return fill(
        "learned.md",
        learned=learned,
        used=list(used(learned)),
        tables=tables if full else tables[:1],
        nothing=NOTHING,
        shares=shares,
        rests_on=rests_on,
        doubts=[doubt(word) for word in learned.whole_words],
        patch=markdown_block(learned.patch, "diff"),
    )


NOTHING = "Nothing: no interval lies outside what its word stands for."


def used(learned: Learned) -> Iterator[str]:
    """What was learned from, a sentence each."""
    used = learned.used
    ends = ", ".join(f"{how.replace('-', ' ')} {number}" for how, number in used.ended.items())
    yield f"{counted(used.records, 'record')} with outcomes{f' ({ends})' if ends else ''}."
    if used.other_knowledge:
        yield f"{used.other_knowledge} of them were made with another version of this knowledge."
    if used.without_outcomes:
        number = counted(used.without_outcomes, "record")
        yield f"{number} without outcomes told nothing here."
    if used.left_out:
        yield f"{counted(len(used.left_out), 'line')} could not be used."
    if not learned.still:
        yield "The estimates were still moving when they were given up; take them with care."


def _say(page: Page, one: Number) -> None:
    page.say(title(one), bold=True)
    changed = f"{one.word} -> {one.proposed}" if one.changes else one.word
    now, estimate, interval = shares(one)
    page.say(f"{changed}. The word stands for {now}; found {estimate} (90 %: {interval})", 2)
    page.say(f"rests on {rests_on(one)}; {one.file}:{one.line}", 2)


def title(one: Number) -> str:
    """What the number is of."""
    return one.cause if one.remedy is None else f"{one.remedy} mends {one.cause}"


def rests_on(one: Number) -> str:
    """How many phones or tries the estimate rests on."""
    return f"about {one.rests_on:g} {'phones' if one.remedy is None else 'tries'}"


def shares(one: Number | WholeWord) -> tuple[str, str, str]:
    """The number that the word stands for, the estimate and its interval, in percent."""
    return (
        _percent(one.stands_for),
        _percent(one.estimate),
        f"{_percent(one.low).removesuffix(' %')} to {_percent(one.high)}",
    )


def doubt(word: WholeWord) -> str:
    """Why a word is doubted, in a sentence."""
    now, estimate, interval = shares(word)
    what = counted(word.said_of, "cause" if word.of == "cause" else "chance")
    return (
        f"“{word.word}” stands for {now}, but the {what} called so come out at about {estimate} "
        f"({interval}) on the whole."
    )


def _percent(share: float) -> str:
    return f"{float(f'{share * 100:.2g}'):g} %" if share < 0.995 else f"{share * 100:.3g} %"
