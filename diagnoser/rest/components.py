"""The JSON Schemas (2020-12) of everything that is taken and given, made from its models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import TypeAdapter

from diagnoser.api import Diagnoser
from diagnoser.case.provenance import PROVENANCE
from diagnoser.knowledge.pin import KNOWLEDGE
from diagnoser.rest.endpoint import Endpoint
from diagnoser.rest.explained import EXPLAINED
from diagnoser.rest.narrowing import about, narrow
from diagnoser.rest.problems import ProblemDetails
from diagnoser.rest.words import EXAMPLES, MODELS, WORDS

Schema = dict[str, Any]
REF = "#/components/schemas/"
"""Where the document of the interface holds a schema."""
FACTS = "Facts"


class Components:
    """The schemas of some types, those that they share by name, with what each field means."""

    def __init__(self, diagnoser: Diagnoser, types: Iterable[tuple[str, Any, bool]]) -> None:
        """`types` are names and types, and whether these are given (or else taken)."""
        self._diagnoser = diagnoser
        inputs: list[tuple[str, Literal["validation", "serialization"], TypeAdapter[Any]]] = [
            (name, "serialization" if given else "validation", TypeAdapter(type))
            for name, type, given in types
        ]
        schemas, rest = TypeAdapter.json_schemas(inputs, ref_template=f"{REF}{{model}}")
        self.by_type: dict[str, Schema] = {name: schema for (name, _), schema in schemas.items()}
        self.shared: dict[str, Schema] = rest.get("$defs", {})
        if FACTS in self.shared:
            self._describe_facts()
        narrow(self.shared, diagnoser, REF)
        for name, schema in self.shared.items():
            _describe(name, schema)

    def _describe_facts(self) -> None:
        """Puts the facts of the knowledge in the place of any facts."""
        own = self._diagnoser.Facts.model_json_schema(ref_template=f"{REF}{{model}}")
        areas = own.pop("$defs", {})
        for area, schema in areas.items():
            for name, property in schema["properties"].items():
                property |= about(f"{area}.{name}", self._diagnoser.knowledge)
        for name, property in own.get("properties", {}).items():
            title = self._diagnoser.knowledge.areas.get(name, "What was tried, and how it went")
            property.setdefault("description", f"{title}.")
        whole = self._diagnoser.sheet.schema()["properties"]
        own["properties"] |= {key: whole[key] for key in (PROVENANCE, KNOWLEDGE)}
        own["description"] = "Facts by area. Leave out what is not known."
        self.shared |= {FACTS: own, **areas}


def of_endpoints(diagnoser: Diagnoser, endpoints: Iterable[Endpoint]) -> Components:
    """The schemas of all that these operations take and give; by type under the names of the
    operations, with `asks` or `gives` before them."""
    types: list[tuple[str, Any, bool]] = [("problem", ProblemDetails, True)]
    for one in endpoints:
        types.append((f"gives {one.name}", one.gives, True))
        if one.body is not None:
            types.append((f"asks {one.name}", one.body, False))
    return Components(diagnoser, types)


def _describe(name: str, schema: Schema) -> None:
    """Says what each property means, where its model does not, and adds examples."""
    if name in MODELS:
        schema["description"] = MODELS[name]
    for property, inner in schema.get("properties", {}).items():
        text = WORDS.get(f"{name}.{property}") or WORDS.get(property)
        if text and "description" not in inner:
            inner["description"] = text
        if (example := (EXAMPLES | EXPLAINED).get(f"{name}.{property}")) is not None:
            _add_example(inner, example)


def exemplify(schema: Schema, value: Any, shared: Mapping[str, Schema]) -> None:
    """Gives examples to the properties of a schema that have none, from a value that it is the
    schema of."""
    schema = _meant(schema, value, shared)
    if isinstance(value, list):
        for one in value:
            exemplify(schema.get("items", {}), one, shared)
    elif isinstance(value, dict):
        properties = schema.get("properties", {})
        others = schema.get("additionalProperties")
        for key, inner in value.items():
            if key not in properties:
                exemplify(others if isinstance(others, dict) else {}, inner, shared)
            elif "$ref" in str(properties[key]):
                exemplify(properties[key], inner, shared)
            elif inner not in (None, "", [], {}):
                _add_example(properties[key], inner)


def _add_example(property: Schema, value: Any) -> None:
    if not {"examples", "const", "enum"} & property.keys():
        property["examples"] = [_short(value)]


def _meant(schema: Schema, value: Any, shared: Mapping[str, Schema]) -> Schema:
    """The schema itself, or that to which it leads for this value."""
    while True:
        if "$ref" in schema:
            schema = shared[schema["$ref"].removeprefix(REF)]
        elif parts := schema.get("anyOf") or schema.get("oneOf"):
            schema = next((one for one in parts if _may_be(one, value, shared)), {})
        else:
            return schema


def _may_be(schema: Schema, value: Any, shared: Mapping[str, Schema]) -> bool:
    """Whether a part of a union may be that of an object or list; kinds tell objects apart."""
    schema = _meant(schema, value, shared)
    if not isinstance(value, dict):
        return schema.get("type") == ("array" if isinstance(value, list) else None)
    properties = schema.get("properties", {})
    kind = properties.get("kind", {}).get("const")
    same = kind is None or kind == value.get("kind")
    return schema.get("type") == "object" and same and {*schema.get("required", ())} <= {*value}


def _short(value: Any) -> Any:
    if isinstance(value, list):
        return value[:2]
    return dict([*value.items()][:2]) if isinstance(value, dict) else value
