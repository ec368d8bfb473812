"""The spread of latencies for a reader: a bar for each way, all on one scale."""

from collections.abc import Sequence
from typing import Final

from inspector.cli.console import Cell, Painter
from inspector.cli.durations import milliseconds_text
from inspector.workbench.measures import Measures
from inspector.workbench.statistics import BAR_LEGEND, bar

_WIDTH: Final = 36


def spread_lines(paint: Painter, names: Sequence[str], measures: Sequence[Measures]) -> list[str]:
    """Return the latencies of several ways as bars over the numbers that they stand for."""
    longest = max((m.latency.maximum for m in measures if m.latency), default=0.0)
    if not longest:
        return [paint("no run was answered: there is no latency to compare", "dim")]
    columns = ("fastest", "median", "p95", "slowest")
    scale = f"0 to {milliseconds_text(longest)}"
    head: list[Cell] = [("latency", "dim"), (scale, "dim"), *((name, "dim") for name in columns)]
    rows: list[Sequence[Cell]] = [head]
    for name, one in zip(names, measures, strict=True):
        found = one.latency
        if found is None:
            rows.append(((name, "strong"), ("no answer", "dim")))
            continue
        numbers = (found.minimum, found.median, found.p95, found.maximum)
        runs = "" if found.count == one.runs else f"of {found.count} answered runs"
        rows.append(
            (
                (name, "strong"),
                (bar(found, longest, _WIDTH), "accent"),
                *map(milliseconds_text, numbers),
                (runs, "dim"),
            )
        )
    return [*paint.rows(rows), paint(BAR_LEGEND, "dim")]
