"""The values of an event at one path, whatever arrays lie on the way."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, TypeVar

from inspector.jsontext import JsonValue

ABSENT: Final = object()
"""There is no scalar at the path."""

_CONTAINERS: Final = frozenset({dict, list})

Extracted: TypeAlias = object
"""A scalar, `ABSENT`, or a list of the scalars where the path passes an array."""
Extract: TypeAlias = Callable[[Mapping[str, JsonValue]], Extracted]
Found = TypeVar("Found")


def extractor(path: str) -> Extract:
    """Return the function that takes the values at `path` from an event.

    Keys that spell several steps of the path at once are not looked for.
    """
    *steps, last = path.split(".")
    if not steps:

        def shallow(document: Mapping[str, JsonValue]) -> Extracted:
            value = document.get(last, ABSENT)
            return value if type(value) is str else _settle(value)

        return shallow
    first, *others = steps
    if not others:

        def member(document: Mapping[str, JsonValue]) -> Extracted:
            inner = document.get(first)
            if type(inner) is dict:
                value = inner.get(last, ABSENT)
                return value if type(value) is str else _settle(value)
            return _below(inner, (last,))

        return member
    rest = (*others, last)
    return lambda document: _below(document.get(first), rest)


def reader(
    path: str, string: Callable[[str], Found | None], other: Callable[[Extracted], Found], nothing: Found
) -> Callable[[Mapping[str, JsonValue]], Found]:
    """Return the function that gives a string at `path` to `string`, and whatever else is there to `other`.

    It returns what they do, `nothing` for None: what `extractor` and a look at the value would come to, in
    one call.
    """
    extract = extractor(path)
    first, _, last = path.partition(".")
    if not last or "." in last:

        def read(document: Mapping[str, JsonValue]) -> Found:
            value = extract(document)
            return (string(value) or nothing) if type(value) is str else other(value)

        return read

    def read_member(document: Mapping[str, JsonValue]) -> Found:
        inner = document.get(first)
        if type(inner) is dict:
            value = inner.get(last)
            if type(value) is str:
                return string(value) or nothing
        return other(extract(document))

    return read_member


def _settle(value: object) -> Extracted:
    if isinstance(value, dict):
        return ABSENT
    return _scalars(value) if isinstance(value, list) else value


def _below(value: JsonValue, steps: tuple[str, ...]) -> Extracted:
    """Follow the steps from `value`; the last is a key of the objects that they lead to."""
    number = 0
    while isinstance(value, dict):
        if number == len(steps):
            return ABSENT
        step = steps[number]
        if step not in value:
            return ABSENT
        value = value[step]
        number += 1
    if not isinstance(value, list):
        return value if number == len(steps) else ABSENT
    places: list[JsonValue] = value
    for step in steps[number:]:
        if list in map(type, places):
            places = _flat(places)
        places = [place[step] for place in places if type(place) is dict and step in place]
    return _scalars(places)


def _flat(places: list[JsonValue]) -> list[JsonValue]:
    found: list[JsonValue] = []
    waiting = places[::-1]
    while waiting:
        place = waiting.pop()
        if isinstance(place, list):
            waiting.extend(reversed(place))
        else:
            found.append(place)
    return found


def _scalars(places: list[JsonValue]) -> list[JsonValue]:
    if _CONTAINERS.isdisjoint(map(type, places)):
        return places
    return [place for place in _flat(places) if not isinstance(place, dict)]
