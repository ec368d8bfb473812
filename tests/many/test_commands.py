"""`send` and `replay` over many events: one run, its sums, its exit code, its resume."""

import gzip
import json
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inspector.endpoint.server import Endpoint
from tests.cli.conftest import LOST, ORDER, SLOW, SMALL_ORDER, Commands

ONE_WAY = ("--target", "crm", "--rate", "0")


@pytest.fixture
def many(command: Commands) -> str:
    events = [{**ORDER, "id": f"many-{n}"} for n in range(40)]
    return command.event("many.jsonl", "\n".join(map(json.dumps, events)))


def test_many_events_are_one_run(command: Commands, endpoint: Endpoint, many: str) -> None:
    before = len(endpoint.received)
    ran = command("send", "-e", many, *ONE_WAY)
    assert ran.code == 0
    assert ran.out.startswith("40 delivered in ")
    assert len(endpoint.received) - before == 40
    assert len(command("history", "--limit", "100", "--output", "json").json["deliveries"]) == 40


def test_gzip_and_arrays_are_taken_and_json_tells_the_sums(command: Commands, tmp_path: Path) -> None:
    events = [ORDER] * 25 + [SMALL_ORDER] * 2 + [LOST, {"source": 5}]
    path = tmp_path / "events.json.gz"
    path.write_bytes(gzip.compress(json.dumps(events).encode()))
    ran = command("send", "-e", str(path), "--rate", "0", "--output", "json")
    assert (ran.code, ran.json["outcome"]) == (1, "not-delivered")
    told = ran.json
    sums = {name: told[name] for name in ("delivered", "failed", "unmatched", "invalid", "abandoned")}
    assert sums == {"delivered": 50, "failed": 1, "unmatched": 2, "invalid": 1, "abandoned": 0}
    assert told["outcomes"] == {"delivered": 50, "NO_RESOURCE": 1}
    whys = {failure["event"].rpartition(", ")[2]: failure["why"] for failure in told["failures"]}
    assert whys["event 26"] == "no rule matches the event"
    assert "'source' of an event is a string" in whys["event 29"]


def test_a_dry_run_sends_nothing_and_says_what_would_be_sent(
    command: Commands,
    endpoint: Endpoint,
    many: str,
) -> None:
    before = len(endpoint.received)
    line = ["send", "-e", many, "--target", "crm", "--dry-run", "--rate", "10", "--idempotency-key", "X-Key"]
    ran = command(*line)
    assert ran.code == 0
    assert "big-orders/crm  40 deliveries, at most 10/s, at least 4 s" in ran.out
    assert "X-Key is a deviation" in ran.out
    assert len(endpoint.received) == before
    assert not command.db.exists() or command("history", "--output", "json").json["deliveries"] == []


def test_a_few_events_keep_their_rate_too(command: Commands) -> None:
    event = command.event("few.json", [ORDER] * 3)
    start = time.monotonic()
    assert command("send", "-e", event, "--target", "crm", "--rate", "10").code == 0
    assert time.monotonic() - start >= 0.2


@pytest.mark.parametrize("good", [30, 400])
def test_what_is_no_json_ends_the_run_with_its_place(
    good: int, command: Commands, endpoint: Endpoint
) -> None:
    lines = "\n".join(json.dumps({**ORDER, "id": f"broken-{n}"}) for n in range(good)) + "\n{nope"
    before = len(endpoint.received)
    ran = command("send", "-e", command.event("broken.jsonl", lines), *ONE_WAY)
    assert ran.code == 2
    assert "not valid JSON" in ran.err
    assert f"line {good + 1}" in ran.err
    recorded = command("history", "--limit", "1000", "--output", "json").json["deliveries"]
    assert len(endpoint.received) - before == len(recorded) < good
    assert {delivery["state"] for delivery in recorded} <= {"delivered"}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("--idempotency-key Host", "'Host' cannot be the header of the idempotency key"),
        ("--idempotency-key Authorization", "'Authorization' carries the connection's credential"),
        ("--resume last", "no run over many events begins with 'last'"),
        ("--target nowhere --dry-run", "no target is called 'nowhere'"),
    ],
)
def test_what_cannot_be_done_is_said(line: str, why: str, command: Commands, many: str) -> None:
    command("send", "-e", "order", "--target", "crm")
    resume = "--resume" in line
    ran = command("send", *([] if resume else ["-e", many]), *line.split())
    assert ran.code != 0
    assert why in ran.out + ran.err


def test_ctrl_c_keeps_what_was_done_and_resume_sends_the_rest(
    command: Commands,
    endpoint: Endpoint,
) -> None:
    events = [{**ORDER, "id": f"resumed-{n}"} for n in range(120)]
    path = command.event("resumed.jsonl", "\n".join(map(json.dumps, events)))
    before = len(endpoint.received)
    process = subprocess.Popen(
        [sys.executable, "-m", "inspector", "send", "-e", path, "--target", "crm", "--rate", "40"],
        cwd=command.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 20
    while len(endpoint.received) - before < 10 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    sent = len(endpoint.received) - before
    assert 10 <= sent < 120
    assert f"{sent} delivered in " in out
    assert "sends what was not sent" in err
    ran = command("send", "--resume", "last", "--rate", "0", "--output", "json")
    assert (ran.code, ran.json["delivered"], ran.json["sent_before"]) == (0, 120 - sent, sent)
    received = [json.loads(r.body)["id"] for r in list(endpoint.received)[before:]]
    assert sorted(received) == sorted(f"resumed-{n}" for n in range(120))
    again = command("send", "--resume", "last", "--output", "json")
    assert (again.code, again.json["delivered"], again.json["sent_before"]) == (0, 0, 120)


def test_a_kill_repeats_nothing(command: Commands, endpoint: Endpoint) -> None:
    events = [{**ORDER, "id": f"killed-{n}"} for n in range(24)] + [{**SLOW, "id": "killed-slow"}]
    path = command.event("killed.jsonl", "\n".join(map(json.dumps, events)))
    before = len(endpoint.received)
    process = subprocess.Popen(
        [sys.executable, "-m", "inspector", "send", "-e", path, "--rate", "0"],
        cwd=command.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 20
    while len(endpoint.received) - before < 49 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.3)
    process.kill()
    process.wait(timeout=20)
    ran = command("send", "--resume", "last", "--rate", "0", "--output", "json")
    assert (ran.code, ran.json["unknown"], ran.json["sent_before"]) == (1, 1, 48)
    assert "whether they arrived is not known" in ran.err
    assert len(endpoint.received) - before == 49


def test_a_file_that_changed_is_not_taken_up(command: Commands, many: str) -> None:
    command("send", "-e", many, *ONE_WAY)
    with Path(many).open("a") as file:
        file.write("\n" + json.dumps(ORDER))
    ran = command("send", "--resume", "last")
    assert ran.code == 2
    assert "has changed since the run began" in ran.err
    assert command("send", "--resume", "last", "-e", many).code == 2


def test_many_deliveries_are_replayed_by_a_search(command: Commands, endpoint: Endpoint, many: str) -> None:
    command("send", "-e", many, *ONE_WAY)
    before = [r.body for r in endpoint.received][-40:]
    ran = command("replay", "--query", "state:delivered replay:no", "--rate", "0", "--output", "json")
    assert (ran.code, ran.json["delivered"], ran.json["outcome"]) == (0, 40, "delivered")
    assert sorted(r.body for r in list(endpoint.received)[-40:]) == sorted(before)
    listed = command("history", "--limit", "100", "--output", "json", "replay:yes").json["deliveries"]
    assert len(listed) == 40
    assert len({delivery["replay_of"] for delivery in listed}) == 40
    again = command("replay", "--resume", "last", "--output", "json")
    assert (again.code, again.json["delivered"], again.json["sent_before"]) == (0, 0, 40)


def test_several_deliveries_are_replayed_by_their_ids(command: Commands) -> None:
    event = command.event("few.json", [ORDER, ORDER])
    sent = command("send", "-e", event, "--target", "crm", "--output", "json").json["deliveries"]
    ids = [delivery["delivery_id"] for delivery in sent]
    ran = command("replay", *ids, "--output", "json")
    assert (ran.code, ran.json["delivered"]) == (0, 2)
    assert command("replay").code == 2
    assert command("replay", "last", "--query", "state:delivered").code == 2


def test_the_schema_of_batches_can_be_read_at_a_prompt(command: Commands, many: str) -> None:
    command("send", "-e", many, *ONE_WAY)
    with sqlite3.connect(command.db) as database:
        kind, source, ended = database.execute("SELECT kind, source, ended_at FROM batches").fetchone()
        items = database.execute("SELECT count(*), count(delivery) FROM batch_items").fetchone()
    assert (kind, source, items) == ("send", many, (40, 40))
    assert ended is not None
