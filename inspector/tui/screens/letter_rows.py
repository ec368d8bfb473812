"""Dead letters as rows of a list: the history's, a page at a time, or those of a file."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from inspector.config.dead_letters import HeldLetter
from inspector.eventbridge.resources import Workspace
from inspector.history.records import DeliverySummary
from inspector.tui.widgets.paged_list import Cell, Column, Row
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


@dataclass(frozen=True, slots=True)
class Listed:
    """What a row stands for: a lost delivery, or a letter of a file; and whether it was delivered since."""

    letter: DeliverySummary | HeldLetter
    redriven: bool


class HistoryLetters:
    """What the history lost and `query` finds, as rows.

    Called in a thread; the reading waits for what is being written. What was delivered since is looked up
    for the letters of a page.
    """

    def __init__(self, bench: Workbench, query: str, loop: asyncio.AbstractEventLoop) -> None:
        self._bench, self._loop = bench, loop
        self._query = f"{LOST} {query}"

    def _read(self, work: "Callable[[History], T]") -> T:
        return asyncio.run_coroutine_threadsafe(self._bench.in_history(work), self._loop).result()

    def count(self) -> int:
        """Return how many there are."""
        return self._read(lambda history: history.count(self._query))

    def page(self, before: int | None, limit: int) -> list[Row]:
        """Return a page of rows."""
        found = self._read(lambda history: history.page(self._query, before=before, limit=limit))
        since = self._read(lambda history: redriven(history, found))
        return [_delivery_row(summary, redriven=summary.delivery_id in since) for summary in found]


class FileLetters:
    """The letters of a file as rows, numbered from 1. Called in a thread."""

    def __init__(
        self, letters: Sequence[HeldLetter], bench: Workbench, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._letters, self._bench, self._loop = letters, bench, loop

    def count(self) -> int:
        """Return how many there are."""
        return len(self._letters)

    def page(self, before: int | None, limit: int) -> list[Row]:
        """Return a page of rows, with what was delivered since, if there is a history."""
        start = before or 0
        page = self._letters[start : start + limit]
        since: frozenset[str] = frozenset()
        if self._bench.db is not None:
            coming = self._bench.in_history(lambda history: redriven(history, page))
            since = asyncio.run_coroutine_threadsafe(coming, self._loop).result()
        return [
            _letter_row(number, held, self._bench.workspace, redriven=held.identity in since)
            for number, held in enumerate(page, start=start + 1)
        ]


def _delivery_row(summary: DeliverySummary, *, redriven: bool) -> Row:
    names = summary.names
    moment = summary.ended_at or summary.created_at
    cells: tuple[Cell, ...] = (
        (f"{moment.astimezone():%m-%d %H:%M:%S}", "muted"),
        ("✓" if redriven else "", "ok"),
        (summary.error_code or "no code", "bad"),
        (f"{names.rule or 'direct'} → {names.destination}", "plain"),
        (str(max(0, summary.attempts - 1)), "muted"),
    )
    return Row(summary.key, cells, Listed(summary, redriven))


def _letter_row(number: int, held: HeldLetter, workspace: Workspace, *, redriven: bool) -> Row:
    explanation = explain(held, workspace)
    cells: tuple[Cell, ...] = (
        (f"{held.sent_at.astimezone():%m-%d %H:%M:%S}" if held.sent_at else "", "muted"),
        ("✓" if redriven else "", "ok"),
        (explanation.code.code or "no code", "bad"),
        (f"{explanation.rule or '?'} → {explanation.target or '?'}", "plain"),
        (held.attribute("RETRY_ATTEMPTS") or "–", "muted"),
    )
    return Row(number, cells, Listed(held, redriven))
