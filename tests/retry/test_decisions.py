"""When the next attempt is made, and when none is (retries-and-dlq, sections 2 and 7)."""

from datetime import UTC, datetime

import pytest

from inspector.eventbridge.resources import RetryPolicy
from inspector.eventbridge.retry import (
    Decision,
    GiveUp,
    RetryIn,
    classify_status,
    decide,
    own_delay,
    parse_retry_after,
    spoken,
    too_old,
)

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def after(
    status: int,
    retry_after: str | None = None,
    *,
    retries: int = 0,
    age: float = 1.0,
    delay: float = 3.1,
    policy: RetryPolicy | None = None,
) -> Decision:
    return decide(
        policy or RetryPolicy(),
        classify_status(status),
        retries_made=retries,
        age=age,
        delay=delay,
        retry_after=retry_after,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds", "why"),
    [
        pytest.param(503, None, 3.1, "wait 3.1 s: back-off before retry 1 of 185", id="own delay"),
        pytest.param(
            429, "120", 120, "wait 120 s: Retry-After is longer than the back-off of 3.1 s", id="seconds"
        ),
        pytest.param(503, "0", 3.1, "wait 3.1 s: the back-off is longer than Retry-After (0 s)", id="zero"),
        pytest.param(503, "-0", 3.1, "wait 3.1 s: the back-off is longer than Retry-After (0 s)", id="-0"),
        pytest.param(503, "2", 3.1, "wait 3.1 s: the back-off is longer than Retry-After (2 s)", id="short"),
        pytest.param(
            500,
            "soon",
            3.1,
            "wait 3.1 s: back-off before retry 1 of 185; Retry-After “soon” is neither seconds nor a date",
            id="a word",
        ),
        pytest.param(
            500,
            "Sun, 01 Mar 2026 11:00:00 GMT",
            3.1,
            "wait 3.1 s: the back-off is longer than Retry-After (0 s)",
            id="a date in the past",
        ),
        pytest.param(
            500,
            "Sun, 01 Mar 2026 12:10:00 GMT",
            600,
            "wait 10 min: Retry-After is longer than the back-off of 3.1 s",
            id="a date to come",
        ),
    ],
)
def test_the_longer_of_the_own_delay_and_retry_after_is_waited(
    status: int, retry_after: str | None, seconds: float, why: str
) -> None:
    decision = after(status, retry_after)
    assert isinstance(decision, RetryIn)
    assert (decision.seconds, decision.why) == (seconds, why)
    assert "backoff-schedule" in [a.name for a in decision.assumptions]


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        pytest.param(
            after(404, "10"),
            GiveUp("404 is final: of 4xx only 401, 407, 409 and 429 are retried"),
            id="final, the header is irrelevant",
        ),
        pytest.param(
            after(503, "-1"),
            GiveUp("a negative Retry-After (-1) stops the retries"),
            id="negative Retry-After",
        ),
        pytest.param(
            after(503, policy=RetryPolicy(0)),
            GiveUp("the policy allows no retry (MaximumRetryAttempts 0)", "MaximumRetryAttempts"),
            id="no retry allowed",
        ),
        pytest.param(
            after(503, "-1", retries=2, policy=RetryPolicy(2)),
            GiveUp("all 2 retries are used up", "MaximumRetryAttempts"),
            id="retries used up, before the header is read",
        ),
    ],
)
def test_no_further_attempt(decision: Decision, expected: GiveUp) -> None:
    assert decision == expected


@pytest.mark.parametrize(
    ("age", "delay", "retries_again"),
    [(56.0, 4.0, True), (56.0, 4.001, False), (60.0, 0.0, True), (60.5, 0.0, False)],
)
def test_an_attempt_that_would_start_after_the_age_limit_is_not_made(
    age: float, delay: float, retries_again: bool
) -> None:
    decision = after(503, age=age, delay=delay, policy=RetryPolicy(185, 60))
    assert isinstance(decision, RetryIn) is retries_again
    if isinstance(decision, GiveUp):
        assert decision.exhausted == "MaximumEventAgeInSeconds"
        assert [a.name for a in decision.assumptions] == ["age-clock"]


@pytest.mark.parametrize("header", ["3600", "99999999999", "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_retry_after_beyond_the_age_ends_by_age(header: str) -> None:
    decision = after(429, header, policy=RetryPolicy(185, 600))
    assert isinstance(decision, GiveUp)
    assert decision.exhausted == "MaximumEventAgeInSeconds"
    assert decision.why.startswith("Retry-After asks for an attempt")
    assert "retry-after-beyond-age" in [a.name for a in decision.assumptions]


def test_the_order_is_final_then_retries_then_negative_then_age() -> None:
    policy = RetryPolicy(1, 60)
    exhausted = {"retries": 1, "age": 100.0, "policy": policy}
    assert after(404, "-1", **exhausted) == GiveUp(classify_status(404).rule)  # type: ignore[arg-type]
    assert after(503, "-1", **exhausted).exhausted == "MaximumRetryAttempts"  # type: ignore[arg-type, union-attr]
    assert "negative" in after(503, "-1", age=100, policy=policy).why


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("007", 7.0),
        (" 120 ", 120.0),
        ("-1", -1.0),
        ("-99999999999999999999", float("-inf")),
        ("99999999999999999999", float("inf")),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        ("Sunday, 01-Mar-26 12:00:30 GMT", 30.0),
        ("Sun Mar  1 12:00:30 2026", 30.0),
        ("Sun, 01 Mar 2020 12:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("1.5", None),
        ("+5", None),
        ("1e3", None),
        ("٣", None),
        ("--5", None),
        ("120 s", None),
        ("Sun, 99 Mar 2026 12:00:00 GMT", None),
        ("Sun, 01 Mar 2026 12:00:00 +99999999", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


def test_a_hostile_header_is_shown_harmless_and_short() -> None:
    why = after(503, "\x1b[2J" + "x" * 500).why
    assert "\x1b" not in why
    assert len(why) < 140


@pytest.mark.parametrize(
    ("retry", "longest"),
    [(1, 1), (2, 2), (3, 4), (9, 256), (10, 512), (11, 512), (185, 512), (5000, 512)],
)
def test_the_back_off_doubles_from_1_to_512_seconds_with_full_jitter(retry: int, longest: float) -> None:
    assert own_delay(retry, 0.0) == 0
    assert own_delay(retry, 0.5) == longest / 2
    assert own_delay(retry, 0.999999) < longest


def test_an_event_past_its_age_is_not_attempted() -> None:
    assert too_old(RetryPolicy(5, 60), 60.0) is None
    end = too_old(RetryPolicy(5, 60), 61.0)
    assert end is not None
    assert end.exhausted == "MaximumEventAgeInSeconds"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (3.14, "3.1 s"),
        (9.97, "10 s"),
        (120, "120 s"),
        (720, "12 min"),
        (5400, "1 h 30 min"),
        (86400, "24 h"),
        (864000, "10 days"),
        (float("inf"), "more than ten years"),
    ],
)
def test_a_span_of_time_is_spoken(seconds: float, text: str) -> None:
    assert spoken(seconds) == text
