"""The HTTP request of an API destination, each part with where it came from (request-and-auth, 1-5)."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.authorization import Authorization
from inspector.eventbridge.event import Event
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.resources import Route
from inspector.secret import Secret

Source: TypeAlias = Literal["aws", "destination", "connection", "target", "event", "authorization"]
"""Fixed by AWS; the destination's own; the connection's parameters; the target's literal ones; the
target's, read from the event by a JSON path; the connection's credential."""


@dataclass(frozen=True, slots=True)
class Part:
    """A header, a query parameter, a path parameter or a body parameter, with its provenance.

    detail: for `event`, the JSON path; otherwise which definition. replaced: what it took the place of,
    for a reader (`target's "t"`), empty when nothing.
    """

    name: str
    value: str | Secret
    source: Source
    detail: str = ""
    replaced: str = ""


@dataclass(frozen=True, slots=True)
class Stripped:
    """A configured header that EventBridge removes, and why."""

    name: str
    value: str | Secret
    source: Source
    why: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader of the request should know; `warning` marks what she should mend."""

    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class PreparedRequest:
    """A request, complete but for revealing its secrets.

    base_url: the endpoint with its path wildcards filled, its own query and no other parameters.
    query: parameters to append, in order. headers: all that are sent, in order, `Host` and
    `Content-Length` included. payload: what the target's input option made. body_parameters: what the
    connection merges into it.
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
    raise AssertionError


def encode_url(base_url: str, query: list[tuple[str, str]]) -> str:
    """Return `base_url` with `query` merged: an equal key is replaced, others are appended."""
    raise AssertionError


def merge_body(payload: str, parameters: list[tuple[str, str]]) -> str:
    """Return the body: `payload` with `parameters` as top-level members, where it is a JSON object."""
    raise AssertionError
