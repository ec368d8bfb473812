"""What PutTargets refuses, in the words that AWS was recorded to answer with (transform, section 0)."""

import pytest

from inspector.eventbridge.payload import AdmissionError
from inspector.eventbridge.resources import InputTransformer, TargetInput
from inspector.eventbridge.transform import check_target_input, render_payload
from tests.transform.samples import CONTEXT, event

_BAD_KEY = (
    "1 validation error detected: Value '{bad.key=$.detail.id}' at "
    "'targets.1.member.inputTransformer.inputPathsMap' failed to satisfy constraint: Map keys must satisfy "
    "constraint: [Member must have length less than or equal to 256, Member must have length greater than or "
    r"equal to 1, Member must satisfy regular expression pattern: [A-Za-z0-9\_\-]+]"
)


def option(template: str, **paths: str) -> TargetInput:
    return TargetInput(input_transformer=InputTransformer(template, paths))


@pytest.mark.parametrize(
    ("target_input", "message"),
    [
        pytest.param(
            TargetInput(input="{}", input_path="$.detail"),
            "Only one of Input, InputPath, or InputTransformer must be provided for target t1.",
            id="two-options",
        ),
        pytest.param(
            TargetInput(input="not-json"),
            'JSON syntax error in input for target t1: [Source: (String)"not-json"; line: 1, column: 1]',
            id="input-is-not-json",
        ),
        pytest.param(
            TargetInput(input_path="$..id"), "InputPath for target t1 is invalid.", id="input-path-syntax"
        ),
        pytest.param(
            option('{"a": <a>}', a="$['detail']"), "InputPath for target t1 is invalid.", id="map-path-syntax"
        ),
        pytest.param(option('{"a": <a>}', a=""), "InputPath for target t1 is invalid.", id="map-path-empty"),
        pytest.param(
            InputTransformer('{"a": <bad.key>}', {"bad.key": "$.detail.id"}),
            _BAD_KEY,
            id="map-key-characters",
        ),
        pytest.param(
            option('{"a": <nope>}', a="$.detail.id"),
            "InputTemplate for target t1 contains invalid placeholder nope.",
            id="unknown-placeholder-beside-a-map",
        ),
        pytest.param(
            option('{"<a>": 1}', a="$.detail.id"),
            "InputTemplate placeholder present as a JSON object key for target t1.",
            id="placeholder-as-key",
        ),
        pytest.param(
            option('[{"x <a>" : 1}]', a="$.detail.id"),
            "InputTemplate placeholder present as a JSON object key for target t1.",
            id="placeholder-in-a-key",
        ),
        pytest.param(
            option('"event <aws.events.event.json>"'),
            "InputTemplate for target t1 contains placeholder aws.events.event.json valid only for JSON "
            "template.",
            id="event-variable-in-a-string",
        ),
        pytest.param(
            option("[<aws.events.event>]"),
            "InputTemplate for target t1 contains placeholder aws.events.event valid only for JSON template.",
            id="event-variable-in-an-array",
        ),
        pytest.param(
            option("hello <value>", value="$.detail.id"),
            'Invalid InputTemplate for target t1 : [Source: (String)"hello null"; line: 1, column: 1].',
            id="plain-text",
        ),
    ],
)
def test_the_words_of_a_refusal(target_input: TargetInput | InputTransformer, message: str) -> None:
    if isinstance(target_input, InputTransformer):
        target_input = TargetInput(input_transformer=target_input)
    errors = check_target_input("t1", target_input)
    assert str(errors[0]) == message
    with pytest.raises(AdmissionError) as caught:
        render_payload(target_input, event(), CONTEXT, target_id="t1")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "target_input",
    [
        pytest.param(TargetInput(), id="nothing-set"),
        pytest.param(TargetInput(input=""), id="empty-input"),
        pytest.param(TargetInput(input='"constant"'), id="input-string"),
        pytest.param(TargetInput(input="null"), id="input-null"),
        pytest.param(TargetInput(input_path=""), id="empty-input-path"),
        pytest.param(option('{"a": <undefined>}'), id="unknown-placeholder-without-a-map"),
        pytest.param(option('{"a": <aws.events.unknown>}'), id="unknown-predefined-without-a-map"),
        pytest.param(option('"first <a>"\n"second <a>"', a="$.id"), id="quoted-lines"),
        pytest.param(option("null", a="$.id"), id="a-path-that-is-not-used"),
        pytest.param(option('"a < b and c > d"', a="$.id"), id="angle-brackets-that-hold-no-word"),
        pytest.param(option('{"a": "<aws.events.event.json>"}'), id="event-variable-in-quotes-of-an-object"),
    ],
)
def test_what_is_admitted(target_input: TargetInput) -> None:
    assert check_target_input("t1", target_input) == []


@pytest.mark.parametrize(
    ("template", "offset"),
    [
        pytest.param('{"a": <nope>}', 6, id="unknown"),
        pytest.param('{"b": <a>, "<a>": 1}', 12, id="key"),
        pytest.param('"x" <aws.events.event>', 4, id="event-variable"),
        pytest.param("hello <a>", 0, id="plain-text"),
        pytest.param('{"a": <a>, "b": }', 16, id="fault-behind-a-placeholder"),
        pytest.param('{"a": <a> <a>}', 10, id="the-placeholder-is-the-fault"),
        pytest.param('"x <a> y', 0, id="unclosed-string"),
        pytest.param('{"a": "<a>", "b": <a>, }', 23, id="behind-two"),
    ],
)
def test_the_place_in_the_template(template: str, offset: int) -> None:
    assert [error.offset for error in check_target_input("t1", option(template, a="$.id"))] == [offset]


@pytest.mark.parametrize(
    ("target_input", "constraint"),
    [
        pytest.param(TargetInput(input='"' + "x" * 8191 + '"'), "less than or equal to 8192", id="input"),
        pytest.param(TargetInput(input_path="$." + "x" * 255), "less than or equal to 256", id="input-path"),
        pytest.param(option(""), "greater than or equal to 1", id="empty-template"),
        pytest.param(option('"' + "x" * 8191 + '"'), "less than or equal to 8192", id="template"),
        pytest.param(option("1", a="$." + "x" * 255), "less than or equal to 256", id="map-path"),
        pytest.param(
            option("1", **{f"k{n}": "$" for n in range(101)}), "less than or equal to 100", id="map-entries"
        ),
        pytest.param(option("1", **{"": "$"}), "greater than or equal to 1", id="empty-key"),
        pytest.param(option("1", **{"k" * 257: "$"}), "less than or equal to 256", id="long-key"),
    ],
)
def test_limits(target_input: TargetInput, constraint: str) -> None:
    [error] = check_target_input("t1", target_input)
    assert constraint in str(error)


def test_a_misspelt_placeholder_is_offered_the_right_one() -> None:
    [error] = check_target_input("t1", option('{"a": <order_id>}', **{"order-id": "$.id"}))
    assert error.hint == 'did you mean <order-id>? Otherwise add "order_id" to InputPathsMap'


def test_every_fault_is_told() -> None:
    errors = check_target_input("t1", option('{"<a>": <nope>}', a="$..id"))
    assert len(errors) == 3
