"""All attempts of a delivery over one line of time: a day at a glance."""

from typing import Final

from textual.strip import Strip

from inspector.delivery.events import Attempt, OutcomeKind
from inspector.eventbridge.retry import OutcomeClass, spoken
from inspector.tui.widgets.line_builder import LineBuilder
from inspector.tui.widgets.strip_view import StripView
from inspector.workbench.simulate import Simulation

_BLOCKS: Final = " ▁▂▃▄▅▆▇█"
_EIGHTHS: Final = 8
_INKS: Final[dict[OutcomeClass, str]] = {"success": "ok", "retriable": "warn", "final": "bad"}
_ENDS: Final[dict[OutcomeKind, tuple[str, str]]] = {
    "delivered": ("✔", "ok"),
    "dead-lettered": ("✘", "bad"),
    "dropped": ("✘", "bad"),
    "abandoned": ("■", "warn"),
}
_FEWEST_CELLS: Final = 8
SHORTEST: Final = 1.0
"""Seconds: no line of time is shorter."""


class DayStrip(StripView, can_focus=False):
    """Bars, the taller the more attempts began in their stretch, over an axis of time.

    On the axis stands how the delivery ended, and a mark below the attempt that is looked at.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = "DayStrip { overflow: hidden hidden; padding: 0 1; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._simulation: Simulation | None = None
        self._span = 1.0
        self._marked = 0

    def show(self, simulation: Simulation, *, until_end: bool = False) -> None:
        """Show a simulated delivery over the whole age that its policy allows, or only until its end."""
        self._simulation = simulation
        age = float(simulation.what_if.policy.maximum_event_age_in_seconds)
        self._span = max(simulation.seconds if until_end else max(age, simulation.seconds), SHORTEST)
        self.rows_changed(0)

    def clear(self, message: str) -> None:
        """Show a sentence instead."""
        self._simulation, self._marked = None, 0
        self.say(message)
        self.rows_changed(0)

    def mark(self, number: int) -> None:
        """Point at an attempt."""
        if number != self._marked:
            self._marked = number
            self.rows_changed(0)

    def on_resize(self) -> None:
        """Draw anew."""
        self.rows_changed(0)

    def row_count(self) -> int:
        """Return how many rows there are: as many as fit."""
        return self.size.height if self._simulation else 0

    def paint_row(self, row: int) -> Strip:
        """Return a row of the bars, or the axis below them."""
        line = LineBuilder()
        width = self.room
        if self._simulation is not None and width >= _FEWEST_CELLS:
            bars = self.size.height - 1
            if row < bars:
                self._bars(line, self._simulation, width, bars - 1 - row, bars)
            else:
                self._axis(line, self._simulation, width)
        return self.compose_strip(line.text, line.spans)

    def _cell(self, seconds: float, width: int) -> int:
        return min(width - 1, max(0, int(seconds / self._span * width)))

    def _bars(self, line: LineBuilder, simulation: Simulation, width: int, level: int, bars: int) -> None:
        cells: list[list[Attempt]] = [[] for _ in range(width)]
        for attempt in simulation.attempts:
            at = (attempt.started_at - simulation.what_if.start).total_seconds()
            cells[self._cell(at, width)].append(attempt)
        most = max(map(len, cells))
        end = self._cell(simulation.seconds, width)
        for number, cell in enumerate(cells):
            if not cell:
                line.put("·" if level == 0 and number <= end else " ", "rule")
                continue
            eighths = -(-len(cell) * bars * _EIGHTHS // most)
            block = _BLOCKS[max(0, min(_EIGHTHS, eighths - level * _EIGHTHS))]
            line.put(block, _INKS[cell[-1].classification.outcome])

    def _axis(self, line: LineBuilder, simulation: Simulation, width: int) -> None:
        cells = [("─", "rule")] * width

        def write(text: str, at: int, ink: str) -> None:
            for offset, character in enumerate(text):
                if 0 <= at + offset < width:
                    cells[at + offset] = (character, ink)

        quarters = 4 if width >= 60 else 2
        for part in range(quarters + 1):
            text = spoken(self._span * part / quarters) if part else "0"
            at = self._cell(self._span * part / quarters, width)
            # At the right a cell is left for the mark of the end.
            left = at if part == 0 else at - len(text) - 1 if part == quarters else at - len(text) // 2
            write(text, left, "muted")
        write(*self._end(simulation, width))
        marked = next((a for a in simulation.attempts if a.number == self._marked), None)
        if marked is not None:
            seconds = (marked.started_at - simulation.what_if.start).total_seconds()
            write("▲", self._cell(seconds, width), "accent")
        for character, ink in cells:
            line.put(character, ink)

    def _end(self, simulation: Simulation, width: int) -> tuple[str, int, str]:
        mark, ink = _ENDS[simulation.outcome.kind]
        return mark, self._cell(simulation.seconds, width), ink
