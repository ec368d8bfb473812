"""The JSON values in a file's text, each with its place."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Final

from inspector.config.files import SourceFile
from inspector.config.report import Place, Report, quoted
from inspector.jsontext import JsonError, JsonValue, loads

_LINES: Final = (".jsonl", ".ndjson")
_YAML: Final = (".yaml", ".yml")


def documents(text: str, file: SourceFile, report: Report) -> Iterator[tuple[JsonValue, Place]]:
    """Yield the values that a file holds: one of JSON, one a line of JSONL, one a document of YAML.

    What is no JSON or no YAML becomes a fault, and so does a key that an object holds twice.
    """
    root = file.place
    name = file.path.name.lower()
    if name.endswith(_YAML):
        from inspector.config.yaml_values import yaml_values

        yield from yaml_values(text, root, report)
    elif name.endswith(_LINES):
        # Not splitlines(): it also parts at U+2028 and others, which a JSON string may hold.
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                yield from _json(line, Place(root.file, f"line {number}: $", root.folder), report, number)
    elif text.strip():
        yield from _json(text, root, report)
    else:
        report.warning(root, "an empty file", "a JSON value", kind="file")


def _json(
    text: str, place: Place, report: Report, line: int | None = None
) -> Iterator[tuple[JsonValue, Place]]:
    try:
        value = loads(text)
    except JsonError as error:
        where = f"line {line or error.line}, column {error.column}"
        several = error.reason == "Extra data" and line is None
        expected = "one JSON value; name the file .jsonl if it holds one a line" if several else "JSON"
        report.error(place, f"not valid JSON: {error.reason} ({where})", expected, kind="file")
        return
    for repeated, key in _repeated_keys(text, place):
        found = f"the key {quoted(key)} stands twice"
        report.warning(repeated, found, "it once; the last one counts", kind="twice")
    yield value, place


class _Repeating(dict[str, object]):
    """An object of whose keys some stand twice."""

    keys_twice: tuple[str, ...] = ()


def _repeated_keys(text: str, root: Place) -> Iterator[tuple[Place, str]]:
    met = False

    def pairs(members: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal met
        found = _Repeating(members)
        if len(found) < len(members):
            met = True
            times = Counter(name for name, _ in members)
            found.keys_twice = tuple(name for name, number in times.items() if number > 1)
        return found

    try:
        tree: object = json.loads(text, object_pairs_hook=pairs, parse_int=str, parse_float=str)
    except RecursionError:
        return  # the hook needs a little more of the stack than the reading before it did
    if not met:
        return
    waiting: list[tuple[object, Place]] = [(tree, root)]
    while waiting:
        value, place = waiting.pop()
        if isinstance(value, _Repeating):
            for name in value.keys_twice:
                yield place.member(name), name
            waiting.extend((member, place.member(name)) for name, member in value.items())
        elif isinstance(value, list):
            waiting.extend((item, place.item(index)) for index, item in enumerate(value))
