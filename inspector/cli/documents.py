"""The JSON documents that commands write. What is secret in the values is masked by their own types."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from inspector.cli.token_documents import token_document
from inspector.delivery.events import Attempt, Outcome, Response
from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.event import Event
from inspector.eventbridge.patterns.verdict import Verdict
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.request import Part, PreparedRequest
from inspector.eventbridge.resources import Route
from inspector.eventbridge.retry import Decision, RetryIn
from inspector.history.records import DeliverySummary, StoredDelivery
from inspector.workbench import Preview, RuleResult
from inspector.workbench.compare import ComparedRow
from inspector.workbench.measures import Measures
from inspector.workbench.statistics import Spread

Document = Mapping[str, object]


def instant(moment: datetime) -> str:
    """Return a moment as ISO 8601 in UTC."""
    return moment.isoformat().replace("+00:00", "Z")


def event_document(event: Event) -> Document:
    """The envelope, the members that the inspector filled in, and the bus."""
    return {"event": event.document, "filled": sorted(event.filled), "event_bus": event.bus}


def verdict_document(verdict: Verdict) -> Document:
    """The explanation of a pattern, node by node."""
    return {
        "kind": verdict.kind,
        "matched": verdict.matched,
        "path": verdict.path,
        "wanted": verdict.wanted,
        "reason": verdict.reason,
        "found": [{"path": found.path, "json": found.json} for found in verdict.found],
        "nearest": verdict.nearest,
        "children": [verdict_document(child) for child in verdict.children],
    }


def rule_document(result: RuleResult) -> Document:
    """What one rule says to one event."""
    return {
        "rule": result.rule.name,
        "event_bus": result.rule.event_bus_name,
        "state": result.rule.state,
        "matched": result.matched,
        "reason": result.reason,
        "targets": [route.name for route in result.routes],
        "explanation": verdict_document(result.verdict) if result.verdict else None,
    }


def route_document(route: Route) -> Document:
    """The names of a route's definitions."""
    return {
        "route": route.name,
        "rule": route.rule.name if route.rule else None,
        "target_id": route.target.target_id if route.rule else None,
        "destination": route.destination.name,
        "connection": route.connection.name,
        "authorization_type": route.connection.authorization_type,
    }


def payload_document(payload: Payload) -> Document:
    """What the input option made of an event."""
    return {
        "verdict": payload.verdict,
        "mode": payload.mode,
        "body": payload.body,
        "reason": payload.reason,
        "assumptions": _assumptions(payload.assumptions),
    }


def request_document(request: PreparedRequest) -> Document:
    """A request, every part with its source."""
    return {
        "method": request.method,
        "url": request.masked_url,
        "headers": _parts(request.headers),
        "query": _parts(request.query),
        "path_parameters": _parts(request.path_parameters),
        "body": request.masked_body,
        "body_parameters": _parts(request.body_parameters),
        "stripped": [
            {"name": s.name, "value": str(s.value), "source": s.source, "why": s.why}
            for s in request.stripped
        ],
        "notes": [{"text": note.text, "warning": note.warning} for note in request.notes],
        "assumptions": _assumptions(request.assumptions),
    }


def preview_document(preview: Preview) -> Document:
    """What a route would send for an event."""
    return {
        **route_document(preview.route),
        "matched": preview.result.matched if preview.result else None,
        "reason": preview.result.reason if preview.result else "",
        "payload": payload_document(preview.payload) if preview.payload else None,
        "request": request_document(preview.request) if preview.request else None,
        "problem": preview.problem,
    }


def attempt_document(attempt: Attempt) -> Document:
    """One attempt, complete."""
    timings = attempt.timings
    return {
        "number": attempt.number,
        "started_at": instant(attempt.started_at),
        "request": request_document(attempt.request),
        "token_exchange": token_document(attempt.token_exchange) if attempt.token_exchange else None,
        "status": attempt.status,
        "response": _response_document(attempt.response) if attempt.response else None,
        "error": {"kind": attempt.error.kind, "message": attempt.error.message} if attempt.error else None,
        "remote_address": attempt.remote_address,
        "milliseconds": {
            "dns": timings.dns,
            "connect": timings.connect,
            "tls": timings.tls,
            "send": timings.send,
            "wait": timings.wait,
            "read": timings.read,
            "total": timings.total,
        },
        "class": attempt.classification.outcome,
        "rule": attempt.classification.rule,
        "error_code": attempt.classification.error_code,
        "assumptions": _assumptions(attempt.classification.assumptions),
        "decision": _decision_document(attempt.decision),
    }


def outcome_document(outcome: Outcome) -> Document:
    """How a delivery ended."""
    letter = outcome.dead_letter
    return {
        "kind": outcome.kind,
        "attempts": outcome.attempts,
        "retry_attempts": outcome.retry_attempts,
        "why": outcome.why,
        "error_code": outcome.error_code,
        "error_message": outcome.error_message,
        "exhausted": outcome.exhausted,
        "dead_letter": letter
        and {"queue_arn": letter.queue_arn, "body": letter.body, "attributes": letter.attributes},
    }


def delivery_document(
    delivery_id: str,
    route: Document,
    event_id: str,
    attempts: Sequence[Attempt],
    outcome: Outcome | None,
) -> Document:
    """A delivery with its attempts."""
    return {
        "delivery_id": delivery_id,
        "event_id": event_id,
        **route,
        "outcome": outcome_document(outcome) if outcome else None,
        "attempts": [attempt_document(attempt) for attempt in attempts],
    }


def row_document(row: ComparedRow) -> Document:
    """One line of a comparison."""
    return {
        "section": row.section,
        "name": row.name,
        "values": list(row.values),
        "differs": row.differs,
        "varies": row.varies,
    }


def measures_document(way: str, measures: Measures) -> Document:
    """What all runs one way amount to. Times are in milliseconds."""
    return {
        "way": way,
        "runs": measures.runs,
        "delivered": measures.delivered,
        "attempts": measures.attempts,
        "statuses": dict(measures.statuses),
        "different_bodies": measures.answers,
        "latency": _spread_document(measures.latency),
        "phases": {name: _spread_document(found) for name, found in measures.phases.items()},
        "token": _spread_document(measures.token),
    }


def _spread_document(found: Spread | None) -> Document | None:
    if found is None:
        return None
    return {
        "count": found.count,
        "minimum": found.minimum,
        "median": found.median,
        "p95": found.p95,
        "maximum": found.maximum,
    }


def _parts(parts: Sequence[Part]) -> list[Document]:
    return [
        {
            "name": part.name,
            "value": str(part.value),
            "source": part.source,
            "detail": part.detail,
            "replaced": part.replaced,
        }
        for part in parts
    ]


def _assumptions(assumptions: Sequence[Assumption]) -> list[Document]:
    return [{"name": assumption.name, "text": assumption.text} for assumption in assumptions]


def _response_document(response: Response) -> Document:
    return {
        "status": response.status,
        "reason": response.reason,
        "http_version": response.http_version,
        "headers": [{"name": name, "value": value} for name, value in response.headers],
        "body": response.body.decode("utf-8", "replace"),
        "received_bytes": response.received_bytes,
        "cut": response.cut,
        "note": response.note,
    }


def _decision_document(decision: Decision | None) -> Document | None:
    match decision:
        case None:
            return None
        case RetryIn():
            return {
                "action": "retry",
                "seconds": decision.seconds,
                "why": decision.why,
                "assumptions": _assumptions(decision.assumptions),
            }
        case _:
            return {
                "action": "give-up",
                "exhausted": decision.exhausted,
                "why": decision.why,
                "assumptions": _assumptions(decision.assumptions),
            }


def summary_document(summary: DeliverySummary) -> Document:
    """One line of the history."""
    names = summary.names
    return {
        "delivery_id": summary.delivery_id,
        "created_at": instant(summary.created_at),
        "ended_at": instant(summary.ended_at) if summary.ended_at else None,
        "state": summary.state,
        "event_id": summary.event_id,
        "source": summary.source,
        "detail_type": summary.detail_type,
        "route": names.route,
        "rule": names.rule or None,
        "target_id": names.target_id if names.rule else None,
        "destination": names.destination,
        "connection": names.connection,
        "authorization_type": names.authorization_type,
        "method": summary.method,
        "url": summary.url,
        "status": summary.status,
        "attempts": summary.attempts,
        "milliseconds": summary.milliseconds,
        "error_code": summary.error_code,
        "replay_of": summary.replay_of or None,
        "comparison": summary.comparison or None,
        "note": summary.note,
    }


def stored_document(stored: StoredDelivery) -> Document:
    """One delivery of the history with everything that was recorded."""
    return {
        **summary_document(stored.summary),
        "event": stored.event,
        "payload": payload_document(stored.payload),
        "request": request_document(stored.request) if stored.request else None,
        "retry_policy": {
            "maximum_retry_attempts": stored.retry_policy.maximum_retry_attempts,
            "maximum_event_age_in_seconds": stored.retry_policy.maximum_event_age_in_seconds,
        },
        "attempts": [attempt_document(attempt) for attempt in stored.attempts],
        "interrupted_attempts": list(stored.interrupted_attempts),
        "outcome": outcome_document(stored.outcome) if stored.outcome else None,
    }
