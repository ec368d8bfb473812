"""A whole delivery to a scripted target, worked out at once and without an event loop.

The same decisions by the same functions as `engine.deliver` makes with a `ScriptedTransport` and a
`VirtualClock`, for simulations of thousands of deliveries; a property test holds both together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from inspector.delivery.scripted import Script, ScriptedAnswer
from inspector.delivery.transport import REQUEST_TIMEOUT
from inspector.eventbridge.resources import RetryPolicy
from inspector.eventbridge.retry import (
    Classification,
    GiveUp,
    classify_error,
    classify_status,
    decide,
    own_delay,
)


@dataclass(frozen=True, slots=True)
class Course:
    """How a delivery went.

    starts: the moments at which its attempts began. ended: the moment of its end. last: the class of the
    last attempt. given_up: why no attempt followed it; None where it was delivered.
    """

    starts: tuple[datetime, ...]
    ended: datetime
    last: Classification
    given_up: GiveUp | None

    @property
    def delivered(self) -> bool:
        """Whether the target took it."""
        return self.given_up is None


def course_of(script: Script, policy: RetryPolicy, start: datetime, random: Callable[[], float]) -> Course:
    """Return the course of a delivery that is taken in at `start` and attempted at once.

    random: returns a number in [0, 1), for the jitter.
    """
    now, starts = start, []
    while True:
        starts.append(now)
        answer = script(len(starts), now)
        now += timedelta(seconds=min(answer.seconds, REQUEST_TIMEOUT))
        classification = _classification(answer)
        if classification.outcome == "success":
            return Course(tuple(starts), now, classification, None)
        decision = decide(
            policy,
            classification,
            retries_made=len(starts) - 1,
            age=(now - start).total_seconds(),
            delay=own_delay(len(starts), random()),
            retry_after=_retry_after(answer),
            now=now,
        )
        if isinstance(decision, GiveUp):
            return Course(tuple(starts), now, classification, decision)
        now += timedelta(seconds=decision.seconds)


def _classification(answer: ScriptedAnswer) -> Classification:
    if answer.error == "timeout" or answer.seconds > REQUEST_TIMEOUT:
        return classify_error("timeout")
    return classify_error(answer.error) if answer.error else classify_status(answer.status)


def _retry_after(answer: ScriptedAnswer) -> str | None:
    """Return the header that the attempt's end shows: an answer that came too late has none."""
    if not answer.headers or answer.error or answer.seconds > REQUEST_TIMEOUT:
        return None
    return next((value for name, value in answer.headers if name.lower() == "retry-after"), None)
