"""The HTTP request of an API destination, each part with where it came from (request-and-auth, 1-5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from inspector.eventbridge.assumption import BODY_OF_GET, Assumption
from inspector.eventbridge.authorization import Authorization
from inspector.eventbridge.body import body_parts, merge_body
from inspector.eventbridge.event import Event
from inspector.eventbridge.headers import (
    LENGTH_WHEN_SENT,
    credential_part,
    header_parts,
    is_header_name,
    is_stripped,
)
from inspector.eventbridge.loopback import is_loopback
from inspector.eventbridge.parameters import connection_parts, merged, target_parameters
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.provenance import Note, Part, Remarks, Source, Stripped
from inspector.eventbridge.resources import Route
from inspector.eventbridge.url import encode_url, filled_url, host_of, query_parts, split_url
from inspector.secret import Secret

__all__ = [
    "LENGTH_WHEN_SENT",
    "Note",
    "Part",
    "PreparedRequest",
    "Source",
    "Stripped",
    "build_request",
    "encode_url",
    "is_header_name",
    "is_stripped",
    "merge_body",
]

_BODY_UNDOCUMENTED: Final = ("GET", "HEAD", "DELETE", "OPTIONS")
_BODY_UNUSUAL: Final = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class PreparedRequest:
    """A request, complete but for revealing its secrets.

    base_url: the endpoint with its path wildcards filled, its own query and no other parameters.
    query: parameters to append, in order. headers: all that are sent, in order, `Host` and
    `Content-Length` included; the latter is `LENGTH_WHEN_SENT` where the body holds a secret, and whoever
    sends puts the real length there. payload: what the target's input option made. body_parameters: what
    the connection merges into it; empty where it cannot. connection: the name of the connection.
    """

    method: str
    base_url: str
    path_parameters: tuple[Part, ...]
    query: tuple[Part, ...]
    headers: tuple[Part, ...]
    stripped: tuple[Stripped, ...]
    payload: str
    body_parameters: tuple[Part, ...] = ()
    notes: tuple[Note, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    connection: str = ""

    @property
    def masked_url(self) -> str:
        """The URL as it may be shown."""
        return encode_url(self.base_url, [(p.name, str(p.value)) for p in self.query])

    @property
    def masked_body(self) -> str:
        """The body as it may be shown."""
        return merge_body(self.payload, [(p.name, str(p.value)) for p in self.body_parameters])


def build_request(
    route: Route, event: Event, payload: Payload, authorization: Authorization | None
) -> PreparedRequest:
    """Return the request that `route` makes of an event.

    authorization: None where the credential is not known yet (an OAuth token not fetched): the request
    then shows a placeholder `Authorization` part with a masked value.
    """
    remarks = Remarks()
    method, connection = route.destination.http_method, route.connection
    _remark_endpoint(route.destination.invocation_endpoint, remarks)
    added = connection.invocation_http_parameters
    own = target_parameters(route, event.document, remarks)
    base_url, path_parameters = filled_url(route.destination.invocation_endpoint, own.path, remarks)
    query = query_parts(base_url, own.query, connection_parts(connection.name, added.query_string), remarks)
    body_parameters = body_parts(payload.body, merged(connection_parts(connection.name, added.body)), remarks)
    headers_of_connection = connection_parts(connection.name, added.header)
    _remark_literal_paths((*headers_of_connection, *query, *body_parameters), remarks)
    headers, stripped = header_parts(
        host_of(base_url),
        _content_length(payload.body, body_parameters),
        (*own.headers, *headers_of_connection),
        credential_part(connection, authorization),
        remarks,
    )
    if payload.verdict != "deliver":
        remarks.note(f"this request is not sent: {payload.reason}", warning=True)
    elif method in _BODY_UNDOCUMENTED:
        remarks.assume(replace(BODY_OF_GET, text=BODY_OF_GET.text.format(method=method)))
        if method in _BODY_UNUSUAL:
            remarks.note(f"a {method} request with a body: many servers ignore or refuse it", warning=True)
    return PreparedRequest(
        method,
        base_url,
        path_parameters,
        query,
        headers,
        stripped,
        payload.body,
        body_parameters,
        tuple(remarks.notes),
        tuple(remarks.assumptions),
        connection.name,
    )


def _content_length(payload: str, parameters: Sequence[Part]) -> str:
    if any(isinstance(part.value, Secret) for part in parameters):
        return LENGTH_WHEN_SENT
    return str(len(merge_body(payload, [(part.name, str(part.value)) for part in parameters]).encode()))


def _remark_endpoint(endpoint: str, remarks: Remarks) -> None:
    scheme = split_url(endpoint)[0]
    if scheme != "https":
        remarks.note(
            f"{scheme or 'a relative'} endpoint: an extension of the inspector, EventBridge asks for https",
            warning=not is_loopback(endpoint),
        )


def _remark_literal_paths(parts: Sequence[Part], remarks: Remarks) -> None:
    for part in parts:
        if part.source == "connection" and isinstance(part.value, str) and part.value.startswith("$."):
            remarks.note(
                f"{part.name}: {part.value!r} is sent as it is; only a target's parameters read the event",
                warning=True,
            )
