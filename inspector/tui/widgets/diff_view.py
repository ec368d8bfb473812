"""The marked difference between a file and what edits make of it."""

from collections.abc import Sequence
from typing import Final

from inspector.config.editing.difference import DiffLine, Mark
from inspector.safe import safe, safe_line
from inspector.tui.widgets.line_builder import LineBuilder
from inspector.tui.widgets.line_view import LineView
from inspector.tui.widgets.text_rows import Line, LineRows

_SIGNS: Final[dict[Mark, str]] = {"file": "", "place": "", "same": "  ", "removed": "- ", "added": "+ "}
_INKS: Final[dict[Mark, str]] = {
    "file": "strong",
    "place": "accent",
    "same": "muted",
    "removed": "bad",
    "added": "ok",
}


class DiffView(LineView):
    """Lines of a difference with their numbers; the characters that differ stand out in their lines."""

    def show(self, lines: Sequence[DiffLine]) -> None:
        """Show a difference, the place kept where it is the same file's."""
        self.show_blocks([LineRows([_row(line) for line in lines])], keep_scroll=True)


def _row(line: DiffLine) -> Line:
    ink = _INKS[line.mark]
    if line.mark in ("file", "place"):
        return LineBuilder().put(safe_line(line.text), ink).line()
    number = line.after if line.before is None else line.before
    row = LineBuilder().put(f"{number or '':>4} ", "faint").put(_SIGNS[line.mark], ink)
    start = len(row.text)
    text = safe(line.text).expandtabs(4)
    row.put(text, ink if line.mark != "same" else "plain")
    if line.changed is not None and line.mark in ("removed", "added"):
        first, end = (len(safe(line.text[:at]).expandtabs(4)) for at in line.changed)
        if first < end:
            row.spans.append((start + first, start + end, line.mark))
    return row.line()
