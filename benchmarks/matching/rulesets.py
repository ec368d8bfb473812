"""The rule sets that are measured, by name."""

import json
from typing import Any

from benchmarks.matching.corpus import STREETS


def _rules(*patterns: Any) -> dict[str, str]:
    return {f"rule-{number}": json.dumps(pattern) for number, pattern in enumerate(patterns)}


def _property(name: str, *entries: Any) -> Any:
    return {"properties": {name: list(entries)}}


def _coordinates(**fields: Any) -> Any:
    return {"geometry": {"coordinates": fields}}


def _near(low: float, high: float) -> list[Any]:
    return [{"numeric": [">=", low, "<", high]}]


def two_fields(count: int) -> dict[str, str]:
    """Return `count` rules of two exact fields each."""
    return _rules(
        *(
            {"properties": {"BLOCK_NUM": [f"{number:04}"], "STREET": [STREETS[number % len(STREETS)]]}}
            for number in range(count)
        )
    )


_BLOCKS = ("1430022", "2607117", "2607218", "3745012", "VACSTWIL")
_SIMPLE: dict[str, list[Any]] = {
    "exact": [_property("MAPBLKLOT", value) for value in _BLOCKS],
    "prefix": [_property("STREET", {"prefix": text}) for text in ("AC", "BL", "DR", "FU", "RH")],
    "suffix": [_property("STREET", {"suffix": text}) for text in ("ON", "KE", "MM", "ING", "GO")],
    "wildcard": [
        _property("MAPBLKLOT", {"wildcard": text}) for text in ("143*", "2*0*1*7", "*218", "3*5*", "*VAC*")
    ],
    "ignore case": [
        _property("STREET", {"equals-ignore-case": text})
        for text in ("jefferson", "bEaCh", "HyDe", "CHESTNUT", "ToledO")
    ],
    "anything-but": [
        _property("STREET", {"anything-but": [text]})
        for text in ("FULTON", "MASON", "JEFFERSON", "TAYLOR", "BEACH")
    ],
}
_ARRAYS: dict[str, list[Any]] = {
    "numeric in array": [_coordinates(x=_near(-122.5 + n / 10**4, -122.4999 + n / 10**4)) for n in range(5)],
    "fields in array": [
        _coordinates(x=_near(-122.5 + n / 100, -122.49 + n / 100), y=_near(37.7 + n / 200, 37.701 + n / 200))
        for n in range(5)
    ],
}


def rule_sets() -> dict[str, dict[str, str]]:
    """Return every rule set: its patterns' texts by rule name."""
    sets = _SIMPLE | _ARRAYS
    every = [pattern for patterns in sets.values() for pattern in patterns][:35]
    named = {f"5 {name}": _rules(*patterns) for name, patterns in sets.items()}
    named["all together (35)"] = _rules(*every)
    for count in (5, 1000, 10_000):
        named[f"{count:,} two-field exact"] = two_fields(count)
    return named


SIMPLE = frozenset(f"5 {name}" for name in _SIMPLE)
