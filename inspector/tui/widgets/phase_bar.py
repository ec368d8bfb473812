"""Bars of text cells: the phases of an attempt over a common scale, a wait, a budget."""

from typing import Final

from inspector.delivery.events import Timings
from inspector.tui.widgets.line_builder import LineBuilder

PHASES: Final = ("connect", "tls", "send", "wait", "read")
_CELL: Final = "■"
_DONE: Final = "━"
_LEFT: Final = "─"


def put_phases(line: LineBuilder, timings: Timings, width: int, scale: float) -> None:
    """Add the phases of an attempt; `width` cells stand for `scale` milliseconds.

    What an attempt took beyond its phases (no answer within the limit, ...) is drawn faintly. An
    attempt is never invisible: it has a cell at least.
    """
    cells = max(1, min(width, round(width * timings.total / scale))) if scale > 0 else 1
    spent, drawn = 0.0, 0
    # The lookup of a name is drawn as a part of the connecting: it is seldom wide enough for an ink.
    phases = [("connect", timings.dns), *((name, getattr(timings, name)) for name in PHASES)]
    measured = sum(value for _, value in phases if value)
    whole = max(timings.total, measured) or 1.0
    for name, value in [*phases, ("faint", whole - measured)]:
        if not value:
            continue
        spent += value
        upto = round(cells * spent / whole)
        line.put(_CELL * (upto - drawn), name)
        drawn = upto
    line.put(_CELL * (cells - drawn), "faint")
    line.put(" " * (width - cells))


def put_running(line: LineBuilder, elapsed: float, width: int, scale: float) -> None:
    """Add the bar of an attempt that has no answer yet, after `elapsed` milliseconds."""
    cells = max(1, min(width, round(width * elapsed / scale))) if scale > 0 else 1
    line.put(_CELL * (cells - 1) + "▶", "info").put(" " * (width - cells))


def put_progress(line: LineBuilder, share: float, width: int, ink: str) -> None:
    """Add a thin bar of which `share` (0 to 1) is done."""
    done = min(width, max(0, round(width * share)))
    line.put(_DONE * done, ink).put(_LEFT * (width - done), "rule")


def put_gauge(line: LineBuilder, share: float, width: int) -> None:
    """Add a budget of which `share` is used: calm, then a warning, then used up."""
    used = min(width, round(width * share)) or (1 if share > 0 else 0)
    ink = "ok" if share < 0.6 else "warn" if share < 1 else "bad"
    line.put("▰" * used, ink).put("▱" * (width - used), "faint")
