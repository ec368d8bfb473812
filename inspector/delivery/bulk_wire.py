"""HTTP requests as `wire` sends them, in less time: bare sockets below, h11 above, nothing between.

For many deliveries at once. h11 is the parser of httpx too, so bytes, bounds and errors are the same;
what httpx spends on its pool and on anyio is saved (docs/performance.md, Delivery).
"""

import asyncio
import socket
import ssl
import time
from asyncio.staggered import staggered_race
from collections import deque
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Final, TypeAlias
from urllib.parse import quote

import h11

from inspector.delivery.bulk_channel import (
    Channel,
    EncodedRequest,
    NoAnswerError,
    SocketLine,
    TransportLine,
    encoded,
)
from inspector.delivery.events import Response, TransportError
from inspector.delivery.faults import transport_error
from inspector.delivery.httpx_import import warm_up
from inspector.delivery.phases import Trace, address_text, is_address, tls_text
from inspector.delivery.wire import (
    SWITCHED,
    VISIBLE,
    Certificates,
    Exchange,
    WireRequest,
    address_problem,
    bounded_body,
    bounded_response,
    failed,
    header_problem,
    is_switch,
    peer_of,
    too_slow,
)
from inspector.eventbridge.url import request_target, split_url
from inspector.safe import safe_line
from inspector.secret import Redactor

_NEXT_ADDRESS_AFTER: Final = 0.25
_NAMES_KEPT: Final = 10.0
"""Seconds for which the addresses of a host name are used again."""

_IDLE_KEPT: Final = 256
_KNOWN_KEPT: Final = 256

_Address: TypeAlias = tuple[int, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]
_Origin: TypeAlias = tuple[str, str, int]
_Request: TypeAlias = tuple[str, str, tuple[tuple[str, str], ...]]


class _NoHandshakeError(Exception):
    """The peer closed the connection during TLS."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a URL leads; `problem` says why nothing can be sent there, empty where something can."""

    origin: _Origin
    peer: str
    problem: str = ""


@dataclass(slots=True)
class Wires:
    """Connections for many requests: made with what verifies an endpoint, kept where `keep_alive`.

    Without `keep_alive` each request has a connection of its own, as EventBridge does it.
    """

    certificates: Certificates
    keep_alive: bool = False
    _known: dict[_Request, tuple[_Place, EncodedRequest | str]] = field(default_factory=dict)
    _idle: dict[_Origin, deque[Channel]] = field(default_factory=dict)
    _names: dict[tuple[str, int], tuple[float, list[_Address]]] = field(default_factory=dict)

    async def exchange(self, request: WireRequest, *, limit: float, redactor: Redactor) -> Exchange:
        """Send one request and return what came of it; see `wire.exchange`."""
        await warm_up()
        context = await self.certificates.context(request.url) if request.url[:5] in _SECURE else None
        start = time.perf_counter()
        place, to_send = self._understood(request)
        if place.problem:
            return failed("invalid-address", place.problem, start, redactor)
        if isinstance(to_send, str):
            return failed("invalid-request", to_send, start, redactor)
        trace = Trace()
        result = await self._ask(to_send, request.body, place, context, trace, limit, redactor)
        timings = trace.timings(start, trace.marks.get("body", time.perf_counter()))
        if isinstance(result, TransportError):
            result = TransportError(result.kind, redactor.text(result.message))
            return Exchange(timings, None, result, trace.remote_address, trace.tls)
        return Exchange(timings, result, None, trace.remote_address, trace.tls)

    def close(self) -> None:
        """Close the connections that are kept."""
        for channels in self._idle.values():
            for channel in channels:
                channel.line.close()
        self._idle.clear()

    async def _ask(
        self,
        request: EncodedRequest,
        content: bytes,
        place: _Place,
        context: ssl.SSLContext | None,
        trace: Trace,
        limit: float,
        redactor: Redactor,
    ) -> Response | TransportError:
        channel: Channel | None = None
        try:
            async with asyncio.timeout(limit):
                channel = self._kept(place.origin) or await self._connect(place.origin, context, trace)
                trace.remote_address, trace.tls = channel.remote_address, channel.tls
                answer = await channel.ask(request, content, trace)
            trace.marks["body"] = time.perf_counter()
            body = channel.body
            if self.keep_alive and channel.reusable:
                self._keep(place.origin, channel)
                channel = None
        except TimeoutError as error:
            if error.errno is not None:  # The system's own time limit of a connection.
                return transport_error(error, peer=place.peer, phase=trace.phase)
            return too_slow(place.peer, limit, trace.phase, channel.body if channel else None)
        except NoAnswerError:
            return TransportError("reset", f"{place.peer} closed the connection without an answer")
        except _NoHandshakeError:
            return TransportError("tls", f"{place.peer} closed the connection during TLS")
        except (h11.ProtocolError, OSError, ValueError) as error:
            if is_switch(error):
                return SWITCHED
            return transport_error(error, peer=place.peer, phase=trace.phase)
        finally:
            if channel is not None:
                channel.line.close()
        return bounded_response(
            answer.status, answer.reason, answer.version, answer.headers, body or bounded_body(()), redactor
        )

    def _understood(self, request: WireRequest) -> tuple[_Place, EncodedRequest | str]:
        """Return where a request goes and its bytes, or what is wrong with it; much the same for many."""
        key = request.method, request.url, request.headers
        found = self._known.get(key)
        if found is None:
            scheme, authority, _, _ = split_url(request.url)
            place = _place(f"{scheme}://{authority}/" if scheme else request.url)
            problem = header_problem(request)
            to_send = problem or encoded(request.method, _target(request.url), request.headers)
            if len(self._known) >= _KNOWN_KEPT:
                self._known.clear()
            found = self._known[key] = place, to_send
        return found

    def _kept(self, origin: _Origin) -> Channel | None:
        channels = self._idle.get(origin)
        while channels:
            if (channel := channels.pop()).line.quiet():
                return channel
            channel.line.close()
        return None

    def _keep(self, origin: _Origin, channel: Channel) -> None:
        channels = self._idle.setdefault(origin, deque())
        channels.append(channel)
        if len(channels) > _IDLE_KEPT:
            channels.popleft().line.close()

    async def _connect(self, origin: _Origin, context: ssl.SSLContext | None, trace: Trace) -> Channel:
        loop = asyncio.get_running_loop()
        scheme, host, port = origin
        trace.marks["connect_tcp.started"] = time.perf_counter()
        connection = await _reach(await self._addresses(host, port, trace))
        trace.marks["connect_tcp.complete"] = time.perf_counter()
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            trace.remote_address = address_text(connection.getpeername())
            if scheme == "http":
                return Channel(SocketLine(connection), trace.remote_address)
            line = TransportLine()
            trace.marks["start_tls.started"] = time.perf_counter()
            try:
                await loop.create_connection(lambda: line, sock=connection, ssl=context, server_hostname=host)
            except ConnectionError as error:
                if error.errno is None:
                    raise _NoHandshakeError from error
                raise
            trace.marks["start_tls.complete"] = time.perf_counter()
        except BaseException:
            connection.close()
            raise
        tls = line.transport.get_extra_info("ssl_object")
        return Channel(line, trace.remote_address, tls_text(tls) if isinstance(tls, ssl.SSLObject) else "")

    async def _addresses(self, host: str, port: int, trace: Trace) -> list[_Address]:
        now = time.monotonic()
        asked, addresses = self._names.get((host, port), (0.0, []))
        if not addresses or now - asked > _NAMES_KEPT:
            named = not is_address(host)
            if named:
                trace.marks["dns.started"] = time.perf_counter()
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
            if named:
                trace.marks["dns.complete"] = time.perf_counter()
            addresses = [(family, address) for family, _, _, _, address in found]
            self._names[host, port] = now, addresses
        return addresses


_SECURE: Final = {"https", "HTTPS", "Https"}


@lru_cache(maxsize=256)
def _place(url: str) -> _Place:
    import httpx

    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        return _Place(("", "", 0), "", f"the address is no URL: {safe_line(str(error))}")
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    host = parsed.raw_host.decode("ascii")
    return _Place((parsed.scheme, host, port), peer_of(parsed), address_problem(parsed))


def _target(url: str) -> bytes:
    return quote(request_target(url), safe=VISIBLE).encode("ascii")


async def _reach(addresses: list[_Address]) -> socket.socket:
    """Return a connection to the first address that answers; all are tried, each a little later."""
    if len(addresses) == 1:
        return await _dial(addresses[0])
    attempts = [partial(_dial, address) for address in addresses]
    winner: socket.socket | None
    winner, _, errors = await staggered_race(attempts, _NEXT_ADDRESS_AFTER)
    if winner is None:
        raise next(error for error in errors if error is not None)
    return winner


async def _dial(address: _Address) -> socket.socket:
    family, place = address
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, place)
    except BaseException:
        connection.close()
        raise
    return connection
