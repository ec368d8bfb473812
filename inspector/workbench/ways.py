"""The ways that a comparison lines up: routes, and variations of one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from inspector.auth.token_request import TOKEN_FORMS, TokenForm
from inspector.errors import InspectorError
from inspector.eventbridge.resources import (
    HTTP_METHODS,
    ApiDestination,
    Connection,
    ConnectionHttpParameters,
    HttpParameter,
    OAuthClientCredentials,
    Route,
)
from inspector.secret import MASK, Secret


@dataclass(frozen=True, slots=True)
class Way:
    """One column of a comparison.

    variation: how it differs from the definitions, for a reader; empty where it does not. token_form: in
    place of the workbench's own.
    """

    route: Route
    variation: str = ""
    token_form: TokenForm | None = None


_CREDENTIALS: Final = frozenset(("authorization", "proxy-authorization", "cookie"))
"""Names (lower case) whose value is a secret whoever sets it."""

_Change: TypeAlias = Callable[[Way, str, str], Way]


@dataclass(frozen=True, slots=True)
class Variation:
    """One thing that can be changed of a way.

    change: makes the changed way of a name and a value. help: what it sets, for a reader. values: those that
    there are, where they can be listed.
    """

    change: _Change
    help: str
    values: tuple[str, ...] = ()


def varied(way: Way, text: str) -> Way:
    """Return a way changed as one `WHAT=VALUE` says; see `VARIATIONS`.

    Raises:
        InspectorError: `text` is no variation, or none that this way can have.
    """
    what, equals, value = text.partition("=")
    kind, colon, name = what.partition(":")
    found = VARIATIONS.get(f"{kind}:NAME" if colon else kind)
    if not equals or found is None or (colon and not name):
        raise InspectorError(f"{text!r} is no variation", hint=f"write {variations_help()}")
    changed = found.change(way, name, value)
    # What takes the place of a secret is one.
    text = f"{what}={MASK}" if name and holds_secret(changed.route.connection, name) else text
    return replace(changed, variation=f"{way.variation}, {text}" if way.variation else text)


def variations_help() -> str:
    """Return the forms of a variation, as one clause."""
    return ", ".join(f"{what}=VALUE" for what in VARIATIONS)


def possible(way: Way) -> tuple[str, ...]:
    """Return which of `VARIATIONS` a way can have: those of a token request where there is one."""
    of_token = isinstance(way.route.connection.auth, OAuthClientCredentials)
    return tuple(what for what in VARIATIONS if of_token or not what.startswith("token-"))


def parameters_of(way: Way, what: str) -> tuple[HttpParameter, ...]:
    """Return the connection's parameters among which a variation `…:NAME` sets one."""
    connection = way.route.connection
    group = connection.invocation_http_parameters
    if what.startswith("token-"):
        group = _oauth(way).http_parameters
    match what.removeprefix("token-"):
        case "header:NAME":
            return group.header
        case "query:NAME":
            return group.query_string
    return group.body


def _token_form(way: Way, _: str, value: str) -> Way:
    form = next((form for form in TOKEN_FORMS if form == value), None)
    if form is None:
        raise InspectorError(f"{value!r} is no form of token request", hint=f"{', '.join(TOKEN_FORMS)}")
    _oauth(way)
    return replace(way, token_form=form)


def _method(way: Way, _: str, value: str) -> Way:
    method = value.upper()
    if method not in HTTP_METHODS:
        raise InspectorError(
            f"{value!r} is no method of an API destination", hint=f"one of {', '.join(HTTP_METHODS)}"
        )
    return _to(way, replace(way.route.destination, http_method=method))


def _endpoint(way: Way, _: str, value: str) -> Way:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InspectorError(f"{value!r} is no endpoint", hint="give a whole URL, http or https")
    return _to(way, replace(way.route.destination, invocation_endpoint=value))


def _to(way: Way, destination: ApiDestination) -> Way:
    return replace(way, route=replace(way.route, destination=destination))


def _header(way: Way, name: str, value: str) -> Way:
    return _with_parameters(way, lambda p: replace(p, header=_set(p.header, name, value, fold=True)))


def _query(way: Way, name: str, value: str) -> Way:
    return _with_parameters(way, lambda p: replace(p, query_string=_set(p.query_string, name, value)))


def _body(way: Way, name: str, value: str) -> Way:
    return _with_parameters(way, lambda p: replace(p, body=_set(p.body, name, value)))


def _with_parameters(way: Way, change: Callable[[ConnectionHttpParameters], ConnectionHttpParameters]) -> Way:
    connection = way.route.connection
    parameters = change(connection.invocation_http_parameters)
    return replace(way, route=way.route.through(replace(connection, invocation_http_parameters=parameters)))


def _token_header(way: Way, name: str, value: str) -> Way:
    return _with_token_parameters(way, lambda p: replace(p, header=_set(p.header, name, value, fold=True)))


def _token_query(way: Way, name: str, value: str) -> Way:
    return _with_token_parameters(way, lambda p: replace(p, query_string=_set(p.query_string, name, value)))


def _token_body(way: Way, name: str, value: str) -> Way:
    return _with_token_parameters(way, lambda p: replace(p, body=_set(p.body, name, value)))


def _with_token_parameters(
    way: Way, change: Callable[[ConnectionHttpParameters], ConnectionHttpParameters]
) -> Way:
    auth = _oauth(way)
    connection = replace(
        way.route.connection, auth=replace(auth, http_parameters=change(auth.http_parameters))
    )
    return replace(way, route=way.route.through(connection))


def _oauth(way: Way) -> OAuthClientCredentials:
    connection = way.route.connection
    if not isinstance(connection.auth, OAuthClientCredentials):
        raise InspectorError(
            f"connection {connection.name!r} asks for no token: it is {connection.authorization_type}"
        )
    return connection.auth


def _set(
    parameters: tuple[HttpParameter, ...], name: str, value: str, *, fold: bool = False
) -> tuple[HttpParameter, ...]:
    """Return the parameters with one set, in its place. fold: names are compared without case."""

    def same(parameter: HttpParameter) -> bool:
        return parameter.key.lower() == name.lower() if fold else parameter.key == name

    if not any(map(same, parameters)):
        secret = name.lower() in _CREDENTIALS
        return (*parameters, HttpParameter(name, Secret(value) if secret else value, secret))
    return tuple(
        replace(p, value=Secret(value) if isinstance(p.value, Secret) else value) if same(p) else p
        for p in parameters
    )


def holds_secret(connection: Connection, name: str) -> bool:
    """Tell whether what is set under a name is a secret: the connection's parameter is, or a credential."""
    if name.lower() in _CREDENTIALS:
        return True
    groups = [connection.invocation_http_parameters]
    if isinstance(connection.auth, OAuthClientCredentials):
        groups.append(connection.auth.http_parameters)
    return any(
        parameter.key.lower() == name.lower() and isinstance(parameter.value, Secret)
        for group in groups
        for parameter in (*group.header, *group.query_string, *group.body)
    )


VARIATIONS: Final[Mapping[str, Variation]] = {
    "token-form": Variation(_token_form, "where the token request carries id and secret", TOKEN_FORMS),
    "header:NAME": Variation(_header, "a header that the connection adds"),
    "query:NAME": Variation(_query, "a query parameter that the connection adds"),
    "body:NAME": Variation(_body, "a body parameter that the connection adds"),
    "endpoint": Variation(_endpoint, "the destination's URL"),
    "token-header:NAME": Variation(_token_header, "a header of the token request"),
    "token-query:NAME": Variation(_token_query, "a query parameter of the token request"),
    "token-body:NAME": Variation(_token_body, "a body parameter of the token request"),
    "method": Variation(_method, "the destination's HTTP method", HTTP_METHODS),
}
"""What can be varied: the form of the token request, the destination, the connection's parameters, the
parameters of its token request."""
