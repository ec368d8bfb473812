"""Many deliveries recorded by few commits: what comes while one is being written goes into the next."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from inspector.delivery.events import DeliveryEvent
from inspector.history.batches import add_item
from inspector.history.records import NewDelivery
from inspector.history.write import (
    Columns,
    RequestRows,
    delivery_columns,
    insert_delivery,
    write_rows,
    write_steps,
)
from inspector.tasks import spawn


@dataclass(slots=True)
class Page:
    """One delivery of a batch on its way into the history. `seq` is its row, 0 before it has one."""

    new: NewDelivery
    batch_id: str = ""
    position: int = 0
    route: str = ""
    seq: int = 0
    rows: RequestRows = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to a delivery, in order."""

    page: Page
    steps: tuple[DeliveryEvent, ...]


def write_entry(connection: sqlite3.Connection, entry: Entry) -> None:
    """Write one entry; with the first one the delivery itself."""
    page, payload = entry.page, entry.page.new.payload.body
    if page.seq:
        write_steps(connection, page.seq, payload, entry.steps, page.rows)
        return
    changes: Columns = {}
    for step in entry.steps:
        changes |= delivery_columns(step)
    page.seq = insert_delivery(connection, page.new, page.rows, changes)
    if page.batch_id:
        add_item(connection, page.batch_id, page.position, page.route, page.seq)
    write_rows(connection, page.seq, payload, entry.steps, page.rows)


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
