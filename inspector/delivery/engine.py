"""The attempt loop: authorize, send, classify, wait, again, until one of the ends of a delivery.

It yields what happens and does nothing else with it: who consumes the events records and shows them.
(retries-and-dlq, sections 1 to 3; request-and-auth, sections 6 and 7)
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final, Protocol

from inspector.delivery.clock import Clock
from inspector.delivery.events import (
    Attempt,
    AttemptEnd,
    AttemptStart,
    DeliveryEvent,
    InvocationEnd,
    InvocationStart,
    Outcome,
    OutcomeKind,
    Timings,
    TransportError,
    WaitEnd,
    WaitStart,
)
from inspector.delivery.transport import REQUEST_TIMEOUT, Transport
from inspector.delivery.wire import Exchange
from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.authorization import Authorization, AuthorizationError, Granted
from inspector.eventbridge.deadletter import INVALID_INPUT, dead_letter
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.request import PreparedRequest
from inspector.eventbridge.resources import Connection, RetryPolicy
from inspector.eventbridge.retry import (
    Classification,
    GiveUp,
    TransportErrorKind,
    classify_error,
    classify_status,
    decide,
    own_delay,
    too_old,
)
from inspector.secret import Redactor

_REJECTED: Final = (401, 407)
_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}


class Authorizing(Protocol):
    """What the loop needs of `inspector.auth.Authorizer`."""

    async def authorize(self, connection: Connection) -> Granted:
        """Return a credential, or raise AuthorizationError."""
        ...

    def reject(self, connection: Connection, status: int, used: Authorization | None = None) -> None:
        """Take note that the endpoint refused a credential with 401 or 407."""
        ...

    def redactor(self, connection: Connection) -> Redactor:
        """Return what masks the connection's secrets."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """One event on its way to one target.

    ingestion_time: from when the event's age counts. prepare: makes the request, with the credential or
    without one (None) as long as it is not known. dead_letter_arn: empty where the target has no queue.
    assumptions: what the ARNs rest on.
    """

    delivery_id: str
    route_name: str
    connection: Connection
    retry_policy: RetryPolicy
    ingestion_time: datetime
    payload: Payload
    prepare: Callable[[Authorization | None], PreparedRequest]
    rule_arn: str = ""
    target_arn: str = ""
    dead_letter_arn: str = ""
    assumptions: tuple[Assumption, ...] = ()


async def deliver(
    plan: Plan,
    *,
    authorizer: Authorizing,
    transport: Transport,
    clock: Clock,
    random: Callable[[], float],
    turn: Callable[[], Awaitable[None]] | None = None,
) -> AsyncGenerator[DeliveryEvent, None]:
    """Deliver and yield every event of it, `InvocationEnd` last.

    An `AttemptStart` is yielded before anything of that attempt is sent, a token request included. To
    cancel, close the generator or cancel the task that runs it, and record `abandoned(…)`.
    random: returns a number in [0, 1), for the jitter. turn: returns when the next attempt may be made (a
    rate limit); what is too old by then is not sent any more.
    """
    policy = plan.retry_policy
    yield InvocationStart(
        clock.now(),
        plan.delivery_id,
        plan.route_name,
        policy.maximum_retry_attempts,
        policy.maximum_event_age_in_seconds,
    )
    if turn and plan.payload.verdict == "deliver":
        await turn()
    if never := _never_attempted(plan, _age(plan, clock)):
        yield InvocationEnd(clock.now(), never)
        return
    number = 0
    while True:
        number += 1
        started = clock.now()
        yield AttemptStart(started, number, "FIRST" if number == 1 else "RETRY", plan.prepare(None))
        attempt = await _attempt(plan, number, started, authorizer, transport)
        if attempt.classification.outcome == "success":
            yield AttemptEnd(clock.now(), attempt)
            yield InvocationEnd(clock.now(), _delivered(attempt))
            return
        decision = decide(
            policy,
            attempt.classification,
            retries_made=number - 1,
            age=_age(plan, clock),
            delay=own_delay(number, random()),
            retry_after=attempt.response.header("Retry-After") if attempt.response else None,
            now=clock.now(),
        )
        yield AttemptEnd(clock.now(), replace(attempt, decision=decision))
        if isinstance(decision, GiveUp):
            yield InvocationEnd(clock.now(), _failed(plan, attempt, decision))
            return
        until = clock.now() + timedelta(seconds=decision.seconds)
        yield WaitStart(clock.now(), until, decision.seconds, decision.why, number + 1)
        skipped = await clock.sleep(decision.seconds)
        yield WaitEnd(clock.now(), skipped)
        if turn:
            await turn()
            if old := too_old(policy, _age(plan, clock)):
                yield InvocationEnd(clock.now(), _failed(plan, attempt, old))
                return


def abandoned(told: Iterable[DeliveryEvent], why: str = "cancelled") -> Outcome:
    """Return the outcome of a delivery that somebody ended: what the consumer records after cancelling.

    told: what the delivery yielded so far. An attempt that was cut short counts as made.
    """
    attempts = sum(isinstance(event, AttemptStart) for event in told)
    return Outcome("abandoned", attempts, max(0, attempts - 1), why)


def _age(plan: Plan, clock: Clock) -> float:
    return (clock.now() - plan.ingestion_time).total_seconds()


def _never_attempted(plan: Plan, age: float) -> Outcome | None:
    """Return the end of what has nothing to send, or is too old to be sent; None for all else."""
    match plan.payload.verdict:
        case "nothing":
            return Outcome("dropped", 0, 0, plan.payload.reason or "there is nothing to deliver")
        case "invalid-json":
            code, message = INVALID_INPUT
            return _undelivered(plan, 0, GiveUp(plan.payload.reason or message), code, message)
    if old := too_old(plan.retry_policy, age):
        return _undelivered(plan, 0, old, "UNKNOWN", "The event was too old to be sent.")
    return None


async def _attempt(
    plan: Plan, number: int, started: datetime, authorizer: Authorizing, transport: Transport
) -> Attempt:
    try:
        granted = await authorizer.authorize(plan.connection)
    except AuthorizationError as error:
        # With an exchange something was asked and failed; without, nothing was sent at all.
        kind: TransportErrorKind = "auth" if error.exchange else "unauthorized-connection"
        return Attempt(
            number,
            started,
            plan.prepare(None),
            Timings(total=error.exchange.milliseconds if error.exchange else 0.0),
            classify_error(kind),
            error=TransportError(kind, str(error)),
            token_exchange=error.exchange,
        )
    request = plan.prepare(granted.authorization)
    redactor = authorizer.redactor(plan.connection)
    exchange = await transport.send(request, limit=REQUEST_TIMEOUT, redactor=redactor)
    if exchange.response and exchange.response.status in _REJECTED:
        authorizer.reject(plan.connection, exchange.response.status, granted.authorization)
    return Attempt(
        number,
        started,
        request,
        exchange.timings,
        _classification(exchange),
        exchange.response,
        exchange.error,
        exchange.remote_address,
        granted.exchange,
        tls=exchange.tls,
    )


def _classification(exchange: Exchange) -> Classification:
    if exchange.response:
        return classify_status(exchange.response.status)
    return classify_error(exchange.error.kind if exchange.error else "reset")


def _delivered(attempt: Attempt) -> Outcome:
    at = "at once" if attempt.number == 1 else f"at attempt {attempt.number}"
    return Outcome("delivered", attempt.number, attempt.number - 1, f"{attempt.status} {at}")


def _failed(plan: Plan, attempt: Attempt, decision: GiveUp) -> Outcome:
    code = attempt.classification.error_code
    return _undelivered(plan, attempt.number, decision, code, error_message(attempt))


def error_message(attempt: Attempt) -> str:
    """Return the ERROR_MESSAGE of a failed attempt. The text is the inspector's own: AWS publishes none."""
    if attempt.error:
        return attempt.error.message
    # Not the reason phrase that came: that is the endpoint's own text.
    phrase = _PHRASES.get(attempt.status or 0, "")
    return f"The endpoint answered {attempt.status} {phrase}".rstrip() + "."


def _undelivered(plan: Plan, attempts: int, decision: GiveUp, code: str, message: str) -> Outcome:
    retries = max(0, attempts - 1)
    queue = plan.dead_letter_arn
    letter = dead_letter(
        plan.payload.body,
        rule_arn=plan.rule_arn,
        target_arn=plan.target_arn,
        error_code=code,
        error_message=message,
        exhausted=decision.exhausted,
        retry_attempts=retries,
        queue_arn=queue,
        assumptions=plan.assumptions,
    )
    why = decision.why if queue else f"{decision.why}; the target has no dead-letter queue"
    kind: OutcomeKind = "dead-lettered" if queue else "dropped"
    return Outcome(kind, attempts, retries, why, code, message, decision.exhausted, letter)
