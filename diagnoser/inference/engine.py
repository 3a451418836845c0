"""experta's engine on the rules of a pack, with matcher, strategy and agenda made for them."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from diagnoser.inference._experta import Activation, DepthStrategy, experta
from diagnoser.inference.matcher import Memory
from diagnoser.inference.rules import COMBINE, Ready, RuleBase
from diagnoser.inference.working_memory import WorkingMemory


class Engine(experta.KnowledgeEngine):
    """experta's engine with our working memory, for whatever matcher.

    There are no initial facts but experta's own: those go through class-level objects that threads
    would share.
    """

    def __init__(self, base: RuleBase, matcher: type[Any]) -> None:
        self.base, self.__matcher__ = base, matcher
        super().__init__()
        self.facts = WorkingMemory()
        self.initial = experta.InitialFact()

    def reset(self, **_: Any) -> None:
        """Forgets everything of the last case."""
        self.agenda.activations = []
        self.facts.forget()
        self.matcher.reset()
        DepthStrategy.get_key.cache_clear()  # which keeps the last activations with their facts

    def get_rules(self) -> list[Any]:
        return self.base.patterns()


class CountingMatcher(experta.abstract.Matcher):
    """Finds activations by counting satisfied tests, instead of asking every rule again at every
    step.

    The Rete matcher of experta finds the same ones, and stays selectable as the oracle.
    """

    def __init__(self, engine: Any) -> None:
        super().__init__(engine)
        self._memory = Memory(engine.base.network)
        self._combine = Activation(engine.base.combine, ())
        self._combine.key = COMBINE

    def reset(self) -> None:
        self._memory.clear()

    def changes(self, adding: Any = None, deleting: Any = None) -> tuple[list[Any], list[Any]]:
        """The activations of facts that came, and of the rule that combines their evidence."""
        if deleting:
            raise RuntimeError("a fact of a case is never retracted: the next case starts anew")
        return [self._combine, *self._memory.add(adding)] if adding else [], []


_SALIENCE = attrgetter("key")


class BySalience(experta.abstract.Strategy):
    """Of equal salience the last that came goes first: what is concluded does not depend on it."""

    def _update_agenda(self, agenda: Any, added: Any, removed: Any) -> None:
        agenda.activations.extend(added)
        agenda.activations.sort(key=_SALIENCE)

    # That of experta asks its loggers first.
    update_agenda = _update_agenda


class QuickEngine(Engine):
    """The engine with our matcher, and a shorter way through the agenda."""

    __strategy__ = BySalience

    def run(self, steps: float = float("inf")) -> None:
        """Fires all that is on the agenda, from its end: each group of rules declares what its
        rules would one by one.

        No pattern reads a conclusion, so nothing that fires changes what else there is to fire.
        """
        self.strategy.update_agenda(self.agenda, *self.get_activations())
        agenda, self.agenda.activations = self.agenda.activations, []
        declare = self.facts.declared.append
        for activation in reversed(agenda):
            if type(activation) is Ready:
                declare(activation.batch)
            else:
                activation.rule(self)
