"""What a target's input option makes of an event: the payload and whether it can be delivered."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from inspector.errors import InspectorError
from inspector.eventbridge.assumption import Assumption

PayloadVerdict: TypeAlias = Literal["deliver", "invalid-json", "nothing"]
PayloadMode: TypeAlias = Literal["event", "Input", "InputPath", "InputTransformer"]


class AdmissionError(InspectorError):
    """PutTargets would refuse this input option (`ValidationException`).

    `offset` is the place in the template (characters from 0), where there is one.
    """

    def __init__(self, message: str, *, hint: str = "", offset: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class RenderContext:
    """What the predefined variables stand for. `ingestion_time` is ISO 8601 with milliseconds."""

    rule_name: str
    rule_arn: str
    ingestion_time: str


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One `<name>` of a template: where it stands, what it selects, and what it became.

    start, end: the span of `<name>` in the template; body_start, body_end: of its text in the body.
    path: the JSON path or the predefined variable that it stands for.
    value_kind: JSON's word for the selected value, `missing`, or `unknown` for a name that stands for
    nothing and stays in the text as it is; its path is empty.
    """

    name: str
    path: str
    start: int
    end: int
    body_start: int
    body_end: int
    in_quotes: bool
    value_kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that makes an invalid payload deliverable: the whole new `InputTemplate`, and what it does."""

    template: str
    text: str


@dataclass(frozen=True, slots=True)
class Payload:
    """The payload of one target for one event.

    body: the text, exactly; also of an invalid one, so that it can be shown.
    reason: for `invalid-json` and `nothing`, why, in a person's words; otherwise empty.
    fault_at: for `invalid-json`, the offset in `body` at which it stops being JSON.
    fix: for `invalid-json`, a change of the template that was tried and delivers this event; None if none.
    """

    verdict: PayloadVerdict
    body: str
    mode: PayloadMode
    reason: str = ""
    fault_at: int | None = None
    placeholders: tuple[Placeholder, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    fix: Fix | None = None
