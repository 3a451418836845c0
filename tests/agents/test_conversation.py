"""An agent leads a whole conversation, over every transport, and asks the same as any host."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from random import Random
from typing import Any

import anyio
import pytest
from mcp_types import PromptReference, ResourceTemplateReference

from diagnoser import Diagnoser, Interview
from diagnoser.agents import server
from diagnoser.interview.turns import TRIED_FIELD
from diagnoser.report.canonical_json import as_json
from tests.agents.clients import Agent, agent, command, serving

GIVEN = {"ios": {"version": "26.1"}}
KNOWN = {
    "backup.switch": "on",
    "backup.message": "none",
    "backup.back_up_now": "works",
    "backup.last_backup": "within-two-weeks",
    "wifi.connection": "connected",
    "wifi.low_data_mode": "on",
    TRIED_FIELD: [],
}
"""What a person answers whose network is in Low Data Mode."""
MOST_TURNS = 40
TOOLS = ["diagnose", "next_visit", "answer", "explain", "find_remedy"]


@pytest.fixture(scope="module")
def address(diagnoser: Diagnoser) -> Iterator[str]:
    with serving(diagnoser) as found:
        yield found


async def to_the_end(
    talker: Agent, known: dict[str, Any] = KNOWN, hopes: tuple[str, ...] = ("fixed", "done")
) -> dict[str, Any]:
    """Leads a person who knows this to the end, and returns the last result; of each step comes
    the first of `hopes` that is possible."""
    now = await talker.call("next_visit", facts=GIVEN, ask_person=False)
    for _ in range(MOST_TURNS):
        turn = now["turn"]
        if turn["kind"] == "end":
            return now
        if turn["kind"] == "visit":
            asked = [one["fact"] for one in turn["fields"]]
            said = {fact: known[fact] for fact in asked if fact in known}
            now = await talker.call("answer", interview=now["interview"], answers=said)
        elif turn["kind"] == "look":
            now = await talker.call("answer", interview=now["interview"], say="enough")
        else:
            how = next(one for one in hopes if one in turn["outcomes"])
            now = await talker.call("answer", interview=now["interview"], outcome=how)
    raise AssertionError("it does not end")


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_an_agent_finds_tools_knowledge_and_a_prompt_and_leads_to_the_end(
    transport: str, mode: str, address: str
) -> None:
    async def talk() -> None:
        async with agent(address if transport == "http" else command(), mode=mode) as talker:
            assert list(talker.schemas) == TOOLS
            client = talker.client
            listed = (await client.list_resources()).resources
            kinds = ["facts", "places", "signs", "causes", "remedies"]
            assert [str(one.uri) for one in listed] == [f"diagnoser://{kind}" for kind in kinds]
            templates = (await client.list_resource_templates()).resource_templates
            assert [one.uri_template for one in templates] == [
                f"diagnoser://{kind}/{{+id}}" for kind in kinds
            ]
            [prompt] = (await client.list_prompts()).prompts
            assert prompt.name == "troubleshoot"
            read = await client.read_resource("diagnoser://causes/low-data-mode-is-on")
            assert json.loads(read.contents[0].text)["title"].startswith("Low Data Mode")
            last = await to_the_end(talker)
            assert last["turn"]["how"] == "fixed"
            diagnosis = await talker.call("diagnose", interview=last["interview"])
            assert diagnosis["causes"][0]["id"] == "low-data-mode-is-on"

    anyio.run(talk)


def test_where_nothing_helps_the_case_is_handed_over(address: str) -> None:
    async def talk() -> None:
        async with agent(address) as talker:
            last = await to_the_end(talker, hopes=("did-not-help", "done"))
            assert last["turn"]["how"] == "handed-over"
            diagnosis = await talker.call("diagnose", interview=last["interview"])
            tried = [one["remedy"] for one in diagnosis["plan"]["left_out"]]
            assert "turn-off-low-data-mode" in tried

    anyio.run(talk)


def test_an_answer_can_be_taken_back_and_another_be_changed(
    address: str, diagnoser: Diagnoser
) -> None:
    async def talk() -> None:
        async with agent(address) as talker:
            first = await talker.call("next_visit", facts=GIVEN, ask_person=False)
            wrong = await talker.call(
                "answer", interview=first["interview"], answers={"backup.switch": "off"}
            )
            back = await talker.call("answer", interview=wrong["interview"], say="back")
            assert back["turn"] == first["turn"]
            again = {"backup.switch": "off", "backup.back_up_now": "grey"}
            now = await talker.call("answer", interview=back["interview"], answers=again)
            changed = {"backup.switch": "on", "backup.back_up_now": "works"}
            now = await talker.call("answer", interview=now["interview"], answers=changed)
            facts = Interview.load(diagnoser, json.dumps(now["interview"])).facts()
            assert facts["backup"]["switch"] == "on"
            assert facts["backup"]["back_up_now"] == "works"

    anyio.run(talk)


@pytest.mark.parametrize("seed", range(2))
def test_it_asks_the_same_as_an_interview(seed: int, diagnoser: Diagnoser) -> None:
    async def talk() -> None:
        random = Random(seed)
        interview = Interview.start(diagnoser, GIVEN)
        async with agent(server(diagnoser)) as talker:
            now = await talker.call("next_visit", facts=GIVEN, ask_person=False)
            for _ in range(MOST_TURNS):
                assert now["interview"] == json.loads(interview.json_text())
                turn = interview.next()
                assert now["turn"] == json.loads(turn.json_text())
                call = partial(talker.call, "answer", interview=now["interview"])
                if turn.kind == "visit" and random.random() < 0.1:
                    interview.cannot_look()
                    now = await call(say="cannot-look")
                elif turn.kind == "visit":
                    said = {
                        one.fact: random.choice([*one.options])
                        for one in turn.fields
                        if one.options and random.random() < 0.8
                    }
                    interview.answer(said)
                    now = await call(answers=said)
                elif turn.kind == "step":
                    how = random.choice([*turn.outcomes])
                    again = interview.outcome(how)
                    now = await call(outcome=how)
                    assert now["look_again"] == again
                elif turn.kind == "look":
                    interview.looked()
                    now = await call(say="can-look-again")
                else:
                    return

    anyio.run(talk)


def test_two_servers_lead_one_conversation_by_turns(diagnoser: Diagnoser) -> None:
    async def talk() -> None:
        async with agent(server(diagnoser)) as one, agent(server(diagnoser)) as other:
            now = await one.call("next_visit", ask_person=False)
            for talker in (other, one, other):
                visit = now["turn"]
                asked = [field["fact"] for field in visit["fields"]]
                said = {fact: KNOWN.get(fact) for fact in asked}
                now = await talker.call("answer", interview=now["interview"], answers=said)
                assert now["turn"] != visit

    anyio.run(talk)


def test_what_was_said_can_be_taken_back_cut_short_and_insisted_on(diagnoser: Diagnoser) -> None:
    contradiction = {"backup.switch": "off", "backup.back_up_now": "works"}

    async def talk() -> None:
        async with agent(server(diagnoser)) as talker:
            first = await talker.call("next_visit", ask_person=False)
            second = await talker.call(
                "answer", interview=first["interview"], answers=contradiction
            )
            [found] = second["contradictions"]
            assert found["facts"] == contradiction
            settled = await talker.call("answer", interview=second["interview"], say="insist")
            assert settled["contradictions"] == []
            back = await talker.call("answer", interview=settled["interview"], say="back")
            assert back["turn"] == first["turn"]
            assert back["interview"] == first["interview"]
            plan = await talker.call("answer", interview=first["interview"], say="enough")
            assert plan["turn"]["kind"] != "visit" or plan["turn"]["fields"][0]["fact"] == "tried"
            part = await talker.call(
                "answer", interview=first["interview"], answers={"backup.switch": "on"}, more=True
            )
            asked = [one["fact"] for one in first["turn"]["fields"]]
            left = [one["fact"] for one in part["turn"]["fields"]]
            assert part["turn"]["place"] == first["turn"]["place"]
            assert left == [fact for fact in asked if fact in left and fact != "backup.switch"]

    anyio.run(talk)


def test_who_cannot_look_twice_gets_a_list_and_goes_on_later(diagnoser: Diagnoser) -> None:
    async def talk() -> None:
        async with agent(server(diagnoser)) as talker:
            now = await talker.call("next_visit", ask_person=False)
            for _ in range(2):
                now = await talker.call("answer", interview=now["interview"], say="cannot-look")
            assert now["turn"]["kind"] == "look"
            assert now["turn"]["visits"]
            now = await talker.call("answer", interview=now["interview"], say="can-look-again")
            assert now["turn"]["kind"] == "visit"

    anyio.run(talk)


def test_the_text_of_a_result_is_its_content(diagnoser: Diagnoser) -> None:
    async def talk() -> None:
        async with agent(server(diagnoser)) as talker:
            for tool, arguments in (
                ("diagnose", {"facts": GIVEN}),
                ("next_visit", {}),
                ("explain", {"facts": GIVEN, "cause": "wifi-is-off"}),
                ("find_remedy", {"words": "restart"}),
            ):
                result = await talker.client.call_tool(tool, arguments)
                assert json.loads(result.content[0].text) == result.structured_content

    anyio.run(talk)


def test_a_diagnosis_is_the_report_without_causes_that_are_not_worth_a_line(
    diagnoser: Diagnoser,
) -> None:
    facts = {"wifi": {"connection": "off"}, "storage": {"room": "none"}}

    async def talk() -> None:
        async with agent(server(diagnoser)) as talker:
            made = await talker.call("diagnose", facts=facts)
            report = json.loads(Interview.start(diagnoser, facts).report().json_text())
            for part in ("knowledge", "finding", "plan", "contradictions", "none_of_these"):
                assert made[part] == report[part]
            named = [one["id"] for one in made["causes"]]
            assert made["causes"] == [one for one in report["causes"] if one["id"] in named]
            assert len(named) + made["other_causes"] == len(report["causes"])
            proven = [one["id"] for one in report["causes"] if one["status"] == "proven"]
            assert set(proven) <= set(named)
            assert len(as_json(made)) < len(as_json(report)) / 2

    anyio.run(talk)


def test_an_explanation_is_of_all_causes_or_of_one(diagnoser: Diagnoser) -> None:
    async def talk() -> None:
        async with agent(server(diagnoser)) as talker:
            facts = {"wifi": {"connection": "off"}}
            whole = await talker.call("explain", facts=facts)
            one = await talker.call("explain", facts=facts, cause="wifi-is-off")
            assert whole["cause"] is None
            assert one["cause"] == "wifi-is-off"
            assert whole["text"].startswith("# Explanation")
            assert "Wi-Fi is switched off" in one["text"]
            opened = await talker.call("next_visit", facts=facts, ask_person=False)
            again = {"interview": opened["interview"], "cause": "wifi-is-off"}
            assert await talker.call("explain", **again) == one
            full = await talker.call("explain", **again, full=True)
            assert len(full["text"]) >= len(one["text"])

    anyio.run(talk)


def test_remedies_are_found_by_cause_and_by_words(diagnoser: Diagnoser) -> None:
    async def talk() -> None:
        async with agent(server(diagnoser)) as talker:
            by_cause = await talker.call("find_remedy", cause="wifi-is-off")
            chances = [
                next(fixed["chance"] for fixed in one["fixes"] if fixed["cause"] == "wifi-is-off")
                for one in by_cause["remedies"]
            ]
            assert chances == sorted(chances, reverse=True)
            assert by_cause["remedies"][0]["title"] == "Switch Wi-Fi on"
            by_words = await talker.call("find_remedy", words="Restart, router!")
            assert by_words["remedies"][0]["title"] == "Restart the router"
            assert len(by_words["remedies"]) == 5
            assert by_words["others"] > 0
            both = await talker.call("find_remedy", cause="wifi-is-off", words="mobile")
            assert {one["id"] for one in both["remedies"]} < {
                one["id"] for one in by_cause["remedies"]
            }
            nothing = await talker.call("find_remedy", words="xylophone")
            assert nothing == {"remedies": [], "others": 0}

    anyio.run(talk)


@pytest.mark.parametrize("kind", ["facts", "places", "signs", "causes", "remedies"])
def test_every_entry_of_the_knowledge_can_be_read(kind: str, diagnoser: Diagnoser) -> None:
    made = server(diagnoser)

    async def read(uri: str) -> Any:
        [content] = await made.read_resource(uri)  # type: ignore[misc]
        assert content.mime_type == "application/json"
        return json.loads(content.content)

    async def read_all() -> None:
        ids = await read(f"diagnoser://{kind}")
        assert ids
        for id in ids:
            assert (await read(f"diagnoser://{kind}/{id}"))["id"] == id

    anyio.run(read_all)


def test_ids_of_entries_are_completed(diagnoser: Diagnoser) -> None:
    async def talk() -> None:
        async with agent(server(diagnoser)) as talker:
            causes = ResourceTemplateReference(uri="diagnoser://causes/{+id}")
            found = await talker.client.complete(causes, {"name": "id", "value": "Wifi-is"})
            assert "wifi-is-off" in found.completion.values
            assert all("wifi-is" in id for id in found.completion.values)
            other = PromptReference(name="troubleshoot")
            found = await talker.client.complete(other, {"name": "situation", "value": "n"})
            assert found.completion.values == []

    anyio.run(talk)


def test_the_prompt_says_how_to_lead_and_what_was_told(diagnoser: Diagnoser) -> None:
    async def talk() -> None:
        async with agent(server(diagnoser)) as talker:
            plain = await talker.client.get_prompt("troubleshoot")
            told = await talker.client.get_prompt("troubleshoot", {"situation": "No \x1b backup."})
            text = plain.messages[0].content.text
            for tool in ("diagnose", "next_visit", "answer"):
                assert tool in text
            assert told.messages[0].content.text.startswith(text)
            assert told.messages[0].content.text.endswith("\nNo \\u{1b} backup.")

    anyio.run(talk)
