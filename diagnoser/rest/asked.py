"""What callers send: the models of bodies and of options, validated with the Diagnoser as their
context."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    ValidationInfo,
    WrapValidator,
    model_validator,
)

from diagnoser.api import Diagnoser
from diagnoser.interview.interview import Interview

Info = ValidationInfo[Diagnoser]


def _facts(value: Any, info: Info) -> Any:
    info.context.sheet.read(value)
    return value


def _interview(value: Any, _: Any, info: Info) -> Interview:
    return Interview.of(info.context, value)


def _if_any(value: Any, _: Any, info: Info) -> Interview | None:
    return None if value is None else Interview.of(info.context, value)


class Facts(RootModel[Annotated[Any, AfterValidator(_facts)]]):
    """Facts by area, as in a facts file. Its JSON Schema is that of the knowledge at hand."""


class Asked(BaseModel):
    """A body: exactly these fields, and no value stands for another."""

    model_config = ConfigDict(extra="forbid", strict=True)


Resumed = Annotated[
    Interview,
    WrapValidator(_interview),
    Field(description="The conversation, as the last reply gave it."),
]
Answers = Annotated[
    dict[str, Any],
    Field(
        description="Answers by the id of their fact. Each is as in a facts file, or as a person "
        "types it (`300 MB`, `iOS 18.5`, `not sure`); where `several` may hold, it may be a list; "
        "a check box takes true or false. What the person thinks without being sure is "
        '`{"think": answer}`, or typed with a question mark (`yes?`). '
        "What is left out, or null, is left open. Under `tried`: "
        "a list of remedies that were tried without success, or outcomes by remedy.",
        examples=[{"wifi.connection": "yes", "ios.version": {"think": "iOS 18.5"}, "tried": []}],
    ),
]


class InterviewStarted(Asked):
    """Where the conversation is; without `interview` a new one begins."""

    interview: Annotated[
        Interview | None,
        WrapValidator(_if_any),
        Field(description="The conversation, as the last reply gave it; none to begin one."),
    ] = None
    facts: Annotated[
        Facts,
        Field(
            default_factory=lambda: Facts.model_construct({}),
            description="What is known before a new conversation, and not asked for.",
        ),
    ]
    thorough: Annotated[
        bool,
        Field(
            description="A new conversation asks whatever may be asked, worth the time or not.",
            examples=[False],
        ),
    ] = False
    max_questions: Annotated[
        int | None,
        Field(
            ge=0,
            description="A new conversation asks at most so many questions.",
            examples=[30],
        ),
    ] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> InterviewStarted:
        if self.interview is not None and self.model_fields_set - {"interview"}:
            raise ValueError("facts and options are for a new conversation, without interview")
        return self


class Said(Asked):
    """The conversation, with nothing else to say."""

    interview: Resumed


class VisitAnswered(Said):
    """What was answered at the visit that is made."""

    answers: Answers
    more: Annotated[
        bool,
        Field(
            description="Whether the rest of the form is still to come; without it, what is left "
            "out is left open.",
            examples=[False],
        ),
    ] = False


class StepWent(Said):
    """How the step went that is to be done."""

    outcome: Annotated[
        str, Field(description="One of the `outcomes` of the turn.", examples=["did-not-help"])
    ]


class AnswerChanged(Said):
    """Another answer to something that is known."""

    fact: Annotated[
        str,
        Field(
            description="The id of the fact; `tried.<remedy>` for how a remedy went.",
            examples=["wifi.connection"],
        ),
    ]
    value: Annotated[
        Any,
        Field(description="The new answer, written or typed as in `answers`.", examples=["off"]),
    ]


class InsistedOn(Said):
    """Answers that do not fit together, and are right all the same."""

    facts: Annotated[
        dict[str, Any],
        Field(
            description="The `facts` of a contradiction, as the reply gave them.",
            examples=[{"wifi.connection": "off", "wifi.overnight": "yes"}],
        ),
    ]


class Options(BaseModel):
    """Parameters of the query: none."""

    model_config = ConfigDict(extra="forbid")


class Written(Options):
    """How a report is written."""

    format: Annotated[
        Literal["json", "text", "markdown", "html", "card", "reply", "handover"] | None,
        Field(
            description="How the report is written; without it, the header Accept decides "
            "(application/json, text/plain, text/markdown or text/html). `card` is a piece of HTML "
            "for helpdesk programs, `reply` a text for the person, `handover` one for somebody who "
            "helps on.",
            examples=["json"],
        ),
    ] = None


class DiagnosisOptions(Written):
    """How facts are diagnosed."""

    look_ahead: Annotated[
        bool,
        Field(
            description="Also say which question to ask next, or why to stop asking; this takes "
            "longer.",
            examples=[True],
        ),
    ] = False


class ExplanationOptions(Options):
    """What is explained, and how it is written."""

    cause: Annotated[
        str | None,
        Field(
            description="The id of one cause; without it, all are explained.",
            examples=["wifi-is-off"],
        ),
    ] = None
    format: Annotated[
        Literal["json", "text", "markdown"] | None,
        Field(
            description="How the explanation is written; without it, the header Accept decides "
            "(application/json, text/plain or text/markdown).",
            examples=["json"],
        ),
    ] = None
