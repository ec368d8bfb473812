"""How a delivery is written down: one row for its beginning, then one change for each thing that happens."""

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Final

from inspector.delivery.events import (
    Attempt,
    AttemptEnd,
    AttemptStart,
    DeliveryEvent,
    InvocationEnd,
    InvocationStart,
    WaitEnd,
    WaitStart,
)
from inspector.eventbridge.request import PreparedRequest
from inspector.eventbridge.retry import GiveUp, RetryIn
from inspector.history.codec import body_column, encode, encoded_column, json_column, text_column
from inspector.history.owner import this_process
from inspector.history.records import NewDelivery

LONGEST_BODY = 1024 * 1024
"""Of a response body this much is kept: as much as EventBridge asks for (request-and-auth, section 3)."""

Columns = dict[str, object]
RequestRows = dict[int, tuple[PreparedRequest, int]]
"""Rows of requests by the identity of the request: what is held is encoded and looked for once."""


def time_column(moment: datetime) -> str:
    """Return a moment as the tables hold it: UTC, with microseconds, so that the order of texts is time's."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")


def insert_delivery(
    connection: sqlite3.Connection,
    new: NewDelivery,
    rows: RequestRows | None = None,
    changes: Columns | None = None,
) -> int:
    """Write a delivery in flight, owned by this process; return its `seq`.

    rows: requests that have a row. changes: columns of what has happened to the delivery already.
    """
    event = event_columns(new)
    columns = first_columns(connection, new, rows) | (changes or {})
    columns["event"] = _once(connection, "events", event)
    return _insert(connection, "deliveries", columns)


def first_columns(
    connection: sqlite3.Connection, new: NewDelivery, rows: RequestRows | None = None
) -> Columns:
    """Return a delivery's own row but for its event; the request gets a row where it has none."""
    names, payload, policy, request = new.names, new.payload, new.retry_policy, new.request
    pid, started = this_process()
    return {
        "delivery_id": new.delivery_id,
        "created_at": time_column(new.created_at),
        "state": "in-flight",
        "route": text_column(names.route),
        "rule": text_column(names.rule),
        "rule_arn": text_column(names.rule_arn),
        "event_bus": text_column(names.event_bus),
        "target_id": text_column(names.target_id),
        "target_arn": text_column(names.target_arn),
        "destination": text_column(names.destination),
        "connection": text_column(names.connection),
        "authorization_type": text_column(names.authorization_type),
        "dead_letter_arn": text_column(names.dead_letter_arn),
        "method": request.method if request else "",
        "url": text_column(request.masked_url) if request else "",
        "request": request and _request(connection, request, payload.body, rows),
        "payload": text_column(payload.body),
        "payload_verdict": payload.verdict,
        "payload_mode": payload.mode,
        "payload_reason": text_column(payload.reason),
        "payload_fault_at": payload.fault_at,
        "payload_placeholders": encoded_column(payload.placeholders),
        "payload_assumptions": encoded_column(payload.assumptions),
        "maximum_retry_attempts": policy.maximum_retry_attempts,
        "maximum_event_age_in_seconds": policy.maximum_event_age_in_seconds,
        "replay_of": new.replay_of,
        "comparison": new.comparison,
        "note": text_column(new.note),
        "owner_pid": pid,
        "owner_started": started,
    }


def write_steps(
    connection: sqlite3.Connection,
    seq: int,
    payload: str,
    steps: Sequence[DeliveryEvent],
    rows: RequestRows | None = None,
) -> None:
    """Write what happened to delivery `seq`, whose payload is `payload`."""
    changes: Columns = {}
    for step in steps:
        changes |= delivery_columns(step)
    if changes:
        _update(connection, seq, changes)
    write_rows(connection, seq, payload, steps, rows)


def delivery_columns(step: DeliveryEvent) -> Columns:
    """Return what a step changes of its delivery's own row."""
    match step:
        case InvocationStart():
            return {"started_at": time_column(step.at)}
        case AttemptStart():
            return {"attempts": step.number, "state": "in-flight"}
        case AttemptEnd():
            return {"last_status": step.attempt.response.status} if step.attempt.response else {}
        case InvocationEnd():
            return _outcome_columns(step)
        case _:
            return {}


def write_rows(
    connection: sqlite3.Connection,
    seq: int,
    payload: str,
    steps: Sequence[DeliveryEvent],
    rows: RequestRows | None = None,
) -> None:
    """Write the rows of attempts and waits that steps make or change."""
    ended = False
    for step in steps:
        match step:
            case AttemptStart():
                start = start_columns(connection, step, payload, rows)
                _insert(connection, "attempts", {"delivery": seq} | start, attempt_again(start))
            case AttemptEnd():
                end = end_columns(connection, step, payload, rows)
                _insert(connection, "attempts", {"delivery": seq} | end, attempt_again(end))
                ended = True
            case WaitStart():
                columns: Columns = {
                    "delivery": seq,
                    "next_attempt": step.next_attempt,
                    "started_at": time_column(step.at),
                    "until": time_column(step.until),
                    "seconds": step.seconds,
                    "why": text_column(step.why),
                }
                _insert(connection, "waits", columns)
            case WaitEnd():
                connection.execute(
                    "UPDATE waits SET ended_at = ?, skipped = ? "
                    "WHERE id = (SELECT max(id) FROM waits WHERE delivery = ?)",
                    (time_column(step.at), step.skipped, seq),
                )
            case InvocationEnd() if not ended:
                # An attempt in the middle of which somebody cancelled never ends.
                connection.execute(
                    "UPDATE attempts SET state = 'interrupted' WHERE delivery = ? AND state = 'in-flight'",
                    (seq,),
                )
            case _:
                pass


def _outcome_columns(step: InvocationEnd) -> Columns:
    outcome = step.outcome
    return {
        "ended_at": time_column(step.at),
        "state": outcome.kind,
        "attempts": outcome.attempts,
        "retry_attempts": outcome.retry_attempts,
        "why": text_column(outcome.why),
        "error_code": outcome.error_code,
        "error_message": text_column(outcome.error_message),
        "exhausted": outcome.exhausted,
        "dead_letter": encoded_column(outcome.dead_letter),
    }


def start_columns(
    connection: sqlite3.Connection, step: AttemptStart, payload: str, rows: RequestRows | None
) -> Columns:
    """Return the row of an attempt that begins, but for its delivery."""
    return {
        "number": step.number,
        "attempt_type": step.attempt_type,
        "state": "in-flight",
        "announced_at": time_column(step.at),
        "announced_request": _request(connection, step.request, payload, rows),
    }


def end_columns(
    connection: sqlite3.Connection, step: AttemptEnd, payload: str, rows: RequestRows | None
) -> Columns:
    """Return what the end of an attempt makes of its row, its number with it."""
    attempt = step.attempt
    timings, classification = attempt.timings, attempt.classification
    return {
        "number": attempt.number,
        "attempt_type": "FIRST" if attempt.number == 1 else "RETRY",
        "state": classification.outcome,
        "started_at": time_column(attempt.started_at),
        "ended_at": time_column(step.at),
        "request": _request(connection, attempt.request, payload, rows),
        "dns_ms": timings.dns,
        "connect_ms": timings.connect,
        "tls_ms": timings.tls,
        "send_ms": timings.send,
        "wait_ms": timings.wait,
        "read_ms": timings.read,
        "total_ms": timings.total,
        "error_kind": attempt.error and attempt.error.kind,
        "error_message": text_column(attempt.error.message) if attempt.error else None,
        "class_rule": text_column(classification.rule),
        "error_code": classification.error_code,
        "assumptions": encoded_column(classification.assumptions),
        "remote_address": attempt.remote_address,
        "tls": text_column(attempt.tls),
        "token_exchange": encoded_column(attempt.token_exchange),
        **_response_columns(attempt),
        **_decision_columns(attempt),
    }


def _response_columns(attempt: Attempt) -> Columns:
    response = attempt.response
    if response is None:
        return {}
    return {
        "status": response.status,
        "reason": text_column(response.reason),
        "http_version": response.http_version,
        "response_headers": json_column(response.headers),
        "response_body": body_column(response.body[:LONGEST_BODY]),
        "response_bytes": response.received_bytes,
        "response_cut": response.cut or len(response.body) > LONGEST_BODY,
        "response_note": text_column(response.note),
    }


def _decision_columns(attempt: Attempt) -> Columns:
    match attempt.decision:
        case RetryIn() as decision:
            return {
                "decision": "retry",
                "decision_seconds": decision.seconds,
                "decision_why": text_column(decision.why),
                "decision_assumptions": encoded_column(decision.assumptions),
            }
        case GiveUp() as decision:
            return {
                "decision": "give up",
                "decision_why": text_column(decision.why),
                "decision_exhausted": decision.exhausted,
                "decision_assumptions": encoded_column(decision.assumptions),
            }
        case None:
            return {}


def event_columns(new: NewDelivery) -> Columns:
    """Return the row of an event; `digest` tells whether it has one already."""
    document = json_column(new.event)
    return {
        "digest": _digest(document),
        "event_id": text_column(str(new.event.get("id", ""))),
        "source": text_column(str(new.event.get("source", ""))),
        "detail_type": text_column(str(new.event.get("detail-type", ""))),
        "document": document,
    }


def _request(
    connection: sqlite3.Connection, request: PreparedRequest, payload: str, rows: RequestRows | None
) -> int:
    if rows is None:
        return _request_row(connection, request, payload)
    if id(request) not in rows:
        rows[id(request)] = request, _request_row(connection, request, payload)
    return rows[id(request)][1]


def _request_row(connection: sqlite3.Connection, request: PreparedRequest, payload: str) -> int:
    """The payload is nearly always the delivery's: then it is not written once more for every attempt."""
    if request.payload == payload:
        return _once(connection, "requests", _without_payload(request))
    text = json_column(encode(request))
    return _once(connection, "requests", _request_columns(request, text))


_alike: dict[tuple[object, ...], tuple[PreparedRequest, Columns]] = {}
_ALIKE_KEPT = 256


def _without_payload(request: PreparedRequest) -> Columns:
    """Return the row of a request whose payload is the delivery's.

    Requests of one destination are equal but for their payload, one after the other, and share their headers.
    """
    key = (id(request.headers), *(getattr(request, name) for name in _COMPARED))
    found = _alike.get(key)
    if found is None:
        document = encode(request)
        if isinstance(document, dict):
            document["payload"] = None
        if len(_alike) >= _ALIKE_KEPT:
            _alike.clear()
        # The request keeps its headers: no others can have their identity then.
        found = _alike[key] = request, _request_columns(request, json_column(document))
    return found[1]


_COMPARED: Final = tuple(
    field.name for field in fields(PreparedRequest) if field.name not in ("headers", "payload")
)


def _request_columns(request: PreparedRequest, text: str) -> Columns:
    url = text_column(request.masked_url)
    return {"digest": _digest(text), "method": request.method, "url": url, "document": text}


def _digest(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()


def _once(connection: sqlite3.Connection, table: str, columns: Columns) -> int:
    found = connection.execute(
        f"SELECT id FROM {table} WHERE digest = ?",  # noqa: S608
        (columns["digest"],),
    ).fetchone()
    return int(found[0]) if found else _insert(connection, table, columns)


def attempt_again(columns: Iterable[str]) -> str:
    """Return what becomes of an attempt that has a row: an end is written even where the start was not."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "number")
    return f"ON CONFLICT (delivery, number) DO UPDATE SET {changes}"


def _insert(connection: sqlite3.Connection, table: str, columns: Columns, conflict: str = "") -> int:
    names, places = ", ".join(columns), ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places}) {conflict}"  # noqa: S608
    return connection.execute(statement, tuple(columns.values())).lastrowid or 0


def _update(connection: sqlite3.Connection, seq: int, columns: Columns) -> None:
    changes = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(
        f"UPDATE deliveries SET {changes} WHERE seq = ?",  # noqa: S608
        (*columns.values(), seq),
    )
