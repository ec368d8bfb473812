"""The field in which a scripted target is written: its words coloured, the first that is wrong underlined."""

import re
from typing import Final

from rich.highlighter import Highlighter
from rich.text import Text
from textual.widgets import Input

from inspector.delivery.scenario_grammar import FAILINGS, ScenarioError, grammar_help, parse_scenario
from inspector.safe import safe_line
from inspector.tui.widgets.palette import ink, ink_css

_WORDS: Final = re.compile(
    rf'"[^"]*"|(?P<failing>\b(?:{"|".join(FAILINGS)}|fail)\b)|(?P<word>\b(?:for|in|retry-after|then|with)\b)'
    r"|(?P<status>\b[1-5]\d\d\b)(?!\S)|(?P<status_then>\b[1-5]\d\d\b)(?=,)|(?P<times>\bx\d+\b)",
    re.IGNORECASE,
)


class ScenarioInput(Input):
    """A line of the grammar of scripted targets; its help is the grammar."""

    DEFAULT_CSS = ink_css("ScenarioInput")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(placeholder="503 for 2h, then 200", highlighter=_Colours(self), compact=True, id=id)

    def validate_value(self, value: str) -> str:
        """Make visible what is pasted and would command a terminal."""
        return safe_line(value)

    @property
    def HELP(self) -> str:  # type: ignore[override]  # noqa: N802 - Textual's name
        """The words that a scripted target is made of."""
        return f"How the target answers, in these words:\n\n{grammar_help()}"


class _Colours(Highlighter):
    def __init__(self, field: ScenarioInput) -> None:
        self._field = field

    def highlight(self, text: Text) -> None:
        """Colour what is read."""
        plain = text.plain
        for found in _WORDS.finditer(plain):
            if found["failing"]:
                text.stylize(ink(self._field, "bad"), *found.span())
            elif found["word"] or found["times"]:
                text.stylize(ink(self._field, "accent"), *found.span())
            elif status := found["status"] or found["status_then"]:
                name = {"2": "ok", "4": "bad"}.get(status[0], "warn")
                text.stylize(ink(self._field, name), *found.span())
        try:
            parse_scenario(plain)
        except ScenarioError as error:
            end = re.compile(r"[^\s,;]*").match(plain, error.offset)
            if end is not None:
                text.stylize(ink(self._field, "place-bad"), error.offset, max(end.end(), error.offset + 1))
