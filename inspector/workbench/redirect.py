"""Sending elsewhere than the definitions say: to a local endpoint, on a person's explicit word."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from inspector.errors import InspectorError
from inspector.eventbridge.resources import ApiDestination, Connection, OAuthClientCredentials, Workspace


def parse_base_url(text: str) -> str:
    """Return `scheme://host[:port]` of a base URL that a person gave.

    Raises:
        InspectorError: it is no http or https URL, or carries more than a host.
    """
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise InspectorError(
            f"{text!r} cannot stand for an endpoint", hint="Give scheme and host, as in http://localhost:9870"
        )
    return f"{parts.scheme}://{parts.netloc}"


def moved(url: str, base_url: str) -> str:
    """Return `url` with the scheme, host and port of `base_url`."""
    base = urlsplit(base_url)
    return urlunsplit(urlsplit(url)._replace(scheme=base.scheme, netloc=base.netloc))


def redirected(
    workspace: Workspace, base_url: str, *, applies: Callable[[str], bool], tokens: bool
) -> Workspace:
    """Return the workspace with its endpoints on `base_url`, where `applies` says so of the host.

    tokens: move the OAuth token endpoints too.
    """

    def moves(url: str) -> bool:
        return applies(urlsplit(url).netloc)

    def destination(d: ApiDestination) -> ApiDestination:
        if not moves(d.invocation_endpoint):
            return d
        return replace(d, invocation_endpoint=moved(d.invocation_endpoint, base_url))

    def connection(c: Connection) -> Connection:
        if not (
            tokens and isinstance(c.auth, OAuthClientCredentials) and moves(c.auth.authorization_endpoint)
        ):
            return c
        endpoint = moved(c.auth.authorization_endpoint, base_url)
        return replace(c, auth=replace(c.auth, authorization_endpoint=endpoint))

    return replace(
        workspace,
        destinations=tuple(map(destination, workspace.destinations)),
        connections=tuple(map(connection, workspace.connections)),
    )
