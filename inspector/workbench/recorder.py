"""The history of a workbench: opened when it is needed, kept off the event loop, written in order."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from inspector.delivery.events import DeliveryEvent, InvocationStart
from inspector.errors import InspectorError
from inspector.history.records import NewDelivery

if TYPE_CHECKING:
    from inspector.history import History

T = TypeVar("T")


class Recorder:
    """Keeps deliveries in the file `db`; in none at all when that is None."""

    def __init__(self, db: Path | None) -> None:
        self.db = db
        # One thread: writes happen in the order in which they were asked for.
        self.writer = ThreadPoolExecutor(1, thread_name_prefix="history")
        self._history: History | None = None

    @property
    def history(self) -> "History":
        """The store of deliveries; opened at its first use.

        Raises:
            InspectorError: no history is kept.
        """
        if self._history is None:
            from inspector.history import History

            if self.db is None:
                raise InspectorError("this session keeps no history")
            self._history = History(self.db)
        return self._history

    async def work(self, work: "Callable[[History], T]") -> T:
        """Run `work` on the history off the event loop, after the writes that were asked for before."""
        return await asyncio.get_running_loop().run_in_executor(self.writer, lambda: work(self.history))

    async def record(self, new: NewDelivery, step: DeliveryEvent) -> None:
        """Write one step of a delivery, its beginning with the first."""
        if self.db is None:
            return

        def write(history: "History") -> None:
            if isinstance(step, InvocationStart):
                history.begin(new)
            history.record(new.delivery_id, step)

        await self.work(write)

    async def close(self) -> None:
        """Close the history, when what is being written is written."""
        await asyncio.to_thread(self.writer.shutdown)
        if self._history is not None:
            self._history.close()
