"""Many measurements in a few numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

BAR_LEGEND: Final = "─ fastest to p95   █ median   · to the slowest"


@dataclass(frozen=True, slots=True)
class Spread:
    """Where measurements lie, in their own unit. p95 is one of them: 95 of 100 are no larger."""

    count: int
    minimum: float
    median: float
    p95: float
    maximum: float


def spread(measured: Sequence[float]) -> Spread | None:
    """Return where measurements lie, None where there are none."""
    if not measured:
        return None
    ordered, count = sorted(measured), len(measured)
    # The standard library's `statistics` costs 10 ms at import, for two lines.
    middle = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    return Spread(count, ordered[0], middle, ordered[math.ceil(0.95 * count) - 1], ordered[-1])


def bar(found: Spread, longest: float, width: int) -> str:
    """Return a spread as a bar of `width` characters on a scale from 0 to `longest`; see `BAR_LEGEND`."""

    def place(value: float) -> int:
        return min(width - 1, int(value / longest * width))

    cells = [" "] * width
    for cell in range(place(found.minimum), place(found.maximum) + 1):
        cells[cell] = "─" if cell <= place(found.p95) else "·"
    cells[place(found.median)] = "█"
    return "".join(cells)
