"""How a visit looks on the screen: the place with the way there, a question with its answers, and
the replies to `?` and `why`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from diagnoser.interview.turns import Field, Visit
from diagnoser.rendering.words import Page

UNKNOWN, NOT_SURE = "unknown", "Not sure"
AGAIN = "What you did may have changed some of your answers, so you are asked again."


def say_visit(page: Page, visit: Visit, number: int, stopped: bool = False) -> None:
    """Where the conversation is, which place it is about, and how to get there; `stopped` is said
    of a visit that is taken up again."""
    page.say(f"Visit {number}, where you stopped." if stopped else _progress(visit, number))
    if visit.again:
        page.say(AGAIN)
    page.gap()
    page.say(visit.title, bold=True)
    for line in visit.go:
        page.say(line, 2, "- ")


def _progress(visit: Visit, number: int) -> str:
    left = f"about {visit.left} more" if visit.left else "perhaps the last one"
    step = f" First step so far: {visit.first_step}." if visit.first_step else ""
    return f"Visit {number}, {left}.{step}"


def say_field(page: Page, field: Field, so_far: str = "", changing: bool = False) -> None:
    """A question with what may be answered, and the answer so far."""
    say_way(page, [field])
    page.say(field.ask, bold=True)
    if so_far:
        leave = " Press Enter to leave it so." if changing else ""
        page.say(f'So far: "{so_far}".{leave}')
    elif field.thought is not None:
        page.say(f'So far: "{field.thought}".')
    elif field.before is not None:
        page.say(f'Before the last step: "{field.before}".')
    if field.kind == "choice":
        say_options(page, options(field))
        if field.several:
            say_several(page)
    else:
        page.say(f"Type {field.allowed}.", 2)


def say_way(page: Page, fields: Iterable[Field]) -> None:
    """The ways to the pages on which these fields are seen, where the visit has several."""
    for field in fields:
        for line in field.go:
            page.say(line, 2, "- ")


def options(field: Field) -> dict[str, str]:
    """The numbered answers of a choice; "not sure" is always the last."""
    return {**field.options, UNKNOWN: NOT_SURE}


def say_options(page: Page, labels: Mapping[str, str]) -> None:
    """The labels of the options, numbered from 1."""
    for number, label in enumerate(labels.values(), start=1):
        page.say(label, 2, f"{number}. ")


def say_several(page: Page) -> None:
    page.say("You may choose several, such as 1 3.", 2)


def say_how(page: Page, fields: Iterable[Field]) -> None:
    """What to do or read at the place, for each of the fields."""
    for field in fields:
        if field.tick is not None:
            page.say(field.tick.text, bold=True)
        for line in field.look or ["There is nothing to look up."]:
            page.say(line, 2, "- ")


def say_why(page: Page, fields: Iterable[Field]) -> None:
    """What the answers are good for."""
    for field in fields:
        page.say(field.why, 2, "- ")
    page.say('"Not sure" is an answer too, and changes nothing.')
