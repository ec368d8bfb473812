"""`match` says who fires and why others do not; `preview` shows the exact request and sends nothing."""

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from inspector.endpoint.server import Endpoint
from tests.cli.conftest import API_KEY, CANARIES, LOST, ORDER, SMALL_ORDER, Commands


def test_a_match_names_the_targets(command: Commands) -> None:
    ran = command("match", "-e", "order")
    assert ran.code == 0
    assert "✓ big-orders  → crm, echo" in ran.out
    assert "· direct  no rule leads here" in ran.out
    assert "filled: account, id, region, resources, time, version" in ran.out
    assert ran.err == ""


def test_a_miss_is_explained_and_is_exit_code_1(command: Commands) -> None:
    ran = command("match", "-e", command.event("small.json", SMALL_ORDER), "--rule", "big-orders")
    assert ran.code == 1
    assert "✗ big-orders" in ran.out
    assert "✗ `detail.total` is 80, which is not > 100" in ran.out
    assert "retried" not in ran.out


def test_match_as_json_is_one_document(command: Commands) -> None:
    ran = command("match", "-e", "order", "--output", "json")
    (event,) = ran.json["events"]
    assert ran.json["matched"] is event["matched"] is True
    assert event["event"]["detail"] == ORDER["detail"]
    rules = {rule["rule"]: rule for rule in event["rules"]}
    assert rules["big-orders"]["targets"] == ["big-orders/crm", "big-orders/echo"]
    missed = rules["lost"]
    assert (missed["matched"], missed["explanation"]["matched"]) == (False, False)
    assert missed["explanation"]["children"][0]["path"] == "detail-type"
    assert [route["route"] for route in ran.json["without_rule"]] == ["direct"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n".join(map(json.dumps, (ORDER, LOST))), id="JSONL"),
        pytest.param(json.dumps([ORDER, LOST]), id="array"),
        pytest.param(
            json.dumps(
                {
                    "Entries": [
                        {"Source": "shop", "DetailType": "Order", "Detail": '{"total": 101}'},
                        {"Source": "shop", "DetailType": "Lost", "Detail": "{}"},
                    ]
                }
            ),
            id="PutEvents",
        ),
    ],
)
def test_several_events_from_stdin(text: str, command: Commands) -> None:
    ran = command("match", "-e", "-", "--output", "json", stdin=text)
    assert ran.code == 0
    fired = [[r["rule"] for r in event["rules"] if r["matched"]] for event in ran.json["events"]]
    assert fired == [["big-orders"], ["lost"]]


def test_one_event_of_several_that_fires_nothing_is_exit_code_1(command: Commands) -> None:
    text = json.dumps([ORDER, SMALL_ORDER])
    assert command("match", "-e", "-", stdin=text).code == 1


def test_a_preview_shows_each_part_with_its_source(command: Commands, endpoint: Endpoint) -> None:
    before = len(endpoint.received)
    ran = command("preview", "-e", "order", "--target", "crm")
    assert ran.code == 0
    assert f"POST {endpoint.url}/v1/webhooks/new-user" in ran.out
    lines = {line.split()[0]: line for line in ran.out.splitlines() if line.startswith("  ")}
    assert "fixed by EventBridge" in lines["User-Agent"]
    assert "Amazon/EventBridge/ApiDestinations" in lines["User-Agent"]
    assert 'connection "basic"' in lines["X-Partner-Token"]
    assert "••••" in lines["X-Partner-Token"]
    assert "••••" in lines["Authorization"]
    assert len(endpoint.received) == before
    assert not any(canary in ran.out + ran.err for canary in CANARIES)


def test_a_preview_without_a_name_shows_every_target_that_the_event_reaches(command: Commands) -> None:
    ran = command("preview", "-e", "order", "--output", "json")
    (event,) = ran.json["events"]
    assert [preview["route"] for preview in event["previews"]] == ["big-orders/crm", "big-orders/echo"]
    body = json.loads(event["previews"][0]["request"]["body"])
    assert body["detail"] == ORDER["detail"]


def test_a_named_target_is_shown_though_its_rule_is_silent(command: Commands) -> None:
    ran = command("preview", "-e", "order", "--target", "lost/closed", "--output", "json")
    assert ran.code == 1
    (preview,) = ran.json["events"][0]["previews"]
    assert preview["matched"] is False
    assert preview["request"]["url"].endswith("/status/404")


def test_a_preview_of_nothing_says_why(command: Commands) -> None:
    ran = command("preview", "-e", command.event("small.json", SMALL_ORDER))
    assert (ran.code, "no rule matches the event" in ran.err) == (1, True)


def test_a_preview_through_another_connection_and_endpoint(command: Commands) -> None:
    line = "preview -e order --target crm --connection key --endpoint https://elsewhere.example --output json"
    request = command(*line.split()).json["events"][0]["previews"][0]["request"]
    assert request["url"] == "https://elsewhere.example/v1/webhooks/new-user"
    headers = {header["name"]: header for header in request["headers"]}
    assert headers["X-Api-Key"]["source"] == "authorization"
    assert "Authorization" not in headers


def test_a_preview_as_curl_can_be_run(command: Commands, endpoint: Endpoint, tmp_path: Path) -> None:
    ran = command("preview", "-e", "order", "--target", "crm", "--connection", "key", "--as", "curl")
    assert API_KEY not in ran.out
    assert "curl --request POST" in ran.out
    script = tmp_path / "send.sh"
    script.write_text(f"set -e\nexport KEY_X_API_KEY={shlex.quote(API_KEY)}\n{ran.out}")
    subprocess.run(["sh", str(script)], check=True, capture_output=True, timeout=20)
    assert endpoint.received[-1].caller == "API key in X-Api-Key"
    assert json.loads(endpoint.received[-1].body)["detail"] == ORDER["detail"]


@pytest.mark.parametrize(
    ("form", "head"),
    [("httpie", "# "), ("python", "import os"), ("http", "POST /v1/webhooks/new-user HTTP/1.1")],
)
def test_the_other_forms_of_a_preview(form: str, head: str, command: Commands) -> None:
    ran = command("preview", "-e", "order", "--target", "crm", "--as", form)
    assert ran.out.startswith(head)
    assert not any(canary in ran.out for canary in CANARIES)


def test_a_sample_is_printed_as_it_is_or_filled(command: Commands) -> None:
    assert command("event", "order").json == ORDER
    filled = command("event", "order", "--filled").json
    assert list(filled)[:3] == ["version", "id", "detail-type"]
    assert command("match", "-e", "-", stdin=json.dumps(filled)).code == 0


def test_samples_and_templates_are_listed(command: Commands) -> None:
    listed = command("event").out
    assert "order " in listed
    assert "template" in listed
    named = command("event", "custom EVENT")
    assert named.json["source"]
    assert command("event", "ordre").err.endswith("did you mean 'order'?\n")


def test_secrets_are_written_only_when_asked_for(command: Commands) -> None:
    line = ["preview", "-e", "order", "--target", "crm", "--connection", "key", "--as", "curl"]
    masked, clear = command(*line), command(*line, "--with-secrets")
    assert not any(secret in masked.out for secret in CANARIES)
    assert any(secret in clear.out for secret in CANARIES)
    assert "warning: the output holds secrets" in clear.err
    assert command(*line[:-2], "--with-secrets").code == 2
