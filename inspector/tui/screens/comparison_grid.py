"""Several deliveries as columns of one table, each line with whether the columns differ in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual.strip import Strip

from inspector.safe import safe, safe_line
from inspector.tui.widgets.message_rows import chopped
from inspector.tui.widgets.palette import Span
from inspector.tui.widgets.strip_view import StripView, fit
from inspector.workbench import ComparedRow
from inspector.workbench.statistics import BAR_LEGEND, Spread, bar

NARROWEST: Final = 28
MOST_LINES: Final = 200
"""Of one value: bodies longer than that are cut here, and shown whole in the history."""


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column: what was sent where, and in few words how it went. ink: of these words."""

    name: str
    through: str
    words: str
    ink: str


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    spans: tuple[Span, ...]


class ComparisonGrid(StripView):
    """The table. Its first column and its head stay while the rest scrolls."""

    HEAD: Final = 4

    def __init__(self) -> None:
        super().__init__()
        self._columns: tuple[Column, ...] = ()
        self._rows: tuple[ComparedRow, ...] = ()
        self._spreads: tuple[Spread | None, ...] = ()
        self._only_differences = False
        self._lines: list[_Line] = []

    def show(
        self, columns: Sequence[Column], rows: Sequence[ComparedRow], spreads: Sequence[Spread | None] = ()
    ) -> None:
        """Show what is known so far. spreads: the latencies (milliseconds) of several runs, drawn on top."""
        self._columns, self._rows, self._spreads = tuple(columns), tuple(rows), tuple(spreads)
        self._lay_out()

    def clear(self, message: str) -> None:
        """Show a sentence instead."""
        self._columns, self._rows, self._spreads, self._lines = (), (), (), []
        self.say(message)
        self.rows_changed(0)

    @property
    def differences(self) -> int:
        """In how many lines the columns differ, what is expected to differ not counted."""
        return sum(row.differs and not row.varies for row in self._rows)

    @property
    def only_differences(self) -> bool:
        """Whether lines that are equal are left out."""
        return self._only_differences

    def toggle_differences(self) -> None:
        """Leave out the lines in which all columns are equal, or show them again."""
        self._only_differences = not self._only_differences
        self._lay_out()

    def on_resize(self) -> None:
        """Share the width out anew."""
        self._lay_out()

    @property
    def _name_width(self) -> int:
        return 18 if self.size.width >= 18 + 2 * NARROWEST else 14

    @property
    def _column_width(self) -> int:
        room = self.size.width - self._name_width
        return max(NARROWEST, room // max(1, len(self._columns)))

    def row_count(self) -> int:
        """Return how many lines there are, the head included."""
        return len(self._lines)

    def _lay_out(self) -> None:
        self._lines = [*self._head(), *self._body()] if self._columns else []
        width = self._name_width + self._column_width * len(self._columns)
        # Columns that share the room need no scrolling, whatever a scroll bar takes from it.
        self.rows_changed(width if self._column_width == NARROWEST else 0)

    def _head(self) -> list[_Line]:
        names = [safe_line(column.name) for column in self._columns]
        through = [safe_line(column.through) for column in self._columns]
        words = [f" {safe_line(column.words)} " for column in self._columns]
        inks = [column.ink for column in self._columns]
        return [
            self._line("", names, ["strong"] * len(names)),
            self._line("", through, ["muted"] * len(names)),
            self._line("", words, inks, hug=True),
            _Line("─" * (self._name_width + self._column_width * len(names)), ((0, 100000, "rule"),)),
        ]

    def _body(self) -> list[_Line]:
        lines = self._bars()
        section = ""
        for row in self._rows:
            if self._only_differences and not (row.differs and not row.varies):
                continue
            if row.section != section:
                section = row.section
                if lines:
                    lines.append(_Line("", ()))
                title = safe_line(section)
                lines.append(_Line(title, ((0, len(title), "title"),)))
            lines += self._row(row)
        if not lines and self._only_differences and self._rows:
            text = "  The columns do not differ."
            lines.append(_Line(text, ((0, len(text), "muted"),)))
        return lines

    def _bars(self) -> list[_Line]:
        """Return the latencies as bars on one scale, so that columns can be told apart at a glance."""
        longest = max((found.maximum for found in self._spreads if found), default=0.0)
        if not longest:
            return []
        width = self._column_width - 4
        title = f"latency, 0 to {longest:.1f} ms"
        legend = f"  {BAR_LEGEND}"
        head = _Line(title + legend, ((0, len(title), "title"), (len(title), len(title + legend), "faint")))
        bars = [bar(found, longest, width) if found else "no answer" for found in self._spreads]
        inks = ["accent" if found else "faint" for found in self._spreads]
        return [head, self._line("", bars, inks)]

    def _row(self, row: ComparedRow) -> list[_Line]:
        width = self._column_width - 2
        cells = [_wrapped(value, width) for value in row.values]
        mark, ink = (
            ("≠", "warn") if row.differs and not row.varies else ("~" if row.differs else " ", "faint")
        )
        lines: list[_Line] = []
        for number in range(max(map(len, cells))):
            name = f"{mark} {safe_line(row.name)}" if number == 0 else f"{mark}" if mark == "≠" else ""
            values = [cell[number] if number < len(cell) else "" for cell in cells]
            inks = []
            for value in row.values:
                if value is None:
                    inks.append("faint")
                elif row.differs and not row.varies:
                    inks.append("changed")
                else:
                    inks.append("plain")
            lines.append(self._line(name, values, inks, hug=True, mark_ink=ink))
        return lines

    def _line(
        self,
        name: str,
        values: Sequence[str],
        inks: Sequence[str],
        *,
        hug: bool = False,
        mark_ink: str = "muted",
    ) -> _Line:
        text = fit(name, self._name_width - 1) + " "
        spans: list[Span] = [(0, 1, mark_ink), (1, len(text), "muted")]
        for value, ink in zip(values, inks, strict=True):
            start = len(text)
            text += fit(value, self._column_width - 2)
            spans.append((start, start + len(value) if hug else len(text), ink))
            text += "  "
        return _Line(text, tuple(spans))

    def paint_row(self, row: int) -> Strip:
        """Return a line, whole."""
        line = self._lines[row]
        return self.compose_strip(line.text, [s for s in line.spans if s[0] < s[1]])

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen: the head does not scroll down, the names do not scroll sideways."""
        width = self.size.width
        if not self._lines:
            return self._empty_line(y)
        x, top = self.scroll_offset
        strip = self.line_at(y if y < self.HEAD else y + top)
        names = strip.crop_extend(0, self._name_width, self.rich_style)
        rest = strip.crop_extend(x + self._name_width, x + width, self.rich_style)
        return Strip.join([names, rest])


def _wrapped(value: str | None, width: int) -> list[str]:
    """Return a value as lines of at most `width` cells."""
    if value is None:
        return ["–"]
    lines: list[str] = []
    for line in safe(value).expandtabs(2).split("\n"):
        lines += chopped(line, width) or [""]
        if len(lines) > MOST_LINES:
            return [*lines[:MOST_LINES], "…"]
    return lines
