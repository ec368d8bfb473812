"""What matches, section by section of the pattern rules. Marks: R is Amazon's open matcher, V a recording of
AWS's answer, D its documentation."""

import pytest

from inspector.eventbridge.patterns import parse_pattern
from inspector.jsontext import JsonObject, loads


def _event(text: str) -> JsonObject:
    value = loads(text)
    assert isinstance(value, dict)
    return value


def _matches(pattern: str, event: str) -> bool:
    return parse_pattern(pattern).matches(_event(event))


@pytest.mark.parametrize(
    ("entry", "values", "others"),
    [
        # Section 4: plain values [R]
        pytest.param(
            '"x"', ['"x"', '["y","x"]', '"\\u0078"'], ['"X"', '"x "', "1", "null", "[]", "{}"], id="string"
        ),
        pytest.param('"é"', ['"é"', '"\\u00e9"'], ['"e\\u0301"'], id="no Unicode normalisation"),
        pytest.param('""', ['""'], ["null", '" "', "[]"], id="empty string"),
        pytest.param("300", ["300", "300.0", "3.0e2", "3E+2", "[1,300]"], ['"300"', "301"], id="number [V]"),
        pytest.param("0", ["0", "-0", "-0.0", "0e5"], ["false", '""'], id="zero"),
        pytest.param(
            "12345678901234567",
            ["12345678901234567"],
            ["12345678901234568", "12345678901234567.0"],
            id="literal text",
        ),
        pytest.param("1e-400", ["1e-400"], ["1E-400", "0"], id="too small to compare"),
        pytest.param("2.0e422", ["2.0e422"], ["2e422"], id="too large to compare"),
        pytest.param("true", ["true"], ['"true"', "1", "false"], id="true"),
        pytest.param("null", ["null", "[null]"], ['""', '"null"', "[]", "{}", "0"], id="null [V]"),
        pytest.param(
            '"2001:db8::1"',
            ['"2001:DB8:0:0:0:0:0:1"', '"2001:db8::1"'],
            ['"2001:db8::2"'],
            id="address, another spelling",
        ),
        pytest.param(
            '"10.0.0.1"',
            ['"010.0.0.1"', '"::ffff:a00:1"'],
            ['"10.0.0.10"', '"10.0.0.1 "'],
            id="address, leading zeros",
        ),
        pytest.param('"10.0.0.256"', ['"10.0.0.256"'], ['"010.0.0.256"'], id="no address"),
        # Section 5: operators
        pytest.param('{"prefix":"ab"}', ['"ab"', '"abc"'], ['"Ab"', '"xab"', "1"], id="prefix"),
        pytest.param('{"prefix":""}', ['""', '"x"'], ["1", "null", "true"], id="empty prefix [V]"),
        pytest.param('{"suffix":"ab"}', ['"ab"', '"xab"'], ['"aB"', '"abx"', "1"], id="suffix"),
        pytest.param('{"suffix":""}', ['""', '"x"'], ["1", "null"], id="empty suffix [V]"),
        pytest.param(
            '{"prefix":{"equals-ignore-case":"aB"}}', ['"Abc"', '"ABC"'], ['"xab"'], id="prefix, folded [V]"
        ),
        pytest.param(
            '{"suffix":{"equals-ignore-case":".PnG"}}',
            ['"a.png"', '".PNG"'],
            ['".pngx"'],
            id="suffix, folded [V]",
        ),
        pytest.param('{"equals-ignore-case":"aB"}', ['"ab"', '"AB"'], ['"abc"', '""', "1"], id="folded"),
        pytest.param('{"equals-ignore-case":""}', ['""'], ['"x"'], id="folded empty"),
        pytest.param(
            '{"equals-ignore-case":"straße"}',
            ['"STRASSE"', '"STRAßE"', '"straße"'],
            ['"strasse"'],
            id="folded to more characters",
        ),
        pytest.param(
            '{"suffix":{"equals-ignore-case":"aß"}}',
            ['"xASS"', '"aß"'],
            ['"ass"', '"ßa"'],
            id="folded suffix of more characters",
        ),
        pytest.param(
            '{"equals-ignore-case":"STRASSE"}', ['"strasse"'], ['"straße"'], id="folding is not symmetric"
        ),
        pytest.param(
            '{"equals-ignore-case":"k"}', ['"K"'], ['"\\u212a"'], id="not every character that folds alike"
        ),
        pytest.param(
            '{"equals-ignore-case":"😀A"}', [], ['"😀a"', '"😀A"'], id="folding breaks outside the BMP"
        ),
        pytest.param('{"exactly":"x"}', ['"x"'], ['"X"'], id="exactly"),
        pytest.param(
            '{"wildcard":"a*c"}', ['"ac"', '"abc"', '"a\\"\\nc"'], ['"a"', '"acx"', "1"], id="wildcard"
        ),
        pytest.param('{"wildcard":"*"}', ['""', '"x"'], ["1", "null", "[1]"], id="lone star"),
        pytest.param('{"wildcard":""}', ['""'], ['"x"'], id="empty wildcard"),
        pytest.param(
            '{"wildcard":"a\\\\*?\\\\\\\\"}', ['"a*?\\\\"'], ['"axx\\\\"'], id="escapes in a wildcard"
        ),
        pytest.param('{"wildcard":"aa*aa"}', ['"aaaa"', '"aaxaa"'], ['"aaa"'], id="segments do not overlap"),
        pytest.param('{"wildcard":"*b*c*"}', ['"abcd"', '"bxc"'], ['"cb"'], id="segments keep their order"),
        # Section 6: anything-but
        pytest.param(
            '{"anything-but":"x"}',
            ['"y"', "1", "null", "true", '["x","z"]'],
            ['"x"', "[]", "{}", '{"b":1}'],
            id="anything-but",
        ),
        pytest.param(
            '{"anything-but":["x","y"]}', ['"z"', "1"], ['"x"', '"y"', '["x","y"]'], id="anything-but list"
        ),
        pytest.param(
            '{"anything-but":1}',
            ["2", '"1"', "null", "123456789012345678"],
            ["1", "1.0", "1e0"],
            id="anything-but number",
        ),
        pytest.param(
            '{"anything-but":{"prefix":["a","b"]}}',
            ['"c"', "1", "null"],
            ['"ax"', '"b"'],
            id="anything-but prefixes [V]",
        ),
        pytest.param(
            '{"anything-but":{"suffix":"a"}}', ['"c"', "true"], ['"xa"'], id="anything-but suffix [V]"
        ),
        pytest.param(
            '{"anything-but":{"equals-ignore-case":["aB",""]}}',
            ['"c"', "1"],
            ['"AB"', '""'],
            id="anything-but folded",
        ),
        pytest.param(
            '{"anything-but":{"wildcard":"*"}}', ["1", "null", "true"], ['""', '"x"'], id="anything-but star"
        ),
        pytest.param(
            '{"anything-but":["10.0.0.1"]}',
            ['"010.0.0.1"'],
            ['"10.0.0.1"'],
            id="addresses are excluded by text",
        ),
        # Section 7: numbers and addresses
        pytest.param('{"numeric":["=",5]}', ["5", "[4,5.0]"], ['"5"', "true", "4"], id="="),
        pytest.param(
            '{"numeric":[">",5,"<=",10]}',
            ["6", "10", "1e1"],
            ["5", "11", "[1,20]"],
            id="range, of one element",
        ),
        pytest.param('{"numeric":[">=",5,"<",10]}', ["5", "9.99"], ["10", "4.99"], id="other bounds"),
        pytest.param(
            '{"numeric":[">",0.1]}',
            ["0.2", "1234567890123456"],
            ["123456789012345678", "0.1", "null"],
            id="too many digits to compare",
        ),
        pytest.param('{"numeric":["<",0]}', ["-1"], ["-0", "0"], id="minus zero"),
        pytest.param(
            '{"numeric":["<=",1E-320]}', ["1e-320", "0", "-5"], ["1e-319"], id="as small as a double gets"
        ),
        pytest.param(
            '{"cidr":"10.0.0.0/24"}',
            ['"10.0.0.9"', '"010.0.0.5"', '["1.1.1.1","10.0.0.9"]'],
            ['"10.0.1.0"', '"x"', "10", "null"],
            id="cidr [V]",
        ),
        pytest.param('{"cidr":"10.0.0.77/+24"}', ['"10.0.0.1"'], ['"10.0.1.1"'], id="host bits, signed mask"),
        pytest.param(
            '{"cidr":"2001:db8::/32"}',
            ['"2001:db8:1::"', '"2001:0DB8::1"'],
            ['"2001:db9::"', '"10.0.0.1"'],
            id="cidr of IPv6 [V]",
        ),
        pytest.param(
            '{"cidr":"0.0.0.0/1"}', ["300", '"::1"'], ["900", '"200.0.0.1"'], id="compared digit by digit"
        ),
        # Section 8: exists
        pytest.param(
            '{"exists":true}',
            ["null", '""', "[null]", "false"],
            ["[]", "{}", '{"b":1}', '[{"b":1}]'],
            id="exists [V]",
        ),
        pytest.param(
            '{"exists":false}',
            ["[]", "{}", '{"b":1}', "[[]]"],
            ["null", '""', "[[1]]"],
            id="exists: false [V]",
        ),
        pytest.param('{"exists":false},"x"', ["{}", '"x"'], ['"y"'], id="absent, or a value"),
        # Section 10, 14: arrays
        pytest.param('"x"', ['[["x"]]'], ['{"x":1}', '[{"x":"x"}]'], id="nested array"),
    ],
)
def test_a_value_against_a_list(entry: str, values: list[str], others: list[str]) -> None:
    pattern = parse_pattern(f'{{"a":[{entry}]}}')
    assert [value for value in values if not pattern.matches(_event(f'{{"a":{value}}}'))] == []
    assert [value for value in others if pattern.matches(_event(f'{{"a":{value}}}'))] == []


@pytest.mark.parametrize(
    ("pattern", "event", "matches"),
    [
        # Sections 1 and 3: paths
        pytest.param('{"a":["x"],"b":["y"]}', '{"a":["x"],"b":["q","y"]}', True, id="fields are ANDed"),
        pytest.param('{"a":["x"],"b":["y"]}', '{"a":"x"}', False, id="all of them"),
        pytest.param('{"A":["x"]}', '{"a":"x"}', False, id="keys are case-sensitive [V]"),
        pytest.param(
            '{"detail":{"a":["x"]}}', '{"detail":"{\\"a\\":\\"x\\"}"}', False, id="detail as text [V]"
        ),
        pytest.param('{"a":{"b.c":["x"]}}', '{"a.b":{"c":"x"}}', True, id="dotted keys"),
        pytest.param('{"a.b.c":["x"]}', '{"a":{"b":{"c":"x"}}}', True, id="dotted pattern [V]"),
        pytest.param(
            '{"detail":{"s.t":{"t":["r"]}}}', '{"detail":{"s":{"t":"r"}}}', False, id="another path [V]"
        ),
        pytest.param(
            '{"detail":{"s":{"t":["r"]}}}', '{"detail":{"s.t":{"t":"r"}}}', False, id="the other way [V]"
        ),
        pytest.param('{"":["x"]}', '{"":"x"}', True, id="empty name"),
        pytest.param('{"a":["x"],"a":["y"]}', '{"a":"y"}', True, id="the last key counts [V]"),
        pytest.param(
            '{"a":{"b":["x"]},"a.b":["y"]}', '{"a":{"b":"x"}}', False, id="also by another spelling"
        ),
        pytest.param('{"a":["x"]}', '{"a":"x","a":"y"}', False, id="the last key of the event [D]"),
        pytest.param('{"a":["x"],"a.b":["y"]}', '{"a":{"b":"y"}}', False, id="leaf and object"),
        # Section 8: which element exists: false is about
        pytest.param('{"a":{"b":[{"exists":false}]}}', '{"a":1}', True, id="below a scalar"),
        pytest.param('{"a":{"b":[{"exists":false}]}}', "{}", True, id="below nothing"),
        pytest.param(
            '{"e":{"f":["A"],"g":[{"exists":false}]}}',
            '{"e":[{"f":"A"},{"f":"B","g":1}]}',
            True,
            id="absent in the element chosen",
        ),
        pytest.param(
            '{"e":{"f":["A"],"g":[{"exists":false}]}}',
            '{"e":[{"f":"A","g":1},{"f":"B"}]}',
            False,
            id="present in the element chosen",
        ),
        pytest.param(
            '{"e":{"f":["A"],"g":[{"exists":false}]}}',
            '{"e":[{"f":"A","g":1},{"f":"A"}]}',
            True,
            id="another element to choose",
        ),
        pytest.param(
            '{"e":{"g":["A"],"f":[{"exists":false}]}}',
            '{"e":[{"g":"A"},{"g":"B","f":1}]}',
            False,
            id="tried first, in no element",
        ),
        pytest.param(
            '{"e":{"g":[{"exists":false}]}}',
            '{"e":[{"f":"A"},{"f":"B","g":1}]}',
            False,
            id="alone, in no element",
        ),
        # Sections 10 and 14: arrays of objects
        pytest.param(
            '{"p":{"f":["Anna"],"l":["Jones"]}}',
            '{"p":[{"f":"Anna","l":"X"},{"f":"Y","l":"Jones"}]}',
            False,
            id="one element for both",
        ),
        pytest.param(
            '{"p":{"f":["Anna"],"l":["Jones"]}}',
            '{"p":[{"f":"Y"},{"f":"Anna","l":["X","Jones"]}]}',
            True,
            id="the second element",
        ),
        pytest.param(
            '{"t":{"a":["x"]},"u":{"b":["y"]}}',
            '{"t":[{"a":"x"}],"u":[{"b":"n"},{"b":"y"}]}',
            True,
            id="independent arrays",
        ),
        pytest.param('{"a":{"b":["x"]}}', '{"a":[[{"b":"x"}]]}', True, id="arrays in arrays"),
        pytest.param(
            '{"a":{"f":["A"],"l":["J"]}}', '{"a":[[{"f":"A"},{"l":"J"}]]}', False, id="inner elements differ"
        ),
        pytest.param(
            '{"e":{"g":[{"anything-but":"Z"}]}}',
            '{"e":[{"g":"Z"},{"g":"Q"}]}',
            True,
            id="one that is not excluded",
        ),
        pytest.param(
            '{"e":{"f":["A"],"g":[{"anything-but":"Z"}]}}',
            '{"e":[{"f":"A","g":"Z"},{"f":"B","g":"Q"}]}',
            False,
            id="in the element chosen",
        ),
        pytest.param(
            '{"a":["x"],"a.b":["y"]}', '{"a":["x",{"b":"y"}]}', True, id="a scalar is in no element"
        ),
        # Section 11: $or
        pytest.param('{"c":[1],"$or":[{"a":["x"]},{"b":["y"]}]}', '{"b":"y","c":1}', True, id="one branch"),
        pytest.param(
            '{"c":[1],"$or":[{"a":["x"]},{"b":["y"]}]}',
            '{"b":"y","c":2}',
            False,
            id="and what stands beside it",
        ),
        pytest.param(
            '{"d":{"$or":[{"a":["x"]},{"$or":[{"b":["y"]},{"c":["z"]}]}]}}',
            '{"d":{"c":"z"}}',
            True,
            id="nested",
        ),
        pytest.param(
            '{"$or":[{"a":[1]},{"a":[2]}],"$or":[{"b":[1]},{"b":[2]}]}',
            '{"a":1,"b":3}',
            False,
            id="two are ANDed",
        ),
        pytest.param(
            '{"a":["1"],"$or":[{"a":["2"]},{"b":["y"]}]}', '{"a":"2"}', True, id="a branch replaces"
        ),
        pytest.param('{"a":["1"],"$or":[{"a":["2"]},{"b":["y"]}]}', '{"a":"1"}', False, id="where it does"),
        pytest.param(
            '{"a":["1"],"$or":[{"a":["2"]},{"b":["y"]}]}', '{"a":"1","b":"y"}', True, id="and only there"
        ),
        pytest.param(
            '{"$or":[{"a":["2"]},{"b":["y"]}],"a":["1"]}', '{"a":"1"}', True, id="what comes later replaces"
        ),
        pytest.param(
            '{"$or":[{"a":["x"]},{"a":["x","z"]}]}', '{"a":"z"}', False, id="a branch taken for the first"
        ),
        pytest.param(
            '{"prefix":["x"],"numeric":{"=":[1]}}',
            '{"prefix":"x","numeric":{"=":1}}',
            True,
            id="reserved names outside",
        ),
    ],
)
def test_an_event_against_a_pattern(pattern: str, event: str, matches: bool) -> None:
    assert _matches(pattern, event) is matches


def test_a_branch_that_is_never_reached_is_warned_of() -> None:
    pattern = parse_pattern('{"$or":[{"a":["x"]},{"a":["x","z"]}]}')
    assert [assumption.name for assumption in pattern.assumptions] == ["overlapping-branches"]
    assert len(pattern.warnings) == 1


def test_paths_are_those_of_all_branches() -> None:
    assert parse_pattern('{"a":{"b":[1]},"$or":[{"c":[1]},{"d":[1]}]}').paths == {"a.b", "c", "d"}
