"""What httpx's interface must not do to a request and its answer: add, normalise, follow, log."""

import logging
import ssl

import httpx
import pytest

from inspector.delivery.lone_connection import LoneConnection
from inspector.delivery.phases import Trace
from inspector.delivery.wire import Certificates, WireRequest, exchange
from inspector.secret import Redactor
from tests.delivery.raw_server import raw_server

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def lone() -> tuple[LoneConnection, Trace]:
    trace = Trace()
    return LoneConnection(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), trace), trace


def request(url: str, **extensions: bytes) -> httpx.Request:
    headers = [(b"Host", b"hooks.test"), (b"X-b", b"1"), (b"x-B", b"2"), (b"Content-Length", b"2")]
    return httpx.Request(
        "POST", url, headers=headers, stream=httpx.ByteStream(b"{}"), extensions=dict(extensions)
    )


@pytest.mark.parametrize(
    ("extensions", "target"),
    [
        pytest.param({"target": b"/a/../b?x=%20"}, b"/a/../b?x=%20", id="the target that is given"),
        pytest.param({}, b"/of/the/url", id="the URL's own"),
    ],
)
async def test_a_request_of_httpx_goes_out_as_it_stands(extensions: dict[str, bytes], target: bytes) -> None:
    connection, trace = lone()
    async with raw_server(OK) as server, connection:
        response = await connection.handle_async_request(request(f"{server.url}/of/the/url", **extensions))
        assert await response.aread() == b"ok"
    headers = b"Host: hooks.test\r\nX-b: 1\r\nx-B: 2\r\nContent-Length: 2\r\n"
    assert server.received == [b"POST " + target + b" HTTP/1.1\r\n" + headers + b"\r\n{}"]
    assert trace.phase == "the answer"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(b"", httpx.RemoteProtocolError, id="none"),
        pytest.param(b"nonsense\r\n\r\n", httpx.RemoteProtocolError, id="no HTTP"),
        pytest.param(OK[:-1], httpx.RemoteProtocolError, id="half a body"),
    ],
)
async def test_what_fails_is_an_error_of_httpx(answer: bytes, error: type[Exception]) -> None:
    connection, _ = lone()
    async with raw_server(answer) as server, connection:
        with pytest.raises(error):
            await (await connection.handle_async_request(request(server.url))).aread()


async def test_a_refused_connection_is_an_error_of_httpx() -> None:
    async with raw_server(OK) as server:
        url = server.url
    connection, _ = lone()
    async with connection:
        with pytest.raises(httpx.ConnectError):
            await connection.handle_async_request(request(url))


async def asked(url: str) -> int:
    result = await exchange(
        WireRequest("POST", url, (("Host", "hooks.test"), ("Content-Length", "0")), b""),
        limit=5,
        redactor=Redactor(),
        certificates=Certificates(),
    )
    assert result.response is not None, result.error
    return result.response.status


async def test_a_redirect_to_what_is_no_url_is_an_answer() -> None:
    """httpx's client takes it for a broken answer, though it follows nothing."""
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://[::no/\r\nContent-Length: 0\r\n\r\n"
    async with raw_server(answer) as server:
        assert await asked(server.url) == 302


async def test_no_header_is_made_of_a_user_in_the_address() -> None:
    async with raw_server(OK) as server:
        await asked(server.url.replace("//", "//user:password@"))
    assert server.received == [b"POST / HTTP/1.1\r\nHost: hooks.test\r\nContent-Length: 0\r\n\r\n"]


async def test_an_address_is_not_logged_for_a_secret_may_stand_in_its_query(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with raw_server(OK) as server:
        await asked(f"{server.url}/?key=canary-1")
    assert "canary-1" not in caplog.text
