"""How a prepared request is sent. Here, and in `inspector.auth`, secrets are revealed; nowhere else."""

import ssl
from dataclasses import replace
from typing import Final, Protocol

from inspector.delivery.network import AS_EVENTBRIDGE, Network
from inspector.delivery.wire import Certificates, Exchange, WireRequest, exchange
from inspector.eventbridge.request import Part, PreparedRequest, encode_url, merge_body
from inspector.secret import Redactor, Secret

REQUEST_TIMEOUT: Final = 5.0
"""Seconds that a request has in total (request-and-auth, section 1)."""


class Transport(Protocol):
    """Sends one attempt of a delivery."""

    async def send(
        self, request: PreparedRequest, *, limit: float = REQUEST_TIMEOUT, redactor: Redactor
    ) -> Exchange:
        """Send `request` and return what came of it; no failure of the network raises.

        limit: seconds, reading the answer included. redactor: knows the secrets that the answer may echo.
        """
        ...


class HttpxTransport:
    """Sends over httpx, each request on a connection of its own, with its phases measured.

    ssl_context: what verifies the endpoint; the network's certificates when None. network: how it is
    reached.
    """

    def __init__(
        self, ssl_context: ssl.SSLContext | None = None, *, network: Network = AS_EVENTBRIDGE
    ) -> None:
        self._certificates = Certificates(ssl_context) if ssl_context else network.certificates()
        self._proxies = network.proxies

    async def send(
        self, request: PreparedRequest, *, limit: float = REQUEST_TIMEOUT, redactor: Redactor
    ) -> Exchange:
        """Send `request`; see `Transport.send`."""
        return await exchange(
            revealed(request),
            limit=limit,
            redactor=redactor,
            certificates=self._certificates,
            proxies=self._proxies,
        )


def revealed(request: PreparedRequest) -> WireRequest:
    """Return the request as its bytes go out, `Content-Length` that of the true body."""
    body = merge_body(request.payload, _pairs(request.body_parameters)).encode("utf-8", "replace")
    return WireRequest(
        method=request.method,
        url=encode_url(request.base_url, _pairs(request.query)),
        headers=tuple(
            (name, str(len(body)) if name.lower() == "content-length" else value)
            for name, value in _pairs(request.headers)
        ),
        body=body,
    )


def in_clear(request: PreparedRequest) -> PreparedRequest:
    """Return the request with its secrets as plain values: for a person who asked to take them away.

    A credential that is not known yet, such as a token that was not fetched, stays masked.
    """

    def clear(parts: tuple[Part, ...]) -> tuple[Part, ...]:
        return tuple(
            replace(part, value=part.value.reveal() or part.value) if isinstance(part.value, Secret) else part
            for part in parts
        )

    return replace(
        request,
        headers=clear(request.headers),
        query=clear(request.query),
        body_parameters=clear(request.body_parameters),
    )


def _pairs(parts: tuple[Part, ...]) -> list[tuple[str, str]]:
    return [(p.name, p.value.reveal() if isinstance(p.value, Secret) else p.value) for p in parts]
