"""What a run over many events is given, and what it tells of itself."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from inspector.delivery.pacing import DEFAULT_CONCURRENCY
from inspector.workbench.run import Run

SkipReason: TypeAlias = Literal["unmatched", "invalid", "refused"]


@dataclass(frozen=True, slots=True)
class ManySettings:
    """How many deliveries are driven.

    rate: requests a second for each destination; None for its own InvocationRateLimitPerSecond, 0 for no
    limit. concurrency: requests under way at a time for each destination. stop_after: stop once so many
    deliveries have failed for good; None never. keep_alive: use connections again (a deviation). batch_id:
    under which the history keeps what was begun. skip_waits: fast-forward the waits for retries.
    """

    rate: float | None = None
    concurrency: int = DEFAULT_CONCURRENCY
    stop_after: int | None = None
    keep_alive: bool = False
    batch_id: str = ""
    skip_waits: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """A delivery that can begin.

    position: of its event in the source. route: tells several ways of one event apart. size: about how many
    bytes it holds. label: for a reader.
    """

    position: int
    route: str
    label: str
    size: int
    run: Callable[[], Run]


@dataclass(frozen=True, slots=True)
class Skipped:
    """An event of the source that is not sent, and why."""

    position: int
    label: str
    reason: SkipReason
    why: str


Item: TypeAlias = Ready | Skipped


@dataclass(frozen=True, slots=True)
class Failure:
    """One delivery that failed, or an event that was not sent."""

    label: str
    why: str
    delivery_id: str = ""
    route: str = ""
    error_code: str = ""


@dataclass(slots=True)
class Tally:
    """How far it has come; kept up to date while it runs.

    begun: deliveries with an attempt. waiting: those that wait for a retry. failed: dead-lettered and
    dropped. abandoned: begun, stopped before their end. failures: the first of them.
    """

    begun: int = 0
    attempts: int = 0
    delivered: int = 0
    failed: int = 0
    abandoned: int = 0
    unmatched: int = 0
    invalid: int = 0
    waiting: int = 0
    seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    stopped: str = ""

    @property
    def complete(self) -> bool:
        """Whether everything was delivered, and there was something."""
        return bool(self.delivered) and not (
            self.failed or self.abandoned or self.unmatched or self.invalid or self.stopped
        )
