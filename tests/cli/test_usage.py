"""Bad input gets one sentence and a hint, exit code 2, and nothing on stdout."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.cli.failures import guarded
from tests.cli.conftest import LOST, ORDER, Commands

USAGE = (
    # a command line; what stderr says
    ("mtach", "'mtach' is no command, no file and no folder\n hint: did you mean inspector match?"),
    ("mtach --help", "'mtach' is no command, no file and no folder\n hint: did you mean inspector match?"),
    ("mtach -e order.json", "'mtach' is no command, no file and no folder\n hint: did you mean inspector"),
    ("frobnicate -h", "'frobnicate' is no command, no file and no folder\n hint: give a file or folder"),
    ("x" * 5000, "is no command, no file and no folder"),
    (". shop.jsno", "'shop.jsno' is no command, no file and no folder"),
    (
        "lint -e order.json",
        "lint looks at the definitions and takes no event\n hint: inspector match -e order.json tells",
    ),
    ("check --event order.json", "hint: inspector match -e order.json tells which rules it fires"),
    ("match -e order.json --bogus", "no such option '--bogus'"),
    ("match", "no event was given"),
    ("match -e ordr", "no file and no sample is called 'ordr'\n hint: did you mean 'order'?"),
    ("match -e order.json -c absent", "absent"),
    (
        "match -e order.json --rule big-order",
        "no rule is called 'big-order'\n hint: did you mean 'big-orders'?",
    ),
    ("send -e order --target crn", "no target is called 'crn'"),
    ("send -e order --connection bsic", "no connection is called 'bsic'\n hint: did you mean 'basic'?"),
    ("send -e order --endpoint localhost:9870", "'localhost:9870' cannot stand for an endpoint"),
    ("compare -e order --target crm", "a comparison takes two ways or more"),
    ("compare -e order --via basic --via key", "--via compares connections on one target"),
    ("history", "there is no history at"),
    ("replay last", "there is no history at"),
    ("replay last --endpoint http://localhost:1", "add --rerender or --target"),
    ("history prune", "give --older-than or --keep"),
    ("history prune --older-than 3y", "--older-than takes an age such as 12h"),
    ("history prune --keep many", "'many' is not a valid integer"),
    (".", "the screen needs a terminal"),
    ("", "the screen needs a terminal"),
)


@pytest.mark.parametrize(("line", "message"), USAGE)
def test_bad_usage(line: str, message: str, command: Commands) -> None:
    ran = command(*line.split())
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert ran.err.startswith("error: ")


def test_help_beside_a_folder_is_that_of_the_screen(command: Commands) -> None:
    ran = command(".", "--help")
    assert (ran.code, "Open the screen on files and folders" in ran.out) == (0, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "stdin holds no event", id="empty"),
        pytest.param("{", "stdin: not valid JSON", id="no JSON"),
        pytest.param("[1]", "stdin: an event is a JSON object; this is a number", id="a number"),
        pytest.param(f"[{json.dumps(ORDER)}, 7]", "stdin, event 2: an event is a", id="the second"),
        pytest.param('{"source": 1}', "'source' of an event is a string", id="a source that is a number"),
        pytest.param("[" * 100_000, "nested too deeply", id="nested without end"),
    ],
)
def test_an_event_that_is_none(text: str, message: str, command: Commands) -> None:
    ran = command("match", "-e", "-", stdin=text)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_a_file_that_is_no_text(command: Commands) -> None:
    (command.folder.parent / "event.bin").write_bytes(b'{"source": "\xff"}')
    ran = command("match", "-e", str(command.folder.parent / "event.bin"))
    assert ran.code == 2
    assert "is not UTF-8 text" in ran.err


def test_a_file_goes_before_a_sample_of_its_name(command: Commands) -> None:
    (command.folder / "order").write_text(json.dumps(LOST))
    assert "Lost" in command("match", "-e", "order").out


def test_a_workspace_with_faults_still_serves_what_is_sound(command: Commands) -> None:
    broken = {"Name": "no endpoint", "ConnectionArn": "x", "InvocationEndpoint": "ftp://nowhere"}
    (command.folder / "broken.json").write_text(json.dumps(broken))
    ran = command("match", "-e", "order")
    assert ran.code == 0
    assert "warning: " in ran.err
    assert "broken.json" in ran.err
    checked = command("check", "--output", "json")
    assert checked.code == 2
    assert {fault["file"] for fault in checked.json["faults"]} == {"broken.json"}


def test_check_of_a_sound_workspace(command: Commands) -> None:
    ran = command("check")
    assert ran.code == 0
    assert "big-orders/crm" in ran.out
    assert "✓ no faults" in ran.out


def test_a_fault_of_our_own_gives_one_sentence_and_a_report_without_data(
    command: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "canary-in-a-message"

    def work() -> int:
        held = secret  # a local value: Python's own traceback module can print those
        raise KeyError(f"lost {held}")

    assert guarded(work) == 70
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    report = Path(err.partition("known of it: ")[2].partition(" (KeyError)")[0])
    assert "KeyError" in report.read_text()
    assert secret not in report.read_text() + err


def on_a_terminal(arguments: list[str], folder: Path, **environ: str) -> str:
    """Run a command with stdout on a terminal and return what it wrote there."""
    mine, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "inspector", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        | {"TERM": "xterm"}
        | environ,
    )
    os.close(theirs)
    told = b""
    try:
        while chunk := os.read(mine, 65536):
            told += chunk
    except OSError:
        pass
    finally:
        os.close(mine)
    assert child.wait(30) in (0, 1)
    return told.decode()


def test_colour_is_for_terminals_that_want_it(command: Commands) -> None:
    assert "\x1b[" in on_a_terminal(["match", "-e", "order"], command.folder)
    assert "\x1b[" not in on_a_terminal(["match", "-e", "order"], command.folder, NO_COLOR="1")
    assert "\x1b[" not in on_a_terminal(["match", "-e", "order"], command.folder, TERM="dumb")
    assert "\x1b[" not in command("match", "-e", "order").out


HOSTILE = {"source": "shop\x1b]0;title\x07\x9b1m\u202e", "detail-type": "a\nb", "detail": {"[/]": "\x1b[2J"}}


@pytest.mark.parametrize(
    "arguments", [["match"], ["preview", "--target", "echo"], ["send", "--target", "echo", "--force"]]
)
@pytest.mark.parametrize("output", ["text", "json"])
def test_text_from_elsewhere_commands_no_terminal(
    arguments: list[str], output: str, command: Commands
) -> None:
    event = command.event("hostile.json", HOSTILE)
    ran = command(*arguments, "-e", event, "--output", output)
    for character in ("\x1b", "\x07", "\x9b", "\u202e"):
        assert character not in ran.out + ran.err
    if output == "json":
        assert ran.json  # what is escaped is still JSON


def test_json_keeps_what_it_escapes(command: Commands) -> None:
    ran = command("match", "-e", command.event("hostile.json", HOSTILE), "--output", "json")
    assert ran.json["events"][0]["event"]["source"] == HOSTILE["source"]


def test_a_reader_that_goes_away_is_no_answer_and_no_traceback(command: Commands) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        [sys.executable, "-m", "inspector", "match", "-e", "order"],
        cwd=command.folder,
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=30,
    )
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (141, b"")


def test_a_terminal_without_unicode_is_served(command: Commands) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "inspector", "match", "-e", "order"],
        cwd=command.folder,
        capture_output=True,
        timeout=30,
        env=os.environ | {"PYTHONIOENCODING": "latin-1"},
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"? big-orders  ? crm, echo" in ran.stdout
