"""The JSON paths of `InputPath`, `InputPathsMap` and dynamic parameters (transform, sections 0 and 2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from inspector.errors import InspectorError
from inspector.jsontext import JsonValue


class Missing(Enum):
    """The type of `MISSING`, which no JSON value can be."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
"""What a path selects where the document has nothing at it; JSON's `null` is a value."""

Selected: TypeAlias = "JsonValue | Missing"
Subscript: TypeAlias = "int | Literal['*'] | None"

_NAME: Final = re.compile(r"[A-Za-z0-9_/-]+")
_SUBSCRIPT: Final = re.compile(r"\[(\*|[0-9]{1,10})\]")


class PathError(InspectorError):
    """A text that PutTargets refuses as a path: `reason`, and the `position` (from 0) that is at fault."""

    def __init__(self, text: str, reason: str, position: int, *, hint: str = "") -> None:
        super().__init__(f"{text!r} is no JSON path that EventBridge accepts: {reason}", hint=hint)
        self.reason, self.position = reason, position


@dataclass(frozen=True, slots=True)
class Step:
    """`.name`, with the `[n]` or `[*]` behind it, if any."""

    name: str
    subscript: Subscript = None


@dataclass(frozen=True, slots=True)
class Path:
    """A path that has been accepted. `steps` is empty for `$`, the whole document."""

    text: str
    steps: tuple[Step, ...]

    @property
    def has_wildcard(self) -> bool:
        """Whether it selects a list of matches and not one value."""
        return any(step.subscript == "*" for step in self.steps)

    def select(self, document: JsonValue) -> Selected:
        """Return the value at the path, or `MISSING`.

        With a `[*]` that is the list of what follows, in order, members without it left out; `MISSING`
        where nothing follows at all (not established: transform, section 2).
        """
        found: list[JsonValue] = [document]
        for step in self.steps:
            found = [value for item in found for value in _follow(step, item)]
        if self.has_wildcard:
            return found or MISSING
        return found[0] if found else MISSING


@lru_cache(maxsize=1024)
def parse_path(text: str) -> Path:
    """Return the path that `text` writes: `$`, then any number of `.name`, `.name[n]` or `.name[*]`.

    Raises:
        PathError: EventBridge refuses it (transform, section 0, admission 3).
    """
    if not text.startswith("$"):
        raise PathError(
            text, "a path starts with `$`" if text else "it is empty", 0, hint=_hint_for_root(text)
        )
    steps: list[Step] = []
    at = 1
    while at < len(text):
        if text[at] != ".":
            raise PathError(text, _why_no_step(text, at), at, hint="write `.name`, `.name[0]` or `.name[*]`")
        name = _NAME.match(text, at + 1)
        if not name:
            raise PathError(text, _why_no_name(text, at + 1), at + 1)
        at = name.end()
        subscript: Subscript = None
        if at < len(text) and text[at] == "[":
            matched = _SUBSCRIPT.match(text, at)
            if not matched:
                raise PathError(
                    text, _why_no_subscript(text, at), at, hint="only `[n]` and `[*]` stand behind a name"
                )
            subscript = "*" if matched[1] == "*" else int(matched[1])
            at = matched.end()
        steps.append(Step(name[0], subscript))
    return Path(text, tuple(steps))


def _follow(step: Step, value: JsonValue) -> list[JsonValue]:
    if not isinstance(value, Mapping) or step.name not in value:
        return []
    member = value[step.name]
    if step.subscript is None:
        return [member]
    if not isinstance(member, list):
        return []
    if step.subscript == "*":
        return list(member)
    return member[step.subscript : step.subscript + 1]


def _hint_for_root(text: str) -> str:
    return f"did you mean `$.{text}`?" if text and _NAME.match(text) else "`$` is the whole event"


def _why_no_step(text: str, at: int) -> str:
    if text[at] == "[":
        if text[at - 1] == "]":
            return "a name takes one pair of brackets"
        return (
            "names in brackets are not supported" if text[at + 1 : at + 2] in "'\"" else "`[` follows a name"
        )
    return f"{text[at]!r} cannot stand in a name"


def _why_no_name(text: str, at: int) -> str:
    match text[at : at + 1]:
        case "":
            return "a name is missing behind the last `.`"
        case ".":
            return "`..` (recursive descent) is not supported"
        case "*":
            return "`.*` is not supported"
        case other:
            return f"{other!r} cannot stand in a name"


def _why_no_subscript(text: str, at: int) -> str:
    inside = text[at + 1 :].partition("]")[0]
    if inside[:1] in ("'", '"'):
        return "names in brackets are not supported"
    if ":" in inside:
        return "slices are not supported"
    if inside.startswith("-"):
        return "negative indexes are not supported"
    return "brackets hold an index or `*`"
