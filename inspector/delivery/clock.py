"""Time, passed in: the real clock sleeps, the virtual one jumps. Both can fast-forward a wait."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the attempt loop knows of time."""

    def now(self) -> datetime:
        """Return the moment (UTC), every wait that was skipped counted as waited."""
        ...

    async def sleep(self, seconds: float) -> bool:
        """Wait; return True when `skip` cut it short."""
        ...

    def skip(self) -> None:
        """End the current wait: the clock moves on as if it had been waited out."""
        ...


class RealClock:
    """The machine's clock, plus the waits that were skipped."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._skip: asyncio.Event | None = None

    def now(self) -> datetime:
        """Return the present moment (UTC), ahead by what was skipped."""
        return datetime.now(UTC) + self._ahead

    async def sleep(self, seconds: float) -> bool:
        """Wait for `seconds`, or until `skip`."""
        self._skip = skip = asyncio.Event()
        end = self.now() + timedelta(seconds=seconds)
        try:
            async with asyncio.timeout(seconds):
                await skip.wait()
        except TimeoutError:
            return False
        finally:
            self._skip = None
        self._ahead += max(end - self.now(), timedelta())
        return True

    def skip(self) -> None:
        """End the current wait, if there is one."""
        if self._skip:
            self._skip.set()


class VirtualClock:
    """A clock that moves only when somebody waits: 24 hours pass in no time."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the moment to which the waits so far have brought the clock."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass outside a wait, as an attempt does."""
        self._now += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> bool:
        """Jump ahead by `seconds`; other tasks get their turn first."""
        await asyncio.sleep(0)
        self.advance(seconds)
        return False

    def skip(self) -> None:
        """Do nothing: no wait of this clock lasts."""
