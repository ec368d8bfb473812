"""Every fault of an endpoint ends in one class, in time, without exception (retries-and-dlq, section 1)."""

import asyncio
import gzip
import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from inspector.delivery.wire import Exchange
from inspector.eventbridge.retry import TransportErrorKind, classify_error
from tests.delivery.raw_server import Talk, raw_server, reset
from tests.delivery.test_wire import post, server_tls

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"


async def say(*pieces: bytes, every: float = 0.0, writer: asyncio.StreamWriter) -> None:
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(every)


async def reset_at_once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    reset(writer)


async def reset_in_the_headers(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await say(b"HTTP/1.1 200 OK\r\nX-A", every=0.02, writer=writer)
    reset(writer)


async def reset_in_the_body(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await say(HEAD + b"abc", every=0.02, writer=writer)
    reset(writer)


async def endless_headers(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await say(b"HTTP/1.1 200 OK\r\n", writer=writer)
    while True:
        await say(b"X-Filler: " + b"x" * 1000 + b"\r\n", writer=writer)


async def endless_line(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await say(b"x" * 65536, writer=writer)


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def drip_of_headers(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await say(b"HTTP/1.1 200 OK\r\n", writer=writer)
    while True:
        await say(b"X: y\r\n", every=0.02, writer=writer)


async def drip_of_body(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await say(b"HTTP/1.1 200 OK\r\n\r\n", writer=writer)
    while True:
        await say(b"x", every=0.02, writer=writer)


async def drip_of_interim_answers(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await say(b"HTTP/1.1 102 Processing\r\n\r\n", every=0.02, writer=writer)


async def drip_of_empty_gzip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Bytes come all the time, a body never."""
    await say(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", writer=writer)
    while True:
        await say(gzip.compress(b"") * 100, every=0.02, writer=writer)


def name_of(fault: bytes | Talk) -> str:
    return repr(fault[:40]) if isinstance(fault, bytes) else getattr(fault, "__name__", "")


FAULTS: list[tuple[bytes | Talk, TransportErrorKind, str]] = [
    (b"", "reset", "closed the connection without an answer"),
    (reset_at_once, "reset", "broke the connection off during the wait for the answer"),
    (reset_in_the_headers, "reset", "broke the connection off during the wait for the answer"),
    (reset_in_the_body, "reset", "broke the connection off during the answer"),
    (b"HTTP/1.1 200", "reset", "closed the connection without an answer"),
    (HEAD + b"abc", "protocol", "received 3 bytes, expected 10"),
    (b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n", "protocol", "bad Content-Length"),
    (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "protocol", "bad Content-Length"),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "protocol", "illegal chunk header"),
    (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "protocol", "illegal status line"),
    (b"\x15\x03\x01\x00\x02\x02\x46\r\n\r\n", "protocol", "illegal status line"),
    (endless_headers, "protocol", "breaks HTTP"),
    (endless_line, "protocol", "breaks HTTP"),
    (silence, "timeout", "took more than 0.3 s, ended during the wait for the answer"),
    (drip_of_headers, "timeout", "ended during the wait for the answer"),
    (drip_of_body, "timeout", "bytes of the body had come"),
    (drip_of_interim_answers, "timeout", "ended during the wait for the answer"),
    (drip_of_empty_gzip, "timeout", "ended during the answer"),
]


@pytest.mark.parametrize(
    ("fault", "kind", "message"), [pytest.param(*row, id=name_of(row[0])) for row in FAULTS]
)
async def test_a_fault_ends_in_its_kind(fault: bytes | Talk, kind: TransportErrorKind, message: str) -> None:
    async with raw_server(fault) as server:
        async with asyncio.timeout(3):
            result = await post(server.url, limit=0.3)
    assert result.error is not None, result.response
    assert result.response is None
    assert result.error.kind == kind, result.error
    assert message in result.error.message
    assert result.remote_address == f"127.0.0.1:{server.port}"
    assert classify_error(kind).outcome == "retriable"


async def test_a_body_that_nobody_reads_ends_in_time() -> None:
    async def deaf(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.sleep(1)

    async with raw_server(deaf, read=False) as server:
        result = await post(server.url, body=b"x" * 50_000_000, limit=0.3)
    assert result.error is not None
    assert result.error.kind == "timeout"
    assert "during the sending" in result.error.message


async def test_an_answer_before_the_body_was_read_counts() -> None:
    async def early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n")
        await reader.read()

    async with raw_server(early, read=False) as server:
        result = await post(server.url, body=b"x" * 1000)
    assert result.response is not None, result.error
    assert result.response.status == 413


async def failure(url: str, trust: ssl.SSLContext | None = None) -> tuple[str, str]:
    result: Exchange = await post(url, trust=trust, limit=3)
    assert result.error is not None, result.response
    return result.error.kind, result.error.message


async def test_nobody_listens() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        assert await failure(f"http://127.0.0.1:{port}/") == (
            "refused",
            f"127.0.0.1:{port} refused the connection: nothing listens there",
        )
        kind, _ = await failure(f"http://localhost:{port}/")
        assert kind == "refused"


async def test_a_name_that_does_not_resolve_is_final() -> None:
    kind, message = await failure("http://no-such-host.invalid/")
    assert kind == "dns"
    assert "the host name no-such-host.invalid does not resolve" in message
    assert classify_error("dns").outcome == "final"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://hooks.test/", "the address has the scheme 'ftp'; only https and http are sent"),
        ("http:///path", "the address names no host"),
        ("hooks.test/path", "the address has the scheme ''; only https and http are sent"),
        ("http://127.0.0.1:99999/", "the address has the port 99999; ports go from 1 to 65535"),
        ("http://127.0.0.1:0/", "the address has the port 0; ports go from 1 to 65535"),
        ("http://127.0.0.1:x/", "the address is no URL"),
        ("http://[::1/", "the address is no URL"),
        ("http://a\x00b/", "the address is no URL"),
    ],
)
async def test_an_address_that_is_none(url: str, message: str) -> None:
    kind, text = await failure(url)
    assert kind == "invalid-address"
    assert text.startswith(message)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (("PagerDuty Authorization", "x"), "'PagerDuty Authorization' is no legal name of a header"),
        (("", "x"), "'' is no legal name of a header"),
        (("X-Key", "canary\r\nX-Injected: 1"), "the value of the header 'X-Key' holds a character"),
        (("X-Key", "canary\x00"), "the value of the header 'X-Key' holds a character"),
    ],
)
async def test_a_request_that_http_does_not_allow_is_not_sent(header: tuple[str, str], message: str) -> None:
    async with raw_server(b"") as server:
        result = await post(server.url, headers=(header,))
    assert result.error is not None
    assert result.error.kind == "invalid-request"
    assert result.error.message.startswith(message)
    assert "canary" not in repr(result)
    assert server.connections == 0


# -- TLS


def trusted() -> tuple[trustme.CA, ssl.SSLContext]:
    authority = trustme.CA()
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return authority, context


async def tls_failure(certificate: trustme.LeafCert, trust: ssl.SSLContext | None) -> str:
    async with raw_server(HEAD, tls=server_tls(certificate)) as server:
        kind, message = await failure(server.url.replace("http:", "https:"), trust)
    assert kind == "tls"
    return message


async def test_a_certificate_that_nobody_trusts() -> None:
    message = await tls_failure(trustme.CA().issue_cert("127.0.0.1"), None)
    assert "is refused: " in message


async def test_a_certificate_for_another_name() -> None:
    authority, trust = trusted()
    message = await tls_failure(authority.issue_cert("other.test"), trust)
    assert "is not valid for '127.0.0.1'" in message


async def test_a_certificate_that_has_expired() -> None:
    authority, trust = trusted()
    past = datetime.now(UTC) - timedelta(days=1)
    message = await tls_failure(authority.issue_cert("127.0.0.1", not_after=past), trust)
    assert message.endswith("is refused: certificate has expired")


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
async def test_no_tls_at_the_other_end(answer: bytes) -> None:
    async def hello(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(answer)

    async with raw_server(hello, read=False) as server:
        kind, message = await failure(server.url.replace("http:", "https:"))
    assert kind == "tls", message
