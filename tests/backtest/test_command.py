"""`inspector backtest`: where events come from, what is said of them, the exit code."""

import gzip
import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.history import History
from tests.cli.conftest import LOST, ORDER, SMALL_ORDER, Commands
from tests.history.deliveries import event, new_delivery

BIG = '{"detail":{"total":[{"numeric":[">",100]}]}}'
SHOP = '{"source":["shop"]}'
ENTRY = {"Source": "shop", "DetailType": "Order", "Detail": json.dumps({"id": "o-3", "total": 500})}


def jsonl(*documents: object) -> str:
    return "".join(
        f"{document if isinstance(document, str) else json.dumps(document)}\n" for document in documents
    )


DAY = jsonl({"id": "e-1", **ORDER}, SMALL_ORDER, LOST, ENTRY)


def test_matches_of_each_pattern_with_samples(command: Commands) -> None:
    path = command.event("day.jsonl", DAY)
    ran = command("backtest", "--pattern", f"big={BIG}", "--pattern", f"shop={SHOP}", "--events", path)
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "✓  big   2 events",
        '    line 1  e-1    shop  Order  {"id":"order4711","total":120}',
        '    line 4  no id  shop  Order  {"id": "o-3", "total": 500}',
        "✓  shop  4 events",
        '    line 1  e-1    shop  Order  {"id":"order4711","total":120}',
        '    line 2  no id  shop  Order  {"id":"o-2","total":80}',
        '    line 3  no id  shop  Lost   {"id":"l-1"}',
        "    … and 1 more",
        "",
        ran.out.splitlines()[-1],
    ]
    assert ran.out.splitlines()[-1].startswith("4 of 4 events matched  in ")
    assert ran.out.endswith(" events/s\n")
    assert ran.err == ""


def test_the_same_for_a_program(command: Commands) -> None:
    path = command.event("day.jsonl", DAY + "nonsense\n")
    ran = command("backtest", "--pattern", BIG, "--events", path, "--samples", "1", "--output", "json")
    assert ran.code == 0
    document = ran.json
    assert document.pop("seconds") >= 0
    assert document.pop("events_per_second") > 0
    assert document == {
        "source": path,
        "complete": True,
        "events": 4,
        "matched": 2,
        "unreadable": 1,
        "undecided": 0,
        "problems": [{"place": "line 5", "why": "not valid JSON: Expecting value (column 1)"}],
        "rules": [
            {
                "rule": "pattern",
                "event_bus": None,
                "state": None,
                "tested": True,
                "notes": [],
                "matches": 2,
                "samples": [
                    {
                        "place": "line 1",
                        "event_id": "e-1",
                        "source": "shop",
                        "detail_type": "Order",
                        "summary": '{"id":"order4711","total":120}',
                    }
                ],
            }
        ],
    }


def counted(command: Commands, *arguments: str, stdin: str = "") -> tuple[int, int, int]:
    """Return exit code, how many events were tested, how many matched."""
    ran = command("backtest", *arguments, "--output", "json", stdin=stdin)
    return ran.code, ran.json["events"], ran.json["matched"]


def test_forms_of_files(command: Commands) -> None:
    folder = command.folder.parent
    (folder / "day.jsonl.gz").write_bytes(gzip.compress(DAY.encode()))
    documents = [json.loads(line) for line in DAY.splitlines()]
    given = {
        "crlf.jsonl": DAY.replace("\n", "\r\n"),
        "no-end.jsonl": DAY.rstrip(),
        "blank.jsonl": "\n" + DAY.replace("\n", "\n\n"),
        "array.json": json.dumps(documents),
        "pretty.json": json.dumps(documents, indent=2),
        "several.json": "\n".join(json.dumps(each, indent=2) for each in documents),
        "entries.json": json.dumps({"Entries": documents}, indent=1),
        "entries-line.json": json.dumps({"Entries": documents}),
        "bom.jsonl": "\ufeff" + DAY,
    }
    paths = [command.event(name, text) for name, text in given.items()]
    for path in [*paths, str(folder / "day.jsonl.gz")]:
        assert (path, counted(command, "--pattern", BIG, "--events", path)) == (path, (0, 4, 2))
    assert counted(command, "--pattern", BIG, "--events", "-", stdin=DAY) == (0, 4, 2)
    assert counted(command, "--pattern", BIG, "--events", "-", stdin=given["pretty.json"]) == (0, 4, 2)


def test_a_broken_line_is_named_wherever_it_is(command: Commands) -> None:
    for number in (1, 3):
        lines = [*jsonl(ORDER, ORDER, ORDER, ORDER).splitlines()]
        lines[number - 1] = lines[number - 1][:-5]
        path = command.event("cut.jsonl", "\n".join(lines))
        ran = command("backtest", "--pattern", BIG, "--events", path)
        assert ran.code == 0
        assert "3 of 3 events matched, 1 unreadable  in " in ran.out
        assert f"warning: line {number}: not valid JSON" in ran.err


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        pytest.param(jsonl(LOST), 1, "0 of 1 events matched", id="nothing matches"),
        pytest.param("", 1, "holds no event", id="empty"),
        pytest.param("[{}, 7", 2, "not valid JSON", id="an array that breaks off"),
    ],
)
def test_exit_codes(text: str, code: int, told: str, command: Commands) -> None:
    ran = command("backtest", "--pattern", BIG, "--events", command.event("day.json", text))
    assert ran.code == code
    assert told in ran.out + ran.err


def test_gzip_that_breaks_off_tells_what_it_had(command: Commands) -> None:
    path = command.folder.parent / "broken.gz"
    lines = jsonl(*({**ORDER, "id": os.urandom(40).hex()} for _ in range(4000)))
    path.write_bytes(gzip.compress(lines.encode())[:-2000])
    ran = command("backtest", "--pattern", BIG, "--events", str(path))
    assert ran.code == 2
    assert " events matched" in ran.out
    assert "is broken gzip" in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--pattern", BIG, "--events", "no-such-file"], "no-such-file cannot be read: No such file"),
        (["--pattern", BIG, "--events", "."], "cannot be read: Is a directory"),
        (["--pattern", "{", "--events", "order.json"], "pattern: Event pattern is not valid"),
        (["--pattern", "@no-pattern", "--events", "order.json"], "no-pattern cannot be read"),
        (["--pattern", BIG, "--pattern", "pattern 1=" + BIG, "--events", "-"], "have one name"),
        (["--rule", "big", "--events", "order.json"], "no rule is called 'big'"),
        (["--pattern", BIG, "--events", "-", "--query", "x"], "--query searches the history"),
        (["--pattern", BIG], "there is no history at"),
        (["--pattern", BIG, "--events", "order.json", "--out", "order.json"], "--out names the file"),
        (["--pattern", BIG, "--events", "order.json", "--out", "no/where"], "no/where cannot be written"),
    ],
)
def test_bad_usage(arguments: list[str], message: str, command: Commands) -> None:
    ran = command("backtest", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert json.loads((command.folder / "order.json").read_text()) == ORDER


def test_rules_of_the_workspace(command: Commands) -> None:
    """A rule that is disabled or on another bus is tested all the same, and it says so."""
    rules = [
        {"Name": "off", "EventPattern": SHOP, "State": "DISABLED"},
        {"Name": "there", "EventPattern": SHOP, "EventBusName": "orders"},
        {"Name": "nightly", "ScheduleExpression": "rate(1 day)"},
    ]
    (command.folder / "more.json").write_text(json.dumps({"Rules": rules}))
    path = command.event("day.jsonl", DAY)
    ran = command("backtest", "--events", path, "--output", "json")
    found = {rule["rule"]: rule for rule in ran.json["rules"]}
    assert {name: rule["matches"] for name, rule in found.items()} == {
        "big-orders": 2,
        "retried": 0,
        "lost": 1,
        "slow": 0,
        "off": 4,
        "there": 4,
        "nightly": None,
    }
    assert found["off"]["state"] == "DISABLED"
    text = command("backtest", "--events", path, "-c", ".").out
    assert "it is DISABLED; its pattern was tested all the same" in text
    assert "it listens on bus 'orders'" in text
    assert "it runs on a schedule (rate(1 day))" in text
    assert counted(command, "--rule", "lost", "--events", path) == (0, 4, 1)
    both = command("backtest", "--rule", "lost", "--pattern", BIG, "--events", path, "--output", "json")
    assert [rule["rule"] for rule in both.json["rules"]] == ["pattern", "lost"]


def test_a_pattern_from_a_file_is_called_by_its_name(command: Commands) -> None:
    pattern = command.event("big-ones.json", BIG)
    path = command.event("day.jsonl", DAY)
    assert "✓  big-ones  2 events" in command("backtest", "--pattern", f"@{pattern}", "--events", path).out
    named = command("backtest", "--pattern", f"new rule=@{pattern}", "--events", path)
    assert "✓  new rule  2 events" in named.out


def test_what_was_caught_is_written(command: Commands) -> None:
    path, out = command.event("day.jsonl", DAY), command.folder.parent / "caught.jsonl"
    ran = command("backtest", "--pattern", BIG, "--events", path, "--out", str(out), "--samples", "0")
    assert ran.code == 0
    assert [json.loads(line) for line in out.read_text().splitlines()] == [{"id": "e-1", **ORDER}, ENTRY]
    assert len(ran.out.splitlines()) == 3


def test_events_of_the_history(command: Commands) -> None:
    """Each event once, the newest first, however often it was delivered; a search narrows them down."""
    store = History(command.db)
    for number in range(1200):
        store.begin(new_delivery(f"d-{number}", event=event(number % 600, total=number % 600)))
    store.begin(new_delivery("odd", event=event(9999, total=101, text="\ud800\nline")))
    store.close()
    assert counted(command, "--pattern", BIG) == (0, 601, 500)
    ran = command("backtest", "--pattern", BIG, "--samples", "2", "--output", "json")
    assert [sample["event_id"] for sample in ran.json["rules"][0]["samples"]] == ["event-9999", "event-599"]
    assert ran.json["source"] == "the history"
    assert counted(command, "--pattern", BIG, "--query", "event:event-300") == (0, 1, 1)
    assert counted(command, "--pattern", BIG, "--query", "event:event-3") == (0, 111, 100)
    assert counted(command, "--pattern", BIG, "--query", "status:503") == (1, 0, 0)
    assert "there is no term nonsense" in command("backtest", "--pattern", BIG, "--query", "nonsense:1").err


def test_text_from_elsewhere_commands_no_terminal(command: Commands) -> None:
    hostile = {
        "id": "\x1b]0;x\x07",
        "source": "shop\x9b1m",
        "detail-type": "a\nb\u202e",
        "detail": {"[/]": "\x1b"},
    }
    path = command.event("day.jsonl", jsonl(hostile))
    for output in ("text", "json"):
        ran = command(
            "backtest", "--pattern", '{"id":[{"exists":true}]}', "--events", path, "--output", output
        )
        assert ran.code == 0
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(ran.out + ran.err)


def test_progress_is_told_on_a_terminal(tmp_path: Path) -> None:
    """On a terminal there is a line while the test runs, and none when it is done."""
    mine, theirs = pty.openpty()
    command = [sys.executable, "-m", "inspector", "backtest", "--pattern", BIG, "--events", "-"]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs, cwd=tmp_path
    )
    os.close(theirs)
    assert child.stdin
    assert child.stdout
    told = b""
    while b" events " not in told:
        child.stdin.write(jsonl(ORDER).encode() * 2000)
        child.stdin.flush()
        os.set_blocking(mine, False)
        try:
            told += os.read(mine, 65536)
        except BlockingIOError:
            continue
    child.stdin.close()
    assert child.wait(30) == 0
    os.set_blocking(mine, False)
    told += os.read(mine, 65536)
    os.close(mine)
    assert told.endswith(b"\r\x1b[2K")
    assert b" matched \xc2\xb7 " in told
    assert b" events matched" in child.stdout.read()
    child.stdout.close()


def test_interrupted_it_tells_what_it_had(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "inspector", "backtest", "--pattern", BIG, "--events", "-"]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    )
    assert child.stdin
    # More than a pipe holds: when it is written, most of it has been read.
    child.stdin.write(jsonl(ORDER).encode() * 20_000)
    child.stdin.flush()
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=30)
    assert child.returncode == 130
    assert b" events matched" in out
    assert b"interrupted: the rest was not tested" in err


def test_importing_little(tmp_path: Path) -> None:
    """A test over a file starts without the rooms that deliver, draw or keep a history."""
    program = (
        "import sys\n"
        "from inspector.cli import run\n"
        f"run(['backtest', '--pattern', '{SHOP}', '--events', 'day.jsonl'])\n"
        "heavy = {'asyncio', 'httpx', 'sqlite3', 'textual', 'inspector.workbench.bench'}\n"
        "print(sorted(heavy & {*sys.modules}))"
    )
    (tmp_path / "day.jsonl").write_text(DAY)
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=True
    )
    assert ran.stdout.splitlines()[-1] == "[]"
