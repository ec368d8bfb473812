"""The parts of a route's definition that can be edited, each as the text of an editor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from inspector.config.editing import EditValue, Member
from inspector.errors import InspectorError
from inspector.eventbridge.resources import RetryPolicy
from inspector.jsontext import JsonError, JsonObject, JsonValue, dumps, kind, loads

Values = Mapping[Member, EditValue]
_HTTP: Final[dict[str, Member]] = {
    "PathParameterValues": "HttpParameters.PathParameterValues",
    "HeaderParameters": "HttpParameters.HeaderParameters",
    "QueryStringParameters": "HttpParameters.QueryStringParameters",
}
_RETRY: Final = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds")


class FieldError(InspectorError):
    """A text that is no value of its field. `offset` is the place in it, in characters from 0."""

    def __init__(self, message: str, *, offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Field:
    """One editor: its name, what stands above it, and the members that its text holds.

    json: whether the text is JSON, to be coloured so; a template is not.
    """

    name: str
    label: str
    members: tuple[Member, ...]
    json: bool
    write: Callable[[Values], str]
    read: Callable[[str], Values]


@dataclass(frozen=True, slots=True)
class Page:
    """The fields that are edited together, and the view that shows what they do."""

    name: str
    label: str
    view: str
    fields: tuple[Field, ...]


def _plain(member: Member) -> tuple[Callable[[Values], str], Callable[[str], Values]]:
    """Return how a member that is text itself is written and read; a blank text is no member at all."""

    def write(values: Values) -> str:
        return str(values[member] or "")

    def read(text: str) -> Values:
        return {member: text if text.strip() else None}

    return write, read


def _write_pattern(values: Values) -> str:
    """Lay a compact pattern out; one that has a form of its own keeps it."""
    text = str(values["EventPattern"] or "")
    try:
        value = loads(text)
    except JsonError:
        return text
    return dumps(value, indent=2) if dumps(value) == text else text


def _write_paths(values: Values) -> str:
    paths = values["InputTransformer.InputPathsMap"]
    return dumps(paths, indent=2) if isinstance(paths, Mapping) else ""


def _read_paths(text: str) -> Values:
    return {"InputTransformer.InputPathsMap": _texts(_object(text), "InputPathsMap")}


def _write_http(values: Values) -> str:
    document = {name: values[member] for name, member in _HTTP.items()}
    return dumps({name: value for name, value in document.items() if value}, indent=2)


def _read_http(text: str) -> Values:
    document = _object(text)
    _only(document, tuple(_HTTP))
    listed = document.get("PathParameterValues", [])
    if not isinstance(listed, list):
        raise FieldError(f"PathParameterValues is an array, this is {kind(listed)}")
    for item in listed:
        if not isinstance(item, str):
            raise FieldError(f"PathParameterValues holds strings, this is {kind(item)}")
    values: dict[Member, EditValue] = {_HTTP["PathParameterValues"]: tuple(map(str, listed)) or None}
    for name in ("HeaderParameters", "QueryStringParameters"):
        values[_HTTP[name]] = _texts(document.get(name, {}), name)
    return values


def _write_retry(values: Values) -> str:
    policy = values["RetryPolicy"]
    if not isinstance(policy, RetryPolicy):
        return ""
    numbers = (policy.maximum_retry_attempts, policy.maximum_event_age_in_seconds)
    return dumps(dict(zip(_RETRY, numbers, strict=True)), indent=2)


def _read_retry(text: str) -> Values:
    document = _object(text)
    _only(document, _RETRY)
    default = RetryPolicy()
    numbers = []
    for name, usual in zip(
        _RETRY, (default.maximum_retry_attempts, default.maximum_event_age_in_seconds), strict=True
    ):
        value = document.get(name, usual)
        if not isinstance(value, int) or isinstance(value, bool):
            raise FieldError(f"{name} is a whole number, this is {kind(value)}")
        numbers.append(value)
    return {"RetryPolicy": RetryPolicy(*numbers) if document else None}


def _object(text: str) -> JsonObject:
    """Return the object of a JSON text, an empty one for a blank text."""
    if not text.strip():
        return {}
    try:
        value = loads(text)
    except JsonError as error:
        raise FieldError(
            f"{error.reason} (line {error.line}, column {error.column})", offset=error.offset
        ) from None
    if not isinstance(value, dict):
        raise FieldError(f"a JSON object is wanted, this is {kind(value)}")
    return value


def _only(document: JsonObject, names: tuple[str, ...]) -> None:
    for name in document:
        if name not in names:
            raise FieldError(f"there is no {name} here; there are {', '.join(names)}")


def _texts(value: JsonValue, name: str) -> Mapping[str, str] | None:
    if not isinstance(value, dict):
        raise FieldError(f"{name} is an object, this is {kind(value)}")
    for key, member in value.items():
        if not isinstance(member, str):
            raise FieldError(f"{name} holds strings; {key} is {kind(member)}")
    return {key: str(member) for key, member in value.items()} or None


PATTERN: Final = Field(
    "pattern", "EventPattern", ("EventPattern",), True, _write_pattern, _plain("EventPattern")[1]
)
TEMPLATE: Final = Field(
    "template",
    "InputTemplate",
    ("InputTransformer.InputTemplate",),
    False,
    *_plain("InputTransformer.InputTemplate"),
)
PATHS: Final = Field(
    "paths", "InputPathsMap", ("InputTransformer.InputPathsMap",), True, _write_paths, _read_paths
)
INPUT: Final = Field("input", "Input", ("Input",), True, *_plain("Input"))
INPUT_PATH: Final = Field("input-path", "InputPath", ("InputPath",), False, *_plain("InputPath"))
HTTP: Final = Field("http", "HttpParameters", tuple(_HTTP.values()), True, _write_http, _read_http)
RETRY: Final = Field("retry", "RetryPolicy", ("RetryPolicy",), True, _write_retry, _read_retry)

PAGES: Final = (
    Page("pattern", "Pattern", "match", (PATTERN,)),
    Page("template", "Template", "payload", (TEMPLATE, PATHS)),
    Page("input", "Input", "payload", (INPUT, INPUT_PATH)),
    Page("http", "Parameters", "request", (HTTP,)),
    Page("retry", "Retry", "diff", (RETRY,)),
)
"""All pages, in the order in which they are shown."""
FIELDS: Final = tuple(field for page in PAGES for field in page.fields)
