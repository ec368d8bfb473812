"""Rules about connections and their credentials (request-and-auth, sections 6 to 8)."""

import re
from collections.abc import Iterator
from typing import Final

from inspector.eventbridge.headers import is_stripped
from inspector.eventbridge.lint.rule import Hit, LintRule
from inspector.eventbridge.lint.subject import Subject, below, connection_parameters, quoted
from inspector.eventbridge.loopback import is_loopback
from inspector.eventbridge.resources import (
    ApiKeyAuth,
    Connection,
    HttpParameter,
    OAuthClientCredentials,
    Origin,
)

_SECRET_NAME: Final = re.compile(
    r"secret|passw(or)?d|passphrase|credential|authori[sz]ation|bearer|(api|access|auth|private|subscription)"
    r"[-_ ]?(key|token)|(^|[-_])token$|(^|[-_])pwd$",
    re.IGNORECASE,
)


def _stripped_key(subject: Subject) -> Iterator[Hit]:
    for connection in subject.workspace.connections:
        if isinstance(connection.auth, ApiKeyAuth) and is_stripped(connection.auth.api_key_name):
            message = (
                f"the key would be sent as {quoted(connection.auth.api_key_name)}, which EventBridge removes"
            )
            yield Hit(below(connection.origin, "AuthParameters"), connection.name, message)


def _no_retry_with_oauth(subject: Subject) -> Iterator[Hit]:
    for route in subject.routes:
        oauth = isinstance(route.connection.auth, OAuthClientCredentials)
        if oauth and route.retry_policy.maximum_retry_attempts == 0:
            message = f"MaximumRetryAttempts is 0 with the OAuth connection {quoted(route.connection.name)}"
            owner = route.target if route.target.retry_policy else route.destination
            yield Hit(below(owner.origin, "RetryPolicy"), route.name, message)


def _clear_secret(subject: Subject) -> Iterator[Hit]:
    for parameter, origin, place in _parameters(subject):
        if isinstance(parameter.value, str) and _SECRET_NAME.search(parameter.key):
            yield Hit(origin, place, f"{quoted(parameter.key)} sounds like a secret and is not marked as one")


def _parameters(subject: Subject) -> Iterator[tuple[HttpParameter, Origin, str]]:
    for connection in subject.workspace.connections:
        groups = [("invocation", connection.invocation_http_parameters)]
        if isinstance(connection.auth, OAuthClientCredentials):
            groups.append(("oauth", connection.auth.http_parameters))
        for of, group in groups:
            for member, parameters in (
                ("HeaderParameters", group.header),
                ("QueryStringParameters", group.query_string),
                ("BodyParameters", group.body),
            ):
                for parameter, origin in connection_parameters(connection, member, parameters, of=of):
                    yield parameter, origin, connection.name


def _no_grant_type(subject: Subject) -> Iterator[Hit]:
    for connection in subject.workspace.connections:
        auth = connection.auth
        if isinstance(auth, OAuthClientCredentials) and auth.authorization_endpoint:
            parameters = (*auth.http_parameters.body, *auth.http_parameters.query_string)
            if not any(parameter.key == "grant_type" for parameter in parameters):
                message = f"the token request to {quoted(auth.authorization_endpoint)} has no grant_type"
                yield Hit(
                    below(connection.origin, "AuthParameters", "OAuthParameters"), connection.name, message
                )


def _literal_secret(subject: Subject) -> Iterator[Hit]:
    for connection in subject.workspace.connections:
        if not _stays_here(connection, subject):
            for secret in connection.literal_secrets:
                yield Hit(secret.origin, connection.name, f"{secret.name} stands in the file itself")


def _stays_here(connection: Connection, subject: Subject) -> bool:
    """Whether the credentials go to this machine only, where they open nothing to others."""
    workspace, auth = subject.workspace, connection.auth
    endpoints = [
        destination.invocation_endpoint
        for destination in workspace.destinations
        if workspace.connection_of(destination) is connection
    ]
    if isinstance(auth, OAuthClientCredentials):
        endpoints.append(auth.authorization_endpoint)
    return bool(endpoints) and all(map(is_loopback, endpoints))


CONNECTION_RULES: Final = (
    LintRule(
        "EBI202", "warning",
        "An API key under a name that EventBridge removes",
        "The header is probably stripped and the endpoint sees no key; the inspector strips it.",
        "Have the endpoint take the key in a header of its own, such as `X-Api-Key`.",
        "request-and-auth, section 3", _stripped_key,
    ),
    LintRule(
        "EBI203", "warning",
        "OAuth without a retry",
        "A token that has become invalid shows as a 401. EventBridge then fetches a new one and uses it on "
        "the retry; without retries the event is lost.",
        "Set MaximumRetryAttempts to 1 or more.",
        "request-and-auth, section 6", _no_retry_with_oauth,
    ),
    LintRule(
        "EBI204", "warning",
        "A secret that is not marked as one",
        "DescribeConnection returns the value to everybody who may call it, and the inspector shows and "
        "keeps it in the clear.",
        'Set "IsValueSecret": true and give the value as `${env:NAME}` or `${file:PATH}`.',
        "request-and-auth, section 4", _clear_secret,
    ),
    LintRule(
        "EBI205", "warning",
        "A token request without grant_type",
        "OAuth servers refuse it, and EventBridge is not known to add it: AWS's own samples do so "
        "themselves.",
        "Add grant_type=client_credentials to the BodyParameters of OAuthHttpParameters.",
        "request-and-auth, section 6", _no_grant_type,
    ),
    LintRule(
        "EBI206", "warning",
        "A secret in the definition file itself",
        "Whoever reads the file or its version history has the secret. A connection that only leads to this "
        "machine is left alone.",
        "Give it as `${env:NAME}` or `${file:PATH}`, and have it renewed where others have seen the file.",
        "the inspector's own references to secrets", _literal_secret,
    ),
)  # fmt: skip
