"""A viewer for a text of any size: a payload, a body, a pattern."""

from collections.abc import Sequence

from inspector.tui.widgets.line_view import LineView
from inspector.tui.widgets.text_rows import Language, Mark, TextRows

__all__ = ["Language", "Mark", "TextView"]


class TextView(LineView):
    """Shows one text, read-only. Only the lines on screen are styled; 10 MB open in under 300 ms."""

    def show(self, text: str, *, language: Language = "text", marks: Sequence[Mark] = ()) -> None:
        """Show `text`, as it is but for control characters, which are made visible.

        language: what colours it; `http` is a start line, headers, a blank line and a body. marks: spans of
        `text` that stand out.
        """
        if not text:
            self.clear("Nothing here: the text is empty")
            return
        self.show_blocks((TextRows(text, language=language, marks=marks),))

    def scroll_to_offset(self, offset: int) -> None:
        """Scroll to a place of the text, given in characters from its start."""
        if self._blocks and isinstance(rows := self._blocks[0], TextRows):
            row, column = rows.place(offset)
            self.scroll_to(
                max(0, column - 20), max(0, row - self.size.height // 3), animate=False, force=True
            )
