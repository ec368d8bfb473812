"""`inspector lint`, as a person and as CI run it."""

import json
from pathlib import Path

import pytest

from inspector.cli import run
from inspector.eventbridge.lint import RULES, LintRule
from inspector.eventbridge.lint.document import document
from tests.lint.definitions import PASSWORD, Changes, documents

WARNING: Changes = {"destination.HttpMethod": "GET"}
ERROR: Changes = {"target.Input": ""}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PASSWORD", PASSWORD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, changes: Changes) -> None:
    for name, content in documents(changes).items():
        (folder / name).write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize(
    ("changes", "options", "code"),
    [
        pytest.param({}, [], 0, id="nothing"),
        pytest.param(WARNING, [], 0, id="a warning"),
        pytest.param(WARNING, ["--strict"], 1, id="a warning, strict"),
        pytest.param({"rule.State": "DISABLED"}, ["--strict"], 0, id="an info, strict"),
        pytest.param(ERROR, [], 1, id="an error"),
        pytest.param({}, ["--volume", "301/s"], 0, id="too much is a warning"),
        pytest.param({}, ["--volume", "301", "--strict"], 1, id="too much, strict"),
        pytest.param({}, ["--volume", "25920000/day", "--strict"], 0, id="300 per second"),
        pytest.param({}, ["--volume", "much"], 2, id="no volume"),
        pytest.param({}, ["-c", "nowhere"], 2, id="no such folder"),
        pytest.param({}, ["--explain", "EBI999"], 2, id="no such code"),
    ],
)
def test_the_exit_code_says_how_bad_it_is(
    folder: Path, changes: Changes, options: list[str], code: int
) -> None:
    write(folder, changes)
    assert run(["lint", *options]) == code


@pytest.mark.parametrize(
    ("member", "severity", "codes"),
    [
        pytest.param("Password", "warning", {"check": 0, "lint": 0}, id="a secret: loads, cannot send"),
        pytest.param("Username", "error", {"check": 2, "lint": 1}, id="anything else: does not load"),
    ],
)
def test_check_and_lint_are_of_one_mind_about_an_unset_variable(
    folder: Path, capsys: pytest.CaptureFixture[str], member: str, severity: str, codes: dict[str, int]
) -> None:
    write(folder, {f"connection.AuthParameters.BasicAuthParameters.{member}": "${env:UNSET}"})
    told = {}
    for command, code in codes.items():
        assert run([command, "--output", "json"]) == code
        document = json.loads(capsys.readouterr().out)
        told[command] = {
            one["severity"]
            for one in document.get("faults", document.get("findings"))
            if "UNSET is not set" in (one.get("found") or one["message"])
        }
    assert told == {"check": {severity}, "lint": {severity}}


def test_nothing_is_sent_without_the_secret(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, {"connection.AuthParameters.BasicAuthParameters.Password": "${env:UNSET}"})
    assert run(["send", "-e", "event", "--no-history"]) == 2
    assert "the Password of connection 'shop' is missing" in capsys.readouterr().err


def test_findings_stand_under_their_file_with_place_and_fix(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, {**WARNING, **ERROR})
    run(["lint"])
    assert capsys.readouterr().out == (
        "destination.json\n"
        "  !  EBI110  hook  $.HttpMethod\n"
        '     every GET request to "hook" carries a body\n'
        "     → Use POST, or put what the endpoint needs into query parameters.\n"
        "\n"
        "rule.json\n"
        "  ✗  EBI309  orders/t1  $.Targets[0].Input\n"
        "     Input is empty: nothing is ever delivered\n"
        "     → Remove the option to send the whole event, or fill it in.\n"
        "\n"
        "1 error, 1 warning in 4 files; inspector lint --explain EBI309 tells more\n"
    )


def test_what_could_command_a_terminal_is_made_visible(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, {"target.HttpParameters.QueryStringParameters": {"q": "$.\x1b]0;x\x07"}})
    run(["lint"])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\\u001b" in out or "␛" in out


def test_json_has_every_finding(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, {**WARNING, **ERROR})
    run(["lint", "--output", "json"])
    answer = json.loads(capsys.readouterr().out)
    assert (answer["errors"], answer["warnings"], answer["infos"]) == (1, 1, 0)
    assert answer["findings"][1] == {
        "code": "EBI309",
        "severity": "error",
        "title": "An empty input option",
        "file": "rule.json",
        "path": "$.Targets[0].Input",
        "place": "orders/t1",
        "message": "Input is empty: nothing is ever delivered",
        "fix": "Remove the option to send the whole event, or fill it in.",
    }


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_a_code_is_explained(folder: Path, capsys: pytest.CaptureFixture[str], rule: LintRule) -> None:
    assert run(["lint", "--explain", rule.code.lower()]) == 0
    out = capsys.readouterr().out
    assert all(text in out for text in (rule.code, rule.title, rule.severity, rule.why, rule.fix))


def test_all_codes_make_the_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["lint", "--explain", "all"])
    assert capsys.readouterr().out == document()
