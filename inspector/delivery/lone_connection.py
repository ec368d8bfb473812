"""A transport of httpx that opens a connection for one request and writes the request as it stands.

httpx's own transport cannot be given a network backend, which tells the lookup of a name apart from the
connecting, and behind a proxy it normalises the path. This module imports httpx: import it late.
"""

import ssl
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from typing import Final, cast
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from inspector.delivery.phases import Trace
from inspector.delivery.proxies import Proxy
from inspector.delivery.resolving import Resolving

_ERRORS: Final[tuple[tuple[type[Exception], type[httpx.TransportError]], ...]] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.ReadTimeout, httpx.ReadTimeout),
    (httpcore.WriteTimeout, httpx.WriteTimeout),
    (httpcore.PoolTimeout, httpx.PoolTimeout),
    (httpcore.TimeoutException, httpx.TimeoutException),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.ReadError, httpx.ReadError),
    (httpcore.WriteError, httpx.WriteError),
    (httpcore.NetworkError, httpx.NetworkError),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
    (httpcore.RemoteProtocolError, httpx.RemoteProtocolError),
    (httpcore.ProtocolError, httpx.ProtocolError),
    (httpcore.ProxyError, httpx.ProxyError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
)
"""httpcore's errors and those that httpx tells them by; the special ones go first."""


class LoneConnection(httpx.AsyncBaseTransport):
    """Sends a request over a new connection, which `aclose` ends.

    context: what verifies the endpoint, and a proxy that is reached by https. trace: told the phases.
    proxy: what the connection goes through; None for the direct way.
    """

    def __init__(self, context: ssl.SSLContext, trace: Trace, proxy: Proxy | None = None) -> None:
        self._trace = trace
        self._pool = _pool(context, Resolving(trace), proxy)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Write the request and return the answer as soon as its head is there.

        The headers go out as they are, `Host` first, the others in their order; none is added but what is
        for a proxy. `extensions["target"]`, bytes, is the target of the request line, with a proxy too;
        without it, the target is that of the URL.

        Raises:
            httpx.TransportError: no answer came; of the cause that httpcore and the system tell.
        """
        with _errors_of_httpx():
            answer = await self._pool.handle_async_request(self._core_request(request))
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Stream(answer),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close the connection, in mid-answer too."""
        await self._pool.aclose()

    def _core_request(self, request: httpx.Request) -> httpcore.Request:
        # Left among the extensions, httpcore would take the target for that of the tunnel too.
        extensions = {name: value for name, value in request.extensions.items() if name != "target"}
        return httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.extensions.get("target", request.url.raw_path),
            ),
            headers=request.headers.raw,
            content=cast("AsyncIterable[bytes]", request.stream),
            extensions={**extensions, "trace": self._trace},
        )


class _Stream(httpx.AsyncByteStream):
    """The body of an answer as it comes, still encoded."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _errors_of_httpx():
            async with aclosing(cast("AsyncGenerator[bytes, None]", self._answer.aiter_stream())) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def aclose(self) -> None:
        with _errors_of_httpx():
            await self._answer.aclose()


@contextmanager
def _errors_of_httpx() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        for ours, theirs in _ERRORS:
            if isinstance(error, ours):
                raise theirs(str(error)) from error
        raise


def _pool(
    context: ssl.SSLContext, backend: httpcore.AsyncNetworkBackend, proxy: Proxy | None
) -> httpcore.AsyncConnectionPool:
    if proxy is None:
        return httpcore.AsyncConnectionPool(ssl_context=context, network_backend=backend)
    parts = urlsplit(proxy.url)
    credentials = (unquote(parts.username or "").encode(), unquote(parts.password or "").encode())
    return httpcore.AsyncHTTPProxy(
        f"{parts.scheme}://{proxy.name}",
        proxy_auth=credentials if any(credentials) else None,
        proxy_ssl_context=context if parts.scheme == "https" else None,
        ssl_context=context,
        network_backend=backend,
    )
