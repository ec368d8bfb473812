"""Blocks of rows that a line view stacks: a long text cut into rows on demand, or rows made beforehand."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, count
from operator import add
from typing import Final, Literal, Protocol, TypeAlias

from rich.cells import cell_len

from inspector.safe import safe
from inspector.tui.widgets.palette import Span
from inspector.tui.widgets.tokens import control_spans, http_spans, json_spans

Language: TypeAlias = Literal["json", "http", "text"]
MarkKind: TypeAlias = Literal["added", "removed", "changed", "error", "hit"]
Place: TypeAlias = tuple[int, int, int]
"""A row, and the characters of it from start to end; an end beyond the row goes on in the next."""

LONGEST_ROW: Final = 1000
_LONGEST_READ: Final = 100_000
"""A longer line is coloured row by row: a string that goes over a row's end then loses its colour."""
_TAB: Final = 4
_MEASURED: Final = 20_000
"""A longer line with wide characters in it is cut by their number: measuring each would take seconds."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of a text (characters from 0, as in the text that was given) that stands out."""

    start: int
    end: int
    kind: MarkKind


@dataclass(frozen=True, slots=True)
class Line:
    """A row made beforehand: text that is safe already, and its spans."""

    text: str
    spans: tuple[Span, ...] = ()


class Rows(Protocol):
    """What a line view stacks."""

    def __len__(self) -> int: ...

    @property
    def width(self) -> int:
        """Return the cells of the widest row."""
        ...

    @property
    def source(self) -> str:
        """Return the text to copy."""
        ...

    def text(self, row: int) -> str:
        """Return a row as shown, safe."""
        ...

    def spans(self, row: int) -> Sequence[Span]:
        """Return the spans of a row."""
        ...

    def find(self, expression: re.Pattern[str]) -> Iterator[Place]:
        """Yield where `expression` occurs."""
        ...


class LineRows:
    """Rows made beforehand, for a few hundred at most."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self.width = max((cell_len(line.text) for line in lines), default=0)

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def source(self) -> str:
        """The rows' text."""
        return "\n".join(line.text.rstrip() for line in self._lines)

    def text(self, row: int) -> str:
        """Return a row."""
        return self._lines[row].text

    def spans(self, row: int) -> Sequence[Span]:
        """Return the spans of a row."""
        return self._lines[row].spans

    def find(self, expression: re.Pattern[str]) -> Iterator[Place]:
        """Yield where `expression` occurs, row by row."""
        for row, line in enumerate(self._lines):
            for match in expression.finditer(line.text):
                yield row, match.start(), match.end()


class TextRows:
    """A text of any length as rows. It is cut at its newlines and at `longest` cells, made safe per row.

    10 MB take a tenth of a second: only offsets are kept, a row is made when it is asked for.
    """

    def __init__(
        self,
        text: str,
        *,
        language: Language = "text",
        marks: Sequence[Mark] = (),
        longest: int = LONGEST_ROW,
        indent: str = "",
    ) -> None:
        self.source = text
        self._language = language
        self._indent = indent
        self._starts, self.width = _cut(text, longest)
        self.width += cell_len(indent)
        ordered = sorted(marks, key=lambda mark: mark.start)
        self._marks = ordered
        self._mark_starts = [mark.start for mark in ordered]
        self._mark_reach = list(accumulate((mark.end for mark in ordered), max))
        self._long_line: tuple[int, list[Span]] = (-1, [])
        self._head_end = text.find("\n\n") if language == "http" else -1
        if language == "http" and self._head_end < 0:
            self._head_end = text.find("\r\n\r\n")
        if language == "http" and self._head_end < 0:
            self._head_end = len(text)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def text(self, row: int) -> str:
        """Return a row, its control characters visible and its tabs wide."""
        return self._indent + _shown(self._raw(row))

    def _raw(self, row: int) -> str:
        raw = self.source[self._starts[row] : self._starts[row + 1]]
        return raw[:-1] if raw.endswith("\n") else raw

    def spans(self, row: int) -> Sequence[Span]:
        """Return the spans of a row: syntax first, marks on top."""
        line = self.text(row)
        start = self._starts[row]
        spans: list[Span]
        if self._language == "json" or (self._language == "http" and start > self._head_end):
            spans = self._json(row, line)
        elif self._language == "http":
            spans = http_spans(line, first=row == 0)
        else:
            spans = []
        spans += control_spans(line)
        if self._marks:
            raw = self._raw(row)
            stop = start + len(raw)
            low, high = bisect_right(self._mark_reach, start), bisect_left(self._mark_starts, stop)
            for mark in self._marks[low:high]:
                begin, end = max(mark.start, start) - start, min(mark.end, stop) - start
                if begin < end:
                    spans.append((self._column(raw, begin), self._column(raw, end), mark.kind))
        return spans

    def _json(self, row: int, line: str) -> list[Span]:
        """Return the spans of a row of JSON; a row that is part of a longer line is read in that line."""
        start, stop = self._starts[row], self._starts[row + 1]
        begin = self.source.rfind("\n", 0, start) + 1 if start else 0
        end = self.source.find("\n", start)
        end = len(self.source) if end < 0 else end
        if end - begin > _LONGEST_READ or (begin == start and end <= stop):
            return json_spans(line)
        if self._long_line[0] != begin:
            self._long_line = (begin, json_spans(self.source[begin:end]))
        raw, shift = self._raw(row), start - begin
        spans = self._long_line[1]
        low = bisect_right(spans, shift, key=lambda span: span[1])
        high = bisect_left(spans, shift + len(raw), key=lambda span: span[0])
        return [
            (self._column(raw, max(0, a - shift)), self._column(raw, min(len(raw), b - shift)), ink)
            for a, b, ink in spans[low:high]
        ]

    def find(self, expression: re.Pattern[str]) -> Iterator[Place]:
        """Yield where `expression` occurs in the text; a match may go over the end of a cut row."""
        for match in expression.finditer(self.source):
            row, start = self.place(match.start())
            yield row, start, start + max(1, len(_shown(match[0])))

    def place(self, offset: int) -> tuple[int, int]:
        """Return the row and the column (in shown characters) of an offset in the text."""
        row = min(bisect_right(self._starts, offset), len(self)) - 1
        return row, self._column(self._raw(row), offset - self._starts[row])

    def _column(self, raw: str, offset: int) -> int:
        return len(self._indent) + (
            offset if raw.isascii() and "\t" not in raw else len(_shown(raw[:offset]))
        )


def _shown(raw: str) -> str:
    text = safe(raw)
    return text.expandtabs(_TAB) if "\t" in text else text


def _cut(text: str, longest: int) -> tuple["array[int]", int]:
    """Return where each row starts, the end of the text last, and the cells of the widest."""
    lines = text.split("\n")
    lengths = list(map(len, lines))
    starts = array("q", map(add, accumulate(lengths, initial=0), count()))
    starts[-1] -= 1
    simple = text.isascii() and "\t" not in text
    if max(lengths) <= (longest if simple else longest // 2):
        return starts, max(lengths) if simple else _widest(lines)
    cut = array("q")
    for start, line in zip(starts, lines, strict=False):
        plain = line.isascii() and "\t" not in line
        cut.extend(
            range(start, start + max(1, len(line)), longest) if plain else _cut_wide(start, line, longest)
        )
    cut.append(starts[-1])
    return cut, longest


def _cut_wide(start: int, line: str, longest: int) -> Iterator[int]:
    """Yield the row starts of a line in which a character may be wider than a cell."""
    yield start
    if len(line) > _MEASURED:
        yield from range(start + longest // 2, start + len(line), longest // 2)
        return
    width = 0
    for offset, character in enumerate(line):
        cells = _TAB if character == "\t" else cell_len(safe(character))
        if width + cells > longest:
            yield start + offset
            width = 0
        width += cells


def _widest(lines: list[str]) -> int:
    widest = max((len(line) for line in lines if line.isascii() and "\t" not in line), default=0)
    for line in sorted(
        (line for line in lines if not (line.isascii() and "\t" not in line)), key=len, reverse=True
    ):
        if len(line) * 2 <= widest:
            break
        widest = max(widest, cell_len(_shown(line)))
    return widest
