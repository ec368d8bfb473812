"""`send` delivers as EventBridge does, tells it on stderr, and answers with its exit code."""

import json
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from inspector.cli.session import history_path
from inspector.endpoint.server import Endpoint
from tests.cli.conftest import CANARIES, LOST, ORDER, QUEUE, RETRIED, SLOW, SMALL_ORDER, Commands


def test_an_event_goes_to_every_target_whose_rule_matches(command: Commands, endpoint: Endpoint) -> None:
    before = len(endpoint.received)
    ran = command("send", "-e", "order", "--output", "json")
    assert ran.code == 0
    assert ran.json["outcome"] == "delivered"
    assert [d["route"] for d in ran.json["deliveries"]] == ["big-orders/crm", "big-orders/echo"]
    received = list(endpoint.received)[before:]
    assert [r.target for r in received] == ["/v1/webhooks/new-user", "/echo"]
    assert received[0].caller == "Basic user shop"
    assert received[0].body == ran.json["deliveries"][0]["attempts"][0]["request"]["body"]


@pytest.mark.parametrize(
    ("connection", "caller"),
    [("basic", "Basic user shop"), ("key", "API key in X-Api-Key"), ("oauth", "bearer token")],
)
def test_each_type_of_connection_delivers(
    connection: str, caller: str, command: Commands, endpoint: Endpoint
) -> None:
    ran = command("send", "-e", "order", "--target", "crm", "--connection", connection)
    assert (ran.code, endpoint.received[-1].caller) == (0, caller)
    assert "✓ delivered" in ran.out


def test_retries_are_told_while_they_happen(command: Commands) -> None:
    event = command.event("retried.json", {**RETRIED, "id": "told"})
    ran = command("send", "-e", event, "--skip-waits")
    assert ran.code == 0
    steps = [line.split("s  ", 1)[1] for line in ran.err.splitlines() if line[8:9] == "s"]
    assumed = [step for step in steps if step.startswith("~ assumption: ")]
    assert len(assumed) == len(set(assumed)) > 0
    steps = [step for step in steps if step not in assumed]
    heads = [step.split()[0] for step in steps]
    assert heads == ["retried/supplier", "→", "←", "…", "»", "→", "←", "…", "»", "→", "←", "✓"]
    assert "503" in steps[2]
    assert "Retry-After" in steps[3]
    assert "every wait is skipped" in ran.err
    assert "retried/supplier  200" in ran.out
    assert "3 attempts" in ran.out


def test_retries_as_json(command: Commands) -> None:
    event = command.event("retried.json", {**RETRIED, "id": "as-json"})
    ran = command("send", "-e", event, "--skip-waits", "--output", "json")
    (delivery,) = ran.json["deliveries"]
    assert [attempt["status"] for attempt in delivery["attempts"]] == [503, 503, 200]
    assert delivery["attempts"][0]["decision"]["action"] == "retry"
    assert delivery["attempts"][0]["decision"]["seconds"] == 2
    assert (delivery["outcome"]["kind"], delivery["outcome"]["retry_attempts"]) == ("delivered", 2)


def test_a_404_is_final_at_once_and_is_exit_code_1(command: Commands) -> None:
    ran = command("send", "-e", command.event("lost.json", LOST), "--output", "json")
    assert (ran.code, ran.json["outcome"]) == (1, "not-delivered")
    (delivery,) = ran.json["deliveries"]
    assert [attempt["class"] for attempt in delivery["attempts"]] == ["final"]
    letter = delivery["outcome"]["dead_letter"]
    assert letter["queue_arn"] == QUEUE
    assert letter["attributes"]["ERROR_CODE"] == delivery["outcome"]["error_code"] != ""


def test_an_event_that_fires_nothing_is_not_sent(command: Commands, endpoint: Endpoint) -> None:
    before = len(endpoint.received)
    ran = command("send", "-e", command.event("small.json", SMALL_ORDER))
    assert ran.code == 1
    assert "nothing sent: no rule matches the event" in ran.out
    assert "✗ big-orders" in ran.out
    assert "no rule leads to direct: name it with --target" in ran.out
    assert len(endpoint.received) == before


@pytest.mark.parametrize(
    "choice", [["--target", "crm"], ["--target", "big-orders/crm"], ["--rule", "big-orders"]]
)
def test_a_rule_that_does_not_match_is_refused_unless_forced(
    choice: list[str], command: Commands, endpoint: Endpoint
) -> None:
    small, before = command.event("small.json", SMALL_ORDER), len(endpoint.received)
    refused = command("send", "-e", small, *choice, "--output", "json")
    assert (refused.code, refused.json["deliveries"]) == (1, [])
    assert "'big-orders' does not fire" in refused.json["unmatched"][0]["why"]
    assert len(endpoint.received) == before
    assert command("send", "-e", small, *choice, "--force").code == 0
    assert len(endpoint.received) > before


def test_a_destination_without_a_rule_takes_any_event_when_named(
    command: Commands, endpoint: Endpoint
) -> None:
    ran = command("send", "-e", command.event("small.json", SMALL_ORDER), "--target", "direct")
    assert (ran.code, endpoint.received[-1].target) == (0, "/webhook/bearer")


def test_a_destination_that_is_the_only_one_needs_no_name(command: Commands, endpoint: Endpoint) -> None:
    document = json.loads((command.folder / "shop.json").read_text())
    document["ApiDestinations"] = document["ApiDestinations"][-1:]
    document["Rules"] = []
    alone = command.folder.parent / "alone.json"
    alone.write_text(json.dumps(document))
    ran = command("send", "-c", str(alone), "-e", "order.json")
    assert (ran.code, endpoint.received[-1].target) == (0, "/webhook/bearer")


def test_a_target_that_stands_for_several_is_refused(command: Commands) -> None:
    document = json.loads((command.folder / "shop.json").read_text())
    document["Rules"][1]["Targets"] += document["Rules"][0]["Targets"][:1]
    (command.folder / "shop.json").write_text(json.dumps(document))
    ran = command("send", "-e", "order", "--target", "crm")
    assert ran.code == 2
    assert "name one of: big-orders/crm, retried/crm" in ran.err


def test_several_events_are_sent_in_turn(command: Commands) -> None:
    ran = command("send", "-e", "-", "--output", "json", stdin=json.dumps([ORDER, LOST, SMALL_ORDER]))
    assert (ran.code, ran.json["outcome"]) == (1, "not-delivered")
    assert [d["route"] for d in ran.json["deliveries"]] == [
        "big-orders/crm",
        "big-orders/echo",
        "lost/closed",
    ]
    assert len(ran.json["unmatched"]) == 1


def test_another_endpoint_in_place_of_the_configured_one(command: Commands, endpoint: Endpoint) -> None:
    document = json.loads(
        (command.folder / "shop.json").read_text().replace(endpoint.url, "https://shop.invalid")
    )
    (command.folder / "shop.json").write_text(json.dumps(document))
    ran = command("send", "-e", "order", "--target", "crm", "--endpoint", endpoint.url)
    assert (ran.code, endpoint.received[-1].target) == (0, "/v1/webhooks/new-user")


def test_no_history_leaves_no_file(command: Commands) -> None:
    assert command("send", "-e", "order", "--target", "crm", "--no-history").code == 0
    assert not command.db.exists()


NO_DATABASE = "this is no database, and it is long enough to be told from an empty one" * 20


def test_a_history_that_was_asked_for_must_be_there_before_anything_is_sent(command: Commands) -> None:
    command.db.write_text(NO_DATABASE)
    ran = command("send", "-e", "order", "--target", "crm")
    assert ran.code == 2
    assert "is no SQLite database" in ran.err
    assert "attempt 1" not in ran.err


def test_the_usual_history_that_cannot_be_written_does_not_stop_the_delivery(
    command: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INSPECTOR_DB")
    usual = history_path(None)
    usual.parent.mkdir(parents=True)
    usual.write_text(NO_DATABASE)
    ran = command("send", "-e", "order", "--target", "crm")
    assert ran.code == 0
    assert "warning: the history does not have it" in ran.err


def test_no_secret_is_told_or_kept(command: Commands) -> None:
    told = ""
    for connection in ("basic", "key", "oauth"):
        for target in ("crm", "echo"):
            for output in ("text", "json"):
                line = f"send -e order --target {target} --connection {connection} --output {output}"
                ran = command(*line.split())
                assert ran.code == 0
                told += ran.out + ran.err
    for line in ("history", "history show last", "history show last --output json", "history export"):
        told += command(*line.split()).out
    kept = b"".join(path.read_bytes() for path in command.db.parent.glob("history.sqlite3*"))
    assert "echo" in told
    assert len(kept) > 10_000
    for canary in CANARIES:
        assert canary not in told
        assert canary.encode() not in kept


def started(arguments: list[str], command: Commands) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "inspector", *arguments],
        cwd=command.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until_received(endpoint: Endpoint, before: int, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 20
    while len(endpoint.received) == before and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(endpoint.received) == before + 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_delivery_in_good_order(
    number: int, code: int, command: Commands, endpoint: Endpoint
) -> None:
    before = len(endpoint.received)
    process = started(["send", "-e", command.event("slow.json", SLOW), "--output", "json"], command)
    until_received(endpoint, before, process)
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert json.loads(out)["outcome"] == "interrupted"
    assert json.loads(out)["deliveries"][0]["outcome"]["kind"] == "abandoned"
    assert "interrupted: recorded as abandoned" in err
    assert command("history", "--output", "json").json["deliveries"][0]["state"] == "abandoned"


def test_a_kill_leaves_the_attempt_marked_and_repeats_nothing(command: Commands, endpoint: Endpoint) -> None:
    before = len(endpoint.received)
    process = started(["send", "-e", command.event("slow.json", SLOW)], command)
    until_received(endpoint, before, process)
    process.kill()
    process.communicate(timeout=20)
    listed = command("history", "--output", "json").json["deliveries"]
    assert [(d["state"], d["attempts"]) for d in listed] == [("interrupted", 1)]
    shown = command("history", "show", "last", "--output", "json").json
    assert (shown["interrupted_attempts"], shown["outcome"]) == ([1], None)
    assert "attempt 1 was begun, and nobody recorded its end" in command("history", "show", "last").out
    assert command("send", "-e", "order", "--target", "crm").code == 0
    assert [r.target for r in list(endpoint.received)[before:]] == ["/slow/3", "/v1/webhooks/new-user"]
    with sqlite3.connect(command.db) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_missing_secret_is_said_at_once(command: Commands, endpoint: Endpoint) -> None:
    """No retry brings a secret that this machine does not have: nothing is sent, nothing is waited for."""
    for path in command.folder.glob("*.json"):
        text = path.read_text("utf-8")
        path.write_text(text.replace('"Password": "', '"Password": "${env:NOT_SET_HERE}'), "utf-8")
    before = len(endpoint.received)
    ran = command("send", "-e", "order", "--target", "crm")
    assert ran.code == 2
    assert "the Password of connection" in ran.err
    assert len(endpoint.received) == before
