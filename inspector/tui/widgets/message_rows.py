"""Rows that several views of requests and answers share: wrapped text, headings, notes, assumptions."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.cells import chop_cells

from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.provenance import Note
from inspector.safe import safe, safe_line
from inspector.tui.widgets.line_builder import LineBuilder
from inspector.tui.widgets.text_rows import Line

_BINARY_SHOWN: Final = 4096


def chopped(text: str, width: int) -> list[str]:
    """Return safe text in pieces of at most `width` cells, cut anywhere."""
    return chop_cells(text, max(8, width)) or [""]


def sentences(text: str, width: int) -> list[str]:
    """Return text made safe and wrapped between words, its own lines kept."""
    lines = [line for part in safe(text).split("\n") for line in textwrap.wrap(part, max(8, width))]
    return lines or [""]


def heading(text: str, width: int) -> Line:
    """Return a rule with a heading in it."""
    line = LineBuilder().put("── ", "rule").put(safe_line(text), "muted").put(" ")
    return line.put("─" * max(0, width - line.cells), "rule").line()


def labelled(label: str, ink: str, text: str, width: int, text_ink: str = "plain") -> Iterator[Line]:
    """Yield a chip and the text beside it, wrapped under itself."""
    indent = len(label) + 3
    for number, part in enumerate(sentences(text, width - indent)):
        line = LineBuilder()
        if number == 0:
            line.chip(label, ink).put(" ")
        else:
            line.pad(indent)
        yield line.put(part, text_ink).line()


def note_lines(notes: Sequence[Note], assumptions: Iterable[Assumption], width: int) -> Iterator[Line]:
    """Yield what a reader should know, then what is assumed and not known."""
    for note in notes:
        yield from labelled("warning" if note.warning else "note", _note_ink(note), note.text, width)
    for assumption in assumptions:
        yield from labelled("assumption", "chip-accent", assumption.text, width, "muted")


def _note_ink(note: Note) -> str:
    return "chip-warn" if note.warning else "chip-dim"


def header_rows(headers: Iterable[tuple[str, str]], width: int) -> Iterator[Line]:
    """Yield header lines, long values wrapped."""
    for name, value in headers:
        yield from field_rows(name, value, width, "info")


def field_rows(name: str, value: str, width: int, ink: str, value_ink: str = "plain") -> Iterator[Line]:
    """Yield `name: value`, the value wrapped with an indent."""
    shown_name, shown = safe_line(name), safe_line(value)
    first, *rest = chopped(f"{shown_name}: {shown}", width)
    cut = min(len(shown_name), len(first))
    line = LineBuilder().put(first[:cut], ink).put(first[cut : cut + 1], "json-punct")
    yield line.put(first[cut + 1 :], value_ink).line()
    for part in (piece for long in rest for piece in chopped(long, width - 4)):
        yield LineBuilder().put("    ").put(part, value_ink).line()


def is_binary(body: bytes) -> bool:
    """Tell whether a body is better shown as bytes than as text."""
    return b"\0" in body[:1024]


def hex_lines(body: bytes) -> Iterator[Line]:
    """Yield the first bytes of a binary body, sixteen a line."""
    for at in range(0, min(len(body), _BINARY_SHOWN), 16):
        row = body[at : at + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in row)
        yield (
            LineBuilder()
            .put(f"{at:06x}  ", "faint")
            .put(row.hex(" "), "plain", width=49)
            .put(text, "muted")
            .line()
        )
    if len(body) > _BINARY_SHOWN:
        yield LineBuilder().put(f"… {len(body) - _BINARY_SHOWN:,} more bytes", "muted").line()
