"""The history as rows of a list, read a page at a time."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from inspector.history.records import DeliverySummary
from inspector.tui.screens.frame import Tone
from inspector.tui.screens.results import INKS, OUTCOME_TONES, duration, status_chip
from inspector.tui.widgets.paged_list import Column, Row
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.history import History

T = TypeVar("T")
COLUMNS: Final = (
    Column("time", 14),
    Column("", 1),
    Column("target"),
    Column("request", 22, rank=4),
    Column("status", 6, "center"),
    Column("state", 13, rank=1),
    Column("tries", 5, "right", rank=2),
    Column("took", 8, "right", rank=3),
)


class HistoryRows:
    """The history as rows. Called in a thread; the reading waits for what is being written before it."""

    def __init__(self, bench: Workbench, query: str, loop: asyncio.AbstractEventLoop) -> None:
        self._bench, self._query, self._loop = bench, query, loop

    def _read(self, work: "Callable[[History], T]") -> T:
        return asyncio.run_coroutine_threadsafe(self._bench.in_history(work), self._loop).result()

    def count(self) -> int:
        """Return how many deliveries there are."""
        return self._read(lambda history: history.count(self._query))

    def page(self, before: int | None, limit: int) -> list[Row]:
        """Return a page of rows."""
        found = self._read(lambda history: history.page(self._query, before=before, limit=limit))
        return [row_of(summary) for summary in found]


def row_of(summary: DeliverySummary) -> Row:
    """Return a delivery as a row of the list."""
    state: Tone = "warn"
    if summary.state in OUTCOME_TONES:
        state = OUTCOME_TONES[summary.state]
    status = str(summary.status) if summary.status else "–"
    status_ink = status_chip(summary.status) if summary.status else "faint"
    cells = (
        (f"{summary.created_at.astimezone():%m-%d %H:%M:%S}", "muted"),
        ("↻" if summary.replay_of else "", "accent"),
        (summary.names.route, "plain"),
        (f"{summary.method} {urlsplit(summary.url).path or '/'}", "muted"),
        (status, status_ink),
        (summary.state, INKS[state]),
        (str(summary.attempts), "plain"),
        (duration(summary.milliseconds) if summary.milliseconds is not None else "–", "muted"),
    )
    return Row(summary.key, cells, summary)
