"""A comparison for a reader: a column for each way, differences marked."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from inspector.cli.console import Cell, Painter, columns_of
from inspector.workbench.compare import ComparedRow

_WIDEST: Final = 48
"""A value wider than this is set below its name, and not in its column."""


def compare_lines(paint: Painter, names: Sequence[str], rows: Sequence[ComparedRow]) -> list[str]:
    """Return the comparison section by section: `≠` marks what tells the ways apart."""
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
        paint(f"{differing} differ" if differing else "no difference", "warn" if differing else "good")
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
    for name, value in zip(names, row.values, strict=True):
        lines.append(f"    {paint(name, 'strong')}")
        lines.append(paint("      —", "dim") if value is None else paint.block(value, 6))
    return lines
