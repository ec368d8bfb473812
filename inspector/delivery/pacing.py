"""How fast requests may leave for one destination, and how many at a time.

`InvocationRateLimitPerSecond` (default 300) bounds what EventBridge sends to a destination; what is over
the rate waits and its waiting counts towards its age (request-and-auth, section 1).
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from inspector.delivery.clock import Clock
from inspector.eventbridge.resources import ApiDestination

DEFAULT_CONCURRENCY: Final = 50
"""Requests under way at a time for one destination."""

_ALLOWANCE: Final = timedelta(milliseconds=25)
"""A turn that came late by up to so much does not push the following ones back: half a percent of the five
seconds over which a rate is held."""


class Pacer:
    """Gives turns at an even rate: no burst at the start, none after a pause.

    In any window of t seconds there are at most `rate · (t + 0.025) + 1` turns, and as many as `rate · t`
    where somebody always waits for one. rate: turns a second, more than zero.
    """

    def __init__(self, rate: float, clock: Clock) -> None:
        self._interval = timedelta(seconds=1 / rate)
        self._clock = clock
        self._next = clock.now()
        # One waits for the clock, the others wait for that one, in the order in which they came.
        self._lock = asyncio.Lock()

    async def turn(self) -> None:
        """Return when it is the caller's turn."""
        async with self._lock:
            now = self._clock.now()
            while now < self._next:
                # Never longer than one interval: the machine's clock may have been set back.
                await self._clock.sleep(min(self._next - now, self._interval).total_seconds())
                self._next = min(self._next, self._clock.now() + self._interval)
                now = self._clock.now()
            self._next = max(self._next, now - _ALLOWANCE) + self._interval


class Gate:
    """What a request to one destination passes before it is sent: a slot, then its turn.

    The slot comes first: whoever has had his turn must not wait any more, or the rate would not hold.
    A slot is taken for one attempt, not for a delivery: what waits for its retry holds none.
    """

    def __init__(self, slots: int, pacer: Pacer | None) -> None:
        self._slots = asyncio.Semaphore(slots)
        self._pacer = pacer

    async def enter(self) -> None:
        """Return when a request may be sent; call `leave` when it is over."""
        await self._slots.acquire()
        if self._pacer is None:
            return
        try:
            await self._pacer.turn()
        except BaseException:
            self._slots.release()
            raise

    def leave(self) -> None:
        """Give the slot back."""
        self._slots.release()


class Paces:
    """The pacers of several destinations, by name. rate: in place of their own; 0 for none."""

    def __init__(self, rate: float | None, clock: Callable[[], Clock]) -> None:
        self._rate, self._clock = rate, clock
        self._pacers: dict[str, Pacer | None] = {}

    def of(self, destination: ApiDestination) -> Pacer | None:
        """Return the pacer of a destination, None where no rate holds."""
        if destination.name not in self._pacers:
            own = destination.invocation_rate_limit_per_second
            rate = float(own) if self._rate is None else self._rate
            self._pacers[destination.name] = Pacer(rate, self._clock()) if rate else None
        return self._pacers[destination.name]
