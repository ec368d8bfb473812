"""Routes to build requests of, with everything but the part under test left plain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from inspector.eventbridge.authorization import Authorization
from inspector.eventbridge.event import Event
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.request import Part, PreparedRequest, build_request
from inspector.eventbridge.resources import (
    ApiDestination,
    ApiKeyAuth,
    AuthParameters,
    BasicAuth,
    Connection,
    ConnectionHttpParameters,
    HttpParameter,
    HttpParameters,
    Route,
    Rule,
    Target,
)
from inspector.jsontext import JsonObject
from inspector.secret import Secret

DETAIL: JsonObject = {
    "id": "u1", "n": 42, "ok": False, "no": None, "o": {"key": "value"}, "l": ["venue:0", "artist:2"],
    "hostile": "a\r\nX-Injected: 1", "wide": "Füße", "path": "a/b c?d#é", "up": "..",
}  # fmt: skip
BASIC = BasicAuth("user", Secret("canary-password"))
CREDENTIAL = Authorization("Authorization", Secret("Basic canary-credential"), 'Basic credentials of "crm"')


def parameters(pairs: Mapping[str, str | Secret]) -> tuple[HttpParameter, ...]:
    """Return a connection's parameters; a `Secret` is one with `IsValueSecret`."""
    return tuple(HttpParameter(key, value, isinstance(value, Secret)) for key, value in pairs.items())


@dataclass
class Given:
    """What a request is built from."""

    endpoint: str = "https://api.example.com/hooks"
    method: str = "POST"
    body: str = '{"z":1}'
    path: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    connection_headers: Mapping[str, str | Secret] = field(default_factory=dict)
    connection_query: Mapping[str, str | Secret] = field(default_factory=dict)
    connection_body: Mapping[str, str | Secret] = field(default_factory=dict)
    destination: HttpParameters | None = None
    auth: AuthParameters = BASIC
    authorization: Authorization | None = CREDENTIAL
    payload: Payload | None = None

    def build(self) -> PreparedRequest:
        """Return the request."""
        connection = Connection(
            "crm",
            self.auth,
            ConnectionHttpParameters(
                parameters(self.connection_headers),
                parameters(self.connection_query),
                parameters(self.connection_body),
            ),
        )
        destination = ApiDestination(
            "hook", "arn", self.endpoint, self.method, http_parameters=self.destination
        )
        target = Target(
            "t1", "arn", http_parameters=HttpParameters(tuple(self.path), self.headers, self.query)
        )
        event = Event({"id": "e-1", "detail": DETAIL}, datetime(2026, 1, 1, tzinfo=UTC))
        route = Route(target, destination, connection, Rule("orders", targets=(target,)))
        payload = self.payload or Payload("deliver", self.body, "event")
        return build_request(route, event, payload, self.authorization)


def api_key(name: str) -> tuple[ApiKeyAuth, Authorization]:
    """Return an API key and its credential header."""
    return ApiKeyAuth(name, Secret("canary-key")), Authorization(name, Secret("canary-key"), "API key")


def header(request: PreparedRequest, name: str) -> Part | None:
    """Return the header of a name, compared without case; at most one is sent."""
    found = [part for part in request.headers if part.name.lower() == name.lower()]
    assert len(found) < 2, f"{name} is sent {len(found)} times"
    return found[0] if found else None


def value(request: PreparedRequest, name: str) -> str | None:
    """Return the text of a header as it may be shown, None where it is not sent."""
    part = header(request, name)
    return None if part is None else str(part.value)


def names(request: PreparedRequest) -> list[str]:
    """Return the names of the assumptions that a request rests on."""
    return [assumption.name for assumption in request.assumptions]


def warnings(request: PreparedRequest) -> list[str]:
    """Return the texts of the warnings."""
    return [note.text for note in request.notes if note.warning]
