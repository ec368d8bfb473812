"""What holds of every template and every event."""

import json

from hypothesis import given
from hypothesis import strategies as st

from inspector.eventbridge.payload import AdmissionError
from inspector.eventbridge.resources import InputTransformer, TargetInput
from inspector.eventbridge.template import json_fault
from inspector.eventbridge.transform import render_payload
from inspector.jsontext import JsonObject, JsonValue, loads
from tests.transform.samples import CONTEXT

_NAMES = st.sampled_from(["a", "b", "c-d", "e_f"])
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
_VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    _SCALARS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
_EVENTS: st.SearchStrategy[JsonObject] = st.fixed_dictionaries(
    {"time": st.text(max_size=5) | st.just("2026-01-02T03:04:05Z")},
    optional={"detail": st.dictionaries(_NAMES, _VALUES, max_size=4)},
)
_PATHS = st.sampled_from(
    ["$", "$.detail", "$.detail.a", "$.detail.b[0]", "$.detail.c-d[*].x", "$.time", "a", ""]
)
_MAPS = st.dictionaries(_NAMES, _PATHS, max_size=4)
_PIECES = st.sampled_from(
    [
        *'{}[]",:<>\\ \n',
        '"k":',
        "<a>",
        "<b>",
        "<nope>",
        "<aws.events.event>",
        "<aws.events.rule-name>",
        "null",
    ]
)
_TEMPLATES = st.lists(_PIECES, max_size=14).map("".join)


@given(_TEMPLATES, _MAPS, _EVENTS)
def test_rendering_gives_a_payload_or_a_refusal(
    template: str, paths: dict[str, str], event: JsonObject
) -> None:
    option = TargetInput(input_transformer=InputTransformer(template, paths))
    try:
        payload = render_payload(option, event, CONTEXT)
    except AdmissionError:
        return
    payload.body.encode()
    assert (json_fault(payload.body) is None) == (payload.verdict == "deliver")
    assert payload.verdict == "deliver" or payload.reason
    for found in payload.placeholders:
        assert payload.body[found.body_start : found.body_end] == found.text
    if payload.fix:
        fixed = TargetInput(input_transformer=InputTransformer(payload.fix.template, paths))
        assert render_payload(fixed, event, CONTEXT).verdict == "deliver"


def _template(value: object) -> str:
    """Write a JSON value in which a tuple is a bare placeholder."""
    if isinstance(value, tuple):
        return f"<{value[0]}>"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_template(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_template, value)) + "]"
    return json.dumps(value)


_BARE = st.tuples(_NAMES) | st.tuples(st.sampled_from(["aws.events.event", "aws.events.event.json"]))
_PLAIN_KEYS = st.text("abc {}:", max_size=3)
_OBJECTS = st.dictionaries(
    _PLAIN_KEYS,
    st.recursive(
        _BARE | st.integers(), lambda x: st.lists(x, max_size=3) | st.dictionaries(_PLAIN_KEYS, x, max_size=3)
    ),
    max_size=4,
)
_GOOD_PATHS = st.sampled_from(["$", "$.detail", "$.detail.a", "$.detail.b[0]", "$.detail.c-d[*]", "$.gone"])


@given(_OBJECTS, st.fixed_dictionaries(dict.fromkeys(("a", "b", "c-d", "e_f"), _GOOD_PATHS)), _EVENTS)
def test_an_object_template_with_bare_placeholders_is_always_json(
    template: dict[str, object], paths: dict[str, str], event: JsonObject
) -> None:
    option = TargetInput(input_transformer=InputTransformer(_template(template), paths))
    payload = render_payload(option, event, CONTEXT)
    assert payload.verdict == "deliver"
    assert isinstance(loads(payload.body), dict)
