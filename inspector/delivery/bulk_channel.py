"""One connection of many: the bytes of a request out, an answer in, in as few steps as that takes.

Nearly every answer comes whole and in one piece; `plain_answer` reads those. h11, the parser of httpx, reads
all others, from their first byte on, and says what is wrong with them.
"""

import asyncio
import re
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol, cast

import h11

from inspector.delivery.decoding import BoundedBody
from inspector.delivery.phases import Trace
from inspector.delivery.wire import bounded_body

_PIECE: Final = 64 * 1024
_LARGEST_HEAD: Final = 100 * 1024
"""Bytes of an answer's head, as in httpx."""

RawHeaders = tuple[tuple[bytes, bytes], ...]


class NoAnswerError(Exception):
    """The peer closed the connection before the head of an answer was complete."""


@dataclass(frozen=True, slots=True, repr=False)
class EncodedRequest:
    """A request but for its body, as bytes; it has no repr, since it holds secrets.

    head: from the request line to the empty line; empty where h11 is to judge whether it can be written.
    length: what `Content-Length` says; -1 where it says nothing.
    """

    method: str
    target: bytes
    headers: RawHeaders
    head: bytes
    length: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came; its body is in the channel."""

    status: int
    reason: bytes
    version: bytes
    headers: RawHeaders


class Line(Protocol):
    """A connection, as bytes."""

    async def send(self, data: bytes) -> None:
        """Send all of `data`."""
        ...

    async def receive(self) -> bytes:
        """Return what has come, at least a byte; nothing at the end."""
        ...

    def quiet(self) -> bool:
        """Tell whether it is open and nothing has come that nobody asked for."""
        ...

    def close(self) -> None:
        """Close it, whatever is under way."""
        ...


class SocketLine:
    """A connection without TLS: the socket itself, which spares asyncio's transport and its two rounds."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._loop = asyncio.get_running_loop()

    async def send(self, data: bytes) -> None:
        """Send all of `data`."""
        try:
            sent = self._socket.send(data)
        except BlockingIOError:
            sent = 0
        if sent < len(data):
            await self._loop.sock_sendall(self._socket, memoryview(data)[sent:])

    async def receive(self) -> bytes:
        """Return what has come; nothing at the end."""
        return await self._loop.sock_recv(self._socket, _PIECE)

    def quiet(self) -> bool:
        """Tell whether it is open and nothing has come."""
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def close(self) -> None:
        """Close it."""
        self._socket.close()


class TransportLine(asyncio.Protocol):
    """A connection with TLS: asyncio's transport, read when somebody asks."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport
        self._come: list[bytes] = []
        self._broken: BaseException | None = None
        self._closed = False
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = made = cast(asyncio.Transport, transport)
        # Zero: `resume_writing` then tells that everything has gone out.
        made.set_write_buffer_limits(0)

    def data_received(self, data: bytes) -> None:
        self._come.append(data)
        # Not more than somebody takes.
        self.transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> None:
        self._closed = True
        _wake(self._reader)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._broken, self._closed = exc, True
        _wake(self._reader)
        _wake(self._writer)

    def resume_writing(self) -> None:
        _wake(self._writer)

    # What the channel calls

    async def send(self, data: bytes) -> None:
        """Send all of `data`."""
        self.transport.write(data)
        while self.transport.get_write_buffer_size() and not self._closed:
            self._writer = asyncio.get_running_loop().create_future()
            await self._writer

    async def receive(self) -> bytes:
        """Return what has come; nothing at the end."""
        while not self._come:
            if self._broken:
                raise self._broken
            if self._closed:
                return b""
            self._reader = asyncio.get_running_loop().create_future()
            self.transport.resume_reading()
            await self._reader
        data = b"".join(self._come)
        self._come.clear()
        return data

    def quiet(self) -> bool:
        """Tell whether it is open and nothing has come."""
        return not (self._come or self._closed or self.transport.is_closing())

    def close(self) -> None:
        """Close it."""
        self.transport.abort()


def _wake(waiter: "asyncio.Future[None] | None") -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


class Channel:
    """A connection over which requests go, one after the other.

    body: of the answer that is being read. reusable: whether another request may follow.
    """

    def __init__(self, line: Line, remote_address: str, tls: str = "") -> None:
        self.line = line
        self.remote_address, self.tls = remote_address, tls
        self.body: BoundedBody | None = None
        self.reusable = False

    async def ask(self, request: EncodedRequest, body: bytes, trace: Trace) -> Answer:
        """Send a request and read its answer.

        Raises:
            NoAnswerError: the connection was closed without one.
            h11.ProtocolError: the request or the answer is no HTTP.
            OSError: the connection broke.
        """
        self.reusable, self.body = False, None
        plainly = bool(request.head) and request.length == len(body)
        http = None if plainly else _told(request, body)
        marks = trace.marks
        marks["send_request_headers.started"] = time.perf_counter()
        try:
            await self.line.send((request.head if http is None else _written(request)) + body)
            marks["send_request_body.complete"] = time.perf_counter()
        except OSError:
            pass  # A server may answer before it has read everything, and close: the answer counts.
        marks["receive_response_headers.started"] = time.perf_counter()
        data = await self.line.receive()
        if http is None and (found := plain_answer(data, request.method)):
            answer, content = found
            marks["receive_response_headers.complete"] = time.perf_counter()
            self.body = _body_of(answer.headers)
            self.body.feed(content)
            self.reusable = not any(name.lower() == b"connection" for name, _ in answer.headers)
            return answer
        return await self._read(http or _told(request, body), data, marks)

    async def _read(self, http: h11.Connection, data: bytes, marks: dict[str, float]) -> Answer:
        answer: Answer | None = None
        while True:
            if not data and http.their_state is h11.SEND_RESPONSE:
                raise NoAnswerError
            http.receive_data(data)
            while (event := http.next_event()) is not h11.NEED_DATA:
                if isinstance(event, h11.Response):
                    marks["receive_response_headers.complete"] = time.perf_counter()
                    raw = tuple(event.headers.raw_items())
                    version = b"HTTP/" + event.http_version
                    answer = Answer(event.status_code, event.reason, version, raw)
                    self.body = _body_of(raw)
                elif isinstance(event, h11.Data) and self.body is not None:
                    self.body.feed(bytes(event.data))
                    if self.body.full:
                        break
                elif not isinstance(event, h11.InformationalResponse):
                    break
            else:
                data = await self.line.receive()
                continue
            if answer is None:
                raise NoAnswerError
            done = http.our_state is h11.DONE and http.their_state is h11.DONE
            self.reusable = done and not http.trailing_data[0]
            return answer


def _told(request: EncodedRequest, body: bytes) -> h11.Connection:
    """Return the parser of the answer to a request that it has been told of."""
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD)
    http.send(h11.Request(method=request.method, target=request.target, headers=list(request.headers)))
    if body:
        http.send(h11.Data(data=body))
    http.send(h11.EndOfMessage())
    return http


def _written(request: EncodedRequest) -> bytes:
    """Return the head as h11 writes it; what cannot be written has been refused by `_told`."""
    http = h11.Connection(h11.CLIENT)
    event = h11.Request(method=request.method, target=request.target, headers=list(request.headers))
    return http.send(event) or b""


def encoded(method: str, target: bytes, headers: Iterable[tuple[str, str]]) -> EncodedRequest:
    """Return a request as bytes. Its headers must be ones that HTTP allows."""
    raw = tuple((name.encode("ascii"), value.strip(" \t").encode()) for name, value in headers)
    named: dict[bytes, list[bytes]] = {}
    for name, value in raw:
        named.setdefault(name.lower(), []).append(value)
    lengths = named.get(b"content-length", [])
    plain = len(lengths) == 1 and lengths[0].isdigit() and len(named.get(b"host", ())) == 1
    if not plain or b"transfer-encoding" in named:
        return EncodedRequest(method, target, raw, b"", -1)
    # As h11 writes it: the host first.
    ordered = sorted(raw, key=lambda header: header[0].lower() != b"host")
    lines = [b"%s %s HTTP/1.1" % (method.encode("ascii"), target), *(b"%s: %s" % pair for pair in ordered)]
    return EncodedRequest(method, target, raw, b"\r\n".join(lines) + b"\r\n\r\n", int(lengths[0]))


_STATUS: Final = re.compile(rb"HTTP/1\.1 ([2-5]\d\d) ([\x21-\x7e][\x20-\x7e]*)")
_HEADER: Final = re.compile(
    rb"([-!#$%&'*+.^_`|~0-9A-Za-z]+):[ \t]*"
    rb"((?:[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?)[ \t]*"
)
_WITHOUT_BODY: Final = (204, 304)


def plain_answer(data: bytes, method: str) -> tuple[Answer, bytes] | None:
    """Return answer and content where `data` is one ordinary answer, whole and with nothing behind it.

    None for every other, also where more of it may come: it is for h11 to read.
    """
    head, found, content = data.partition(b"\r\n\r\n")
    if not found or method == "HEAD":
        return None
    first, *lines = head.split(b"\r\n")
    status = _STATUS.fullmatch(first)
    if status is None or int(status[1]) in _WITHOUT_BODY:
        return None
    length: bytes | None = None
    headers = []
    for line in lines:
        header = _HEADER.fullmatch(line)
        if header is None:
            return None
        name, value = header.groups()
        headers.append((name, value))
        match name.lower():
            case b"content-length":
                if length is not None or not value.isdigit():
                    return None
                length = value
            case b"transfer-encoding":
                return None
    if length is None or len(length) > 10 or int(length) != len(content):
        return None
    return Answer(int(status[1]), status[2], b"HTTP/1.1", tuple(headers)), content


def _body_of(headers: RawHeaders) -> BoundedBody:
    return bounded_body([v.decode("latin-1") for n, v in headers if n.lower() == b"content-encoding"])
