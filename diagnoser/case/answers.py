"""The pydantic models of an answer sheet: one for each area and one for the sheet, made from the
facts of a knowledge. They validate what is given, and give its JSON Schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    create_model,
    model_validator,
)
from pydantic_core import core_schema

from diagnoser.case.json_input import MAX_TEXT
from diagnoser.knowledge.model import TRIED_AREA, Fact
from diagnoser.knowledge.values import (
    THINK,
    UNKNOWN,
    Choice,
    Kind,
    Number,
    Thought,
    Value,
    Version,
)

Areas = Mapping[str, Mapping[str, Fact]]
"""The facts that can be given, by area and name."""


def sheet_model(title: str, areas: Areas, titles: Mapping[str, str]) -> type[BaseModel]:
    """The model of all answer sheets: its fields are the areas, and those of an area its facts,
    under the names of `field_names`. Where nothing is said it is null.

    A valid value is as the program works with it, so a version is a tuple, and what somebody thinks
    without being sure a `Thought`; dumped, it is as a facts file has it.
    """
    types: dict[str, Any] = {
        area: _model(area, titles[area], {one: _answer(facts[one]) for one in facts}, facts) | None
        for area, facts in areas.items()
        if area != TRIED_AREA
    }
    tried = areas[TRIED_AREA]
    outcome = next((_answer(fact) for fact in tried.values()), None)
    remedies: Any = dict[Literal[*tried], outcome] if tried else _model(TRIED_AREA, TRIED_AREA, {})  # type: ignore[valid-type]
    types[TRIED_AREA] = remedies | None
    return _model("Facts", f"Facts: {title}", types)


def field_names(names: Iterable[str]) -> dict[str, str]:
    """The field of each name: the same, but with an underscore where pydantic needs the name."""
    return {name: f"{name}_" if hasattr(BaseModel, name) else name for name in names}


def _model(
    name: str, title: str, types: Mapping[str, Any], facts: Mapping[str, Fact] | None = None
) -> type[BaseModel]:
    """A model with fields of these types, all of which may be left out; those of an area are titled
    by the questions of its facts."""
    titles = {one: fact.ask for one, fact in (facts or {}).items()}
    fields: dict[str, Any] = {
        field: (
            types[one],
            Field(default=None, alias=one, title=titles.get(one), json_schema_extra=_no_default),
        )
        for one, field in field_names(types).items()
    }
    config = ConfigDict(title=title, extra="forbid", frozen=True, protected_namespaces=())
    validators = _of_betas(facts or {})
    return create_model(name, __config__=config, __validators__=validators, **fields)


def _of_betas(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """What takes `27.1 beta 2` for the answers to three facts; what is answered by itself stays."""
    versions = {
        name: fact.kind
        for name, fact in facts.items()
        if isinstance(fact.kind, Version) and fact.kind.beta
    }

    def spread(answers: Any) -> Any:
        if not isinstance(answers, Mapping):
            return answers
        more: dict[str, Any] = {}
        for name, kind in versions.items():
            given, thinks = answers.get(name), False
            if isinstance(given, Mapping) and [*given] == [THINK]:
                given, thinks = given[THINK], True
            for id, answer in kind.also_says(given).items():
                other = id.partition(".")[2]
                if answers.get(other) in (None, UNKNOWN):
                    more[other] = {THINK: answer} if thinks else answer
        return {**answers, **more} if more else answers

    return {"of_betas": model_validator(mode="before")(spread)} if versions else {}


def _no_default(schema: dict[str, Any]) -> None:
    """Leaves out of a JSON Schema that what is left out is null."""
    schema.pop("default", None)


def _answer(fact: Fact) -> Any:
    """The type of an answer to a fact: a value of its kind, `unknown`, or null; or a mapping with
    the value that somebody thinks right without being sure.

    Its JSON Schema says what people may write, with the label of each answer.
    """
    kind = fact.kind
    given = _words(kind) if isinstance(kind, Choice) else _value(kind)
    if fact.area != TRIED_AREA:  # what came of a remedy was seen
        given = given | Annotated[Any, _Thoughts(kind)]

    def show(value: Value | Thought | None) -> Any:
        if isinstance(value, Thought):
            return {THINK: kind.show(value.value)}
        return UNKNOWN if value == UNKNOWN else value if value is None else kind.show(value)

    return Annotated[
        Annotated[Literal[UNKNOWN] | given | None, Field(union_mode="left_to_right")],
        PlainSerializer(show),
        _Described(fact),
    ]


@dataclass(frozen=True, eq=False, slots=True)
class _Thoughts:
    """Validates `{"think": answer}` for a kind of fact.

    pydantic's PlainValidator does the same, and looks at each function first, which takes a fourth
    of the time in which all models are made.
    """

    kind: Kind

    def __get_pydantic_core_schema__(self, *_: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def read(self, given: object) -> Thought:
        """The answer that is thought. Raises ValueError; `mistakes` says what is wrong."""
        if not isinstance(given, Mapping) or [*given] != [THINK] or too_long(given[THINK]):
            raise ValueError("is not a mapping with what somebody thinks")
        return Thought(self.kind.parse(given[THINK]))


@dataclass(frozen=True, eq=False, slots=True)
class _Described:
    """Gives the JSON Schema of an answer when somebody asks for it; no diagnosis does."""

    fact: Fact

    def __get_pydantic_json_schema__(self, *_: Any) -> dict[str, Any]:
        return answer_schema(self.fact)


def answer_schema(fact: Fact) -> dict[str, Any]:
    """The JSON Schema of an answer to a fact."""
    schema = fact.kind.schema()
    if fact.area != TRIED_AREA:
        schema["anyOf"].append(_thought_schema(schema))
    return schema


def _thought_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON Schema of an answer that somebody only thinks right: a mapping with one of those
    that this schema allows, but for unknown and null."""
    answers = [one for one in schema["anyOf"] if one.get("type", "") != "null"]
    words = [one["const"] for one in answers if one.get("const", UNKNOWN) != UNKNOWN]
    forms = [one for one in answers if "const" not in one]
    forms = [*([{"enum": words}] if words else []), *forms]
    return {
        "type": "object",
        "title": "What somebody thinks",
        "properties": {THINK: forms[0] if len(forms) == 1 else {"anyOf": forms}},
        "required": [THINK],
        "additionalProperties": False,
    }


def too_long(given: object) -> bool:
    """Whether it is a longer text than any answer."""
    return isinstance(given, str) and len(given) > MAX_TEXT


def _words(kind: Choice) -> Any:
    """The type of one of a few words; where several may hold, also of a list of them."""
    word: Any = Literal[*kind.labels]
    if not kind.several:
        return word
    return word | Annotated[list[str], Field(strict=True), AfterValidator(kind.parse)]


def _value(kind: Kind) -> Any:
    """The type of a value that is not one of a few words; `kind.parse` makes of it what the program
    works with."""
    if isinstance(kind, Number):
        bounds = Field(strict=True, ge=kind.low, le=kind.high, allow_inf_nan=False)
        return Annotated[float, bounds, BeforeValidator(_plain_number), AfterValidator(kind.parse)]
    text = Field(strict=True, max_length=MAX_TEXT)
    return Annotated[str, text, AfterValidator(kind.parse)]


def _plain_number(value: object) -> object:
    """Keeps out what only behaves like a number, such as a Decimal."""
    if not isinstance(value, int | float):
        raise ValueError("is not a number")
    return value
