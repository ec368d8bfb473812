"""Dead letters from files: what `aws sqs receive-message` prints, arrays of messages, JSONL.

(retries-and-dlq, section 3)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from inspector.config.report import Place, shown
from inspector.errors import InspectorError
from inspector.eventbridge.deadletter import DeadLetter
from inspector.eventbridge.payload import PayloadMode
from inspector.eventbridge.resources import Origin
from inspector.jsontext import JsonError, JsonObject, JsonValue, loads_many

LARGEST_FILE: Final = 200_000_000
"""Bytes: a queue's worth of messages of at most 1 MB each."""

_LISTS: Final = ("Messages", "Records")
_FORMS: Final = 'a message with a "Body", an array of messages, {"Messages": [..]} or one message a line'


class DeadLetterError(InspectorError):
    """A dead letter that cannot be read or sent again."""


@dataclass(frozen=True, slots=True)
class HeldLetter:
    """A dead letter and where it is held.

    origin: the file and the place in it, or the history. message_id: SQS's, empty where there is none.
    sent_at: when it came into the queue. From the history come delivery_id, the route's name, the event
    as it was before the transformation and the input option that made the body; elsewhere they are empty.
    """

    letter: DeadLetter
    origin: Origin
    message_id: str = ""
    sent_at: datetime | None = None
    delivery_id: str = ""
    route: str = ""
    event: JsonObject | None = None
    mode: PayloadMode | None = None

    @property
    def identity(self) -> str:
        """The id to name it by: the delivery's or the message's; empty for a message without one."""
        return self.delivery_id or self.message_id

    def attribute(self, name: str) -> str:
        """Return one of EventBridge's attributes, empty where it is not there."""
        return self.letter.attributes.get(name, "")


def load_letters(path: Path) -> tuple[HeldLetter, ...]:
    """Return the dead letters that a file holds, in its order.

    Raises:
        DeadLetterError: the file cannot be read, or something in it is no message.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise DeadLetterError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from None
    return decoded_letters(data, str(path))


def decoded_letters(data: bytes, label: str) -> tuple[HeldLetter, ...]:
    """Return the dead letters in the bytes of a file. label: its name for messages.

    Raises:
        DeadLetterError: something in it is no message.
    """
    if len(data) > LARGEST_FILE:
        raise DeadLetterError(f"{label} has more than {LARGEST_FILE // 1_000_000} MB", hint="Split it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DeadLetterError(f"{label} is not UTF-8 text (byte {error.start})") from None
    return read_letters(text, label)


def read_letters(text: str, label: str) -> tuple[HeldLetter, ...]:
    """Return the dead letters in a text; none in an empty one, which is what an empty queue gives.

    Raises:
        DeadLetterError: something in it is no message; the sentence names file and place.
    """
    try:
        values = loads_many(text)
    except JsonError as error:
        raise DeadLetterError(f"{label}: {error}", hint=f"Dead letters are {_FORMS}.") from None
    return tuple(
        _letter(message, place)
        for value, place in zip(values, _places(text, label, len(values)), strict=True)
        for message, place in _messages(value, place)
    )


def _places(text: str, label: str, number: int) -> list[Place]:
    """Name the line of each value where there is one a line, else its number."""
    if number == 1:
        return [Place(label)]
    lines = [line for line, content in enumerate(text.split("\n"), start=1) if content.strip()]
    if len(lines) == number:
        return [Place(label, f"line {line}: $") for line in lines]
    return [Place(label, f"value {index}: $") for index in range(1, number + 1)]


def _messages(value: JsonValue, place: Place) -> Iterator[tuple[JsonObject, Place]]:
    match value:
        case list():
            for index, item in enumerate(value):
                yield from _messages(item, place.item(index))
        case dict() if "Body" in value or "body" in value:
            yield value, place
        case dict() if not value:
            return
        case dict():
            name = next((name for name in _LISTS if name in value), None)
            if name is None:
                raise _bad(place, value, _FORMS)
            items, place = value[name], place.member(name)
            if not isinstance(items, list):
                raise _bad(place, items, "an array of messages")
            yield from _messages(items, place)
        case _:
            raise _bad(place, value, _FORMS)


def _letter(message: JsonObject, place: Place) -> HeldLetter:
    # What a Lambda function gets of a queue spells the same members with a small letter.
    small = "Body" not in message

    def name(member: str) -> str:
        return member[0].lower() + member[1:] if small else member

    body = message[name("Body")]
    if not isinstance(body, str):
        raise _bad(place.member(name("Body")), body, "a string: SQS keeps the body as text")
    return HeldLetter(
        DeadLetter(
            body,
            _attributes(message.get(name("MessageAttributes")), place.member(name("MessageAttributes"))),
            _optional(message, "eventSourceARN", place),
        ),
        place.origin,
        message_id=_optional(message, name("MessageId"), place),
        sent_at=_sent_at(message.get(name("Attributes")), place.member(name("Attributes"))),
    )


def _attributes(value: JsonValue, place: Place) -> Mapping[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _bad(place, value, "an object of message attributes")
    found: dict[str, str] = {}
    for name, attribute in value.items():
        if not isinstance(attribute, dict):
            raise _bad(place.member(name), attribute, 'an object with "StringValue" and "DataType"')
        member = "StringValue" if "StringValue" in attribute else "stringValue"
        text = attribute.get(member)
        if isinstance(text, str):
            found[name] = text
        elif text is not None:
            raise _bad(place.member(name).member(member), text, "a string")
    return found


def _sent_at(value: JsonValue, place: Place) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise _bad(place, value, "an object of system attributes")
    stamp = value.get("SentTimestamp")
    if stamp is None:
        return None
    try:
        if not isinstance(stamp, str | int):
            raise TypeError
        return datetime.fromtimestamp(int(stamp) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise _bad(place.member("SentTimestamp"), stamp, "milliseconds since 1970") from None


def _optional(message: JsonObject, name: str, place: Place) -> str:
    value = message.get(name)
    if value is not None and not isinstance(value, str):
        raise _bad(place.member(name), value, "a string")
    return value or ""


def _bad(place: Place, found: JsonValue, expected: str) -> DeadLetterError:
    return DeadLetterError(f"{place.origin}: found {shown(found)}, expected {expected}")
