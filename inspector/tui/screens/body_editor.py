"""The body of a dead letter, to be changed before it is sent again."""

from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from inspector.errors import InspectorError
from inspector.safe import safe_line
from inspector.tui.screens.frame import ink
from inspector.tui.widgets.editor import MOST_CHARACTERS, JsonEditor
from inspector.tui.widgets.external import edit_externally
from inspector.tui.widgets.response_view import pretty

KEYS: Final = "^s keeps the edits · ^o opens it in $EDITOR · esc discards them"


class BodyEditor(ModalScreen[str | None]):
    """Edits a JSON text; gives it as it was left, or None where nothing was changed or all discarded."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,ctrl+j", "keep", "Keep", priority=True),
        Binding("ctrl+o", "edit_outside", "$EDITOR", priority=True),
        Binding("escape", "dismiss(None)", "Discard", priority=True),
    ]

    def __init__(self, title: str, body: str) -> None:
        super().__init__()
        self._title, self._body = title, body
        self._shown = ""

    def compose(self) -> ComposeResult:
        """Return the editor."""
        with Vertical(classes="dialog body-editor") as dialog:
            dialog.border_title = Content(safe_line(self._title))
            yield JsonEditor()
            yield Static(Content(KEYS), classes="body-keys")

    def on_mount(self) -> None:
        """Take the text, laid out where it is JSON."""
        editor = self.query_one(JsonEditor)
        text = pretty(self._body) or self._body
        if len(text) <= MOST_CHARACTERS:
            editor.load_text(text)
            self._shown = editor.text
        else:
            editor.read_only = True
        self._judge()
        editor.focus()

    @property
    def _too_long(self) -> bool:
        return self.query_one(JsonEditor).read_only

    @on(TextArea.Changed)
    @on(JsonEditor.Edited)
    def _judge(self) -> None:
        """Say whether it can be sent."""
        editor = self.query_one(JsonEditor)
        if self._too_long:
            told = ink("too long to edit here: ^o opens it in $EDITOR", "warn")
        elif editor.problem is not None:
            told = ink(f"✗ {editor.problem}", "bad")
        else:
            told = ink("✔ JSON", "ok")
        self.query_one(".dialog").border_subtitle = told

    def action_keep(self) -> None:
        """Give the text, unless it is no JSON: that is never sent."""
        editor = self.query_one(JsonEditor)
        if self._too_long or editor.text == self._shown:
            self.dismiss(None)
        elif editor.problem is not None or not editor.text.strip():
            if editor.problem is not None:
                editor.go_to(editor.problem.line, editor.problem.column)
            self.notify("That is no JSON, which EventBridge never sends.", severity="warning")
        else:
            self.dismiss(editor.text)

    def action_edit_outside(self) -> None:
        """Hand the text to the user's own editor."""
        editor = self.query_one(JsonEditor)
        text = (pretty(self._body) or self._body) if self._too_long else editor.text
        try:
            left = edit_externally(self.app, text)
        except InspectorError as error:
            self.notify(f"{error}. {error.hint}".strip(), severity="warning")
            return
        if left is None or left == text:
            return
        if len(left) > MOST_CHARACTERS:
            self.dismiss(left)
            return
        editor.read_only = False
        editor.load_text(left)
        self._judge()
