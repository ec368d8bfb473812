"""Many deliveries recorded by few commits: what comes while one is being written goes into the next."""

import asyncio
import time
from asyncio import Future
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Final

from inspector.delivery.events import DeliveryEvent
from inspector.history.apart import POSSIBLE, Apart
from inspector.history.errors import HistoryError
from inspector.history.sheet import Entry, Page, sheet_of
from inspector.tasks import spawn

if TYPE_CHECKING:
    from inspector.history.store import History

BUSY: Final = 400
"""Entries, two for a delivery: where so many come within `_WITHIN` seconds, a process of its own pays."""
_WITHIN: Final = 1.0


class GroupCommit:
    """Collects entries and writes all that have come by then at a time, in the order in which they came.

    writer: the thread in which it writes, until so many come that a process is worth its start: `busy`
    entries within a second. Once writing has failed, nothing more is written, and `failure` says why.
    """

    def __init__(self, history: "History", writer: Executor, *, busy: int = BUSY) -> None:
        self.failure: BaseException | None = None
        self._history, self._writer, self._busy = history, writer, busy
        self._waiting: list[Entry] = []
        self._next: Future[None] | None = None
        self._unsettled: set[Future[None]] = set()
        self._driver: asyncio.Task[None] | None = None
        self._start: asyncio.Task[Apart | None] | None = None
        self._apart: Apart | None = None
        self._came, self._since = 0, 0.0

    @property
    def apart(self) -> Apart | None:
        """The process that writes, where one does."""
        return self._apart

    def add(self, page: Page, *steps: DeliveryEvent) -> "Future[None]":
        """Take steps; the future is done when they are in the file.

        Its error is what kept them from it: a `HistoryError`, where the file is the cause.
        """
        self._waiting.append(Entry(page, steps))
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
            # Who does not wait for it is not told: `failure` is.
            self._next.add_done_callback(lambda done: done.exception())
        if self._driver is None:
            self._driver = spawn(self._drive(), name="history")
        return self._next

    async def close(self) -> None:
        """Return when everything that was taken is written, or could not be."""
        while self._driver is not None:
            await asyncio.wait({self._driver})
        if self._unsettled:
            await asyncio.wait(set(self._unsettled))
        if self._start and (apart := self._apart or await self._start):
            await apart.close()
        await asyncio.get_running_loop().run_in_executor(self._writer, self._history.end_many)

    async def _drive(self) -> None:
        while self._next is not None:
            entries, done = self._waiting, self._next
            self._waiting, self._next = [], None
            self._unsettled.add(done)
            if self.failure is None:
                await self._write(entries, done)
            else:
                self._settle(done, self.failure)
        self._driver = None

    async def _write(self, entries: Sequence[Entry], done: "Future[None]") -> None:
        """Return when more may be written; `done` is then done, or will be."""
        if apart := self._help(len(entries)):
            written = await apart.write(sheet_of(entries))
            written.add_done_callback(lambda written: self._settle(done, written.exception()))
            return
        loop = asyncio.get_running_loop()
        self._settle(done, await loop.run_in_executor(self._writer, self._written, entries))

    def _written(self, entries: Sequence[Entry]) -> Exception | None:
        try:
            self._history.record_many(sheet_of(entries))
        except Exception as error:  # Whatever it is, those who wait for it must hear of it.
            return error
        return None

    def _settle(self, done: "Future[None]", failure: BaseException | None) -> None:
        self._unsettled.discard(done)
        if failure is None:
            done.set_result(None)
            return
        self.failure = self.failure or failure
        done.set_exception(self.failure)

    def _help(self, came: int) -> Apart | None:
        """Return the process that writes; start one where it pays, and go on without until it is ready."""
        if self._apart is None and self._start is None:
            if POSSIBLE and self._is_busy(came):
                self._start = spawn(self._started(), name="history starts apart")
        elif self._apart is None and self._start and self._start.done() and (apart := self._start.result()):
            apart.take_over(self._history.under_way())
            self._apart = apart
        return self._apart

    async def _started(self) -> Apart | None:
        try:
            return await Apart.start(self._history.path)
        except (OSError, HistoryError):
            # The thread goes on; where the file is the cause, it says so.
            return None

    def _is_busy(self, came: int) -> bool:
        now = time.monotonic()
        if now - self._since > _WITHIN:
            self._came, self._since = 0, now
        self._came += came
        return self._came >= self._busy
