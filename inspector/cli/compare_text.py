"""A comparison for a reader: a column for each way, differences marked."""

from collections.abc import Sequence
from difflib import unified_diff
from itertools import groupby
from typing import Final

from inspector.cli.console import Cell, Painter, Style, columns_of
from inspector.cli.request_text import readable
from inspector.workbench.compare import ComparedRow

_WIDEST: Final = 48
"""A value wider than this is set below its name, and not in its column."""


def compare_lines(
    paint: Painter, names: Sequence[str], rows: Sequence[ComparedRow], *, only_differences: bool = False
) -> list[str]:
    """Return the comparison section by section: `≠` marks what tells the ways apart."""
    if only_differences:
        rows = [row for row in rows if row.differs and not row.varies]
    lines: list[str] = []
    for section, group in groupby(rows, key=lambda row: row.section):
        if lines:
            lines.append("")
        members = list(group)
        narrow = [row for row in members if _fits(row)]
        head: list[Cell] = [(section, "dim"), "", *((name, "strong") for name in names)]
        lines += paint.rows([head, *map(_cells, narrow)])
        for row in members:
            if not _fits(row):
                lines += _stacked(paint, names, row)
    differing = sum(row.differs and not row.varies for row in rows)
    lines.append("")
    lines.append(
        paint(f"{differing} rows differ" if differing else "no difference", "warn" if differing else "good")
    )
    return lines


def _fits(row: ComparedRow) -> bool:
    return all(value is None or ("\n" not in value and columns_of(value) <= _WIDEST) for value in row.values)


def _mark(row: ComparedRow) -> Cell:
    if not row.differs:
        return " "
    return ("~", "dim") if row.varies else ("≠", "warn")


def _cells(row: ComparedRow) -> list[Cell]:
    style = "warn" if row.differs and not row.varies else "plain"
    return [_mark(row), (row.name, "dim"), *(("—", "dim") if v is None else (v, style) for v in row.values)]


def _stacked(paint: Painter, names: Sequence[str], row: ComparedRow) -> list[str]:
    mark = paint.rows([[_mark(row), (row.name, "dim")]])
    if not row.differs:
        return [*mark, paint.block(row.values[0] or "", 4)]
    lines = mark
    base = next(readable(value) for value in row.values if value is not None)
    whole = False
    for name, value in zip(names, row.values, strict=True):
        shown = None if value is None else readable(value)
        if shown is None:
            lines.append(f"    {paint(name, 'strong')}  {paint('—', 'dim')}")
        elif shown == base and whole:
            lines.append(f"    {paint(name, 'strong')}  {paint('the same', 'dim')}")
        elif not whole or "\n" not in shown:
            lines += [f"    {paint(name, 'strong')}", paint.block(shown, 6)]
            whole = True
        else:
            lines += [f"    {paint(name, 'strong')}  {paint('what differs', 'dim')}"]
            lines += [f"      {line}" for line in _difference(paint, base, shown)]
    return lines


def _difference(paint: Painter, base: str, other: str) -> list[str]:
    """Return the lines by which one text differs from another, each with one line around it."""
    styles: dict[str, Style] = {"+": "good", "-": "bad", "@": "dim"}
    found = list(unified_diff(base.split("\n"), other.split("\n"), n=1, lineterm=""))[2:]
    return [paint("…" if line[0] == "@" else line, styles.get(line[0], "plain")) for line in found]
