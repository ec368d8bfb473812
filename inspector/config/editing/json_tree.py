"""Where in a JSON text its values stand."""

import json
import re
from collections.abc import Iterator
from typing import Final

from inspector.config.editing.address import Step, names_it
from inspector.config.editing.tree import Entry, Node
from inspector.jsontext import JsonValue, loads

_SPACE: Final = re.compile(r"[ \t\r\n]*")
# Only to find where a value ends: the text has been read strictly before.
_SKIPPER: Final = json.JSONDecoder(parse_int=str, parse_float=str)


def json_node(text: str, start: int, steps: tuple[Step, ...]) -> Node | None:
    """Return the value at `steps` of the JSON value that begins at `start`, None where there is none.

    text: JSON that has been read before. Only what lies on the way is looked at.
    """
    at = _space(text, start)
    for step in steps:
        if text[at] == "{" and isinstance(step, str):
            # Of equal keys the last counts.
            found = [value for key, _, _, value in _members(text, at) if names_it(step, key)]
            at = found[-1] if found else -1
        elif text[at] == "[" and isinstance(step, int):
            at = next((value for index, value in enumerate(_items(text, at)) if index == step), -1)
        else:
            return None
        if at < 0:
            return None
    return _node(text, at)


def _node(text: str, at: int) -> Node:
    end = _end(text, at)
    if text[at] == "{":
        entries = tuple(
            Entry(key, start, stop, _node(text, value)) for key, start, stop, value in _members(text, at)
        )
        return Node(at, end, {entry.key: entry.node.value for entry in entries}, entries)
    if text[at] == "[":
        items = tuple(_node(text, value) for value in _items(text, at))
        return Node(at, end, [item.value for item in items], items=items)
    value: JsonValue = loads(text[at:end])
    return Node(at, end, value)


def _members(text: str, at: int) -> Iterator[tuple[str, int, int, int]]:
    """Yield of an object's members the key, where it starts and ends, and where the value starts."""
    at = _space(text, at + 1)
    while text[at] != "}":
        key, end = _SKIPPER.raw_decode(text, at)
        value = _space(text, _space(text, end) + 1)
        yield key, at, end, value
        at = _next(text, _end(text, value))


def _items(text: str, at: int) -> Iterator[int]:
    at = _space(text, at + 1)
    while text[at] != "]":
        yield at
        at = _next(text, _end(text, at))


def _next(text: str, at: int) -> int:
    at = _space(text, at)
    return _space(text, at + 1) if text[at] == "," else at


def _end(text: str, at: int) -> int:
    return _SKIPPER.raw_decode(text, at)[1]


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
