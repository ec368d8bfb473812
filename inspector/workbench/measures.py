"""What several deliveries one way amount to: how many arrived, what was answered, how long it took."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

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


def measured(results: Sequence[WayResult]) -> Measures:
    """Return what several deliveries one way amount to."""
    last = [result.attempts[-1] for result in results if result.attempts]
    made = [attempt for result in results for attempt in result.attempts]
    answered = [attempt for attempt in last if attempt.response]
    by_phase: dict[str, list[float]] = {}
    for name, milliseconds in (pair for attempt in answered for pair in _phases(attempt.timings)):
        by_phase.setdefault(name, []).append(milliseconds)
    return Measures(
        runs=len(results),
        delivered=sum(result.delivered for result in results),
        attempts=len(made),
        statuses=dict(Counter(map(_status, last)).most_common()),
        answers=len({attempt.response.body for attempt in answered if attempt.response}),
        latency=spread([attempt.timings.total for attempt in answered]),
        phases=dict(_spreads(by_phase.items())),
        token=spread([a.token_exchange.milliseconds for a in made if a.token_exchange]),
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
