"""What a delivery tells while it runs: one vocabulary for timeline, commands, history and replay.

The message types are those of EventBridge's own event-bus logs (retries-and-dlq, section 5). The
waits between attempts, which those logs do not record, are `WAIT_START` and `WAIT_END`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from inspector.eventbridge.authorization import TokenExchange
from inspector.eventbridge.deadletter import DeadLetter
from inspector.eventbridge.request import PreparedRequest
from inspector.eventbridge.retry import Classification, Decision, ExhaustedCondition, TransportErrorKind

AttemptType: TypeAlias = Literal["FIRST", "RETRY"]
OutcomeKind: TypeAlias = Literal["delivered", "dead-lettered", "dropped", "abandoned"]


@dataclass(frozen=True, slots=True)
class Timings:
    """The phases of one attempt in milliseconds; None for a phase that did not happen or end.

    EventBridge sends `Connection: close`, so every attempt connects anew. dns: the lookup of the host's name,
    None for an address and for a name that had been looked up just before.
    """

    connect: float | None = None
    tls: float | None = None
    send: float | None = None
    wait: float | None = None
    read: float | None = None
    total: float = 0.0
    dns: float | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, decoded and bounded, the secrets that it echoed already masked.

    headers: in the order received. body: decoded (gzip, deflate) and cut at the cap. received_bytes: of
    the body on the wire. cut: the body went on beyond the cap. note: what went wrong with the decoding.
    """

    status: int
    reason: str
    http_version: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    received_bytes: int
    cut: bool = False
    note: str = ""

    def header(self, name: str) -> str | None:
        """Return the first value of a header, compared without case, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class TransportError:
    """Why an attempt got no answer: the kind that decides the class, and a sentence for the reader."""

    kind: TransportErrorKind
    message: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, complete: what was sent, what came back or did not, and what that means.

    remote_address: `127.0.0.1:8443`, empty where no connection came about. tls: version and certificate
    of the connection for a reader, empty where it has none.
    """

    number: int
    started_at: datetime
    request: PreparedRequest
    timings: Timings
    classification: Classification
    response: Response | None = None
    error: TransportError | None = None
    remote_address: str = ""
    token_exchange: TokenExchange | None = None
    decision: Decision | None = None
    tls: str = ""

    @property
    def status(self) -> int | None:
        """The HTTP status, None when no answer came."""
        return self.response.status if self.response else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery ended.

    error_code: AWS's ERROR_CODE, empty when delivered. exhausted: the budget that ran out, None where
    the last outcome was final. retry_attempts: retries made. dead_letter: what the queue holds or would.
    """

    kind: OutcomeKind
    attempts: int
    retry_attempts: int
    why: str
    error_code: str = ""
    error_message: str = ""
    exhausted: ExhaustedCondition | None = None
    dead_letter: DeadLetter | None = None


@dataclass(frozen=True, slots=True)
class InvocationStart:
    """A delivery begins."""

    message_type: ClassVar = "INVOCATION_START"
    at: datetime
    delivery_id: str
    route: str
    maximum_retry_attempts: int
    maximum_event_age_in_seconds: int


@dataclass(frozen=True, slots=True)
class AttemptStart:
    """An attempt is about to be sent. It is recorded before the first byte leaves."""

    message_type: ClassVar = "INVOCATION_ATTEMPT_START"
    at: datetime
    number: int
    attempt_type: AttemptType
    request: PreparedRequest


@dataclass(frozen=True, slots=True)
class AttemptEnd:
    """An attempt has ended."""

    at: datetime
    attempt: Attempt

    @property
    def message_type(self) -> str:
        """EventBridge's name for this end, by class."""
        return {
            "success": "INVOCATION_ATTEMPT_SUCCESS",
            "retriable": "INVOCATION_ATTEMPT_RETRYABLE_FAILURE",
            "final": "INVOCATION_ATTEMPT_PERMANENT_FAILURE",
        }[self.attempt.classification.outcome]


@dataclass(frozen=True, slots=True)
class WaitStart:
    """The wait before the next attempt begins; it ends at `until` unless skipped."""

    message_type: ClassVar = "WAIT_START"
    at: datetime
    until: datetime
    seconds: float
    why: str
    next_attempt: int


@dataclass(frozen=True, slots=True)
class WaitEnd:
    """The wait is over; `skipped` when somebody fast-forwarded it."""

    message_type: ClassVar = "WAIT_END"
    at: datetime
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class InvocationEnd:
    """A delivery has ended, one way or another."""

    at: datetime
    outcome: Outcome

    @property
    def message_type(self) -> str:
        """EventBridge's name for this end."""
        return {
            "delivered": "INVOCATION_SUCCESS",
            "dead-lettered": "INVOCATION_DLQ",
            "dropped": "INVOCATION_FAILURE",
            "abandoned": "INVOCATION_FAILURE",
        }[self.outcome.kind]


DeliveryEvent: TypeAlias = InvocationStart | AttemptStart | AttemptEnd | WaitStart | WaitEnd | InvocationEnd
