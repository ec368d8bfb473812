"""Which outcome of an attempt is retried, when, and until when (retries-and-dlq, sections 1 and 2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.resources import RetryPolicy

OutcomeClass: TypeAlias = Literal["success", "retriable", "final"]
TransportErrorKind: TypeAlias = Literal[
    "timeout",
    "refused",
    "reset",
    "tls",
    "dns",
    "invalid-address",
    "protocol",
    "unauthorized-connection",
    "auth",
]
ExhaustedCondition: TypeAlias = Literal["MaximumRetryAttempts", "MaximumEventAgeInSeconds"]


@dataclass(frozen=True, slots=True)
class Classification:
    """The class of one attempt's outcome, the rule that decides it in a person's words, AWS's code.

    `error_code` is empty for a success; its assumption is named where AWS does not publish it.
    """

    outcome: OutcomeClass
    rule: str
    error_code: str = ""
    assumptions: tuple[Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class RetryIn:
    """Try again after `seconds`, and why that long."""

    seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """No further attempt. `exhausted` is None where the last outcome was final, or Retry-After said so."""

    why: str
    exhausted: ExhaustedCondition | None = None


Decision: TypeAlias = RetryIn | GiveUp


def classify_status(status: int) -> Classification:
    """Return the class of an HTTP status."""
    raise AssertionError


def classify_error(kind: TransportErrorKind) -> Classification:
    """Return the class of an attempt that got no answer."""
    raise AssertionError


def own_delay(retry: int, random: float) -> float:
    """Return the back-off before retry number `retry` (from 1), in seconds; `random` is in [0, 1)."""
    raise AssertionError


def decide(
    policy: RetryPolicy,
    classification: Classification,
    *,
    retries_made: int,
    age: float,
    delay: float,
    retry_after: str | None,
    now: datetime,
) -> Decision:
    """Return what follows a failed attempt.

    age: seconds since ingestion; delay: this retry's own back-off in seconds; retry_after: the header
    as received, None when absent; now: for a `Retry-After` that is a date.
    """
    raise AssertionError
