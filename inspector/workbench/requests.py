"""The request of one delivery: made once and not once for every use; its deviations, labelled as such."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from inspector.errors import InspectorError
from inspector.eventbridge.authorization import Authorization
from inspector.eventbridge.event import Event
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.provenance import Note, Part
from inspector.eventbridge.request import PreparedRequest, build_request, is_header_name, is_stripped
from inspector.eventbridge.resources import Route

_FORMS_KEPT: Final = 256

Prepare: TypeAlias = Callable[[Authorization | None], PreparedRequest]
Adjust: TypeAlias = Callable[[PreparedRequest], PreparedRequest]

KEPT_ALIVE: Final = Note(
    "Connection: keep-alive is a deviation for load tests: EventBridge sends Connection: close, "
    "a new connection for every request",
    warning=True,
)


@dataclass(slots=True)
class _Form:
    """A request but for its payload. headers: by the length of the body."""

    route: Route
    authorization: Authorization | None
    request: PreparedRequest
    headers: dict[int, tuple[Part, ...]] = field(default_factory=dict)

    def fits(self, authorization: Authorization | None) -> bool:
        """Tell whether it carries this credential."""
        return self.authorization is authorization or self.authorization == authorization

    def filled(self, payload: str) -> PreparedRequest:
        """Return the request with another payload."""
        length = len(payload.encode())
        headers = self.headers.get(length)
        if headers is None:
            if len(self.headers) >= _FORMS_KEPT:
                self.headers.clear()
            headers = self.headers[length] = tuple(
                replace(part, value=str(length)) if part.name == "Content-Length" else part
                for part in self.request.headers
            )
        return replace(self.request, headers=headers, payload=payload)


class Forms:
    """Requests of routes whose parameters do not read the event: made once, then filled with each payload."""

    def __init__(self) -> None:
        self._forms: dict[int, _Form] = {}

    def build(
        self, route: Route, event: Event, payload: Payload, authorization: Authorization | None
    ) -> PreparedRequest:
        """Return what `build_request` returns."""
        form = self._forms.get(id(route))
        if form is not None and payload.verdict == "deliver" and form.fits(authorization):
            return form.filled(payload.body)
        request = build_request(route, event, payload, authorization)
        if payload.verdict == "deliver" and not _reads_event(route):
            if len(self._forms) >= _FORMS_KEPT:
                self._forms.clear()
            # The route is kept too: no other can have its identity then.
            self._forms[id(route)] = _Form(route, authorization, request)
        return request


def _reads_event(route: Route) -> bool:
    """Tell whether anything but the payload may differ from event to event."""
    parameters = route.http_parameters
    values = (
        *parameters.path_parameter_values,
        *parameters.header_parameters.values(),
        *parameters.query_string_parameters.values(),
    )
    return bool(route.connection.invocation_http_parameters.body) or any(v.startswith("$") for v in values)


def remembered(
    prepare: Prepare, known: Callable[[], Authorization | None], adjust: Adjust | None = None
) -> Prepare:
    """Return `prepare` so that it makes each request once: one for every credential.

    known: the credential where it is known without asking, for a request that is only announced.
    """
    last: tuple[Authorization | None, PreparedRequest] | None = None

    def prepared(authorization: Authorization | None) -> PreparedRequest:
        nonlocal last
        authorization = authorization or known()
        if last is None or (last[0] is not authorization and last[0] != authorization):
            request = prepare(authorization)
            last = authorization, adjust(request) if adjust else request
        return last[1]

    return prepared


class KeptAlive:
    """Makes requests go over a connection that stays open: a deviation."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[tuple[Part, ...], tuple[Part, ...]]] = {}

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Return the request with its `Connection` header, and a note, changed."""
        made = self._made.get(id(request.headers))
        if made is None:
            if len(self._made) >= _FORMS_KEPT:
                self._made.clear()
            changed = tuple(
                replace(
                    part,
                    value="keep-alive",
                    source="inspector",
                    detail="--keep-alive",
                    replaced='aws\'s "close"',
                )
                if part.name.lower() == "connection"
                else part
                for part in request.headers
            )
            # What they were made of is kept too: nothing else can have its identity then.
            made = self._made[id(request.headers)] = request.headers, changed
        return replace(request, headers=made[1], notes=(*request.notes, KEPT_ALIVE))


kept_alive: Final = KeptAlive()


def with_idempotency_key(header: str, key: str) -> Adjust:
    """Return what adds a header that is the same in every attempt of one delivery: a deviation.

    Raises:
        InspectorError: a header of this name cannot be sent.
    """
    if not is_header_name(header) or is_stripped(header):
        raise InspectorError(
            f"{header!r} cannot be the header of the idempotency key",
            hint="EventBridge removes it" if is_stripped(header) else "HTTP allows no such name",
        )

    def added(request: PreparedRequest) -> PreparedRequest:
        before = next((p for p in request.headers if p.name.lower() == header.lower()), None)
        if before is not None and before.source == "authorization":
            raise InspectorError(
                f"{header!r} carries the connection's credential", hint="choose another header"
            )
        part = Part(
            header,
            key,
            "inspector",
            "--idempotency-key",
            before.described() if before else "",
        )
        kept = tuple(p for p in request.headers if p is not before)
        note = Note(f"{header} is a deviation: EventBridge adds no idempotency key")
        return replace(request, headers=(*kept, part), notes=(*request.notes, note))

    return added


def adjusted(
    *, keep_alive: bool = False, idempotency_header: str | None = None, key: str = ""
) -> Adjust | None:
    """Return the deviations that were asked for, None where none was.

    Raises:
        InspectorError: a header of this name cannot be sent.
    """
    keyed = None if idempotency_header is None else with_idempotency_key(idempotency_header, key)
    if not keep_alive:
        return keyed
    return kept_alive if keyed is None else lambda request: kept_alive(keyed(request))
