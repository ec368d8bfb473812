"""`inspector compare`: several ways, several runs, variations, over real HTTP."""

import pytest

from inspector.endpoint.server import Endpoint
from tests.cli.conftest import CANARIES, ORDER, Commands

CRM = ("--target", "big-orders/crm")


def row(document: dict[str, object], section: str, name: str) -> list[str | None]:
    rows = document["rows"]
    assert isinstance(rows, list)
    return next(r["values"] for r in rows if (r["section"], r["name"]) == (section, name))


def test_runs_show_the_spread_of_the_latency(command: Commands) -> None:
    ran = command("compare", "-e", command.event("e.json", ORDER), "--rule", "big-orders", "--runs", "4")
    assert ran.code == 0, ran.err
    assert "run 4 of 4  big-orders/crm 200 OK in " in ran.err
    lines = ran.out.splitlines()
    assert any(line.split() == ["delivered", "4", "of", "4", "4", "of", "4"] for line in lines)
    start = next(n for n, line in enumerate(lines) if line.startswith("latency  "))
    assert lines[start].split()[-4:] == ["fastest", "median", "p95", "slowest"]
    assert "█" in lines[start + 1]
    assert lines[start + 1].startswith("big-orders/crm ")


def test_runs_as_json(command: Commands, endpoint: Endpoint) -> None:
    before = endpoint.received[-1].number if endpoint.received else 0
    ran = command(
        "compare", "-e", command.event("e.json", ORDER), *CRM, "--via", "basic", "--via", "oauth",
        "--runs", "3", "--skip-waits", "--output", "json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    document = ran.json
    assert document["ways"] == ["basic", "oauth"]
    assert document["runs"] == 3
    assert len(document["deliveries"]) == 6
    basic, oauth = document["measures"]
    assert (basic["runs"], basic["delivered"], basic["attempts"]) == (3, 3, 3)
    assert basic["statuses"] == {"200": 3}
    assert basic["token"] is None
    latency = basic["latency"]
    assert latency["count"] == 3
    assert 0 < latency["minimum"] <= latency["median"] <= latency["p95"] <= latency["maximum"]
    assert set(basic["phases"]) == {"connect", "send", "wait", "read"}
    assert (oauth["delivered"], oauth["token"]["count"]) == (3, 1)
    assert row(document, "runs", "delivered") == ["3 of 3", "3 of 3"]
    # The token of the first run is told though the last needed none.
    assert row(document, "token", "type") == [None, "Bearer"]
    assert endpoint.received[-1].number > before


def test_one_connection_in_variations(command: Commands) -> None:
    event = command.event("e.json", ORDER)
    ran = command(
        "compare", "-e", event, "--target", "direct", "--vary", "token-form=basic",
        "--vary", "token-form=json", "--vary", "header:X-Env=b", "--runs", "2", "--output", "json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    document = ran.json
    assert document["ways"] == ["direct", "token-form=basic", "token-form=json", "header:X-Env=b"]
    authorization = row(document, "token", "Authorization")
    assert [value is not None for value in authorization] == [False, True, False, False]
    kinds = row(document, "token", "Content-Type")
    assert kinds[0] == kinds[1] == "application/x-www-form-urlencoded"
    assert kinds[2] == "application/json"
    assert row(document, "request", "X-Env") == [None, None, None, "b"]
    assert [m["token"]["count"] for m in document["measures"]] == [1, 1, 1, 1]


def test_a_variation_is_noted_in_the_history(command: Commands) -> None:
    event = command.event("e.json", ORDER)
    command("compare", "-e", event, *CRM, "--vary", "query:v=2")
    stored = command("history", "--output", "json").json["deliveries"]
    assert sorted(delivery["note"] for delivery in stored) == ["", "query:v=2"]
    assert len({delivery["comparison"] for delivery in stored}) == 1


def test_no_secret_is_told_or_kept(command: Commands) -> None:
    event = command.event("e.json", ORDER)
    vary = ("--vary", "header:X-Partner-Token=canary-typed", "--vary", "endpoint=http://127.0.0.1:9/")
    for output in ("text", "json"):
        ran = command(
            "compare", "-e", event, *CRM, "--via", "basic", *vary, "--skip-waits", "--output", output
        )
        assert "header:X-Partner-Token=••••••••" in ran.out
        kept = b"".join(file.read_bytes() for file in command.db.parent.glob(f"{command.db.name}*"))
        assert b"query" in kept
        for canary in (*CANARIES, "canary-typed"):
            assert canary not in ran.out + ran.err
            assert canary.encode() not in kept


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(CRM, "a comparison takes two ways or more", id="one way"),
        pytest.param(
            ("--rule", "big-orders", "--vary", "method=PUT"),
            "--vary compares one way with itself changed",
            id="several ways varied",
        ),
        pytest.param((*CRM, "--vary", "colour=red"), "'colour=red' is no variation", id="no variation"),
        pytest.param((*CRM, "--vary", "token-form=basic"), "asks for no token: it is BASIC", id="no token"),
        pytest.param((*CRM, "--via", "key", "--runs", "0"), "invalid value for '--runs'", id="no run"),
        pytest.param((*CRM, "--via", "key", "--ca-file", "none.pem"), "none.pem cannot be read", id="no CA"),
    ],
)
def test_what_cannot_be_compared(options: tuple[str, ...], message: str, command: Commands) -> None:
    ran = command("compare", "-e", command.event("e.json", ORDER), *options)
    assert ran.code == 2
    assert message.lower() in ran.err.lower()
    assert ran.out == ""


def test_an_endpoint_that_never_answers_has_no_latency(command: Commands) -> None:
    event = command.event("e.json", {**ORDER, "detail-type": "Lost"})
    ran = command(
        "compare", "-e", event, "--target", "lost/closed", "--vary", "endpoint=http://127.0.0.1:9/",
        "--runs", "2", "--skip-waits",
    )  # fmt: skip
    assert ran.code == 1
    assert "no answer" in ran.out
    assert "refused x2" in ran.out
