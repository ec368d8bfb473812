"""A list in which any number of things can be ticked; a tick is told by its sign, not by its colour alone."""

from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widgets import SelectionList

TICKED: Final = "[x]"
FREE: Final = "[ ]"


class TickList(SelectionList[int]):
    """Numbers to tick, each under a label."""

    def __init__(self) -> None:
        super().__init__(compact=True)

    def render_line(self, y: int) -> Strip:
        """Return a line with its box ticked or empty."""
        segments = list(super().render_line(y))
        row = self.scroll_offset.y + y
        if not 0 <= row < self.option_count or len(segments) < 4:
            return Strip(segments)
        ticked = self.get_option_at_index(row).value in self.selected
        # In place of the three cells of Textual's own button and the space behind; the style knows the mouse.
        button = segments[1].style or Style()
        return Strip([Segment(TICKED if ticked else FREE, button), *segments[4:]])
