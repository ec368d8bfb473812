"""Which outcome of an attempt is retried, when, and until when (retries-and-dlq, sections 1 and 2)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from inspector.eventbridge.assumption import (
    AGE_CLOCK,
    BACKOFF_SCHEDULE,
    ERROR_CODE,
    NETWORK_CLASS,
    RETRY_AFTER_BEYOND_AGE,
    RETRY_AFTER_FORM,
    UNUSABLE_CONNECTION,
    Assumption,
)
from inspector.eventbridge.resources import RetryPolicy
from inspector.safe import safe_line

OutcomeClass: TypeAlias = Literal["success", "retriable", "final"]
TransportErrorKind: TypeAlias = Literal[
    "timeout",
    "refused",
    "unreachable",
    "reset",
    "tls",
    "dns",
    "invalid-address",
    "invalid-request",
    "protocol",
    "unauthorized-connection",
    "auth",
]
ExhaustedCondition: TypeAlias = Literal["MaximumRetryAttempts", "MaximumEventAgeInSeconds"]

BACKOFF_BASE: Final = 1.0
BACKOFF_CAP: Final = 512.0
"""Seconds. 1 + 2 + … + 256 = 511 s for nine retries; the others at 512 s fill 24 hours."""

_RETRIED_4XX: Final = {
    401: "Unauthorized",
    407: "Proxy Authentication Required",
    409: "Conflict",
    429: "throttled",
}
_CODES: Final = {
    **dict.fromkeys((401, 403, 407), "NO_PERMISSIONS"),
    **dict.fromkeys((404, 410), "NO_RESOURCE"),
    409: "RESOURCE_MODIFICATION_COLLISION",
    429: "THROTTLING",
}
_INTEGER: Final = re.compile(r"-?[0-9]+")
_LONGEST_INTEGER: Final = 15
_LONGEST_SHOWN: Final = 40


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
    assumptions: tuple[Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class GiveUp:
    """No further attempt. `exhausted` is None where the last outcome was final, or Retry-After said so."""

    why: str
    exhausted: ExhaustedCondition | None = None
    assumptions: tuple[Assumption, ...] = ()


Decision: TypeAlias = RetryIn | GiveUp


@lru_cache(maxsize=1024)
def classify_status(status: int) -> Classification:
    """Return the class of an HTTP status (retries-and-dlq, sections 1 and 3)."""
    if 200 <= status <= 299:
        return Classification("success", f"{status} is a success: 2xx")
    if 500 <= status <= 599:
        return Classification("retriable", f"{status} is retried: 5xx", "ERROR_FROM_TARGET", (ERROR_CODE,))
    code = _CODES.get(status, "SDK_CLIENT_ERROR")
    if status in _RETRIED_4XX:
        return Classification(
            "retriable", f"{status} is retried: {_RETRIED_4XX[status]}", code, (ERROR_CODE,)
        )
    if 400 <= status <= 499:
        why = "of 4xx only 401, 407, 409 and 429 are retried"
    elif 300 <= status <= 399:
        why = "a redirect is not followed"
    elif 100 <= status <= 199:
        why = "1xx is no answer"
    else:
        why = "no status of HTTP"
    return Classification("final", f"{status} is final: {why}", code, (ERROR_CODE,))


_ERRORS: Final[dict[TransportErrorKind, Classification]] = {
    "timeout": Classification("retriable", "a timeout is retried", "TIMEOUT", (ERROR_CODE,)),
    "refused": Classification(
        "retriable", "a refused connection is retried", "CONNECTION_FAILURE", (NETWORK_CLASS, ERROR_CODE)
    ),
    "unreachable": Classification(
        "retriable", "an unreachable network is retried", "CONNECTION_FAILURE", (NETWORK_CLASS, ERROR_CODE)
    ),
    "reset": Classification(
        "retriable", "a broken connection is retried", "CONNECTION_FAILURE", (NETWORK_CLASS, ERROR_CODE)
    ),
    "tls": Classification(
        "retriable", "a TLS failure is retried", "CONNECTION_FAILURE", (NETWORK_CLASS, ERROR_CODE)
    ),
    "protocol": Classification(
        "retriable",
        "an answer that breaks HTTP is retried",
        "CONNECTION_FAILURE",
        (NETWORK_CLASS, ERROR_CODE),
    ),
    "dns": Classification(
        "final", "a host name that does not resolve is final", "CONNECTION_FAILURE", (ERROR_CODE,)
    ),
    "invalid-address": Classification(
        "final", "an invalid address is final", "CONNECTION_FAILURE", (ERROR_CODE,)
    ),
    "invalid-request": Classification(
        "final", "a request that HTTP does not allow is final", "SDK_CLIENT_ERROR", (ERROR_CODE,)
    ),
    "unauthorized-connection": Classification(
        "retriable",
        "nothing is sent while the connection is not authorized; retried",
        "NO_PERMISSIONS",
        (UNUSABLE_CONNECTION, ERROR_CODE),
    ),
    "auth": Classification(
        "retriable",
        "an authorization that fails is retried",
        "NO_PERMISSIONS",
        (UNUSABLE_CONNECTION, ERROR_CODE),
    ),
}


def classify_error(kind: TransportErrorKind) -> Classification:
    """Return the class of an attempt that got no answer (retries-and-dlq, sections 1 and 3)."""
    return _ERRORS[kind]


def own_delay(retry: int, random: float) -> float:
    """Return the back-off before retry number `retry` (from 1), in seconds; `random` is in [0, 1).

    Doubles from 1 s up to 512 s, with full jitter: an approximation, see `BACKOFF_SCHEDULE`.
    """
    # The exponent is bounded first: 2 ** 1100 is no float.
    return min(BACKOFF_CAP, BACKOFF_BASE * 2.0 ** min(retry - 1, 30)) * random


def parse_retry_after(value: str, now: datetime) -> float | None:
    """Return the wait that a `Retry-After` asks for in seconds, or None where it says nothing usable.

    Negative only where the header is a negative number, which stops the retries; a date that has
    passed is 0. (retries-and-dlq, section 2)
    """
    value = value.strip()
    if _INTEGER.fullmatch(value):
        digits = value.lstrip("-0")
        seconds = float(digits or 0) if len(digits) <= _LONGEST_INTEGER else float("inf")
        return -seconds if value.startswith("-") and seconds else seconds
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


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
    if classification.outcome == "final":
        return GiveUp(classification.rule)
    if retries_made >= policy.maximum_retry_attempts:
        return GiveUp(_retries_used_up(policy.maximum_retry_attempts), "MaximumRetryAttempts")
    asked = None if retry_after is None else parse_retry_after(retry_after, now)
    if asked is not None and asked < 0:
        return GiveUp(f"a negative Retry-After ({_shown(retry_after)}) stops the retries")
    wait = _wait(delay, asked, retry_after, f"retry {retries_made + 1} of {policy.maximum_retry_attempts}")
    limit = policy.maximum_event_age_in_seconds
    if age + wait.seconds > limit:
        return _too_late(age + wait.seconds, limit, by_header=wait.seconds == asked)
    return wait


def _wait(delay: float, asked: float | None, retry_after: str | None, retry: str) -> RetryIn:
    """Return the longer of the own back-off and what Retry-After asks for (None: nothing usable)."""
    seconds = delay if asked is None else max(delay, asked)
    assumptions: tuple[Assumption, ...] = (BACKOFF_SCHEDULE,)
    if retry_after is not None and not _INTEGER.fullmatch(retry_after.strip()):
        assumptions = (BACKOFF_SCHEDULE, RETRY_AFTER_FORM)
    if retry_after is None:
        why = f"back-off before {retry}"
    elif asked is None:
        why = f"back-off before {retry}; Retry-After “{_shown(retry_after)}” is neither seconds nor a date"
    elif asked > delay:
        why = f"Retry-After is longer than the back-off of {spoken(delay)}"
    else:
        why = f"the back-off is longer than Retry-After ({spoken(asked)})"
    return RetryIn(seconds, f"wait {spoken(seconds)}: {why}", assumptions)


def too_old(policy: RetryPolicy, age: float) -> GiveUp | None:
    """Return the end of an event that is past its maximum age before an attempt starts, else None."""
    limit = policy.maximum_event_age_in_seconds
    if age <= limit:
        return None
    why = f"the event is {spoken(age)} old, its maximum age is {spoken(limit)}"
    return GiveUp(why, "MaximumEventAgeInSeconds", (AGE_CLOCK,))


def _too_late(start: float, limit: int, *, by_header: bool) -> GiveUp:
    cause = "Retry-After asks for an attempt" if by_header else "the next attempt would come"
    when = "never" if start == float("inf") else f"at an age of {spoken(start)}"
    why = f"{cause} {when}, past the event's maximum of {spoken(limit)}"
    assumptions = (RETRY_AFTER_BEYOND_AGE, AGE_CLOCK) if by_header else (AGE_CLOCK,)
    return GiveUp(why, "MaximumEventAgeInSeconds", assumptions)


def _retries_used_up(allowed: int) -> str:
    if allowed == 0:
        return "the policy allows no retry (MaximumRetryAttempts 0)"
    return "the only retry is used up" if allowed == 1 else f"all {allowed} retries are used up"


def _shown(header: str | None) -> str:
    text = safe_line((header or "").strip())
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def spoken(seconds: float) -> str:
    """Return a span of time for a reader: `3.1 s`, `120 s`, `12 min`, `1 h 30 min`, `24 h`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    if seconds < 600:
        return f"{seconds:.0f} s"
    if seconds > 10 * 365 * 86400:
        return "more than ten years"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours > 48:
        return f"{round(seconds / 86400)} days"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
