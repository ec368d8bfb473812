"""The JSON documents of a simulation."""

from collections.abc import Sequence

from inspector.cli.documents import Document
from inspector.cli.simulation_text import answer_label
from inspector.delivery.events import Attempt
from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.retry import RetryIn
from inspector.workbench.simulate import Odds, Simulation, Spread


def simulation_document(simulation: Simulation) -> Document:
    """One run, attempt by attempt; times in seconds since the event was taken in."""
    what_if, outcome = simulation.what_if, simulation.outcome
    return {
        "scenario": what_if.scenario.text,
        "target": what_if.name,
        "retry_policy": {
            "maximum_retry_attempts": what_if.policy.maximum_retry_attempts,
            "maximum_event_age_in_seconds": what_if.policy.maximum_event_age_in_seconds,
        },
        "seed": simulation.seed,
        "approximation": True,
        "assumptions": _assumptions(simulation.assumptions),
        "outcome": {
            "kind": outcome.kind,
            "seconds": simulation.seconds,
            "attempts": outcome.attempts,
            "retry_attempts": outcome.retry_attempts,
            "error_code": outcome.error_code,
            "exhausted": outcome.exhausted,
            "why": outcome.why,
        },
        "attempts": [_attempt(simulation, attempt) for attempt in simulation.attempts],
    }


def odds_document(odds: Odds) -> Document:
    """What became of many runs."""
    lost = odds.runs - odds.delivered
    return {
        "runs": odds.runs,
        "seed": odds.seed,
        "delivered": {"runs": odds.delivered, "share": odds.delivered / odds.runs},
        odds.what_if.lost_as: {
            "runs": lost,
            "share": lost / odds.runs,
            "by": [
                {
                    "error_code": loss.error_code,
                    "exhausted": loss.exhausted,
                    "runs": loss.runs,
                    "share": loss.runs / odds.runs,
                }
                for loss in odds.losses
            ],
        },
        "attempts": _spread(odds.attempts),
        "seconds_to_delivery": _spread(odds.delivery_seconds) if odds.delivery_seconds else None,
        "assumptions": _assumptions(odds.assumptions),
    }


def _attempt(simulation: Simulation, attempt: Attempt) -> Document:
    decision = attempt.decision
    return {
        "number": attempt.number,
        "at_seconds": (attempt.started_at - simulation.what_if.start).total_seconds(),
        "answer": answer_label(attempt),
        "status": attempt.status,
        "error": attempt.error.kind if attempt.error else None,
        "milliseconds": attempt.timings.total,
        "class": attempt.classification.outcome,
        "wait_seconds": decision.seconds if isinstance(decision, RetryIn) else None,
        "why": decision.why if decision else attempt.classification.rule,
    }


def _spread(spread: Spread) -> Document:
    return {"median": spread.median, "p95": spread.p95, "max": spread.largest}


def _assumptions(assumptions: Sequence[Assumption]) -> list[Document]:
    return [{"name": assumption.name, "text": assumption.text} for assumption in assumptions]
