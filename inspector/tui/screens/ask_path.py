"""The name of a file to read, completed as it is typed."""

import asyncio
from itertools import islice
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, Static

from inspector.safe import safe, safe_line

_MOST_READ = 2000
"""Entries of a folder that are looked at for a completion."""


class AskPath(ModalScreen[Path | None]):
    """Asks for a file; gives its path, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, title: str, text: str, start: str = "") -> None:
        super().__init__()
        self._title, self._text, self._start = title, text, start

    def compose(self) -> ComposeResult:
        """Return the question."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(safe_line(self._title))
            dialog.border_subtitle = Content("⏎ open · → complete · esc cancel")
            yield Static(Content(safe(self._text)), classes="dialog-text")
            yield PathInput(self._start)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give what was typed."""
        if name := event.value.strip():
            self.dismiss(Path(name).expanduser())


class PathInput(Input):
    """A field for a path."""

    def __init__(self, value: str) -> None:
        super().__init__(value, placeholder="queue.json", compact=True, suggester=_Paths())

    def validate_value(self, value: str) -> str:
        """Make visible what is pasted and would command a terminal."""
        return safe_line(value)


class _Paths(Suggester):
    """Completes the last part of a path."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the path with the first file or folder that begins so."""
        return await asyncio.to_thread(_completed, value)


def _completed(value: str) -> str | None:
    head, slash, start = value.rpartition("/")
    folder = Path(head or "/") if slash else Path()
    try:
        paths = list(islice(folder.expanduser().iterdir(), _MOST_READ))
        names = sorted(f"{path.name}/" if path.is_dir() else path.name for path in paths)
    except OSError:
        return None
    found = next((name for name in names if name.startswith(start) and name != start), None)
    if found is None or found != safe_line(found) or (found.startswith(".") and not start):
        return None
    return f"{head}{slash}{found}"
