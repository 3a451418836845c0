"""The next question alone as a note in GitHub-flavoured Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.rendering.markdown import code, escape
from diagnoser.rendering.words import worth
from diagnoser.report.model import NextQuestion, Report


def markdown(report: Report) -> str:
    """The question with where to look and what to answer, or why no more need be asked."""
    question = report.next_question
    if question is None:
        return f"# No more questions\n\n{escape(report.stop.because)}\n"
    return "".join(f"{line}\n" for line in _lines(question))


def _lines(question: NextQuestion) -> Iterator[str]:
    yield f"# {escape(question.ask)}"
    yield ""
    yield f"{escape(question.why)} {worth(question.saves_minutes)}"
    if question.look:
        yield ""
        yield "How to find it out:"
        yield ""
    for number, line in enumerate(question.look, start=1):
        yield f"{number}. {escape(line)}"
    yield ""
    yield f"Answers ({code(question.fact)}):"
    yield ""
    for answer, label in question.answers.items():
        yield f"- {code(answer)}: {escape(label)}" if answer else f"- {escape(label)}"
