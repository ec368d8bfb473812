"""A read-only view of stacked rows that can be searched, selected with the mouse and copied."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len, set_cell_size
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip

from inspector.tui.widgets.find_prompt import FindPrompt
from inspector.tui.widgets.palette import Span
from inspector.tui.widgets.strip_view import StripView
from inspector.tui.widgets.text_rows import Place, Rows

MOST_HITS: Final = 10_000
CLIPBOARD_LIMIT: Final = 100_000
"""Terminals drop longer clipboard sequences without a word."""


class LineView(StripView):
    """Blocks of rows, one under the other."""

    ALLOW_SELECT = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "Find", id="view.find"),
        Binding("n", "find_next", "Next match", show=False, id="view.find_next"),
        Binding("N", "find_previous", "Previous match", show=False, id="view.find_previous"),
        Binding("y,c", "copy", "Copy", show=False, id="view.copy"),
    ]

    @dataclass
    class Found(Message):
        """The search has another match, or none: `current` counts from 1 and is 0 when there is none."""

        view: "LineView"
        needle: str
        current: int
        total: int

        @property
        def control(self) -> "LineView":
            """The view that was searched."""
            return self.view

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._blocks: tuple[Rows, ...] = ()
        self._tops: list[int] = [0]
        self._needle = ""
        self._hits: list[Place] = []
        self._hit = -1

    @property
    def needle(self) -> str:
        """What is searched for; empty when nothing is."""
        return self._needle

    @property
    def hit_count(self) -> int:
        """How many matches there are (counted up to 10,000)."""
        return len(self._hits)

    @property
    def hit_number(self) -> int:
        """Which match is the current one, from 1; 0 when there is none."""
        return self._hit + 1

    def show_blocks(self, blocks: Sequence[Rows], *, keep_scroll: bool = False) -> None:
        """Show `blocks`, from the top unless the scroll position is to be kept."""
        self._blocks = tuple(blocks)
        self._tops = [0]
        for block in blocks:
            self._tops.append(self._tops[-1] + len(block))
        self._search()
        self.rows_changed(max((block.width for block in blocks), default=0))
        if not keep_scroll:
            self.scroll_to(0, 0, animate=False, force=True)

    def clear(self, message: str = "") -> None:
        """Show no rows but a sentence, on a hatched ground."""
        self.show_blocks(())
        self.say(message)

    # Rows

    def row_count(self) -> int:
        """Return how many rows all blocks have."""
        return self._tops[-1]

    def _at(self, row: int) -> tuple[Rows, int]:
        block = bisect_right(self._tops, row) - 1
        while not len(self._blocks[block]):
            block += 1
        return self._blocks[block], row - self._tops[block]

    def row_text(self, row: int) -> str:
        """Return a row as it is shown."""
        block, number = self._at(row)
        return block.text(number)

    def paint_row(self, row: int) -> Strip:
        """Return a row with its syntax, its marks, the search's matches and the selection."""
        block, number = self._at(row)
        text = block.text(number)
        spans = [*block.spans(number), *self._hit_spans(row, len(text))]
        strip = self.compose_strip(text, spans)
        selection = self.text_selection
        if selection is not None and (span := selection.get_span(row)) is not None:
            start, end = span
            strip = self._select(strip, text, start, len(text) if end == -1 else min(end, len(text)))
        return strip

    def _select(self, strip: Strip, text: str, start: int, end: int) -> Strip:
        if start >= end:
            return strip
        style = self.screen.get_component_rich_style("screen--selection")
        left, right = cell_len(text[:start]), cell_len(text[:end])
        return Strip.join(
            [
                strip.crop(0, left),
                strip.crop(left, right).apply_style(style),
                strip.crop(right, strip.cell_length),
            ]
        )

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen, its places marked so that the mouse can select."""
        x, top = self.scroll_offset
        strip = super().render_line(y)
        row = y + top
        if row >= self.row_count():
            return strip
        if x and not (text := self.row_text(row)).isascii():
            x = len(set_cell_size(text, x).rstrip())
        return strip.apply_offsets(x, row)

    # Selection and copy

    @property
    def source(self) -> str:
        """The text of all blocks, as it was given."""
        return "\n".join(block.source for block in self._blocks)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text as it is shown, for Textual's own copy."""
        first = selection.start.y if selection.start else 0
        last = selection.end.y if selection.end else self.row_count() - 1
        picked = []
        for row in range(first, min(last, self.row_count() - 1) + 1):
            span = selection.get_span(row)
            text = self.row_text(row)
            if span is not None:
                picked.append(text[span[0] : len(text) if span[1] == -1 else span[1]].rstrip())
        return "\n".join(picked), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002
        """Paint the rows anew when the selection has changed."""
        self._strips.clear()
        self.refresh()

    def copy_text(self) -> str:
        """Copy the selection, or else the whole text, to the clipboard; return what was copied."""
        selection = self.text_selection
        selected = self.get_selection(selection) if selection else None
        text = selected[0] if selected and selected[0] else self.source
        self.app.copy_to_clipboard(text)
        size = len(text.encode("utf-8", "replace"))
        if size > CLIPBOARD_LIMIT:
            self.app.notify(
                f"{size:,} bytes copied; many terminals take no more than {CLIPBOARD_LIMIT:,}.",
                severity="warning",
                markup=False,
            )
        elif text:
            self.app.notify(f"{size:,} bytes copied.", timeout=2, markup=False)
        return text

    def action_copy(self) -> None:
        """Copy the selection, or everything."""
        self.copy_text()

    # Search

    def find(self, text: str) -> int:
        """Search for `text`, letters large or small, as it stands; return the number of matches.

        The match at or below the top of the screen becomes the current one. An empty text ends the search.
        """
        self._needle = text
        self._search()
        if self._hits:
            self._hit = bisect_left(self._hits, (self.scroll_offset.y, 0, 0)) % len(self._hits)
        self._hit_moved()
        return len(self._hits)

    def find_next(self, step: int = 1) -> None:
        """Go to the next match, round the end to the first; `step` -1 goes back."""
        if self._hits:
            self._hit = (self._hit + step) % len(self._hits)
        self._hit_moved()

    def action_find(self) -> None:
        """Ask what to search for."""
        self.app.push_screen(FindPrompt(self))

    def action_find_next(self) -> None:
        """Go to the next match."""
        self.find_next() if self._needle else self.action_find()

    def action_find_previous(self) -> None:
        """Go to the previous match."""
        self.find_next(-1) if self._needle else self.action_find()

    def _search(self) -> None:
        self._hits, self._hit = [], -1
        if not self._needle:
            return
        expression = re.compile(re.escape(self._needle), re.IGNORECASE)
        for top, block in zip(self._tops, self._blocks, strict=False):
            for row, start, end in block.find(expression):
                self._hits.append((top + row, start, end))
                if len(self._hits) >= MOST_HITS:
                    return

    def _hit_moved(self) -> None:
        self._strips.clear()
        if self._hit >= 0:
            row, start, end = self._hits[self._hit]
            self.scroll_to_region(Region(start, row, end - start, 1), animate=False, force=True)
        self.refresh()
        self.post_message(self.Found(self, self._needle, self._hit + 1, len(self._hits)))

    def _hit_spans(self, row: int, length: int) -> list[Span]:
        spans: list[Span] = []
        for number in range(bisect_left(self._hits, (row - 1, 0, 0)), len(self._hits)):
            at, start, end = self._hits[number]
            if at > row:
                break
            ink = "hit-now" if number == self._hit else "hit"
            if at == row:
                spans.append((start, min(end, length), ink))
            elif (over := end - len(self.row_text(at))) > 0:
                spans.append((0, over, ink))
        return spans
