"""A run over many events: what goes into it, how far it is, what became of it."""

import asyncio
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import click

from inspector.cli.bulk import Bulk
from inspector.cli.console import Console
from inspector.cli.documents import Document
from inspector.cli.durations import seconds_text
from inspector.cli.exits import NO, YES
from inspector.cli.session import Interruption
from inspector.errors import InspectorError
from inspector.history.batches import Batch, BatchKind
from inspector.jsontext import JsonObject
from inspector.workbench import Workbench
from inspector.workbench.many import Many
from inspector.workbench.many_values import Item, ManySettings, Ready, Skipped, Tally
from inspector.workbench.resume import Resumed
from inspector.workbench.run import Run

_ON_A_TERMINAL: Final = 0.25
_ELSEWHERE: Final = 10.0
_WINDOW: Final = 5.0


@dataclass(frozen=True, slots=True)
class Source:
    """What a run goes over.

    items: in the order of their positions. fraction: how much of it has been read, None where nobody knows.
    """

    kind: BatchKind
    name: str
    fingerprint: str
    settings: JsonObject
    items: Iterable[Item]
    fraction: Callable[[], float | None]


async def go(
    bench: Workbench,
    source: Source,
    bulk: Bulk,
    console: Console,
    interruption: Interruption,
    *,
    resumed: Resumed | None = None,
    skip_waits: bool = False,
) -> int:
    """Drive a run to its end, tell it, and return the exit code.

    Raises:
        InspectorError: the source cannot be read any further, or the history cannot be written.
    """
    batch_id = resumed.batch.batch_id if resumed else str(uuid.uuid4()) if bench.db else ""
    many = bench.many(
        ManySettings(bulk.rate, bulk.slots, bulk.stop_after, bulk.keep_alive, batch_id, skip_waits)
    )
    if batch_id:
        batch = Batch(batch_id, source.kind, source.name, source.fingerprint, source.settings, bench.now())
        await bench.in_history(lambda history: history.begin_batch(batch))
    teller = asyncio.ensure_future(_tell(many, source, console))
    failure: InspectorError | None = None
    try:
        with interruption.ends(lambda: many.stop("interrupted")):
            await many.run(resumed.left_of(source.items) if resumed else source.items)
    except InspectorError as error:
        failure = error
    finally:
        teller.cancel()
        await asyncio.gather(teller, return_exceptions=True)
    if batch_id and not (many.tally.stopped or failure):
        await bench.in_history(lambda history: history.end_batch(batch_id))
    _close(console, many.tally, batch_id, resumed, interrupted=bool(interruption.code))
    if failure is not None:
        raise failure
    return YES if _complete(many.tally, resumed) else NO


def _complete(tally: Tally, resumed: Resumed | None) -> bool:
    if resumed is None:
        return tally.complete
    nothing_left = not (tally.begun or tally.unmatched or tally.invalid or tally.stopped)
    return not resumed.unknown and (tally.complete or (nothing_left and bool(resumed.sent)))


def dry_run(source: Source, bulk: Bulk, console: Console) -> int:
    """Say what a run would send, each request made and none sent; return the exit code."""
    counts: Counter[str] = Counter()
    first: dict[str, Run] = {}
    skipped: list[Skipped] = []
    left_out = 0
    for item in source.items:
        try:
            if isinstance(item, Ready):
                run = item.run()
                counts[run.route.name] += 1
                first.setdefault(run.route.name, run)
                continue
        except InspectorError as error:
            item = Skipped(item.position, item.label, "refused", str(error))
        left_out += 1
        if isinstance(item, Skipped) and len(skipped) < 20:
            skipped.append(item)
    routes: list[Document] = []
    for name, number in counts.items():
        limit = _rate_of(first[name], bulk)
        at_least = number / limit if limit else None
        routes.append({"route": name, "deliveries": number, "rate": limit, "at_least_seconds": at_least})
        pace = f"at most {limit:g}/s, at least {seconds_text(number / limit)}" if limit else "no rate limit"
        console.say(f"{console.out(name, 'strong')}  {number:,} deliveries, {pace}")
        request = first[name].new.request
        for note in request.notes if request else ():
            if "deviation" in note.text:
                console.say(f"  {console.out(note.text, 'warn')}")
    for one in skipped:
        console.say(f"{console.out('not sent:', 'bad')} {console.out(f'{one.label}: {one.why}')}")
    console.say(f"{sum(counts.values()):,} deliveries, {left_out:,} events not sent; nothing was sent")
    console.document(
        {
            "outcome": "dry-run",
            "routes": routes,
            "deliveries": sum(counts.values()),
            "not_sent": left_out,
            "problems": [{"event": one.label, "reason": one.reason, "why": one.why} for one in skipped],
        }
    )
    return NO if left_out or not counts else YES


def _rate_of(run: Run, bulk: Bulk) -> float | None:
    limit = run.route.destination.invocation_rate_limit_per_second if bulk.rate is None else bulk.rate
    return float(limit) or None


# Progress


async def _tell(many: Many, source: Source, console: Console) -> None:
    terminal = console.err.width is not None
    began = time.monotonic()
    seen: deque[tuple[float, int]] = deque([(began, 0)])
    try:
        while True:
            await asyncio.sleep(_ON_A_TERMINAL if terminal else _ELSEWHERE)
            now = time.monotonic()
            seen.append((now, many.tally.attempts))
            while len(seen) > 2 and now - seen[0][0] > _WINDOW:
                seen.popleft()
            rate = (seen[-1][1] - seen[0][1]) / (seen[-1][0] - seen[0][0])
            line = progress_line(many.tally, rate, source.fraction(), now - began)
            if terminal:
                click.echo(f"\r\x1b[2K{console.err(line, 'dim')}", nl=False, err=True)
            else:
                console.progress(console.err(line))
    finally:
        if terminal:
            click.echo("\r\x1b[2K", nl=False, err=True)


def progress_line(tally: Tally, rate: float, fraction: float | None, seconds: float) -> str:
    """Return how far a run is. rate: requests a second of late. fraction: of the source that is read."""
    parts = [f"{tally.delivered:,} delivered"]
    if tally.failed:
        parts.append(f"{tally.failed:,} failed")
    if tally.waiting:
        parts.append(f"{tally.waiting:,} waiting for a retry")
    if left_out := tally.unmatched + tally.invalid:
        parts.append(f"{left_out:,} not sent")
    parts.append(f"{rate:,.0f}/s")
    if tally.stopped:
        parts.append(f"stopping: {tally.stopped}")
    elif fraction:
        parts.append(f"{fraction:.0%} read")
        if fraction < 1:
            parts.append(f"about {seconds_text(seconds * (1 - fraction) / fraction)} left")
    return " · ".join(parts)


# The end


def _close(
    console: Console, tally: Tally, batch_id: str, resumed: Resumed | None, *, interrupted: bool
) -> None:
    rate = tally.attempts / tally.seconds if tally.seconds else 0.0
    for failure in tally.failures:
        where = "  ".join(filter(None, (failure.route, failure.error_code, failure.delivery_id)))
        told = f"{failure.label}: {failure.why}"
        console.say(f"{console.out('✗', 'bad')} {console.out(told)}  {console.out(where, 'dim')}".rstrip())
    unseen = tally.failed + tally.unmatched + tally.invalid - len(tally.failures)
    if unseen > 0:
        console.say(console.out(f"… and {unseen:,} more", "dim"))
    counts = {
        "delivered": tally.delivered,
        "failed": tally.failed,
        "abandoned": tally.abandoned,
        "matching no rule": tally.unmatched,
        "no event": tally.invalid,
        "sent before": resumed.sent if resumed else 0,
    }
    told = ", ".join(f"{number:,} {name}" for name, number in counts.items() if number or name == "delivered")
    console.say(f"{console.out(told, 'strong')} in {seconds_text(tally.seconds)}, {rate:,.0f} requests/s")
    unknown = resumed.unknown if resumed else 0
    if unknown:
        console.warning(
            f"{unknown:,} of the run before were under way when it died: whether they arrived is not known, "
            "and they are not repeated (inspector history state:interrupted)"
        )
    if tally.stopped:
        console.progress(console.err(f"stopped: {tally.stopped}", "warn"))
        if batch_id:
            console.progress(console.err(f"  --resume {batch_id[:8]} sends what was not sent", "accent"))
    console.document(
        {
            "outcome": "interrupted"
            if interrupted
            else "stopped"
            if tally.stopped
            else "delivered"
            if _complete(tally, resumed)
            else "not-delivered",
            "run": batch_id,
            "stopped": tally.stopped,
            "delivered": tally.delivered,
            "failed": tally.failed,
            "abandoned": tally.abandoned,
            "unmatched": tally.unmatched,
            "invalid": tally.invalid,
            "sent_before": resumed.sent if resumed else 0,
            "unknown": unknown,
            "attempts": tally.attempts,
            "seconds": tally.seconds,
            "requests_per_second": rate,
            "outcomes": dict(tally.outcomes),
            "failures": [
                {
                    "event": failure.label,
                    "route": failure.route,
                    "why": failure.why,
                    "error_code": failure.error_code,
                    "delivery_id": failure.delivery_id,
                }
                for failure in tally.failures
            ],
        }
    )
