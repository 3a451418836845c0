"""experta's engine with the rules of a pack, and the order in which it fires them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from operator import attrgetter
from typing import Any

from diagnoser.inference._experta import Agenda, FactList, InitialFact, KnowledgeEngine, Strategy
from diagnoser.inference.rules import Memory, PackRules


class BySalience(Strategy):
    """Fires the activation with the highest salience; of equal ones that came together, the first.

    experta's own strategy remembers the last activations of all engines, with the facts of cases
    in them.
    """

    def _update_agenda(self, agenda: Any, added: Any, removed: Any) -> None:
        if removed:
            agenda.activations = [one for one in agenda.activations if one not in removed]
        if added:
            agenda.activations.extend(reversed(added))  # the last of the agenda is fired first
            agenda.activations.sort(key=attrgetter("rule.salience"))


class WorkingMemory(FactList):
    """experta's list of facts, which takes equal facts once."""

    @staticmethod
    def _get_fact_id(fact: Any) -> Hashable:
        """What tells facts apart: class, fields and values.

        experta makes a set of the values, and leaves out those that it adds itself; before a fact
        of ours is declared there are none, and the others are always in the same order. For each
        of the facts of a case the set takes as long as all else that experta does about it.
        """
        return (type(fact), *fact, *fact.values())


class Engine(KnowledgeEngine):
    """An engine for one case after the other; `reset` forgets the last one."""

    __strategy__ = BySalience

    def __init__(self, pack: PackRules, matcher: type[Any]) -> None:
        self.pack, self.__matcher__ = pack, matcher
        super().__init__()
        self.reset()

    def get_rules(self) -> list[Any]:
        """The rules with their patterns, for a matcher that reads patterns."""
        return self.pack.with_patterns()

    def reset(self, **_: Any) -> None:
        """Forgets everything, and starts anew.

        experta's own `reset` searches all attributes for initial facts. Those are objects of the
        class, through which threads would get at each other's engines.
        """
        self.agenda, self.facts, self.running = Agenda(), WorkingMemory(), False
        self.matcher.reset()
        self.facts.declare(InitialFact())

    def memory(self) -> Memory:
        """What is in working memory by now, by the classes of facts."""
        memory: Memory = defaultdict(list)
        for fact in self.facts.values():
            memory[type(fact)].append(fact)
        return memory
