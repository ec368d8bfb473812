"""Patterns that EventBridge refuses: AWS's reason, its place, and the place to mark."""

import pytest

from inspector.eventbridge.patterns import InvalidEventPattern, parse_pattern
from inspector.eventbridge.patterns.complexity import complexity
from inspector.eventbridge.patterns.wildcard import segments


def _refused(text: str) -> InvalidEventPattern:
    with pytest.raises(InvalidEventPattern) as caught:
        parse_pattern(text)
    return caught.value


_MIXED = "Inside anything but list, either all values are number or string, mixed type is not supported"
_INSIDE = "Inside anything but list, start|null|boolean is not supported."
_FOLDED = "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
_VALUE = "Value of anything-but must be an array or single string/number value."
_MATCH_VALUE = "Match value must be String, number, true, false, or null"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("[1]", _MATCH_VALUE),
        ("{}", "Match expression name not found"),
        ('{"PREFIX":"x"}', "Unrecognized match type PREFIX"),
        ('{"prefix":"x","suffix":"y"}', "Only one key allowed in match expression"),
        ('{"numeric":["=",1],"prefix":"y"}', "Too many elements in numeric expression"),
        ('{"anything-but":"x","prefix":"y"}', "Too many elements in numeric expression"),
        ('{"prefix":1}', "prefix match pattern must be a string"),
        ('{"suffix":["x"]}', "suffix match pattern must be a string"),
        ('{"wildcard":null}', "wildcard match pattern must be a string"),
        ('{"equals-ignore-case":["x"]}', "equals-ignore-case match pattern must be a string"),
        ('{"exactly":1}', "exact match pattern must be a string"),
        ('{"exists":"true"}', "exists match pattern must be either true or false."),
        ('{"cidr":["10.0.0.0/8"]}', "prefix match pattern must be a string"),
        ('{"prefix":{}}', "Prefix expression name not found"),
        ('{"suffix":{}}', "Suffix expression name not found"),
        ('{"prefix":{"suffix":"x"}}', "Unsupported prefix pattern: suffix"),
        ('{"suffix":{"prefix":"x"}}', "Unsupported suffix pattern: prefix"),
        ('{"prefix":{"equals-ignore-case":1}}', "equals-ignore-case match pattern must be a string"),
        ('{"wildcard":"**"}', "Consecutive wildcard characters at pos 1"),
        ('{"wildcard":"é**z"}', "Consecutive wildcard characters at pos 3"),
        ('{"wildcard":"a\\\\b"}', "Invalid escape character at pos 2"),
        ('{"wildcard":"a\\\\"}', "Invalid escape character at pos 2"),
        ('{"anything-but":{"wildcard":"a**"}}', "Consecutive wildcard characters at pos 2"),
        ('{"numeric":1}', "Value of numeric must be an array."),
        ('{"numeric":[]}', "Invalid member in numeric match: ]"),
        ('{"numeric":[1]}', "Invalid member in numeric match: 1"),
        ('{"numeric":["="]}', "Value of equals must be numeric"),
        ('{"numeric":[">","1"]}', "Value of > must be numeric"),
        ('{"numeric":["==",1]}', "Unrecognized numeric range operator: =="),
        ('{"numeric":[">",1,">",2]}', "Bad numeric range operator: >"),
        ('{"numeric":[">",1,2]}', "Bad value in numeric range: 2"),
        ('{"numeric":[">",1,"<"]}', "Value of < must be numeric"),
        ('{"numeric":[">",1,"<",2,3]}', "Too many terms in numeric range expression"),
        ('{"numeric":["<",5,">",1]}', "Too many elements in numeric expression"),
        ('{"numeric":[">=",1,"<=",1]}', "Bottom must be less than top"),
        ('{"numeric":["=",12345678901234567]}', "Cannot compare number : 12345678901234567"),
        ('{"numeric":["<",1e309]}', "Cannot compare number : 1e309"),
        ('{"numeric":["<",0.30000000000000001]}', "Cannot compare number : 0.30000000000000001"),
        ('{"anything-but":[1E-325]}', "Cannot compare number : 1E-325"),
        ('{"anything-but":null}', _VALUE),
        ('{"anything-but":{"prefix":{"equals-ignore-case":"x"}}}', _VALUE),
        ('{"anything-but":{}}', "Anything-But expression name not found"),
        ('{"anything-but":{"exists":true}}', "Unsupported anything-but pattern: exists"),
        ('{"anything-but":["x",null]}', _INSIDE),
        ('{"anything-but":[{"prefix":"x"}]}', _INSIDE),
        ('{"anything-but":["x",1]}', _MIXED),
        ('{"anything-but":[]}', _MIXED),
        ('{"anything-but":{"equals-ignore-case":123}}', _FOLDED),
        ('{"anything-but":{"equals-ignore-case":["x",1]}}', _FOLDED),
        ('{"anything-but":{"prefix":""}}', "Null prefix/suffix not allowed"),
        ('{"anything-but":{"suffix":["x",""]}}', "Null prefix/suffix not allowed"),
        ('{"anything-but":{"suffix":1}}', "prefix/suffix match pattern must be a string"),
        ('{"anything-but":{"wildcard":[1]}}', "wildcard match pattern must be a string"),
        ('{"cidr":"10.0.0.0"}', "Malformed CIDR, one '/' required"),
        ('{"cidr":"10.0.0.0/8/8"}', "Malformed CIDR, one '/' required"),
        ('{"cidr":"10.0.0.0/x"}', "Malformed CIDR, mask bits must be an integer"),
        ('{"cidr":"10.0.0.0/-1"}', "Malformed CIDR, mask bits must not be negative"),
        ('{"cidr":"10.0.0.0/32"}', "IPv4 mask bits must be < 32"),
        ('{"cidr":"2001:db8::/128"}', "IPv6 mask bits must be < 128"),
        ('{"cidr":"300.0.0.0/8"}', "Invalid IP address: 300.0.0.0"),
        ('{"cidr":"1:::2/8"}', "Invalid IP address: 1:::2"),
        ('{"cidr":"host/8"}', "Nonstandard IP address: host"),
        ('{"cidr":"::ffff:10.0.0.1/8"}', "Nonstandard IP address: ::ffff:10.0.0.1"),
    ],
)
def test_entries(entry: str, reason: str) -> None:
    assert _refused(f'{{"a":[{entry}]}}').reason == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Filter is not an object"),
        ("[]", "Filter is not an object"),
        ("{}", "Empty objects are not allowed"),
        ('{"a":{"b":{}}}', "Empty objects are not allowed"),
        ('{"a":[]}', "Empty arrays are not allowed"),
        ('{"a":"x"}', '"a" must be an object or an array'),
        ('{"$or":"x"}', "It must be an Array followed with $or."),
        ('{"$or":[{"a":[1]},[1]]}', "Only JSON object is allowed in array of $or relationship."),
        ('{"$or":[{"a":[1]}]}', "There must have at least 2 Objects in $or relationship."),
        ('{"$or":[{"a":[1]},{}]}', "Empty objects are not allowed"),
        (
            '{"$or":[{"a":{"date-after":[1]}},{"b":[1]}]}',
            "date-after is Ruler reserved fieldName which cannot be used inside $or.",
        ),
        (
            '{"a":[{"wildcard":"*:*:*:*:*:event-bus/*"}]}',
            "Rule is too complex - try using fewer wildcard characters or fewer repeating "
            "character sequences "
            "after a wildcard character",
        ),
        pytest.param(
            f'{{"a":["{"x" * 4088}"]}}',
            "The event pattern has 4098 characters, at most 4096 are allowed",
            id="too long",
        ),
        (
            '{"$or":[' + ",".join(f'{{"a":[{n}]}}' for n in range(32)) + "],"
            '"$or":[' + ",".join(f'{{"b":[{n}]}}' for n in range(32)) + "]}",
            "The pattern has 1024 $or combinations, at most 1000 are allowed",
        ),
    ],
)
def test_the_whole(text: str, reason: str) -> None:
    assert _refused(text).reason == reason


@pytest.mark.parametrize(
    ("text", "reason", "places", "column"),
    [  # recorded on AWS [V]
        ('{"int": 42}', '"int" must be an object or an array', 1, 11),
        ('{"string": "my-value"}', '"string" must be an object or an array', 1, 13),
        ('{"resources": []}', "Empty arrays are not allowed", 1, 17),
        ('{"my_key": [{"EXISTS": true}]}', "Unrecognized match type EXISTS", 1, 28),
        ('{"detail": {"equal": [{"NUMERIC": ["=", 5]}]}}', "Unrecognized match type NUMERIC", 1, 36),
        ('{"detail": {"c-count": [{"numeric": [">", 0, ">", 0]}]}}', "Bad numeric range operator: >", 1, 49),
        ('{"detail": {"c-count": [{"numeric": [">", 0, "<"]}]}}', "Value of < must be numeric", 1, 50),
        ('{"time": [{"prefix": 123}]}', "prefix match pattern must be a string", 1, 25),
        ('{"FileName": [{"suffix": [".png"]}]}', "suffix match pattern must be a string", 1, 27),
        ('{"detail": {"state": [{"anything-but": {"equals-ignore-case": 123}}]}}', _FOLDED, 1, 66),
        ('{"detail": {"state": [{"anything-but": {"equals-ignore-case": [123, 456]}}]}}', _FOLDED, 2, 67),
        ('{"a": [{"cidr": "bad"}]}', "Malformed CIDR, one '/' required", 0, 22),
        ('{"a": [{"anything-but": 1e999}]}', "Cannot compare number : 1e999", 0, 30),
        ('["not", "a", "dict", "but valid json"]', "Filter is not an object", 1, 2),
        (
            "this is valid json but not a dict",
            "Unrecognized token 'this': was expecting (JSON String, Number, Array, Object or token 'null', "
            "'true' or 'false')",
            1,
            5,
        ),
        (
            "{'bad': 'quotation'}",
            "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
            1,
            2,
        ),
        (
            '{"not": closed mark"',
            "Unrecognized token 'closed': was expecting (JSON String, Number, Array, Object or token 'null', "
            "'true' or 'false')",
            1,
            15,
        ),
    ],
)
def test_the_text_of_aws(text: str, reason: str, places: int, column: int) -> None:
    error = _refused(text)
    place = f'\n at [Source: (String)"{text}"; line: 1, column: {column}]'
    assert error.message == f"Event pattern is not valid. Reason: {reason}{place * places}"
    assert (error.line, error.column) == (1, column)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ('{"a":\n  [{"prefix": 17}]}', "17"),
        ('{"a":["x",{"startsWith":"x"}]}', '"startsWith":"'),
        ('{"a":tru}', "tru"),
        ('{"a":[1]} x', "x"),
        ('{"a":[{"wildcard":"a**"}]}', '"a**"'),
    ],
)
def test_the_place_to_mark(text: str, marked: str) -> None:
    error = _refused(text)
    assert text[error.offset : error.end] == marked


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a":[1,]}', "Unexpected character (']' (code 93)): expected a value"),
        (
            '{"a":[1] "b":[1]}',
            "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries",
        ),
        (
            '{"a":["x" "y"]}',
            "Unexpected character ('\"' (code 34)): was expecting comma to separate Array entries",
        ),
        (
            '{"a" [1]}',
            "Unexpected character ('[' (code 91)): was expecting a colon to separate field name and value",
        ),
        ("{a:[1]}", "Unexpected character ('a' (code 97)): was expecting double-quote to start field name"),
        ('{"a":[01]}', "Invalid numeric value: Leading zeroes not allowed"),
        (
            '{"a":[1.]}',
            "Unexpected character (']' (code 93)) in numeric value: Decimal point not followed by a digit",
        ),
        (
            '{"a":[1e]}',
            "Unexpected character (']' (code 93)) in numeric value: Exponent indicator not "
            "followed by a digit",
        ),
        (
            '{"a":["\t"]}',
            "Illegal unquoted character ((CTRL-CHAR, code 9)): has to be escaped using backslash "
            "to be included in string value",
        ),
        ('{"a":["\\x"]}', "Unrecognized character escape 'x' (code 120)"),
        ('{"a":["x', "Unexpected end-of-input: was expecting closing quote for a string value"),
        (
            '{"a":[1}',
            "Unexpected close marker '}': expected ']' (for Array starting at [Source: "
            '(String)"{"a":[1}"; line: 1, column: 6])',
        ),
        (
            "{",
            "Unexpected end-of-input: expected close marker for Object (start marker at [Source: "
            '(String)"{"; line: 1, column: 1])',
        ),
    ],
)
def test_no_json(text: str, reason: str) -> None:
    assert _refused(text).reason == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"$or":[{"a":["x"]}]}', "Unrecognized match type a"),
        ('{"$or":"x"}', '"$or" must be an object or an array'),
        ('{"$or":[[{"a":["x"]}],{"b":[1]}]}', _MATCH_VALUE),
        ('{"a":[{"anything-but":{"wildcard":1}}]}', "Unsupported anything-but pattern: wildcard"),
        (
            '{"a":[{"anything-but":{"equals-ignore-case":1}}]}',
            "Inside anything-but/ignore-case list, number|start|null|boolean is not supported.",
        ),
        (
            '{"a":[{"anything-but":{"prefix":{"equals-ignore-case":"x"}}}]}',
            "prefix/suffix match pattern must be a string",
        ),
    ],
)
def test_the_open_matcher_gives_the_reason_of_its_older_grammar(text: str, reason: str) -> None:
    error = _refused(text)
    assert error.matcher_reason == reason
    assert error.reasons == (error.reason, reason)


def test_suggested_refusals_say_so() -> None:
    assert [each.name for each in _refused('{"a":[1]} x').assumptions] == ["text-behind-pattern"]
    assert [each.name for each in _refused('{"a":[{"anything-but":{"prefix":[]}}]}').assumptions] == [
        "empty-exclusion"
    ]


@pytest.mark.parametrize(
    ("wildcards", "score"),
    [
        (["arn:aws:events:us-east-1:*:event-bus/*"], 3),
        (["/Users/*/dir/dir/dir/dir/dir/doc.txt"], 7),
        (["*:stack/one/*", "*:stack/two/*", "*:stack/three/*"], 9),
        (["*:*:*:*:*:event-bus/*"], 11),
        (["*:stack/one/*", "*:stack/two/*", "*:stack/three/*", "*:stack/four/*"], 12),
    ],
)
def test_complexity(wildcards: list[str], score: int) -> None:
    """Section 9's table: measured with Amazon's evaluator."""
    assert complexity(map(segments, wildcards), enough=100) == score
