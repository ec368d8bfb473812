"""One HTTP request as `wire` sends it, in less time: bare asyncio below, h11 above, nothing between.

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
from typing import TYPE_CHECKING, Final, TypeAlias, cast
from urllib.parse import quote

import h11

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

if TYPE_CHECKING:
    from inspector.delivery.decoding import BoundedBody

_LARGEST_HEAD: Final = 100 * 1024
"""Bytes of an answer's head, as in httpx."""

_NEXT_ADDRESS_AFTER: Final = 0.25
_NAMES_KEPT: Final = 10.0
"""Seconds for which the addresses of a host name are used again."""

_IDLE_KEPT: Final = 256

_Address: TypeAlias = tuple[int, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]
_Origin: TypeAlias = tuple[str, str, int]


class _NoAnswerError(Exception):
    """The peer closed the connection before the head of an answer was complete."""


class _NoHandshakeError(Exception):
    """The peer closed the connection during TLS."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a URL leads; `problem` says why nothing can be sent there, empty where something can."""

    origin: _Origin
    peer: str
    problem: str = ""


class _Channel(asyncio.Protocol):
    """One connection: HTTP's state, what went wrong, and who waits for more."""

    def __init__(self) -> None:
        self.http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD)
        self.transport: asyncio.Transport
        self.trace = Trace()
        self.remote_address = ""
        self.tls = ""
        self._broken: BaseException | None = None
        self._closed = False
        self._ended = False
        self._waiter: asyncio.Future[None] | None = None

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = made = cast(asyncio.Transport, transport)
        # Zero: `resume_writing` then tells that everything has gone out.
        made.set_write_buffer_limits(0)

    def data_received(self, data: bytes) -> None:
        self.http.receive_data(data)
        self._wake()

    def eof_received(self) -> None:
        self._closed = True
        self._wake()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._broken = exc
        self._closed = True
        self._wake()

    def resume_writing(self) -> None:
        self._sent()

    def _sent(self) -> None:
        self.trace.marks.setdefault("send_request_body.complete", time.perf_counter())

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    # What the request calls

    @property
    def reusable(self) -> bool:
        """Whether another request may go over this connection."""
        return not self._closed and not self.transport.is_closing()

    def write(self, request: WireRequest, target: bytes, trace: Trace) -> None:
        """Hand the whole request to the connection."""
        self.trace = trace
        headers = [(name.encode("ascii"), value.strip(" \t").encode()) for name, value in request.headers]
        head = self.http.send(h11.Request(method=request.method, target=target, headers=headers))
        body = self.http.send(h11.Data(data=request.body)) if request.body else b""
        end = self.http.send(h11.EndOfMessage())
        trace.marks["send_request_headers.started"] = time.perf_counter()
        self.transport.write(b"".join((head or b"", body or b"", end or b"")))
        if not self.transport.get_write_buffer_size():
            self._sent()
        trace.marks["receive_response_headers.started"] = time.perf_counter()

    async def event(self) -> h11.Event | None:
        """Return the next thing of the answer when it has come; None behind its end."""
        while (event := self.http.next_event()) is h11.NEED_DATA:
            if self._broken:
                raise self._broken
            if self._closed:
                # Only now: over TLS the end comes in one go with the head, before that is read.
                if self._ended or self.http.their_state is h11.SEND_RESPONSE:
                    raise _NoAnswerError
                self._ended = True
                self.http.receive_data(b"")
                continue
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return event if isinstance(event, h11.Event) else None

    def end(self) -> bool:
        """Finish with a request; return whether the connection is open for another."""
        if self.http.our_state is h11.DONE and self.http.their_state is h11.DONE and self.reusable:
            self.http.start_next_cycle()
            return True
        self.close()
        return False

    def close(self) -> None:
        """Close the connection; what is under way on it is lost."""
        self.transport.abort()


@dataclass(slots=True)
class Wires:
    """Connections for many requests: made with what verifies an endpoint, kept where `keep_alive`.

    Without `keep_alive` each request has a connection of its own, as EventBridge does it.
    """

    certificates: Certificates
    keep_alive: bool = False
    _idle: dict[_Origin, deque[_Channel]] = field(default_factory=dict)
    _names: dict[tuple[str, int], tuple[float, list[_Address]]] = field(default_factory=dict)

    async def exchange(self, request: WireRequest, *, limit: float, redactor: Redactor) -> Exchange:
        """Send one request and return what came of it; see `wire.exchange`."""
        await warm_up()
        context = await self.certificates.context(request.url) if request.url[:5] in _SECURE else None
        start = time.perf_counter()
        scheme, authority, _, _ = split_url(request.url)
        place = _place(f"{scheme}://{authority}/" if scheme else request.url)
        if place.problem:
            return failed("invalid-address", place.problem, start, redactor)
        if problem := header_problem(request):
            return failed("invalid-request", problem, start, redactor)
        trace = Trace()
        result = await self._ask(request, place, context, trace, limit, redactor)
        timings = trace.timings(start, trace.marks.get("body", time.perf_counter()))
        if isinstance(result, TransportError):
            result = TransportError(result.kind, redactor.text(result.message))
            return Exchange(timings, None, result, trace.remote_address, trace.tls)
        return Exchange(timings, result, None, trace.remote_address, trace.tls)

    def close(self) -> None:
        """Close the connections that are kept."""
        for channels in self._idle.values():
            for channel in channels:
                channel.close()
        self._idle.clear()

    async def _ask(
        self,
        request: WireRequest,
        place: _Place,
        context: ssl.SSLContext | None,
        trace: Trace,
        limit: float,
        redactor: Redactor,
    ) -> Response | TransportError:
        body: BoundedBody | None = None
        channel: _Channel | None = None
        try:
            async with asyncio.timeout(limit):
                channel = self._kept(place.origin) or await self._connect(place.origin, context, trace)
                trace.remote_address, trace.tls = channel.remote_address, channel.tls
                channel.write(request, _target(request.url), trace)
                head = await _head(channel)
                trace.marks["receive_response_headers.complete"] = time.perf_counter()
                raw = head.headers.raw_items()
                body = bounded_body([v.decode("latin-1") for n, v in raw if n.lower() == b"content-encoding"])
                while isinstance(event := await channel.event(), h11.Data):
                    body.feed(bytes(event.data))
                    if body.full:
                        break
            trace.marks["body"] = time.perf_counter()
            if channel.end() and self.keep_alive:
                self._keep(place.origin, channel)
                channel = None
        except TimeoutError as error:
            if error.errno is not None:  # The system's own time limit of a connection.
                return transport_error(error, peer=place.peer, phase=trace.phase)
            return too_slow(place.peer, limit, trace.phase, body)
        except _NoAnswerError:
            return TransportError("reset", f"{place.peer} closed the connection without an answer")
        except _NoHandshakeError:
            return TransportError("tls", f"{place.peer} closed the connection during TLS")
        except (h11.ProtocolError, OSError, ValueError) as error:
            if is_switch(error):
                return SWITCHED
            return transport_error(error, peer=place.peer, phase=trace.phase)
        finally:
            if channel is not None:
                channel.close()
        return bounded_response(
            head.status_code, head.reason, b"HTTP/" + head.http_version, raw, body, redactor
        )

    def _kept(self, origin: _Origin) -> _Channel | None:
        channels = self._idle.get(origin)
        while channels:
            if (channel := channels.pop()).reusable:
                return channel
        return None

    def _keep(self, origin: _Origin, channel: _Channel) -> None:
        channels = self._idle.setdefault(origin, deque())
        channels.append(channel)
        if len(channels) > _IDLE_KEPT:
            channels.popleft().close()

    async def _connect(self, origin: _Origin, context: ssl.SSLContext | None, trace: Trace) -> _Channel:
        loop = asyncio.get_running_loop()
        scheme, host, port = origin
        trace.marks["connect_tcp.started"] = time.perf_counter()
        connection = await _reach(await self._addresses(host, port, trace))
        trace.marks["connect_tcp.complete"] = time.perf_counter()
        channel = _Channel()
        try:
            channel.remote_address = trace.remote_address = address_text(connection.getpeername())
            if scheme == "http":
                await loop.create_connection(lambda: channel, sock=connection)
                return channel
            trace.marks["start_tls.started"] = time.perf_counter()
            try:
                await loop.create_connection(
                    lambda: channel, sock=connection, ssl=context, server_hostname=host
                )
            except ConnectionError as error:
                if error.errno is None:
                    raise _NoHandshakeError from error
                raise
            trace.marks["start_tls.complete"] = time.perf_counter()
        except BaseException:
            connection.close()
            raise
        tls = channel.transport.get_extra_info("ssl_object")
        channel.tls = tls_text(tls) if isinstance(tls, ssl.SSLObject) else ""
        return channel

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


async def _head(channel: _Channel) -> h11.Response:
    while not isinstance(event := await channel.event(), h11.Response):
        if not isinstance(event, h11.InformationalResponse):
            raise _NoAnswerError
    return event


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
