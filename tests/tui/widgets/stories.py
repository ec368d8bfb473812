"""Deliveries to show: their events as the engine yields them, on a clock that starts at noon."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from inspector.delivery.events import (
    Attempt,
    AttemptEnd,
    AttemptStart,
    DeliveryEvent,
    InvocationEnd,
    InvocationStart,
    Outcome,
    Response,
    Timings,
    TransportError,
    WaitEnd,
    WaitStart,
)
from inspector.eventbridge.request import PreparedRequest
from inspector.eventbridge.retry import (
    Decision,
    GiveUp,
    RetryIn,
    TransportErrorKind,
    classify_error,
    classify_status,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
REQUEST = PreparedRequest("POST", "https://crm.example.com/events", (), (), (), (), "{}")
TIMINGS = Timings(connect=12, tls=30, send=4, wait=120, read=16, total=182)


def at(seconds: float) -> datetime:
    """Return the moment `seconds` after the start."""
    return NOON + timedelta(seconds=seconds)


def attempt(
    number: int,
    seconds: float,
    outcome: int | TransportErrorKind,
    *,
    timings: Timings = TIMINGS,
    decision: Decision | None = None,
    body: bytes = b"",
    message: str = "connection refused",
) -> Attempt:
    """Return an attempt that ended with a status, or with a kind of error."""
    if isinstance(outcome, int):
        response = Response(outcome, "", "HTTP/1.1", (("Content-Type", "application/json"),), body, len(body))
        return Attempt(
            number, at(seconds), REQUEST, timings, classify_status(outcome), response, decision=decision
        )
    error = TransportError(outcome, message)
    return Attempt(
        number, at(seconds), REQUEST, timings, classify_error(outcome), None, error, decision=decision
    )


def start(retries: int = 3, age: int = 60) -> InvocationStart:
    """Return the beginning of a delivery."""
    return InvocationStart(at(0), "d-1", "orders/crm", retries, age)


def two_failures_then_waiting() -> Iterator[DeliveryEvent]:
    """503, a refused connection, and a wait of 4 s from second 6 on."""
    yield start()
    yield AttemptStart(at(0), 1, "FIRST", REQUEST)
    yield AttemptEnd(at(0.2), attempt(1, 0, 503, decision=RetryIn(2, "Retry-After is longer")))
    yield WaitStart(at(0.2), at(2.2), 2, "wait 2 s: Retry-After is longer than the back-off of 0.7 s", 2)
    yield WaitEnd(at(2.2))
    yield AttemptStart(at(2.2), 2, "RETRY", REQUEST)
    yield AttemptEnd(at(6), attempt(2, 2.2, "refused", timings=Timings(connect=3, total=3)))
    yield WaitStart(at(6), at(10), 4, "wait 4 s: back-off before retry 2 of 3", 3)


def delivered() -> Iterator[DeliveryEvent]:
    """The same, the wait skipped and the third attempt a success."""
    yield from two_failures_then_waiting()
    yield WaitEnd(at(10), skipped=True)
    yield AttemptStart(at(10), 3, "RETRY", REQUEST)
    yield AttemptEnd(at(10.2), attempt(3, 10, 200))
    yield InvocationEnd(at(10.2), Outcome("delivered", 3, 2, "200 is a success: 2xx"))


def dead_lettered(
    why: str = "404 is final", message: str = "the endpoint answered 404"
) -> Iterator[DeliveryEvent]:
    """One attempt with a final answer."""
    yield start()
    yield AttemptStart(at(0), 1, "FIRST", REQUEST)
    yield AttemptEnd(at(0.2), attempt(1, 0, 404, decision=GiveUp(why)))
    yield InvocationEnd(at(0.2), Outcome("dead-lettered", 1, 0, why, "NO_RESOURCE", message))


def whole_day(attempts: int = 186) -> Iterator[DeliveryEvent]:
    """Every retry of the default policy used up."""
    yield start(185, 86400)
    for number in range(1, attempts + 1):
        moment = number * 460.0
        yield AttemptStart(at(moment), number, "RETRY", REQUEST)
        yield AttemptEnd(at(moment + 1), attempt(number, moment, 500))
        if number < attempts:
            yield WaitStart(at(moment + 1), at(moment + 460), 459, "back-off", number + 1)
            yield WaitEnd(at(moment + 460))
    yield InvocationEnd(
        at(86000),
        Outcome(
            "dropped",
            attempts,
            attempts - 1,
            "all 185 retries are used up",
            "ERROR_FROM_TARGET",
            exhausted="MaximumRetryAttempts",
        ),
    )
