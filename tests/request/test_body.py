"""The body of a request (request-and-auth, section 5)."""

import pytest

from inspector.eventbridge.request import merge_body
from inspector.secret import MASK, Secret
from tests.request.samples import Given


@pytest.mark.parametrize(
    ("payload", "parameters", "body"),
    [
        pytest.param('{ "a": 1 }', [], '{ "a": 1 }', id="without-parameters-byte-for-byte"),
        pytest.param('{ "a": 1.50 }', [("k", "v")], '{"a":1.50,"k":"v"}', id="appended-compact"),
        pytest.param('{"k":{"x":1},"z":1}', [("k", "v")], '{"k":"v","z":1}', id="replaced-in-its-place"),
        pytest.param("{}", [("k", 'a"b')], '{"k":"a\\"b"}', id="escaped"),
        pytest.param("[1]", [("k", "v")], "[1]", id="array"),
        pytest.param('"a"\n"b"', [("k", "v")], '"a"\n"b"', id="lines"),
        pytest.param('{"a":1}\n{"b":2}', [("k", "v")], '{"a":1}\n{"b":2}', id="two-objects"),
        pytest.param("{k:v}", [("k", "v")], "{k:v}", id="not-json"),
        pytest.param('{"a":"\\ud800"}', [("k", "v")], '{"a":"?","k":"v"}', id="lone-surrogate"),
    ],
)
def test_merging(payload: str, parameters: list[tuple[str, str]], body: str) -> None:
    assert merge_body(payload, parameters) == body


def test_a_payload_too_deep_to_be_written_again_is_left_alone() -> None:
    deep = '{"a":' + "[" * 3000 + "]" * 3000 + "}"
    assert merge_body(deep, [("k", "v")]) == deep
    assert Given(body=deep, connection_body={"k": "v"}).build().body_parameters == ()


def test_a_secret_member_is_masked() -> None:
    request = Given(connection_body={"token": Secret("canary-body")}).build()
    assert request.masked_body == f'{{"z":1,"token":"{MASK}"}}'


def test_a_long_member_that_is_replaced_is_told_in_short() -> None:
    request = Given(body='{"k":"' + "x" * 500 + '"}', connection_body={"k": "v"}).build()
    assert request.body_parameters[0].replaced == "payload's \"" + "x" * 78 + "…"
