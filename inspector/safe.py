"""The one door for text from elsewhere: what could command a terminal becomes visible instead."""

from typing import Final


def _visible() -> dict[int, str]:
    table = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡"}
    del table[0x09], table[0x0A]
    c1 = {code: f"‹{code:02X}›" for code in range(0x80, 0xA0)}
    # Directional overrides and isolates reorder what a reader sees; the others are invisible.
    hidden = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0x2028, 0x2029]
    surrogates = dict.fromkeys(range(0xD800, 0xE000), "�")
    return table | c1 | {code: f"‹U+{code:04X}›" for code in hidden} | surrogates


_TABLE: Final = _visible()
_LINE_TABLE: Final = _TABLE | {0x09: "␉", 0x0A: "␊"}


def safe(text: str) -> str:
    """Return `text` with control, C1, bidirectional and lone surrogate characters made visible.

    Tabs and newlines stay: use `safe_line` where they would break a row.
    """
    return text.translate(_TABLE)


def safe_line(text: str) -> str:
    """Return `text` as `safe` does, on one line: tab and newline are made visible too."""
    return text.translate(_LINE_TABLE)


def safe_bytes(data: bytes) -> str:
    """Return bytes from elsewhere as safe text; what is no UTF-8 shows as U+FFFD."""
    return safe(data.decode("utf-8", "replace"))
