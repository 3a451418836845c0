"""How facts lead through signs to causes, and causes to remedies: as Mermaid, Graphviz or SVG."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.case.case import said_by
from diagnoser.knowledge.model import Knowledge
from diagnoser.knowledge.wording import label, question
from diagnoser.rendering.words import clean, percent, wrap
from diagnoser.report.model import Report

KINDS = FACT, SIGN, CAUSE, REMEDY = "fact", "sign", "cause", "remedy"
MERMAID_EDGES = 500
"""Connections that Mermaid draws unless it is told otherwise."""
COLUMNS = 30
"""Width of the text in a box."""
PATIENCE = 60
"""Seconds that Graphviz may take."""
_SAFE = frozenset(" .,-:()?'/%+=_“”‘’–")
_SHAPES = {FACT: ('["', '"]'), SIGN: ('(["', '"])'), CAUSE: ('{{"', '"}}'), REMEDY: ('[/"', '"/]')}
_DOT_SHAPES = {FACT: "box", SIGN: "ellipse", CAUSE: "hexagon", REMEDY: "note"}
_FONT = 'fontname="Helvetica,Arial,sans-serif"'


class NoGraphviz(Exception):
    """Graphviz is not there, or does not draw this."""


@dataclass(frozen=True, slots=True)
class Node:
    """A box; `marked` if the case brings it about, which its lines then say in words too."""

    kind: str
    id: str
    lines: tuple[str, ...]
    marked: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow between two boxes, with a word on it; `marked` if the case brings about both."""

    start: tuple[str, str]
    end: tuple[str, str]
    word: str = ""
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def build(
    knowledge: Knowledge,
    cause: str | None = None,
    report: Report | None = None,
    only_marked: bool = False,
) -> Graph:
    """The graph of the knowledge, or of one cause; marked is what a report found.

    With `only_marked`, nothing else is there.
    """
    made = _Builder(knowledge, report)
    made.causes([cause] if cause is not None else list(knowledge.causes))
    nodes = [node for node in made.nodes.values() if node.marked or not only_marked]
    there = {(node.kind, node.id) for node in nodes}
    edges = [
        Edge(start, end, word, made.nodes[start].marked and made.nodes[end].marked)
        for (start, end), word in made.edges.items()
        if start in there and end in there
    ]
    title = knowledge.causes[cause].title if cause is not None else knowledge.title
    return Graph(title, tuple(nodes), tuple(edges))


class _Builder:
    def __init__(self, knowledge: Knowledge, report: Report | None) -> None:
        self.knowledge = knowledge
        self.nodes: dict[tuple[str, str], Node] = {}
        self.edges: dict[tuple[tuple[str, str], tuple[str, str]], str] = {}
        causes = report.causes if report else []
        self._found = {one.id: one for one in causes}
        fired = {evidence.rule for one in causes for evidence in one.evidence}
        self._seen = {knowledge.rules[rule].sign for rule in fired}
        steps = report.plan.steps if report else []
        self._steps = {step.remedy: place for place, step in enumerate(steps, start=1)}
        self._case = AnswerSheet(knowledge).read(report.case if report else {})

    def causes(self, ids: list[str]) -> None:
        for id in ids:
            self._cause(id)

    def _add(
        self, kind: str, id: str, *lines: str, of: str = "", marked: bool = False
    ) -> tuple[str, str]:
        key = (kind, id)
        if key not in self.nodes:
            name = id.removeprefix(f"{of}/")
            self.nodes[key] = Node(kind, id, (f"{kind.capitalize()}: {name}", *lines), marked)
        return key

    def _cause(self, id: str) -> None:
        cause, found = self.knowledge.causes[id], self._found.get(id)
        lines = [cause.title]
        likely = False
        if found is not None:
            open_ = found.status == "open"
            likely = found.status == "proven" or (open_ and bool(found.evidence))
            lines.append(percent(found.probability) if open_ else found.status.upper())
        node = self._add(CAUSE, id, *lines, marked=likely)
        for rule in cause.rules:
            seen = rule.sign in self._seen
            box = self._add(SIGN, rule.sign, *(["SEEN"] if seen else []), of=id, marked=seen)
            for fact in sorted(rule.facts):
                self.edges[self._fact(fact), box] = ""
            self.edges[box, node] = rule.says
        for remedy in self.knowledge.fixers(id):
            place = self._steps.get(remedy.id)
            step = [f"STEP {place}"] if place is not None else []
            fix = self._add(REMEDY, remedy.id, remedy.title, *step, marked=place is not None)
            self.edges[node, fix] = f"mended {percent(remedy.fixes[id])}"

    def _fact(self, id: str) -> tuple[str, str]:
        given, known, facts = self._case.given, self._case.known, self.knowledge.facts
        lines = [question(id, self.knowledge)]
        if id in given:
            lines.append(
                f"GIVEN: {label(id, given[id], self.knowledge, id in self._case.tentative)}"
            )
        elif id in known:
            lines.append("GIVEN by the fact that it follows from")
        key = self._add(FACT, id, *lines, marked=id in known)
        for source in {facts[id].derived_from, *said_by(id, self._case, facts)} - {"", id}:
            self.edges[self._fact(source), key] = "gives"
        return key


def mermaid(graph: Graph) -> str:
    """The graph as a Mermaid flowchart."""
    return "\n".join(_mermaid(graph)) + "\n"


def _mermaid(graph: Graph) -> Iterator[str]:
    names = _names(graph)
    yield "flowchart LR"
    yield f"  accTitle: {_in_mermaid(graph.title)}"
    for kind, nodes in groupby(sorted(graph.nodes, key=_by_kind), key=lambda node: node.kind):
        left, right = _SHAPES[kind]
        for node in nodes:
            text = "<br>".join(map(_in_mermaid, node.lines))
            mark = ":::marked" if node.marked else ""
            yield f"  {names[node.kind, node.id]}{left}{text}{right}{mark}"
    for edge in graph.edges:
        arrow = "==>" if edge.marked else "-->"
        word = f'|"{_in_mermaid(edge.word)}"|' if edge.word else ""
        yield f"  {names[edge.start]} {arrow}{word} {names[edge.end]}"
    yield "  classDef marked stroke-width:4px,font-weight:bold"


def _names(graph: Graph) -> dict[tuple[str, str], str]:
    """A short name for each box, which means nothing to Mermaid."""
    return {(node.kind, node.id): f"n{place}" for place, node in enumerate(graph.nodes)}


def _in_mermaid(text: str) -> str:
    """The text with everything that could mean something to Mermaid, Markdown or HTML as a code."""
    return "".join(c if c.isalnum() or c in _SAFE else f"#{ord(c)};" for c in clean(text))


def dot(graph: Graph) -> str:
    """The graph in Graphviz's language."""
    return "\n".join(_dot(graph)) + "\n"


def _dot(graph: Graph) -> Iterator[str]:
    # The names are what a picture tells of its parts to a screen reader, or under the pointer.
    names = {(node.kind, node.id): _in_dot([f"{node.kind} {node.id}"]) for node in graph.nodes}
    title = _in_dot([graph.title])
    yield f"digraph {title} {{"
    yield f"  graph [rankdir=LR, label={title}, labelloc=t, {_FONT}]"
    yield f"  node [{_FONT}, fontsize=11]"
    yield f"  edge [{_FONT}, fontsize=9]"
    for node in sorted(graph.nodes, key=_by_kind):
        mark = ', style="filled", fillcolor="#ffe9a8", penwidth=3' if node.marked else ""
        text = _in_dot(_wrapped(node))
        yield f"  {names[node.kind, node.id]} [shape={_DOT_SHAPES[node.kind]}, label={text}{mark}]"
    for edge in graph.edges:
        given = [f"label={_in_dot([edge.word])}"] if edge.word else []
        given += ["penwidth=3"] if edge.marked else []
        options = f" [{', '.join(given)}]" if given else ""
        yield f"  {names[edge.start]} -> {names[edge.end]}{options}"
    yield "}"


def _in_dot(lines: list[str]) -> str:
    """The lines as one string, in which Graphviz reads neither its escapes nor HTML entities."""
    escaped = (
        line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
        for line in map(clean, lines)
    )
    return '"' + "\\n".join(escaped) + '"'


def svg(graph: Graph) -> str:
    """The graph as Graphviz draws it.

    Raises NoGraphviz where there is none, or it fails.
    """
    program = shutil.which("dot")
    if program is None:
        raise NoGraphviz("This needs the program dot of Graphviz (https://graphviz.org).")
    try:
        done = subprocess.run(
            [program, "-Tsvg"],
            input=dot(graph).encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=True,
        )
        return done.stdout.decode()
    except subprocess.TimeoutExpired:
        reason = f"not within {PATIENCE} seconds"
    except subprocess.CalledProcessError as error:
        reason = clean(error.stderr.decode(errors="replace")) or f"exit code {error.returncode}"
    except (OSError, UnicodeDecodeError) as error:
        reason = clean(error)
    raise NoGraphviz(f"Graphviz does not draw it: {reason}.")


def _by_kind(node: Node) -> int:
    return KINDS.index(node.kind)


def _wrapped(node: Node) -> list[str]:
    return [line for text in node.lines for line in wrap(clean(text), COLUMNS)]
