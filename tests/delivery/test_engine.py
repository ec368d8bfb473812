"""The attempt loop in virtual time (retries-and-dlq, sections 2, 3 and 7)."""

import asyncio
import random
from datetime import timedelta

import pytest

from inspector.auth import Authorizer
from inspector.delivery.clock import RealClock, VirtualClock
from inspector.delivery.engine import abandoned, deliver
from inspector.delivery.events import AttemptStart, DeliveryEvent, WaitEnd
from inspector.delivery.scripted import ScriptedAnswer, ScriptedTransport
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.resources import ApiKeyAuth, Connection, RetryPolicy
from inspector.eventbridge.retry import GiveUp, RetryIn, TransportErrorKind
from inspector.secret import Secret
from tests.delivery.deliveries import PAYLOAD, QUEUE, RULE, START, TARGET, in_turn, plan, run, scripted

TIMEOUT = ScriptedAnswer(seconds=9)


async def test_a_delivery_at_the_first_attempt() -> None:
    delivery = await scripted(plan(), in_turn(200))
    assert delivery.names == [
        "INVOCATION_START",
        "INVOCATION_ATTEMPT_START",
        "INVOCATION_ATTEMPT_SUCCESS",
        "INVOCATION_SUCCESS",
    ]
    assert delivery.outcome.kind == "delivered"
    assert delivery.outcome.why == "200 at once"
    assert delivery.attempts[0].decision is None
    assert delivery.outcome.dead_letter is None


async def test_503_503_200_with_retry_after() -> None:
    busy = ScriptedAnswer(503, headers=(("retry-after", "120"),))
    delivery = await scripted(plan(), in_turn(busy, 503, 200))
    assert delivery.names == [
        "INVOCATION_START",
        "INVOCATION_ATTEMPT_START",
        "INVOCATION_ATTEMPT_RETRYABLE_FAILURE",
        "WAIT_START",
        "WAIT_END",
        "INVOCATION_ATTEMPT_START",
        "INVOCATION_ATTEMPT_RETRYABLE_FAILURE",
        "WAIT_START",
        "WAIT_END",
        "INVOCATION_ATTEMPT_START",
        "INVOCATION_ATTEMPT_SUCCESS",
        "INVOCATION_SUCCESS",
    ]
    first, second = delivery.waits
    assert (first.seconds, first.next_attempt) == (120, 2)
    assert first.why == "wait 120 s: Retry-After is longer than the back-off of 0.5 s"
    assert first.until - first.at == timedelta(seconds=120)
    assert (second.seconds, second.why) == (1.0, "wait 1 s: back-off before retry 2 of 185")
    assert (delivery.outcome.attempts, delivery.outcome.retry_attempts) == (3, 2)
    assert delivery.outcome.why == "200 at attempt 3"
    starts = [e for e in delivery.events if isinstance(e, AttemptStart)]
    assert [e.attempt_type for e in starts] == ["FIRST", "RETRY", "RETRY"]
    assert [a.number for a in delivery.attempts] == [1, 2, 3]
    assert isinstance(delivery.attempts[0].decision, RetryIn)


@pytest.mark.parametrize(
    ("policy", "answers", "attempts", "kind", "code", "exhausted", "retries"),
    [
        pytest.param(
            RetryPolicy(0),
            (503,),
            1,
            "dead-lettered",
            "ERROR_FROM_TARGET",
            "MaximumRetryAttempts",
            0,
            id="no retry allowed",
        ),
        pytest.param(
            RetryPolicy(2), (500, 500, 200), 3, "delivered", "", None, 2, id="success at the third attempt"
        ),
        pytest.param(
            RetryPolicy(2),
            (500,),
            3,
            "dead-lettered",
            "ERROR_FROM_TARGET",
            "MaximumRetryAttempts",
            2,
            id="three failures",
        ),
        pytest.param(
            RetryPolicy(2),
            (500, 400),
            2,
            "dead-lettered",
            "SDK_CLIENT_ERROR",
            None,
            1,
            id="500 then 400: final at once",
        ),
        pytest.param(
            RetryPolicy(185, 600),
            (ScriptedAnswer(429, headers=(("Retry-After", "3600"),)),),
            1,
            "dead-lettered",
            "THROTTLING",
            "MaximumEventAgeInSeconds",
            0,
            id="Retry-After beyond the age",
        ),
        pytest.param(
            RetryPolicy(),
            (ScriptedAnswer(503, headers=(("Retry-After", "-1"),)),),
            1,
            "dead-lettered",
            "ERROR_FROM_TARGET",
            None,
            0,
            id="a negative Retry-After",
        ),
        pytest.param(
            RetryPolicy(),
            (ScriptedAnswer(404, headers=(("Retry-After", "10"),)),),
            1,
            "dead-lettered",
            "NO_RESOURCE",
            None,
            0,
            id="404, the header is irrelevant",
        ),
        pytest.param(RetryPolicy(), (302,), 1, "dead-lettered", "SDK_CLIENT_ERROR", None, 0, id="redirect"),
    ],
)
async def test_how_a_delivery_ends(
    policy: RetryPolicy,
    answers: tuple[int | ScriptedAnswer, ...],
    attempts: int,
    kind: str,
    code: str,
    exhausted: str | None,
    retries: int,
) -> None:
    outcome = (await scripted(plan(policy=policy), in_turn(*answers))).outcome
    assert (outcome.kind, outcome.attempts, outcome.error_code) == (kind, attempts, code)
    assert (outcome.exhausted, outcome.retry_attempts) == (exhausted, retries)


@pytest.mark.parametrize(
    ("error", "code", "attempts"),
    [
        ("timeout", "TIMEOUT", 2),
        ("refused", "CONNECTION_FAILURE", 2),
        ("tls", "CONNECTION_FAILURE", 2),
        ("dns", "CONNECTION_FAILURE", 1),
        ("invalid-address", "CONNECTION_FAILURE", 1),
    ],
)
async def test_failures_without_an_answer(error: TransportErrorKind, code: str, attempts: int) -> None:
    delivery = await scripted(plan(policy=RetryPolicy(1)), in_turn(ScriptedAnswer(error=error)))
    assert (delivery.outcome.error_code, delivery.outcome.attempts) == (code, attempts)
    assert delivery.attempts[0].status is None


async def test_timeouts_for_an_age_of_60_seconds_end_by_age() -> None:
    clock = VirtualClock(START)
    delivery = await scripted(plan(policy=RetryPolicy(185, 60)), in_turn(TIMEOUT), clock=clock)
    assert delivery.outcome.exhausted == "MaximumEventAgeInSeconds"
    assert delivery.outcome.error_code == "TIMEOUT"
    assert all(a.started_at - START <= timedelta(seconds=60) for a in delivery.attempts)
    assert delivery.attempts[0].timings.total == 5000
    letter = delivery.outcome.dead_letter
    assert letter is not None
    assert letter.attributes["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds"


async def test_the_dead_letter_holds_the_payload_and_its_attributes() -> None:
    outcome = (await scripted(plan(policy=RetryPolicy(1)), in_turn(500))).outcome
    assert outcome.dead_letter is not None
    assert outcome.dead_letter.queue_arn == QUEUE
    assert outcome.dead_letter.body == PAYLOAD.body
    assert outcome.dead_letter.attributes == {
        "RULE_ARN": RULE,
        "TARGET_ARN": TARGET,
        "ERROR_CODE": "ERROR_FROM_TARGET",
        "ERROR_MESSAGE": "The endpoint answered 500 Internal Server Error.",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
        "RETRY_ATTEMPTS": "1",
    }
    assert outcome.why == "the only retry is used up"


async def test_without_a_queue_the_event_is_dropped() -> None:
    delivery = await scripted(plan(dead_letter_arn=""), in_turn(400))
    assert delivery.names[-1] == "INVOCATION_FAILURE"
    assert delivery.outcome.kind == "dropped"
    assert delivery.outcome.why.endswith("; the target has no dead-letter queue")
    assert delivery.outcome.dead_letter is not None
    assert delivery.outcome.dead_letter.queue_arn == ""


async def test_a_payload_that_is_no_json_is_never_attempted() -> None:
    payload = Payload("invalid-json", "{oops", "InputTransformer", "the result is no JSON")
    delivery = await scripted(plan(payload=payload), in_turn(200))
    assert delivery.names == ["INVOCATION_START", "INVOCATION_DLQ"]
    outcome = delivery.outcome
    assert (outcome.attempts, outcome.error_code) == (0, "INVALID_JSON")
    assert outcome.error_message == "Invalid input for target."
    assert outcome.why == "the result is no JSON"
    assert outcome.dead_letter is not None
    assert outcome.dead_letter.body == "{oops"


async def test_nothing_to_deliver_is_dropped_without_a_dead_letter() -> None:
    payload = Payload("nothing", "", "InputPath", "$.detail.x selects nothing")
    delivery = await scripted(plan(payload=payload), in_turn(200))
    assert delivery.names == ["INVOCATION_START", "INVOCATION_FAILURE"]
    outcome = delivery.outcome
    assert (outcome.kind, outcome.why, outcome.dead_letter) == ("dropped", "$.detail.x selects nothing", None)


async def test_an_event_past_its_age_is_not_attempted() -> None:
    late = plan(policy=RetryPolicy(5, 60), ingestion_time=START - timedelta(seconds=61))
    outcome = (await scripted(late, in_turn(200))).outcome
    assert (outcome.attempts, outcome.exhausted) == (0, "MaximumEventAgeInSeconds")


async def test_24_hours_of_failures_are_185_retries_or_fewer() -> None:
    clock, chance = VirtualClock(START), random.Random(7)
    delivery = await scripted(plan(), in_turn(503), random=chance.random, clock=clock)
    # Full jitter waits half as long on average: the attempts run out before the day does.
    assert delivery.outcome.exhausted == "MaximumRetryAttempts"
    assert delivery.outcome.attempts == 186
    assert len(delivery.attempts) == 186
    assert timedelta(hours=8) < clock.now() - START < timedelta(hours=24)


async def test_24_hours_of_the_longest_waits_end_by_age() -> None:
    clock = VirtualClock(START)
    delivery = await scripted(plan(), in_turn(503), random=lambda: 0.9999999, clock=clock)
    assert delivery.outcome.exhausted == "MaximumEventAgeInSeconds"
    assert delivery.outcome.retry_attempts == 176
    assert clock.now() - START <= timedelta(hours=24)


async def test_credentials_refused_are_sent_once_and_retried_without_a_request() -> None:
    connection = Connection("crm", ApiKeyAuth("X-Api-Key", Secret("canary-key")))
    clock, calls = VirtualClock(START), 0

    def script(number: int, _: object) -> ScriptedAnswer:
        nonlocal calls
        calls += 1
        return ScriptedAnswer(401)

    delivery = await scripted(plan(connection=connection, policy=RetryPolicy(3)), script, clock=clock)
    assert calls == 1
    first, *others = delivery.attempts
    assert first.status == 401
    assert [a.error.kind for a in others if a.error] == ["unauthorized-connection"] * 3
    assert "DEAUTHORIZED: the endpoint answered 401" in (others[0].error.message if others[0].error else "")
    assert delivery.outcome.error_code == "NO_PERMISSIONS"
    assert delivery.outcome.exhausted == "MaximumRetryAttempts"
    assert "unusable-connection" in [a.name for a in others[0].classification.assumptions]


async def test_the_events_hold_no_secret() -> None:
    delivery = await scripted(plan(), in_turn(ScriptedAnswer(500, body=b"you sent canary-password"), 404))
    assert "canary" not in repr(delivery.events)


async def test_a_delivery_that_is_cancelled_in_a_wait_is_abandoned() -> None:
    clock, told = VirtualClock(START), list[DeliveryEvent]()
    events = deliver(
        plan(),
        authorizer=Authorizer(clock.now),
        transport=ScriptedTransport(in_turn(503), clock),
        clock=clock,
        random=lambda: 0.5,
    )
    async for event in events:
        told.append(event)
        if event.message_type == "WAIT_START" and len(told) > 6:
            break
    await events.aclose()
    outcome = abandoned(told)
    assert (outcome.kind, outcome.attempts, outcome.retry_attempts) == ("abandoned", 2, 1)
    assert outcome.why == "cancelled"


async def test_a_wait_that_is_skipped_is_told_and_counts_as_waited() -> None:
    clock = RealClock()
    given = plan(ingestion_time=clock.now(), policy=RetryPolicy(1))
    busy = ScriptedAnswer(503, headers=(("Retry-After", "3600"),))
    script = ScriptedTransport(in_turn(busy, 200), VirtualClock(START))
    delivering = asyncio.ensure_future(run(given, script, clock=clock))
    while not delivering.done():
        clock.skip()
        await asyncio.wait({delivering}, timeout=0.005)
    delivery = await delivering
    assert [e.skipped for e in delivery.events if isinstance(e, WaitEnd)] == [True]
    assert delivery.attempts[1].started_at - delivery.attempts[0].started_at >= timedelta(seconds=3599)


def test_the_end_of_a_final_failure_is_decided_in_words() -> None:
    delivery = asyncio.run(scripted(plan(), in_turn(410)))
    assert delivery.attempts[0].decision == GiveUp(
        "410 is final: of 4xx only 401, 407, 409 and 429 are retried"
    )
