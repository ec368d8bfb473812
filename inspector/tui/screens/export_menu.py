"""A request handed on in the forms in which people pass it on: to the clipboard, or into a file."""

from pathlib import Path
from typing import ClassVar, Final

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from inspector.eventbridge.export import FORMATS
from inspector.eventbridge.request import PreparedRequest
from inspector.safe import safe, safe_line
from inspector.tui.screens.picker import Choice, Picker
from inspector.tui.widgets.line_view import CLIPBOARD_LIMIT

_NAMES: Final = {
    "curl": ("curl", "sh"),
    "httpie": ("HTTPie", "sh"),
    "python": ("Python with httpx", "py"),
    "http": ("raw HTTP", "http"),
}
"""Of each form its name to a person, and the ending of a file that holds it."""
_FORMS: Final = tuple(FORMATS)


def offer_export(app: App[None], request: PreparedRequest) -> None:
    """Ask in which form a request is to be copied or saved, and do it. Its secrets are `$VARIABLES`."""
    note = "secrets as $VARIABLES"
    copies = [Choice(f"Copy as {_NAMES[form][0]}", note) for form in _FORMS]
    files = [Choice(f"Save as {_NAMES[form][0]}…", f"a .{_NAMES[form][1]} file") for form in _FORMS]

    def picked(number: int | None) -> None:
        if number is None:
            return
        form = _FORMS[number % len(_FORMS)]
        text = FORMATS[form](request)
        if number < len(_FORMS):
            _copy(app, _NAMES[form][0], text)
        else:
            app.push_screen(SaveAs(f"request.{_NAMES[form][1]}", text))

    app.push_screen(Picker("Copy or save the request", [*copies, *files]), picked)


def _copy(app: App[None], name: str, text: str) -> None:
    app.copy_to_clipboard(text)
    size = len(text.encode("utf-8", "replace"))
    if size > CLIPBOARD_LIMIT:
        told = f"{size:,} bytes copied as {name}; many terminals take no more than {CLIPBOARD_LIMIT:,}."
        app.notify(told, severity="warning", markup=False)
    else:
        app.notify(f"Copied as {name}.", timeout=3, markup=False)


class SaveAs(ModalScreen[None]):
    """Asks for the name of a file and writes it; a file that is there already is left as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self._file, self._text = name, text

    def compose(self) -> ComposeResult:
        """Return the field, and where the file would go."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content("Save the request as")
            dialog.border_subtitle = Content("⏎ save · esc cancel")
            yield Input(self._file, compact=True)
            yield Static(Content(safe(f"in {Path.cwd()}")), classes="dialog-text", id="save-note")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write the file."""
        path = Path(event.value.strip() or self._file).expanduser()
        try:
            with path.open("x", encoding="utf-8", errors="replace", newline="") as stream:
                stream.write(self._text)
        except FileExistsError:
            self._say(f"{path} is there already: choose another name")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            self._say(f"{path} cannot be written: {why}")
        else:
            self.app.notify(f"Saved {path}.", markup=False)
            self.dismiss(None)

    def _say(self, trouble: str) -> None:
        self.query_one("#save-note", Static).update(Content.styled(safe_line(trouble), "$text-error"))
