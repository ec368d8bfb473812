"""What is written down of a delivery, as columns of plain values: nothing here knows a database.

A row that refers to an event or a request names it by its digest; `write` finds its id.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
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
from inspector.history.records import Names, NewDelivery
from inspector.history.write import Change, Columns

LONGEST_BODY = 1024 * 1024
"""Of a response body this much is kept: as much as EventBridge asks for (request-and-auth, section 3)."""

Requests = dict[str, Columns]
"""Rows of requests by their digest."""


def time_column(moment: datetime) -> str:
    """Return a moment as the tables hold it: UTC, with microseconds, so that the order of texts is time's."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")


def first_columns(new: NewDelivery, requests: Requests) -> Columns:
    """Return a delivery's own row but for its event, its request added to `requests`."""
    payload, policy, request = new.payload, new.retry_policy, new.request
    pid, started = this_process()
    return {
        "delivery_id": new.delivery_id,
        "created_at": time_column(new.created_at),
        "state": "in-flight",
        **_names_columns(new.names),
        "method": request.method if request else "",
        "url": text_column(request.masked_url) if request else "",
        "request": request and _request(request, payload.body, requests),
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


@lru_cache(maxsize=256)
def _names_columns(names: Names) -> Columns:
    """Return the columns of names, made once for all deliveries of a route; nobody changes them."""
    return {field.name: text_column(getattr(names, field.name)) for field in fields(Names)}


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


def changes_of(steps: Sequence[DeliveryEvent], payload: str, requests: Requests) -> list[Change]:
    """Return what steps change of a delivery whose payload is `payload`; its own row comes first."""
    own: Columns = {}
    for step in steps:
        own |= delivery_columns(step)
    return [*([("deliveries", own)] if own else ()), *row_changes(steps, payload, requests)]


def row_changes(steps: Sequence[DeliveryEvent], payload: str, requests: Requests) -> Iterator[Change]:
    """Yield what steps change of the rows of attempts and waits."""
    ended = False
    for step in steps:
        match step:
            case AttemptStart():
                yield "attempts", start_columns(step, payload, requests)
            case AttemptEnd():
                yield "attempts", end_columns(step, payload, requests)
                ended = True
            case WaitStart():
                yield (
                    "waits",
                    {
                        "next_attempt": step.next_attempt,
                        "started_at": time_column(step.at),
                        "until": time_column(step.until),
                        "seconds": step.seconds,
                        "why": text_column(step.why),
                    },
                )
            case WaitEnd():
                yield "wait ended", {"ended_at": time_column(step.at), "skipped": step.skipped}
            case InvocationEnd() if not ended:
                # An attempt in the middle of which somebody cancelled never ends.
                yield "interrupted", {}
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


def start_columns(step: AttemptStart, payload: str, requests: Requests) -> Columns:
    """Return the row of an attempt that begins, but for its delivery."""
    return {
        "number": step.number,
        "attempt_type": step.attempt_type,
        "state": "in-flight",
        "announced_at": time_column(step.at),
        "announced_request": _request(step.request, payload, requests),
    }


def end_columns(step: AttemptEnd, payload: str, requests: Requests) -> Columns:
    """Return what the end of an attempt makes of its row, its number with it."""
    attempt = step.attempt
    timings, classification = attempt.timings, attempt.classification
    return {
        "number": attempt.number,
        "attempt_type": "FIRST" if attempt.number == 1 else "RETRY",
        "state": classification.outcome,
        "started_at": time_column(attempt.started_at),
        "ended_at": time_column(step.at),
        "request": _request(attempt.request, payload, requests),
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


def _request(request: PreparedRequest, payload: str, requests: Requests) -> str:
    """Return the digest of a request, its row added to `requests`.

    The payload is nearly always the delivery's: then it is not written once more for every attempt.
    """
    if request.payload == payload:
        columns = _without_payload(request)
    else:
        columns = _request_columns(request, json_column(encode(request)))
    digest = str(columns["digest"])
    requests[digest] = columns
    return digest


_alike: dict[tuple[int, object], tuple[PreparedRequest, Columns]] = {}
_ALIKE_KEPT = 256


def _without_payload(request: PreparedRequest) -> Columns:
    """Return the row of a request whose payload is the delivery's.

    Requests of one destination are equal but for their payload, one after the other, and share their headers.
    """
    key = (id(request.headers), _compared(request))
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


_compared: Final = attrgetter(
    *(field.name for field in fields(PreparedRequest) if field.name not in ("headers", "payload"))
)


def _request_columns(request: PreparedRequest, text: str) -> Columns:
    url = text_column(request.masked_url)
    return {"digest": _digest(text), "method": request.method, "url": url, "document": text}


def _digest(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()
