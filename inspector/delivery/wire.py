"""One HTTP request over one new connection, byte for byte as asked, bounded in time and in memory.

EventBridge sends `Connection: close`, follows no redirect and waits 5 seconds in all (request-and-auth,
section 1). httpx sends it, by its transport interface (`LoneConnection`). Its client stays out: it logs the
address, in which secrets may stand, makes a header of an address' user and password, reads `Set-Cookie`, and
takes an answer for an error when its `Location` is no URL.
"""

import asyncio
import re
import ssl
import time
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote

from inspector.delivery.decoding import BoundedBody
from inspector.delivery.events import Response, Timings, TransportError
from inspector.delivery.faults import transport_error
from inspector.delivery.httpx_import import load_httpx, warm_up
from inspector.delivery.phases import Trace
from inspector.delivery.proxies import Proxies, Proxy
from inspector.eventbridge.retry import TransportErrorKind
from inspector.eventbridge.url import request_target
from inspector.safe import safe_line
from inspector.secret import Redactor

if TYPE_CHECKING:
    import httpx

BODY_LIMIT: Final = 1024 * 1024
"""Bytes of an answer that are kept: EventBridge asks for `Range: bytes=0-1048575`."""

_PROXY_REFUSES: Final = 407
_MARGIN: Final = 8 * 1024
"""Read beyond the limit, so that a secret across it is whole when it is masked."""

VISIBLE: Final = "".join(map(chr, range(0x21, 0x7F)))
_NAME: Final = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True, repr=False)
class WireRequest:
    """A request with its secrets revealed. It has no repr, so that none shows them."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Exchange:
    """What came of one request: a response or an error, never both, never neither.

    remote_address and tls: see `Attempt`.
    """

    timings: Timings
    response: Response | None = None
    error: TransportError | None = None
    remote_address: str = ""
    tls: str = ""


class Certificates:
    """What verifies an endpoint. The usual one is built once in a process, in a thread: it takes 40 ms.

    ca_file: authorities that are trusted beside the public ones.
    """

    def __init__(self, context: ssl.SSLContext | None = None, *, ca_file: Path | None = None) -> None:
        self._context, self._ca_file = context, ca_file
        self._lock = asyncio.Lock()

    async def context(self, url: str) -> ssl.SSLContext:
        """Return what verifies the endpoint of `url`; a cheap one where no TLS comes into it."""
        if not url[:6].lower().startswith("https:"):
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        async with self._lock:
            if self._context is None:
                self._context = await asyncio.to_thread(_certificates, self._ca_file)
        return self._context


@lru_cache(maxsize=4)
def _certificates(ca_file: Path | None) -> ssl.SSLContext:
    load_httpx()
    import httpx

    context = httpx.create_ssl_context(trust_env=False)
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


async def exchange(
    request: WireRequest,
    *,
    limit: float,
    redactor: Redactor,
    certificates: Certificates,
    proxies: Proxies | None = None,
) -> Exchange:
    """Send one request over a connection of its own and return what came of it.

    limit: seconds for everything, reading included. What the answer echoes of the redactor's secrets is
    masked. proxies: what it goes through. No failure of the network or of the peer raises.
    """
    await warm_up()
    import httpx

    context = await certificates.context(request.url)
    start = time.perf_counter()
    trace = Trace()
    try:
        url = httpx.URL(request.url)
    except (httpx.InvalidURL, ValueError) as error:
        return failed("invalid-address", f"the address is no URL: {safe_line(str(error))}", start, redactor)
    if problem := address_problem(url):
        return failed("invalid-address", problem, start, redactor)
    if problem := header_problem(request):
        return failed("invalid-request", problem, start, redactor)
    proxy = proxies.for_url(request.url) if proxies else None
    result = await _ask(_httpx_request(request, url), trace, context, proxy, limit, redactor)
    timings = trace.timings(start, trace.marks.get("body", time.perf_counter()))
    if isinstance(result, TransportError):
        failure = TransportError(result.kind, redactor.text(result.message))
        return Exchange(timings, None, failure, trace.remote_address, trace.tls)
    return Exchange(timings, result, None, trace.remote_address, trace.tls)


async def _ask(
    request: "httpx.Request",
    trace: Trace,
    context: ssl.SSLContext,
    proxy: Proxy | None,
    limit: float,
    redactor: Redactor,
) -> Response | TransportError:
    import httpx

    from inspector.delivery.lone_connection import LoneConnection

    peer = peer_of(request.url)
    if proxy:
        peer = f"{peer} through the proxy {proxy.name}"
    body: BoundedBody | None = None
    connection = LoneConnection(context, trace, proxy)
    try:
        async with asyncio.timeout(limit):
            response = await connection.handle_async_request(request)
            body = bounded_body(_values(response.headers.raw, b"content-encoding"))
            try:
                await _read(response, body)
            finally:
                await response.aclose()
        trace.marks["body"] = time.perf_counter()
    except TimeoutError:
        return too_slow(peer, limit, trace.phase, body)
    except httpx.ProxyError as error:
        return TransportError("unreachable", f"no way to {peer}: it answered {safe_line(str(error))}")
    except (httpx.TransportError, OSError, ValueError) as error:
        if is_switch(error):
            return SWITCHED
        return transport_error(error, peer=peer, phase=trace.phase)
    finally:
        await connection.aclose()
    if proxy and response.status_code == _PROXY_REFUSES:
        # Not the endpoint's: taken for its own, it would deauthorize the connection.
        return TransportError("unreachable", f"no way to {peer}: it wants credentials of its own")
    return bounded_response(
        response.status_code,
        _extension(response, "reason_phrase"),
        _extension(response, "http_version"),
        response.headers.raw,
        body,
        redactor,
    )


SWITCHED: Final = Response(101, "Switching Protocols", "HTTP/1.1", (), b"", 0)


def is_switch(error: Exception) -> bool:
    """Tell whether h11 gave up on a 101 that nobody asked for; to EventBridge it is a status like others."""
    return "_SWITCH_UPGRADE" in str(error)


async def _read(response: "httpx.Response", body: BoundedBody) -> None:
    async with aclosing(cast("AsyncGenerator[bytes, None]", response.aiter_raw())) as chunks:
        async for chunk in chunks:
            body.feed(chunk)
            if body.full:
                return


def _values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in headers if key.lower() == name]


def _extension(response: "httpx.Response", name: str) -> bytes:
    value = response.extensions.get(name)
    return value if isinstance(value, bytes) else b""


def too_slow(peer: str, limit: float, phase: str, body: BoundedBody | None) -> TransportError:
    """Return the error of a request that took more than `limit` seconds; `body` is what had come of it."""
    read = f", {body.received:,} bytes of the body had come" if body else ""
    return TransportError("timeout", f"{peer} took more than {limit:g} s, ended during {phase}{read}")


def failed(kind: TransportErrorKind, message: str, start: float, redactor: Redactor) -> Exchange:
    """Return what came of a request that was not sent. start: `perf_counter` at its beginning."""
    timings = Timings(total=(time.perf_counter() - start) * 1000)
    return Exchange(timings, error=TransportError(kind, redactor.text(message)))


def peer_of(url: "httpx.URL") -> str:
    """Return host and port for a reader."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{host}:{url.port or (443 if url.scheme == 'https' else 80)}"


def address_problem(url: "httpx.URL") -> str:
    """Say why nothing can be sent to an address; empty where something can."""
    if url.scheme not in ("http", "https"):
        return f"the address has the scheme {url.scheme!r}; only https and http are sent"
    if not url.host:
        return "the address names no host"
    if url.port is not None and not 0 < url.port < 65536:
        return f"the address has the port {url.port}; ports go from 1 to 65535"
    return ""


def header_problem(request: WireRequest) -> str:
    """Name what HTTP does not allow, but not its value: that may be a secret."""
    for name, value in request.headers:
        if not _NAME.fullmatch(name):
            return f"{name!r} is no legal name of a header"
        if _ILLEGAL.search(value):
            return f"the value of the header {name!r} holds a character that HTTP does not allow"
    return ""


def _httpx_request(request: WireRequest, url: "httpx.URL") -> "httpx.Request":
    import httpx

    target = quote(request_target(request.url), safe=VISIBLE)
    return httpx.Request(
        request.method,
        url,
        headers=[(name.encode("ascii"), value.strip(" \t").encode()) for name, value in request.headers],
        # A stream, not content: for content httpx would add headers.
        stream=httpx.ByteStream(request.body),
        # httpx would normalise the path.
        extensions={"target": target.encode("ascii")},
    )


def bounded_body(content_encoding: Sequence[str]) -> BoundedBody:
    """Return what collects the body of an answer: up to the limit, and a margin for the masking."""
    return BoundedBody(content_encoding, BODY_LIMIT + _MARGIN)


def bounded_response(
    status: int,
    reason: bytes,
    http_version: bytes,
    headers: Iterable[tuple[bytes, bytes]],
    body: BoundedBody,
    redactor: Redactor,
) -> Response:
    """Return an answer from its bytes: echoed secrets masked, the body of `bounded_body` cut at the limit."""
    data = redactor.data(body.finish())
    cut = body.full or len(data) > BODY_LIMIT
    # Half a secret may stand at the very end of what was read: the margin goes, whatever the masks saved.
    data = data[: min(BODY_LIMIT, len(data) - _MARGIN if body.full else BODY_LIMIT)]
    return Response(
        status=status,
        reason=redactor.text(_text(reason)),
        http_version=_text(http_version),
        headers=tuple((redactor.text(_text(n)), redactor.text(_text(v))) for n, v in headers),
        body=data,
        received_bytes=body.received,
        cut=cut,
        note=body.note,
    )


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
