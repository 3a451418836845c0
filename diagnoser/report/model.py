"""The report: one model for every way out, and its canonical JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass
from typing import TYPE_CHECKING, Any, Self, dataclass_transform

from diagnoser.knowledge.values import Shown
from diagnoser.report.canonical_json import as_json

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Frozen:
    """A frozen dataclass that can do what a pydantic model can, by the same names.

    Nothing from outside is in a report that is made here, so there is nothing to validate.
    pydantic, whose import takes longer than a diagnosis, comes in where one is read or described.
    """

    def __init_subclass__(cls) -> None:
        # Only the fields are wanted. The methods of a dataclass would be made for each class, which
        # takes as long as a few diagnoses; those below are the same for all.
        dataclass(init=False, repr=False, eq=False, kw_only=True)(cls)

    def __init__(self, **given: Any) -> None:
        # CPython 3.11 makes the dict of an object when it is first asked for. Threads that share an
        # object, such as what all reports say of the knowledge, must find it made.
        own, kind = vars(self), type(self)
        for name in kind.__dataclass_fields__:  # type: ignore[attr-defined]
            if name not in given and not hasattr(kind, name):
                raise TypeError(f"{kind.__name__} needs {name}")
            own[name] = given.pop(name) if name in given else getattr(kind, name)
        if given:
            raise TypeError(f"{kind.__name__} has no {', '.join(given)}")

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({fields})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def model_dump(self, **options: Any) -> dict[str, Any]:
        """As plain data; options are those of pydantic's `TypeAdapter.dump_python`."""
        plain: dict[str, Any] = self._adapter().dump_python(self, **options)
        return plain

    def model_dump_json(self, **options: Any) -> str:
        """As JSON; options are those of pydantic's `TypeAdapter.dump_json`."""
        return self._adapter().dump_json(self, **options).decode()

    def model_copy(self, *, update: Mapping[str, Any] | None = None) -> Self:
        """The same, but for the fields in `update`."""
        fields = self.__dict__.copy()
        if update:
            fields |= update
        copy = object.__new__(type(self))
        object.__setattr__(copy, "__dict__", fields)
        return copy

    @classmethod
    def model_validate(cls, plain: object, **options: Any) -> Self:
        """From plain data.

        Raises pydantic's ValidationError.
        """
        read: Self = cls._adapter().validate_python(plain, **options)
        return read

    @classmethod
    def model_validate_json(cls, text: str | bytes, **options: Any) -> Self:
        """From JSON.

        Raises pydantic's ValidationError.
        """
        read: Self = cls._adapter().validate_json(text, **options)
        return read

    @classmethod
    def model_json_schema(cls, **options: Any) -> dict[str, Any]:
        """The JSON Schema (2020-12)."""
        return cls._adapter().json_schema(**options)

    def json_text(self) -> str:
        """Canonical JSON: the same bytes for the same facts and knowledge, on any machine; ends
        without a line end."""
        return as_json(self)

    @classmethod
    def _adapter(cls) -> TypeAdapter[Any]:
        if cls not in _ADAPTERS:
            from pydantic import TypeAdapter

            _ADAPTERS[cls] = TypeAdapter(cls)
        return _ADAPTERS[cls]


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


class Unchanging(dict[str, Shown]):
    """A dict that several reports may share."""

    def _refuse(self, *_: object, **__: object) -> Any:
        raise TypeError("what a report says cannot be changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> Any:
        return Unchanging, (dict(self),)


class KnowledgeUsed(Frozen):
    """Which knowledge the report comes from; `digest` is the SHA-256 of its files."""

    id: str
    version: str
    digest: str


class Evidence(Frozen):
    """A rule that fired: what it says in words, why, and the facts that it used.

    `factor` is the certainty factor of these words, from -1 (rules the cause out) to 1 (proves it).
    """

    rule: str
    says: str
    factor: float
    because: str
    facts: dict[str, Shown]
    source: str
    worth: str
    reviewed: str


class CauseFound(Frozen):
    """A cause with its probability, given that the system fails; `missing` are the facts that could
    still decide."""

    id: str
    title: str
    status: str
    probability: float
    because: str
    guide: int | None
    evidence: list[Evidence]
    missing: list[str]


class Contradiction(Frozen):
    """Facts that cannot hold together, and the one that is easiest to check again.

    `answers` are the facts in words, each its question and its answer; `ask` is the question of
    `ask_again`.
    """

    facts: dict[str, Shown]
    answers: list[str]
    because: str
    ask_again: str
    ask: str


class PlanStep(Frozen):
    """One remedy of the plan.

    `must` steps are for proven causes; `chance` is null where nothing is mended. `look_again` are
    the facts that a `must` step may change: when it did not help, what was given for them may be
    true no longer, so forget it and ask again.
    """

    remedy: str
    title: str
    fixes: list[str]
    must: bool
    chance: float | None
    hands_on_minutes: float
    wait_minutes: float
    money: str | None
    loses: list[str]
    guide: int | None
    caveat: str | None
    do: list[str]
    check: str
    look_again: list[str]
    hand_over: bool
    sources: list[str]
    reviewed: str


class LeftOut(Frozen):
    """A remedy that is not in the plan although it was tried, cannot or must not be done, or might
    help but costs too much; and which of these it is."""

    remedy: str
    title: str
    because: str


class PlanFound(Frozen):
    """The steps in their order, and the remedies that were left out.

    `expected_minutes` is what the plan takes on average until the system works or somebody else has
    it: a step counts as often as the plan gets that far, a minute of waiting less than one of work,
    and what a step spoils as the minutes that people would give to avoid it.
    """

    expected_minutes: float
    steps: list[PlanStep]
    left_out: list[LeftOut]


class NextQuestion(Frozen):
    """The question that is worth asking next; `answers` maps what to write to what it means.

    `saves_minutes` counts the plan, and what it would cost to be told a wrong cause first, less the
    time that the question takes. It can be below 0 while no cause is nearly certain: then the
    question that tells most about the cause is asked, whatever it saves.
    """

    fact: str
    ask: str
    look: list[str]
    answers: dict[str, str]
    saves_minutes: float
    why: str


class Stop(Frozen):
    """Whether it is advised to ask nothing more, and why; empty where there is a next question.

    Where no question was looked for, nothing is advised, and `because` says so.
    """

    advised: bool
    because: str


class Report(Frozen):
    """A diagnosis.

    Probabilities are rounded to four places, minutes to one.
    """

    schema: int = 1
    knowledge: KnowledgeUsed
    case: dict[str, dict[str, Shown]]
    causes: list[CauseFound]
    none_of_these: float
    contradictions: list[Contradiction]
    plan: PlanFound
    next_question: NextQuestion | None
    stop: Stop
