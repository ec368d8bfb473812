"""What goes into the history and what comes out of it.

This is the contract between the store and the workbench; secrets in a stored request come back as
`UNRESOLVED`, to be filled in again from the workspace.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

from inspector.delivery.events import Attempt, Outcome
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.request import PreparedRequest
from inspector.eventbridge.resources import RetryPolicy
from inspector.jsontext import JsonObject
from inspector.secret import Secret

DeliveryState: TypeAlias = Literal[
    "in-flight", "delivered", "dead-lettered", "dropped", "abandoned", "interrupted"
]
STATES: Final[tuple[DeliveryState, ...]] = get_args(DeliveryState)
AttemptState: TypeAlias = Literal["in-flight", "success", "retriable", "final", "interrupted"]

UNRESOLVED: Final = Secret("")
"""Stands for a secret that was sent and, being one, not kept."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a delivery was of: the names of its definitions, empty where there is none."""

    route: str
    rule: str
    rule_arn: str
    event_bus: str
    target_id: str
    target_arn: str
    destination: str
    connection: str
    authorization_type: str
    dead_letter_arn: str


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A delivery that is about to begin.

    request: as prepared without a credential; None where the payload cannot be sent at all.
    replay_of: the delivery that this one repeats; comparison: an id shared by the deliveries of one compare.
    """

    delivery_id: str
    created_at: datetime
    names: Names
    event: JsonObject
    payload: Payload
    request: PreparedRequest | None
    retry_policy: RetryPolicy
    replay_of: str = ""
    comparison: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DeliverySummary:
    """One row of the history's list; `key` orders and pages it.

    url: masked. status: of the last answer. attempts: begun so far. milliseconds: from the start of the
    delivery to its end, waits included; None while in flight or interrupted, as is `ended_at`.
    """

    key: int
    delivery_id: str
    created_at: datetime
    names: Names
    event_id: str
    source: str
    detail_type: str
    method: str
    url: str
    state: DeliveryState
    error_code: str
    status: int | None
    attempts: int
    milliseconds: float | None
    replay_of: str
    comparison: str = ""
    note: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """A delivery with all that was recorded of it.

    request: as it was prepared, its secrets `UNRESOLVED`. outcome: None while in flight or interrupted.
    interrupted_attempts: numbers of attempts that were begun and whose end nobody recorded.
    """

    summary: DeliverySummary
    event: JsonObject
    payload: Payload
    request: PreparedRequest | None
    retry_policy: RetryPolicy
    attempts: tuple[Attempt, ...]
    outcome: Outcome | None
    interrupted_attempts: tuple[int, ...] = ()
    comparison: str = ""

    @property
    def delivery_id(self) -> str:
        """The id of the delivery."""
        return self.summary.delivery_id

    @property
    def names(self) -> Names:
        """The names of its definitions."""
        return self.summary.names
