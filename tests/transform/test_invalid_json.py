"""Results that are not JSON: the place, the reason, and a fix that works (transform, section 0, verdict)."""

import pytest

from inspector.eventbridge.transform import render_payload
from inspector.jsontext import JsonObject
from tests.transform.samples import CONTEXT, event, render, transformer


@pytest.mark.parametrize(
    ("template", "body", "fault_at", "reason", "fixed"),
    [
        pytest.param(
            '{"a": "<o>", "b": "<l>"}',
            '{"a": "{"k":"v","n":2}", "b": "["A","B"]"}',
            9,
            "`<o>` is an object inside quotes: remove the quotes",
            '{"a": <o>, "b": <l>}',
            id="object-in-quotes",
        ),
        pytest.param(
            '{"a": "u/<o>", "b": <o>}',
            '{"a": "u/{"k":"v","n":2}", "b": {"k":"v","n":2}}',
            11,
            "`<o>` is an object inside a quoted text: give it a member of its own, without quotes",
            None,
            id="object-in-a-text",
        ),
        pytest.param(
            "[<id>]",
            "[u1]",
            1,
            "`<id>` is a string outside quotes, and only a template that starts with `{` adds them",
            '["<id>"]',
            id="bare-string-in-an-array",
        ),
        pytest.param(
            "[1,<gone>,2]",
            "[1,,2]",
            3,
            "`<gone>` selects nothing and leaves a gap: put quotes around it",
            '[1,"<gone>",2]',
            id="gap",
        ),
        pytest.param(
            "<o>",
            "{k:v,n:2}",
            1,
            "`<o>` is an object that loses its quotation marks outside a template that starts with `{`",
            '{"value": <o>}',
            id="bare-object",
        ),
        pytest.param(
            '"prefix <quoted> suffix"',
            '"prefix say "hi" suffix"',
            13,
            "the value of `<quoted>` holds a quotation mark, which only a template that starts with `{` "
            "escapes",
            '{"value": "prefix <quoted> suffix"}',
            id="quotation-mark",
        ),
        pytest.param(
            '"a <lines>"\n"b <id>"',
            '"a a\nb"\n"b u1"',
            4,
            "the value of `<lines>` holds a line break or control character, which only a template that "
            "starts with `{` escapes",
            '{"lines": ["a <lines>",\n "b <id>"]}',
            id="line-break",
        ),
    ],
)
def test_reason_place_and_fix(
    template: str, body: str, fault_at: int, reason: str, fixed: str | None
) -> None:
    payload = render(template)
    assert (payload.verdict, payload.body) == ("invalid-json", body)
    assert (payload.reason, payload.fault_at) == (reason, fault_at)
    assert (payload.fix and payload.fix.template) == fixed
    if payload.fix:
        assert render(payload.fix.template).verdict == "deliver"


def test_a_string_that_ends_in_a_backslash_is_found_though_the_fault_seems_to_lie_before_it() -> None:
    document: JsonObject = {"detail": {"x": "path\\"}}
    payload = render_payload(transformer('"to <x>"', x="detail.x"), document, CONTEXT)
    assert payload.fault_at == 4
    assert payload.reason.startswith("the value of `<x>` holds a backslash")


def test_an_unknown_placeholder_without_a_map() -> None:
    payload = render_payload(transformer('{"a":<aws.events.rule_name>}'), event(), CONTEXT)
    assert payload.verdict == "invalid-json"
    assert payload.fault_at == 5
    assert payload.reason == (
        "`<aws.events.rule_name>` stands for nothing: without an InputPathsMap it stays in the text, and "
        "that is no JSON"
    )
    assert payload.fix
    assert payload.fix.template == '{"a":<aws.events.rule-name>}'


def test_not_a_number_is_found_where_it_stands() -> None:
    document: JsonObject = {"detail": {"x": "NaN"}}
    payload = render_payload(transformer('["NaN", <x>]', x="detail.x"), document, CONTEXT)
    assert (payload.verdict, payload.fault_at) == ("invalid-json", 8)
