"""Rules as the files of causes have them."""

from __future__ import annotations

from diagnoser.knowledge.model import Rule
from diagnoser.pack.reader import Content
from diagnoser.pack.strict_yaml import Path as KeyPath

STRONGLY = 0.9
"""The certainty factor from which on a rule makes the odds of its cause ten times as large; minus
that makes them a tenth."""
ALL_BUT_PROVES = 0.95
"""The certainty factor from which on a sign speaks for a cause nearly as a proof does."""


def name_of(rule: Rule) -> str:
    """What the rule is called in the file of its cause."""
    return rule.id.partition("/")[2]


def path_of(rule: Rule, content: Content) -> KeyPath:
    """Where a cause has the rule: its own, or the sign in one of its lists."""
    name = name_of(rule)
    for says, mentions in content.causes[rule.cause].signs.items():
        for place, mention in enumerate(mentions):
            if mention.sign == name:
                return ("signs", says, place)
    return ("rules", name)
