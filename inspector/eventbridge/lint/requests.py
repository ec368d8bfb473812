"""Rules about the request: headers, query, path wildcards, body (request-and-auth, sections 1 to 5)."""

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import chain
from typing import Final
from urllib.parse import unquote_plus

from inspector.eventbridge.headers import FIXED, is_header_name, is_stripped
from inspector.eventbridge.jsonpath import PathError, parse_path
from inspector.eventbridge.lint.rule import Hit, LintRule
from inspector.eventbridge.lint.subject import (
    Subject,
    below,
    connection_parameters,
    path_values,
    quoted,
    sentence,
    target_parameters,
)
from inspector.eventbridge.resources import ApiKeyAuth, OAuthClientCredentials, Origin, Route
from inspector.eventbridge.url import split_url

_SET_BY_AWS: Final = {name.lower(): value for name, value in FIXED} | {
    "host": "the endpoint's host",
    "content-length": "the length of the body",
}
_OFTEN_MISSPELT: Final = ("content-type", "authorization", "accept", "user-agent", "x-api-key")


def _configured_headers(subject: Subject) -> Iterator[tuple[str, str, Origin, str]]:
    """Yield name, where it is set, place and resource of every header that goes into event requests."""
    for header in target_parameters(subject, "HeaderParameters"):
        yield header.name, "the target", header.origin, header.place
    for connection in subject.workspace.connections:
        headers = connection.invocation_http_parameters.header
        for parameter, origin in connection_parameters(connection, "HeaderParameters", headers):
            yield parameter.key, "the connection", origin, connection.name


def _token_headers(subject: Subject) -> Iterator[tuple[str, str, Origin, str]]:
    for connection in subject.workspace.connections:
        if isinstance(connection.auth, OAuthClientCredentials):
            headers = connection.auth.http_parameters.header
            found = connection_parameters(connection, "HeaderParameters", headers, of="oauth")
            for parameter, origin in found:
                yield parameter.key, "the token request", origin, connection.name


def _set_by_aws(subject: Subject) -> Iterator[Hit]:
    for name, setter, origin, place in _configured_headers(subject):
        if value := _SET_BY_AWS.get(name.lower()):
            yield Hit(origin, place, f"{setter} sets {quoted(name)}, which EventBridge sets itself: {value}")


def _stripped(subject: Subject) -> Iterator[Hit]:
    for name, setter, origin, place in _configured_headers(subject):
        if is_stripped(name) and name.lower() not in _SET_BY_AWS:
            yield Hit(origin, place, f"{setter} sets {quoted(name)}, which EventBridge removes")


def _illegal(subject: Subject) -> Iterator[Hit]:
    for name, setter, origin, place in chain(_configured_headers(subject), _token_headers(subject)):
        if not is_header_name(name):
            yield Hit(
                origin, place, f"{setter} sets {quoted(name)}, which HTTP allows no header to be called"
            )
    for connection in subject.workspace.connections:
        auth = connection.auth
        if isinstance(auth, ApiKeyAuth) and auth.api_key_name and not is_header_name(auth.api_key_name):
            message = f"the key is sent as the header {quoted(auth.api_key_name)}, which HTTP does not allow"
            yield Hit(below(connection.origin, "AuthParameters"), connection.name, message)


def _misspelt_header(subject: Subject) -> Iterator[Hit]:
    for name, setter, origin, place in chain(_configured_headers(subject), _token_headers(subject)):
        small = name.lower()
        near = get_close_matches(small, _OFTEN_MISSPELT, n=1, cutoff=0.88)
        if near and near[0] != small:
            meant = "-".join(part.capitalize() for part in near[0].split("-"))
            message = f"{setter} sets {quoted(name)}; did you mean {meant}?"
            yield Hit(origin, place, message, f"Write {quoted(meant)}.")


def _with_values(subject: Subject) -> Iterator[Route]:
    """Yield the routes of which it is known what fills the path."""
    for route in subject.routes:
        if route.rule is not None or route.destination.http_parameters is not None:
            yield route


def _counts(route: Route) -> tuple[int, int]:
    path = split_url(route.destination.invocation_endpoint)[2]
    return path.count("*"), len(route.http_parameters.path_parameter_values)


def _too_few_values(subject: Subject) -> Iterator[Hit]:
    for route in _with_values(subject):
        wildcards, values = _counts(route)
        if values < wildcards:
            message = (
                f"the path of {quoted(route.destination.invocation_endpoint)} has {wildcards} `*` and the "
                f"target {values or 'no'} PathParameterValues"
            )
            yield Hit(
                route.target.origin, route.name, message, "Give a value for each `*`, from left to right."
            )


def _too_many_values(subject: Subject) -> Iterator[Hit]:
    for route in _with_values(subject):
        wildcards, values = _counts(route)
        if values > wildcards:
            message = (
                f"{values} PathParameterValues for {wildcards or 'no'} `*` in the path of "
                f"{quoted(route.destination.invocation_endpoint)}"
            )
            yield Hit(route.target.origin, route.name, message, "Remove the values too many, or add a `*`.")


def _set_twice(subject: Subject) -> Iterator[Hit]:
    """The target's parameters that the connection's, or its credential, take the place of."""
    for route in subject.routes:
        added, own = route.connection.invocation_http_parameters, route.target.http_parameters
        headers = {parameter.key.lower(): "the connection" for parameter in added.header}
        headers[_credential_header(route).lower()] = "the connection's credential"
        for name in route.http_parameters.header_parameters:
            if winner := headers.get(name.lower()):
                owner = route.target if name in own.header_parameters else route.destination
                message = f"the header {quoted(name)} is set here and by {winner}, which wins"
                yield Hit(
                    below(owner.origin, "HttpParameters", "HeaderParameters", name), route.name, message
                )
        queries = {parameter.key for parameter in added.query_string}
        for name in route.http_parameters.query_string_parameters:
            if name in queries:
                owner = route.target if name in own.query_string_parameters else route.destination
                where = below(owner.origin, "HttpParameters", "QueryStringParameters", name)
                message = f"the query parameter {quoted(name)} is set here and by the connection, which wins"
                yield Hit(where, route.name, message)


def _credential_header(route: Route) -> str:
    auth = route.connection.auth
    return auth.api_key_name if isinstance(auth, ApiKeyAuth) else "Authorization"


def _query_in_endpoint(subject: Subject) -> Iterator[Hit]:
    for route in subject.routes:
        query = split_url(route.destination.invocation_endpoint)[3][1:]
        own = {unquote_plus(pair.partition("=")[0]) for pair in query.split("&") if pair}
        configured = {p.key for p in route.connection.invocation_http_parameters.query_string}
        configured |= route.http_parameters.query_string_parameters.keys()
        for name in sorted(own & configured):
            message = f"the endpoint's own query has {quoted(name)}, which is configured as a parameter too"
            yield Hit(below(route.destination.origin, "InvocationEndpoint"), route.name, message)


def _body_with_get(subject: Subject) -> Iterator[Hit]:
    for destination in subject.workspace.destinations:
        if destination.http_method in ("GET", "HEAD"):
            message = f"every {destination.http_method} request to {quoted(destination.name)} carries a body"
            yield Hit(below(destination.origin, "HttpMethod"), destination.name, message)


def _no_path(subject: Subject) -> Iterator[Hit]:
    members = ("HeaderParameters", "QueryStringParameters")
    for parameter in chain(*(target_parameters(subject, member) for member in members), path_values(subject)):
        if not parameter.value.startswith(("$.", "$[")):
            continue
        try:
            parse_path(parameter.value)
        except PathError as error:
            found = f"{quoted(parameter.name)} is {quoted(parameter.value)}"
            message = f"{found}, which is sent as it is: {error.reason}"
            yield Hit(parameter.origin, parameter.place, message, sentence(error.hint))


def _path_in_connection(subject: Subject) -> Iterator[Hit]:
    for connection in subject.workspace.connections:
        added = connection.invocation_http_parameters
        for member, group in (
            ("HeaderParameters", added.header),
            ("QueryStringParameters", added.query_string),
            ("BodyParameters", added.body),
        ):
            for parameter, origin in connection_parameters(connection, member, group):
                if isinstance(parameter.value, str) and parameter.value.startswith("$."):
                    message = f"{quoted(parameter.key)} is sent as the text {quoted(parameter.value)}"
                    yield Hit(origin, connection.name, message)


REQUEST_RULES: Final = (
    LintRule(
        "EBI101", "warning",
        "A header that EventBridge sets itself",
        "User-Agent, Range, Accept-Encoding, Connection, Host and Content-Length are fixed: what is "
        "configured under these names is never sent.",
        "Remove it; send the value under another name if the endpoint needs it.",
        "request-and-auth, section 3", _set_by_aws,
    ),
    LintRule(
        "EBI102", "warning",
        "A header that EventBridge removes",
        "Some names are stripped from every request, wherever they are configured, without a word.",
        "Remove it; send the value under another name (`X-…`) if the endpoint needs it.",
        "request-and-auth, section 3", _stripped,
    ),
    LintRule(
        "EBI104", "warning",
        "A header name that is no legal one",
        "AWS accepts it (a comma, a space in the name of an API key), HTTP does not. What EventBridge then "
        "sends is not established; the inspector leaves the header out.",
        "Use letters, digits and `-`.",
        "request-and-auth, section 6", _illegal,
    ),
    LintRule(
        "EBI106", "error",
        "Fewer PathParameterValues than `*`",
        "Each `*` in the endpoint's path is filled from the target, left to right. One that is left over "
        "stays in the URL, where no endpoint expects it.",
        "Give the target a value for each `*`.",
        "request-and-auth, section 2", _too_few_values,
    ),
    LintRule(
        "EBI107", "warning",
        "More PathParameterValues than `*`",
        "The values at the end have no place to go. Whether EventBridge ignores or refuses them is not "
        "established; the inspector ignores them.",
        "Remove the values too many, or add a `*` to the endpoint.",
        "request-and-auth, section 2", _too_many_values,
    ),
    LintRule(
        "EBI108", "warning",
        "A parameter that target and connection both set",
        "The connection wins, its credential too: the target's value is never sent.",
        "Set it in one of the two.",
        "request-and-auth, section 4", _set_twice,
    ),
    LintRule(
        "EBI109", "warning",
        "A query parameter that the endpoint has already",
        "Whether the configured one replaces that in the endpoint or stands beside it is not established; "
        "the inspector replaces it.",
        "Keep it in one of the two.",
        "request-and-auth, section 4", _query_in_endpoint,
    ),
    LintRule(
        "EBI110", "warning",
        "A GET or HEAD request with a body",
        "Nothing is documented about it; the inspector sends the payload with every method. Many servers and "
        "proxies ignore such a body or refuse the request.",
        "Use POST, or put what the endpoint needs into query parameters.",
        "request-and-auth, section 5", _body_with_get,
    ),
    LintRule(
        "EBI111", "warning",
        "A parameter that looks like a path and is none",
        "Only names, `[n]` and `[*]` make a path for EventBridge. What is none is taken for text and sent as "
        "such; that it is not refused is not established.",
        "Write the path with `.name`, `.name[0]` or `.name[*]`.",
        "transform, sections 2 and 6", _no_path,
    ),
    LintRule(
        "EBI112", "warning",
        "A path in a connection's parameter",
        "Only a target's parameters are read from the event; a connection's are sent as they are written.",
        "Move the parameter to the target.",
        "request-and-auth, section 10", _path_in_connection,
    ),
    LintRule(
        "EBI113", "warning",
        "A header that is probably misspelt",
        "A name such as `Content_Type` is legal and means nothing: the header that it should be keeps its "
        "default or is absent.",
        "Write the name as HTTP knows it.",
        "request-and-auth, section 6", _misspelt_header,
    ),
)  # fmt: skip
