"""Rules about payloads as a whole: paths, empty options, what the body is sent as (transform)."""

from collections.abc import Iterator
from typing import Final

from inspector.eventbridge.event import ENVELOPE
from inspector.eventbridge.headers import DEFAULT_CONTENT_TYPE
from inspector.eventbridge.jsonpath import PathError, parse_path
from inspector.eventbridge.lint.paths import kind_at
from inspector.eventbridge.lint.rule import Hit, LintRule
from inspector.eventbridge.lint.subject import Subject, below, path_values, quoted, target_parameters
from inspector.eventbridge.lint.templates import transformers
from inspector.eventbridge.resources import Origin, Route, Target
from inspector.eventbridge.template import JSON_SPACE, placeholders_of
from inspector.jsontext import JsonError, loads, loads_many


def _paths(subject: Subject) -> Iterator[tuple[str, str, Origin, str]]:
    """Yield what a path is for, the path, its place and its target, of every path that is accepted."""
    for read in subject.rules:
        for target in read.rule.targets:
            place = f"{read.place}/{target.target_id}"
            if target.input.input_path:
                yield "InputPath", target.input.input_path, below(target.origin, "InputPath"), place
    for transformer, _, origin, place in transformers(subject):
        for name, path in transformer.input_paths_map.items():
            yield f"<{name}>", path, below(origin, "InputPathsMap", name), place
    for member in ("HeaderParameters", "QueryStringParameters"):
        for parameter in target_parameters(subject, member):
            yield parameter.name, parameter.value, parameter.origin, parameter.place
    for parameter in path_values(subject):
        yield parameter.name, parameter.value, parameter.origin, parameter.place


def _selects_nothing(subject: Subject) -> Iterator[Hit]:
    own = {name for sample in subject.samples for name in sample.event.document}
    for what, text, origin, place in _paths(subject):
        try:
            missing = kind_at(text) == "missing"
        except PathError:
            continue
        steps = parse_path(text).steps
        if missing and (steps[0].name in ENVELOPE or steps[0].name not in own):
            yield Hit(
                origin,
                place,
                f"{quoted(what)} is {quoted(text)}, which is in no event",
                _meant(steps[0].name),
            )


def _meant(name: str) -> str:
    plain = name.lower().replace("_", "").replace("-", "")
    near = next((member for member in ENVELOPE if member.replace("-", "") == plain and member != name), "")
    return f"Write `$.{near}`." if near else ""


def _empty(subject: Subject) -> Iterator[Hit]:
    for read in subject.rules:
        for target in read.rule.targets:
            place = f"{read.place}/{target.target_id}"
            if target.input.input == "":
                yield Hit(below(target.origin, "Input"), place, "Input is empty: nothing is ever delivered")
            if target.input.input_path == "":
                yield Hit(below(target.origin, "InputPath"), place, "InputPath is empty: every body is {}")


def _content_type(route: Route) -> str:
    """Return the Content-Type that is sent; empty where the event or a secret decides."""
    headers = [*route.http_parameters.header_parameters.items()]
    headers += [(p.key, str(p.value)) for p in route.connection.invocation_http_parameters.header]
    found = [value for name, value in headers if name.lower() == "content-type"]
    value = found[-1] if found else DEFAULT_CONTENT_TYPE
    return "" if value.startswith("$") else value.partition(";")[0].strip().lower()


def _is_json_type(content_type: str) -> bool:
    return content_type in ("application/json", "text/json") or content_type.endswith("+json")


def _texts(route: Route) -> int | None:
    """Return how many quoted strings the template writes; None where it writes another value."""
    transformer = route.target.input.input_transformer
    if transformer is None:
        return None
    template = transformer.input_template
    for found in reversed(placeholders_of(template)):
        template = template[: found.start] + ("x" if found.in_quotes else "null") + template[found.end :]
    try:
        values = loads_many(template)
    except JsonError:
        return None
    return len(values) if all(isinstance(value, str) for value in values) else None


def _wrong_content_type(subject: Subject) -> Iterator[Hit]:
    for route in subject.routes:
        content_type = _content_type(route)
        if not content_type or _is_json_type(content_type):
            continue
        texts = _texts(route)
        if texts is None or not content_type.startswith("text/") or content_type.endswith("/xml"):
            what = "quoted strings" if texts else "JSON"
            message = f"the body is {what}, its Content-Type {quoted(content_type)}"
            yield Hit(route.target.origin, route.name, message)


def _lines_as_json(subject: Subject) -> Iterator[Hit]:
    for route in subject.routes:
        texts = _texts(route)
        if texts is not None and texts > 1 and _is_json_type(content_type := _content_type(route)):
            message = f"{texts} quoted strings are sent as {quoted(content_type)}, which holds one value"
            origin = below(route.target.origin, "InputTransformer", "InputTemplate")
            yield Hit(origin, route.name, message)


def _no_object(target: Target) -> str:
    """Return what the payload is where it certainly is no object, else an empty text."""
    option = target.input
    if option.input:
        try:
            return "" if isinstance(loads(option.input), dict) else "the constant Input"
        except JsonError:
            return ""
    if option.input_path:
        try:
            kind = kind_at(option.input_path)
        except PathError:
            return ""
        return {"string": "a string", "digits": "a string", "list": "a list"}.get(kind, "")
    transformer = option.input_transformer
    if transformer and not transformer.input_template.lstrip(JSON_SPACE).startswith(("{", "<")):
        return "the template's text"
    return ""


def _no_place_for_parameters(subject: Subject) -> Iterator[Hit]:
    for route in subject.routes:
        parameters = route.connection.invocation_http_parameters.body
        if parameters and (what := _no_object(route.target)):
            names = ", ".join(quoted(parameter.key) for parameter in parameters[:4])
            message = f"the payload is {what}: the connection's body parameters ({names}) are left out"
            yield Hit(route.target.origin, route.name, message)


BODY_RULES: Final = (
    LintRule(
        "EBI308", "error",
        "A path that is in no event",
        "The envelope has its members in small letters, with `-`; what is beside them selects nothing: an "
        "empty text, or `{}` for an InputPath.",
        "Start the path with `$.detail` or another member of the envelope.",
        "transform, sections 1 and 2", _selects_nothing,
    ),
    LintRule(
        "EBI309", "error",
        "An empty input option",
        "An empty Input delivers nothing, ever; an empty InputPath sends `{}` for every event.",
        "Remove the option to send the whole event, or fill it in.",
        "transform, section 0", _empty,
    ),
    LintRule(
        "EBI310", "warning",
        "A Content-Type that contradicts the body",
        "A payload is JSON or quoted strings, whatever the header says: an XML or form body cannot be made.",
        "Remove the header, or write one that is true. Form fields can go into query parameters.",
        "transform, section 5", _wrong_content_type,
    ),
    LintRule(
        "EBI311", "warning",
        "Several lines sent as JSON",
        "A template of several quoted strings makes no JSON document, and the endpoint is told that it gets "
        "one.",
        "Set the header Content-Type to text/plain, or make the template one object.",
        "transform, section 5", _lines_as_json,
    ),
    LintRule(
        "EBI312", "warning",
        "Body parameters without an object to go into",
        "A connection's body parameters become members of the payload. What EventBridge does where it is no "
        "object is not established; the inspector leaves them out.",
        "Make the template an object.",
        "request-and-auth, section 5", _no_place_for_parameters,
    ),
)  # fmt: skip
