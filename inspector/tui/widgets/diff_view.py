"""The marked difference between a file and what edits make of it."""

from collections.abc import Iterator, Sequence
from typing import Final

from inspector.config.editing.difference import DiffLine, Mark
from inspector.safe import safe, safe_line
from inspector.tui.widgets.line_builder import LineBuilder
from inspector.tui.widgets.line_view import LineView
from inspector.tui.widgets.message_rows import chopped
from inspector.tui.widgets.text_rows import Line, LineRows

_SIGNS: Final[dict[Mark, str]] = {"file": "", "place": "", "same": "  ", "removed": "- ", "added": "+ "}
_INKS: Final[dict[Mark, str]] = {
    "file": "strong",
    "place": "accent",
    "same": "plain",
    "removed": "bad",
    "added": "ok",
}
_MARGIN: Final = 7
"""Cells of the number of a line and its sign."""


class DiffView(LineView):
    """Lines of a difference with their numbers; the characters that differ stand out in their lines."""

    DEFAULT_CSS = "DiffView { overflow-x: hidden; scrollbar-gutter: stable; }"

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[DiffLine, ...] = ()
        self._laid_out = 0

    def show(self, lines: Sequence[DiffLine]) -> None:
        """Show a difference, the place kept where it is the same file's."""
        self._lines = tuple(lines)
        self._lay_out()

    def clear(self, message: str = "") -> None:
        """Show a sentence in place of a difference."""
        self._lines = ()
        super().clear(message)

    @property
    def source(self) -> str:
        """The difference as text: what is copied."""
        return "\n".join(map(str, self._lines))

    def on_resize(self) -> None:
        """Wrap anew when the width is another."""
        if self._lines and self.room != self._laid_out:
            self._lay_out()

    def _lay_out(self) -> None:
        self._laid_out = width = self.room
        if width:
            rows = [row for line in self._lines for row in _rows(line, width)]
            self.show_blocks([LineRows(rows)], keep_scroll=True)


def _rows(line: DiffLine, width: int) -> Iterator[Line]:
    """Yield a line, wrapped, the number and the sign before its first row."""
    ink = _INKS[line.mark]
    if line.mark in ("file", "place"):
        yield LineBuilder().put(safe_line(line.text), ink).line()
        return
    first = end = 0
    if line.changed is not None and line.mark in ("removed", "added"):
        first, end = (len(safe(line.text[:at]).expandtabs(4)) for at in line.changed)
    number = line.after if line.before is None else line.before
    at = 0
    for count, piece in enumerate(chopped(safe(line.text).expandtabs(4), max(20, width - _MARGIN)) or [""]):
        row = LineBuilder().put(f"{number or '':>4} " if not count else "     ", "faint")
        row.put(_SIGNS[line.mark], ink)
        start = len(row.text)
        row.put(piece, ink)
        begin, stop = max(first, at) - at, min(end, at + len(piece)) - at
        if begin < stop:
            row.spans.append((start + begin, start + stop, line.mark))
        at += len(piece)
        yield row.line()
