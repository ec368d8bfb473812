"""What the tests of the widgets share: hostile texts, an app around one widget, and what the screen shows."""

import io
import re
from typing import Any

import pytest
from rich.console import Console
from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

HOSTILE = [
    pytest.param("[/]", id="closing tag"),
    pytest.param("[/nope] [b]", id="unknown tag"),
    pytest.param("[@click=app.bell]x[/]", id="action link"),
    pytest.param("\x1b]0;PWNED\x07\x1b[31mred", id="escape sequences"),
    pytest.param("a\u202eb\u009b31m", id="bidi and C1"),
    pytest.param("x\\ \\[b]", id="backslashes"),
    pytest.param("tab\there\r", id="tab and return"),
]
COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Stage(App[None]):
    """An app with one widget on it, which keeps the messages that the widget posts."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget
        self.posted: list[Message] = []
        self.copied: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_mount(self) -> None:
        self.widget.focus()

    def copy_to_clipboard(self, text: str) -> None:
        self.copied.append(text)

    async def _dispatch_message(self, message: Message) -> None:
        if type(message).__module__.startswith("inspector."):
            self.posted.append(message)
        await super()._dispatch_message(message)

    def last(self, kind: type[Message]) -> Any:
        """Return the last message of a kind that reached the app."""
        return [message for message in self.posted if isinstance(message, kind)][-1]


def screen_text(app: App[None]) -> str:
    """Return what stands on the screen, without colours."""
    width, height = app.size
    console = Console(file=io.StringIO(), width=width, height=height, record=True, force_terminal=True)
    console.print(app.screen._compositor.render_update(full=True))
    return console.export_text(styles=False)


def assert_harmless(app: App[None]) -> None:
    """Fail if a character that commands a terminal is on the screen, or a link that does something."""
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            found = COMMANDS.search(segment.text)
            assert not found, repr(segment.text)
            assert not (segment.style and segment.style.meta.get("@click"))
