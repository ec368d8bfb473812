"""Deliveries for the tests of the history: what the engine would have told of them."""

from collections.abc import Sequence
from dataclasses import replace
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
from inspector.eventbridge.assumption import BACKOFF_SCHEDULE, ERROR_CODE
from inspector.eventbridge.authorization import TokenExchange
from inspector.eventbridge.deadletter import DeadLetter
from inspector.eventbridge.payload import Payload, Placeholder
from inspector.eventbridge.request import Note, Part, PreparedRequest, Stripped
from inspector.eventbridge.resources import RetryPolicy
from inspector.eventbridge.retry import Classification, GiveUp, RetryIn
from inspector.history import History
from inspector.history.records import UNRESOLVED, Names, NewDelivery
from inspector.jsontext import JsonObject
from inspector.secret import MASK, Secret

START = datetime(2025, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)

NAMES = Names(
    route="orders/crm",
    rule="orders",
    rule_arn="arn:aws:events:us-east-1:123456789012:rule/orders",
    event_bus="default",
    target_id="crm",
    target_arn="arn:aws:events:us-east-1:123456789012:api-destination/crm/0",
    destination="crm-webhook",
    connection="crm-oauth",
    authorization_type="OAUTH_CLIENT_CREDENTIALS",
    dead_letter_arn="arn:aws:sqs:us-east-1:123456789012:dlq",
)


def event(number: int = 1, **detail: object) -> JsonObject:
    return {
        "version": "0",
        "id": f"event-{number}",
        "detail-type": "OrderPlaced",
        "source": "shop.orders",
        "account": "123456789012",
        "time": "2025-03-01T12:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": {"orderId": f"ord-{number}", **detail},  # type: ignore[dict-item]
    }


def request(payload: str = '{"order":1}', secret: str = "canary") -> PreparedRequest:
    """A request with a secret in every place that can hold one."""
    return PreparedRequest(
        method="POST",
        base_url="https://crm.example.com/v1/orders",
        path_parameters=(Part("*", Secret(f"{secret}-path"), "target"),),
        query=(
            Part("page", "1", "target", "crm"),
            Part("key", Secret(f"{secret}-query"), "connection", "crm-oauth"),
        ),
        headers=(
            Part("Content-Type", "application/json; charset=utf-8", "aws"),
            Part("X-Order", "ord-1", "event", "$.detail.orderId", replaced='target\'s "t"'),
            Part("X-Key", Secret(f"{secret}-header"), "connection", "crm-oauth"),
            Part("Authorization", Secret(f"Bearer {secret}-token"), "authorization", "Bearer token"),
        ),
        stripped=(Stripped("Via", Secret(f"{secret}-stripped"), "connection", "EventBridge removes Via"),),
        payload=payload,
        body_parameters=(Part("secret", Secret(f"{secret}-body"), "connection", "crm-oauth"),),
        notes=(Note("a warning", warning=True),),
        assumptions=(ERROR_CODE,),
    )


def new_delivery(delivery_id: str, **changes: object) -> NewDelivery:
    body = '{"order":1}'
    made = NewDelivery(
        delivery_id=delivery_id,
        created_at=START,
        names=NAMES,
        event=event(),
        payload=Payload(
            "deliver",
            body,
            "InputTransformer",
            placeholders=(Placeholder("order", "$.detail.n", 9, 16, 9, 10, False, "number", "1"),),
            assumptions=(BACKOFF_SCHEDULE,),
        ),
        request=request(body),
        retry_policy=RetryPolicy(3, 60),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def answer(status: int, body: bytes = b'{"ok":true}') -> Response:
    return Response(
        status,
        "Some Reason",
        "HTTP/1.1",
        (("Content-Type", "application/json"), ("X-A", "1")),
        body,
        len(body),
    )


def attempt(number: int, outcome: Response | TransportError, decision: RetryIn | GiveUp | None) -> Attempt:
    answered = isinstance(outcome, Response)
    return Attempt(
        number=number,
        started_at=START + timedelta(seconds=number),
        request=request(),
        timings=Timings(1.5, 12.25, 0.5, 30.0, None, 46.75, 2.5),
        classification=Classification(
            "success" if decision is None else "retriable" if isinstance(decision, RetryIn) else "final",
            "a rule in words",
            "" if decision is None else "ERROR_FROM_TARGET",
            (ERROR_CODE,),
        ),
        response=outcome if isinstance(outcome, Response) else None,
        error=None if isinstance(outcome, Response) else outcome,
        remote_address="127.0.0.1:8443" if answered else "",
        token_exchange=TokenExchange(
            "https://auth.example.com/token",
            "POST",
            (("Content-Type", "application/x-www-form-urlencoded"),),
            f"client_id=c&client_secret={MASK}",
            200,
            (),
            "{}",
            12.5,
            "Bearer",
            "orders",
            300.0,
        )
        if number == 1
        else None,
        decision=decision,
        tls="TLSv1.3, crm.example.com" if answered else "",
    )


def run(
    delivery_id: str, *ends: tuple[Response | TransportError, RetryIn | GiveUp | None]
) -> list[DeliveryEvent]:
    """The stream of a delivery whose attempts ended so; its last event is left to the test."""
    events: list[DeliveryEvent] = [InvocationStart(START, delivery_id, NAMES.route, 3, 60)]
    for number, (outcome, decision) in enumerate(ends, 1):
        at = START + timedelta(seconds=number)
        # What is announced may carry a placeholder for a credential that is still to be fetched.
        announced = replace(request(), notes=())
        events.append(AttemptStart(at, number, "FIRST" if number == 1 else "RETRY", announced))
        events.append(AttemptEnd(at + timedelta(seconds=0.25), attempt(number, outcome, decision)))
        if isinstance(decision, RetryIn):
            at += timedelta(seconds=0.5)
            events.append(WaitStart(at, at + timedelta(seconds=2), 2.0, decision.why, number + 1))
            events.append(WaitEnd(at + timedelta(seconds=1), skipped=True))
    return events


RETRY = RetryIn(2.0, "own back-off", (BACKOFF_SCHEDULE,))
DELIVERED = Outcome("delivered", 3, 2, "200 is a success")
DEAD = Outcome(
    "dead-lettered",
    2,
    1,
    "404 is final",
    "NO_RESOURCE",
    "not found",
    None,
    DeadLetter('{"order":1}', {"ERROR_CODE": "NO_RESOURCE"}, NAMES.dead_letter_arn, (ERROR_CODE,)),
)


def delivered(delivery_id: str) -> list[DeliveryEvent]:
    refused = TransportError("refused", "connection refused")
    return [
        *run(delivery_id, (refused, RETRY), (answer(503), RETRY), (answer(200), None)),
        InvocationEnd(START + timedelta(seconds=9), DELIVERED),
    ]


def dead_lettered(delivery_id: str) -> list[DeliveryEvent]:
    last = GiveUp("404 is final", "MaximumRetryAttempts", (ERROR_CODE,))
    return [
        *run(delivery_id, (answer(500, b"\xff\x00binary"), RETRY), (answer(404, b""), last)),
        InvocationEnd(START + timedelta(seconds=9), DEAD),
    ]


def record(history: History, new: NewDelivery, events: Sequence[DeliveryEvent] = ()) -> None:
    history.begin(new)
    for each in events:
        history.record(new.delivery_id, each)


def without_secrets(value: PreparedRequest) -> PreparedRequest:
    """The request as it comes back: every secret unresolved."""

    def parts(given: tuple[Part, ...]) -> tuple[Part, ...]:
        return tuple(replace(p, value=UNRESOLVED) if isinstance(p.value, Secret) else p for p in given)

    return replace(
        value,
        path_parameters=parts(value.path_parameters),
        query=parts(value.query),
        headers=parts(value.headers),
        body_parameters=parts(value.body_parameters),
        stripped=tuple(
            replace(s, value=UNRESOLVED) if isinstance(s.value, Secret) else s for s in value.stripped
        ),
    )


def as_recorded(each: DeliveryEvent) -> DeliveryEvent:
    """An event of the stream as it comes back."""
    match each:
        case AttemptStart():
            return replace(each, request=without_secrets(each.request))
        case AttemptEnd():
            return replace(each, attempt=replace(each.attempt, request=without_secrets(each.attempt.request)))
        case _:
            return each
