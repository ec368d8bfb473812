"""Where output goes: results to stdout, progress and errors to stderr, colour to terminals only."""

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, TextIO, TypeAlias

import click

from inspector.jsontext import dumps
from inspector.safe import safe, safe_line

Output: TypeAlias = Literal["text", "json"]
Style: TypeAlias = Literal["plain", "good", "bad", "warn", "dim", "strong", "accent"]
Cell: TypeAlias = tuple[str, Style] | str

_CODES: Final[Mapping[Style, tuple[str, ...]]] = {
    "plain": (),
    "good": ("32",),
    "bad": ("31",),
    "warn": ("33",),
    "dim": ("2",),
    "strong": ("1",),
    "accent": ("36",),
}
# Characters that JSON lets stand as they are and that a terminal may obey.
_UNSAFE_IN_JSON: Final = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


class Painter:
    """Makes text from anywhere fit for one stream: safe always, coloured where that is wanted.

    Every text that is not a literal of ours passes through here on its way out.
    """

    def __init__(self, stream: TextIO) -> None:
        terminal = stream.isatty()
        self.colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self.width = shutil.get_terminal_size().columns if terminal else None

    def __call__(self, text: str, *styles: Style) -> str:
        """Return `text` on one line, safe and in these styles."""
        return self._styled(safe_line(text), styles)

    def block(self, text: str, indent: int, *styles: Style) -> str:
        """Return a text of several lines, safe, indented, each line in these styles."""
        lines = safe(text).replace("\t", "    ").split("\n")
        return "\n".join(" " * indent + self._styled(line, styles) if line else "" for line in lines)

    def rows(self, rows: Iterable[Sequence[Cell]], *, indent: int = 0, gap: int = 2) -> list[str]:
        """Return rows of cells as aligned lines. On a terminal they are cut at its width."""
        cells = [[(safe_line(c), "plain") if isinstance(c, str) else (safe_line(c[0]), c[1]) for c in row]
                 for row in rows]  # fmt: skip
        widths: dict[int, int] = {}
        for row in cells:
            # The last cell of a row pads nothing, however long it is.
            for column, (text, _) in enumerate(row[:-1]):
                widths[column] = max(widths.get(column, 0), columns_of(text))
        return [self._row(row, widths, indent, gap) for row in cells]

    def _row(self, row: Sequence[tuple[str, str]], widths: Mapping[int, int], indent: int, gap: int) -> str:
        line, used, owed = "", 0, indent
        for column, (text, style) in enumerate(row):
            if not text and column == len(row) - 1:
                break
            room = None if self.width is None else self.width - used - owed
            if room is not None and room < 1:
                break
            shown = text if room is None else cut(text, room)
            if shown:
                line += " " * owed + self._styled(shown, (style,))
                used, owed = used + owed + columns_of(shown), 0
            owed += widths.get(column, 0) - columns_of(shown) + gap
        return line

    def _styled(self, text: str, styles: Iterable[str]) -> str:
        codes = [code for style in styles for code in _CODES[style]]  # type: ignore[index]
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if self.colour and codes and text else text


class Console:
    """The streams of one command, in text or as JSON.

    told: where progress goes; `stdout` for a command whose result is the story itself.
    """

    def __init__(self, output: Output = "text", *, told: Literal["stderr", "stdout"] = "stderr") -> None:
        self.output = output
        self._told_on_stderr = told == "stderr"
        self.out = Painter(sys.stdout)
        self.err = Painter(sys.stderr if self._told_on_stderr else sys.stdout)

    def say(self, *lines: str) -> None:
        """Write lines of a result that a person reads; nothing when the output is JSON."""
        if self.output == "text":
            for line in lines:
                click.echo(line, color=self.out.colour)

    def verbatim(self, text: str) -> None:
        """Write a text that another program takes: byte for byte, but made safe where a person sees it."""
        if self.output == "text":
            shown = safe(text) if self.out.width is not None else text
            click.echo(shown.encode("utf-8", "surrogatepass"), nl=not text.endswith("\n"))

    def document(self, document: Mapping[str, object]) -> None:
        """Write the result as one JSON document; nothing when the output is text."""
        if self.output == "json":
            click.echo(json_bytes(document, indent=2))

    def json_line(self, document: Mapping[str, object]) -> None:
        """Write one document of a stream of them, on one line, at once."""
        if self.output == "json":
            click.echo(json_bytes(document))
            sys.stdout.flush()

    def progress(self, *lines: str) -> None:
        """Write lines about what is going on."""
        for line in lines:
            click.echo(line, err=self._told_on_stderr, color=self.err.colour)

    def error(self, message: str, hint: str = "") -> None:
        """Write why the command stops, and what to do about it."""
        self.progress(f"{self.err('error:', 'bad', 'strong')} {self.err(message)}")
        if hint:
            self.progress(f"{self.err(' hint:', 'accent')} {self.err(hint)}")

    def warning(self, message: str) -> None:
        """Write what a person should know though the command goes on."""
        self.progress(f"{self.err('warning:', 'warn')} {self.err(message)}")


def json_bytes(document: object, *, indent: int | None = None) -> bytes:
    """Return a JSON text in UTF-8 in which no character can command a terminal.

    The escapes change the spelling and not the value.
    """
    text = dumps(document, indent=indent)
    return _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text).encode()


def columns_of(text: str) -> int:
    """Return how many columns a terminal gives to a text."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def cut(text: str, room: int) -> str:
    """Return `text` within `room` columns, an ellipsis where it was cut."""
    if columns_of(text) <= room:
        return text
    while text and columns_of(text) > room - 1:
        text = text[: len(text) - max(1, (columns_of(text) - room) // 2)]
    return text + "…"


def counted(number: int, noun: str) -> str:
    """Return `3 things` or `1 thing`; empty for none."""
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""
