"""Where the paths of an explanation stand in the text of an event."""

import pytest

from inspector.tui.widgets.json_places import Located, locate

TEXT = """{
  "source": "shop",
  "detail-type": "Order \\"A\\"",
  "detail": {
    "items": [{"sku": "a"}, {"sku": "b,]}\\\\"}, 3],
    "a.b": {"c": 1},
    "a": {"b": {"c": 2, "d": null}},
    "twice": "first",
    "tw\\u0069ce": "last",
    "": {"x": true}
  },
  "resources": ["arn:one", "arn:two"]
}"""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("source", '"source": "shop"'),
        ("detail-type", '"detail-type": "Order \\"A\\""'),
        ("detail.items[1].sku", '"sku": "b,]}\\\\"'),
        ("detail.items[2]", "3"),
        ("resources[1]", '"arn:two"'),
        # A key with a dot in it spells the same path as two keys do: the last one counts.
        ("detail.a.b.c", '"c": 2'),
        ("detail.a.b.d", '"d": null'),
        ("detail.twice", '"tw\\u0069ce": "last"'),
    ],
)
def test_a_value_is_found_with_its_key(path: str, text: str) -> None:
    found = locate(TEXT, path)
    assert found is not None
    assert TEXT[found.start : found.end] == text
    assert found.whole


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("detail.total", '"detail"'),
        ("detail.a.b.e.f", '"b"'),
        ("detail.items[9].sku", '"items"'),
        ("source.name", '"source": "shop"'),
        ("detail.a.x", '"a"'),
    ],
)
def test_what_is_missing_is_told_at_what_would_hold_it(path: str, text: str) -> None:
    found = locate(TEXT, path)
    assert found is not None
    assert TEXT[found.start : found.end] == text
    assert not found.whole


def test_the_first_step_may_be_missing() -> None:
    assert locate(TEXT, "account") is None
    assert locate("{}", "detail.total") is None


ENTRY = '{"Source": "shop", "DetailType": "Order", "Detail": "{\\"total\\": 5}", "Resources": ["r"]}'


@pytest.mark.parametrize(
    ("path", "text", "whole"),
    [
        ("source", '"Source": "shop"', True),
        ("detail-type", '"DetailType": "Order"', True),
        ("resources[0]", '"r"', True),
        # What is in a string has no place of its own.
        ("detail.total", '"Detail": "{\\"total\\": 5}"', False),
    ],
)
def test_an_entry_of_put_events(path: str, text: str, whole: bool) -> None:
    found = locate(ENTRY, path)
    assert found is not None
    assert ENTRY[found.start : found.end] == text
    assert found.whole == whole


@pytest.mark.parametrize("text", ["", "{", '{"a"', '{"a": [', '{"a": "', "[1,", "nonsense", '{"a":}'])
def test_a_text_that_is_no_json_does_no_harm(text: str) -> None:
    assert locate(text, "a[0].b") is None or isinstance(locate(text, "a[0].b"), Located)


def test_deep_nesting() -> None:
    depth = 20_000
    text = '{"a":' * depth + "1" + "}" * depth
    assert locate(text, "b") is None
    found = locate(text, ".".join(["a"] * 200))
    assert found is not None
    assert found.whole
