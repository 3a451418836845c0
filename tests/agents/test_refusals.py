"""Whatever a client hands in: it is told all that is wrong in plain words, the server goes on, and
nothing of it is written anywhere."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from functools import partial
from typing import Any

import anyio
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.server.mcpserver import MCPServer
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult

from diagnoser import Diagnoser, Interview
from diagnoser.agents import server
from tests.agents.clients import agent, text_of

UGLY = ("Traceback", "validation error", "pydantic", "Error executing", "object at 0x")


@pytest.fixture(scope="module")
def made(diagnoser: Diagnoser) -> MCPServer[Any]:
    return server(diagnoser)


@pytest.fixture(scope="module")
def schemas(made: MCPServer[Any]) -> dict[str, Any]:
    return {tool.name: tool.output_schema for tool in anyio.run(made.list_tools)}


@pytest.fixture(scope="module")
def state(diagnoser: Diagnoser) -> dict[str, Any]:
    """A conversation with a visit, a visit that was left, and a step."""
    interview = Interview.start(diagnoser, {"ios": {"version": "26.1"}})
    interview.answer({"backup.switch": "on", "wifi.connection": "off"})
    interview.cannot_look()
    interview.enough()
    while interview.next().kind == "visit":
        interview.answer({})
    interview.outcome("did-not-help")
    found: dict[str, Any] = json.loads(interview.json_text())
    assert len(found["said"]) >= 4
    return found


def call(made: MCPServer[Any], tool: str, **arguments: Any) -> CallToolResult:
    result = anyio.run(partial(made.call_tool, tool, arguments))
    assert isinstance(result, CallToolResult)
    return result


def refused(made: MCPServer[Any], tool: str, **arguments: Any) -> str:
    result = call(made, tool, **arguments)
    assert result.is_error
    text = text_of(result)
    assert text.startswith("This cannot be used:\n  ")
    assert not any(word in text for word in UGLY)
    return text


MISTAKES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("diagnose", {"facts": {"wifi": {"conection": "off"}}}, ['did you mean "wifi.connection"?']),
    (
        "diagnose",
        {"facts": {"wifi": {"connection": "of"}, "ios": {"version": 3}, "lock": 1}},
        ["wifi.connection", "ios.version", "lock"],
    ),
    ("diagnose", {"facts": [1]}, ["facts: [1] is not an object"]),
    ("diagnose", {"facts": "Wi-Fi is off"}, ['facts: "Wi-Fi is off" is not an object']),
    ("diagnose", {"fact": {}}, ["fact: is not an argument of this tool", '"facts"']),
    ("diagnose", {"facts": {}, "interview": {}}, ["facts and an interview are given"]),
    ("diagnose", {"interview": {}}, ["session: is missing"]),
    ("diagnose", {"interview": {"session": 1}}, ["session", "another version"]),
    ("diagnose", {"facts": {"wifi": {"connection": "x" * 201}}}, ["longer than 200 characters"]),
    ("diagnose", {"facts": {"a": {"b": {"c": {"d": {"e": {"f": {}}}}}}}}, ["levels deep"]),
    ("diagnose", {"facts": {str(n): "x" * 100 for n in range(700)}}, ["larger than 64 KiB"]),
    ("diagnose", {"facts": {"wifi": {"connection": "\ud800"}}}, ["half a character"]),
    ("next_visit", {"ask_person": "perhaps"}, ['ask_person: "perhaps" is not true or false']),
    ("answer", {}, ["interview: is missing"]),
    ("answer", {"interview": None, "answers": {}}, ["interview: is null"]),
    ("answer", {"interview": {}}, ["nothing is said", "one of answers, outcome and say"]),
    ("answer", {"interview": {}, "outcome": "done", "say": "back"}, ["more than one thing"]),
    ("answer", {"interview": {}, "outcome": 7}, ["outcome: 7 is not text"]),
    ("explain", {"facts": {}, "cause": "wifi-is-of"}, ["wifi-is-of", "wifi-is-off"]),
    ("find_remedy", {}, ["a cause, or words of 3 letters or more"]),
    ("find_remedy", {"words": "at my"}, ["a cause, or words of 3 letters or more"]),
    ("find_remedy", {"words": "x" * 201}, ["longer than 200 characters"]),
    ("find_remedy", {"cause": "wifi-is-of"}, ['did you mean "wifi-is-off"?']),
    ("next_vist", {}, ['"next_vist" is not a tool', 'did you mean "next_visit"?']),
]


@pytest.mark.parametrize(("tool", "arguments", "told"), MISTAKES)
def test_all_mistakes_are_told_in_plain_words(
    tool: str, arguments: dict[str, Any], told: list[str], made: MCPServer[Any]
) -> None:
    text = refused(made, tool, **arguments)
    for part in told:
        assert part in text


SAID_WRONGLY: list[tuple[dict[str, Any], str]] = [
    ({"say": "cannot look"}, 'did you mean "cannot-look"?'),
    ({"say": "can-look-again"}, "the turn is no look"),
    ({"say": "back"}, "nothing was said yet"),
    ({"say": "insist"}, "no answers contradict each other"),
    ({"outcome": "fixed"}, "no step of the plan is to be done now"),
    ({"answers": {"wifi.conection": "off"}}, 'did you mean "wifi.connection"?'),
    ({"answers": {"backup.switch": "maybe", "backup.message": "none"}}, "backup.switch"),
    ({"answers": {"tried": ["restart-iphne"]}}, "restart-iphne"),
    ({"answers": {"backup.switch": "x" * 201}}, "longer than 200 characters"),
]


@pytest.mark.parametrize(("said", "told"), SAID_WRONGLY)
def test_what_cannot_be_said_at_a_turn_is_refused(
    said: dict[str, Any], told: str, made: MCPServer[Any], diagnoser: Diagnoser
) -> None:
    start = json.loads(Interview.start(diagnoser).json_text())
    assert told in refused(made, "answer", interview=start, **said)


def test_no_visit_can_be_left_at_a_step(made: MCPServer[Any], diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser, {"wifi": {"connection": "off"}})
    interview.enough()
    interview.answer({"tried": []})
    assert interview.next().kind == "step"
    state = json.loads(interview.json_text())
    assert "no visit is to be made now" in refused(
        made, "answer", interview=state, say="cannot-look"
    )
    assert "fxed" in refused(made, "answer", interview=state, outcome="fxed")


def test_an_interview_written_as_text_is_understood(
    made: MCPServer[Any], state: dict[str, Any]
) -> None:
    """Some clients hand objects over as the text of their JSON."""
    plain = call(made, "diagnose", interview=state)
    assert call(made, "diagnose", interview=json.dumps(state)) == plain


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of everything in a JSON value."""
    yield path
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in inner:
        yield from places(one, (*path, key))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The value with something else at a path."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


@given(data=st.data())
def test_a_conversation_that_was_tampered_with_is_refused_or_goes_on(
    data: st.DataObject, made: MCPServer[Any], state: dict[str, Any], schemas: dict[str, Any]
) -> None:
    words = st.sampled_from(["unknown", "wifi.connection", "done", "did-not-help", "tried", "", 2])
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([*places(state)]))
        state = changed(state, path, data.draw(JUNK | words))
        if not isinstance(state, dict):
            break
    say: dict[str, Any] = data.draw(
        st.sampled_from([{"say": "back"}, {"answers": {}}, {"outcome": "done"}, {"say": "enough"}])
    )
    for tool, arguments in (("answer", say), ("diagnose", {}), ("next_visit", {})):
        more = {"facts": {}} if state is None and tool != "answer" else {}
        result = call(made, tool, interview=state, **arguments, **more)
        text = text_of(result)
        if result.is_error:
            assert text.startswith("This cannot be used:\n  ")
            assert not any(word in text for word in UGLY)
            assert text.encode()  # without half characters
        else:
            jsonschema.validate(result.structured_content, schemas[tool])


@given(
    arguments=st.dictionaries(
        st.sampled_from(
            ["facts", "interview", "answers", "more", "outcome", "say", "cause", "words", "full"]
        )
        | st.text(max_size=5),
        JUNK,
        max_size=4,
    ),
    tool=st.sampled_from(["diagnose", "next_visit", "answer", "explain", "find_remedy"]),
)
def test_no_arguments_break_a_tool(
    tool: str, arguments: dict[str, Any], made: MCPServer[Any], schemas: dict[str, Any]
) -> None:
    if tool == "explain":
        arguments = {**arguments, "cause": "wifi-is-off"}  # of all causes it takes a second
    result = call(made, tool, **arguments)
    if result.is_error:
        assert text_of(result).startswith("This cannot be used:\n  ")
    else:
        jsonschema.validate(result.structured_content, schemas[tool])


def test_what_breaks_down_is_logged_without_the_case(
    diagnoser: Diagnoser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explain(facts: Any, cause: Any) -> None:
        raise RuntimeError(f"the secret {facts}")

    monkeypatch.setattr(diagnoser, "explain", explain)
    caplog.set_level(logging.DEBUG)
    result = call(server(diagnoser), "explain", facts={"storage": {"icloud_free_gb": 7.125}})
    assert result.is_error
    assert text_of(result) == "The tool broke down on this. It is a mistake of the program."
    assert "RuntimeError at " in caplog.text
    assert "test_refusals.py" in caplog.text
    assert "secret" not in caplog.text
    assert "7.125" not in caplog.text


def test_mistakes_are_not_logged(diagnoser: Diagnoser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def talk() -> None:
        async with agent(server(diagnoser)) as talker:
            await talker.refusal("diagnose", facts={"storage": {"icloud_free_gb": "7.125 plums"}})
            await talker.refusal("explain", facts={}, full="7.125 plums")
            with pytest.raises(MCPError, match="Unknown prompt"):
                await talker.client.get_prompt("7.125 plums")

    anyio.run(talk)
    assert "plums" not in caplog.text


def test_a_server_leaves_the_logging_of_the_process_alone(diagnoser: Diagnoser) -> None:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        root.handlers[:] = []
        server(diagnoser)
        assert root.handlers == []
        assert root.level == level
    finally:
        root.handlers[:] = handlers


def test_an_entry_that_does_not_exist_is_refused_with_the_nearest(diagnoser: Diagnoser) -> None:
    async def talk() -> None:
        async with agent(server(diagnoser)) as talker:
            for uri, told in (
                ("diagnoser://causes/wifi-is-of", 'did you mean "wifi-is-off"?'),
                ("diagnoser://signs/account-is-locked/nothing", "is not one of the signs"),
                ("diagnoser://facts/../causes", ""),
                ("diagnoser://cause", "Unknown resource"),
            ):
                with pytest.raises(MCPError) as refusal:
                    await talker.client.read_resource(uri)
                assert told in str(refusal.value)

    anyio.run(talk)


def test_every_tool_only_reads_and_says_what_its_arguments_are(made: MCPServer[Any]) -> None:
    for tool in anyio.run(made.list_tools):
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        assert not tool.annotations.open_world_hint
        assert "\n    " not in tool.description
        for argument in tool.input_schema["properties"].values():
            assert argument["description"].strip()
        required = ["interview"] if tool.name == "answer" else []
        assert tool.input_schema.get("required", []) == required


def test_the_description_names_every_fact_that_is_asked_for(
    made: MCPServer[Any], diagnoser: Diagnoser
) -> None:
    [diagnose] = [one for one in anyio.run(made.list_tools) if one.name == "diagnose"]
    for id, fact in diagnoser.knowledge.facts.items():
        assert (f"\n{id}: " in diagnose.description) == fact.askable
    assert "\ntried.<id of a remedy>: did-not-help | " in diagnose.description
