"""What an agent reads before it begins: how to lead the conversation, and which facts there are."""

from __future__ import annotations

from diagnoser.errors import printable
from diagnoser.knowledge.model import TRIED, Fact, Knowledge
from diagnoser.knowledge.values import Choice

LEADING = """\
1. Turn what you know already into `facts` (their ids are listed at the tool diagnose) and begin \
with next_visit. Give only what was said or seen; guess nothing.
2. A `visit`: tell the way there (`go`), ask all its fields together in plain words, and hand the \
answers to the tool answer; what they think without being sure as {"think": answer}. A field with \
`only_if` is asked only when that answer was given. Read out `look` where the person does not \
know where to find it.
3. Who cannot look there: `say` cannot-look. Who has had enough of questions: `say` enough.
4. A `look`: give the person the list of what to look at, and stop. When they are back, `say` \
can-look-again.
5. A `step`: tell one step at a time, with its instructions (`do`), what is lost by it (`loses`) \
before it is done, and how to see whether it has helped (`check`). Then hand its `outcome` over. \
What shows only `overnight` is asked for the next day: keep the `interview` until then.
6. Where there are `contradictions`, ask for `ask_again` once more.
7. The `end`: say how it ended. `handed-over` means that nothing is left that is worth trying alone.
Always hand the newest `interview` back unchanged. Do not add causes or remedies of your own, and \
say probabilities in words. Nothing that identifies a person is needed; ask for nothing such."""


def instructions(knowledge: Knowledge) -> str:
    """What the server says of itself."""
    return f"{knowledge.title}: finds the causes and plans what to do.\n\n{LEADING}"


def opening(knowledge: Knowledge, situation: str) -> str:
    """The prompt with which a person begins; `situation` is in words of their own, or empty."""
    told = f"\n\nThis is the situation, in the words of the person:\n{printable(situation)}"
    return (
        f"Help to find out the cause and to mend it: {knowledge.title}. Use the tools of "
        f"this server, as follows.\n\n{LEADING}" + (told if situation.strip() else "")
    )


def vocabulary(knowledge: Knowledge) -> str:
    """The facts that can be given, a line each, with what may be answered."""
    lines = [f"{id}: {_answers(fact)}" for id, fact in knowledge.facts.items() if fact.askable]
    tried = [fact for id, fact in knowledge.facts.items() if id.startswith(TRIED)]
    return "\n".join([*lines, *(f"{TRIED}<id of a remedy>: {_answers(one)}" for one in tried[:1])])


def _answers(fact: Fact) -> str:
    kind = fact.kind
    if not isinstance(kind, Choice):
        return kind.allowed
    return f"{' | '.join(kind.labels)}{' (or a list of several)' if kind.several else ''}"
