"""The events at hand: the workspace's samples and new ones, those that were edited with a mark."""

from collections.abc import Sequence
from typing import Final

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from inspector.safe import safe_line
from inspector.tui.screens.drafts import Draft

NOTHING: Final = Content.styled("No events: n begins one", "$foreground 55%")


class EventList(OptionList):
    """A list of drafts; moving in it opens them."""

    HELP = "The events of the workspace and those that you began here. Moving opens one; edits are kept."

    class Chosen(Message):
        """A draft is the one to work on."""

        def __init__(self, draft: Draft) -> None:
            super().__init__()
            self.draft = draft

    def __init__(self) -> None:
        super().__init__(compact=True)
        self._shown: list[Draft] = []

    def fill(self, drafts: Sequence[Draft], chosen: Draft | None) -> None:
        """Show drafts, the cursor on `chosen` or else the first."""
        with self.prevent(OptionList.OptionHighlighted):
            self.clear_options()
            self._shown = list(drafts)
            self.add_options(
                [Option(_row(draft)) for draft in self._shown] or [Option(NOTHING, disabled=True)]
            )
        if self._shown:
            at = self._shown.index(chosen) if chosen in self._shown else 0
            self.highlighted = at

    def redraw(self, draft: Draft) -> None:
        """Show anew whether a draft is edited."""
        if draft in self._shown:
            self.replace_option_prompt_at_index(self._shown.index(draft), _row(draft))

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_index < len(self._shown):
            self.post_message(self.Chosen(self._shown[event.option_index]))


def _row(draft: Draft) -> Content:
    mark = ("● ", "$warning") if draft.changed else ("  ", "")
    return Content.assemble(mark, safe_line(draft.name))
