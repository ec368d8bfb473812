"""The events that a command was given: a file, stdin, or a sample of the workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.cli.names import unknown
from inspector.errors import InspectorError
from inspector.eventbridge.event import Event, EventError
from inspector.eventbridge.resources import SampleEvent
from inspector.jsontext import JsonValue
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.config.event_files import EventFile


@dataclass(frozen=True, slots=True)
class GivenEvent:
    """An event and where it came from, as the user named it (`orders.jsonl, event 3`)."""

    event: Event
    label: str


def open_given(bench: Workbench, given: str | None) -> "EventFile | SampleEvent":
    """Return what `-e` names: a file (which is not read yet), stdin, or a sample of the workspace.

    Raises:
        InspectorError: nothing was given, or there is nothing of that name.
    """
    from inspector.config.event_files import EventFile

    if given is None:
        raise InspectorError("no event was given", hint=_hint(bench))
    if given == "-":
        return EventFile(given)
    exists = Path(given).exists()
    sample = next((s for s in bench.workspace.samples if s.name == given), None)
    if sample and not Path(given).is_file():
        return sample
    if not exists:
        raise InspectorError(f"no file and no sample is called {given!r}", hint=_hint(bench, given))
    return EventFile(given)


def read_given(bench: Workbench, given: str | None) -> tuple[GivenEvent, ...]:
    """Return every event that `-e` names, at least one.

    Raises:
        InspectorError: nothing was given, the file cannot be read, or it holds what is no event.
    """
    opened = open_given(bench, given)
    if isinstance(opened, SampleEvent):
        return (GivenEvent(bench.sample_event(opened), opened.name),)
    return given_events(bench, [found.document for found in opened], opened.name)


def read_single(bench: Workbench, given: str | None) -> GivenEvent:
    """Return the one event that `-e` names.

    Raises:
        InspectorError: as `read_given`, or there are several.
    """
    events = read_given(bench, given)
    if len(events) > 1:
        raise InspectorError(
            f"{given} holds {len(events)} events; this command takes one",
            hint="put the one you mean into a file of its own, or pipe it in with -e -",
        )
    return events[0]


def given_events(bench: Workbench, documents: Sequence[JsonValue], label: str) -> tuple[GivenEvent, ...]:
    """Return documents as events, each with its label.

    Raises:
        InspectorError: there is none, or one of them is no event.
    """
    if not documents:
        raise InspectorError(f"{label} holds no event")
    given = []
    for number, document in enumerate(documents, start=1):
        name = label if len(documents) == 1 else f"{label}, event {number}"
        try:
            given.append(GivenEvent(bench.complete_event(document), name))
        except EventError as error:
            raise InspectorError(f"{name}: {error}", hint=error.hint) from None
    return tuple(given)


def _hint(bench: Workbench, given: str = "") -> str:
    samples = unknown(given, [sample.name for sample in bench.workspace.samples])
    if samples.startswith("did you mean"):
        return samples
    return f"-e FILE, -e - for stdin, or a sample's name ({samples or 'the definitions bring no samples'})"
