"""Frozen values as JSON columns and back: secrets left out, members that were added since defaulted."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from inspector.history.records import UNRESOLVED
from inspector.jsontext import JsonObject, JsonValue, dumps, loads
from inspector.secret import Secret

T = TypeVar("T")


def encode(value: object) -> JsonValue:
    """Return a value of frozen dataclasses, tuples, mappings and scalars as JSON.

    A member that holds a `Secret` becomes null, and `"secret": true` stands beside it.

    Raises:
        TypeError: something in it is none of these.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Secret):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        members = {field.name: getattr(value, field.name) for field in fields(value)}
        encoded: JsonObject = {name: encode(member) for name, member in members.items()}
        if any(isinstance(member, Secret) for member in members.values()):
            encoded["secret"] = True
        return encoded
    if isinstance(value, Mapping):
        return {str(key): encode(member) for key, member in value.items()}
    if isinstance(value, tuple | list):
        return [encode(member) for member in value]
    raise TypeError(f"{type(value).__name__} cannot be recorded")


def decode(kind: type[T], value: JsonValue) -> T:
    """Return the `kind` that `encode` made `value` of; secrets come back as `UNRESOLVED`.

    Members that `kind` no longer has are ignored, those that it gained take their default.

    Raises:
        ValueError: `value` was not made of a `kind`.
    """
    return cast(T, _decode(kind, value))


def json_column(value: object) -> str:
    """Return a JSON value as text that SQLite takes: lone surrogates stay escaped."""
    text = dumps(value)
    if text.isascii():
        return text
    return "".join(f"\\u{ord(c):04x}" if 0xD800 <= ord(c) <= 0xDFFF else c for c in text)


def encoded_column(value: object) -> str | None:
    """Return `encode(value)` as a column; None for None."""
    if value == ():
        return "[]"
    return None if value is None else json_column(encode(value))


def decoded_column(kind: type[T], column: object) -> T:
    """Return the `kind` that `encoded_column` wrote."""
    return decode(kind, loads(str(column)))


def text_column(text: str) -> str | bytes:
    """Return text as a column: a BLOB where it is no Unicode text (lone surrogates)."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def text_of(column: object) -> str:
    """Return the text that `text_column` wrote."""
    return column.decode("utf-8", "surrogatepass") if isinstance(column, bytes) else str(column)


def body_column(body: bytes) -> str | bytes:
    """Return a response body as a column: TEXT where it is text, so that it can be read and searched."""
    if b"\0" in body:
        return body
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body


def body_of(column: object) -> bytes:
    """Return the body that `body_column` wrote."""
    return column if isinstance(column, bytes) else str(column).encode()


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode(kind: Any, value: JsonValue) -> object:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        members = [member for member in get_args(kind) if member not in (type(None), Secret)]
        return None if value is None else _decode(members[0], value)
    if origin is tuple:
        if not isinstance(value, list):
            raise ValueError(f"expected an array, found {value!r}")
        arguments = get_args(kind)
        if arguments[1:] == (...,):
            return tuple(_decode(arguments[0], member) for member in value)
        return tuple(_decode(argument, member) for argument, member in zip(arguments, value, strict=True))
    if origin is Literal or kind in (str, int, bool):
        return value
    if kind is float:
        return float(cast(float, value))
    if not isinstance(value, dict):
        raise ValueError(f"expected an object, found {value!r}")
    if is_dataclass(kind):
        return _dataclass(cast(type, kind), value)
    return value


def _dataclass(kind: type, value: JsonObject) -> object:
    members: dict[str, object] = {}
    for field in fields(kind):
        if field.name not in value:
            if field.default is MISSING and field.default_factory is MISSING:
                raise ValueError(f"{kind.__name__} without {field.name!r}")
            continue
        member, hint = value[field.name], _hints(kind)[field.name]
        is_secret = member is None and value.get("secret") is True and Secret in get_args(hint)
        members[field.name] = UNRESOLVED if is_secret else _decode(hint, member)
    return cast(object, kind(**members))
