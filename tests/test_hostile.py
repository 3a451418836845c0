"""A pack in which every text is hostile: none of it becomes markup, a link or an order to the
terminal, in any command and any format."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser.rendering import ticket
from diagnoser.rendering.words import columns
from diagnoser.report.canonical_json import as_json
from tests import packs
from tests.commands import invoke
from tests.markup import Reader
from tests.rendering.test_graph import DOT_LINES, MERMAID_LINES, lines_are

BAD = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> </title></style></li> &lt;b&gt;"
    " \x1b[2J\x1b]0;title\x07\x9b31m \u202e\u2066\u200f\u2028 \ufeff \r\n\n# heading\n- item"
    ' [a](https://b.org) ![i](//c.org/x) <https://d.org> www.e.org f.org "]; --> |x| %% {0} {{x}}'
    " #quot; `code` **bold** $x$ @somebody '; \\"
)
FOR_PEOPLE = {"title", "because", "ask", "do", "caveat", "check", "text", "for", "against"}
TERMINAL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""What a terminal would obey, and what would turn the direction of the text round."""
CASE = {"f": {"c0": "red", "c1": "red", "c2": "green"}}


def spoilt(value: Any, key: str = "") -> Any:
    """The data of a pack with hostile texts for people."""
    if isinstance(value, dict):
        if key == "answers":
            return {id: f"{label} {BAD}" for id, label in value.items()}
        return {name: spoilt(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [spoilt(one, key) for one in value]
    return f"{value} {BAD}" if key in FOR_PEOPLE and isinstance(value, str) else value


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hostile pack, a case with proven causes that exclude each other, and a record of it."""
    causes = {f"c{number}": 0.03 for number in range(4)}
    remedies = {
        "r0": packs.remedy("r0", fixes={"c0": "usually"}, money="fee"),
        "r1": packs.remedy("r1", fixes={"c1": "often", "c3": "often"}, after=["r0"]),
        "r2": packs.remedy("r2", fixes={"c2": "often"}, loses=["work"]),
        "support": packs.remedy("support", hands_on=60, hand_over=True),
    }
    remedies["r1"] |= {"caveat": "Mind."}
    remedies["r2"] |= {"not_if": [{"when": {"f.c2": "green"}, "because": "It is not needed."}]}
    data = packs.with_remedies(causes, remedies).data
    nuisances = {"minutes": 5, "text": "a thing", "irreplaceable": False}
    data["pack"] |= {"nuisances": {"fee": nuisances, "work": nuisances}}
    data["pack"]["preconditions"] = {
        id: {
            "title": "It is so.",
            "otherwise": "It is not so.",
            "holds": {f"f.{id}": "green"},
            "looks": [f"f.{id}"],
            "remedy": ["r1", "r2"],
        }
        for id in causes
    }
    data["contradictions"] = {
        "x": {
            "when": {"f.c0": "red", "f.c1": "red"},
            "because": "They exclude each other.",
            "ask_again": "f.c1",
            "source": ["generated"],
            "reviewed": "2026-01-01",
        }
    }
    for id, cause in data["causes"].items():
        data["causes"][id] = cause | {"file": f"rules/causes/things/{id}.yaml"}
    data["causes"]["c3"]["signs"] = {"slightly against": ["s"]}
    sign = {"when": {"f.c3": "green"}, "for": "It is.", "against": "It is not."}
    sign |= {"source": ["generated"], "reviewed": "2026-01-01", "seen": {}, "unseen": {}}
    data["signs"] = {"seen": {"title": "Seen", "signs": {"s": sign}, "explains": {}}}
    way = [{"condition": None, "do": ["Go."]}]
    data["places"] = {"p": {"title": "Place", "effort": 1.0, "go": way}}
    remedies["r0"]["steps"][0]["do"].append({"go": "p"})
    made = tmp_path_factory.mktemp("hostile")
    packs.write(spoilt(data), made)
    (made / "empty.json").write_text("{}", encoding="utf-8")
    (made / "case.json").write_text(json.dumps(CASE), encoding="utf-8")
    shown(made, "diagnose", str(made / "case.json"), "--record", str(made / "record"))
    return made


def shown(folder: Path, *arguments: str, code: int = 0) -> str:
    """All that a command writes, to both outputs."""
    result = invoke(*arguments, "--knowledge", str(folder))
    assert result.exit_code == code, result.output
    return result.stdout + result.stderr


FILE = "case.json"
FOR_TERMINALS = [
    (0, "diagnose", FILE),
    (0, "diagnose", FILE, "--full", "--trace", "--record", "record"),
    (0, "explain", FILE),
    (0, "explain", FILE, "--full", "--trace"),
    (0, "explain", FILE, "c3"),
    (0, "next", "empty.json", "--thorough"),
    (0, "replay", "record"),
    (0, "facts"),
    (0, "places"),
    (0, "signs"),
    (0, "causes"),
    (0, "remedies"),
    (0, "facts", "f.c0"),
    (0, "facts", "tried.r0"),
    (0, "places", "p"),
    (0, "signs", "s"),
    (0, "signs", "c0/proof"),
    (0, "causes", "c0"),
    (0, "remedies", "r1"),
    (0, "remedies", "r2"),
    (1, "check"),
    (2, "diagnose", FILE, "--set", f"f.c0={BAD}"),
    (2, "diagnose", FILE, "--set", f"f.{BAD}=red"),
    (2, "explain", FILE, BAD),
    (2, "graph", BAD),
    (2, "facts", BAD),
    (2, "diagnose", f"no{BAD}.json"),
]


@pytest.mark.parametrize("command", FOR_TERMINALS, ids=lambda one: " ".join(one[1:3])[:30])
def test_no_order_reaches_the_terminal(
    folder: Path, command: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    code, *arguments = command

    said = shown(folder, *arguments, code=code)

    assert said
    assert all(line.isprintable() for line in said.split("\n"))
    only_ids = arguments in (["replay", "record"], ["signs"])
    assert code == 1 or only_ids or "script>" in said


@pytest.mark.parametrize("width", [80, 40, 20])
def test_no_line_is_wider_than_the_terminal(
    folder: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", str(width))
    for code, *arguments in FOR_TERMINALS:
        if code == 0:
            lines = shown(folder, *arguments).splitlines()
            assert max(map(columns, lines)) <= width, arguments


@pytest.mark.parametrize("command", ["diagnose", "explain"])
def test_notes_hold_no_markup_of_a_pack(folder: Path, command: str) -> None:
    file = str(folder / FILE)
    note = shown(folder, command, file, "--format", "markdown", "--trace")

    assert "script" in note
    assert all(line.replace("\u200b", "").isprintable() for line in note.split("\n"))
    assert not re.search(r"(?<!\\)[<\[`]|\*\*bold|\w\.org|www\.|[^\\]//|[@#]\w", unmarked(note))


def unmarked(note: str) -> str:
    """A note without its own markup: headings, code such as ids, and what is bold."""
    return re.sub(r"`[\w.-]+`|^#+ ", "", note, flags=re.MULTILINE)


@pytest.mark.parametrize("form", ["html", "card"])
def test_pages_and_cards_hold_no_markup_of_a_pack(folder: Path, form: str) -> None:
    page = Reader(shown(folder, "diagnose", str(folder / FILE), "--format", form))

    assert not {"img", "b.org"} & set(page.tags)
    assert page.tags.count("script") == (form == "html")
    assert form == "html" or set(page.tags) <= ticket.TAGS | ticket.FOLD
    assert not [name for name in page.values("href") if not name.startswith("#")]
    assert {name for _, name, _ in page.attributes}.isdisjoint({"onerror", "src"})
    assert "<script>alert(1)</script>" in page.text()
    assert page.text().isprintable()


def test_a_log_holds_no_link_of_a_pack(folder: Path) -> None:
    log = shown(folder, "diagnose", str(folder / FILE), "--format", "sarif")

    assert "script" in log
    assert all(line.isprintable() for line in log.split("\n"))
    for message in re.findall(r'"text": (".*")', log):
        assert not re.search(r"(?<!\\)\]\(", json.loads(message))


@pytest.mark.parametrize("form", ["mermaid", "dot"])
def test_graphs_hold_no_order_of_a_pack(folder: Path, form: str) -> None:
    for cause in ([], ["c0"]):
        drawn = shown(folder, "graph", *cause, "--case", str(folder / FILE), "--format", form)

        assert "script" in drawn
        assert lines_are(MERMAID_LINES if form == "mermaid" else DOT_LINES, drawn)
        assert all(line.isprintable() for line in drawn.split("\n"))


@pytest.mark.parametrize(
    "command",
    [
        ["explain", FILE, "--trace"],
        ["replay", "record"],
        ["diagnose", FILE],
        ["diagnose", FILE, "--trace"],
        ["next", "empty.json", "--thorough"],
        ["facts"],
        ["causes", "c0"],
        ["remedies", "r1"],
    ],
    ids=" ".join,
)
def test_json_holds_the_texts_as_they_are_but_nothing_that_a_terminal_obeys(
    folder: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    shown(folder, "diagnose", FILE, "--record", "record")

    text = shown(folder, *command, "--format", "json")

    assert not TERMINAL.search(text)
    assert command[0] == "replay" or "<script>" in text
    assert command[0] != "explain" or BAD in json.loads(text)["explanation"]["causes"][0]["title"]


@given(st.text())
def test_json_is_safe_to_print_and_means_the_same(text: str) -> None:
    written = as_json({"text": text})

    assert json.loads(written) == {"text": text}
    assert not TERMINAL.search(written)
    assert written.encode()
