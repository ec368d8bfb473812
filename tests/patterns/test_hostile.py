"""No input hangs, blows the stack or raises anything but the documented errors."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.eventbridge.patterns import InvalidEventPattern, explain, parse_pattern
from inspector.eventbridge.patterns.ruleset import RuleSet
from inspector.jsontext import JsonError, JsonValue
from tests.patterns.generated import PATTERNS

_PIECES = st.sampled_from(
    [
        *'{}[],:" \n\\1-*é/\x00\ud800',
        *('"a"', '"$or"', '"anything-but"', '"prefix"', '"numeric"', '"wildcard"', '"exists"', '"cidr"'),
        *("1e9", "true", "nul", "\\u12", '">"', '"10.0.0.0/8"', "{}", "[]", "'"),
    ]
)


def _refusal(text: str) -> InvalidEventPattern | None:
    try:
        parse_pattern(text)
    except InvalidEventPattern as error:
        return error
    return None


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.lists(_PIECES, max_size=25).map("".join), st.text(max_size=40)))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    if error := _refusal(text):
        assert error.reason
        assert error.message.startswith("Event pattern is not valid. Reason: ")
        assert 0 <= error.offset <= len(text)
        assert error.offset <= error.end <= len(text)


@settings(max_examples=200, deadline=None)
@given(PATTERNS, st.data())
def test_a_damaged_pattern_is_a_pattern_or_refused(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 3))
    piece = data.draw(_PIECES)
    error = _refusal(text[:at] + piece + text[at + cut :])
    assert error is None or error.reasons


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_an_event_or_refused(data: bytes) -> None:
    rules = RuleSet({"a": parse_pattern('{"a":{"b":["x"]},"c":[{"numeric":[">",1]}]}')})
    try:
        assert rules.match_json(data) in ((), ("a",))
    except JsonError:
        pass


def _nested(levels: int, inside: JsonValue, name: str | None) -> JsonValue:
    for _ in range(levels):
        inside = [inside] if name is None else {name: inside}
    return inside


def test_deep_events_do_not_blow_the_stack() -> None:
    deep = {
        "a": _nested(10_000, "x", None),
        "b": _nested(10_000, {"c": "y"}, None),
        "d": _nested(10_000, 1, "d"),
    }
    pattern = parse_pattern('{"a":["x"],"b":{"c":["y"]},"d":{"e":[{"exists":false}]}}')
    assert pattern.matches(deep)
    assert explain(pattern, deep).matched
    assert RuleSet({"deep": pattern}).match(deep) == ("deep",)
    text = b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}"
    with pytest.raises(JsonError, match="deeply"):
        RuleSet({"deep": pattern}).match_json(text)


def test_deep_patterns_do_not_blow_the_stack() -> None:
    levels = 600
    pattern = parse_pattern('{"a":' * levels + "[1]" + "}" * levels)
    event = _nested(levels, 1, "a")
    assert isinstance(event, dict)
    assert pattern.matches(event)
    assert explain(pattern, event).matched
    assert RuleSet({"deep": pattern}).match(event) == ("deep",)
    with pytest.raises(InvalidEventPattern, match="at most 4096"):
        parse_pattern('{"a":' * 10_000)


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ('{"wildcard":"*a*a*a*b"}', "a" * 1_000_000),
        ('{"wildcard":"*aab*aab*"}', "a" * 1_000_000),
        ('{"equals-ignore-case":"ßßßß"}', "S" * 1_000_000),
        ('{"suffix":{"equals-ignore-case":"ßßßß"}}', "S" * 1_000_000 + "x"),
        ('{"cidr":"::/1"}', ":" * 1_000_000 + "x"),
        ('"::1"', ":" * 1_000_000),
    ],
)
def test_long_values_take_linear_time(entry: str, value: str) -> None:
    pattern = parse_pattern(f'{{"a":[{entry}]}}')
    start = time.perf_counter()
    assert not pattern.matches({"a": value})
    assert not explain(pattern, {"a": value}).matched
    assert time.perf_counter() - start < 2.0


def test_many_branches_and_many_elements_take_their_time_once() -> None:
    branches = ",".join(f'{{"a":[{number}]}}' for number in range(250))
    pattern = parse_pattern(f'{{"$or":[{branches}],"b":["x"]}}')
    start = time.perf_counter()
    assert pattern.matches({"a": 249, "b": "x"})
    assert not explain(pattern, {"a": 250, "b": "x"}).matched
    wide: dict[str, JsonValue] = {name: [{"x": 1, "y": 2} for _ in range(2000)] for name in "abcd"}
    fields = ",".join(f'"{name}":{{"x":[1],"y":[2]}}' for name in "abc")
    assert not parse_pattern(f'{{{fields},"d":{{"x":[1],"y":[{{"exists":false}}]}}}}').matches(wide)
    assert time.perf_counter() - start < 5.0
