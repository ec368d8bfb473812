"""What `replay` was asked to do with many deliveries, as it is kept with the run and taken up again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from inspector.cli.bulk import Bulk
from inspector.cli.choose import named_connection, named_target
from inspector.cli.many import Source
from inspector.cli.sending import settings_of
from inspector.errors import InspectorError
from inspector.eventbridge.resources import Route
from inspector.history.batches import Batch
from inspector.history.codec import decode
from inspector.history.records import StoredDelivery
from inspector.workbench import Workbench
from inspector.workbench.many_values import Item, Ready, Skipped
from inspector.workbench.replay import route_of
from inspector.workbench.requests import adjusted
from inspector.workbench.run import Run

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Replaying:
    """One call of `replay`: which deliveries, through which definitions, what differs from EventBridge.

    upto: the newest delivery of the history when the run began, which bounds what `query` finds: what the
    run itself records is not replayed.
    """

    config: tuple[str, ...]
    ids: tuple[str, ...] = ()
    query: str | None = None
    target: str | None = None
    connection: str | None = None
    rerender: bool = False
    endpoint: str | None = None
    idempotency_key: str | None = None
    keep_alive: bool = False
    upto: int = 0

    @property
    def anew(self) -> bool:
        """Whether the recorded event goes through the present definitions, and not the recorded request."""
        return self.rerender or self.target is not None or self.connection is not None

    def taken_up(self, batch: Batch) -> "Replaying":
        """Return what a run that was stopped was asked to do.

        Raises:
            InspectorError: something else was asked for now.
        """
        before = decode(Replaying, batch.settings)
        asked = Replaying(self.config, endpoint=self.endpoint)
        if self != asked:
            raise InspectorError(
                "--resume goes on with the deliveries, the choice and the deviations of the run before",
                hint="leave everything but --resume, -c, --endpoint and the bounds out",
            )
        given = {str(Path().absolute())} != set(self.config)
        return replace(
            before,
            config=self.config if given else before.config,
            endpoint=self.endpoint or before.endpoint,
        )

    def bulk_of(self, bulk: Bulk) -> Bulk:
        """Return the options of the run: its deviations with the bounds that are given now."""
        return replace(bulk, idempotency_key=self.idempotency_key, keep_alive=self.keep_alive)

    def source(self, bench: Workbench) -> Source:
        """Return what the run goes over, the oldest delivery first.

        Raises:
            InspectorError: an id is none, or the query cannot be understood.
        """
        newest = bench.history.page(limit=1)
        fixed = replace(self, upto=self.upto or (newest[0].key if newest else 0))
        total = len(fixed.ids) if fixed.query is None else bench.history.count(fixed.query)
        if not total:
            raise InspectorError(f"the history has no delivery for {fixed.query!r}")
        read = 0

        def counted() -> Iterator[Item]:
            nonlocal read
            for item in _items(bench, fixed):
                read += 1
                yield item

        name = " ".join(fixed.ids) if fixed.query is None else fixed.query
        return Source(
            "replay", name, str(fixed.upto), settings_of(fixed), counted(), lambda: min(1.0, read / total)
        )

    def route(self, bench: Workbench, stored: StoredDelivery) -> Route | None:
        """Return the present route of a recorded delivery; None where its recorded request goes out again.

        Raises:
            InspectorError: what it needs is not defined.
        """
        if not self.anew:
            return None
        if self.target is not None:
            route = named_target(bench.routes(), bench.workspace, self.target)
        else:
            route = route_of(stored, bench.workspace)
        if self.connection is None:
            return route
        return route.through(named_connection(bench.workspace, self.connection))


def _items(bench: Workbench, asked: Replaying) -> Iterator[Item]:
    for key, delivery_id in _found(bench, asked):
        try:
            stored = bench.history.get(delivery_id)
        except InspectorError as error:
            yield Skipped(key, delivery_id, "invalid", str(error))
            continue
        label = f"{stored.summary.event_id} ({delivery_id[:8]})"
        size = 2 * len(stored.payload.body)
        yield Ready(key, "", label, size, partial(_replayed, bench, asked, stored))


def _found(bench: Workbench, asked: Replaying) -> Iterator[tuple[int, str]]:
    history = bench.history
    if asked.query is None:
        summaries = {s.key: s.delivery_id for s in (history.get(one).summary for one in asked.ids)}
        yield from sorted(summaries.items())
        return
    after = 0
    while page := history.oldest_first(asked.query, after=after, upto=asked.upto, limit=_PAGE):
        yield from page
        after = page[-1][0]


def _replayed(bench: Workbench, asked: Replaying, stored: StoredDelivery) -> Run:
    deviation = adjusted(
        keep_alive=asked.keep_alive, idempotency_header=asked.idempotency_key, key=stored.summary.event_id
    )
    return bench.replay(stored, route=asked.route(bench, stored), rerender=asked.rerender, adjust=deviation)
