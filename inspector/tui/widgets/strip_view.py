"""The base of every view that paints its own lines: only what is on screen is styled, and kept."""

import textwrap
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from inspector.safe import safe
from inspector.tui.widgets.palette import Span, ink, ink_css


def fit(text: str, width: int) -> str:
    """Return `text` in exactly `width` cells: padded, or cut with an ellipsis."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…" if width > 0 else ""


class StripView(ScrollView, can_focus=True):
    """Lines of text with inked spans, painted when they come on screen; or one sentence when empty."""

    DEFAULT_CSS = """
    StripView { background: $surface; color: $foreground; scrollbar-size-vertical: 1;
        scrollbar-background: $surface; scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface; scrollbar-color: $foreground 20%; }
    StripView:focus { background-tint: $foreground 3%; }
    """ + ink_css("StripView")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False),
        Binding("k", "scroll_up", "Up", show=False),
        Binding("g", "scroll_home", "Top", show=False),
        Binding("G", "scroll_end", "End", show=False),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._strips: LRUCache[int, Strip] = LRUCache(2048)
        self._inks: dict[str, Style] = {}
        self._message = ""

    def watch_show_vertical_scrollbar(self) -> None:
        """Put the scrollbar where the view is: what was scrolled while it was not there, it does not know."""
        self.vertical_scrollbar.position = self.scroll_y

    @property
    def room(self) -> int:
        """The cells in a row that the scrollbar does not cover."""
        return self.scrollable_content_region.width

    def row_count(self) -> int:
        """Return how many rows there are: none, until a view says otherwise."""
        return 0

    def paint_row(self, row: int) -> Strip:  # noqa: ARG002
        """Return row number `row`, whole: the caller crops it."""
        return Strip([])

    def ink(self, name: str) -> Style:
        """Return an ink of the palette in the colours of the theme."""
        style = self._inks.get(name)
        if style is None:
            style = self._inks[name] = ink(self, name)
        return style

    def compose_strip(self, text: str, spans: Sequence[Span], base: Style | None = None) -> Strip:
        """Return one line of safe text with its spans inked, those later in the sequence on top."""
        base = self.rich_style if base is None else base
        styles = [base] * len(text)
        reach = 0
        for start, end, name in spans:
            end = min(end, len(text))
            if start >= end:
                continue
            style = self.ink(name)
            if start >= reach:
                styles[start:end] = [base + style] * (end - start)
            else:
                styles[start:end] = [under + style for under in styles[start:end]]
            reach = max(reach, end)
        segments: list[Segment] = []
        at = 0
        for (_, style), run in groupby(zip(map(id, styles), styles, strict=True), key=itemgetter(0, 1)):
            length = sum(1 for _ in run)
            segments.append(Segment(text[at : at + length], style))
            at += length
        return Strip(segments, cell_len(text))

    def rows_changed(self, width: int) -> None:
        """Forget what was painted; `width` is that of the widest row in cells."""
        self._strips.clear()
        self.virtual_size = Size(width, self.row_count())
        self.refresh()

    def say(self, message: str) -> None:
        """Show a sentence in place of rows, when there are none."""
        self._message = safe(message)
        self.refresh()

    def forget_row(self, row: int) -> None:
        """Paint a row anew, if it is on screen."""
        self._strips.discard(row)
        self.refresh_line(row)

    def notify_style_update(self) -> None:
        """Forget colours that were another theme's."""
        super().notify_style_update()
        self._inks.clear()
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen."""
        width = self.size.width
        if not self.row_count():
            return self._empty_line(y)
        x, top = self.scroll_offset
        return self.line_at(y + top).crop_extend(x, x + width, self.rich_style)

    def line_at(self, row: int) -> Strip:
        """Return a row as painted, from the cache where it is there; blank beyond the last."""
        if row >= self.row_count():
            return Strip.blank(self.size.width, self.rich_style)
        strip = self._strips.get(row)
        if strip is None:
            strip = self._strips[row] = self.paint_row(row)
        return strip

    def _empty_line(self, y: int) -> Strip:
        width, height = self.room, self.size.height
        hatch = "╱" * width
        lines = [
            line for part in self._message.split("\n") for line in textwrap.wrap(part, max(8, width - 8))
        ]
        number = y - max(0, (height - len(lines)) // 2)
        if not 0 <= number < len(lines):
            return self.compose_strip(hatch, [(0, width, "hatch")])
        line = f"  {lines[number]}  "
        left = max(0, (width - cell_len(line)) // 2)
        right = max(0, width - left - cell_len(line))
        text = hatch[:left] + line + hatch[:right]
        return self.compose_strip(
            text,
            [(0, left, "rule"), (left, left + len(line), "muted"), (left + len(line), len(text), "rule")],
        )
