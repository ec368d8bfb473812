"""Files of dead letters: the forms that are read, and what is said of others."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inspector.config.dead_letters import DeadLetterError, load_letters, read_letters
from tests.deadletters.letters import ATTRIBUTES, message

ONE, TWO = message(message_id="m-1"), message('{"order":2}', message_id="m-2")
LAMBDA = {
    "messageId": "m-1",
    "body": '{"order":1}',
    "attributes": {"SentTimestamp": "1772366400000"},
    "messageAttributes": {
        name: {"stringValue": value, "dataType": "String"} for name, value in ATTRIBUTES.items()
    },
    "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:lost",
}


@pytest.mark.parametrize(
    ("text", "ids", "places"),
    [
        pytest.param(
            json.dumps({"Messages": [ONE, TWO]}, indent=4),
            ["m-1", "m-2"],
            ["$.Messages[0]", "$.Messages[1]"],
            id="receive-message",
        ),
        pytest.param(json.dumps([ONE, TWO]), ["m-1", "m-2"], ["$[0]", "$[1]"], id="an array"),
        pytest.param(json.dumps(ONE), ["m-1"], ["$"], id="one message"),
        pytest.param(
            f"{json.dumps(ONE)}\n\n{json.dumps(TWO)}\n",
            ["m-1", "m-2"],
            ["line 1: $", "line 3: $"],
            id="JSONL",
        ),
        pytest.param(
            json.dumps({"Messages": [ONE]}, indent=4)
            + json.dumps({"Messages": [TWO]}, indent=4).join("\n\n"),
            ["m-1", "m-2"],
            ["value 1: $.Messages[0]", "value 2: $.Messages[0]"],
            id="several answers appended",
        ),
        pytest.param(json.dumps({"Records": [LAMBDA]}), ["m-1"], ["$.Records[0]"], id="what Lambda gets"),
        pytest.param("", [], [], id="an empty queue prints nothing"),
        pytest.param('{"Messages": []}', [], [], id="no messages"),
        pytest.param("{}", [], [], id="an empty answer"),
    ],
)
def test_forms(text: str, ids: list[str], places: list[str]) -> None:
    letters = read_letters(text, "queue.json")
    assert [letter.message_id for letter in letters] == ids
    assert [letter.origin.path for letter in letters] == places
    for letter in letters:
        assert letter.letter.attributes == ATTRIBUTES
        assert letter.sent_at == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_body_stays_as_it_is() -> None:
    body = '{ "price": 1.50,\n "é": "\\u00e9" }\n'
    assert read_letters(json.dumps(message(body)), "q")[0].letter.body == body


def test_a_lambda_record_names_its_queue() -> None:
    assert read_letters(json.dumps(LAMBDA), "q")[0].letter.queue_arn.endswith(":lost")


def test_other_attributes_are_kept_and_binary_ones_passed_over() -> None:
    one = {
        "Body": "{}",
        "MessageAttributes": {
            "TENANT": {"StringValue": "a", "DataType": "String"},
            "BLOB": {"BinaryValue": "AA==", "DataType": "Binary"},
        },
    }
    (letter,) = read_letters(json.dumps(one), "q")
    assert letter.letter.attributes == {"TENANT": "a"}
    assert (letter.identity, letter.sent_at) == ("", None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("{", "q.json: not valid JSON", id="no JSON"),
        pytest.param("7", "q.json: $: found 7, expected a message", id="a number"),
        pytest.param('{"detail": {}}', "q.json: $: found an object with the members detail", id="an event"),
        pytest.param('{"Messages": {}}', "$.Messages: found an object", id="messages no array"),
        pytest.param(
            '{"Messages": [{"Body": 5}]}', "$.Messages[0].Body: found 5, expected a string", id="body"
        ),
        pytest.param('[{"Body": "x"}, null]', "q.json: $[1]: found null", id="an item that is none"),
        pytest.param('{"Body": "x"}\n{"Body": []}', "q.json: line 2: $.Body: found an array", id="line"),
        pytest.param(
            '{"Body": "x", "MessageAttributes": []}', "$.MessageAttributes: found an array", id="attributes"
        ),
        pytest.param(
            '{"Body": "x", "MessageAttributes": {"ERROR_CODE": "TIMEOUT"}}',
            '$.MessageAttributes.ERROR_CODE: found "TIMEOUT"',
            id="a bare attribute",
        ),
        pytest.param(
            '{"Body": "x", "MessageAttributes": {"ERROR_CODE": {"StringValue": 1}}}',
            "$.MessageAttributes.ERROR_CODE.StringValue: found 1, expected a string",
            id="an attribute's value",
        ),
        pytest.param('{"Body": "x", "MessageId": 1}', "$.MessageId: found 1", id="id"),
        pytest.param(
            '{"Body": "x", "Attributes": {"SentTimestamp": "noon"}}',
            '$.Attributes.SentTimestamp: found "noon"',
            id="timestamp",
        ),
        pytest.param(
            '{"Body": "x", "Attributes": {"SentTimestamp": "9e99"}}',
            "milliseconds since 1970",
            id="no integer",
        ),
        pytest.param(
            '{"Body": "x", "Attributes": {"SentTimestamp": ' + "9" * 400 + "}}",
            "milliseconds since 1970",
            id="beyond time",
        ),
    ],
)
def test_what_is_no_dead_letter_is_refused_by_place(text: str, sentence: str) -> None:
    with pytest.raises(DeadLetterError) as refused:
        read_letters(text, "q.json")
    assert sentence in str(refused.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DeadLetterError, match="no such file"):
        load_letters(tmp_path / "missing.json")
    (tmp_path / "latin.json").write_bytes(b'{"Body": "\xe9"}')
    with pytest.raises(DeadLetterError, match="is not UTF-8 text"):
        load_letters(tmp_path / "latin.json")


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "q.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(ONE).encode())
    assert load_letters(path)[0].message_id == "m-1"
