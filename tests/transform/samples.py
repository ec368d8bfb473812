"""The event and the small helpers that the transformer's tests share."""

from collections.abc import Mapping

from inspector.eventbridge.payload import Payload, RenderContext
from inspector.eventbridge.resources import InputTransformer, TargetInput
from inspector.eventbridge.transform import render_payload
from inspector.jsontext import JsonObject, loads

CONTEXT = RenderContext(
    "orders", "arn:aws:events:eu-central-1:123456789012:rule/orders", "2026-09-13T12:17:30.408Z"
)

_EVENT = r"""{
  "version": "0", "id": "e-1", "detail-type": "Order Placed", "source": "shop", "account": "123456789012",
  "time": "2026-01-02T03:04:05Z", "region": "eu-central-1", "resources": ["arn:aws:x:1"],
  "detail": {
    "id": "u1", "n": 3, "price": 1.50, "big": 12345678901234567890, "e": 3.0e2, "ok": true, "no": null,
    "o": {"k": "v", "n": 2}, "l": ["A", "B"], "mixed": ["one", {"x": 3}], "empty": "", "none": [], "eo": {},
    "items": [{"name": "first"}, {"name": "second", "tags": ["x", "y"]}, {"tags": ["z"]}],
    "quoted": "say \"hi\"", "lines": "a\nb", "back": "a\\b", "tab": "a\tb", "numeric": "42",
    "wide": "Füße 日本",
    "da-sh": "d", "under_score": "u", "sla/sh": "s", "dot.key": "dot"
  }
}"""


def event() -> JsonObject:
    """Return the event of these tests."""
    document = loads(_EVENT)
    assert isinstance(document, dict)
    return document


def transformer(template: str, **paths: str) -> TargetInput:
    """Return an InputTransformer; `da_sh='detail.da-sh'` maps `da_sh` to `$.detail.da-sh`."""
    return TargetInput(input_transformer=InputTransformer(template, {k: f"$.{v}" for k, v in paths.items()}))


ALL_PATHS: Mapping[str, str] = {
    **{
        name: f"detail.{name}"
        for name in (
            *("id", "n", "price", "big", "e", "ok", "no", "o", "l", "mixed", "empty", "none", "eo"),
            *("quoted", "lines", "back", "tab", "numeric", "wide", "gone"),
        )
    },
    "names": "detail.items[*].name",
    "all": "detail.items[*].tags[*]",
}


def render(template: str, **paths: str) -> Payload:
    """Return the payload of a template with a map of every member of the event's detail."""
    return render_payload(transformer(template, **(paths or ALL_PATHS)), event(), CONTEXT)
