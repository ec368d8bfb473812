"""The options of commands that send many events at once, and what they mean for one run."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar

import click

from inspector.delivery.pacing import DEFAULT_CONCURRENCY

F = TypeVar("F", bound=Callable[..., Any])

FEW: Final = 20
"""So many events are told one by one; more are told as a run."""


@dataclass(frozen=True, slots=True)
class Bulk:
    """What a user asked of a run over many events."""

    rate: float | None = None
    concurrency: int | None = None
    stop_after: int | None = None
    resume: str | None = None
    dry_run: bool = False
    idempotency_key: str | None = None
    keep_alive: bool = False

    @property
    def asked(self) -> bool:
        """Whether something was asked that only a run over many events does."""
        return self != Bulk(rate=self.rate)

    @property
    def slots(self) -> int:
        """Requests under way at a time for each destination."""
        return self.concurrency or DEFAULT_CONCURRENCY


_OPTIONS: Final = (
    click.option(
        "--rate",
        type=click.FloatRange(min=0),
        metavar="N",
        help="Requests a second, in place of the destination's InvocationRateLimitPerSecond; 0: no limit.",
    ),
    click.option(
        "--concurrency",
        type=click.IntRange(1, 1000),
        metavar="N",
        help=f"Requests under way at a time for each destination. {DEFAULT_CONCURRENCY} when not given.",
    ),
    click.option(
        "--stop-after",
        type=click.IntRange(min=1),
        metavar="N",
        help="Stop when N deliveries have failed for good.",
    ),
    click.option(
        "--resume",
        metavar="RUN",
        help="Take up a run that was stopped, by its id or last: only what was not sent is sent.",
    ),
    click.option("--dry-run", is_flag=True, help="Say what would be sent; send nothing."),
    click.option(
        "--idempotency-key",
        metavar="HEADER",
        help="Add a header with the event's id. A deviation: EventBridge adds none.",
    ),
    click.option(
        "--keep-alive",
        is_flag=True,
        help="Use connections again, for load tests. A deviation: EventBridge closes each.",
    ),
)


def bulk_options(command: F) -> F:
    """Give a command the options of a run over many events, as its argument `bulk`."""

    @wraps(command)
    def with_bulk(**given: Any) -> object:
        names = Bulk.__dataclass_fields__
        return command(bulk=Bulk(**{name: given.pop(name) for name in names}), **given)

    wrapped: Any = with_bulk
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]
