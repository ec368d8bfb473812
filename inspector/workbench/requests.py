"""The request of one delivery: made once and not once for every use; its deviations, labelled as such."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias

from inspector.errors import InspectorError
from inspector.eventbridge.authorization import Authorization
from inspector.eventbridge.provenance import Note, Part
from inspector.eventbridge.request import PreparedRequest, is_header_name, is_stripped

Prepare: TypeAlias = Callable[[Authorization | None], PreparedRequest]
Adjust: TypeAlias = Callable[[PreparedRequest], PreparedRequest]

KEPT_ALIVE: Final = Note(
    "Connection: keep-alive is a deviation for load tests: EventBridge sends Connection: close, "
    "a new connection for every request",
    warning=True,
)


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
        if last is None or last[0] != authorization:
            request = prepare(authorization)
            last = authorization, adjust(request) if adjust else request
        return last[1]

    return prepared


def kept_alive(request: PreparedRequest) -> PreparedRequest:
    """Return the request as it goes over a connection that stays open: a deviation."""
    headers = tuple(
        replace(part, value="keep-alive", detail="deviation: --keep-alive", replaced='aws\'s "close"')
        if part.name.lower() == "connection"
        else part
        for part in request.headers
    )
    return replace(request, headers=headers, notes=(*request.notes, KEPT_ALIVE))


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
