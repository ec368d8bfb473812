"""What is recorded comes back as it was, but for its secrets."""

import base64
import json
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from inspector.delivery.events import AttemptEnd, DeliveryEvent, InvocationEnd, InvocationStart, Outcome
from inspector.eventbridge.payload import Payload
from inspector.history import History, HistoryError
from inspector.history.columns import LONGEST_BODY
from inspector.history.records import UNRESOLVED
from inspector.jsontext import loads
from tests.history.deliveries import (
    DEAD,
    DELIVERED,
    NAMES,
    START,
    answer,
    as_recorded,
    attempt,
    dead_lettered,
    delivered,
    event,
    new_delivery,
    record,
    request,
    run,
    without_secrets,
)


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(delivered("d-1"), id="delivered"),
        pytest.param(dead_lettered("d-1"), id="dead-lettered"),
        *(pytest.param(delivered("d-1")[:length], id=f"first-{length}") for length in range(13)),
    ],
)
def test_the_stream_of_events_comes_back(history: History, events: list[DeliveryEvent]) -> None:
    record(history, new_delivery("d-1"), events)
    assert history.events_of("d-1") == [as_recorded(each) for each in events]


def test_the_delivery_comes_back(history: History) -> None:
    new = new_delivery("d-1", replay_of="d-0", comparison="c-1", note="why?")
    events = delivered("d-1")
    record(history, new, events)
    stored = history.get("d-1")
    assert (stored.event, stored.payload, stored.names) == (new.event, new.payload, NAMES)
    assert stored.request == without_secrets(request())
    assert stored.request.headers[3].value is UNRESOLVED
    assert (stored.retry_policy, stored.outcome, stored.comparison) == (new.retry_policy, DELIVERED, "c-1")
    ends = [as_recorded(each) for each in events if isinstance(each, AttemptEnd)]
    assert list(stored.attempts) == [end.attempt for end in ends if isinstance(end, AttemptEnd)]
    summary = stored.summary
    assert (summary.state, summary.status, summary.attempts, summary.milliseconds) == (
        "delivered",
        200,
        3,
        9000.0,
    )
    assert (summary.event_id, summary.source, summary.detail_type) == (
        "event-1",
        "shop.orders",
        "OrderPlaced",
    )
    assert (summary.replay_of, summary.note, summary.created_at) == ("d-0", "why?", START)
    assert [summary] == history.page()


def test_a_payload_that_was_never_sent(history: History) -> None:
    payload = Payload("invalid-json", '{"a": }', "InputTransformer", "no value", 6)
    dropped = Outcome("dropped", 0, 0, "the payload is no JSON", "INVALID_JSON", "Invalid input for target.")
    events: list[DeliveryEvent] = [
        InvocationStart(START, "d-1", NAMES.route, 3, 60),
        InvocationEnd(START, dropped),
    ]
    record(history, new_delivery("d-1", payload=payload, request=None), events)
    stored = history.get("d-1")
    assert (stored.payload, stored.request, stored.outcome, stored.summary.url) == (
        payload,
        None,
        dropped,
        "",
    )
    assert history.events_of("d-1") == events


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"a":"\ud83d"}', id="lone-surrogate"),
        pytest.param('{"a":"\0"}', id="nul"),
        pytest.param('{"a":"\x1b[31m ☃ 😀"}', id="escapes-and-emoji"),
        pytest.param("", id="empty"),
    ],
)
def test_texts_come_back_whatever_is_in_them(history: History, text: str) -> None:
    document = event(1, odd=text) | {text: "a name"}
    new = new_delivery("d-1", event=document, payload=Payload("deliver", text, "InputPath"), note=text)
    record(history, replace(new, request=None))
    stored = history.get("d-1")
    assert (stored.event, stored.payload.body, stored.summary.note) == (document, text, text)


def test_numbers_keep_their_text(history: History) -> None:
    document = event(1)
    document["detail"] = loads('{"price":1.0,"big":3e2,"long":123456789012345678901234567890}')
    record(history, new_delivery("d-1", event=document))
    assert history.get("d-1").event["detail"] == document["detail"]
    assert '"price":1.0,"big":3e2,"long":123456789012345678901234567890' in next(history.export())


@pytest.mark.parametrize("body", [b"", b"text", "☃".encode(), b"\xff\xfe", b"a\0b", bytes(range(256))])
def test_answers_come_back_byte_for_byte(history: History, body: bytes) -> None:
    record(history, new_delivery("d-1"), run("d-1", (answer(200, body), None)))
    response = history.get("d-1").attempts[0].response
    assert response == answer(200, body)


def test_long_answers_are_cut_and_marked(history: History) -> None:
    record(history, new_delivery("d-1"), run("d-1", (answer(200, b"x" * (LONGEST_BODY + 1)), None)))
    response = history.get("d-1").attempts[0].response
    assert response is not None
    assert (len(response.body), response.cut, response.received_bytes) == (
        LONGEST_BODY,
        True,
        LONGEST_BODY + 1,
    )


def test_an_event_and_a_request_are_written_once(history: History, path: Path) -> None:
    for number in range(3):
        record(history, new_delivery(f"d-{number}"), delivered(f"d-{number}"))
    history.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM requests").fetchone() == (2,)


def test_an_attempt_that_was_cut_short_by_cancelling(history: History) -> None:
    events = [*delivered("d-1")[:6], InvocationEnd(START, Outcome("abandoned", 2, 1, "cancelled"))]
    record(history, new_delivery("d-1"), events)
    assert history.get("d-1").interrupted_attempts == (2,)
    assert history.events_of("d-1") == [as_recorded(each) for each in events]


def test_the_end_of_an_attempt_whose_start_could_not_be_written(history: History) -> None:
    end = AttemptEnd(START, attempt(1, answer(200), None))
    record(history, new_delivery("d-1"), [end])
    assert history.events_of("d-1") == [as_recorded(end)]


class TestSecrets:
    """Everything stored is masked: the bytes of the file hold no secret in any spelling."""

    def test_are_in_no_file(self, history: History, path: Path) -> None:
        record(history, new_delivery("d-1"), delivered("d-1"))
        record(history, new_delivery("d-2"), dead_lettered("d-2"))
        files = [path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")]
        everything = b"".join(file.read_bytes() for file in files)
        assert b"crm.example.com" in everything, "the bytes looked at are those of the history"
        for spelling in spellings("canary"):
            assert spelling not in everything

    def test_are_in_no_export(self, history: History) -> None:
        record(history, new_delivery("d-1"), delivered("d-1"))
        text = "\n".join(history.export())
        for spelling in spellings("canary"):
            assert spelling.decode() not in text
        document = json.loads(text)
        assert document["attempts"][0]["request"]["headers"][3] == ["Authorization", "••••••••"]

    def test_are_in_no_repr_of_what_comes_back(self, history: History) -> None:
        record(history, new_delivery("d-1"), delivered("d-1"))
        assert "canary" not in repr(history.get("d-1")) + repr(history.events_of("d-1")) + repr(
            history.page()
        )


def spellings(secret: str) -> list[bytes]:
    """The secret as is, percent-encoded, and as it looks within a longer Base64 text, at any place."""
    found = {secret, quote(secret), "".join(f"%{byte:02X}" for byte in secret.encode())}
    for shift in range(3):
        text = base64.b64encode(b"x" * shift + secret.encode() + b"xx").decode()
        found.add(text[-(-shift * 8 // 6) : (shift + len(secret)) * 8 // 6])
    return [text.encode() for text in found]


class TestFinding:
    def test_a_delivery_by_the_beginning_of_its_id(self, history: History) -> None:
        for delivery_id in ("aa-1", "aa-2", "ab", "ab-c", "%_"):
            record(history, new_delivery(delivery_id))
        assert history.get("aa-2").delivery_id == "aa-2"
        assert history.get("ab").delivery_id == "ab", "a whole id is no beginning of another"
        assert history.get("ab-").delivery_id == "ab-c"
        assert history.get("last").delivery_id == "%_"

    @pytest.mark.parametrize(
        ("reference", "message"),
        [
            ("aa", "the beginning of several deliveries: aa-1, aa-2"),
            ("%", "no delivery begins with '%'"),
            ("", "no delivery begins with ''"),
            ("zz", "no delivery begins with 'zz'"),
        ],
    )
    def test_explains_what_it_cannot_find(self, history: History, reference: str, message: str) -> None:
        for delivery_id in ("aa-1", "aa-2"):
            record(history, new_delivery(delivery_id))
        with pytest.raises(HistoryError, match=message) as caught:
            history.get(reference)
        assert caught.value.hint

    def test_an_empty_history_has_no_last(self, history: History) -> None:
        with pytest.raises(HistoryError, match="the history is empty"):
            history.get("last")

    def test_recording_to_an_unknown_delivery_is_refused(self, history: History) -> None:
        with pytest.raises(HistoryError, match="no delivery 'd-9'"):
            history.record("d-9", InvocationEnd(START, DEAD))


class TestForgetting:
    def test_a_delivery_goes_with_all_that_only_it_had(self, history: History, path: Path) -> None:
        record(history, new_delivery("d-1", event=event(1)), delivered("d-1"))
        record(history, new_delivery("d-2", event=event(2)), dead_lettered("d-2"))
        history.delete("d-1")
        assert [summary.delivery_id for summary in history.page()] == ["d-2"]
        assert history.count("ord-1") == 0
        history.delete("d-2")
        history.close()
        with sqlite3.connect(path) as connection:
            for table in ("events", "requests", "deliveries", "attempts", "waits"):
                assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
            for index in ("events_text", "deliveries_text", "attempts_text"):
                connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")

    def test_old_ones_and_surplus_ones_go_but_none_in_flight(self, history: History) -> None:
        for number in range(6):
            new = new_delivery(f"d-{number}", created_at=START + timedelta(days=number))
            record(history, new, delivered(f"d-{number}") if number else ())
        assert history.prune(older_than=START + timedelta(days=2)) == 1
        assert history.prune(keep=2) == 2
        assert [summary.delivery_id for summary in history.page()] == ["d-5", "d-4", "d-0"]
        assert history.prune() == 0


def test_a_note_is_kept_and_found(history: History) -> None:
    record(history, new_delivery("d-1"))
    history.annotate("last", "flapping since tuesday")
    assert history.get("d-1").summary.note == "flapping since tuesday"
    assert history.count("flapping") == 1
    history.annotate("d-1", "")
    assert history.count("flapping") == 0
