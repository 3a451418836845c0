"""The command that reads what somebody wrote in their own words: `read`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from diagnoser.cli.options import as_of_option, format_option, knowledge_option
from diagnoser.cli.program import write_json

if TYPE_CHECKING:
    from datetime import datetime

    from diagnoser.words.confirming import Reading

STDIN = "-"
MOST = 64 * 1024
"""Bytes of standard input that are read at most; a text may have 4,000 characters."""


@click.command()
@click.argument("text")
@as_of_option('The day on which it was written (2026-11-30), to read dates such as "on the 3rd".')
@knowledge_option
@format_option("text", "json")
def read(text: str, as_of: datetime | None, knowledge: str | None, form: str) -> None:
    """Show what TEXT says of the iPhone, in somebody's own words (- for standard input).

    It is read on this computer, and nothing is kept. With --format json, `facts` are as in a facts
    file; look through them before you use them, since nobody has confirmed them.
    """
    from diagnoser.api import Diagnoser
    from diagnoser.words.confirming import read_words

    if text == STDIN:
        given = b"" if sys.stdin is None else sys.stdin.buffer.read(MOST)
        text = given.decode("utf-8-sig", errors="replace")
    reading = read_words(Diagnoser(knowledge), text, as_of.date() if as_of else None)
    if form == "json":
        write_json({"facts": reading.facts(), "proposals": reading.proposals})
    else:
        from diagnoser.terminal import console

        console.write(_as_text(reading))


def _as_text(reading: Reading) -> str:
    from diagnoser.rendering.words import Page
    from diagnoser.terminal import console

    page = Page(console.width(), console.colour())
    if not reading.proposals:
        page.say("These words say nothing for certain of what this knowledge can use.")
        page.say("What is worth knowing is asked by: diagnoser ask")
    for box in reading.boxes():
        page.say(box.text)
        page.say(f'{box.id}, from "{box.quoted}"', 2)
    return page.text()


COMMANDS: tuple[click.Command, ...] = (read,)
