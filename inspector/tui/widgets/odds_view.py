"""What becomes of many deliveries: shares as bars, figures with their spread, what they rest on."""

from collections.abc import Callable, Iterator
from typing import Final

from inspector.eventbridge.retry import spoken
from inspector.safe import safe_line
from inspector.tui.widgets.line_builder import LineBuilder
from inspector.tui.widgets.line_view import LineView
from inspector.tui.widgets.message_rows import note_lines, sentences
from inspector.tui.widgets.text_rows import Line, LineRows
from inspector.workbench.simulate import Odds, Spread

_LABEL: Final = 14
_CELL: Final = "■"


def percent(part: int, whole: int) -> str:
    """Return a share. One that is not all is never rounded to 100 %, nor one that is not nothing to 0 %."""
    share = part / whole * 100
    if 0 < part < whole:
        share = min(99.9, max(0.1, share))
    return f"{share:.1f} %" if share % 1 else f"{share:.0f} %"


class OddsView(LineView):
    """The odds of a simulation."""

    DEFAULT_CSS = "OddsView { overflow-x: hidden; scrollbar-gutter: stable; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._odds: Odds | None = None
        self._wanted = 0

    def show(self, odds: Odds, wanted: int) -> None:
        """Show the odds over the runs so far, of which there will be `wanted`."""
        first = self._odds is None
        self._odds, self._wanted = odds, wanted
        self._lay_out(keep_scroll=not first)

    def clear(self, message: str = "") -> None:
        """Show a sentence instead."""
        self._odds = None
        super().clear(message)

    def on_resize(self) -> None:
        """Wrap anew."""
        self._lay_out(keep_scroll=True)

    def _lay_out(self, *, keep_scroll: bool) -> None:
        width = self.room
        if self._odds is not None and width:
            lines = list(_lines(self._odds, self._wanted, width - 2))
            indented = [Line(f" {line.text}", tuple((a + 1, b + 1, i) for a, b, i in line.spans))
                        for line in lines]  # fmt: skip
            self.show_blocks([LineRows(indented)], keep_scroll=keep_scroll)


def _lines(odds: Odds, wanted: int, width: int) -> Iterator[Line]:
    runs = f"{odds.runs:,} runs" if odds.runs == wanted else f"{odds.runs:,} of {wanted:,} runs"
    yield LineBuilder().put(runs, "strong").put(f" · seed {odds.seed}", "muted").line()
    yield Line("")
    lost = odds.runs - odds.delivered
    yield _share("delivered", odds.delivered, odds.runs, "ok", width)
    yield _share(odds.what_if.lost_as, lost, odds.runs, "bad", width)
    for loss in odds.losses:
        why = f"{loss.error_code}: {loss.exhausted or 'final, no further attempt'}"
        share = percent(loss.runs, odds.runs)
        for number, part in enumerate(sentences(safe_line(why), max(12, width - 12))):
            yield (
                LineBuilder()
                .put("  ")
                .put("" if number else share, "bad", width=10)
                .put(part, "muted")
                .line()
            )
    yield Line("")
    yield from _spread("attempts", odds.attempts, lambda figure: f"{figure:.0f}", width)
    if odds.delivery_seconds:
        yield from _spread("time to delivery", odds.delivery_seconds, spoken, width)
    else:
        yield LineBuilder().put("time to delivery", "strong").line()
        yield LineBuilder().put("  no run was delivered", "muted").line()
    yield Line("")
    yield from note_lines((), odds.assumptions, width)


def _share(label: str, part: int, whole: int, ink: str, width: int) -> Line:
    line = LineBuilder().put(label, "strong", width=_LABEL).put(" ")
    line.put(percent(part, whole), ink if part else "faint", width=7, align="right").put("  ")
    bar = max(4, width - line.cells)
    # A share that is not nothing has a cell, one that is not all leaves one.
    cells = min(bar - (part < whole), max(1 if part else 0, round(bar * part / whole)))
    return line.put(_CELL * cells, ink).put(_CELL * (bar - cells), "rule").line()


def _spread(label: str, spread: Spread, told: Callable[[float], str], width: int) -> Iterator[Line]:
    yield LineBuilder().put(label, "strong").line()
    figures = (("median", spread.median), ("95 % within", spread.p95), ("at most", spread.largest))
    line = LineBuilder().put("  ")
    for number, (name, figure) in enumerate(figures):
        text = told(figure)
        if number and line.cells + len(name) + len(text) + 4 > width:
            yield line.line()
            line, number = LineBuilder().put("  "), 0
        line.put(" · " if number else "", "faint").put(f"{name} ", "muted").put(text)
    yield line.line()
