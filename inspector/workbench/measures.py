"""What several deliveries one way amount to: how many arrived, what was answered, how long it took."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from inspector.delivery.events import Attempt, Outcome, Timings
from inspector.eventbridge.resources import Route
from inspector.workbench.statistics import Spread, spread


@dataclass(frozen=True, slots=True)
class WayResult:
    """One delivery of a comparison that is over. unrecorded: why the history does not have it."""

    delivery_id: str
    route: Route
    attempts: tuple[Attempt, ...]
    outcome: Outcome
    unrecorded: str = ""

    @property
    def delivered(self) -> bool:
        """Whether the endpoint took it."""
        return self.outcome.kind == "delivered"


@dataclass(frozen=True, slots=True)
class Measures:
    """All runs one way.

    statuses: how many runs ended with which status or error, the most frequent first. answers: how many
    different bodies came with the last answers. latency: in milliseconds from connecting to the last byte,
    over the last attempt of each run that was answered, without its token request. phases: the same, phase
    by phase. token: over the token requests that were made.
    """

    runs: int
    delivered: int
    attempts: int
    statuses: Mapping[str, int]
    answers: int
    latency: Spread | None
    phases: Mapping[str, Spread]
    token: Spread | None


class Tally:
    """All runs one way, added up one by one; the numbers are at hand however many runs there were."""

    def __init__(self) -> None:
        self._runs = self._delivered = self._attempts = 0
        self._statuses: Counter[str] = Counter()
        self._answers: set[bytes] = set()
        self._latencies: list[float] = []
        self._phases: dict[str, list[float]] = {}
        self._tokens: list[float] = []

    def add(self, result: WayResult) -> None:
        """Count a run that is over."""
        self._runs += 1
        self._delivered += result.delivered
        self._attempts += len(result.attempts)
        self._tokens += [a.token_exchange.milliseconds for a in result.attempts if a.token_exchange]
        if not result.attempts:
            return
        last = result.attempts[-1]
        self._statuses[_status(last)] += 1
        if last.response:
            self._answers.add(sha256(last.response.body).digest())
            self._latencies.append(last.timings.total)
            for name, milliseconds in _phases(last.timings):
                self._phases.setdefault(name, []).append(milliseconds)

    def measures(self) -> Measures:
        """Return what the runs so far amount to."""
        return Measures(
            runs=self._runs,
            delivered=self._delivered,
            attempts=self._attempts,
            statuses=dict(self._statuses.most_common()),
            answers=len(self._answers),
            latency=spread(self._latencies),
            phases=dict(_spreads(self._phases.items())),
            token=spread(self._tokens),
        )


def _phases(timings: Timings) -> Iterator[tuple[str, float]]:
    for name, milliseconds in (
        ("dns", timings.dns),
        ("connect", timings.connect),
        ("tls", timings.tls),
        ("send", timings.send),
        ("wait", timings.wait),
        ("read", timings.read),
    ):
        if milliseconds is not None:
            yield name, milliseconds


def _spreads(measurements: Iterable[tuple[str, list[float]]]) -> Iterator[tuple[str, Spread]]:
    for name, values in measurements:
        if found := spread(values):
            yield name, found


def _status(attempt: Attempt) -> str:
    if attempt.response:
        return str(attempt.response.status)
    return attempt.error.kind if attempt.error else "no answer"
