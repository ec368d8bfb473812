"""Dead letters as rows of a list: the history's, a page at a time, or those of a file."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from inspector.config.dead_letters import HeldLetter
from inspector.eventbridge.resources import Workspace
from inspector.history.records import DeliverySummary
from inspector.tui.widgets.paged_list import Column, Row
from inspector.workbench import Workbench
from inspector.workbench.deadletters import LOST, explain, redriven

if TYPE_CHECKING:
    from inspector.history import History

T = TypeVar("T")
COLUMNS: Final = (
    Column("when", 14, rank=1),
    Column("", 1),
    Column("code", 18),
    Column("rule → target"),
    Column("retries", 7, "right", rank=2),
)


class HistoryLetters:
    """What the history lost, as rows. Called in a thread; the reading waits for what is being written."""

    def __init__(self, bench: Workbench, loop: asyncio.AbstractEventLoop) -> None:
        self._bench, self._loop = bench, loop
        self._redriven: frozenset[str] = frozenset()

    def _read(self, work: "Callable[[History], T]") -> T:
        return asyncio.run_coroutine_threadsafe(self._bench.in_history(work), self._loop).result()

    def count(self) -> int:
        """Return how many there are, and see which of them were delivered since."""
        self._redriven = self._read(redriven)
        return self._read(lambda history: history.count(LOST))

    def page(self, before: int | None, limit: int) -> list[Row]:
        """Return a page of rows."""
        found = self._read(lambda history: history.page(LOST, before=before, limit=limit))
        return [self._row(summary) for summary in found]

    def _row(self, summary: DeliverySummary) -> Row:
        names = summary.names
        moment = summary.ended_at or summary.created_at
        cells = (
            (f"{moment.astimezone():%m-%d %H:%M:%S}", "muted"),
            ("✓" if summary.delivery_id in self._redriven else "", "ok"),
            (summary.error_code or "no code", "bad"),
            (f"{names.rule or 'direct'} → {names.destination}", "plain"),
            (str(max(0, summary.attempts - 1)), "muted"),
        )
        return Row(summary.key, cells, summary)


class FileLetters:
    """The letters of a file as rows, numbered from 1. Called in a thread."""

    def __init__(
        self, letters: Sequence[HeldLetter], bench: Workbench, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._letters, self._bench, self._loop = letters, bench, loop
        self._redriven: frozenset[str] = frozenset()

    def count(self) -> int:
        """Return how many there are, and see which of them were delivered since, if there is a history."""
        if self._bench.db is not None:
            coming = asyncio.run_coroutine_threadsafe(self._bench.in_history(redriven), self._loop)
            self._redriven = coming.result()
        return len(self._letters)

    def page(self, before: int | None, limit: int) -> list[Row]:
        """Return a page of rows."""
        start = before or 0
        return [
            _letter_row(number, held, self._bench.workspace, self._redriven)
            for number, held in enumerate(self._letters[start : start + limit], start=start + 1)
        ]


def _letter_row(number: int, held: HeldLetter, workspace: Workspace, delivered: frozenset[str]) -> Row:
    explanation = explain(held, workspace)
    cells = (
        (f"{held.sent_at.astimezone():%m-%d %H:%M:%S}" if held.sent_at else "", "muted"),
        ("✓" if held.identity in delivered else "", "ok"),
        (explanation.code.code or "no code", "bad"),
        (f"{explanation.rule or '?'} → {explanation.target or '?'}", "plain"),
        (held.attribute("RETRY_ATTEMPTS") or "–", "muted"),
    )
    return Row(number, cells, held)
