"""Recorded deliveries as JSON for other programs; everything secret stays masked."""

from inspector.delivery.events import Attempt
from inspector.eventbridge.request import PreparedRequest
from inspector.history.codec import encode, json_column
from inspector.history.columns import time_column
from inspector.history.records import StoredDelivery
from inspector.jsontext import JsonObject, JsonValue


def document_of(stored: StoredDelivery) -> JsonObject:
    """Return one delivery with its attempts as a JSON object."""
    summary = stored.summary
    return {
        "delivery_id": summary.delivery_id,
        "created_at": time_column(summary.created_at),
        "ended_at": time_column(summary.ended_at) if summary.ended_at else None,
        "state": summary.state,
        "names": encode(summary.names),
        "replay_of": summary.replay_of,
        "comparison": summary.comparison,
        "note": summary.note,
        "event": stored.event,
        "payload": {
            "verdict": stored.payload.verdict,
            "body": stored.payload.body,
            "mode": stored.payload.mode,
            "reason": stored.payload.reason,
        },
        "request": _request(stored.request) if stored.request else None,
        "retry_policy": encode(stored.retry_policy),
        "attempts": [_attempt(attempt) for attempt in stored.attempts],
        "interrupted_attempts": list(stored.interrupted_attempts),
        "outcome": encode(stored.outcome),
    }


def line_of(stored: StoredDelivery) -> str:
    """Return one delivery as a line of JSONL, without its newline."""
    return json_column(document_of(stored))


def _request(request: PreparedRequest) -> JsonObject:
    return {
        "method": request.method,
        "url": request.masked_url,
        "headers": [[part.name, str(part.value)] for part in request.headers],
        "body": request.masked_body,
    }


def _attempt(attempt: Attempt) -> JsonObject:
    response: JsonValue = None
    if attempt.response:
        response = {
            "status": attempt.response.status,
            "reason": attempt.response.reason,
            "http_version": attempt.response.http_version,
            "headers": [list(header) for header in attempt.response.headers],
            "body": attempt.response.body.decode("utf-8", "replace"),
            "received_bytes": attempt.response.received_bytes,
            "cut": attempt.response.cut,
        }
    return {
        "number": attempt.number,
        "started_at": time_column(attempt.started_at),
        "request": _request(attempt.request),
        "response": response,
        "error": encode(attempt.error),
        "timings": encode(attempt.timings),
        "classification": encode(attempt.classification),
        "decision": encode(attempt.decision),
        "token_exchange": encode(attempt.token_exchange),
    }
