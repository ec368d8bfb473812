"""`inspector dlq` over a real history and real HTTP."""

import json
import shlex
import sys
from pathlib import Path

import pytest

from inspector.endpoint.server import Endpoint
from tests.cli.conftest import ARN, CANARIES, LOST, ORDER, QUEUE, Commands, rule, target
from tests.deadletters.letters import ENVELOPE, message

UUID = "11112222-3333-4444-5555-666677778888"
ATTRIBUTES = {
    "RULE_ARN": f"{ARN}:rule/big-orders",
    "TARGET_ARN": f"{ARN}:api-destination/echo/{UUID}",
    "ERROR_CODE": "TIMEOUT",
    "ERROR_MESSAGE": "\x1b[31mtoo slow",
    "EXHAUSTED_RETRY_CONDITION": "MaximumEventAgeInSeconds",
    "RETRY_ATTEMPTS": "7",
}


@pytest.fixture
def lost(command: Commands) -> Commands:
    """A history of one delivery that arrived and one that was dead-lettered."""
    assert command("send", "-e", "order", "--target", "crm").code == 0
    assert command("send", "-e", command.event("lost.json", {**LOST, "id": "lost-1"})).code == 1
    return command


@pytest.fixture
def queue(command: Commands) -> str:
    """A file with two messages for the same target."""
    first = message('{"n": 1}', message_id="aaaa-1", attributes=ATTRIBUTES)
    second = message('{"n": 2}', message_id="bbbb-2", attributes=ATTRIBUTES)
    return command.event("queue.json", {"Messages": [first, second]})


def test_the_history_s_dead_letters(lost: Commands) -> None:
    ran = lost("dlq", "--output", "json")
    (letter,) = ran.json["dead_letters"]
    assert (ran.code, letter["error"]["code"], letter["body_kind"]) == (0, "NO_RESOURCE", "event")
    assert (letter["routes"], letter["queue_arn"], letter["redriven"]) == (["lost/closed"], QUEUE, False)
    assert letter["attributes"]["RETRY_ATTEMPTS"] == "0"
    row = lost("dlq").out
    assert row.startswith(letter["delivery_id"][:8])
    assert "lost → closed" in row


def test_the_history_is_searched(lost: Commands) -> None:
    assert lost("dlq", "list", "error:NO_RESOURCE").code == 0
    assert (lost("dlq", "rule:big-orders").code, lost("dlq", "rule:lost").code) == (1, 0)
    assert lost("dlq", "status:many").code == 2


def test_showing_one_of_the_history(lost: Commands) -> None:
    delivery_id = lost("dlq", "--output", "json").json["dead_letters"][0]["delivery_id"]
    shown = lost("dlq", "show", delivery_id[:8]).out
    for text in (
        "NO_RESOURCE",
        "what to do",
        "the first outcome was final",
        "lost/closed",
        "the whole event",
        f"inspector dlq redrive {delivery_id[:8]}",
        "inspector match -e -",
        "assumption",
    ):
        assert text in shown
    assert lost("dlq", "show", delivery_id, "--output", "json").json["delivery_id"] == delivery_id


def test_a_delivery_that_arrived_left_no_dead_letter(lost: Commands) -> None:
    arrived = lost("history", "state:delivered", "--output", "json").json["deliveries"][0]["delivery_id"]
    ran = lost("dlq", "show", arrived)
    assert (ran.code, "left no dead letter: it is delivered" in ran.err) == (2, True)


def test_a_redrive_of_the_history_is_recorded_with_its_lineage(lost: Commands, endpoint: Endpoint) -> None:
    letter = lost("dlq", "--output", "json").json["dead_letters"][0]
    ran = lost("dlq", "redrive", letter["delivery_id"][:8], "--target", "big-orders/crm", "--output", "json")
    assert (ran.code, ran.json["outcome"]) == (0, "delivered")
    (delivery,) = ran.json["deliveries"]
    assert (delivery["replay_of"], delivery["event_id"]) == (letter["delivery_id"], "lost-1")
    assert endpoint.received[-1].body == letter["body"]
    assert endpoint.received[-1].caller == "Basic user shop"
    recorded = lost("history", "show", delivery["delivery_id"], "--output", "json").json
    assert (recorded["replay_of"], recorded["state"]) == (letter["delivery_id"], "delivered")
    assert recorded["note"] == f"redrive of dead letter {letter['delivery_id']}"
    assert lost("dlq", "--output", "json").json["dead_letters"][0]["redriven"] is True
    assert "✓ redriven" in lost("dlq").out


def test_a_redrive_that_fails_again_is_exit_code_1_and_a_dead_letter_again(lost: Commands) -> None:
    letter = lost("dlq", "--output", "json").json["dead_letters"][0]
    ran = lost("dlq", "redrive", letter["delivery_id"])
    assert (ran.code, "dead-lettered" in ran.out) == (1, True)
    assert len(lost("dlq", "--output", "json").json["dead_letters"]) == 2


def test_dead_letters_of_a_file(command: Commands, queue: str) -> None:
    ran = command("dlq", "--from", queue, "--output", "json")
    first, second = ran.json["dead_letters"]
    assert ([first["number"], second["number"]], ran.code) == ([1, 2], 0)
    assert (first["message_id"], first["routes"]) == ("aaaa-1", ["big-orders/echo"])
    assert first["origin"] == {"file": queue, "path": "$.Messages[0]"}
    listed = command("dlq", "--from", queue).out
    assert "\x1b" not in listed
    assert "␛[31mtoo slow" in listed
    assert command("dlq", "show", "2", "--from", queue, "--body").out == '{"n": 2}\n'
    assert "reached its maximum age, after 7 retries" in command("dlq", "show", "bbbb", "--from", queue).out


def test_dead_letters_from_stdin(command: Commands) -> None:
    ran = command("dlq", "--from", "-", stdin=json.dumps(message(attributes=ATTRIBUTES)))
    assert (ran.code, "big-orders → echo" in ran.out) == (0, True)
    assert command("dlq", "--from", "-").code == 1


def test_many_are_sent_once(command: Commands, queue: str, endpoint: Endpoint) -> None:
    before = len(endpoint.received)
    assert command("dlq", "redrive", "1", "--from", queue).code == 0
    ran = command("dlq", "redrive", "--all", "--from", queue)
    assert (ran.code, "1 left out: a redrive has delivered them" in ran.err) == (0, True)
    assert [r.body for r in list(endpoint.received)[before:]] == ['{"n": 1}', '{"n": 2}']
    again = command("dlq", "redrive", "--all", "--from", queue)
    assert (again.code, "no dead letters to send" in again.err) == (0, True)
    assert len(endpoint.received) == before + 2
    notes = [d["note"] for d in command("history", "--output", "json").json["deliveries"]]
    assert notes[0] == f"redrive of dead letter bbbb-2 ({queue}: $.Messages[1])"


def test_a_dry_run_shows_the_request_and_sends_nothing(
    command: Commands, queue: str, endpoint: Endpoint
) -> None:
    before = len(endpoint.received)
    ran = command("dlq", "redrive", "--all", "--from", queue, "--dry-run")
    assert (ran.code, ran.out.count("POST http"), len(endpoint.received)) == (0, 2, before)
    assert not any(canary in ran.out + ran.err for canary in CANARIES)
    assert not command.db.exists()
    told = command("dlq", "redrive", "1", "--from", queue, "--dry-run", "--output", "json").json
    assert told["redrives"][0]["request"]["body"] == '{"n": 1}'


def test_another_body(command: Commands, queue: str, endpoint: Endpoint) -> None:
    mended = command.event("mended.json", '{"n": 100}\n')
    assert command("dlq", "redrive", "1", "--from", queue, "--body", mended).code == 0
    assert endpoint.received[-1].body == '{"n": 100}'


def editor(command: Commands, program: str) -> None:
    path = command.folder.parent / "editor.py"
    path.write_text(f"import pathlib, sys\nfile = pathlib.Path(sys.argv[1])\n{program}\n")
    command.monkeypatch.setenv("EDITOR", shlex.join([sys.executable, str(path)]))
    command.monkeypatch.delenv("VISUAL", raising=False)


def test_an_edited_body(command: Commands, queue: str, endpoint: Endpoint) -> None:
    editor(command, "file.write_text(file.read_text().replace('1', '41'))")
    assert command("dlq", "redrive", "1", "--from", queue, "--edit").code == 0
    assert endpoint.received[-1].body == '{"n": 41}'


def test_an_edit_that_changes_nothing_leaves_every_byte(command: Commands, endpoint: Endpoint) -> None:
    """A long line comes to the editor indented; what goes out is the line."""
    body = json.dumps({"text": "x" * 200, "price": 1.50}).replace("1.5", "1.50")
    editor(command, "assert len(file.read_text().splitlines()) == 4")
    path = command.event("long.json", message(body, attributes=ATTRIBUTES))
    assert command("dlq", "redrive", "1", "--from", path, "--edit").code == 0
    assert endpoint.received[-1].body == body


def test_an_edit_that_breaks_the_json_sends_nothing(
    command: Commands, queue: str, endpoint: Endpoint
) -> None:
    before = len(endpoint.received)
    editor(command, "file.write_text('{')")
    ran = command("dlq", "redrive", "1", "--from", queue, "--edit")
    assert (ran.code, "is no JSON" in ran.err, len(endpoint.received)) == (2, True, before)


def test_an_editor_that_fails_is_exit_code_2(command: Commands, queue: str) -> None:
    editor(command, "sys.exit(1)")
    assert command("dlq", "redrive", "1", "--from", queue, "--edit").code == 2


@pytest.fixture
def dynamic(command: Commands, endpoint: Endpoint) -> str:
    """A letter for a target whose URL reads the event."""
    connection = f"{ARN}:connection/basic/{UUID}"
    more = {
        "ApiDestinations": [
            {
                "Name": "by-code",
                "ConnectionArn": connection,
                "HttpMethod": "POST",
                "InvocationEndpoint": f"{endpoint.url}/status/*",
            }
        ],
        "Rules": [
            rule(
                "coded",
                {"source": ["shop"], "detail-type": ["Coded"]},
                target(
                    "t",
                    "by-code",
                    HttpParameters={"PathParameterValues": ["$.detail.code"]},
                    InputTransformer={"InputTemplate": '{"made": true}'},
                ),
            ),
        ],
    }
    (command.folder / "dynamic.json").write_text(json.dumps(more))
    arns = {"RULE_ARN": f"{ARN}:rule/coded", "TARGET_ARN": f"{ARN}:api-destination/by-code/{UUID}"}
    return command.event("dynamic.json", message('{"made": true}', attributes={**ATTRIBUTES, **arns}))


def test_a_url_that_reads_the_event_needs_the_event(
    command: Commands, dynamic: str, endpoint: Endpoint
) -> None:
    before = len(endpoint.received)
    ran = command("dlq", "redrive", "1", "--from", dynamic)
    assert (ran.code, len(endpoint.received)) == (2, before)
    assert "path parameter 1 ($.detail.code)" in ran.err
    assert "--original" in ran.err
    event = command.event("original.json", ENVELOPE)
    assert command("dlq", "redrive", "1", "--from", dynamic, "--original", event).code == 0
    assert (endpoint.received[-1].target, endpoint.received[-1].body) == ("/status/200", '{"made": true}')


def test_the_history_knows_the_event(command: Commands, dynamic: str, endpoint: Endpoint) -> None:
    coded = {"source": "shop", "detail-type": "Coded", "detail": {"code": "410"}}
    assert command("send", "-e", command.event("coded.json", coded), "--rule", "coded").code == 1
    letter = command("dlq", "--output", "json").json["dead_letters"][0]
    assert (letter["body"], letter["body_kind"]) == ('{"made": true}', "payload")
    assert letter["queue_arn"] is None, "dropped for want of a queue, and kept here all the same"
    assert command("dlq", "redrive", letter["delivery_id"]).code == 1
    assert (endpoint.received[-1].target, endpoint.received[-1].body) == ("/status/410", '{"made": true}')


@pytest.fixture
def mixed(command: Commands) -> str:
    """A file with one letter that can be sent, between two that cannot."""
    elsewhere = {**ATTRIBUTES, "TARGET_ARN": f"{ARN}:api-destination/gone/{UUID}"}
    return command.event(
        "mixed.json",
        [
            message("{", message_id="broken", attributes=ATTRIBUTES),
            message('{"n": 3}', message_id="sound", attributes=ATTRIBUTES),
            message("{}", message_id="strayed", attributes=elsewhere),
        ],
    )


REASONS = {
    "broken": "the body of dead letter broken is no JSON",
    "strayed": "dead letter strayed cannot be sent: API destination 'gone' is not in the definitions",
}


def test_of_all_those_that_can_be_sent_are(command: Commands, mixed: str, endpoint: Endpoint) -> None:
    before = len(endpoint.received)
    ran = command("dlq", "redrive", "--all", "--from", mixed)
    assert [r.body for r in list(endpoint.received)[before:]] == ['{"n": 3}']
    assert ran.code == 1, "not all of them were redriven"
    assert ran.out.startswith("✓ delivered  big-orders/echo")
    assert all(f"✗ {why}" in ran.out for why in REASONS.values())
    assert "→ Mend it with --edit" in ran.out
    assert "2 of 3 dead letters cannot be sent" in ran.out


def test_of_all_those_that_cannot_be_sent_stand_in_the_document(command: Commands, mixed: str) -> None:
    told = command("dlq", "redrive", "--all", "--from", mixed, "--output", "json")
    assert (told.code, told.json["outcome"], told.json["not_begun"]) == (1, "not-delivered", 0)
    assert [one["message_id"] for one in told.json["deliveries"]] == ["sound"]
    found = {one["message_id"]: one["why"] for one in told.json["cannot_be_sent"]}
    assert found.keys() == REASONS.keys()
    assert all(found[name].startswith(why) for name, why in REASONS.items())


def test_a_dry_run_names_those_that_cannot_be_sent(command: Commands, mixed: str, endpoint: Endpoint) -> None:
    before = len(endpoint.received)
    ran = command("dlq", "redrive", "--all", "--from", mixed, "--dry-run")
    assert (ran.code, ran.out.count("POST http"), len(endpoint.received)) == (1, 1, before)
    assert all(f"✗ {why}" in ran.out for why in REASONS.values())
    told = command("dlq", "redrive", "--all", "--from", mixed, "--dry-run", "--output", "json").json
    assert [one["message_id"] for one in told["cannot_be_sent"]] == ["broken", "strayed"]


def test_where_none_can_be_sent_nothing_is(command: Commands, endpoint: Endpoint) -> None:
    before = len(endpoint.received)
    path = command.event("broken.json", message("{", message_id="broken", attributes=ATTRIBUTES))
    ran = command("dlq", "redrive", "--all", "--from", path)
    assert (ran.code, "1 of 1 dead letter cannot be sent" in ran.out) == (1, True)
    assert len(endpoint.received) == before


def test_of_named_letters_none_is_sent_unless_all_can_be(
    command: Commands, mixed: str, endpoint: Endpoint
) -> None:
    before = len(endpoint.received)
    ran = command("dlq", "redrive", "sound", "broken", "--from", mixed)
    assert (ran.code, REASONS["broken"] in ran.err, len(endpoint.received)) == (2, True, before)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["redrive", "--from", "QUEUE"], "give the ids of dead letters, or --all", id="no id"),
        pytest.param(["redrive", "1", "--all", "--from", "QUEUE"], "or --all", id="both"),
        pytest.param(
            ["redrive", "1", "--edit", "--body", "x", "--from", "QUEUE"], "give one of them", id="bodies"
        ),
        pytest.param(["redrive", "1", "2", "--body", "x", "--from", "QUEUE"], "these are 2", id="one body"),
        pytest.param(["redrive", "3", "--from", "QUEUE"], "no dead letter is called '3'", id="number"),
        pytest.param(["show", "cc", "--from", "QUEUE"], "no dead letter is called 'cc'", id="id"),
        pytest.param(["show", "", "--from", "QUEUE"], "stands for 2 dead letters", id="ambiguous"),
        pytest.param(["list", "x", "--from", "QUEUE"], "give one of them", id="query and file"),
        pytest.param(["list", "--from", "missing.json"], "missing.json cannot be read", id="no file"),
        pytest.param(["list"], "there is no history at", id="no history"),
        pytest.param(
            ["redrive", "1", "--from", "QUEUE", "--target", "no"], "no target is called", id="target"
        ),
        pytest.param(
            ["redrive", "1", "--from", "QUEUE", "-c", "EMPTY"], "not in the definitions", id="definitions"
        ),
    ],
)
def test_bad_input_is_exit_code_2(
    arguments: list[str], message: str, command: Commands, queue: str, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    stand = {"QUEUE": queue, "EMPTY": str(empty)}
    ran = command("dlq", *(stand.get(argument, argument) for argument in arguments))
    assert (ran.code, message in ran.err, ran.out) == (2, True, "")


def test_the_order_of_the_shop_is_no_dead_letter(command: Commands) -> None:
    ran = command("dlq", "--from", command.event("order-file.json", ORDER))
    assert (ran.code, "expected a message with a" in ran.err) == (2, True)
