"""Strings as JSON and YAML write them, in the style that stood there before where that can be."""

import json
import re
from collections.abc import Iterator
from typing import Final

from inspector.config.editing.edits import EditError
from inspector.config.report import Place, Report
from inspector.jsontext import JsonObject, JsonValue, dumps

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# What JSON lets stand in a string, and YAML does not, or reads as the end of a line.
_ESCAPED_IN_YAML: Final = re.compile("[\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_NOT_LITERAL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_PLAIN: Final = re.compile(r"[A-Za-z_$/][^\n]*")
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][\w.$/-]*", re.ASCII)
# Strings in YAML 1.2, and something else to the many readers of YAML 1.1.
_OLD_WORDS: Final = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


class JsonWords:
    """JSON's strings. escapes: the text writes what is not ASCII as escapes."""

    def __init__(self, *, escapes: bool) -> None:
        self._escapes = escapes

    def string(self, value: str, like: str = "") -> str:  # noqa: ARG002 - JSON has one style
        """Return the text of a string."""
        if self._escapes or _SURROGATE.search(value):
            return json.dumps(value)
        return dumps(value)

    def key(self, name: str, like: str = "") -> str:  # noqa: ARG002 - JSON has one style
        """Return the text of a key."""
        return self.string(name)


class YamlFlowWords:
    """YAML's strings between brackets and braces."""

    def string(self, value: str, like: str) -> str:
        """Return the text of a string: plain, or in the quotes that `like` has."""
        for text in _on_one_line(value, like):
            if _reads_as(f"[{text}]", [value]):
                return text
        raise _unwritable()

    def key(self, name: str, like: str) -> str:
        """Return the text of a key."""
        return yaml_key(name, like)


def yaml_key(name: str, like: str) -> str:
    """Return the text of a key: quoted where `like` is, or where it has to be."""
    if like[:1] not in ("'", '"') and _PLAIN_KEY.fullmatch(name) and name.lower() not in _OLD_WORDS:
        return name
    return next(text for text in _on_one_line(name, like if like[:1] in ("'", '"') else '"'))


def yaml_scalar(value: str, like: str, column: int, unit: int | None, newline: str) -> str:
    """Return the text of a string after the colon of a key in `column`.

    like: what stood there, empty for nothing. unit: the columns by which a literal block is
    indented, None for none at all.
    """
    key: JsonObject = {"k": value}
    for text in _styles(value, like, column, unit):
        if _reads_as(f"{' ' * column}k: {text}\n", key):
            return text.replace("\n", newline)
    raise _unwritable()


def _styles(value: str, like: str, column: int, unit: int | None) -> Iterator[str]:
    was_block, quoted = like[:1] in ("|", ">"), like[:1] in ("'", '"')
    if unit is not None and (was_block or ("\n" in value and not quoted)):
        yield from _literal(value, like, column, unit)
    comment = re.search(r"[ \t]+#.*", like.split("\n", 1)[0]) if was_block else None
    for text in _on_one_line(value, "" if was_block else like):
        yield text + (comment[0].rstrip("\r") if comment else "")


def _literal(value: str, like: str, column: int, unit: int) -> Iterator[str]:
    body = value.rstrip("\n")
    ending = len(value) - len(body)
    if ending > 1 or not body or body[0] in " \t\n" or _NOT_LITERAL.search(value):
        return
    header, _, content = like.partition("\n")
    comment = re.sub(r"^[|>][-+0-9]*", "", header).rstrip("\r") if like[:1] in ("|", ">") else ""
    indented = re.search(r"^( +)\S", content, re.MULTILINE)
    indent = indented[1] if indented else " " * (column + unit)
    sign = "" if ending else "-"
    style = ">" if like.startswith(">") and "\n" not in body else "|"
    lines = "".join(f"\n{indent}{line}" if line else "\n" for line in body.split("\n"))
    yield f"{style}{sign}{comment}{lines}"


def _on_one_line(value: str, like: str) -> Iterator[str]:
    """Yield the ways to write a string on one line, the fitting one first, the one that always fits last."""
    first = like[:1]
    if first not in ("'", '"') and _PLAIN.fullmatch(value) and value.lower() not in _OLD_WORDS:
        yield value
    if first != '"' and not _NOT_LITERAL.search(value) and not {"\n", "\t"} & set(value):
        yield "'" + value.replace("'", "''") + "'"
    yield _ESCAPED_IN_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", dumps(value))


def _reads_as(text: str, value: JsonValue) -> bool:
    from inspector.config.yaml_values import yaml_values

    report = Report()
    return [read for read, _ in yaml_values(text, Place(""), report)] == [value] and not report.faults


def _unwritable() -> EditError:
    return EditError(
        "the value holds a character that YAML cannot hold", hint="such as half a surrogate pair"
    )
