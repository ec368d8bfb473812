"""Which numbers EventBridge compares (patterns, section 7)."""

from decimal import Decimal
from math import isinf
from typing import Final

from inspector.jsontext import Number

_EXACT: Final = 2**53
_SHORT: Final = 16
"""With at most fifteen digits and a point or sign, no number loses anything as a double."""


def comparable(value: int | float) -> float | None:
    """Return the double that `value` is compared by, or None where EventBridge compares it to nothing.

    A number is comparable when the shortest decimal of its double equals what was written. `value` is
    a number of `inspector.jsontext.loads`; a plain float counts as written shortest.
    """
    if isinstance(value, Number):
        text = value.text
        if len(text) <= _SHORT and "e" not in text and "E" not in text:
            return float(value)
        return _of_text(text)
    if isinstance(value, float):
        return None if isinf(value) or value != value else value
    if -_EXACT <= value <= _EXACT:
        return float(value)
    return _of_text(repr(value))


def comparable_text(text: str) -> float | None:
    """Return the double that a JSON number's text is compared by, or None."""
    if len(text) <= _SHORT and "e" not in text and "E" not in text:
        return float(text)
    return _of_text(text)


def _of_text(text: str) -> float | None:
    double = float(text)
    if repr(double) == text:
        return double
    if isinf(double):
        return None
    if double == 0.0:
        mantissa = text.lower().partition("e")[0]
        return 0.0 if not mantissa.strip("-0.") else None
    return double if Decimal(repr(double)) == Decimal(text) else None
