"""How a delivery is read back: its row, its attempts, and the stream of events that the timeline drew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar, cast

from inspector.delivery.events import (
    Attempt,
    AttemptEnd,
    AttemptStart,
    AttemptType,
    DeliveryEvent,
    InvocationEnd,
    InvocationStart,
    Outcome,
    OutcomeKind,
    Response,
    Timings,
    TransportError,
    WaitEnd,
    WaitStart,
)
from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.authorization import TokenExchange
from inspector.eventbridge.deadletter import DeadLetter
from inspector.eventbridge.payload import Payload, PayloadMode, PayloadVerdict, Placeholder
from inspector.eventbridge.request import PreparedRequest
from inspector.eventbridge.resources import RetryPolicy
from inspector.eventbridge.retry import (
    Classification,
    Decision,
    ExhaustedCondition,
    GiveUp,
    OutcomeClass,
    RetryIn,
    TransportErrorKind,
)
from inspector.history.codec import body_of, decode, decoded_column, text_of
from inspector.history.records import DeliveryState, DeliverySummary, Names, StoredDelivery
from inspector.jsontext import JsonObject, loads

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, read by type."""

    columns: Mapping[str, object]

    def text(self, name: str) -> str:
        """Return a text, empty for null."""
        value = self.columns[name]
        return "" if value is None else text_of(value)

    def integer(self, name: str) -> int:
        """Return a number that is never null."""
        return int(cast(int, self.columns[name]))

    def number(self, name: str) -> float | None:
        """Return a number, or None for null."""
        value = self.columns[name]
        return None if value is None else float(cast(float, value))

    def optional(self, name: str) -> int | None:
        """Return a whole number, or None for null."""
        value = self.columns[name]
        return None if value is None else int(cast(int, value))

    def time(self, name: str) -> datetime:
        """Return a moment that is never null."""
        return datetime.fromisoformat(str(self.columns[name]))

    def has(self, name: str) -> bool:
        """Tell whether a column holds anything."""
        return self.columns[name] is not None

    def value(self, name: str, kind: type[T]) -> T | None:
        """Return what a JSON column holds, or None for null."""
        return decoded_column(kind, self.columns[name]) if self.has(name) else None

    def assumptions(self, name: str) -> tuple[Assumption, ...]:
        """Return a column of assumptions, none for null."""
        return decoded_column(tuple[Assumption, ...], self.columns[name]) if self.has(name) else ()


SUMMARY = (
    "d.seq, d.delivery_id, d.created_at, d.started_at, d.ended_at, d.state, d.route, d.rule, d.rule_arn, "
    "d.event_bus, d.target_id, d.target_arn, d.destination, d.connection, d.authorization_type, "
    "d.dead_letter_arn, d.method, d.url, d.attempts, d.last_status, d.error_code, d.replay_of, "
    "d.comparison, d.note, e.event_id, e.source, e.detail_type"
)
"""The columns of a summary, of deliveries `d` joined with events `e`."""


def summary_of(row: Row) -> DeliverySummary:
    """Return the summary that a row of `SUMMARY` holds."""
    ended = row.time("ended_at") if row.has("ended_at") else None
    began = row.time("started_at" if row.has("started_at") else "created_at")
    return DeliverySummary(
        key=row.integer("seq"),
        delivery_id=row.text("delivery_id"),
        created_at=row.time("created_at"),
        names=Names(
            route=row.text("route"),
            rule=row.text("rule"),
            rule_arn=row.text("rule_arn"),
            event_bus=row.text("event_bus"),
            target_id=row.text("target_id"),
            target_arn=row.text("target_arn"),
            destination=row.text("destination"),
            connection=row.text("connection"),
            authorization_type=row.text("authorization_type"),
            dead_letter_arn=row.text("dead_letter_arn"),
        ),
        event_id=row.text("event_id"),
        source=row.text("source"),
        detail_type=row.text("detail_type"),
        method=row.text("method"),
        url=row.text("url"),
        state=cast(DeliveryState, row.text("state")),
        error_code=row.text("error_code"),
        status=row.optional("last_status"),
        attempts=row.integer("attempts"),
        milliseconds=(ended - began).total_seconds() * 1000 if ended else None,
        replay_of=row.text("replay_of"),
        comparison=row.text("comparison"),
        note=row.text("note"),
        ended_at=ended,
    )


def stored_of(row: Row, attempts: Sequence[Row]) -> StoredDelivery:
    """Return a delivery from its row (deliveries, its event and request joined) and its attempts' rows."""
    payload = Payload(
        verdict=cast(PayloadVerdict, row.text("payload_verdict")),
        body=row.text("payload"),
        mode=cast(PayloadMode, row.text("payload_mode")),
        reason=row.text("payload_reason"),
        fault_at=row.optional("payload_fault_at"),
        placeholders=decoded_column(tuple[Placeholder, ...], row.columns["payload_placeholders"]),
        assumptions=row.assumptions("payload_assumptions"),
    )
    return StoredDelivery(
        summary=summary_of(row),
        event=cast(JsonObject, loads(row.text("event_document"))),
        payload=payload,
        request=_request(row, "request_document", payload.body) if row.has("request_document") else None,
        retry_policy=RetryPolicy(
            row.integer("maximum_retry_attempts"), row.integer("maximum_event_age_in_seconds")
        ),
        attempts=tuple(_attempt(each, payload.body) for each in attempts if each.has("ended_at")),
        outcome=_outcome(row),
        interrupted_attempts=tuple(
            each.integer("number") for each in attempts if each.text("state") == "interrupted"
        ),
        comparison=row.text("comparison"),
    )


def events_of(row: Row, attempts: Sequence[Row], waits: Sequence[Row]) -> Iterator[DeliveryEvent]:
    """Yield what the delivery yielded when it ran, as far as it came."""
    if row.has("started_at"):
        yield InvocationStart(
            at=row.time("started_at"),
            delivery_id=row.text("delivery_id"),
            route=row.text("route"),
            maximum_retry_attempts=row.integer("maximum_retry_attempts"),
            maximum_event_age_in_seconds=row.integer("maximum_event_age_in_seconds"),
        )
    pending = list(waits)
    for attempt in attempts:
        while pending and pending[0].integer("next_attempt") <= attempt.integer("number"):
            yield from _wait(pending.pop(0))
        yield from _attempt_events(attempt, row.text("payload"))
    for wait in pending:
        yield from _wait(wait)
    if outcome := _outcome(row):
        yield InvocationEnd(row.time("ended_at"), outcome)


def _wait(row: Row) -> Iterator[DeliveryEvent]:
    yield WaitStart(
        at=row.time("started_at"),
        until=row.time("until"),
        seconds=row.number("seconds") or 0.0,
        why=row.text("why"),
        next_attempt=row.integer("next_attempt"),
    )
    if row.has("ended_at"):
        yield WaitEnd(row.time("ended_at"), bool(row.columns["skipped"]))


def _attempt_events(row: Row, payload: str) -> Iterator[DeliveryEvent]:
    if row.has("announced_at"):
        yield AttemptStart(
            at=row.time("announced_at"),
            number=row.integer("number"),
            attempt_type=cast(AttemptType, row.text("attempt_type")),
            request=_request(row, "announced_document", payload),
        )
    if row.has("ended_at"):
        yield AttemptEnd(row.time("ended_at"), _attempt(row, payload))


def _attempt(row: Row, payload: str) -> Attempt:
    error = TransportError(cast(TransportErrorKind, row.text("error_kind")), row.text("error_message"))
    return Attempt(
        number=row.integer("number"),
        started_at=row.time("started_at"),
        request=_request(row, "request_document", payload),
        timings=Timings(
            connect=row.number("connect_ms"),
            tls=row.number("tls_ms"),
            send=row.number("send_ms"),
            wait=row.number("wait_ms"),
            read=row.number("read_ms"),
            total=row.number("total_ms") or 0.0,
            dns=row.number("dns_ms"),
        ),
        classification=Classification(
            outcome=cast(OutcomeClass, row.text("state")),
            rule=row.text("class_rule"),
            error_code=row.text("error_code"),
            assumptions=row.assumptions("assumptions"),
        ),
        response=_response(row) if row.has("status") else None,
        error=error if row.has("error_kind") else None,
        remote_address=row.text("remote_address"),
        token_exchange=row.value("token_exchange", TokenExchange),
        decision=_decision(row),
        tls=row.text("tls"),
    )


def _response(row: Row) -> Response:
    return Response(
        status=row.integer("status"),
        reason=row.text("reason"),
        http_version=row.text("http_version"),
        headers=decoded_column(tuple[tuple[str, str], ...], row.columns["response_headers"]),
        body=body_of(row.columns["response_body"]),
        received_bytes=row.integer("response_bytes"),
        cut=bool(row.columns["response_cut"]),
        note=row.text("response_note"),
    )


def _decision(row: Row) -> Decision | None:
    match cast(Literal["retry", "give up"] | None, row.columns["decision"]):
        case "retry":
            return RetryIn(
                row.number("decision_seconds") or 0.0,
                row.text("decision_why"),
                row.assumptions("decision_assumptions"),
            )
        case "give up":
            exhausted = cast(ExhaustedCondition | None, row.columns["decision_exhausted"])
            return GiveUp(row.text("decision_why"), exhausted, row.assumptions("decision_assumptions"))
        case None:
            return None


def _outcome(row: Row) -> Outcome | None:
    if not row.has("ended_at"):
        return None
    return Outcome(
        kind=cast(OutcomeKind, row.text("state")),
        attempts=row.integer("attempts"),
        retry_attempts=row.integer("retry_attempts"),
        why=row.text("why"),
        error_code=row.text("error_code"),
        error_message=row.text("error_message"),
        exhausted=cast(ExhaustedCondition | None, row.columns["exhausted"]),
        dead_letter=row.value("dead_letter", DeadLetter),
    )


def _request(row: Row, column: str, payload: str) -> PreparedRequest:
    document = loads(row.text(column))
    if isinstance(document, dict) and document["payload"] is None:
        document["payload"] = payload
    return decode(PreparedRequest, document)
