"""Looks for remedies, by the cause that they mend or by words."""

from __future__ import annotations

import re

from diagnoser.agents.results import RemediesFound, Remedy
from diagnoser.case.json_input import MAX_TEXT
from diagnoser.errors import InvalidFacts, fact_problem, nearest, quoted
from diagnoser.knowledge.model import Knowledge
from diagnoser.rendering import pages

SHOWN = 5
"""Remedies that are told in full."""
SHORTEST = 3
"""Letters of the shortest word that is looked for."""
TITLE, FIXES, TEXT = 4, 2, 1
"""What a word counts in the title of a remedy, in that of a cause which it mends, and elsewhere."""


def find(knowledge: Knowledge, cause: str, words: str) -> RemediesFound:
    """The remedies that mend the cause, the most likely first, and have the words in them; with
    words alone, those that have most of them.

    Raises InvalidFacts where there is no such cause, or nothing is said of what to look for.
    """
    if len(words) > MAX_TEXT:
        reason = f"{quoted(words)} is longer than {MAX_TEXT} characters"
        raise InvalidFacts([fact_problem("words", reason)])
    wanted = {word for word in re.findall(r"\w+", words.lower()) if len(word) >= SHORTEST}
    if cause and cause not in knowledge.causes:
        reason = f"{quoted(cause)} is not a cause"
        near = nearest(cause, knowledge.causes)
        raise InvalidFacts([fact_problem("cause", reason, "an id of a diagnosis", near)])
    if not cause and not wanted:
        reason = "nothing is said of what to look for"
        allowed = f"a cause, or words of {SHORTEST} letters or more"
        raise InvalidFacts([fact_problem("", reason, allowed)])
    ids = [id for id, one in knowledge.remedies.items() if not cause or cause in one.fixes]
    if cause:
        ids.sort(key=lambda id: -knowledge.remedies[id].fixes[cause])
    found = [Remedy.model_validate(pages.remedy(knowledge, id)) for id in ids]
    if wanted:
        scores = {one.id: _score(one, wanted) for one in found}
        found = [one for one in found if scores[one.id]]
        found.sort(key=lambda one: -scores[one.id])
    return RemediesFound(remedies=found[:SHOWN], others=len(found[SHOWN:]))


def _score(remedy: Remedy, wanted: set[str]) -> int:
    """How much of what is wanted a remedy has in it; 0 where it has nothing."""
    lines = [line for variant in remedy.steps for line in variant.do]
    causes = " ".join(one.title for one in remedy.fixes)
    places = (remedy.title, TITLE), (causes, FIXES), (" ".join(lines), TEXT)
    return sum(worth * sum(word in text.lower() for word in wanted) for text, worth in places)
