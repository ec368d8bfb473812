"""The line at the foot of a view in which one types what to search for."""

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from inspector.safe import safe_line

if TYPE_CHECKING:
    from inspector.tui.widgets.line_view import LineView


class FindPrompt(ModalScreen[None]):
    """Searches a view while one types. Enter keeps the matches, Escape drops them."""

    DEFAULT_CSS = """
    FindPrompt { background: transparent; }
    FindPrompt > Horizontal { height: 1; background: $panel; }
    FindPrompt Label { width: auto; padding: 0 1; color: $foreground 70%; }
    FindPrompt #slash { color: $text-accent; text-style: bold; padding: 0 0 0 1; }
    FindPrompt Input { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
    FindPrompt Input:focus { border: none; background-tint: $foreground 0%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "drop", "End search"),
        Binding("enter", "keep", "Keep matches"),
        Binding("down", "step(1)", "Next"),
        Binding("up", "step(-1)", "Previous"),
    ]

    def __init__(self, view: "LineView") -> None:
        super().__init__()
        self._view = view

    def compose(self) -> ComposeResult:
        """Make the line."""
        with Horizontal():
            yield Label("/", id="slash")
            yield Input(self._view.needle, select_on_focus=True)
            yield Label("", id="count", markup=False)

    def on_mount(self) -> None:
        """Lie over the last line of the view."""
        region = self._view.content_region
        line = self.query_one(Horizontal)
        line.styles.width = region.width
        line.styles.offset = (region.x, max(0, region.bottom - 1))
        self._count()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for what is typed so far."""
        self._view.find(event.value)
        self._count()

    def on_input_submitted(self) -> None:
        """Keep the matches and go back."""
        self.dismiss()

    def action_keep(self) -> None:
        """Keep the matches and go back."""
        self.dismiss()

    def action_drop(self) -> None:
        """End the search and go back."""
        self._view.find("")
        self.dismiss()

    def action_step(self, step: int) -> None:
        """Go to another match."""
        self._view.find_next(step)
        self._count()

    def _count(self) -> None:
        view = self._view
        count = f"{view.hit_number}/{view.hit_count}" if view.hit_count else "no match" if view.needle else ""
        self.query_one("#count", Label).update(Text(safe_line(count)))
