"""The events that a command was given: a file, stdin, or a sample of the workspace."""

import sys
from dataclasses import dataclass
from pathlib import Path

from inspector.cli.names import unknown
from inspector.errors import InspectorError
from inspector.eventbridge.event import Event, EventError, read_events
from inspector.jsontext import JsonError, JsonValue, loads_many
from inspector.workbench import Workbench


@dataclass(frozen=True, slots=True)
class GivenEvent:
    """An event and where it came from, as the user named it (`orders.jsonl, event 3`)."""

    event: Event
    label: str


def read_given(bench: Workbench, given: str | None) -> tuple[GivenEvent, ...]:
    """Return every event that `-e` names, at least one.

    Raises:
        InspectorError: nothing was given, the file cannot be read, or it holds what is no event.
    """
    if given is None:
        raise InspectorError("no event was given", hint=_hint(bench))
    if given == "-":
        return _events(bench, _decoded(sys.stdin.buffer.read(), "stdin"), "stdin")
    path = Path(given)
    sample = next((s for s in bench.workspace.samples if s.name == given), None)
    if sample and not path.is_file():
        return (GivenEvent(bench.sample_event(sample), sample.name),)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InspectorError(f"no file and no sample is called {given!r}", hint=_hint(bench, given)) from None
    except OSError as error:
        raise InspectorError(f"{given} cannot be read: {error.strerror or error}") from None
    return _events(bench, _decoded(data, given), given)


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


def _decoded(data: bytes, label: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InspectorError(f"{label} is not UTF-8 text (byte {error.start})") from None


def _events(bench: Workbench, text: str, label: str) -> tuple[GivenEvent, ...]:
    try:
        documents: list[JsonValue] = [d for value in loads_many(text) for d in read_events(value)]
    except JsonError as error:
        raise InspectorError(f"{label}: {error}", hint=error.hint) from None
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
