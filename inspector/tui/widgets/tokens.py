"""Which characters of a line of JSON or of an HTTP message get which ink."""

import re
from typing import Final

from inspector.tui.widgets.palette import Span

_JSON: Final = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<string>"(?:[^"\\]|\\.)*"?)'
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<literal>true|false|null)|(?P<punct>[{}\[\],:]+)"
)
_STATUS: Final = re.compile(r"(HTTP/[\d.]+)\s+(\d{3})(.*)")
_CONTROL: Final = re.compile("[␀-␡�]|‹[0-9A-FU+]+›")


def json_spans(line: str) -> list[Span]:
    """Return the spans of a line of JSON, or of what is meant to be."""
    return [(m.start(), m.end(), f"json-{m.lastgroup}") for m in _JSON.finditer(line)]


def http_spans(line: str, *, first: bool) -> list[Span]:
    """Return the spans of a request line or status line (`first`), or of a header line."""
    if first:
        if status := _STATUS.match(line):
            ink = {"2": "ok", "3": "warn", "4": "bad", "5": "warn"}.get(status[2][0], "plain")
            return [(0, status.end(1), "muted"), (status.start(2), len(line), ink)]
        method = line.find(" ")
        return [(0, method, "title"), (method, len(line), "plain")] if method > 0 else []
    colon = line.find(":")
    return [(0, colon, "info"), (colon, colon + 1, "json-punct")] if colon > 0 else []


def control_spans(line: str) -> list[Span]:
    """Return the spans of the glyphs that stand for control characters: they step back."""
    return [] if line.isascii() else [(m.start(), m.end(), "faint") for m in _CONTROL.finditer(line)]


def status_ink(status: int) -> str:
    """Return the ink of an HTTP status by its class, where nothing more is known of it."""
    return {2: "ok", 3: "warn", 4: "bad", 5: "warn"}.get(status // 100, "plain")
