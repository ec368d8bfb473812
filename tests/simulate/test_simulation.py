"""A simulation is the real attempt loop on another clock; the odds are many of it, faster."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.delivery.events import InvocationEnd, InvocationStart
from inspector.delivery.scenario_grammar import parse_scenario
from inspector.eventbridge.assumption import BACKOFF_SCHEDULE
from inspector.eventbridge.resources import (
    ApiDestination,
    ApiKeyAuth,
    Connection,
    RetryPolicy,
    Route,
    Rule,
    Target,
)
from inspector.eventbridge.retry import GiveUp, RetryIn
from inspector.secret import Secret
from inspector.workbench.simulate import (
    Simulation,
    Spread,
    WhatIf,
    course,
    odds,
    simulate,
    spread,
    what_if_of,
)

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def what_if(text: str, attempts: int = 185, age: int = 86400) -> WhatIf:
    return WhatIf(parse_scenario(text), RetryPolicy(attempts, age), start=START)


def simulated(question: WhatIf, seed: int = 1) -> Simulation:
    return asyncio.run(simulate(question, seed=seed))


def test_a_day_of_attempts_passes_at_once() -> None:
    one = simulated(what_if("503"))
    assert isinstance(one.events[0], InvocationStart)
    assert isinstance(one.events[-1], InvocationEnd)
    assert (len(one.attempts), one.outcome.kind, one.outcome.retry_attempts) == (186, "dead-lettered", 185)
    assert one.outcome.exhausted == "MaximumRetryAttempts"
    assert one.seconds > 8 * 3600


@pytest.mark.parametrize(
    ("text", "attempts", "age", "answers", "kind", "exhausted"),
    [
        # retries-and-dlq, section 7
        pytest.param("503", 0, 86400, [503], "dead-lettered", "MaximumRetryAttempts", id="no retry allowed"),
        pytest.param("500, 500, 200", 2, 86400, [500, 500, 200], "delivered", None, id="the last retry"),
        pytest.param(
            "500", 2, 86400, [500, 500, 500], "dead-lettered", "MaximumRetryAttempts", id="one too few"
        ),
        pytest.param("500, 400", 185, 86400, [500, 400], "dead-lettered", None, id="then a final answer"),
        pytest.param(
            "429 retry-after 3600", 185, 600, [429], "dead-lettered", "MaximumEventAgeInSeconds",
            id="retry-after beyond the age",
        ),
        pytest.param("503 retry-after -1", 185, 86400, [503], "dead-lettered", None, id="negative"),
        pytest.param("refused x2, then 204", 185, 86400, [None, None, 204], "delivered", None, id="refused"),
        pytest.param("dns", 185, 86400, [None], "dead-lettered", None, id="dns is final"),
        pytest.param("200 in 6s, 200", 185, 86400, [None, 200], "delivered", None, id="a late answer"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_delivery(
    text: str, attempts: int, age: int, answers: list[int | None], kind: str, exhausted: str | None
) -> None:
    one = simulated(what_if(text, attempts, age))
    assert [attempt.status for attempt in one.attempts] == answers
    assert (one.outcome.kind, one.outcome.exhausted) == (kind, exhausted)


def test_timeouts_end_by_age() -> None:
    one = simulated(what_if("timeout", age=60))
    assert one.outcome.exhausted == "MaximumEventAgeInSeconds"
    assert {attempt.timings.total for attempt in one.attempts} == {5000.0}
    assert one.attempts[-1].started_at - START <= timedelta(seconds=60)


def test_a_time_runs_whether_anybody_calls_or_not() -> None:
    """Each attempt is 600 s after the last: it meets what is on at that moment, and skips the rest."""
    one = simulated(what_if("429 retry-after 3600 x1, 500 for 15m, 502 for 1m, then 201"))
    assert [a.status for a in one.attempts][:2] == [429, 500]
    one = simulated(what_if("429 retry-after 3600 for 10m, 500 for 15m, 502 for 1m, then 201"))
    assert [attempt.status for attempt in one.attempts] == [429, 201]


def test_a_401_is_retried_with_authorization_taken_as_granted() -> None:
    one = simulated(what_if("401 x2, then 200"))
    assert [attempt.status for attempt in one.attempts] == [401, 401, 200]


def test_the_schedule_is_marked_as_an_approximation() -> None:
    assert simulated(what_if("200")).assumptions == (BACKOFF_SCHEDULE,)
    assert BACKOFF_SCHEDULE in odds(what_if("200"), seed=1, runs=1).assumptions


def test_equal_seeds_are_equal_runs() -> None:
    question = what_if("fail 60%")
    assert simulated(question, 5).events == simulated(question, 5).events
    assert odds(question, seed=5, runs=20) == odds(question, seed=5, runs=20)
    assert odds(question, seed=5, runs=20) != odds(question, seed=6, runs=20)


ANSWERS = st.sampled_from(
    ["503", "429 retry-after 7", "500 retry-after soon", "timeout", "refused", "401", "200 in 7s", "fail 70%",
     "fail 50% with reset in 80ms", "fail 30% with 404", "429 retry-after 4000", "503 retry-after -1",
     '503 retry-after "Sun, 01 Mar 2026 12:10:00 GMT"']
)  # fmt: skip
BOUNDS = st.sampled_from(["", " x2", " x9", " for 20s", " for 40m", " for 3h"])
PHASES = st.lists(st.tuples(ANSWERS, BOUNDS), max_size=4)
LAST = st.sampled_from(["200", "204 in 300ms", "503", "404", "fail 90%", "timeout"])


@settings(max_examples=60, deadline=None)
@given(
    phases=PHASES,
    last=LAST,
    attempts=st.integers(0, 60),
    age=st.integers(60, 86400),
    seed=st.integers(0, 2**40),
)
def test_the_fast_course_is_the_engine_s(
    phases: list[tuple[str, str]], last: str, attempts: int, age: int, seed: int
) -> None:
    """Same seed: the same attempts at the same moments, the same end for the same reason."""
    question = what_if(", then ".join([*("".join(phase) for phase in phases), last]), attempts, age)
    slow, fast = simulated(question, seed), course(question, seed=seed)
    assert fast.starts == tuple(attempt.started_at for attempt in slow.attempts)
    assert fast.ended == slow.events[-1].at
    assert fast.last == slow.attempts[-1].classification
    assert fast.delivered == (slow.outcome.kind == "delivered")
    assert fast.given_up == slow.attempts[-1].decision
    if fast.given_up:
        assert fast.given_up.exhausted == slow.outcome.exhausted


def test_the_run_that_is_shown_is_the_first_of_the_odds() -> None:
    question = what_if("fail 60% for 1h, then 200")
    one = simulated(question, 3)
    assert odds(question, seed=3, runs=1).attempts == Spread(*[len(one.attempts)] * 3)
    assert odds(question, seed=3, runs=1).delivery_seconds == Spread(*[one.seconds] * 3)


def test_waits_follow_the_suggested_schedule() -> None:
    """Base 1 s, doubling to 512 s, full jitter (retries-and-dlq, section 2)."""
    one = simulated(what_if("503"))
    for attempt in one.attempts[:-1]:
        assert isinstance(attempt.decision, RetryIn)
        assert 0 <= attempt.decision.seconds <= min(512, 2 ** (attempt.number - 1))
    assert isinstance(one.attempts[-1].decision, GiveUp)


def test_the_odds_count_every_run_once() -> None:
    found = odds(what_if("fail 50% with 404", 3), seed=1, runs=400)
    assert 150 < found.delivered < 250
    (loss,) = found.losses
    assert (loss.error_code, loss.exhausted, loss.runs) == ("NO_RESOURCE", None, 400 - found.delivered)
    assert found.attempts == Spread(1, 1, 1)


def test_an_outage_of_two_hours_is_survived_by_the_default_policy_and_not_by_ten_retries() -> None:
    assert odds(what_if("503 for 2h, then 200"), seed=1, runs=50).delivered == 50
    lost = odds(what_if("503 for 2h, then 200", 10), seed=1, runs=50)
    assert (lost.delivered, lost.delivery_seconds) == (0, None)
    assert [(loss.exhausted, loss.runs) for loss in lost.losses] == [("MaximumRetryAttempts", 50)]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([4.0], Spread(4, 4, 4)),
        ([3.0, 1.0, 2.0], Spread(2, 3, 3)),
        ([float(n) for n in range(1, 101)], Spread(50, 95, 100)),
    ],
)
def test_ranks_are_the_nearest(figures: list[float], expected: Spread) -> None:
    assert spread(figures) == expected


@pytest.mark.parametrize(
    ("queue", "kind"), [("arn:aws:sqs:us-east-1:1:q", "dead-lettered"), (None, "dropped")]
)
def test_a_target_s_policy_and_queue(queue: str | None, kind: str) -> None:
    connection = Connection("key", ApiKeyAuth("X-Key", Secret("canary")))
    destination = ApiDestination("crm", "key", "https://crm.test/")
    target = Target("t", "crm", retry_policy=RetryPolicy(1, 600), dead_letter_arn=queue)
    route = Route(target, destination, connection, Rule("orders"))
    question = what_if_of(route, parse_scenario("503"), start=START)
    assert (question.name, question.policy) == ("orders/t", RetryPolicy(1, 600))
    assert simulated(question).outcome.kind == question.lost_as == kind
    assert simulated(replace(question, policy=RetryPolicy(0))).outcome.attempts == 1
