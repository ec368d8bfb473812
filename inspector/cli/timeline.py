"""A delivery told while it runs, a line for each step."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from inspector.cli.console import Painter, Style
from inspector.cli.durations import milliseconds_text, seconds_text
from inspector.delivery.events import (
    Attempt,
    AttemptEnd,
    AttemptStart,
    DeliveryEvent,
    InvocationEnd,
    InvocationStart,
    Outcome,
    OutcomeKind,
    WaitEnd,
    WaitStart,
)
from inspector.eventbridge.authorization import TokenExchange
from inspector.eventbridge.retry import OutcomeClass

OUTCOME_MARKS: Final[Mapping[OutcomeKind, tuple[str, Style]]] = {
    "delivered": ("✓", "good"),
    "dead-lettered": ("✗", "bad"),
    "dropped": ("✗", "bad"),
    "abandoned": ("■", "warn"),
}
CLASS_STYLES: Final[Mapping[OutcomeClass, Style]] = {"success": "good", "retriable": "warn", "final": "bad"}


class Timeline:
    """Turns the steps of one delivery into lines. Times count from its start, skipped waits included.

    prefix: stands before each line, where several deliveries run at once.
    """

    def __init__(self, paint: Painter, prefix: str = "") -> None:
        self._paint, self._prefix = paint, prefix
        self._start: datetime | None = None
        self._assumed: set[str] = set()

    def lines(self, step: DeliveryEvent) -> Iterator[str]:
        """Yield the lines for one step; a step that says nothing new yields none."""
        self._start = self._start or step.at
        elapsed = f"{(step.at - self._start).total_seconds():8.2f}s"
        for text in self._texts(step):
            yield f"{self._prefix}{self._paint(elapsed, 'dim')}  {text}"

    def _texts(self, step: DeliveryEvent) -> Iterator[str]:
        paint = self._paint
        match step:
            case InvocationStart():
                age = seconds_text(step.maximum_event_age_in_seconds)
                retries = step.maximum_retry_attempts
                budget = f"at most {retries} {'retry' if retries == 1 else 'retries'} within {age}"
                yield f"{paint(step.route, 'strong')}  {paint(budget, 'dim')}"
            case AttemptStart():
                where = f"{step.request.method} {step.request.masked_url}"
                yield f"{paint('→', 'accent')} {paint(f'attempt {step.number}', 'accent')}  {paint(where)}"
            case AttemptEnd():
                if step.attempt.token_exchange:
                    yield f"{paint('⚿', 'accent')} {paint(token_text(step.attempt.token_exchange))}"
                yield attempt_line(paint, step.attempt)
                yield from self._assumptions(step.attempt)
            case WaitStart():
                yield f"{paint('…', 'dim')} {paint(f'{step.why}; then attempt {step.next_attempt}', 'dim')}"
            case WaitEnd():
                if step.skipped:
                    yield paint("» wait skipped", "dim")
            case InvocationEnd():
                yield outcome_line(paint, step.outcome)

    def _assumptions(self, attempt: Attempt) -> Iterator[str]:
        """Yield what the reading of an attempt rests on and nobody has established, each once."""
        assumptions = list(attempt.classification.assumptions)
        if attempt.decision:
            assumptions += attempt.decision.assumptions
        for assumption in assumptions:
            if assumption.name not in self._assumed:
                self._assumed.add(assumption.name)
                yield self._paint(f"~ assumption: {assumption.text}", "dim")


def attempt_line(paint: Painter, attempt: Attempt) -> str:
    """Return how one attempt ended and which rule makes what of it."""
    rule = attempt.classification.rule
    style = CLASS_STYLES[attempt.classification.outcome]
    latency = milliseconds_text(attempt.timings.total)
    return f"{paint('←', style)} {paint(answer_text(attempt), style)}  {paint(latency, 'dim')}  {paint(rule)}"


def answer_text(attempt: Attempt) -> str:
    """Return what came back, in a few words: status and reason, or the error."""
    if attempt.response:
        return f"{attempt.response.status} {attempt.response.reason}".strip()
    return attempt.error.message if attempt.error else "no answer"


def outcome_line(paint: Painter, outcome: Outcome) -> str:
    """Return how a delivery ended, and why."""
    mark, style = OUTCOME_MARKS[outcome.kind]
    attempts = f"{outcome.attempts} attempt{'' if outcome.attempts == 1 else 's'}"
    line = f"{paint(mark, style)} {paint(outcome.kind, style, 'strong')}  {paint(attempts, 'dim')}"
    if outcome.error_code:
        line += f"  {paint(outcome.error_code, style)}"
    return line + (f"  {paint(outcome.why)}" if outcome.why and outcome.kind != "delivered" else "")


def token_text(exchange: TokenExchange) -> str:
    """Return what became of a token request, in one line."""
    what = f"token request {exchange.method} {exchange.endpoint}"
    status = f": {exchange.status}" if exchange.status else ""
    if exchange.error:
        return f"{what}{status}, {exchange.error}"
    kind = f", {exchange.token_type} token" if exchange.token_type else ""
    expiry = "" if exchange.expires_in is None else f", expires in {seconds_text(exchange.expires_in)}"
    return f"{what}{status}{kind}{expiry}  {milliseconds_text(exchange.milliseconds)}"


def told_lines(paint: Painter, steps: Iterable[DeliveryEvent]) -> list[str]:
    """Return a whole delivery as lines."""
    timeline = Timeline(paint)
    return [line for step in steps for line in timeline.lines(step)]
