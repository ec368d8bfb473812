"""A rule set gives the answers of its patterns, whichever way an event goes through it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.eventbridge.patterns import parse_pattern
from inspector.eventbridge.patterns.ruleset import RuleSet
from inspector.jsontext import JsonError, JsonObject, dumps, loads
from tests.patterns.generated import EVENTS, PATTERNS


@settings(max_examples=300, deadline=None)
@given(st.lists(PATTERNS, min_size=1, max_size=6), st.lists(EVENTS, min_size=1, max_size=4))
def test_every_way_gives_the_answers_of_the_single_patterns(
    texts: list[str], events: list[JsonObject]
) -> None:
    patterns = {str(number): parse_pattern(text) for number, text in enumerate(texts)}
    rules = RuleSet(patterns)
    lines = [dumps(event).encode() for event in events]
    wanted = [tuple(name for name, each in patterns.items() if each.matches(event)) for event in events]
    assert [rules.match(event) for event in events] == wanted
    assert [rules.match_json(line) for line in lines] == wanted
    assert list(rules.match_lines(lines)) == wanted


RULES = {
    "exact": '{"detail":{"state":["on"]}}',
    "two": '{"source":["a","b"],"detail":{"state":["on","off"]}}',
    "ip": '{"detail":{"ip":["10.0.0.1"]}}',
    "cidr": '{"detail":{"ip":[{"cidr":"10.0.0.0/8"}]}}',
    "prefix": '{"detail":{"state":[{"prefix":"o"},{"prefix":"of"}]}}',
    "suffix": '{"detail":{"state":[{"suffix":"n"}]}}',
    "folded": '{"detail":{"state":[{"equals-ignore-case":"OK"}]}}',
    "wildcard": '{"detail":{"state":[{"wildcard":"o*f"}]}}',
    "not": '{"detail":{"state":[{"anything-but":["on"]}]}}',
    "not-number": '{"detail":{"total":[{"anything-but":[300]}]}}',
    "not-prefix": '{"detail":{"state":[{"anything-but":{"prefix":"o"}}]}}',
    "number": '{"detail":{"total":[300]}}',
    "long": '{"detail":{"total":[12345678901234567]}}',
    "range": '{"detail":{"total":[{"numeric":[">",1,"<=",300]}]}}',
    "open": '{"detail":{"total":[{"numeric":["<",0]},{"numeric":[">=",1000]}]}}',
    "absent": '{"detail":{"state":[{"exists":false}]}}',
    "present": '{"detail":{"total":[{"exists":true}]}}',
    "null": '{"detail":{"state":[null,true]}}',
    "items": '{"detail":{"items":{"sku":["A"],"qty":[{"numeric":[">",1]}]}}}',
    "or": '{"$or":[{"detail":{"state":["on"]}},{"detail":{"total":[{"numeric":[">",299]}]}}]}',
}


@pytest.mark.parametrize(
    ("event", "names"),
    [
        pytest.param('{"detail":{"state":"on"}}', "exact prefix suffix or", id="string"),
        pytest.param('{"source":"b","detail":{"state":"off"}}', "two prefix wildcard not", id="two fields"),
        pytest.param(
            '{"source":["x","b"],"detail":{"state":["off"]}}', "two prefix wildcard not", id="arrays"
        ),
        pytest.param('{"detail":{"st\\u0061te":"\\u006fn"}}', "exact prefix suffix or", id="escapes"),
        pytest.param('{"detail":{"state":"oK"}}', "prefix folded not", id="case folded"),
        pytest.param('{"detail":{"state":"o\\u212a"}}', "prefix not", id="the Kelvin sign is no k"),
        pytest.param('{"detail":{"ip":"010.0.0.1","state":"x"}}', "ip cidr not not-prefix", id="address"),
        pytest.param(
            '{"detail":{"total":3e2,"state":0}}', "not not-prefix number range present or", id="number"
        ),
        pytest.param(
            '{"detail":{"total":300.00000000000000001,"state":{}}}',
            "not-number absent present",
            id="incomparable",
        ),
        pytest.param(
            '{"detail":{"total":12345678901234567}}', "not-number long absent present", id="literal text"
        ),
        pytest.param('{"detail":{"total":1e400}}', "not-number absent present", id="out of range"),
        pytest.param(
            '{"detail":{"total":[5,"x",-1],"state":null}}',
            "not not-number not-prefix range open present null",
            id="mixed array",
        ),
        pytest.param('{"detail":{"total":{"a":1}}}', "absent", id="object where a value is wanted"),
        pytest.param('{"detail":"on"}', "absent", id="string where an object is wanted"),
        pytest.param(
            '{"detail":[{"state":"on"},[{"total":1}]]}',
            "exact not-number prefix suffix present or",
            id="arrays of objects",
        ),
        pytest.param('{"detail.state":"on"}', "exact prefix suffix or", id="dotted key"),
        pytest.param(
            '{"detail":{"items":[{"sku":"A","qty":1},{"sku":"B","qty":5}]}}', "absent", id="two elements"
        ),
        pytest.param('{"detail":{"items":[{"sku":"A","qty":5.0}]}}', "items absent", id="one element"),
        pytest.param(
            '{"detail":{"state":"x"},"detail":{"total":1}}', "not-number absent present", id="last key"
        ),
        pytest.param("{}", "absent", id="empty"),
    ],
)
def test_rules_by_name(event: str, names: str) -> None:
    patterns = {name: parse_pattern(text) for name, text in RULES.items()}
    rules = RuleSet(patterns)
    assert rules.match_json(event.encode()) == tuple(sorted(names.split(), key=list(RULES).index))
    assert rules.match(loads(event)) == rules.match_json(event.encode())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'"x"', b"{", b'{"detail":', b'{"detail":{"state":"\xff"}}', b"{'a':1}"]
)
def test_what_is_no_event_is_refused(data: bytes) -> None:
    rules = RuleSet({"a": parse_pattern('{"detail":{"state":["on"]}}')})
    with pytest.raises(JsonError):
        rules.match_json(data)
    (found,) = rules.match_lines([data])
    assert isinstance(found, JsonError)


def test_an_empty_set_matches_nothing() -> None:
    assert RuleSet({}).match_json(b'{"a":1}') == ()


def test_rules_are_decided_for_thousands_at_once() -> None:
    rules = RuleSet(
        {str(n): parse_pattern(json.dumps({"a": [f"a{n % 100}"], "b": [f"b{n}"]})) for n in range(2000)}
    )
    assert rules.match_json(b'{"a":"a7","b":"b1907"}') == ("1907",)
    assert rules.match_json(b'{"a":"a8","b":"b1907"}') == ()
