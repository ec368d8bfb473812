"""The event: the envelope that rules see, and how the inspector completes one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from inspector.errors import InspectorError
from inspector.jsontext import JsonError, JsonObject, JsonValue, dumps, kind, loads

ENVELOPE: Final = (
    "version",
    "id",
    "detail-type",
    "source",
    "account",
    "time",
    "region",
    "replay-name",
    "resources",
    "detail",
)
"""The members of an event in the order in which EventBridge writes them (transform, section 1)."""

ENTRY_MEMBERS: Final = frozenset(
    {"Source", "DetailType", "Detail", "Time", "Resources", "EventBusName", "TraceHeader"}
)
"""The members of an entry of PutEvents."""


class EventError(InspectorError):
    """A value that cannot be an event."""


@dataclass(frozen=True, slots=True)
class EventDefaults:
    """What fills the members that an event leaves out. The caller brings clock and randomness."""

    event_id: str
    time: datetime
    account: str = "123456789012"
    region: str = "us-east-1"
    source: str = "inspector.compose"
    detail_type: str = "Inspector Event"


@dataclass(frozen=True, slots=True)
class Event:
    """An event as a rule sees it.

    `document` is the envelope, its members in EventBridge's order and any others behind them.
    `filled` names the members that the inspector supplied. `bus` is the event bus that it was put on.
    `ingestion_time` is when EventBridge took it in (UTC); it starts the age of its deliveries.
    """

    document: JsonObject
    ingestion_time: datetime
    filled: frozenset[str] = field(default_factory=frozenset)
    bus: str = "default"

    @property
    def event_id(self) -> str:
        """The envelope's `id`."""
        return str(self.document["id"])

    @property
    def detail_type(self) -> str:
        """The envelope's `detail-type`."""
        return str(self.document["detail-type"])

    @property
    def source(self) -> str:
        """The envelope's `source`."""
        return str(self.document["source"])

    def json(self, *, indent: int | None = None) -> str:
        """Return the event as JSON text, compact unless indented."""
        return dumps(self.document, indent=indent)


def event_time(moment: datetime) -> str:
    """Return a moment as the `time` of an event: UTC, whole seconds (resources, PutEvents)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_put_events_entry(document: Mapping[str, JsonValue]) -> bool:
    """Tell whether an object is a PutEvents entry and not an envelope, by the spelling of its members."""
    return bool(ENTRY_MEMBERS & document.keys()) and not {"source", "detail", "detail-type"} & document.keys()


def read_event(value: JsonValue, defaults: EventDefaults) -> Event:
    """Return the event that `value` stands for: an envelope or a PutEvents entry.

    Missing members of the envelope are filled from `defaults` and named in `Event.filled`.

    Raises:
        EventError: `value` is no object, or a member has a type that no event can have.
    """
    if not isinstance(value, Mapping):
        raise EventError(f"an event is a JSON object; this is {_article(kind(value))}")
    if is_put_events_entry(value):
        return _from_entry(value, defaults)
    return _from_envelope(value, defaults)


def read_events(value: JsonValue) -> Sequence[JsonValue]:
    """Return the single event documents in a parsed file.

    A file holds one event, an array of them, or the request of PutEvents (`{"Entries": [..]}`).
    """
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and isinstance(entries := value.get("Entries"), list):
        return entries
    return [value]


def _article(word: str) -> str:
    return word if word == "null" else ("an " if word[0] in "aeio" else "a ") + word


def _from_envelope(value: Mapping[str, JsonValue], defaults: EventDefaults, bus: str = "default") -> Event:
    for name in ("version", "id", "detail-type", "source", "account", "time", "region"):
        if name in value and not isinstance(value[name], str):
            raise EventError(f"{name!r} of an event is a string; this is {_article(kind(value[name]))}")
    if "resources" in value and not isinstance(value["resources"], list):
        raise EventError(f"'resources' of an event is an array; this is {_article(kind(value['resources']))}")
    supplied: JsonObject = {
        "version": "0",
        "id": defaults.event_id,
        "detail-type": defaults.detail_type,
        "source": defaults.source,
        "account": defaults.account,
        "time": event_time(defaults.time),
        "region": defaults.region,
        "resources": [],
        "detail": {},
    }
    filled = frozenset(supplied.keys() - value.keys())
    complete = supplied | dict(value)
    document: JsonObject = {name: complete[name] for name in ENVELOPE if name in complete}
    return Event(document | dict(value), defaults.time, filled, bus)


def _from_entry(entry: Mapping[str, JsonValue], defaults: EventDefaults) -> Event:
    document: JsonObject = {}
    for theirs, ours in (("Source", "source"), ("DetailType", "detail-type"), ("Resources", "resources")):
        if theirs in entry:
            document[ours] = entry[theirs]
    if "Time" in entry:
        document["time"] = _entry_time(entry["Time"])
    if "Detail" in entry:
        document["detail"] = _entry_detail(entry["Detail"])
    bus = entry.get("EventBusName", "default")
    if not isinstance(bus, str):
        raise EventError(f"'EventBusName' is a string; this is {_article(kind(bus))}")
    return _from_envelope(document, defaults, bus.rpartition("event-bus/")[2])


def _entry_detail(detail: JsonValue) -> JsonValue:
    """PutEvents takes `Detail` as the text of a JSON object; an object itself is accepted too."""
    if isinstance(detail, str):
        try:
            detail = loads(detail)
        except JsonError as error:
            raise EventError(
                f"Detail is malformed: {error.reason}", hint="Detail is JSON in a string"
            ) from None
    if not isinstance(detail, dict):
        raise EventError(f"Detail is malformed: it must be a JSON object, this is {_article(kind(detail))}")
    return detail


def _entry_time(time: JsonValue) -> str:
    if isinstance(time, int | float) and not isinstance(time, bool):
        try:
            return event_time(datetime.fromtimestamp(float(time), UTC))
        except (OverflowError, ValueError, OSError):
            raise EventError(f"'Time' is out of range: {time}") from None
    if isinstance(time, str):
        try:
            moment = datetime.fromisoformat(re.sub(r"Z$", "+00:00", time))
        except ValueError:
            raise EventError(f"'Time' is no ISO 8601 time: {time!r}") from None
        return event_time(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    raise EventError(f"'Time' is a string or epoch seconds; this is {_article(kind(time))}")
