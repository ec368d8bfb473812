"""Puts a line together, piece by piece, each in its ink and column."""

from typing import Literal

from rich.cells import cell_len

from inspector.tui.widgets.palette import Span
from inspector.tui.widgets.strip_view import fit
from inspector.tui.widgets.text_rows import Line


class LineBuilder:
    """Text and spans of one row. What is put in must be safe already and hold no newline."""

    def __init__(self) -> None:
        self.text = ""
        self.spans: list[Span] = []
        self.cells = 0

    def put(
        self,
        text: str,
        ink: str = "plain",
        *,
        width: int | None = None,
        align: Literal["left", "right", "center"] = "left",
    ) -> "LineBuilder":
        """Add `text` in `ink`; with `width` in exactly so many cells, cut with an ellipsis if need be."""
        if width is not None:
            room = width - cell_len(text)
            if room > 0 and align != "left":
                left = room if align == "right" else room // 2
                text = " " * left + text
            text = fit(text, width)
        start = len(self.text)
        self.text += text
        self.cells += cell_len(text)
        if text and ink != "plain":
            self.spans.append((start, len(self.text), ink))
        return self

    def chip(self, text: str, ink: str, *, width: int | None = None) -> "LineBuilder":
        """Add a chip: `text` on a ground, with a cell of it on either side."""
        return self.put(f" {text} ", ink, width=width, align="center")

    def pad(self, to: int) -> "LineBuilder":
        """Add spaces up to cell number `to`, or cut what goes beyond."""
        return self.put(" " * max(0, to - self.cells))

    def line(self) -> Line:
        """Return the row."""
        return Line(self.text, tuple(self.spans))
