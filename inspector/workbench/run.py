"""A delivery in progress: driven in the background, written to the history, told to whoever watches."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

from inspector.delivery.clock import Clock
from inspector.delivery.engine import Plan, abandoned
from inspector.delivery.events import DeliveryEvent, InvocationEnd, Outcome
from inspector.errors import InspectorError
from inspector.eventbridge.resources import Route
from inspector.history.records import NewDelivery
from inspector.tasks import spawn

Record = Callable[[DeliveryEvent], Awaitable[None]]


class Run:
    """One delivery. Iterate it once, to its end; what it yields is already in the history.

    The engine takes its next step only when the last one is recorded, so an attempt is on disk before
    its first byte leaves. A history that fails does not stop the delivery: `unrecorded` then says why.
    plan, new: what is delivered and how it is recorded, for who drives many deliveries himself.
    """

    def __init__(
        self,
        plan: Plan,
        new: NewDelivery,
        route: Route,
        clock: Clock,
        steps: Callable[[], AsyncIterator[DeliveryEvent]],
        record: Record,
    ) -> None:
        self.delivery_id = plan.delivery_id
        self.plan = plan
        self.new = new
        self.route = route
        self.outcome: Outcome | None = None
        self.unrecorded = ""
        self._clock, self._steps, self._record = clock, steps, record
        self._told: asyncio.Queue[DeliveryEvent | BaseException | None] = asyncio.Queue()
        self._driver: asyncio.Task[None] | None = None

    async def __aiter__(self) -> AsyncIterator[DeliveryEvent]:
        driver = self._driver = spawn(self._drive(), name=f"delivery {self.delivery_id}")
        try:
            while (step := await self._told.get()) is not None:
                if isinstance(step, BaseException):
                    raise step
                yield step
        finally:
            if not driver.done():
                driver.cancel()
            await asyncio.gather(driver, return_exceptions=True)

    @property
    def clock(self) -> Clock:
        """The delivery's own clock."""
        return self._clock

    def now(self) -> datetime:
        """Return the present moment by the delivery's clock: waits that were skipped count as waited."""
        return self._clock.now()

    def skip_wait(self) -> None:
        """Fast-forward the present wait."""
        self._clock.skip()

    def cancel(self) -> None:
        """End the delivery now: the outcome is `abandoned`, what happened so far stays recorded."""
        if self._driver:
            self._driver.cancel()

    async def _drive(self) -> None:
        told: list[DeliveryEvent] = []
        try:
            async for step in self._steps():
                told.append(step)
                await self._tell(step)
        except asyncio.CancelledError:
            await self._tell(InvocationEnd(self._clock.now(), abandoned(told)))
        except BaseException as error:
            self._told.put_nowait(error)
        finally:
            self._told.put_nowait(None)

    async def _tell(self, step: DeliveryEvent) -> None:
        if isinstance(step, InvocationEnd):
            self.outcome = step.outcome
        if not self.unrecorded:
            try:
                # A cancel must not cut a write in two: what was begun is finished and then told.
                await asyncio.shield(self._record(step))
            except InspectorError as error:
                self.unrecorded = str(error)
        self._told.put_nowait(step)
