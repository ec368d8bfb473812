"""`history` finds what was delivered; `replay` and `compare` deliver it again and side by side."""

import json
import uuid

import pytest

from inspector.endpoint.server import Endpoint
from tests.cli.conftest import LOST, ORDER, RETRIED, Commands


@pytest.fixture
def kept(command: Commands) -> Commands:
    """A history of three: one delivered, one lost, one delivered at the third attempt."""
    assert command("send", "-e", "order", "--target", "crm").code == 0
    assert command("send", "-e", command.event("lost.json", LOST)).code == 1
    retried = command.event("retried.json", {**RETRIED, "id": str(uuid.uuid4())})
    assert command("send", "-e", retried, "--skip-waits").code == 0
    return command


def test_the_list_is_newest_first(kept: Commands) -> None:
    listed = kept("history", "--output", "json").json
    assert listed["found"] == 3
    assert [d["route"] for d in listed["deliveries"]] == ["retried/supplier", "lost/closed", "big-orders/crm"]
    rows = kept("history").out.splitlines()
    assert len(rows) == 3
    assert rows[0].startswith(listed["deliveries"][0]["delivery_id"][:8])


@pytest.mark.parametrize(
    ("query", "routes"),
    [
        ("state:delivered", ["retried/supplier", "big-orders/crm"]),
        ("status:503", ["retried/supplier"]),
        ("rule:lost", ["lost/closed"]),
        ("order4711", ["big-orders/crm"]),
    ],
)
def test_a_search(query: str, routes: list[str], kept: Commands) -> None:
    found = kept("history", *query.split(), "--output", "json").json
    assert [d["route"] for d in found["deliveries"]] == routes


def test_a_search_that_finds_nothing_is_exit_code_1(kept: Commands) -> None:
    ran = kept("history", "nowhere")
    assert (ran.code, ran.out, "nothing found" in ran.err) == (1, "", True)


def test_a_query_that_cannot_be_understood(kept: Commands) -> None:
    ran = kept("history", "status:many")
    assert (ran.code, ran.err[:7]) == (2, "error: ")


def test_showing_one(kept: Commands) -> None:
    ran = kept("history", "show", "last")
    assert ran.code == 0
    for text in ("✓ delivered", "attempt 1", "attempt 3", "503", "Retry-After", '"detail-type": "Retried"'):
        assert text in ran.out
    shown = kept("history", "show", "last", "--output", "json").json
    assert [attempt["status"] for attempt in shown["attempts"]] == [503, 503, 200]
    by_beginning = kept("history", "show", shown["delivery_id"][:12], "--output", "json").json
    assert by_beginning == shown


def test_the_export_is_a_line_for_each(kept: Commands) -> None:
    lines = kept("history", "export").out.splitlines()
    assert [json.loads(line)["state"] for line in lines] == ["delivered", "dead-lettered", "delivered"]
    assert len(kept("history", "export", "--limit", "1").out.splitlines()) == 1


def test_a_note_is_found(kept: Commands) -> None:
    assert kept("history", "note", "last", "after the fix").code == 0
    assert kept("history", "fix", "--output", "json").json["deliveries"][0]["note"] == "after the fix"


def test_forgetting(kept: Commands) -> None:
    newest = kept("history", "--output", "json").json["deliveries"][0]["delivery_id"]
    assert kept("history", "delete", newest).code == 0
    assert kept("history", "show", newest).code == 2
    assert "forgot 1 delivery" in kept("history", "prune", "--keep", "1").err
    assert kept("history", "--output", "json").json["found"] == 1


def test_a_replay_sends_the_same_bytes(kept: Commands, endpoint: Endpoint) -> None:
    original = kept("history", "show", "last", "--output", "json").json
    first = endpoint.received[-1]
    (kept.folder / "order.json").unlink()
    ran = kept("replay", original["delivery_id"], "--output", "json")
    second = endpoint.received[-1]
    assert (ran.code, ran.json["replay_of"]) == (0, original["delivery_id"])
    assert second.number == first.number + 1
    for of in ("method", "target", "headers", "body", "caller"):
        assert getattr(second, of) == getattr(first, of)
    again = kept("history", "show", "last", "--output", "json").json
    assert again["replay_of"] == original["delivery_id"]
    assert kept("history", "show", original["delivery_id"], "--output", "json").json == original


def test_a_replay_to_another_target(kept: Commands, endpoint: Endpoint) -> None:
    ran = kept("replay", "last", "--target", "echo", "--output", "json")
    assert (ran.code, endpoint.received[-1].target) == (0, "/echo")
    assert ran.json["deliveries"][0]["route"] == "big-orders/echo"


def test_a_replay_through_another_connection(kept: Commands, endpoint: Endpoint) -> None:
    kept("send", "-e", "order", "--target", "crm")
    assert kept("replay", "last", "--connection", "key").code == 0
    assert endpoint.received[-1].caller == "API key in X-Api-Key"


def test_a_replay_rendered_anew_follows_the_definitions(kept: Commands, endpoint: Endpoint) -> None:
    kept("send", "-e", "order", "--target", "crm")
    document = json.loads((kept.folder / "shop.json").read_text())
    document["Rules"][0]["Targets"][0]["InputPath"] = "$.detail"
    (kept.folder / "shop.json").write_text(json.dumps(document))
    assert kept("replay", "last").code == 0
    assert "detail-type" in endpoint.received[-1].body
    assert kept("replay", "last", "--rerender").code == 0
    assert json.loads(endpoint.received[-1].body) == ORDER["detail"]


def test_a_replay_without_the_connection_says_what_is_missing(kept: Commands) -> None:
    (kept.folder / "shop.json").unlink()
    ran = kept("replay", "last")
    assert ran.code == 2
    assert "connection 'basic'" in ran.err
    assert "hint: " in ran.err


def test_connections_side_by_side(command: Commands, endpoint: Endpoint) -> None:
    before = len(endpoint.received)
    line = "compare -e order --target crm --via basic --via key --via oauth"
    ran = command(*line.split())
    assert ran.code == 0
    callers = {received.caller for received in list(endpoint.received)[before:]}
    assert callers == {"Basic user shop", "API key in X-Api-Key", "OAuth client shop", "bearer token"}
    different = [row for row in ran.out.splitlines() if row.startswith("≠")]
    assert any("X-Api-Key" in row for row in different)
    assert "rows differ" in ran.out.splitlines()[-1]
    found = command("history", "--output", "json").json["deliveries"]
    assert len({delivery["comparison"] for delivery in found}) == 1


def test_one_connection_is_compared_with_the_own(command: Commands) -> None:
    ran = command("compare", "-e", "order", "--target", "crm", "--via", "key", "--output", "json")
    assert ran.json["ways"] == ["basic", "key"]
    rows = {(row["section"], row["name"]): row for row in ran.json["rows"]}
    assert rows["request", "url"]["differs"] is False
    assert rows["outcome", "outcome"]["values"] == ["delivered", "delivered"]


def test_targets_side_by_side(command: Commands) -> None:
    ran = command("compare", "-e", "order", "--output", "json")
    assert (ran.code, ran.json["ways"]) == (0, ["big-orders/crm", "big-orders/echo"])


def test_a_comparison_in_which_one_fails(command: Commands) -> None:
    line = "compare -e order --target crm --target lost/closed --force --output json"
    ran = command(*line.split())
    assert (ran.code, ran.json["outcome"]) == (1, "not-delivered")


def test_recorded_deliveries_side_by_side(kept: Commands, endpoint: Endpoint) -> None:
    first, second = (d["delivery_id"] for d in kept("history", "--output", "json").json["deliveries"][:2])
    before = len(endpoint.received)
    ran = kept("history", "compare", first, second)
    assert ran.code == 1
    assert any(row.startswith("≠") and "503" not in row for row in ran.out.splitlines())
    assert kept("history", "compare", first, first).code == 0
    assert "no difference" in kept("history", "compare", first, first, "-d").out
    assert len(endpoint.received) == before


def test_only_the_differences(command: Commands) -> None:
    ran = command("compare", "-e", "order", "--target", "crm", "--via", "key", "-d")
    assert "X-Api-Key" in ran.out
    assert "User-Agent" not in ran.out
