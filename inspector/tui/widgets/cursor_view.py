"""The base of a view of rows with a cursor on one of them: lists, and the timeline."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.strip import Strip

from inspector.tui.widgets.strip_view import StripView


class CursorView(StripView):
    """Rows of which the keys and the mouse choose one. `HEADER` lines at the top do not scroll."""

    ALLOW_SELECT = False
    HEADER: ClassVar[int] = 0
    DEFAULT_CSS = """
    CursorView { overflow-x: hidden; overflow-y: auto; scrollbar-gutter: stable; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
        Binding("enter", "choose", "Choose", show=False),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._cursor = -1

    # What a view says of its rows

    def header_line(self, line: int) -> Strip:  # noqa: ARG002
        """Return a line of the head that does not scroll."""
        return Strip([])

    def can_hold_cursor(self, row: int) -> bool:  # noqa: ARG002
        """Tell whether the cursor may stand on a row."""
        return True

    def row_for(self, row: int) -> int:
        """Return the row that a click on `row` means, -1 for none."""
        return row if self.can_hold_cursor(row) else -1

    def cursor_moved(self) -> None:
        """Tell others where the cursor is now."""

    def row_chosen(self) -> None:
        """Act on the row under the cursor: Enter was pressed on it, or it was clicked again."""

    # The cursor

    @property
    def cursor(self) -> int:
        """The row on which the cursor stands, -1 when there is none."""
        return self._cursor

    def move_cursor(self, row: int, *, announce: bool = True) -> None:
        """Put the cursor on a row and bring that into sight."""
        row = min(row, self.row_count() - 1)
        changed = row != self._cursor
        self._cursor = row
        self.keep_in_sight(row)
        self.refresh()
        if changed and announce:
            self.cursor_moved()

    def keep_in_sight(self, row: int) -> None:
        """Scroll as little as it takes to show a row."""
        top, room = self.scroll_offset.y, max(1, self.size.height - self.HEADER)
        if row < top:
            self.scroll_to(y=max(0, row), animate=False, force=True)
        elif row >= top + room:
            self.scroll_to(y=row - room + 1, animate=False, force=True)

    def _step(self, start: int, step: int) -> int:
        """Return the nearest row from `start` on, in the direction of `step`, that may hold the cursor."""
        row = start
        while 0 <= row < self.row_count():
            if self.can_hold_cursor(row):
                return row
            row += step
        return -1

    def _go(self, start: int, step: int) -> None:
        row = self._step(min(max(start, 0), self.row_count() - 1), step)
        if row < 0:
            row = self._step(self._cursor, step)
        if row >= 0:
            self.move_cursor(row)

    def action_move(self, step: int) -> None:
        """Go to the next row, or the previous."""
        if self._cursor < 0:
            self._go(0, 1)
        elif (row := self._step(self._cursor + step, step)) >= 0:
            self.move_cursor(row)

    def action_page(self, step: int) -> None:
        """Go a screen further, or back."""
        self._go(self._cursor + step * max(1, self.size.height - self.HEADER - 1), step)

    def action_first(self) -> None:
        """Go to the first row."""
        self._go(0, 1)
        self.scroll_to(y=0, animate=False, force=True)

    def action_last(self) -> None:
        """Go to the last row."""
        self._go(self.row_count() - 1, -1)

    def action_choose(self) -> None:
        """Act on the row under the cursor."""
        if self._cursor >= 0:
            self.row_chosen()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse clicks; a click on the cursor chooses."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < self.HEADER:
            return
        row = self.scroll_offset.y + offset.y - self.HEADER
        target = self.row_for(row) if row < self.row_count() else -1
        if target < 0:
            return
        if target == self._cursor and event.chain > 1:
            self.row_chosen()
        else:
            self.move_cursor(target)

    def on_focus(self) -> None:
        """Show the cursor as the keys' own."""
        self.refresh()

    def on_blur(self) -> None:
        """Show the cursor as resting."""
        self.refresh()

    def on_resize(self) -> None:
        """Lay the rows out anew, the one under the cursor in sight."""
        self._strips.clear()
        self.keep_in_sight(self._cursor)
        self.refresh()

    # Painting

    def rows_changed(self, width: int = 0) -> None:
        """Forget what was painted."""
        self._strips.clear()
        self.virtual_size = Size(width, self.row_count() + (self.HEADER if self.row_count() else 0))
        self.refresh()

    def forget_row(self, row: int) -> None:
        """Paint a row anew, if it is on screen."""
        self._strips.discard(row)
        self.refresh_line(row + self.HEADER)

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen: the head, or a row, with the cursor behind it."""
        width = self.size.width
        if not self.row_count():
            return self._empty_line(y)
        if y < self.HEADER:
            return self.header_line(y).crop_extend(0, width, self.rich_style)
        row = self.scroll_offset.y + y - self.HEADER
        strip = self.line_at(row).crop_extend(0, width, self.rich_style)
        for name in self.row_grounds(row):
            strip = self.on_ground(strip, self.ink(name))
        return strip

    def row_grounds(self, row: int) -> Sequence[str]:
        """Return the inks that lie behind a row."""
        if row != self._cursor:
            return ()
        return ("cursor" if self.has_focus else "cursor-blurred",)

    def on_ground(self, strip: Strip, ground: Style) -> Strip:
        """Return `strip` with `ground` over it wherever it has only the widget's own background."""
        own = self.rich_style.bgcolor
        return Strip(
            [
                Segment(text, style + ground if style and style.bgcolor in (own, None) else style or ground)
                for text, style, _ in strip
            ],
            strip.cell_length,
        )
