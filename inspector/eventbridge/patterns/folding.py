"""Comparison that ignores case, character by character (patterns, section 5).

Each character of the pattern stands for its own lower-case or upper-case form, which may be several
characters long (`ß` stands for `ß` or `SS`). So it is not symmetric, and a character outside the BMP
stands for nothing that can be in an event but two question marks, as in EventBridge.
"""

from collections.abc import Callable
from re import compile as expression
from re import escape


def _forms(text: str) -> list[tuple[str, ...]]:
    forms: list[tuple[str, ...]] = []
    for char in text:
        if "\ud800" <= char <= "\udfff" or char > "\uffff":
            forms += [("?",)] * (2 if char > "\uffff" else 1)
        else:
            forms.append(tuple(dict.fromkeys((char.lower(), char.upper()))))
    return forms


def _expression(forms: list[tuple[str, ...]]) -> str:
    return "".join(
        "(?:" + "|".join(map(escape, form)) + ")" if len(form) > 1 else escape(form[0]) for form in forms
    )


def equals_ignoring_case(text: str) -> Callable[[str], bool]:
    """Return the test whether a whole string equals `text` but for case."""
    if text.isascii():
        lower, size = text.lower(), len(text)
        return lambda value: len(value) == size and value.isascii() and value.lower() == lower
    match = expression(_expression(_forms(text))).fullmatch
    return lambda value: match(value) is not None


def starts_ignoring_case(text: str) -> Callable[[str], bool]:
    """Return the test whether a string starts with `text` but for case."""
    if text.isascii():
        lower, size = text.lower(), len(text)

        def starts(value: str) -> bool:
            head = value[:size]
            return head.isascii() and head.lower() == lower

        return starts
    match = expression(_expression(_forms(text))).match
    return lambda value: match(value) is not None


def ends_ignoring_case(text: str) -> Callable[[str], bool]:
    """Return the test whether a string ends with `text` but for case."""
    if not text:
        return lambda _value: True
    if text.isascii():
        lower, size = text.lower(), len(text)

        def ends(value: str) -> bool:
            tail = value[-size:]
            return tail.isascii() and tail.lower() == lower

        return ends
    # Forms differ in length, so the end is matched from behind: in linear time, whatever the value.
    backwards = [tuple(form[::-1] for form in forms) for forms in reversed(_forms(text))]
    longest = sum(max(map(len, forms)) for forms in backwards)
    match = expression(_expression(backwards)).match
    return lambda value: match(value[: -longest - 1 : -1]) is not None
