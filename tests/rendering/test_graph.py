"""The graph: all of the knowledge, or of one cause, with what a case brings about."""

from __future__ import annotations

import re
import shutil
import stat
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser
from diagnoser.knowledge.model import Knowledge
from diagnoser.rendering import graph, words
from tests import packs
from tests.commands import STORAGE, invoke
from tests.rendering.test_rendering import HOSTILE

UNPLUGGED = {"power": {"overnight": "no"}, "backup": {"back_up_now": "works"}}
CAUSE = "not-on-power-at-night"
STRING = r'"(?:[^"\\]|\\.)*"'
DOT_LINES = re.compile(
    rf"digraph {STRING} \{{|\}}|  (?:graph|node|edge) \[.*\]"
    rf"|  {STRING} \[shape=\w+, label={STRING}"
    rf"(?:, style=\"filled\", fillcolor=\"#\w+\", penwidth=3)?\]"
    rf"|  {STRING} -> {STRING}(?: \[(?:label={STRING})?(?:, )?(?:penwidth=3)?\])?"
)
SAFE = r"[^\"`<>\[\]{}|&;\\*~$@!]|#\d+;|<br>"
MERMAID_LINES = re.compile(
    rf"flowchart LR|  accTitle: (?:{SAFE})*|  classDef marked [a-z0-9:,-]+"
    rf"|  n\d+(?:\[\"|\(\[\"|\{{\{{\"|\[/\")(?:{SAFE})*(?:\"\]|\"\]\)|\"\}}\}}|\"/\])(?::::marked)?"
    rf"|  n\d+ (?:-->|==>)(?:\|\"(?:{SAFE})*\"\|)? n\d+"
)


def done(*arguments: str) -> str:
    result = invoke("graph", *arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


TEXT = "a text for people"


def poisoned(bad: str) -> Knowledge:
    """A small pack in which every text for people is hostile: also one that no file can hold."""

    def spoil(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: spoil(one) for key, one in value.items()}
        if isinstance(value, tuple):
            parts = map(spoil, value)
            return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
        return bad if isinstance(value, str) and value.startswith(TEXT) else value

    known: Knowledge = spoil(packs.linked(with_texts(packs.random_data(Random(3)))).knowledge)
    assert next(iter(known.facts.values())).ask == bad
    return known


def with_texts(value: Any, key: str = "") -> Any:
    """The plain data of a pack with one text for all that are for people."""
    if isinstance(value, dict):
        if key == "answers" and all(isinstance(one, str) for one in value.values()):
            return {name: f"{TEXT} {name}" for name in value}
        return {name: with_texts(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [with_texts(one) for one in value]
    people = key in ("title", "ask", "because", "text", "for", "against")
    return TEXT if people and isinstance(value, str) else value


def lines_are(pattern: re.Pattern[str], text: str) -> bool:
    return all(pattern.fullmatch(line) for line in text.splitlines())


# -- what is drawn


def test_the_graph_holds_all_of_the_knowledge(diagnoser: Diagnoser) -> None:
    known = diagnoser.knowledge
    drawn = graph.build(known)
    ids = {kind: {node.id for node in drawn.nodes if node.kind == kind} for kind in graph.KINDS}
    read = {fact for rule in known.rules.values() for fact in rule.facts}

    assert ids["cause"] == set(known.causes)
    assert ids["sign"] == set(known.signs)
    assert {(edge.start[1], edge.end[1], edge.word) for edge in drawn.edges} >= {
        (rule.sign, rule.cause, rule.says) for rule in known.rules.values()
    }
    assert ids["fact"] >= read
    assert ids["remedy"] == {id for id, remedy in known.remedies.items() if remedy.fixes}
    assert not any(node.marked for node in drawn.nodes)


def test_the_graph_of_a_cause_holds_what_concerns_it(diagnoser: Diagnoser) -> None:
    known = diagnoser.knowledge
    drawn = graph.build(known, CAUSE)
    nodes = {(node.kind, node.id) for node in drawn.nodes}

    assert {id for kind, id in nodes if kind == "cause"} == {CAUSE}
    assert {id for kind, id in nodes if kind == "sign"} == {
        rule.sign for rule in known.causes[CAUSE].rules
    }
    assert {edge.start for edge in drawn.edges} | {edge.end for edge in drawn.edges} == nodes


def test_what_is_seen_is_marked_and_says_so(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(UNPLUGGED)
    drawn = graph.build(diagnoser.knowledge, CAUSE, report)
    cause = next(one for one in report.causes if one.id == CAUSE)
    seen = {diagnoser.knowledge.rules[one.rule].sign for one in cause.evidence}
    nodes = {(node.kind, node.id): node for node in drawn.nodes}

    assert {id for (kind, id), node in nodes.items() if kind == "sign" and node.marked} == seen
    assert "PROVEN" in nodes["cause", CAUSE].lines
    assert "GIVEN: No" in nodes["fact", "power.overnight"].lines
    assert "STEP 1" in nodes["remedy", "plug-in-overnight"].lines
    said = re.compile(r"SEEN|GIVEN|PROVEN|STEP|%")
    assert all(any(map(said.search, node.lines)) for node in drawn.nodes if node.marked)
    assert any(edge.marked for edge in drawn.edges)


def test_only_what_the_case_brings_about_can_be_drawn(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(UNPLUGGED)
    drawn = graph.build(diagnoser.knowledge, None, report, only_marked=True)

    assert drawn.nodes
    assert all(node.marked for node in drawn.nodes)
    assert all(edge.marked for edge in drawn.edges)


# -- as text


def test_both_languages_are_well_formed(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(UNPLUGGED)
    for drawn in (
        graph.build(diagnoser.knowledge),
        graph.build(diagnoser.knowledge, CAUSE, report),
    ):
        assert lines_are(MERMAID_LINES, graph.mermaid(drawn))
        assert lines_are(DOT_LINES, graph.dot(drawn))


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_texts_stay_texts(bad: str) -> None:
    drawn = graph.build(poisoned(bad))
    harmless = graph.build(poisoned("word"))

    assert lines_are(MERMAID_LINES, graph.mermaid(drawn))
    assert lines_are(DOT_LINES, graph.dot(drawn))
    for render in (graph.mermaid, graph.dot):
        assert len(render(drawn).splitlines()) == len(render(harmless).splitlines())
        assert all(line.isprintable() for line in render(drawn).splitlines())


@given(st.text(st.characters(), max_size=30))
def test_no_text_at_all_means_anything(anything: str) -> None:
    node = graph.Node("fact", anything, ("Fact: x", anything), True)
    drawn = graph.Graph(anything, (node,), ())

    assert lines_are(MERMAID_LINES, graph.mermaid(drawn))
    assert lines_are(DOT_LINES, graph.dot(drawn))


@pytest.mark.parametrize("bad", ["word", *HOSTILE] if shutil.which("dot") else [])
def test_graphviz_shows_hostile_texts_as_they_are(bad: str) -> None:
    node = graph.Node("fact", "x", (f"Fact: {bad}",), True)

    picture = ElementTree.fromstring(graph.svg(graph.Graph(bad, (node,), ())))

    tags = {element.tag.rpartition("}")[2] for element in picture.iter()}
    assert tags <= {"svg", "g", "title", "text", "polygon"}
    shown = " ".join("".join(picture.itertext()).replace("\xa0", " ").split())
    assert "".join(words.clean(bad).split()) in "".join(shown.split())


# -- the command


def test_the_command_draws_the_same_every_time() -> None:
    for form in ("mermaid", "dot"):
        arguments = [CAUSE, "--case", STORAGE, "--format", form]
        assert done(*arguments) == done(*arguments)
    assert done(CAUSE) == done(CAUSE, "--format", "mermaid")
    assert done(CAUSE, "--set", "power.overnight=no") != done(CAUSE)
    assert len(done(CAUSE, "--case", STORAGE, "--fired")) < len(done(CAUSE, "--case", STORAGE))


def test_a_graph_that_mermaid_does_not_draw_unasked_comes_with_a_hint() -> None:
    result = invoke("graph")

    assert result.exit_code == 0
    assert "maxEdges" in result.stderr
    assert invoke("graph", CAUSE).stderr == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["not-on-power"], 'Did you mean "not-on-power-at-night"?'),
        (["--fired"], "needs a case"),
        (["--case", "nowhere.json"], "no such file"),
        (["--set", "power.overnight=maybe"], "power.overnight"),
    ],
)
def test_bad_usage_is_one_message(arguments: list[str], says: str) -> None:
    result = invoke("graph", *arguments)

    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""


def test_without_graphviz_there_is_one_message(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    result = invoke("graph", CAUSE, "--format", "svg")

    assert result.exit_code == 2
    assert "Graphviz" in result.stderr
    assert "--format mermaid" in result.stderr


def test_a_graphviz_that_fails_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "dot"
    program.write_text("#!/bin/sh\ncat >/dev/null\nprintf 'broken \\033[2J' >&2\nexit 3\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    result = invoke("graph", CAUSE, "--format", "svg")

    assert result.exit_code == 2
    assert r"broken \u{1b}[2J" in result.stderr
