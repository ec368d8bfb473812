"""Faults while they are collected: where in which file, what was found, what is allowed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from inspector.eventbridge.resources import Fault, FaultKind, Origin
from inspector.jsontext import dumps, kind

_PLAIN_NAME = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_LONGEST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A value in a file.

    file: as the user named it. path: the JSON path of the value, with its line before it where a file
    holds a value a line. folder: what references of the form `${file:PATH}` are relative to.
    """

    file: str
    path: str = "$"
    folder: Path = field(default_factory=Path)

    @property
    def origin(self) -> Origin:
        """The place as the definitions keep it."""
        return Origin(self.file, self.path)

    def member(self, name: str) -> "Place":
        """Return the place of an object's member."""
        step = f".{name}" if _PLAIN_NAME.fullmatch(name) else f"[{dumps(shortened(name))}]"
        return replace(self, path=self.path + step)

    def item(self, index: int) -> "Place":
        """Return the place of an array's item, counted from 0."""
        return replace(self, path=f"{self.path}[{index}]")


class Report:
    """The faults of one load, in the order in which they were met."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def error(self, place: Place, found: str, expected: str = "", *, kind: FaultKind = "value") -> None:
        """Record what keeps a definition from being used."""
        self.faults.append(Fault(place.origin, found, expected, kind=kind))

    def warning(self, place: Place, found: str, expected: str = "", *, kind: FaultKind = "value") -> None:
        """Record what a person should know of a definition that is used all the same."""
        self.faults.append(Fault(place.origin, found, expected, "warning", kind))


def shortened(text: str, most: int = _LONGEST_SHOWN) -> str:
    """Return `text`, cut with an ellipsis where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def shown(value: object) -> str:
    """Return a JSON value as a message names it: scalars by themselves, the others by their size."""
    match value:
        case str():
            return dumps(shortened(value))
        case dict():
            return "an object" + (f" with the members {listed(value, 6)}" if value else " without members")
        case list():
            return f"an array of {len(value)}"
        case bool() | int() | float() | None:
            return shortened(dumps(value))
        case _:
            return kind(value)


def quoted(name: str) -> str:
    """Return a name as messages show it."""
    return f'"{shortened(name)}"'


def listed(names: Iterable[str], most: int = 8) -> str:
    """Return names as a sentence lists them; beyond `most` only their number."""
    every = list(names)
    rest = len(every) - most
    text = ", ".join(shortened(name) for name in every[:most])
    return f"{text} and {rest} more" if rest > 0 else text


def closest(name: str, candidates: Sequence[str]) -> str:
    """Return the candidate that `name` was probably meant to be, or an empty string."""
    by_case = {candidate.lower(): candidate for candidate in candidates}
    if same := by_case.get(name.lower()):
        return same
    near = get_close_matches(name.lower(), by_case, n=1, cutoff=0.75)
    return by_case[near[0]] if near else ""
