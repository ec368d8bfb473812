"""Random patterns and events that have a fair chance to meet: few names, few values."""

from collections.abc import Mapping

from hypothesis import strategies as st

from inspector.jsontext import JsonObject, JsonValue, Number, dumps

_NAMES = st.sampled_from(["a", "b", "a.b", "c", "", "detail-type"])
_STRINGS = st.sampled_from(
    ["x", "X", "xy", "y x", "", "300", "10.0.0.1", "010.0.0.1", "::1", "straße", "STRASSE"]
)
_NUMBERS: st.SearchStrategy[JsonValue] = st.sampled_from(
    [0, 1, 300, -5, 12345678901234567, *map(Number, ("300.0", "3e2", "0.5", "-0", "1e-400", "1e309"))]
)
_SCALARS: st.SearchStrategy[JsonValue] = st.one_of(_STRINGS, _NUMBERS, st.booleans(), st.none())


def _values(children: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonValue]:
    return st.one_of(
        st.lists(children, max_size=3).map(list), st.dictionaries(_NAMES, children, max_size=3).map(dict)
    )


VALUES: st.SearchStrategy[JsonValue] = st.recursive(_SCALARS, _values, max_leaves=10)
EVENTS: st.SearchStrategy[dict[str, JsonValue]] = st.dictionaries(_NAMES, VALUES, max_size=4)


def _one(name: str, operand: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonValue]:
    return operand.map(lambda value: {name: value})


_FOLDED = _one("equals-ignore-case", _STRINGS.map(lambda text: text))
_SHORT: st.SearchStrategy[JsonValue] = st.sampled_from(["x", "X", "1", "10.", "s", "y"])
_WILDCARDS: st.SearchStrategy[JsonValue] = st.sampled_from(["*", "x*", "*x", "*.0.*", "\\*", "x", ""])
_RANGES: st.SearchStrategy[JsonValue] = st.sampled_from(
    [["=", 300], [">", 0], ["<", 1], [">=", -5, "<", 300], [">", 0, "<=", Number("300.0")]]
)
_EXCLUDED: st.SearchStrategy[JsonValue] = st.one_of(
    _STRINGS,
    st.sampled_from([0, 300, Number("0.5")]),
    st.lists(_STRINGS, min_size=1, max_size=2).map(list),
    *(_one(name, _SHORT) for name in ("prefix", "suffix", "equals-ignore-case", "wildcard")),
    _one("prefix", st.lists(_SHORT, min_size=1, max_size=2).map(list)),
)
_ALTERNATIVES: st.SearchStrategy[JsonValue] = st.one_of(
    _SCALARS,
    _one("prefix", st.one_of(_STRINGS, _FOLDED)),
    _one("suffix", st.one_of(_STRINGS, _FOLDED)),
    _FOLDED,
    _one("wildcard", _WILDCARDS),
    _one("anything-but", _EXCLUDED),
    _one("numeric", _RANGES),
    _one("cidr", st.sampled_from(["10.0.0.0/8", "0.0.0.0/1", "::/64"])),
    _one("exists", st.booleans()),
)
_LEAVES: st.SearchStrategy[JsonValue] = st.lists(_ALTERNATIVES, min_size=1, max_size=2).map(list)


def _objects(children: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonValue]:
    fields: st.SearchStrategy[JsonObject] = st.dictionaries(_NAMES, children, min_size=1, max_size=3)
    return st.one_of(fields, fields.map(dict), st.builds(_with_or, fields, _BRANCHES))


_BRANCHES: st.SearchStrategy[list[JsonObject]] = st.lists(
    st.dictionaries(_NAMES, _LEAVES, min_size=1, max_size=2), min_size=2, max_size=3
)


def _with_or(fields: JsonObject, branches: list[JsonObject]) -> JsonValue:
    return {**fields, "$or": list[JsonValue](branches)}


def _as_text(pattern: JsonValue) -> str:
    return dumps(pattern if isinstance(pattern, Mapping) else {"a": pattern})


PATTERNS: st.SearchStrategy[str] = (
    st.recursive(_LEAVES, _objects, max_leaves=5).map(_as_text).filter(lambda text: text.count("$or") < 5)
)
