"""A backtest counts what the plain matcher says, in whatever shape the events come."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.config.event_lines import LONGEST_LINE
from inspector.eventbridge.patterns import flattening, parse_pattern
from inspector.eventbridge.resources import Rule
from inspector.jsontext import JsonObject, dumps, loads
from inspector.workbench.backtest import Backtest, subjects
from inspector.workbench.past import PastEvent, caught
from tests.patterns.generated import EVENTS, PATTERNS

NOISE: st.SearchStrategy[bytes] = st.sampled_from(
    [b"\n", b"  \r\n", b"{\n", b"nonsense\n", b'{"a":"\xff"}\n', b"[]\n", b"7\n", b'{"a":NaN}\n']
)
UNREADABLE = {b"{\n", b"nonsense\n", b"7\n", b'{"a":NaN}\n'}


def _escaped(text: str) -> str:
    """Return JSON with the first letter of every key `a` spelled as an escape."""
    return text.replace('"a"', '"\\u0061"')


SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    _escaped,
    lambda text: f"  {text} \t\r",
    lambda t: f"[{t}]",
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PATTERNS, min_size=1, max_size=4),
    st.lists(st.one_of(NOISE, st.tuples(EVENTS, st.sampled_from(SPELLINGS))), max_size=12),
    st.integers(1, 5),
)
def test_the_counts_are_those_of_the_plain_matcher(
    texts: list[str], given: list[bytes | tuple[JsonObject, Callable[[str], str]]], size: int
) -> None:
    patterns = {str(number): parse_pattern(text) for number, text in enumerate(texts)}
    events = [each[0] for each in given if isinstance(each, tuple)]
    lines = [each if isinstance(each, bytes) else each[1](dumps(each[0])).encode() + b"\n" for each in given]
    test = Backtest(patterns, samples=len(given))
    for start in range(0, len(lines), size):
        test.take(lines[start : start + size])
    caught = {name: [event for event in events if each.matches(event)] for name, each in patterns.items()}
    # What no pattern names is skipped over unread: a string there that is no UTF-8 makes an event or none.
    broken = lines.count(b'{"a":"\xff"}\n')
    assert (
        test.events + test.unreadable == len(events) + sum(lines.count(each) for each in UNREADABLE) + broken
    )
    assert test.unreadable >= sum(lines.count(each) for each in UNREADABLE)
    if not broken:
        assert {name: each.matches for name, each in test.caught.items()} == {
            name: len(found) for name, found in caught.items()
        }
        assert {name: [dumps(s.document) for s in each.samples] for name, each in test.caught.items()} == {
            name: [dumps(event) for event in found] for name, found in caught.items()
        }
        assert test.matched == sum(any(each.matches(event) for each in patterns.values()) for event in events)


@settings(max_examples=50, deadline=None)
@given(st.lists(PATTERNS, min_size=1, max_size=4), st.lists(EVENTS, max_size=6))
def test_documents_are_counted_as_lines_are(texts: list[str], events: list[JsonObject]) -> None:
    patterns = {str(number): parse_pattern(text) for number, text in enumerate(texts)}
    one, other = Backtest(patterns), Backtest(patterns)
    one.take([dumps(event).encode() + b"\n" for event in events])
    for event in events:
        other.take_document(event)
    assert (one.events, one.matched, one.unreadable) == (other.events, other.matched, other.unreadable)
    assert [each.matches for each in one.caught.values()] == [each.matches for each in other.caught.values()]


ENTRY = {"Source": "shop", "DetailType": "Order", "Detail": '{"total": 120}', "EventBusName": "orders"}
BIG = '{"source":["shop"],"detail":{"total":[{"numeric":[">",100]}]}}'


def tried(pattern: str, *lines: str | bytes) -> Backtest:
    """Return a backtest of one pattern over lines."""
    test = Backtest({"it": parse_pattern(pattern)})
    test.take([(line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines])
    return test


@pytest.mark.parametrize(
    ("pattern", "line", "matches"),
    [
        pytest.param(BIG, json.dumps(ENTRY), 1, id="an entry of PutEvents"),
        pytest.param(BIG, json.dumps(ENTRY).replace("Source", "Sour\\u0063e"), 1, id="its key escaped"),
        pytest.param(BIG, json.dumps({"Entries": [ENTRY, ENTRY]}), 2, id="a request of PutEvents"),
        pytest.param(
            BIG, json.dumps([ENTRY, {"source": "shop", "detail": {"total": 300}}]), 2, id="an array"
        ),
        pytest.param('{"Source":["shop"]}', json.dumps(ENTRY), 0, id="a rule sees no entry, but an event"),
        pytest.param(
            '{"Source":["shop"]}', '{"source":"x","Source":"shop"}', 1, id="an event with such a member"
        ),
        pytest.param('{"id":[{"exists":true}]}', json.dumps(ENTRY), 1, id="what EventBridge fills in"),
        pytest.param('{"id":[{"exists":true}]}', '{"source":"x"}', 0, id="an event stays as it is"),
        pytest.param('{"a":["x"]}', b'\xef\xbb\xbf{"a":"x"}', 1, id="a mark of byte order"),
    ],
)
def test_shapes_of_events(pattern: str, line: str | bytes, matches: int) -> None:
    test = tried(pattern, '{"first":1}', line)
    assert (test.caught["it"].matches, test.unreadable) == (matches, 0)
    assert [sample.place for sample in test.caught["it"].samples] == ["line 2"] * matches


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param('{"a":', "not valid JSON: Expecting value (column 6)", id="cut"),
        pytest.param('{"a":1}{"a":2}', "not valid JSON: Extra data (column 8)", id="two without a space"),
        pytest.param(b'{"\xff":1', "byte 3 is not UTF-8", id="no UTF-8"),
        pytest.param("7", "an event is a JSON object; this is a JSON number", id="a number"),
        pytest.param(
            '{"Source":"x","Detail":"{"}',
            "Detail is malformed: Expecting property name",
            id="an entry's detail",
        ),
        pytest.param("[" * 100_000, "not valid JSON: nested too deeply (column 1)", id="deep"),
    ],
)
def test_what_is_no_event_is_counted_and_named(line: str | bytes, why: str) -> None:
    test = tried('{"a":["x"]}', '{"a":"x"}', "", line, '{"a":"x"}')
    assert (test.events, test.matched, test.unreadable) == (2, 2, 1)
    (problem,) = test.problems
    assert problem.place == "line 3"
    assert problem.why.startswith(why)
    assert [sample.place for sample in test.caught["it"].samples] == ["line 1", "line 4"]


def test_of_many_problems_the_first_are_kept() -> None:
    test = tried('{"a":["x"]}', *["no"] * 20)
    assert test.unreadable == 20
    assert [problem.place for problem in test.problems] == [f"line {n}" for n in range(1, 6)]


def test_a_line_without_end_is_passed_over() -> None:
    test = Backtest({"it": parse_pattern('{"a":["x"]}')})
    test.take([b'{"a":"x"}\n', b'{"a":"' + b"y" * (LONGEST_LINE - 6)])
    test.take([b'{"a":"x"}' + b" " * (LONGEST_LINE - 9)])
    test.take([b'{"a":"x"}\n', b'{"a":"x"}\n'])
    assert (test.events, test.matched, test.unreadable) == (2, 2, 1)
    assert [(problem.place, problem.why) for problem in test.problems] == [
        ("line 2", "a line of more than 2 MB")
    ]
    assert [sample.place for sample in test.caught["it"].samples] == ["line 1", "line 3"]


def test_arrays_with_too_many_ways_are_undecided_for_that_rule_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    # The usual limit takes seconds to reach.
    monkeypatch.setattr(flattening, "_MOST_STEPS", 50)
    hard = '{"k":{"x":[1],"y":[{"exists":false},2]}}'
    wide = '{"k":[' + ",".join('{"x":1,"y":3}' for _ in range(100)) + "]}"
    test = Backtest({"hard": parse_pattern(hard), "easy": parse_pattern('{"k":{"x":[1]}}')})
    test.take([b'{"k":{"x":1}}\n', wide.encode() + b"\n", b'{"k":{"x":1,"y":2}}\n'])
    assert (test.events, test.matched, test.unreadable, test.undecided) == (3, 3, 0, 1)
    assert {name: each.matches for name, each in test.caught.items()} == {"hard": 2, "easy": 3}
    assert [problem.place for problem in test.problems] == ["line 2"]


@settings(max_examples=50, deadline=None)
@given(PATTERNS, st.lists(EVENTS, max_size=6))
def test_the_screen_shows_what_a_backtest_counts(text: str, events: list[JsonObject]) -> None:
    pattern = parse_pattern(text)
    past = [PastEvent("", "", str(number), dumps(event)) for number, event in enumerate(events)]
    wanted = [each for each, event in zip(past, events, strict=True) if pattern.matches(event)]
    assert list(caught(pattern, past)) == wanted
    assert list(caught(pattern, past, cancelled=lambda: True)) == []


def test_half_a_character_in_a_past_event_is_matched_as_it_is() -> None:
    event = PastEvent("", "", "", dumps({"a": "x\ud800", "b\udfff": 1}))
    assert list(caught(parse_pattern('{"a":[{"prefix":"x"}]}'), [event])) == [event]
    assert list(caught(parse_pattern('{"a":["x"]}'), [event])) == []


def test_what_was_caught_can_be_kept() -> None:
    kept: list[bytes] = []
    test = Backtest({"it": parse_pattern(BIG)}, keep=kept.append)
    event = b'{"source": "shop", "detail": {"total": 1e3}}'
    test.take([event + b"\r\n", b'{"source":"other"}\n', json.dumps([ENTRY]).encode() + b"\n", event])
    assert kept[0] == kept[2] == event + b"\n"
    assert loads(kept[1].decode()) == ENTRY


def test_samples_are_the_first_of_each_rule() -> None:
    rules = {"all": parse_pattern('{"n":[{"exists":true}]}'), "late": parse_pattern('{"n":[8,9]}')}
    test = Backtest(rules, samples=2)
    for n in range(10):
        test.take([b'{"n":%d}\n' % n])
    assert {name: [s.document["n"] for s in each.samples] for name, each in test.caught.items()} == {
        "all": [0, 1],
        "late": [8, 9],
    }


def test_rules_of_a_workspace_are_tested_whatever_their_state() -> None:
    pattern = '{"source":["shop"]}'
    found = subjects(
        [
            Rule("on", pattern),
            Rule("off", pattern, state="DISABLED"),
            Rule("there", pattern, event_bus_name="orders"),
            Rule("nightly", None, schedule_expression="rate(1 day)"),
            Rule("refused", '{"source":"shop"}'),
            Rule("twice", pattern),
            Rule("twice", pattern, event_bus_name="orders"),
        ]
    )
    assert {subject.name: (subject.pattern is not None, len(subject.notes)) for subject in found} == {
        "on": (True, 0),
        "off": (True, 1),
        "there": (True, 1),
        "nightly": (False, 1),
        "refused": (False, 1),
        "default/twice": (True, 0),
        "orders/twice": (True, 1),
    }
    assert "its pattern was tested all the same" in found[1].notes[0]
