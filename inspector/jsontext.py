"""JSON as EventBridge reads it: strict, the last of equal keys wins, and numbers keep their text.

A float that has lost its text can no longer tell `300.0` from `3.0e2`, nor a number that
EventBridge compares from one that it does not (patterns, section 7).
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from json import JSONDecodeError
from json.encoder import encode_basestring
from typing import Final, NoReturn, TypeAlias

from inspector.errors import InspectorError

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = dict[str, JsonValue]

_LONGEST_INT: Final = 4000
"""Python refuses to read integers of more than 4300 digits."""


class Number(float):
    """A JSON number whose text cannot be had back from its value (`1.0`, `3e2`, `-0`, 5000 digits)."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> "Number":
        self = super().__new__(cls, text)
        self.text = text
        return self

    def __repr__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[type["Number"], tuple[str]]:
        return Number, (self.text,)


class JsonError(InspectorError):
    """A text that is not JSON.

    `reason` says what is wrong; `line` and `column` count from 1, `offset` from 0 in characters.
    """

    def __init__(self, reason: str, line: int = 1, column: int = 1, offset: int = 0) -> None:
        super().__init__(f"not valid JSON: {reason} (line {line}, column {column})")
        self.reason, self.line, self.column, self.offset = reason, line, column, offset


def _integer(text: str) -> int | Number:
    return Number(text) if text == "-0" or len(text) > _LONGEST_INT else int(text)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


_decoder: Final = json.JSONDecoder(
    parse_float=Number, parse_int=_integer, parse_constant=_no_constant, strict=True
)


def loads(text: str) -> JsonValue:
    """Return the value of a JSON text.

    Integers come as `int`, other numbers as `Number`, which keeps the text.

    Raises:
        JsonError: the text is no JSON, or nests deeper than this process can follow.
    """
    try:
        return _decoder.decode(text)  # type: ignore[no-any-return]
    except JSONDecodeError as error:
        raise _no_json(error) from None
    except RecursionError:
        raise JsonError("nested too deeply") from None
    except ValueError as error:
        raise JsonError(str(error)) from None


def _no_json(error: JSONDecodeError) -> JsonError:
    # Some of the decoder's messages end where it would go on with the place, which `JsonError` words itself.
    reason = re.sub(r" (starting )?at$", "", error.msg)
    return JsonError(reason, error.lineno, error.colno, error.pos)


def loads_many(text: str) -> list[JsonValue]:
    """Return the values of a text that holds one or several JSON values separated by white space.

    Raises:
        JsonError: any of the text is neither.
    """
    values: list[JsonValue] = []
    at, end = _skip_space(text, 0), len(text)
    while at < end:
        try:
            value, stop = _decoder.raw_decode(text, at)
        except JSONDecodeError as error:
            raise _no_json(error) from None
        except RecursionError:
            raise JsonError("nested too deeply") from None
        except ValueError as error:
            raise JsonError(str(error)) from None
        values.append(value)
        at = _skip_space(text, stop)
        if at == stop < end:
            line = text.count("\n", 0, stop) + 1
            raise JsonError("white space must part two values", line, stop - text.rfind("\n", 0, stop), stop)
    return values


def loads_at(text: str, at: int) -> tuple[JsonValue, int]:
    """Return the value that begins at `at`, where white space has been skipped, and the offset behind it.

    Raises:
        JsonError: there is none; `line` and `column` count from the beginning of `text`.
    """
    try:
        return _decoder.raw_decode(text, at)
    except JSONDecodeError as error:
        raise _no_json(error) from None
    except RecursionError:
        raise JsonError("nested too deeply") from None
    except ValueError as error:
        raise JsonError(str(error)) from None


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def dumps(value: object, *, indent: int | None = None) -> str:
    """Return `value` as JSON text; numbers read by `loads` are written as they were read.

    Without `indent` the text is compact (`,` and `:` with no space). Non-ASCII characters stay
    themselves. Accepts mappings and sequences of JSON values.

    Raises:
        JsonError: the value nests too deeply.
        TypeError: something in it is no JSON value.
    """
    parts: list[str] = []
    try:
        if _compact is not None and indent is None and (text := _compact(value)) is not None:
            return text
        _write(value, parts.append, None if indent is None else " " * indent, "\n")
    except RecursionError:
        raise JsonError("nested too deeply") from None
    return "".join(parts)


_compact: Callable[[object], str | None] | None = None


def write_fast() -> None:
    """Let `dumps` write compact text by msgspec from now on: the same text, ten times faster.

    It is not the rule, since its import alone takes longer than most commands write.
    """
    global _compact
    import msgspec

    def other(value: object) -> object:
        if isinstance(value, Number):
            return msgspec.Raw(value.text.encode())
        raise TypeError

    encode = msgspec.json.Encoder(enc_hook=other).encode

    def compact(value: object) -> str | None:
        try:
            return encode(value).decode()
        except (TypeError, ValueError, OverflowError):
            return None  # A mapping that is no dict, a lone surrogate: that is written the slow way.

    _compact = compact


def _write(value: object, put: Callable[[str], None], step: str | None, newline: str) -> None:
    if isinstance(value, str):
        put(encode_basestring(value))
    elif value is None or isinstance(value, bool | int | float):
        put(scalar_text(value))
    elif isinstance(value, dict | Mapping):  # dict first: the abstract check is slow
        inner = newline if step is None else newline + step
        separator, colon = ("," if step is None else "," + inner), (":" if step is None else ": ")
        put("{")
        for number, (key, member) in enumerate(value.items()):
            put(separator if number else ("" if step is None else inner))
            put(encode_basestring(key))
            put(colon)
            _write(member, put, step, inner)
        put("}" if step is None or not value else newline + "}")
    elif isinstance(value, list | Sequence):
        inner = newline if step is None else newline + step
        separator = "," if step is None else "," + inner
        put("[")
        for number, member in enumerate(value):
            put(separator if number else ("" if step is None else inner))
            _write(member, put, step, inner)
        put("]" if step is None or not value else newline + "]")
    else:
        raise TypeError(f"{type(value).__name__} is no JSON value")


def scalar_text(value: bool | int | float | None) -> str:
    """Return the JSON text of a number, boolean or null."""
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, Number):
        return value.text
    return repr(value)


def kind(value: object) -> str:
    """Return JSON's own word for the type of `value`: object, array, string, number, boolean, null."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "string"
        case int() | float():
            return "number"
        case Mapping():
            return "object"
        case _:
            return "array"
