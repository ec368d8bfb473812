"""The HTTP parameters of a route: the target's, read from the event where they are JSON paths.

(transform, section 6; request-and-auth, section 4)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.jsonpath import MISSING, PathError, parse_path
from inspector.eventbridge.provenance import Part, Remarks, Source
from inspector.eventbridge.resources import HttpParameter, HttpParameters, Route
from inspector.eventbridge.transform import NO_MATCH, plain_text
from inspector.jsontext import JsonError, JsonObject
from inspector.secret import Secret

NOT_A_PATH: Final = Assumption(
    "dollar-is-no-path",
    "What EventBridge makes of an HTTP parameter that starts with `$.` but is no path that it accepts is "
    "not established; the inspector sends the text.",
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A parameter value as it is sent. `path` is empty for a literal; `missing`: the path selects nothing."""

    text: str
    path: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True)
class TargetParameters:
    """The parameters that a target adds, the simplified destination's own under them."""

    path: tuple[tuple[Part, bool], ...]
    headers: tuple[Part, ...]
    query: tuple[Part, ...]


def target_parameters(route: Route, document: JsonObject, remarks: Remarks) -> TargetParameters:
    """Return the target's parameters with their values read from the event.

    In `path` the flag says that the value's path selects nothing.
    """
    layers: list[tuple[Source, str, HttpParameters]] = [
        (
            "destination",
            f'destination "{route.destination.name}"',
            route.destination.http_parameters or HttpParameters(),
        ),
        ("target", f'target "{route.name}"', route.target.http_parameters),
    ]

    def part(name: str, value: str, source: Source, owner: str) -> tuple[Part, bool]:
        resolved = resolve(value, document, remarks)
        if resolved.path:
            return Part(name, resolved.text, "event", resolved.path), resolved.missing
        return Part(name, resolved.text, source, owner), False

    wildcards = next((layer for layer in reversed(layers) if layer[2].path_parameter_values), layers[-1])
    source, owner, parameters = wildcards
    return TargetParameters(
        tuple(
            part(f"*{number}", value, source, owner)
            for number, value in enumerate(parameters.path_parameter_values, 1)
        ),
        tuple(
            part(name, value, source, owner)[0]
            for source, owner, parameters in layers
            for name, value in parameters.header_parameters.items()
        ),
        tuple(
            part(name, value, source, owner)[0]
            for source, owner, parameters in layers
            for name, value in parameters.query_string_parameters.items()
        ),
    )


def resolve(value: str, document: JsonObject, remarks: Remarks) -> Resolved:
    """Return the value of a target's parameter: its own text, or what it selects where it is a JSON path.

    Only a value that is a path as a whole is one; `literal-$.detail.x` is text (transform, section 6).
    """
    if not value.startswith("$"):
        return Resolved(value)
    try:
        path = parse_path(value)
    except PathError as error:
        if value.startswith(("$.", "$[")):
            remarks.note(f"{value!r} is sent as it is: {error.reason}", warning=True)
            remarks.assume(NOT_A_PATH)
        return Resolved(value)
    selected = path.select(document)
    if selected is MISSING and path.has_wildcard:
        remarks.assume(NO_MATCH)
    try:
        return Resolved(plain_text(selected), value, selected is MISSING)
    except JsonError as error:
        remarks.note(f"the value at {value!r} cannot be written ({error.reason})", warning=True)
        return Resolved("", value)


def connection_parts(name: str, parameters: Iterable[HttpParameter]) -> list[Part]:
    """Return a connection's parameters as parts; what is secret, or marked so, stays a `Secret`."""
    return [
        Part(
            parameter.key,
            Secret(parameter.value)
            if parameter.is_value_secret and isinstance(parameter.value, str)
            else parameter.value,
            "connection",
            f'connection "{name}"',
        )
        for parameter in parameters
    ]


def merged(parts: Iterable[Part], *, key: Callable[[str], str] = str) -> list[Part]:
    """Return the parts with the last of equal names in the place of the first, telling what it replaced.

    key: makes names comparable (`str.lower` for headers).
    """
    found: dict[str, Part] = {}
    for part in parts:
        before = found.get(key(part.name))
        found[key(part.name)] = replace(part, replaced=before.described()) if before else part
    return list(found.values())
