"""Events of the history in a few rows: those that the pattern at hand would have caught."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message
from textual.strip import Strip

from inspector.jsontext import JsonError, loads
from inspector.safe import safe_line
from inspector.tui.widgets.cursor_view import CursorView
from inspector.tui.widgets.line_builder import LineBuilder
from inspector.workbench.past import PastEvent


class PastEvents(CursorView):
    """The rows; Enter opens one."""

    HELP = "The newest events of the history that the pattern matches. Enter makes one the present event."

    @dataclass
    class Opened(Message):
        """An event was chosen to be worked on."""

        list: "PastEvents"
        event: PastEvent

        @property
        def control(self) -> "PastEvents":
            """The list that it is in."""
            return self.list

    def __init__(self) -> None:
        super().__init__()
        self._events: tuple[PastEvent, ...] = ()

    def show(self, events: Sequence[PastEvent], *, empty: str) -> None:
        """Show events; `empty` is said when there are none."""
        self._events = tuple(events)
        self.rows_changed()
        self.move_cursor(max(0, min(self.cursor, len(events) - 1)) if events else -1, announce=False)
        self.say(empty)

    def row_count(self) -> int:
        """Return how many events there are."""
        return len(self._events)

    def row_chosen(self) -> None:
        """Tell that the event under the cursor is to be opened."""
        self.post_message(self.Opened(self, self._events[self.cursor]))

    def paint_row(self, row: int) -> Strip:
        """Return an event: when, from whom, what."""
        event, width = self._events[row], self.room
        line = LineBuilder().put(" ").put(_time(event), "muted", width=20).put(" ")
        line.put(safe_line(event.source), "info", width=max(8, min(24, width // 4))).put(" ")
        line.put(safe_line(event.detail_type), width=max(0, width - line.cells))
        return self.compose_strip(line.text, line.spans)


def _time(event: PastEvent) -> str:
    try:
        document = loads(event.document)
    except JsonError:
        return ""
    time = document.get("time") if isinstance(document, dict) else None
    return safe_line(time).replace("T", " ").removesuffix("Z") if isinstance(time, str) else ""
