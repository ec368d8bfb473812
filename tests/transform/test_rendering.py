"""What the body is, byte for byte (transform, sections 0, 3, 4 and 7)."""

import pytest

from inspector.eventbridge.payload import Payload
from inspector.eventbridge.resources import TargetInput
from inspector.eventbridge.transform import render_payload
from inspector.jsontext import JsonObject, dumps, loads
from tests.transform.samples import CONTEXT, event, render, transformer


def test_without_an_option_the_payload_is_the_event_compact() -> None:
    payload = render_payload(TargetInput(), event(), CONTEXT)
    assert payload == Payload("deliver", dumps(event()), "event")
    assert '"e":3.0e2' in payload.body


@pytest.mark.parametrize("text", ['{ "fixed": true }', "17", "null", '"constant"', '[1,"two"]'])
def test_input_is_sent_as_it_is_written(text: str) -> None:
    assert render_payload(TargetInput(input=text), event(), CONTEXT) == Payload("deliver", text, "Input")


def test_an_empty_input_delivers_nothing() -> None:
    payload = render_payload(TargetInput(input=""), event(), CONTEXT)
    assert (payload.verdict, payload.body, payload.mode) == ("nothing", "", "Input")
    assert payload.reason


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("$.detail.o", '{"k":"v","n":2}', id="object"),
        pytest.param("$.detail.l", '["A","B"]', id="array"),
        pytest.param("$.detail.id", '"u1"', id="string-in-quotes"),
        pytest.param("$.detail.n", "3", id="number"),
        pytest.param("$.detail.e", "3.0e2", id="number-keeps-its-text"),
        pytest.param("$.detail.ok", "true", id="boolean"),
        pytest.param("$.detail.no", "{}", id="null"),
        pytest.param("$.detail.gone", "{}", id="missing"),
        pytest.param("", "{}", id="empty-path"),
        pytest.param("$.detail.items[*].name", '["first","second"]', id="wildcard"),
        pytest.param("$.detail.wide", '"Füße 日本"', id="non-ascii-as-itself"),
    ],
)
def test_input_path(path: str, body: str) -> None:
    payload = render_payload(TargetInput(input_path=path), event(), CONTEXT)
    assert (payload.verdict, payload.body, payload.mode) == ("deliver", body, "InputPath")


@pytest.mark.parametrize(
    ("template", "body"),
    [
        pytest.param('{"a": <id>}', '{"a": "u1"}', id="bare-string"),
        pytest.param('{"a":<n>,"b":<ok>,"c":<no>}', '{"a":3,"b":true,"c":null}', id="bare-scalars"),
        pytest.param(
            '{"a":<price>,"b":<e>,"c":<big>}',
            '{"a":1.50,"b":3.0e2,"c":12345678901234567890}',
            id="number-text",
        ),
        pytest.param('{"a": <o>}', '{"a": {"k":"v","n":2}}', id="bare-object-compact-in-the-events-order"),
        pytest.param('{"a": <l>}', '{"a": ["A","B"]}', id="bare-array"),
        pytest.param('{"a": <gone>}', '{"a": ""}', id="bare-missing"),
        pytest.param('{"a": [<gone>]}', '{"a": [""]}', id="bare-missing-in-an-array"),
        pytest.param('{"a": <quoted>}', r'{"a": "say \"hi\""}', id="bare-string-is-escaped"),
        pytest.param('{"a": "<id>"}', '{"a": "u1"}', id="quoted-string"),
        pytest.param('{"a": "x/<id>/y/<id>"}', '{"a": "x/u1/y/u1"}', id="twice-in-one-string"),
        pytest.param('{"a": "<n> <ok> <no>"}', '{"a": "3 true null"}', id="quoted-scalars"),
        pytest.param(
            '{"a": "<quoted>, <lines>, <back>"}', r'{"a": "say \"hi\", a\nb, a\\b"}', id="quoted-is-escaped"
        ),
        pytest.param('{"a": "[<gone>]"}', '{"a": "[]"}', id="quoted-missing"),
        pytest.param('{"a": "<eo>"}', '{"a": "{}"}', id="quoted-empty-object-happens-to-be-json"),
        pytest.param('{"a": "\\"<id>\\""}', '{"a": "\\"u1\\""}', id="escaped-quotes-of-the-template-stay"),
        pytest.param('{\n  "a" : <id> ,\n  "b":1\n}\n', '{\n  "a" : "u1" ,\n  "b":1\n}\n', id="layout-stays"),
        pytest.param('{"a": <names>}', '{"a": ["first","second"]}', id="wildcard"),
        pytest.param(
            '{"a": "a < b", "c": "<>", "d": "</id>"}', '{"a": "a < b", "c": "<>", "d": "</id>"}', id="no-word"
        ),
        pytest.param('{"a": <id>}\n{"b": <n>}', '{"a": "u1"}\n{"b": 3}', id="two-objects"),
    ],
)
def test_object_templates(template: str, body: str) -> None:
    payload = render(template)
    assert (payload.verdict, payload.body, payload.reason) == ("deliver", body, "")


@pytest.mark.parametrize(
    ("template", "body"),
    [
        pytest.param('"user <id> did <n> things"', '"user u1 did 3 things"', id="quoted-string"),
        pytest.param(
            '"obj <o>, list <l>, <gone>!"', '"obj {k:v,n:2}, list [A,B], !"', id="quotation-marks-taken-out"
        ),
        pytest.param('"<mixed>"', '"[one,{x:3}]"', id="nested"),
        pytest.param('"<ok> <no>"', '"true null"', id="boolean-and-null"),
        pytest.param('"{[/Check <id>"', '"{[/Check u1"', id="leading-brace-inside-the-string"),
        pytest.param('"<id>"\n"<l> x"', '"u1"\n"[A,B] x"', id="lines"),
        pytest.param('["<id>", <n>, <no>]', '["u1", 3, null]', id="array-at-the-root"),
        pytest.param("<n>", "3", id="bare-number"),
        pytest.param("<n> <ok>", "3 true", id="two-bare-values"),
        pytest.param("<numeric>", "42", id="a-string-that-reads-as-a-number"),
        pytest.param("null", "null", id="no-placeholder"),
        pytest.param(
            '"item \\"<id>\\" sold"', '"item \\"u1\\" sold"', id="escaped-quotes-of-the-template-stay"
        ),
    ],
)
def test_other_templates(template: str, body: str) -> None:
    payload = render(template)
    assert (payload.verdict, payload.body) == ("deliver", body)


def test_unknown_placeholders_stay_where_there_is_no_map() -> None:
    payload = render_payload(transformer('"a <b> <aws.events.unknown>"'), event(), CONTEXT)
    assert (payload.verdict, payload.body) == ("deliver", '"a <b> <aws.events.unknown>"')
    assert [found.value_kind for found in payload.placeholders] == ["unknown", "unknown"]


def test_predefined_variables() -> None:
    template = (
        '{"name":<aws.events.rule-name>,"arn":"<aws.events.rule-arn>",'
        '"in":<aws.events.event.ingestion-time>,"event":<aws.events.event>,"full":<aws.events.event.json>}'
    )
    payload = render_payload(transformer(template), event(), CONTEXT)
    assert payload.body == (
        '{"name":"orders","arn":"arn:aws:events:eu-central-1:123456789012:rule/orders",'
        '"in":"2026-09-13T12:17:30.408Z",'
        '"event":{"id":"e-1","account":"123456789012","detailType":"Order Placed","time":1767323045000,'
        '"source":"shop","region":"eu-central-1","resources":["arn:aws:x:1"],"version":"0"},'
        f'"full":{dumps(event())}}}'
    )


def test_a_time_that_is_none_stays_as_it_is() -> None:
    payload = render_payload(transformer('{"e":<aws.events.event>}'), {"time": "soon"}, CONTEXT)
    assert payload.body == '{"e":{"time":"soon"}}'


@pytest.mark.parametrize(
    ("template", "body", "assumptions"),
    [
        pytest.param("<gone>", "", [], id="empty"),
        pytest.param("<gone> <empty>", " ", ["blank-result"], id="white-space-alone"),
    ],
)
def test_an_empty_result_delivers_nothing(template: str, body: str, assumptions: list[str]) -> None:
    payload = render(template)
    assert (payload.verdict, payload.body) == ("nothing", body)
    assert [a.name for a in payload.assumptions] == assumptions


def test_a_wildcard_without_match_is_an_assumption() -> None:
    payload = render('{"a": <x>}', x="detail.none[*]")
    assert payload.body == '{"a": ""}'
    assert [a.name for a in payload.assumptions] == ["wildcard-without-match"]


def test_white_space_before_the_brace_is_an_assumption() -> None:
    payload = render(' {"a": <n>}')
    assert payload.body == ' {"a": 3}'
    assert [a.name for a in payload.assumptions] == ["space-before-brace"]


def test_lone_surrogates_become_what_utf_8_can_carry() -> None:
    document: JsonObject = {"detail": {"x": loads(r'"a\ud83d"')}}
    payload = render_payload(transformer('{"a": <x>}', x="detail.x"), document, CONTEXT)
    assert payload.body.encode() == b'{"a": "a?"}'


def test_spans_lead_from_the_template_to_the_body_and_back() -> None:
    template = '{"a": <o>, "b": "x <id> <gone>"}'
    payload = render(template)
    told = [
        (
            template[found.start : found.end],
            payload.body[found.body_start : found.body_end],
            found.path,
            found.value_kind,
            found.in_quotes,
        )
        for found in payload.placeholders
    ]
    assert told == [
        ("<o>", '{"k":"v","n":2}', "$.detail.o", "object", False),
        ("<id>", "u1", "$.detail.id", "string", True),
        ("<gone>", "", "$.detail.gone", "missing", True),
    ]
