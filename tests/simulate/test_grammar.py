"""The words of a scripted target: what they mean, and how others are refused."""

from datetime import timedelta

import pytest

from inspector.delivery.scenario import Phase
from inspector.delivery.scenario_grammar import (
    FAILINGS,
    ScenarioError,
    grammar_help,
    parse_duration,
    parse_scenario,
)
from inspector.delivery.scripted import ScriptedAnswer
from inspector.errors import InspectorError
from inspector.eventbridge.resources import RetryPolicy
from inspector.workbench.simulate import parse_policy

OK = Phase(ScriptedAnswer(200))
HOUR = timedelta(hours=1)


def retry_after(status: int, value: str) -> ScriptedAnswer:
    return ScriptedAnswer(status, (("Retry-After", value),))


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        pytest.param("200", (OK,), id="one answer, for ever"),
        pytest.param(
            "503, 503, 200",
            (Phase(ScriptedAnswer(503), attempts=1), Phase(ScriptedAnswer(503), attempts=1), OK),
            id="a sequence: one attempt each",
        ),
        pytest.param(
            "503 for 2h, then 200", (Phase(ScriptedAnswer(503), lasts=2 * HOUR), OK), id="for a time"
        ),
        pytest.param("503 x3 then 200", (Phase(ScriptedAnswer(503), attempts=3), OK), id="for some attempts"),
        pytest.param("429 retry-after 600", (Phase(retry_after(429, "600")),), id="retry-after"),
        pytest.param("503 retry-after -1", (Phase(retry_after(503, "-1")),), id="retry-after, negative"),
        pytest.param(
            '429 retry-after "Sun, 01 Mar 2026 13:00:00 GMT"; 200',
            (Phase(retry_after(429, "Sun, 01 Mar 2026 13:00:00 GMT"), attempts=1), OK),
            id="retry-after, a date in quotes",
        ),
        pytest.param(
            "timeout for 10m then 200",
            (Phase(ScriptedAnswer(error="timeout", seconds=5), lasts=HOUR / 6), OK),
            id="timeout",
        ),
        pytest.param(
            "Refused FOR 5m THEN 200",
            (Phase(ScriptedAnswer(error="refused"), lasts=HOUR / 12), OK),
            id="in any case",
        ),
        pytest.param("fail 30%", (Phase(ScriptedAnswer(503), 0.3),), id="a share fails"),
        pytest.param("fail 100%", (Phase(ScriptedAnswer(503), 1.0),), id="all fail"),
        pytest.param(
            "fail 2.5% with 429 retry-after 9",
            (Phase(retry_after(429, "9"), 0.025),),
            id="with another answer",
        ),
        pytest.param(
            "fail 30% with timeout in 80ms",
            (Phase(ScriptedAnswer(error="timeout", seconds=5), 0.3, otherwise=ScriptedAnswer(seconds=0.08)),),
            id="the latency of those that do not time out",
        ),
        pytest.param(
            "200 in 120ms",
            (Phase(ScriptedAnswer(seconds=0.12), otherwise=ScriptedAnswer(seconds=0.12)),),
            id="latency",
        ),
    ],
)
def test_what_a_scenario_means(text: str, phases: tuple[Phase, ...]) -> None:
    assert parse_scenario(text).phases == phases


@pytest.mark.parametrize(
    ("text", "place", "found", "expected"),
    [
        ("", 1, "it ends", "a status (100 to 599)"),
        ("   ", 1, "it ends", "a status (100 to 599)"),
        ("sometimes", 1, '"sometimes"', "a status (100 to 599)"),
        ("600", 1, '"600"', "a status (100 to 599)"),
        ("503 for 2x, then 200", 9, '"2x"', "a duration such as"),
        ("503 for 2, then 200", 9, '"2"', "a duration such as"),
        ("503 for 0s, then 200", 9, '"0s"', "longer than nothing"),
        ("503 for 999999d, then 200", 9, '"999999d"', "a duration such as"),
        ("503 for", 8, "it ends", "a duration such as"),
        ("503 for, 200", 8, '","', "a duration such as"),
        ("503 for 2h", 11, "it ends", "what comes after it"),
        ("200, 503 x3", 12, "it ends", "what comes after it"),
        ("503 for 2h x3, 200", 12, '"x3"', "one of for and xN"),
        ("503 in 1s in 2s", 11, '"in"', "in once"),
        ("503 x0, 200", 5, '"x0"', "from x1 to x1000"),
        ("503 200", 5, '"200"', "for, in, retry-after, xN"),
        ("503,, 200", 5, '","', "a status (100 to 599)"),
        ("503, then", 10, "it ends", "a status (100 to 599)"),
        ("fail", 5, "it ends", "a share from 0% to 100%"),
        ("fail 101%", 6, '"101%"', "a share from 0% to 100%"),
        ("fail 5% with luck", 14, '"luck"', "a status (100 to 599) or one of timeout"),
        ("503 with 500", 5, '"with"', "for, in, retry-after, xN"),
        ("refused retry-after 5", 21, '"5"', "there is no answer to carry it"),
        ("timeout in 1s", 12, '"1s"', "a timeout takes 5 s"),
        ('429 retry-after "soon', 17, '""soon"', "a closing quote"),
        ("503 \x1b[31m", 5, "␛", "for, in"),
    ],
)
def test_a_refusal_says_where_what_and_what_is_allowed(
    text: str, place: int, found: str, expected: str
) -> None:
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(text)
    message = str(refused.value)
    assert f"at character {place}:" in message
    assert (found in message, expected in message) == (True, True)
    assert "\x1b" not in message
    assert refused.value.hint


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(ScenarioError, match="at most 2000 characters"):
        parse_scenario("503, " * 1000 + "200")


@pytest.mark.parametrize("word", FAILINGS)
def test_each_failure_is_a_word_of_the_help(word: str) -> None:
    assert f"\n  {word} " in grammar_help()
    assert parse_scenario(word).phases[0].answer.error == FAILINGS[word].error


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120ms", 0.12), ("30s", 30), ("10m", 600), ("1h30m", 5400), ("1.5h", 5400), ("1d", 86400),
     ("", None), ("5", None), ("h", None), ("-5s", None), ("5 s", None), ("400d", None)],
)  # fmt: skip
def test_durations(text: str, seconds: float | None) -> None:
    assert parse_duration(text) == (None if seconds is None else pytest.approx(seconds))


BASE = RetryPolicy(7, 3600)


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("attempts=10,age=2h", RetryPolicy(10, 7200)),
        ("attempts=0", RetryPolicy(0, 3600)),
        (" age = 60s ", RetryPolicy(7, 60)),
        ("age=86400", RetryPolicy(7, 86400)),
    ],
)
def test_a_policy_changes_what_it_names(text: str, policy: RetryPolicy) -> None:
    assert parse_policy(text, BASE) == policy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("attempts=186", "from 0 to 185"),
        ("attempts=-1", "from 0 to 185"),
        ("attempts=", "from 0 to 185"),
        ("age=59s", "from 60 s to 24 h"),
        ("age=25h", "from 60 s to 24 h"),
        ("age=60500ms", "in whole seconds"),
        ("age=long", "a duration such as"),
        ("retries=3", "attempts=N or age=DURATION"),
        ("", "attempts=N or age=DURATION"),
    ],
)
def test_a_policy_that_eventbridge_would_not_take(text: str, expected: str) -> None:
    """Ranges: retries-and-dlq, section 2."""
    with pytest.raises(InspectorError, match="the policy cannot be read") as refused:
        parse_policy(text, BASE)
    assert expected in str(refused.value)
