"""One of many, found by typing a part of its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from inspector.safe import safe_line


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to pick, and a note to tell it by."""

    label: str
    note: str = ""


class Picker(ModalScreen[int | None]):
    """A list to pick from; it gives the number of the choice, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel"),
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._title, self._choices = title, choices

    def compose(self) -> ComposeResult:
        """Return the filter over the list."""
        with Vertical(classes="dialog picker") as dialog:
            dialog.border_title = Content(safe_line(self._title))
            dialog.border_subtitle = Content("⏎ pick · esc cancel")
            yield Input(placeholder="Type to filter", compact=True)
            yield OptionList(compact=True)

    def on_mount(self) -> None:
        """Show all."""
        self._fill("")

    def _fill(self, part: str) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        words = part.lower().split()
        for number, choice in enumerate(self._choices):
            if all(word in f"{choice.label} {choice.note}".lower() for word in words):
                label = Content.assemble(
                    (safe_line(choice.label), "bold"), "  ", (safe_line(choice.note), "$foreground 60%")
                )
                options.add_option(Option(label, id=str(number)))
        options.highlighted = 0 if options.option_count else None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._fill(event.value)

    def on_input_submitted(self) -> None:
        """Pick what is highlighted."""
        option = self.query_one(OptionList).highlighted_option
        if option is not None and option.id is not None:
            self.dismiss(int(option.id))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Pick what was clicked."""
        self.dismiss(int(event.option.id or 0))

    def action_move(self, step: int) -> None:
        """Move in the list while the filter has the focus."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if step > 0 else options.action_cursor_up()
