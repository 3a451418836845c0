"""What one operation is: where it is found, what it takes and gives, and what it does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

from diagnoser.api import Diagnoser
from diagnoser.rest.asked import Options

JSON = "application/json"
PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
"""A parameter in a path: its name, and what it may hold."""


class Call(NamedTuple):
    """One request, before any of it is understood.

    `headers` have lower-case names; `content` is None where it is larger than allowed.
    """

    diagnoser: Diagnoser
    headers: Mapping[str, str]
    query: list[tuple[str, str]]
    path: Mapping[str, str]
    content: bytes | None


class Reply(NamedTuple):
    """What is answered when all goes well."""

    text: str
    media_type: str = JSON


class Understood(NamedTuple):
    """A request that can be answered: its body and its options as models, its path, and the formats
    that the caller takes, best first."""

    diagnoser: Diagnoser
    body: Any
    options: Any
    path: Mapping[str, str]
    accept: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation.

    `path` is below `/v1`. `body` and `options` are the models of what it takes, `gives` that of its
    JSON. `media_types` are the others that it can write. `of_knowledge` tells that the reply
    depends on nothing but the knowledge, `may_be_empty` that an empty body stands for {}, `slow`
    that it takes a second, so that only one of them is worked on at a time.
    """

    method: Literal["GET", "POST"]
    path: str
    tag: str
    title: str
    text: str
    answer: Callable[[Understood], Reply]
    gives: Any
    body: type[BaseModel] | None = None
    options: type[Options] = Options
    media_types: tuple[str, ...] = ()
    of_knowledge: bool = False
    may_be_empty: bool = False
    slow: bool = False

    @property
    def name(self) -> str:
        """How programs call it, such as `interview_next`."""
        words = PARAMETER.sub(r"\1", self.path).strip("/")
        return words.replace("-", "_").replace("/", "_")
