"""The events of a delivery folded into the rows that a timeline shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from inspector.delivery.events import (
    Attempt,
    AttemptEnd,
    AttemptStart,
    DeliveryEvent,
    InvocationEnd,
    InvocationStart,
    Outcome,
    WaitEnd,
    WaitStart,
)

ATTEMPT_LIMIT: Final = 5000.0
"""Milliseconds: EventBridge waits no longer for an answer."""


@dataclass(slots=True)
class AttemptRow:
    """An attempt, under way until `attempt` is there."""

    number: int
    at: datetime
    attempt: Attempt | None = None


@dataclass(slots=True)
class WaitRow:
    """The wait before an attempt, under way until `ended_at` is there."""

    wait: WaitStart
    ended_at: datetime | None = None
    skipped: bool = False


@dataclass(slots=True)
class OutcomeRow:
    """How the delivery ended; `outcome` is None where it was cut off before it could."""

    at: datetime
    outcome: Outcome | None


@dataclass(slots=True)
class WhyRow:
    """Why the delivery ended as it did."""

    text: str
    ink: str


Row: TypeAlias = AttemptRow | WaitRow | OutcomeRow | WhyRow


class Course:
    """What is known of a delivery so far, in rows."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.started: InvocationStart | None = None
        self.first_at: datetime | None = None
        self.now: datetime | None = None
        self.scale = 0.0
        self.waits = False
        self._attempt_rows: dict[int, int] = {}

    @property
    def ended(self) -> bool:
        """Whether the outcome is there."""
        return any(isinstance(row, OutcomeRow) for row in self.rows[-2:])

    @property
    def attempts(self) -> int:
        """How many attempts were begun."""
        return len(self._attempt_rows)

    @property
    def age(self) -> float:
        """Seconds since the delivery began, up to the last that is known."""
        return (self.now - self.first_at).total_seconds() if self.now and self.first_at else 0.0

    @property
    def live_row(self) -> int:
        """The row that changes with time: an attempt or a wait under way; -1 when there is none."""
        match self.rows[-1] if self.rows else None:
            case AttemptRow(attempt=None) | WaitRow(ended_at=None):
                return len(self.rows) - 1
        return -1

    def row_of(self, number: int) -> int:
        """Return the row of an attempt, -1 when there is none."""
        return self._attempt_rows.get(number, -1)

    def offset(self, at: datetime) -> float:
        """Return the seconds from the beginning to `at`."""
        return (at - self.first_at).total_seconds() if self.first_at else 0.0

    def tick(self, now: datetime) -> bool:
        """Let time pass; tell whether the scale of the bars has changed with it."""
        if self.ended or (self.now and now < self.now):
            return False
        self.now = now
        live = self.rows[self.live_row] if self.live_row >= 0 else None
        return isinstance(live, AttemptRow) and self._widen((now - live.at).total_seconds() * 1000)

    def _widen(self, total: float) -> bool:
        wider = min(total, ATTEMPT_LIMIT * 2) > self.scale
        self.scale = max(self.scale, min(total, ATTEMPT_LIMIT * 2))
        return wider

    def apply(self, event: DeliveryEvent) -> None:
        """Take in what has happened."""
        self.first_at = self.first_at or event.at
        self.now = max(self.now or event.at, event.at)
        match event:
            case InvocationStart():
                self.started, self.first_at = event, event.at
            case AttemptStart():
                self._begin(event.number, event.at)
            case AttemptEnd(attempt=attempt):
                row = self.row_of(attempt.number)
                if row < 0:
                    row = self._begin(attempt.number, attempt.started_at)
                self.rows[row] = AttemptRow(attempt.number, attempt.started_at, attempt)
                self._rescale()
            case WaitStart():
                self.rows.append(WaitRow(event))
                self.waits = True
            case WaitEnd():
                wait = next((row for row in reversed(self.rows) if isinstance(row, WaitRow)), None)
                if wait:
                    wait.ended_at, wait.skipped = event.at, event.skipped
            case InvocationEnd(outcome=outcome):
                self._end(event.at, outcome)

    def interrupt(self, at: datetime | None) -> None:
        """End the course of a delivery that was cut off and has no outcome."""
        if not self.ended and (end := at or self.now):
            self._end(end, None)

    def _begin(self, number: int, at: datetime) -> int:
        self._attempt_rows[number] = len(self.rows)
        self.rows.append(AttemptRow(number, at))
        return len(self.rows) - 1

    def _rescale(self) -> None:
        totals = [
            row.attempt.timings.total for row in self.rows if isinstance(row, AttemptRow) and row.attempt
        ]
        self.scale = max(totals, default=0.0)

    def _end(self, at: datetime, outcome: Outcome | None) -> None:
        for row in self.rows:
            if isinstance(row, WaitRow) and row.ended_at is None:
                row.ended_at = at
        self.rows.append(OutcomeRow(at, outcome))
        if outcome is None:
            self.rows.append(WhyRow("The inspector ended while this delivery was under way", "muted"))
        else:
            if outcome.why and outcome.kind != "delivered":
                self.rows.append(WhyRow(outcome.why, "muted"))
            if outcome.error_message and outcome.error_message != outcome.why:
                self.rows.append(WhyRow(outcome.error_message, "bad"))
