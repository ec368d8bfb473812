"""What `send` was asked to do, as it is kept with a run over many events and taken up again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.cli.bulk import Bulk
from inspector.cli.choose import Choice, choose, named_connection, named_rule, named_target
from inspector.cli.many import Source
from inspector.errors import InspectorError
from inspector.eventbridge.event import Event, EventError
from inspector.eventbridge.resources import Route, SampleEvent
from inspector.history.batches import Batch, BatchKind
from inspector.history.codec import decode, encode
from inspector.jsontext import JsonObject
from inspector.workbench import Workbench
from inspector.workbench.many_values import Item, Ready, Skipped
from inspector.workbench.requests import Adjust, adjusted
from inspector.workbench.selection import Selection

if TYPE_CHECKING:
    from inspector.config.event_files import EventDocument, EventFile

_EXPLAINED = 20
"""Of so many events that no rule matches it is said why."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One call of `send`: whose definitions, which events, which way, what differs from EventBridge."""

    config: tuple[str, ...]
    event: str | None
    choice: Choice
    endpoint: str | None = None
    idempotency_key: str | None = None
    keep_alive: bool = False

    def taken_up(self, batch: Batch) -> "Sending":
        """Return what a run that was stopped was asked to do.

        Raises:
            InspectorError: something else was asked for now.
        """
        before = decode(Sending, batch.settings)
        if self.event is not None or self.choice != Choice() or self.idempotency_key or self.keep_alive:
            raise InspectorError(
                "--resume goes on with the events, the choice and the deviations of the run before",
                hint="leave -e, --rule, --target, --connection, --force, --idempotency-key, --keep-alive out",
            )
        given = {str(Path().absolute())} != set(self.config)
        return replace(
            before,
            config=self.config if given else before.config,
            endpoint=self.endpoint or before.endpoint,
        )

    def bulk_of(self, batch: Batch, bulk: Bulk) -> Bulk:
        """Return the options of a run that is taken up: its deviations with the bounds that are given now."""
        before = decode(Sending, batch.settings)
        return replace(bulk, idempotency_key=before.idempotency_key, keep_alive=before.keep_alive)

    def source(
        self,
        bench: Workbench,
        opened: "EventFile | SampleEvent",
        documents: "Iterator[EventDocument]",
    ) -> Source:
        """Return what the run goes over. documents: of the opened file, as far as they have been read.

        Raises:
            InspectorError: there is no event, no way to go, or a target's input option is refused.
        """
        from inspector.config.event_files import EventDocument

        settings = replace(self, event=self._absolute(opened))
        if isinstance(opened, SampleEvent):
            fingerprint, fraction = "", _unknown
            documents = iter((EventDocument(0, opened.document, 0),))
        else:
            fingerprint, fraction = opened.fingerprint(), lambda: opened.fraction
            first = next(documents, None)
            if first is None:
                raise InspectorError(f"{opened.name} holds no event")
            documents = chain((first,), documents)
        selection = self._selection(bench)
        items = _items(bench, documents, opened.name, selection, self.choice, self._adjust)
        return Source("send", settings.event or "", fingerprint, settings_of(settings), items, fraction)

    def _absolute(self, opened: "EventFile | SampleEvent") -> str | None:
        if isinstance(opened, SampleEvent) or self.event is None or self.event == "-":
            return self.event
        return str(Path(self.event).absolute())

    def _adjust(self, event: Event) -> Adjust | None:
        return adjusted(
            keep_alive=self.keep_alive, idempotency_header=self.idempotency_key, key=event.event_id
        )

    def _selection(self, bench: Workbench) -> Selection:
        routes, choice = bench.routes(), self.choice
        if choice.rule is not None:
            named_rule(bench.workspace, choice.rule)
            routes = tuple(route for route in routes if route.rule and route.rule.name == choice.rule)
        if choice.target is not None:
            routes = (named_target(routes, bench.workspace, choice.target),)
        elif choice.rule is None and not (len(routes) == 1 and routes[0].rule is None):
            routes = tuple(route for route in routes if route.rule)
        if not routes:
            raise InspectorError(
                "the definitions hold no rule that leads to a loaded API destination",
                hint="name a destination with --target; inspector check tells what was loaded",
            )
        if choice.connection is not None:
            through = named_connection(bench.workspace, choice.connection)
            routes = tuple(route.through(through) for route in routes)
        return Selection(routes, choice.force and (choice.target is not None or choice.rule is not None))


def batch_of(kept: Path | None, reference: str, kind: BatchKind) -> Batch:
    """Return the run that is to be taken up.

    Raises:
        InspectorError: there is none, it is another command's, or its events have changed.
    """
    from inspector.config.event_files import EventFile
    from inspector.history import History

    if kept is None:
        raise InspectorError("a run is taken up from the history", hint="leave --no-history out")
    if not kept.is_file():
        raise InspectorError(f"there is no history at {kept}", hint="--db names another file")
    history = History(kept)
    try:
        batch = history.batch(reference)
    finally:
        history.close()
    if batch.kind != kind:
        raise InspectorError(
            f"{reference!r} is a run of {batch.kind}", hint=f"inspector {batch.kind} --resume"
        )
    if kind == "send" and batch.source == "-":
        raise InspectorError(
            "the events of that run came from stdin, which cannot be read again",
            hint="put them into a file: then a run can be taken up",
        )
    if batch.fingerprint and kind == "send" and EventFile(batch.source).fingerprint() != batch.fingerprint:
        raise InspectorError(
            f"{batch.source} has changed since the run began: which of its events were sent is not known",
            hint="send the rest as a file of its own",
        )
    return batch


def _unknown() -> float | None:
    return None


def _items(
    bench: Workbench,
    documents: "Iterable[EventDocument]",
    name: str,
    selection: Selection,
    choice: Choice,
    adjust: Callable[[Event], Adjust | None],
) -> Iterator[Item]:
    unmatched = 0
    checked = False
    for found in documents:
        label = f"{name}, event {found.position + 1}"
        try:
            event = bench.complete_event(found.document)
        except EventError as error:
            yield Skipped(found.position, label, "invalid", str(error))
            continue
        routes = selection.of(event)
        if not routes:
            unmatched += 1
            why = choose(bench, event, choice).why if unmatched <= _EXPLAINED else "no rule matches the event"
            yield Skipped(found.position, label, "unmatched", why)
            continue
        if not checked:
            # Before the first request: would EventBridge take the targets' input options?
            for route in selection.routes:
                _refuse_inadmissible(bench, event, route)
            checked = True
        deviation = adjust(event)
        for route in routes:
            deliver = partial(bench.deliver, event, route, adjust=deviation)
            yield Ready(found.position, route.name, label, found.size, deliver)


def _refuse_inadmissible(bench: Workbench, event: Event, route: Route) -> None:
    if problem := bench.preview(event, route).problem:
        raise InspectorError(f"target {route.name}: {problem}", hint="nothing was sent")


def settings_of(value: object) -> JsonObject:
    """Return a value of frozen dataclasses as the settings of a batch."""
    encoded = encode(value)
    return encoded if isinstance(encoded, dict) else {}
