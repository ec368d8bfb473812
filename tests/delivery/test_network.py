"""What differs from EventBridge only when somebody asks: further authorities, a proxy."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme

from inspector.auth import Authorizer
from inspector.delivery.clock import VirtualClock
from inspector.delivery.network import Network, checked_ca_file
from inspector.delivery.proxies import Proxies, proxies_of
from inspector.delivery.transport import HttpxTransport
from inspector.delivery.transport_bulk import BulkTransport
from inspector.errors import InspectorError
from inspector.eventbridge.authorization import AuthorizationError
from tests.auth.token_endpoint import oauth, token
from tests.delivery.deliveries import START, plan, run
from tests.delivery.raw_server import RawServer, raw_server, read_request
from tests.delivery.test_wire import server_tls

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_bytes(authority.cert_pem.bytes())
    return path


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    return server_tls(authority.issue_cert("127.0.0.1", "localhost"))


# -- a private authority


@pytest.mark.parametrize("kind", [HttpxTransport, BulkTransport])
async def test_an_endpoint_of_a_private_authority(
    kind: type[HttpxTransport | BulkTransport], ca_file: Path, tls: ssl.SSLContext
) -> None:
    async with raw_server(OK, tls=tls) as server:
        given = plan(url=server.url.replace("http:", "https:"))
        trusting = await run(given, kind(network=Network(checked_ca_file(ca_file))))
        usual = await run(given, kind())
    assert trusting.outcome.kind == "delivered"
    assert "certificate of " in trusting.attempts[0].tls
    assert usual.attempts[0].error is not None
    assert usual.attempts[0].error.kind == "tls"


async def test_a_token_endpoint_of_a_private_authority(ca_file: Path, tls: ssl.SSLContext) -> None:
    async with raw_server(token("t0ken"), tls=tls) as server:
        connection = oauth(server.url.replace("http:", "https:"))
        now = VirtualClock(START).now
        granted = await Authorizer(now, network=Network(ca_file)).authorize(connection)
        with pytest.raises(AuthorizationError, match="the certificate of 127"):
            await Authorizer(now).authorize(connection)
    assert granted.exchange is not None
    assert granted.exchange.tls.startswith("TLSv1.3, certificate of ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"", "holds no certificate"),
        (b"no PEM", "holds"),
    ],
)
def test_a_file_without_certificates(content: bytes | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InspectorError, match=message) as caught:
        checked_ca_file(path)
    assert "PEM" in caught.value.hint


# -- a proxy


@asynccontextmanager
async def tunnel(refusal: bytes = b"") -> AsyncIterator[RawServer]:
    """A proxy that joins both ends of a CONNECT."""

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read_request(reader)
        proxy.received.append(request)
        if refusal:
            writer.write(refusal)
            return
        host, _, port = request.split(b" ")[1].decode().rpartition(":")
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(pipe(reader, far_writer), pipe(far_reader, writer), return_exceptions=True)
        far_writer.close()

    async with raw_server(talk, read=False) as proxy:
        yield proxy


def through(proxy: RawServer) -> Proxies:
    address = f"http://user:canary-proxy@127.0.0.1:{proxy.port}"
    return proxies_of({"HTTP_PROXY": address, "HTTPS_PROXY": address})


async def test_http_is_asked_of_the_proxy_by_its_whole_address() -> None:
    async with raw_server(OK) as proxy:
        network = Network(proxies=through(proxy))
        delivery = await run(plan(url="http://hooks.test:8080/a/../b?x=1"), HttpxTransport(network=network))
    assert proxy.received[0].startswith(b"POST http://hooks.test:8080/a/../b?x=1 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic " in proxy.received[0]
    assert delivery.outcome.kind == "delivered"
    assert "canary-proxy" not in repr((delivery.events, network))


async def test_https_goes_through_a_tunnel(ca_file: Path, tls: ssl.SSLContext) -> None:
    async with raw_server(OK, tls=tls) as server, tunnel() as proxy:
        network = Network(ca_file, through(proxy))
        url = f"https://localhost:{server.port}/a/../orders?x=1"
        delivery = await run(plan(url=url), HttpxTransport(network=network))
    assert proxy.received[0].startswith(f"CONNECT localhost:{server.port} HTTP/1.1\r\n".encode())
    assert b"canary-password" not in proxy.received[0]
    assert server.received[0].startswith(b"POST /a/../orders?x=1 HTTP/1.1\r\n")
    assert b"Proxy-Authorization" not in server.received[0]
    assert delivery.outcome.kind == "delivered"


async def test_a_token_is_asked_for_through_the_proxy_too() -> None:
    async with raw_server(token("t0ken")) as proxy:
        authorizer = Authorizer(VirtualClock(START).now, network=Network(proxies=through(proxy)))
        await authorizer.authorize(oauth("http://tokens.test/token"))
    assert proxy.received[0].startswith(b"POST http://tokens.test/token HTTP/1.1\r\n")


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_refuses_deauthorizes_no_connection(scheme: str) -> None:
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    async with tunnel(refusal) as proxy:
        network = Network(proxies=through(proxy))
        given = plan(url=f"{scheme}://hooks.test/")
        authorizer = Authorizer(VirtualClock(START).now)
        delivery = await run(given, HttpxTransport(network=network), authorizer=authorizer)
    error = delivery.attempts[0].error
    assert error is not None
    assert error.kind == "unreachable"
    assert f"through the proxy 127.0.0.1:{proxy.port}" in error.message
    assert "canary" not in error.message
    assert authorizer.state(given.connection).state == "AUTHORIZED"


async def test_a_proxy_that_is_not_there() -> None:
    proxies = proxies_of({"all_proxy": "127.0.0.1:9"})
    delivery = await run(plan(), HttpxTransport(network=Network(proxies=proxies)))
    error = delivery.attempts[0].error
    assert error is not None
    assert error.kind == "refused"
    assert "through the proxy 127.0.0.1:9" in error.message


@pytest.mark.parametrize(
    ("environ", "url", "name"),
    [
        ({}, "http://a.test/", None),
        ({"http_proxy": "http://p:1"}, "http://a.test/", "p:1"),
        ({"http_proxy": "http://p:1"}, "https://a.test/", None),
        ({"HTTPS_PROXY": "http://p:1"}, "https://a.test/", "p:1"),
        ({"https_proxy": "https://p"}, "https://a.test/", "p:443"),
        ({"ALL_PROXY": "p:1"}, "https://a.test/", "p:1"),
        ({"http_proxy": "http://u:p@[::1]:1"}, "http://a.test/", "[::1]:1"),
        ({"http_proxy": "p:1", "no_proxy": "a.test"}, "http://a.test/", None),
        ({"http_proxy": "p:1", "no_proxy": "b.test, .test"}, "http://a.test/", None),
        ({"http_proxy": "p:1", "no_proxy": "*.test"}, "http://a.test/", None),
        ({"http_proxy": "p:1", "no_proxy": "est"}, "http://a.test/", "p:1"),
        ({"http_proxy": "p:1", "no_proxy": "a.test:8080"}, "http://a.test:8080/", None),
        ({"http_proxy": "p:1", "no_proxy": "a.test:8080"}, "http://a.test/", "p:1"),
        ({"http_proxy": "p:1", "NO_PROXY": "*"}, "http://a.test/", None),
        ({"http_proxy": "p:1"}, "http://[::1/", None),
    ],
)
def test_the_proxy_of_an_address(environ: dict[str, str], url: str, name: str | None) -> None:
    proxy = proxies_of(environ).for_url(url)
    assert (proxy and proxy.name) == name


@pytest.mark.parametrize("value", ["socks5://p:1", "http://", "http://p:x", "http://[::1"])
def test_a_variable_that_names_no_proxy(value: str) -> None:
    with pytest.raises(InspectorError, match="https_proxy names no proxy"):
        proxies_of({"HTTPS_PROXY": value})
