"""Sample events, each under a name to pick it by."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Final

from inspector.config.recognise import Definition
from inspector.config.report import Report
from inspector.eventbridge.event import Event, EventDefaults, EventError, read_event
from inspector.eventbridge.resources import SampleEvent

_ANY: Final = EventDefaults("00000000-0000-0000-0000-000000000000", datetime(2000, 1, 1, tzinfo=UTC))
"""Only to see whether a document can be an event; whoever uses it fills in what is missing."""


def build_samples(found: Sequence[Definition], report: Report) -> tuple[SampleEvent, ...]:
    """Return the events among the documents, under unique names; a faulty one has its fault in the report.

    A file's only event is called as the file is, without the ending; several carry their detail-type too,
    and those that are still alike a number.
    """
    readable: list[tuple[Definition, Event]] = []
    for definition in found:
        try:
            readable.append((definition, read_event(definition.value, _ANY)))
        except EventError as error:
            report.error(definition.place, str(error), error.hint, kind="file")
    in_file = Counter(definition.place.file for definition, _ in readable)
    names = [
        _stem(definition.place.file)
        + (f": {event.detail_type}" if in_file[definition.place.file] > 1 else "")
        for definition, event in readable
    ]
    taken = Counter(names)
    numbers: Counter[str] = Counter()
    samples: list[SampleEvent] = []
    for name, (definition, _) in zip(names, readable, strict=True):
        numbers[name] += 1
        unique = f"{name} ({numbers[name]})" if taken[name] > 1 else name
        samples.append(SampleEvent(unique, definition.value, definition.place.origin))
    return tuple(samples)


def _stem(file: str) -> str:
    return PurePath(file).stem
