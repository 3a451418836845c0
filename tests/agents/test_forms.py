"""A client that can show forms asks the person itself; any other gets the visit to ask in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import anyio
import jsonschema
import pytest
from mcp_types import ElicitRequestFormParams, ElicitResult, InputRequiredResult
from mcp_types._v2025_11_25 import PrimitiveSchemaDefinition
from pydantic import TypeAdapter

from diagnoser import Diagnoser, Interview
from diagnoser.agents import forms, server
from diagnoser.interview.turns import TRIED_FIELD, Visit
from tests.agents.clients import Agent, Fill, agent, command, serving
from tests.agents.test_conversation import GIVEN, KNOWN, MOST_TURNS

ACCEPTED = ElicitResult(action="accept", content={})
FIELD: TypeAdapter[Any] = TypeAdapter(PrimitiveSchemaDefinition)


@pytest.fixture(scope="module")
def address(diagnoser: Diagnoser) -> Iterator[str]:
    with serving(diagnoser) as found:
        yield found


def person(known: dict[str, Any], seen: list[str]) -> Fill:
    """Fills in what is known, as the form wants it, and notes the title of each form."""

    def fill(message: str, schema: dict[str, Any]) -> ElicitResult:
        seen.append(message.splitlines()[0])
        content = {}
        for fact, field in schema["properties"].items():
            if fact in known:
                value = known[fact]
                wants_list = field["type"] == "array" and not isinstance(value, list)
                content[fact] = [value] if wants_list else value
        jsonschema.validate(content, schema)
        return ElicitResult(action="accept", content=content)

    return fill


async def by_forms(talker: Agent) -> dict[str, Any]:
    """Leads to the end with a form for every visit."""
    now = await talker.call("next_visit", facts=GIVEN)
    for _ in range(MOST_TURNS):
        turn = now["turn"]
        if turn["kind"] == "end":
            return now
        if turn["kind"] == "visit":
            now = await talker.call("next_visit", interview=now["interview"])
            assert now["person"] == "answered"
        else:
            how = "fixed" if "fixed" in turn["outcomes"] else "done"
            now = await talker.call("answer", interview=now["interview"], outcome=how)
            assert now["person"] is None
    raise AssertionError("it does not end")


@pytest.mark.parametrize(
    ("transport", "mode"), [("stdio", "auto"), ("stdio", "legacy"), ("http", "auto")]
)
def test_the_person_is_asked_by_forms_to_the_end(
    transport: str, mode: str, address: str, diagnoser: Diagnoser
) -> None:
    seen: list[str] = []

    async def talk() -> None:
        where = address if transport == "http" else command()
        async with agent(where, person(KNOWN, seen), mode) as talker:
            last = await by_forms(talker)
            assert last["turn"]["how"] == "fixed"

    anyio.run(talk)
    assert len(seen) > 1
    first = Interview.start(diagnoser, GIVEN).next()
    assert isinstance(first, Visit)
    assert seen[0] == first.title


def test_a_form_that_cannot_come_back_is_not_shown(address: str) -> None:
    """The older protocol over HTTP without sessions has no way for the answer."""
    seen: list[str] = []

    async def talk() -> None:
        async with agent(address, person(KNOWN, seen), "legacy") as talker:
            now = await talker.call("next_visit")
            assert (now["turn"]["kind"], now["person"]) == ("visit", None)

    anyio.run(talk)
    assert seen == []


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize(("action", "person"), [("decline", "declined"), ("cancel", "cancelled")])
def test_who_declines_is_asked_by_the_agent(
    action: Any, person: str, mode: str, diagnoser: Diagnoser
) -> None:
    async def talk() -> None:
        def fill(message: str, schema: dict[str, Any]) -> ElicitResult:
            return ElicitResult(action=action)

        async with agent(server(diagnoser), fill, mode) as talker:
            now = await talker.call("next_visit", facts=GIVEN)
            plain = await talker.call("next_visit", facts=GIVEN, ask_person=False)
            assert now == plain | {"person": person}

    anyio.run(talk)


def test_a_client_without_forms_gets_the_visit(diagnoser: Diagnoser) -> None:
    async def talk() -> None:
        async with agent(server(diagnoser)) as talker:
            now = await talker.call("next_visit", facts=GIVEN)
            assert now == await talker.call("next_visit", facts=GIVEN, ask_person=False)
            assert now["turn"]["kind"] == "visit"

    anyio.run(talk)


def test_who_fills_in_nothing_twice_gets_a_list_for_later(diagnoser: Diagnoser) -> None:
    async def talk() -> None:
        async with agent(server(diagnoser), lambda message, schema: ACCEPTED) as talker:
            now = await talker.call("next_visit")
            now = await talker.call("next_visit", interview=now["interview"])
            assert (now["turn"]["kind"], now["person"]) == ("look", "answered")
            # Whoever can look again is asked for the same.
            now = await talker.call("answer", interview=now["interview"], say="can-look-again")
            assert now["turn"]["kind"] == "visit"

    anyio.run(talk)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_what_was_filled_in_wrongly_is_named_and_not_taken(mode: str, diagnoser: Diagnoser) -> None:
    wrong = {"backup.switch": "of", "backup.last_backup": 7, "wifi.conection": "off"}

    async def talk() -> None:
        def fill(message: str, schema: dict[str, Any]) -> ElicitResult:
            return ElicitResult(action="accept", content=wrong)

        async with agent(server(diagnoser), fill, mode) as talker:
            told = await talker.refusal("next_visit", facts=GIVEN)
            for fact in wrong:
                assert fact in told
            assert 'did you mean "wifi.connection"?' in told

    anyio.run(talk)


def test_one_server_shows_the_form_and_another_takes_what_was_filled_in(
    diagnoser: Diagnoser,
) -> None:
    async def talk() -> None:
        def fill(message: str, schema: dict[str, Any]) -> ElicitResult:
            raise AssertionError("this client shows nothing by itself")

        one, other = server(diagnoser), server(diagnoser)
        async with agent(one, fill) as shows, agent(other, fill) as takes:
            arguments = {"facts": GIVEN}
            asked = await shows.client.session.call_tool(
                "next_visit", arguments, allow_input_required=True
            )
            assert isinstance(asked, InputRequiredResult)
            assert asked.request_state is None
            form = asked.input_requests[forms.FORM].params
            assert isinstance(form, ElicitRequestFormParams)
            filled = person(KNOWN, [])(form.message, form.requested_schema)
            result = await takes.client.session.call_tool(
                "next_visit", arguments, input_responses={forms.FORM: filled}
            )
            assert not result.is_error
            said = result.structured_content["interview"]["said"]
            assert said[0]["answers"]["backup.switch"] == "on"

    anyio.run(talk)


def visits(diagnoser: Diagnoser) -> Iterator[Visit]:
    """All visits of a person who knows nothing and looks nothing up, asked to the end."""
    interview = Interview.start(diagnoser, thorough=True)
    while isinstance(turn := interview.next(), Visit):
        yield turn
        first = turn.fields[0]
        interview.answer({first.fact: next(iter(first.options), None)})


def test_every_form_is_one_that_the_protocol_allows(diagnoser: Diagnoser) -> None:
    kinds = set()
    for visit in visits(diagnoser):
        for several in (True, False):
            schema = forms._schema(visit, several)
            assert list(schema) == ["type", "properties"]
            asked = [one.fact for one in visit.fields]
            doubts = ["think"] if several and asked != [TRIED_FIELD] else []
            assert [*schema["properties"]] == [*asked, *doubts]
            for field in visit.fields:
                shown = schema["properties"][field.fact]
                FIELD.validate_python(shown)
                assert shown["title"] == field.ask
                kinds.add((shown["type"], "enum" in shown))
                if "enum" in shown:
                    assert dict(zip(shown["enum"], shown["enumNames"], strict=True)) == (
                        field.options
                    )
                for gate, opening in field.only_if.items():
                    asked = next(one for one in visit.fields if one.fact == gate)
                    assert asked.ask in shown["description"]
                    assert all(asked.options[one] in shown["description"] for one in opening)
    assert kinds == {("string", True), ("string", False), ("array", False), ("number", False)}


def test_a_form_says_where_to_look_and_in_which_unit(diagnoser: Diagnoser) -> None:
    fields = {field.fact: (field, visit) for visit in visits(diagnoser) for field in visit.fields}
    field, visit = fields["network.upload_mbps"]
    shown = forms._schema(visit, several=True)["properties"][field.fact]
    assert (shown["minimum"], shown["maximum"]) == (field.low, field.high)
    assert "In Mbit/s." in shown["description"]
    assert all(line in shown["description"] for line in field.look)
    field, visit = fields["ios.version"]
    shown = forms._schema(visit, several=True)["properties"][field.fact]
    assert field.allowed in shown["description"]
    assert json.dumps(shown)


def test_a_form_asks_which_answers_the_person_is_not_quite_sure_of(diagnoser: Diagnoser) -> None:
    visit = Interview.start(diagnoser).next()
    assert isinstance(visit, Visit)
    schema = forms._schema(visit, several=True)
    asked = schema["properties"]["think"]["items"]["anyOf"]
    filled = {"backup.switch": ["off"], "backup.last_backup": "", "think": ["backup.switch", "x.y"]}

    assert [one["const"] for one in asked] == [one.fact for one in visit.fields]
    assert "think" not in forms._schema(visit, several=False)["properties"]
    assert forms.answers(ElicitResult(action="accept", content=filled)) == {
        "backup.switch": {"think": ["off"]}
    }
