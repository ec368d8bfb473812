"""The editor in which an event is composed: JSON with colours, told about while one types."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.text import Text
from textual.geometry import Region
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult, Location, TextAreaTheme

from inspector.jsontext import JsonError, dumps, loads
from inspector.tui.widgets.palette import Span, ink, ink_css

MOST_CHARACTERS: Final = 100_000
"""Longer texts make the editor stutter with every key."""
PAUSE: Final = 0.15
"""Seconds without a key after which an edit is told."""

_LONG_LINE: Final = 1_000
_TOO_LONG_LINE: Final = 10_000
_COMMANDS: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_SYNTAX: Final = {
    "json.label": "json-key",
    "string": "json-string",
    "string.escape": "accent",
    "number": "json-number",
    "boolean": "json-literal",
    "json.null": "json-literal",
    "json.error": "bad",
    "punctuation.bracket": "json-punct",
    "punctuation.delimiter": "json-punct",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text is no JSON: where (line and column from 1) and what."""

    line: int
    column: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.reason}"


class JsonEditor(TextArea):
    """JSON, at most 100,000 characters of it.

    Characters that command a terminal or reorder a line come in as JSON's escapes: the same value, but
    visible. A text on one long line is laid out when it is loaded. syntax: whether it is coloured as JSON;
    a text that is only made into JSON, such as a template, is not.
    """

    DEFAULT_CSS = """
    JsonEditor { scrollbar-size-vertical: 1; scrollbar-background: $surface;
        scrollbar-background-hover: $surface; scrollbar-background-active: $surface;
        scrollbar-color: $foreground 20%; }
    """ + ink_css("JsonEditor")

    @dataclass
    class Edited(Message):
        """The person has changed the text and paused. A text that was loaded is not told."""

        editor: "JsonEditor"
        text: str

        @property
        def control(self) -> "JsonEditor":
            """The editor that it is in."""
            return self.editor

    @dataclass
    class Refused(Message):
        """A text was not taken in: `reason` says why, in a sentence."""

        editor: "JsonEditor"
        reason: str

        @property
        def control(self) -> "JsonEditor":
            """The editor that it was meant for."""
            return self.editor

    def __init__(
        self,
        text: str = "",
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
        syntax: bool = True,
    ) -> None:
        self._told = ""
        self._syntax = syntax
        self._pause: Timer | None = None
        self._known: tuple[str, Problem | None] = ("", None)
        self._marks: dict[int, list[Span]] = {}
        super().__init__("", soft_wrap=True, show_line_numbers=True, id=id, classes=classes)
        self.indent_width = 2
        if text:
            self.load_text(text)

    def on_mount(self) -> None:
        """Take the colours of the theme, and JSON's syntax where its parser is installed."""
        self._colour()
        self._choose_syntax(self.text)

    def notify_style_update(self) -> None:
        """Take the colours of another theme."""
        super().notify_style_update()
        if self.is_mounted:
            self.call_after_refresh(self._colour)

    def _colour(self) -> None:
        styles = {token: ink(self, name) for token, name in _SYNTAX.items()}
        theme = TextAreaTheme("inspector", syntax_styles=styles)
        known = self._themes.get("inspector")
        if known is None or known.syntax_styles != styles:
            self.register_theme(theme)
            self.theme = "inspector"

    # What comes in

    def load_text(self, text: str) -> None:
        """Put `text` in place of all there is, or refuse it when it is too long."""
        text = tame(text)
        if len(text) > MOST_CHARACTERS:
            self._refuse(len(text))
            return
        if _longest_line(text) > _LONG_LINE:
            text = _laid_out(text) or text
        if self.is_attached:
            self._choose_syntax(text)
        self._marks.clear()
        super().load_text(text)
        self._told = self.text

    def _choose_syntax(self, text: str) -> None:
        """Leave syntax and wrapping away where a line is so long that they would freeze the screen."""
        short = _longest_line(text) <= _TOO_LONG_LINE
        self.soft_wrap = short
        wanted = short and self._syntax
        language = "json" if wanted and "json" in self.available_languages and _has_parser() else None
        if self.language != language:
            self.language = language

    def edit(self, edit: Edit) -> EditResult:
        """Make one change, or refuse it when the text would become too long."""
        edit.text = tame(edit.text)
        if len(edit.text) > 1 and len(self.text) + len(edit.text) > MOST_CHARACTERS + len(self.selected_text):
            self._refuse(len(self.text) + len(edit.text))
            return EditResult(self.cursor_location, "")
        self.mark(())
        return super().edit(edit)

    def _refuse(self, characters: int) -> None:
        reason = f"{characters:,} characters are too many: the editor takes {MOST_CHARACTERS:,}"
        self.post_message(self.Refused(self, reason))
        if self.is_attached:
            self.app.notify(f"{reason}.", severity="warning", markup=False)

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:  # noqa: ARG002
        """Return None: Textual's search reads the whole document at each move of the cursor."""
        return None

    # What goes out

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell of an edit once the person pauses."""
        event.stop()
        if self.text != self._told:
            self.mark(())  # an undo or redo is no call of `edit`
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._tell)

    def _tell(self) -> None:
        if (text := self.text) != self._told:
            self._told = text
            self.post_message(self.Edited(self, text))

    @property
    def problem(self) -> Problem | None:
        """Why the text is no JSON; None when it is, or when there is no text."""
        text = self.text
        if text != self._known[0]:
            self._known = (text, _problem(text) if text.strip() else None)
        return self._known[1]

    def action_pretty(self) -> None:
        """Lay the text out, as one edit that can be undone; where it is no JSON, go to the fault."""
        if (problem := self.problem) is not None:
            self.go_to(problem.line, problem.column)
            self.app.notify(f"Not valid JSON: {problem}", severity="warning", markup=False)
            return
        laid_out = _laid_out(self.text)
        if laid_out is not None and laid_out != self.text:
            row = self.cursor_location[0]
            self.replace(laid_out, self.document.start, self.document.end)
            self.move_cursor((min(row, self.document.line_count - 1), 0))

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor on a place, counted from 1, and bring it into sight."""
        self.move_cursor((max(0, line - 1), max(0, column - 1)), center=True)

    # Places that stand out

    def mark(self, marks: Sequence[Span]) -> None:
        """Let spans of the text (characters from its start, and an ink) stand out until it is changed."""
        if not marks and not self._marks:
            return
        self._marks = {}
        text = self.text
        for start, end, name in marks:
            row, column = _location(text, start)
            last, stop = _location(text, end)
            for number in range(row, last + 1):
                begin = column if number == row else 0
                until = stop if number == last else len(self.document.get_line(number))
                self._marks.setdefault(number, []).append((begin, until, name))
        self._line_cache.clear()
        # It would cover the marks in its line.
        self.highlight_cursor_line = not self._marks
        self.refresh()

    @property
    def marked(self) -> tuple[str, ...]:
        """The texts that stand out, line by line."""
        return tuple(
            self.document.get_line(row)[start:end]
            for row, spans in sorted(self._marks.items())
            for start, end, _ in sorted(spans)
        )

    def scroll_to_offset(self, offset: int) -> None:
        """Scroll to a place of the text, given in characters from its start; the cursor stays."""
        location = _location(self.text, offset)
        at = self.wrapped_document.location_to_offset(location)
        height = self.scrollable_content_region.height
        region = Region(0, max(0, at.y - height // 3), 1, max(1, min(height, height * 2 // 3)))
        top = self.scroll_offset.y
        if not top <= at.y < top + height:
            self.scroll_to_region(region, animate=False, force=True)

    def go_to_offset(self, offset: int) -> None:
        """Put the cursor on a place of the text, given in characters from its start."""
        row, column = _location(self.text, offset)
        self.go_to(row + 1, column + 1)

    def get_line(self, line_index: int) -> Text:
        """Return a line with what stands out in it."""
        line = super().get_line(line_index)
        for start, end, name in self._marks.get(line_index, ()):
            line.stylize(ink(self, name), start, end)
        return line


def tame(text: str) -> str:
    """Return `text` with what would command a terminal, or reorder a line, as JSON's escapes."""
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _location(text: str, offset: int) -> Location:
    """Return the line and the column of an offset, both from 0."""
    return text.count("\n", 0, offset), offset - (text.rfind("\n", 0, offset) + 1)


def _longest_line(text: str) -> int:
    return max(map(len, text.split("\n")))


def _laid_out(text: str) -> str | None:
    """Return JSON laid out, None where `text` is no JSON or would become too long."""
    try:
        laid_out = tame(dumps(loads(text), indent=2))
    except JsonError:
        return None
    return laid_out if len(laid_out) <= MOST_CHARACTERS else None


def _problem(text: str) -> Problem | None:
    try:
        loads(text)
    except JsonError as error:
        return Problem(error.line, error.column, error.reason)
    return None


def _has_parser() -> bool:
    try:
        import tree_sitter_json  # noqa: F401
    except ImportError:
        return False
    return True
