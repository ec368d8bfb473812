"""Wildcards: how they are read, and matching in linear time (patterns, section 9)."""

from collections.abc import Callable
from typing import Final

STAR: Final = -1
"""Stands for `*` among the bytes of a wildcard."""


class WildcardError(ValueError):
    """A wildcard that EventBridge refuses; the message is its reason."""


def segments(text: str) -> tuple[str, ...]:
    r"""Return the literal texts between the stars of a wildcard: `a*\*b` gives `a` and `*b`.

    Raises:
        WildcardError: two stars in a row, or a backslash before anything but `*` and `\`.
    """
    parts: list[str] = [""]
    at = 0
    while at < len(text):
        char, following = text[at], text[at + 1 : at + 2]
        if char == "*":
            if following == "*":
                raise WildcardError(f"Consecutive wildcard characters at pos {_bytes_before(text, at)}")
            parts.append("")
        elif char == "\\":
            if following not in ("*", "\\"):
                raise WildcardError(f"Invalid escape character at pos {_bytes_before(text, at)}")
            parts[-1] += following
            at += 1
        else:
            parts[-1] += char
        at += 1
    return tuple(parts)


def tokens(parts: tuple[str, ...]) -> list[int]:
    """Return a wildcard as UTF-8 bytes with `STAR` between its segments."""
    found: list[int] = []
    for number, part in enumerate(parts):
        found += ([STAR] if number else []) + list(part.encode("utf-8", "replace"))
    return found


def matcher(parts: tuple[str, ...]) -> Callable[[str], bool]:
    """Return the test whether a whole string matches the wildcard of these segments."""
    if len(parts) == 1:
        only = parts[0]
        return lambda value: value == only
    first, *middle, last = parts
    shortest = sum(map(len, parts))
    if not middle:
        return lambda value: len(value) >= shortest and value.startswith(first) and value.endswith(last)
    start, tail = len(first), len(last)

    def matches(value: str) -> bool:
        if len(value) < shortest or not value.startswith(first) or not value.endswith(last):
            return False
        # The leftmost place of each segment leaves the most room for those behind it.
        at, end = start, len(value) - tail
        for part in middle:
            at = value.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return True

    return matches


def _bytes_before(text: str, at: int) -> int:
    return len(text[:at].encode("utf-8", "replace")) + 1
