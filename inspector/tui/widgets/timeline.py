"""The retry timeline: every attempt of a delivery, what decides what follows, and the waits between."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual.message import Message
from textual.strip import Strip

from inspector.delivery.events import AttemptEnd, AttemptStart, DeliveryEvent
from inspector.safe import safe_line
from inspector.tui.widgets.cursor_view import CursorView
from inspector.tui.widgets.palette import Span
from inspector.tui.widgets.text_rows import Line
from inspector.tui.widgets.timeline_course import AttemptRow, Course
from inspector.tui.widgets.timeline_rows import Columns, budgets, heads, paint

IDLE = "No attempts yet: send an event to see them here, one by one"


class Timeline(CursorView):
    """One row an attempt, over a common scale of time. `tick` lets a wait count down.

    The cursor follows the newest attempt until somebody moves it away; back on the newest, it follows again.
    """

    HEADER: ClassVar[int] = 2
    DEFAULT_CSS = """
    Timeline { height: 1fr; }
    """

    @dataclass
    class AttemptHighlighted(Message):
        """The cursor is on attempt `number` now, or that attempt has just got its end."""

        timeline: "Timeline"
        number: int

        @property
        def control(self) -> "Timeline":
            """The timeline that it is in."""
            return self.timeline

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._course = Course()
        self._title = ""
        self._ticks = 0
        self._message = IDLE

    def reset(self, title: str = "", *, message: str = IDLE) -> None:
        """Forget the delivery; `title` names the next one, `message` stands there until it begins."""
        self._course, self._title, self._cursor = Course(), safe_line(title), -1
        self.say(message)
        self.rows_changed()
        self.scroll_to(0, 0, animate=False, force=True)

    def apply(self, event: DeliveryEvent) -> None:
        """Show what has happened."""
        following = self._following
        course = self._course
        course.apply(event)
        self.rows_changed()
        match event:
            case AttemptStart(number=number) if following:
                self.move_cursor(course.row_of(number))
            case AttemptEnd(attempt=attempt):
                if self._cursor < 0:
                    self.move_cursor(course.row_of(attempt.number))
                elif self.highlighted == attempt.number:
                    self.cursor_moved()
        if following and course.rows:
            self.keep_in_sight(len(course.rows) - 1)

    def interrupt(self, at: datetime | None = None) -> None:
        """Show that the delivery was cut off: it has no outcome and will get none."""
        self._course.interrupt(at)
        self.rows_changed()

    def tick(self, now: datetime) -> None:
        """Let the wait or the attempt that is under way go on to `now`; do nothing when there is none."""
        live = self._course.live_row
        if live < 0:
            return
        self._ticks += 1
        if self._course.tick(now):
            self._strips.clear()
            self.refresh()
        else:
            self.forget_row(live)
            self.refresh_line(self.scroll_offset.y)

    @property
    def attempts(self) -> int:
        """How many attempts there are."""
        return self._course.attempts

    @property
    def highlighted(self) -> int:
        """The number of the attempt under the cursor, 0 when there is none."""
        row = self._course.rows[self._cursor] if 0 <= self._cursor < self.row_count() else None
        return row.number if isinstance(row, AttemptRow) else 0

    @property
    def _following(self) -> bool:
        return self._cursor < 0 or self.highlighted == self._course.attempts

    def highlight(self, number: int) -> None:
        """Put the cursor on an attempt."""
        if (row := self._course.row_of(number)) >= 0:
            self.move_cursor(row)

    # What the base asks

    def row_count(self) -> int:
        """Return how many rows there are: attempts, waits, the outcome."""
        return len(self._course.rows)

    def can_hold_cursor(self, row: int) -> bool:
        """Tell whether a row is an attempt."""
        return isinstance(self._course.rows[row], AttemptRow)

    def row_for(self, row: int) -> int:
        """Return the attempt at or before a row."""
        return self._step(row, -1)

    def cursor_moved(self) -> None:
        """Tell which attempt the cursor is on."""
        self.post_message(self.AttemptHighlighted(self, self.highlighted))

    def keep_in_sight(self, row: int) -> None:
        """Show a row; with the last attempt also what follows it."""
        if row >= 0 and row == self._course.row_of(self._course.attempts):
            super().keep_in_sight(self.row_count() - 1)
        super().keep_in_sight(row)

    def _strip(self, line: Line) -> Strip:
        spans: tuple[Span, ...] = line.spans
        return self.compose_strip(line.text, spans)

    def header_line(self, line: int) -> Strip:
        """Return the title with the budgets, or the heads of the columns."""
        width = self.room
        if line == 0:
            return self._strip(budgets(self._course, self._title, width))
        return self._strip(heads(Columns.of(width), self._course.scale, waits=self._course.waits))

    def paint_row(self, row: int) -> Strip:
        """Return a row as it is now."""
        return self._strip(paint(self._course, row, Columns.of(self.room), self._ticks))
