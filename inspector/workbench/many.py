"""Many deliveries at once: paced, bounded in number and memory, recorded as they go, stopped in order."""

import asyncio
import gc
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import aclosing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from inspector.delivery.clock import Clock
from inspector.delivery.engine import Authorizing, abandoned, deliver
from inspector.delivery.events import (
    AttemptEnd,
    AttemptStart,
    DeliveryEvent,
    InvocationEnd,
    InvocationStart,
    Outcome,
    WaitEnd,
    WaitStart,
)
from inspector.delivery.network import AS_EVENTBRIDGE, Network
from inspector.delivery.pacing import Gate, Paces
from inspector.delivery.transport import Transport
from inspector.delivery.transport_bulk import BulkTransport
from inspector.errors import InspectorError
from inspector.history.group import GroupCommit
from inspector.history.sheet import Page
from inspector.jsontext import write_fast
from inspector.tasks import spawn
from inspector.workbench.many_values import Failure, Item, ManySettings, Ready, Skipped, Tally
from inspector.workbench.run import Run

if TYPE_CHECKING:
    from inspector.history import History

_OPEN: Final = 2000
"""Deliveries that have begun and not ended, waits for retries included."""
_OPEN_SIZE: Final = 64 * 1024 * 1024
_FAILURES_KEPT: Final = 20


class Many:
    """Drives many deliveries. `run` it once; `stop` ends it in good order; `tally` says how far it is.

    A delivery that waits for its retry holds no connection. What is under way when it is stopped comes to
    its end; what waits is recorded as abandoned; what has not begun leaves no trace.
    """

    def __init__(
        self,
        settings: ManySettings,
        *,
        authorizer: Authorizing,
        clock: Callable[[], Clock],
        randomness: Callable[[], float],
        history: "History | None",
        writer: Executor,
        transport: Transport | None = None,
        network: Network = AS_EVENTBRIDGE,
    ) -> None:
        self.tally = Tally()
        self._settings = settings
        self._authorizer, self._random = authorizer, randomness
        self._own = None if transport else BulkTransport(keep_alive=settings.keep_alive, network=network)
        self._transport: Transport = transport or self._own or BulkTransport()
        self._record = GroupCommit(history, writer) if history else None
        self._paces = Paces(settings.rate, clock)
        self._gates: dict[str, Gate] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle: set[asyncio.Task[None]] = set()
        self._open = self._size = self._parked = 0
        self._room = asyncio.Event()
        self._began = time.perf_counter()

    def stop(self, why: str) -> None:
        """Begin nothing more and abandon what waits; what is under way comes to its end."""
        if not self.tally.stopped:
            self.tally.stopped = why
        for task in self._idle:
            task.cancel()
        self._room.set()

    async def run(self, source: Iterable[Item]) -> Tally:
        """Deliver what `source` yields; it is asked for more only as there is room.

        Raises:
            InspectorError: the source or the history failed; what had begun has come to its end.
        """
        with _collector_at_leisure():
            return await self._run(source)

    async def _run(self, source: Iterable[Item]) -> Tally:
        self._began = time.perf_counter()
        write_fast()
        try:
            for item in source:
                await self._vacancy()
                if self.tally.stopped:
                    break
                self._take(item)
            await self._ended()
        except asyncio.CancelledError:
            for task in self._tasks:
                task.cancel()
            raise
        except BaseException as error:
            self.stop(str(error))
            raise
        finally:
            await self._ended()
            if self._record:
                await self._record.close()
            if self._own:
                self._own.close()
            self.tally.seconds = time.perf_counter() - self._began
        if self._record and self._record.failure:
            raise self._record.failure
        return self.tally

    async def _ended(self) -> None:
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _vacancy(self) -> None:
        """Wait until more may be held: a few that are ready, many that wait for a retry.

        Where there is none, it waits until there is room for several, and not for each.
        """
        if not self._full(1.0):
            return
        while not self.tally.stopped and self._full(0.75):
            self._room.clear()
            await self._room.wait()

    def _full(self, share: float) -> bool:
        ready = 2 * self._settings.concurrency * max(1, len(self._gates))
        return (
            self._open - self._parked >= max(1, share * ready)
            or self._open >= share * _OPEN
            or self._size >= share * _OPEN_SIZE
        )

    def _take(self, item: Item) -> None:
        if isinstance(item, Skipped):
            self._skip(item)
            return
        try:
            run = item.run()
        except InspectorError as error:
            self._skip(Skipped(item.position, item.label, "refused", str(error)))
            return
        self._open += 1
        self._size += item.size
        task = spawn(self._drive(run, item), name=f"delivery {run.delivery_id}")
        self._tasks.add(task)
        task.add_done_callback(partial(self._done, item))

    def _done(self, item: Ready, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._idle.discard(task)
        self._open -= 1
        self._size -= item.size
        if not self._room.is_set() and not self._full(0.75):
            self._room.set()
        if not task.cancelled() and (error := task.exception()) and not self.tally.stopped:
            self.tally.failures.append(Failure(item.label, str(error)))
            self.stop(str(error))

    def _skip(self, item: Skipped) -> None:
        if item.reason == "unmatched":
            self.tally.unmatched += 1
        else:
            self.tally.invalid += 1
        self._note(Failure(item.label, item.why))

    def _note(self, failure: Failure) -> None:
        if len(self.tally.failures) < _FAILURES_KEPT:
            self.tally.failures.append(failure)

    async def _drive(self, run: Run, item: Ready) -> None:
        course = _Course(self, run, item)
        task = asyncio.current_task()
        if task is None or self.tally.stopped:
            return
        self._idle.add(task)
        try:
            steps = deliver(
                run.plan,
                authorizer=self._authorizer,
                transport=self._transport,
                clock=run.clock,
                random=self._random,
                turn=course.enter,
            )
            async with aclosing(steps):
                async for step in steps:
                    if isinstance(step, AttemptStart):
                        self._idle.discard(task)
                    await course.take(step)
                    if isinstance(step, WaitStart):
                        self._idle.add(task)
                        if self.tally.stopped:
                            raise asyncio.CancelledError
        except asyncio.CancelledError:
            course.abandon()
        finally:
            course.leave()

    def record(self, page: Page, *steps: DeliveryEvent) -> "asyncio.Future[None] | None":
        """Hand steps to the history; None where none is kept."""
        return self._record.add(page, *steps) if self._record else None

    def park(self, change: int) -> None:
        """Take note that a delivery begins (1) or ends (-1) to wait for its retry."""
        self._parked += change
        self.tally.waiting += change
        self._room.set()

    def end(self, outcome: Outcome, run: Run, item: Ready) -> None:
        """Take note of how a delivery ended."""
        tally = self.tally
        tally.outcomes[outcome.error_code or outcome.kind] += 1
        if outcome.kind == "delivered":
            tally.delivered += 1
            return
        if outcome.kind == "abandoned":
            tally.abandoned += 1
            return
        tally.failed += 1
        self._note(Failure(item.label, outcome.why, run.delivery_id, run.route.name, outcome.error_code))
        if self._settings.stop_after is not None and tally.failed >= self._settings.stop_after:
            self.stop(f"{tally.failed} deliveries failed (--stop-after)")

    def gate_of(self, run: Run) -> Gate:
        """Return what the requests of a delivery pass."""
        destination = run.route.destination
        gate = self._gates.get(destination.name)
        if gate is None:
            gate = Gate(self._settings.concurrency, self._paces.of(destination))
            self._gates[destination.name] = gate
        return gate

    @property
    def skips_waits(self) -> bool:
        """Whether waits are fast-forwarded."""
        return self._settings.skip_waits

    @property
    def batch_id(self) -> str:
        """Under which the history keeps what was begun."""
        return self._settings.batch_id


@contextmanager
def _collector_at_leisure() -> Iterator[None]:
    """Let Python look for circles of garbage seldom: deliveries leave few, and each look passes them all."""
    thresholds = gc.get_threshold()
    gc.set_threshold(20_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


class _Course:
    """One delivery of many: what it holds, what of it is recorded."""

    def __init__(self, many: Many, run: Run, item: Ready) -> None:
        self._many, self._run, self._item = many, run, item
        self._gate = many.gate_of(run)
        self._page = Page(run.new, many.batch_id, item.position, item.route)
        self._held: list[DeliveryEvent] = []
        self._starts: list[DeliveryEvent] = []
        self._inside = self._waits = self._over = False

    async def enter(self) -> None:
        """Wait for a slot and for the turn."""
        await self._gate.enter()
        self._inside = True

    def leave(self) -> None:
        """Give back whatever is held."""
        if self._inside:
            self._inside = False
            self._gate.leave()
        if self._waits:
            self._waits = False
            self._many.park(-1)

    async def take(self, step: DeliveryEvent) -> None:
        """Record a step. An attempt's start is in the file when this returns, as is all before it.

        What follows without a pause is recorded together: the beginning with the first attempt (what is not
        begun leaves no trace), the end of an attempt with what comes of it.
        """
        tally = self._many.tally
        self._held.append(step)
        match step:
            case InvocationStart():
                return
            case AttemptStart():
                tally.begun += not self._starts
                tally.attempts += 1
                self._starts.append(step)
                if (written := self._recorded()) is not None:
                    await asyncio.shield(written)
            case AttemptEnd():
                self.leave()
            case WaitStart():
                self._recorded()
                self._waits = True
                self._many.park(1)
                if self._many.skips_waits:
                    asyncio.get_running_loop().call_soon(self._run.skip_wait)
            case WaitEnd():
                self.leave()
            case InvocationEnd():
                self._recorded()
                self.leave()
                self._over = True
                self._many.end(step.outcome, self._run, self._item)

    def _recorded(self) -> "asyncio.Future[None] | None":
        steps, self._held = tuple(self._held), []
        return self._many.record(self._page, *steps)

    def abandon(self) -> None:
        """Record that the delivery was given up, where it had begun."""
        if self._starts and not self._over:
            end = InvocationEnd(self._run.now(), abandoned(self._starts, "stopped"))
            self._held.append(end)
            self._recorded()
            self._many.end(end.outcome, self._run, self._item)
