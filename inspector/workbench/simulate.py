"""What would happen: one delivery to a scripted target in virtual time, and the odds over many."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Final, Literal, TypeAlias

from inspector.delivery.clock import VirtualClock
from inspector.delivery.course import Course, course_of
from inspector.delivery.engine import Plan, deliver
from inspector.delivery.events import Attempt, AttemptEnd, DeliveryEvent, InvocationEnd, Outcome
from inspector.delivery.scenario import Scenario
from inspector.delivery.scenario_grammar import DURATION, parse_duration
from inspector.delivery.scripted import ScriptedTransport
from inspector.errors import InspectorError
from inspector.eventbridge.assumption import AGE_CLOCK, BACKOFF_SCHEDULE, ERROR_CODE, Assumption
from inspector.eventbridge.authorization import Authorization, Granted
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.request import PreparedRequest
from inspector.eventbridge.resources import ApiKeyAuth, Connection, RetryPolicy, Route
from inspector.eventbridge.retry import ExhaustedCondition
from inspector.secret import Redactor, Secret

LostAs: TypeAlias = Literal["dead-lettered", "dropped"]

_START: Final = datetime(2000, 1, 1, tzinfo=UTC)
_RETRIES: Final = range(186)
_AGES: Final = range(60, 86401)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A question: this target, this policy, what becomes of a delivery?

    name: of what is simulated, for a reader. queue: where an undeliverable payload goes; empty where the
    target has no dead-letter queue. start: when the event is taken in; it matters to a Retry-After that is
    a date. Authorization is taken as granted, whatever the target answers.
    """

    scenario: Scenario
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    name: str = "scripted target"
    queue: str = "a dead-letter queue"
    start: datetime = _START

    @property
    def lost_as(self) -> LostAs:
        """What an undeliverable payload becomes."""
        return "dead-lettered" if self.queue else "dropped"


@dataclass(frozen=True, slots=True)
class Simulation:
    """One delivery as it would go, told as the real one is."""

    what_if: WhatIf
    seed: int
    events: tuple[DeliveryEvent, ...]

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Its attempts, in order."""
        return tuple(event.attempt for event in self.events if isinstance(event, AttemptEnd))

    @property
    def outcome(self) -> Outcome:
        """Its end."""
        return next(event.outcome for event in self.events if isinstance(event, InvocationEnd))

    @property
    def seconds(self) -> float:
        """From the event's being taken in to the end."""
        return (self.events[-1].at - self.what_if.start).total_seconds()

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What it rests on, each once, the schedule first."""
        found = dict.fromkeys((BACKOFF_SCHEDULE,))
        for attempt in self.attempts:
            found.update(dict.fromkeys(attempt.classification.assumptions))
            if attempt.decision:
                found.update(dict.fromkeys(attempt.decision.assumptions))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Spread:
    """How a figure is spread over the runs: the nearest-rank median and 95th percentile, and the largest."""

    median: float
    p95: float
    largest: float


@dataclass(frozen=True, slots=True)
class Loss:
    """One way in which runs were lost, and how many of them."""

    error_code: str
    exhausted: ExhaustedCondition | None
    runs: int


@dataclass(frozen=True, slots=True)
class Odds:
    """What became of many deliveries.

    attempts: of all runs. delivery_seconds: from ingestion to delivery, None where no run was delivered.
    losses: the others by their reason, the most frequent first.
    """

    what_if: WhatIf
    seed: int
    runs: int
    delivered: int
    attempts: Spread
    delivery_seconds: Spread | None
    losses: tuple[Loss, ...]

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What the figures rest on."""
        return (BACKOFF_SCHEDULE, AGE_CLOCK, *((ERROR_CODE,) if self.losses else ()))


async def simulate(what_if: WhatIf, *, seed: int) -> Simulation:
    """Return the first of the runs that `odds` counts for the same seed, attempt by attempt.

    It is the engine that delivers, with a scripted transport and a virtual clock.
    """
    clock, random = VirtualClock(what_if.start), _randomness(seed, 0)
    steps = deliver(
        _plan(what_if),
        authorizer=_Granting(),
        transport=ScriptedTransport(what_if.scenario.script(random), clock),
        clock=clock,
        random=random,
    )
    return Simulation(what_if, seed, tuple([step async for step in steps]))


def course(what_if: WhatIf, *, seed: int, run: int = 0) -> Course:
    """Return one run of those that `odds` counts, without its details."""
    random = _randomness(seed, run)
    return course_of(what_if.scenario.script(random), what_if.policy, what_if.start, random)


def odds(what_if: WhatIf, *, seed: int, runs: int = 1000) -> Odds:
    """Return what becomes of `runs` deliveries, at least one. Equal seeds give equal answers.

    It takes about 5 µs an attempt and keeps the thread to itself: a screen runs it in another one.
    """
    *_, last = odds_so_far(what_if, seed=seed, runs=runs, step=runs)
    return last


def odds_so_far(what_if: WhatIf, *, seed: int, runs: int = 1000, step: int = 50) -> Iterator[Odds]:
    """Yield the odds over the first `step` runs, then over `step` more, the last time over all `runs`.

    Whoever no longer wants them stops asking.
    """
    attempts: list[float] = []
    seconds: list[float] = []
    losses: Counter[tuple[str, ExhaustedCondition | None]] = Counter()
    for run in range(runs):
        one = course(what_if, seed=seed, run=run)
        attempts.append(len(one.starts))
        if one.given_up is None:
            seconds.append((one.ended - what_if.start).total_seconds())
        else:
            losses[one.last.error_code, one.given_up.exhausted] += 1
        if len(attempts) % step == 0 or len(attempts) == runs:
            yield Odds(
                what_if,
                seed,
                len(attempts),
                delivered=len(seconds),
                attempts=spread(attempts),
                delivery_seconds=spread(seconds) if seconds else None,
                losses=tuple(Loss(code, exhausted, lost) for (code, exhausted), lost in losses.most_common()),
            )


def spread(figures: Sequence[float]) -> Spread:
    """Return the spread of figures, at least one."""
    ordered = sorted(figures)

    def rank(share: float) -> float:
        return ordered[math.ceil(share * len(ordered)) - 1]

    return Spread(rank(0.5), rank(0.95), ordered[-1])


def what_if_of(
    route: Route, scenario: Scenario, policy: RetryPolicy | None = None, *, start: datetime = _START
) -> WhatIf:
    """Return the question for a target of a workspace: its policy, unless another is given, and its queue."""
    queue = route.target.dead_letter_arn or ""
    return WhatIf(scenario, policy or route.retry_policy, route.name, queue, start)


def parse_policy(text: str, base: RetryPolicy) -> RetryPolicy:
    """Return `base` with what `attempts=10,age=2h` says; either may be left out. An age may be bare seconds.

    Raises:
        InspectorError: a member is unknown, or beyond what EventBridge takes (retries-and-dlq, section 2).
    """
    attempts, age = base.maximum_retry_attempts, base.maximum_event_age_in_seconds
    for member in text.split(","):
        name, _, value = (part.strip() for part in member.partition("="))
        match name:
            case "attempts":
                if not (value.isascii() and value.isdigit() and int(value[:9]) in _RETRIES):
                    raise _refused(member, "MaximumRetryAttempts from 0 to 185")
                attempts = int(value)
            case "age":
                bare = value.isascii() and value.isdigit()
                seconds = float(value[:9]) if bare else parse_duration(value)
                if seconds is None:
                    raise _refused(member, f"MaximumEventAgeInSeconds as {DURATION}")
                if seconds not in _AGES:
                    raise _refused(member, "MaximumEventAgeInSeconds in whole seconds from 60 s to 24 h")
                age = int(seconds)
            case _:
                raise _refused(member, "attempts=N or age=DURATION")
    return RetryPolicy(attempts, age)


def _refused(member: str, expected: str) -> InspectorError:
    return InspectorError(
        f'the policy cannot be read: found "{member.strip()}", expected {expected}',
        hint="As in attempts=10,age=2h",
    )


def _randomness(seed: int, run: int) -> Callable[[], float]:
    return Random(f"{seed}/{run}").random  # noqa: S311 - chance that can be repeated, nothing secret


_CONNECTION: Final = Connection("simulated", ApiKeyAuth("X-Simulated", None))
_AUTHORIZATION: Final = Authorization("X-Simulated", Secret(""), "taken as granted")


class _Granting:
    """Authorizes everything: a simulation asks no token endpoint and deauthorizes no connection."""

    async def authorize(self, connection: Connection) -> Granted:  # noqa: ARG002 - there is but one answer
        return Granted(_AUTHORIZATION)

    def reject(self, connection: Connection, status: int, used: Authorization | None = None) -> None:
        pass

    def redactor(self, connection: Connection) -> Redactor:  # noqa: ARG002 - it keeps no secret
        return Redactor()


def _plan(what_if: WhatIf) -> Plan:
    request = PreparedRequest("POST", "https://scripted.invalid/", (), (), (), (), "{}")
    return Plan(
        delivery_id="simulation",
        route_name=what_if.name,
        connection=_CONNECTION,
        retry_policy=what_if.policy,
        ingestion_time=what_if.start,
        payload=Payload("deliver", "{}", "event"),
        prepare=partial(_prepared, request),
        dead_letter_arn=what_if.queue,
    )


def _prepared(request: PreparedRequest, _: Authorization | None) -> PreparedRequest:
    return request
