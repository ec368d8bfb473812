"""Where in an event's text a path of an explanation stands, found without building the event's values."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_SCALAR: Final = re.compile(r"[^\s,\]}]+")
_BRACKET: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]', re.DOTALL)
_INDEX: Final = re.compile(r"\[(\d+)\]")
_ENTRY: Final = {
    "source": "Source",
    "detail-type": "DetailType",
    "detail": "Detail",
    "resources": "Resources",
    "time": "Time",
}
"""How an entry of PutEvents spells the members of the envelope."""


@dataclass(frozen=True, slots=True)
class Located:
    """A value in a text: `start` to `end`, its key included where it has one.

    whole: the path leads there; otherwise it ends in something that it would lead on from.
    """

    start: int
    end: int
    whole: bool


def locate(text: str, path: str) -> Located | None:
    """Return where the value at a path such as `detail.items[2].sku` stands in the JSON text of an event.

    text: JSON that was read before, an envelope or an entry of PutEvents. Where the path leads nowhere, the
    place is the key of the deepest member on the way to it, or the string that holds `Detail`; None where
    not even the first step is there. Of equal keys the last counts, as it does for EventBridge.
    """
    found = _locate(text, path)
    if found is not None and found.whole:
        return found
    step = re.match(r"[^.\[]*", path)
    name = step[0] if step else ""
    if name in _ENTRY:
        return _locate(text, _ENTRY[name] + path[len(name) :]) or found
    return found


def _locate(text: str, path: str) -> Located | None:
    # Keys may hold dots: each way in which they spell the path is tried.
    nearest: tuple[int, Located | None] = (0, None)
    waiting = [(_space(text, 0), -1, path)]
    while waiting:
        at, key, rest = waiting.pop()
        if not rest:
            return Located(key if key >= 0 else at, _end(text, at), True)
        if key >= 0 and len(path) - len(rest) > nearest[0]:
            nearest = (len(path) - len(rest), _holder(text, key, at))
        opening = text[at : at + 1]
        if opening == "{":
            # The last of equal keys is tried first.
            waiting += [
                (value, start, rest[len(name) :].removeprefix("."))
                for name, start, value in _members(text, at)
                if rest == name or (name and rest.startswith((f"{name}.", f"{name}[")))
            ]
        elif opening == "[" and (index := _INDEX.match(rest)):
            item = next((item for n, item in enumerate(_items(text, at)) if n == int(index[1])), -1)
            if item >= 0:
                waiting.append((item, -1, rest[index.end() :].removeprefix(".")))
    return nearest[1]


def _holder(text: str, key: int, at: int) -> Located:
    """Return the place that stands for what is missing below a member: its key, or all of a string."""
    holds_more = text[at : at + 1] in ("{", "[")
    string = _STRING.match(text, key)
    return Located(key, string.end() if holds_more and string else _end(text, at), False)


def _members(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Yield of an object's members the key, where that starts, and where the value starts."""
    at = _space(text, at + 1)
    while key := _STRING.match(text, at):
        value = _space(text, _space(text, key.end()) + 1)
        yield _key(key[0]), at, value
        at = _next(text, value)


def _items(text: str, at: int) -> Iterator[int]:
    at = _space(text, at + 1)
    while at < len(text) and text[at] != "]":
        yield at
        at = _next(text, at)


def _next(text: str, value: int) -> int:
    at = _space(text, _end(text, value))
    return _space(text, at + 1) if text[at : at + 1] == "," else at


def _key(raw: str) -> str:
    return str(json.loads(raw, strict=False)) if "\\" in raw else raw[1:-1]


def _end(text: str, at: int) -> int:
    """Return where the value that starts at a place ends."""
    if text[at : at + 1] not in ("{", "["):
        found = _STRING.match(text, at) or _SCALAR.match(text, at)
        return found.end() if found else len(text)
    depth = 0
    for found in _BRACKET.finditer(text, at):
        if found[0] in ("{", "["):
            depth += 1
        elif found[0] in ("}", "]"):
            depth -= 1
            if not depth:
                return found.end()
    return len(text)


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
