"""`inspector simulate` from end to end."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from inspector.cli import run

DEFINITIONS = {
    "Connections": [
        {
            "Name": "key",
            "AuthorizationType": "API_KEY",
            "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "canary"}},
        }
    ],
    "ApiDestinations": [
        {
            "Name": "crm",
            "ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/key/0a",
            "InvocationEndpoint": "https://crm.test/hook",
            "HttpMethod": "POST",
        }
    ],
    "Rules": [
        {
            "Name": "orders",
            "EventPattern": {"source": ["shop"]},
            "Targets": [
                {
                    "Id": name,
                    "Arn": "arn:aws:events:us-east-1:123456789012:api-destination/crm/0b",
                    "RoleArn": "arn:aws:iam::123456789012:role/invoke",
                    "RetryPolicy": {"MaximumRetryAttempts": retries, "MaximumEventAgeInSeconds": 600},
                }
                for name, retries in (("few", 1), ("many", 9))
            ],
        }
    ],
}


@pytest.fixture
def definitions(tmp_path: Path) -> str:
    path = tmp_path / "shop.json"
    path.write_text(json.dumps(DEFINITIONS))
    return str(path)


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = run(["simulate", *arguments, "--runs", "20", "--output", "json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_delivered_run_and_its_odds(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = as_json(capsys, "503, 503, 200")
    assert (code, told["outcome"]["kind"], told["approximation"]) == (0, "delivered", True)
    assert [attempt["answer"] for attempt in told["attempts"]] == ["503", "503", "200"]
    assert told["attempts"][0]["at_seconds"] == 0
    assert told["attempts"][1]["at_seconds"] == pytest.approx(0.05 + told["attempts"][0]["wait_seconds"])
    assert told["odds"]["delivered"] == {"runs": 20, "share": 1.0}
    assert told["odds"]["attempts"] == {"median": 3, "p95": 3, "max": 3}


def test_a_lost_run_is_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = as_json(capsys, "404")
    assert (code, told["outcome"]["error_code"]) == (1, "NO_RESOURCE")
    by = told["odds"]["dead-lettered"]["by"]
    assert by == [{"error_code": "NO_RESOURCE", "exhausted": None, "runs": 20, "share": 1.0}]


def test_the_words_may_stand_without_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    _, told = as_json(capsys, "503", "x2,", "then", "200")
    assert told["scenario"] == "503 x2, then 200"


def test_long_rows_are_cut_unless_every_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "503", "--runs", "1"]) == 1
    cut = capsys.readouterr().out
    assert "503 ×180" in cut
    assert "attempt 186" in cut
    assert run(["simulate", "503", "--runs", "1", "--every"]) == 1
    every = capsys.readouterr().out
    assert all(f"attempt {number} " in every for number in range(1, 187))
    for text in (cut, every):
        assert "the schedule is an approximation" in text
        assert "AWS publishes no figures for its back-off" in text


def test_the_strip_says_what_its_signs_stand_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "503", "x9,", "then", "200", "--runs", "1"]) == 0
    strip, scale, legend = capsys.readouterr().out.splitlines()[3:6]
    attempts = sum(character not in " ·" for character in strip)
    assert 1 < attempts <= 10
    assert scale.strip().startswith("0 ──")
    assert re.fullmatch(r"  attempts begun: █ \d+ attempts?, · none; .* to a column", legend)


def test_many_changes_of_answer_are_cut_too(capsys: pytest.CaptureFixture[str]) -> None:
    alternating = ", ".join(["503", "refused"] * 60) + ", 200"
    run(["simulate", alternating, "--runs", "1"])
    assert "lines more: --every shows all attempts" in capsys.readouterr().out


def test_a_target_of_the_definitions(definitions: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = as_json(capsys, "503 x3, then 200", "-c", definitions, "--target", "orders/few")
    assert (code, told["target"], told["outcome"]["kind"]) == (1, "orders/few", "dropped")
    assert told["retry_policy"] == {"maximum_retry_attempts": 1, "maximum_event_age_in_seconds": 600}
    policy = ("--policy", "attempts=3")
    code, told = as_json(capsys, "503 x3, then 200", "-c", definitions, "--target", "orders/few", *policy)
    assert (code, told["retry_policy"]["maximum_event_age_in_seconds"]) == (0, 600)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["503 for ever"], 'at character 9: found "ever"', id="scenario"),
        pytest.param(["503", "--policy", "attempts=999"], "from 0 to 185", id="policy"),
        pytest.param(["503", "--target", "nobody"], "no target is called 'nobody'", id="target"),
        pytest.param(["503", "-c", "."], "hold 2 targets and one is simulated", id="which target"),
        pytest.param(["503", "--runs", "0"], "is not in the range", id="runs"),
        pytest.param([], "missing argument 'SCENARIO'", id="nothing"),
    ],
)
def test_bad_input_is_exit_code_2(
    arguments: list[str],
    message: str,
    definitions: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(Path(definitions).parent)
    assert run(["simulate", *arguments]) == 2
    told = capsys.readouterr()
    assert (told.out, message in told.err) == ("", True)
