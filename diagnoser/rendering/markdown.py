"""A report as a note for a ticket, in GitHub-flavoured Markdown; its texts cannot become markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnoser.rendering import views
from diagnoser.rendering.words import (
    clean,
    counted,
    is_address,
    joined,
    minutes,
    percent,
    time_needed,
)
from diagnoser.report.model import Evidence, PlanStep, Report

_ANYWHERE = re.compile(
    r"[\\`*_\[\]<>&|~$@#]|(?<=\w)\.(?=[^\W\d_]{2})|(?<=www)\.|:(?=//)|(?<=/)/", re.IGNORECASE
)
"""Markup, and what makes an address or the name of a site, which becomes a link by itself."""
_AT_THE_START = re.compile(r"^(?=[-+=])|^(\d+)(?=[.)](?: |$))")
_JOINER = "\N{ZERO WIDTH SPACE}"
"""Stands after `@` and `#`, which mention people and issues even when they are escaped."""


def escape(text: object) -> str:
    """The text so that Markdown shows it as it is, on one line."""
    escaped = _AT_THE_START.sub(r"\1\\", _ANYWHERE.sub(r"\\\g<0>", clean(text)))
    return escaped.replace("@", "@" + _JOINER).replace("#", "#" + _JOINER)


def code(text: object) -> str:
    """The text as code, such as an id."""
    return f"`{clean(text).replace('`', chr(39))}`"


def source(text: str) -> str:
    """Of sources, with semicolons between them, addresses as links and others as text."""
    return "; ".join(f"<{one}>" if is_address(one) else escape(one) for one in text.split("; "))


def render(report: Report) -> str:
    """The note: finding, plan, causes with reasons, facts, and what knowledge it comes from."""
    parts = [
        _finding(report),
        _contradictions(report),
        _plan(report),
        _causes(report),
        _facts(report),
        _left_out(report),
        _next(report),
        _knowledge(report),
    ]
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n"


def _finding(report: Report) -> Iterator[str]:
    proven, likely = views.proven(report), views.most_likely(report)
    yield "# Diagnosis"
    yield ""
    if views.helped(report):
        yield "**Mended:** a remedy has helped."
    elif proven:
        yield f"**Found:** {'; '.join(escape(cause.title) for cause in proven)}."
    elif likely:
        causes = [f"{escape(cause.title)} ({percent(cause.probability)})" for cause in likely]
        yield f"**{views.so_far(likely)}:** {'; '.join(causes)}."
    else:
        yield f"**Most likely ({percent(report.none_of_these)}):** none of the causes known here."


def _contradictions(report: Report) -> Iterator[str]:
    if report.contradictions:
        yield "## Answers that do not fit together"
        yield ""
    for one in report.contradictions:
        yield f"- {escape(one.because)}"
        for answer, fact in zip(one.answers, one.facts, strict=True):
            yield f"  - {escape(answer)} ({code(fact)})"
        yield f"  - Check again: {escape(one.ask)} ({code(one.ask_again)})"


def _plan(report: Report) -> Iterator[str]:
    steps = report.plan.steps
    if views.helped(report):
        return
    yield "## Plan"
    yield ""
    if not steps:
        yield views.no_step(report)
        return
    yield f"Expected effort, on average: {minutes(report.plan.expected_minutes)}."
    yield ""
    titles = {cause.id: cause.title for cause in report.causes}
    for number, step in enumerate(steps, start=1):
        yield from _step(number, step, titles)


def _step(number: int, step: PlanStep, titles: dict[str, str]) -> Iterator[str]:
    mark = f"{number}. "
    margin = " " * len(mark)
    yield f"{mark}**{escape(step.title)}** ({'; '.join(_terms(step))})"
    mended = [escape(titles.get(id, id)) for id in step.fixes[:3]]
    if len(step.fixes) > 3:
        mended.append(counted(len(step.fixes) - 3, "other cause"))
    if mended:
        yield f"{margin}- Mends: {'; '.join(mended)}"
    if step.caveat:
        yield f"{margin}- Note: {escape(step.caveat)}"
    for line in step.do:
        yield f"{margin}- {escape(line)}"
    yield f"{margin}- Done when: {escape(step.check)}"
    sources = ", ".join(map(source, step.sources))
    yield f"{margin}- Sources (read {escape(step.reviewed)}): {sources}"


def _terms(step: PlanStep) -> Iterator[str]:
    """In short: why it is here, what it takes and what it costs."""
    if step.must:
        yield "must"
    elif step.hand_over:
        yield "if nothing else helps"
    elif step.chance is not None:
        yield f"helps: {percent(step.chance)}"
    yield time_needed(step.hands_on_minutes, step.wait_minutes)
    if step.money:
        yield f"costs {escape(step.money)}"
    if step.loses:
        yield f"loses {joined(map(escape, step.loses))}"
    if step.guide is not None:
        yield f"guide: tip {step.guide}"


def _causes(report: Report) -> Iterator[str]:
    yield "## Causes"
    yield ""
    shown = views.worth_a_line(report)
    for cause in shown:
        sure = "proven" if cause.status == "proven" else percent(cause.probability)
        yield f"- **{sure}:** {escape(cause.title)}"
        for one in views.by_strength(cause):
            yield f"  - {_reason(one)}"
    yield f"- **{percent(report.none_of_these)}:** none of the causes known here"
    out = [escape(cause.title) for cause in views.ruled_out(report)]
    if less := len(report.causes) - len(shown) - len(out):
        yield f"- {counted(less, 'cause')} under 1 % each"
    if out:
        yield f"- Ruled out: {'; '.join(out)}"


def _reason(one: Evidence) -> str:
    read = f"{source(one.source)}, read {escape(one.reviewed)}"
    return f"{escape(one.says)}: {escape(one.because)} ({read})"


def _facts(report: Report) -> Iterator[str]:
    if report.case:
        yield "## Facts"
        yield ""
    for area, facts in report.case.items():
        for name, value in facts.items():
            yield f"- {code(f'{area}.{name}')}: {escape(value)}"


def _left_out(report: Report) -> Iterator[str]:
    groups = views.left_out(report)
    if groups:
        yield "## Left out"
        yield ""
    for because, titles in groups:
        yield f"- {'; '.join(map(escape, titles))}: {escape(because)}"


def _next(report: Report) -> Iterator[str]:
    question = report.next_question
    if question is not None:
        yield "## Next question"
        yield ""
        yield f"{escape(question.ask)} ({code(question.fact)})"
        yield ""
        yield escape(question.why)
        yield ""
        for answer, label in question.answers.items():
            yield f"- {code(answer)}: {escape(label)}" if answer else f"- {escape(label)}"
    elif report.stop.advised:
        yield "## No more questions"
        yield ""
        yield escape(report.stop.because)


def _knowledge(report: Report) -> Iterator[str]:
    used = report.knowledge
    yield "---"
    yield ""
    yield f"Knowledge: {code(used.id)} {escape(used.version)}, digest {code(used.digest)}"
