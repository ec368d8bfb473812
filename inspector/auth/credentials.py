"""The credentials that need no request, and every secret of a connection (request-and-auth, section 6)."""

import base64
from collections.abc import Iterator
from urllib.parse import quote_plus

from inspector.eventbridge.authorization import Authorization, AuthorizationError
from inspector.eventbridge.resources import (
    ApiKeyAuth,
    BasicAuth,
    Connection,
    HttpParameter,
    OAuthClientCredentials,
)
from inspector.secret import Redactor, Secret

_SHORTEST_WORD = 8
_HINT = "AWS never returns secrets: put the value, ${env:NAME} or ${file:PATH} into the definition"


def missing_secret(connection: Connection) -> str:
    """Return which secret a connection lacks, as one sentence; empty when it has all."""
    match connection.auth:
        case BasicAuth(password=None):
            name = "Password"
        case ApiKeyAuth(api_key_value=None):
            name = "ApiKeyValue"
        case OAuthClientCredentials(client_secret=None):
            name = "ClientSecret"
        case _:
            return ""
    return f"the {name} of connection {connection.name!r} is missing"


def require_secret(connection: Connection) -> None:
    """Raise AuthorizationError where a connection's definition was read without its secret."""
    if missing := missing_secret(connection):
        raise AuthorizationError(missing, hint=_HINT)


def static_authorization(auth: BasicAuth | ApiKeyAuth) -> Authorization:
    """Return the header of a BASIC or API_KEY connection that has its secret."""
    if isinstance(auth, ApiKeyAuth):
        name = auth.api_key_name
        return Authorization(name, auth.api_key_value or Secret(""), f"API key in the header {name!r}")
    password = auth.password.reveal() if auth.password else ""
    # The character set is not established; UTF-8 is suggested (request-and-auth, section 6).
    pair = base64.b64encode(f"{auth.username}:{password}".encode()).decode("ascii")
    return Authorization("Authorization", Secret(f"Basic {pair}"), f"Basic credentials of {auth.username!r}")


def bearer_authorization(token: Secret, lifetime: str) -> Authorization:
    """Return the header of a token; `lifetime` tells a reader how long it lasts."""
    return Authorization("Authorization", Secret(f"Bearer {token.reveal()}"), f"Bearer token, {lifetime}")


def redactor_of(connection: Connection, tokens: Iterator[Secret]) -> Redactor:
    """Return what masks every secret of a connection, and these tokens."""
    redactor = Redactor(token.reveal() for token in tokens)
    match connection.auth:
        case BasicAuth(username, Secret() as password):
            redactor.add_basic(username, password.reveal())
        case ApiKeyAuth(_, Secret() as value):
            redactor.add(value.reveal())
            # `Bearer sk_…`: an endpoint may echo the key without its scheme.
            for word in value.reveal().split():
                if len(word) >= _SHORTEST_WORD:
                    redactor.add(word)
        case OAuthClientCredentials(client_id, Secret() as secret):
            redactor.add_basic(client_id, secret.reveal())
            # In an Authorization header both go form-encoded (RFC 6749, section 2.3.1).
            redactor.add_basic(quote_plus(client_id), quote_plus(secret.reveal()))
        case _:
            pass
    for parameter in _parameters(connection):
        if isinstance(parameter.value, Secret):
            redactor.add(parameter.value.reveal())
    return redactor


def _parameters(connection: Connection) -> Iterator[HttpParameter]:
    groups = [connection.invocation_http_parameters]
    if isinstance(connection.auth, OAuthClientCredentials):
        groups.append(connection.auth.http_parameters)
    for group in groups:
        yield from (*group.header, *group.query_string, *group.body)
