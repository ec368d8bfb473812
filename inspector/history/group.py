"""Many deliveries recorded by few commits: what comes while one is being written goes into the next."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from inspector.delivery.events import DeliveryEvent
from inspector.history.sheet import Entry, Page
from inspector.tasks import spawn


class GroupCommit:
    """Collects entries and writes all that have come by then at a time, in the order in which they came.

    write: writes entries in one transaction. writer: the thread in which it does. Once that has failed,
    nothing more is written, and `failure` says why.
    """

    def __init__(self, write: Callable[[Sequence[Entry]], None], writer: Executor) -> None:
        self.failure: Exception | None = None
        self._write, self._writer = write, writer
        self._waiting: list[Entry] = []
        self._next: asyncio.Future[None] | None = None
        self._driver: asyncio.Task[None] | None = None

    def add(self, page: Page, *steps: DeliveryEvent) -> "asyncio.Future[None]":
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

    async def flush(self) -> None:
        """Return when everything that was taken is written, or could not be."""
        while self._driver is not None:
            await asyncio.wait({self._driver})

    async def _drive(self) -> None:
        loop = asyncio.get_running_loop()
        while self._next is not None:
            entries, done = self._waiting, self._next
            self._waiting, self._next = [], None
            if self.failure is None:
                self.failure = await loop.run_in_executor(self._writer, self._written, entries)
            if self.failure is None:
                done.set_result(None)
            else:
                done.set_exception(self.failure)
        self._driver = None

    def _written(self, entries: Sequence[Entry]) -> Exception | None:
        try:
            self._write(entries)
        except Exception as error:  # Whatever it is, those who wait for it must hear of it.
            return error
        return None
