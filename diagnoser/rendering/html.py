"""A report as a page of its own that needs nothing from elsewhere: no script, no image, no font."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from diagnoser.rendering import views
from diagnoser.rendering.card import card as card
from diagnoser.rendering.markup import Markup, Part, join, link, tag, text
from diagnoser.rendering.words import counted, joined, minutes, percent, time_needed
from diagnoser.report.model import CauseFound, PlanStep, Report

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
NOTHING = "None of the causes known here"


def render(report: Report) -> str:
    """The page: finding, plan, causes as bars with their reasons, facts and sources."""
    sources = Sources()
    sections = [
        *_contradictions(report),
        *_finding(report),
        *_plan(report, sources),
        *_causes(report, sources),
        *_next(report),
        *_facts(report),
        *_left_out(report),
    ]
    body = [
        tag(
            "header",
            tag("h1", "Diagnosis"),
            *(tag("p", line, class_="finding") for line in headlines(report)),
        ),
        _contents(sections),
        tag("main", *(one.shown for one in sections)),
        tag("footer", *sources.listed(), *_knowledge(report)),
    ]
    head = [
        Markup('<meta charset="utf-8">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{text(POLICY)}">'),
        Markup('<meta name="referrer" content="no-referrer">'),
        tag("title", f"Diagnosis: {'; '.join(headlines(report))}"),
        tag("style", Markup(_style())),
    ]
    page = tag("html", "\n", tag("head", *head), "\n", tag("body", *body), "\n", lang="en")
    return f"<!DOCTYPE html>\n{_lines(page)}\n"


@cache
def _style() -> str:
    return files("diagnoser.rendering").joinpath("page.css").read_text("utf-8")


def _lines(page: str) -> str:
    """The page with a line for each element that is more than a phrase; texts have no line ends."""
    for name in (
        "h1",
        "h2",
        "h3",
        "p",
        "section",
        "nav",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "footer",
    ):
        page = page.replace(f"</{name}>", f"</{name}>\n")
    return page.replace("</li>\n\n", "</li>\n").rstrip()


class Sources:
    """The sources that the page refers to, numbered in the order in which they come."""

    def __init__(self) -> None:
        self._read: dict[str, str] = {}

    def reference(self, source: str, reviewed: str) -> Markup:
        """A reference to a source, to stand in the text."""
        self._read.setdefault(source, reviewed)
        number = list(self._read).index(source) + 1
        return tag("a", f"source {number}", href=f"#source-{number}")

    def listed(self) -> Iterator[Markup]:
        if not self._read:
            return
        yield tag("h2", "Sources")
        entries = enumerate(self._read.items(), start=1)
        yield tag(
            "ol",
            *(
                tag(
                    "li",
                    join(*(link(one) for one in source.split("; ")), between="; "),
                    " ",
                    tag("span", f"(read {reviewed})", class_="whole"),
                    id=f"source-{number}",
                )
                for number, (source, reviewed) in entries
            ),
        )


def headlines(report: Report) -> list[str]:
    """The finding in short: a line for each cause."""
    proven, likely = views.proven(report), views.most_likely(report)
    if views.helped(report):
        return ["It works again"]
    if not (proven or likely):
        return [f"{NOTHING} ({percent(report.none_of_these)})"]
    first, *rest = (f"{cause.title}{views.sure(cause)}" for cause in proven or likely)
    if not proven and not views.stands_out(likely):
        first = f"Most likely so far: {first}"
    return [first, *rest]


class Section:
    """A part of the page under a heading of its own, which can be linked to by `name`."""

    def __init__(self, name: str, title: str, *parts: Part, class_: str = "part") -> None:
        self.name = name
        self.title = title
        heading = tag("h2", title, id=name)
        self.shown = tag("section", heading, *parts, class_=class_, aria_labelledby=name)


def _contents(sections: Iterable[Section]) -> Markup:
    links = [tag("li", tag("a", one.title, href=f"#{one.name}")) for one in sections]
    return tag("nav", tag("ul", *links), aria_label="On this page")


# -- what was found


def _contradictions(report: Report) -> Iterator[Section]:
    if not report.contradictions:
        return
    parts = []
    for one in report.contradictions:
        parts.append(tag("h3", one.because))
        parts.append(tag("ul", *(tag("li", answer) for answer in one.answers)))
        parts.append(tag("p", tag("strong", "Check again: "), one.ask))
    parts.append(tag("p", "Until then, what follows may be wrong."))
    title = "Warning: these answers do not fit together"
    yield Section("warning", title, *parts, class_="warning")


def _finding(report: Report) -> Iterator[Section]:
    if helped := views.helped(report):
        said = f"This helped: {joined(helped)}. Nothing is left to do."
        yield Section("finding", "What is wrong", tag("p", said))
        return
    proven = views.proven(report)
    found = proven or views.most_likely(report)
    these, them = ("This is", "it") if len(found) == 1 else ("These are", "them")
    if proven:
        start = "The answers prove it." if len(proven) == 1 else "The answers prove all of these."
    elif not report.case:
        start = f"Nothing is known yet. {these} most common."
    elif found and not views.stands_out(found):
        start = f"{views.NOT_ENOUGH} {these} most likely so far."
    elif found:
        start = f"{these} most likely; the answers do not prove {them}."
    else:
        start = "Most likely it is something that is not known here."
    items = [tag("li", tag("strong", cause.title), ": ", cause.because) for cause in found]
    listed = [tag("ul", *items)] if items else []
    yield Section("finding", "What is wrong", tag("p", start), *listed)


# -- what to do


def _plan(report: Report, sources: Sources) -> Iterator[Section]:
    if views.helped(report):
        return
    causes = {cause.id: cause for cause in report.causes}
    if not report.plan.steps:
        none = tag("p", views.no_step(report))
        yield Section("plan", "What to do", none)
        return
    effort = minutes(report.plan.expected_minutes)
    parts: list[Markup] = [
        tag("p", f"On average this takes {effort} of effort; you stop as soon as it works.")
    ]
    number = 1
    for title, steps in views.groups(report):
        parts.append(tag("h3", title))
        items = [
            _step(place, step, causes, sources) for place, step in enumerate(steps, start=number)
        ]
        parts.append(tag("ol", *items, class_="plan", role="list", start=str(number)))
        number += len(steps)
    yield Section("plan", "What to do", *parts)


def _step(number: int, step: PlanStep, causes: dict[str, CauseFound], sources: Sources) -> Markup:
    parts = [
        tag("h4", f"{number}. {step.title}"),
        tag("p", "; ".join(terms(step)), class_="terms"),
        tag("p", tag("strong", "Why: "), views.why(step, causes)),
    ]
    if step.money:
        parts.append(tag("p", tag("strong", "Costs: "), step.money))
    if step.loses:
        parts.append(tag("p", tag("strong", "You lose: "), joined(step.loses)))
    if step.caveat:
        parts.append(tag("p", tag("strong", "Note: "), step.caveat, class_="note"))
    if step.do:
        parts.append(tag("ul", *(tag("li", line) for line in step.do)))
    parts.append(tag("p", tag("strong", "Done when: "), step.check))
    references = [sources.reference(source, step.reviewed) for source in step.sources]
    guide = [text(f"tip {step.guide} of the guide")] if step.guide is not None else []
    if told := [*references, *guide]:
        parts.append(tag("p", "See ", join(*told, between=", "), class_="soft"))
    return tag("li", *parts)


def terms(step: PlanStep) -> Iterator[str]:
    """In short: how likely it helps, and how long it takes."""
    if step.chance is not None and not views.prepares(step) and not step.must:
        yield f"Helps: {percent(step.chance)}"
    yield f"Time: {time_needed(step.hands_on_minutes, step.wait_minutes)}"


# -- causes


def _causes(report: Report, sources: Sources) -> Iterator[Section]:
    shown = views.worth_a_line(report)
    rows = [
        _row(cause.title, cause.probability, sure="proven" if cause.status == "proven" else "")
        for cause in shown
    ]
    rows.append(_row(NOTHING, report.none_of_these))
    names = tag("tr", tag("th", "Cause", scope="col"), tag("th", "How sure", scope="col"))
    caption = tag("caption", "How probable each cause is; there may be several at once.")
    parts = [tag("table", caption, tag("thead", names), tag("tbody", *rows))]
    out = views.ruled_out(report)
    if less := len(report.causes) - len(shown) - len(out):
        parts.append(tag("p", f"{counted(less, 'further cause')}: under 1 % each."))
    if out:
        parts.append(tag("h3", "Ruled out by the answers"))
        parts.append(tag("ul", *(tag("li", cause.title) for cause in out), class_="many"))
    explained = [cause for cause in shown if cause.evidence]
    if explained:
        parts.append(tag("h3", "Reasons for and against"))
    for cause in explained:
        parts.append(tag("h4", f"{cause.title}{views.sure(cause) or ' (proven)'}"))
        parts.append(tag("ul", *_reasons(cause, sources)))
    yield Section("causes", "Causes", *parts)


def _row(title: str, probability: float, sure: str = "") -> Markup:
    width = f"width:{max(probability * 100, 1):.0f}%"
    bar = tag("span", tag("span", style=width), class_="bar", aria_hidden="true")
    share = tag("td", sure or percent(probability), bar, class_="share")
    return tag("tr", tag("th", title, scope="row"), share)


def _reasons(cause: CauseFound, sources: Sources) -> Iterator[Markup]:
    for one in views.by_strength(cause):
        reference = sources.reference(one.source, one.reviewed)
        yield tag(
            "li", tag("strong", f"{one.says.capitalize()}: "), one.because, " (", reference, ")"
        )


# -- what else


def _next(report: Report) -> Iterator[Section]:
    question = report.next_question
    if question is not None:
        parts = [tag("p", tag("strong", question.ask)), tag("p", question.why)]
        answers = [
            tag("li", tag("code", answer), ": ", label) if answer else tag("li", label)
            for answer, label in question.answers.items()
        ]
        parts += [tag("h3", "Answers"), tag("ul", *answers)]
        if question.look:
            steps = [tag("li", line) for line in question.look]
            parts += [tag("h3", "How to find out"), tag("ul", *steps)]
        yield Section("next", "Next question", *parts)
    elif report.stop.advised:
        yield Section("next", "No more questions", tag("p", report.stop.because))


def _facts(report: Report) -> Iterator[Section]:
    if not report.case:
        return
    rows = [
        tag("tr", tag("th", tag("code", f"{area}.{name}"), scope="row"), tag("td", str(value)))
        for area, facts in report.case.items()
        for name, value in facts.items()
    ]
    names = tag("tr", tag("th", "Fact", scope="col"), tag("th", "Answer", scope="col"))
    caption = tag("caption", "The facts of the case, as they were understood")
    table = tag("table", caption, tag("thead", names), tag("tbody", *rows))
    yield Section("facts", "Facts", table)


def _left_out(report: Report) -> Iterator[Section]:
    items = []
    for because, titles in views.left_out(report):
        if len(titles) == 1:
            items.append(tag("li", tag("strong", *titles), ": ", because))
        else:
            listed = tag("ul", *(tag("li", title) for title in titles), class_="many")
            items.append(tag("li", because, listed))
    if items:
        yield Section("left-out", "What was left out", tag("ul", *items))


def _knowledge(report: Report) -> Iterator[Markup]:
    used = report.knowledge
    yield tag("p", f"Knowledge: {used.id} {used.version}, digest ", tag("code", used.digest))
