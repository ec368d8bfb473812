"""One request over a real socket: its exact bytes, its answer, its phases."""

import asyncio
import gzip
import socket
import ssl
import zlib

import pytest
import trustme

from inspector.delivery.events import Response
from inspector.delivery.wire import BODY_LIMIT, Certificates, Exchange, WireRequest
from inspector.secret import MASK, Redactor
from tests.delivery.raw_server import raw_server
from tests.delivery.senders import send

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def post(
    url: str,
    *,
    body: bytes = b"{}",
    headers: tuple[tuple[str, str], ...] = (),
    method: str = "POST",
    limit: float = 5.0,
    redactor: Redactor | None = None,
    trust: ssl.SSLContext | None = None,
) -> Exchange:
    request = WireRequest(
        method, url, (("Host", "hooks.test"), ("Content-Length", str(len(body))), *headers), body
    )
    return await send(request, limit=limit, redactor=redactor or Redactor(), certificates=Certificates(trust))


async def answered(answer: bytes, *, redactor: Redactor | None = None) -> Response:
    async with raw_server(answer) as server:
        result = await post(server.url, redactor=redactor)
    assert result.error is None, result.error
    assert result.response is not None
    return result.response


async def test_exactly_the_bytes_asked_for_are_sent() -> None:
    headers = (
        ("Content-Type", "application/json; charset=utf-8"),
        ("User-Agent", "Amazon/EventBridge/ApiDestinations"),
        ("Range", "bytes=0-1048575"),
        ("Accept-Encoding", "gzip,deflate"),
        ("Connection", "close"),
        ("X-Käse".replace("ä", "a"), "grüß"),
    )
    async with raw_server(OK) as server:
        await post(f"{server.url}/a/../b%2Fc//d?x=1&x=%20&y=", body=b'{"a":"\xc3\xa4"}', headers=headers)
    assert server.received == [
        b"POST /a/../b%2Fc//d?x=1&x=%20&y= HTTP/1.1\r\n"
        b"Host: hooks.test\r\n"
        b"Content-Length: 10\r\n"
        b"Content-Type: application/json; charset=utf-8\r\n"
        b"User-Agent: Amazon/EventBridge/ApiDestinations\r\n"
        b"Range: bytes=0-1048575\r\n"
        b"Accept-Encoding: gzip,deflate\r\n"
        b"Connection: close\r\n"
        b"X-Kase: gr\xc3\xbc\xc3\x9f\r\n"
        b"\r\n"
        b'{"a":"\xc3\xa4"}'
    ]


@pytest.mark.parametrize("method", ["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
async def test_every_method_carries_its_body(method: str) -> None:
    async with raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as server:
        result = await post(server.url, method=method, body=b'{"n":1}')
    assert server.received[0].startswith(f"{method} / HTTP/1.1\r\n".encode())
    assert server.received[0].endswith(b'\r\n\r\n{"n":1}')
    assert result.response is not None


@pytest.mark.parametrize(
    ("path", "target"),
    [("", b"/"), ("?a=1", b"/?a=1"), ("/ü x", b"/%C3%BC%20x"), ("/a#frag", b"/a"), ("/*/%zz", b"/*/%zz")],
)
async def test_the_target_goes_out_as_it_stands(path: str, target: bytes) -> None:
    async with raw_server(OK) as server:
        await post(server.url + path)
    assert server.received[0].split(b" ")[1] == target


async def test_every_request_has_a_connection_of_its_own() -> None:
    async with raw_server(OK) as server:
        for _ in range(3):
            await post(server.url)
    assert server.connections == 3


async def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with raw_server(OK) as server:
        result = await post(server.url)
    assert result.response is not None


async def test_the_phases_are_measured() -> None:
    async def slowly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.03)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no")
        await asyncio.sleep(0.03)
        writer.write(b"k")

    async with raw_server(slowly) as server:
        result = await post(server.url)
    timings = result.timings
    assert result.remote_address == f"127.0.0.1:{server.port}"
    assert timings.connect is not None
    assert timings.send is not None
    assert timings.wait is not None
    assert timings.read is not None
    assert timings.tls is None
    assert timings.wait >= 25
    assert timings.read >= 25
    assert timings.connect < 25
    parts = timings.connect + timings.send + timings.wait + timings.read
    assert parts <= timings.total


async def test_the_lookup_of_a_name_is_told_apart_from_the_connecting() -> None:
    async with raw_server(OK) as server:
        named = await post(server.url.replace("127.0.0.1", "localhost"))
        address = await post(server.url)
    timings = named.timings
    assert named.response is not None, named.error
    assert timings.dns is not None
    assert timings.dns > 0
    assert timings.connect is not None
    assert timings.dns + timings.connect <= timings.total
    assert address.timings.dns is None
    assert address.timings.connect is not None


async def test_a_name_with_several_addresses_is_tried_at_all_of_them() -> None:
    """`localhost` is ::1 and 127.0.0.1 on most machines; one of them listens."""
    for host in ("127.0.0.1", "::1"):
        try:
            async with raw_server(OK, host=host) as server:
                result = await post(f"http://localhost:{server.port}/")
        except OSError:
            continue
        if result.error is not None:
            found = socket.getaddrinfo("localhost", server.port, type=socket.SOCK_STREAM)
            assert host not in {address[0] for *_, address in found}
        else:
            assert result.remote_address.startswith(("127.0.0.1:", "[::1]:"))


async def test_the_loopback_of_ipv6() -> None:
    try:
        async with raw_server(OK, host="::1") as server:
            result = await post(server.url)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    assert result.response is not None
    assert result.remote_address == f"[::1]:{server.port}"


async def test_an_answer_keeps_its_headers_in_order_and_as_written() -> None:
    response = await answered(
        b"HTTP/1.1 418 I'm a teapot\r\nX-B: 2\r\nx-a: 1\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n"
        b"X-Latin: \xe4\r\nContent-Length: 0\r\n\r\n"
    )
    assert (response.status, response.reason, response.http_version) == (418, "I'm a teapot", "HTTP/1.1")
    assert response.headers == (
        ("X-B", "2"),
        ("x-a", "1"),
        ("Set-Cookie", "a"),
        ("Set-Cookie", "b"),
        ("X-Latin", "ä"),
        ("Content-Length", "0"),
    )


async def test_http_1_0_and_a_body_that_ends_with_the_connection() -> None:
    response = await answered(b"HTTP/1.0 200 OK\r\n\r\nhello")
    assert (response.http_version, response.body) == ("HTTP/1.0", b"hello")


async def test_chunks_are_put_together() -> None:
    response = await answered(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    assert response.body == b"abcde"


async def test_a_redirect_is_not_followed() -> None:
    async with raw_server(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n") as server:
        result = await post(server.url)
    assert result.response is not None
    assert result.response.status == 302
    assert server.connections == 1


async def test_a_204_has_no_body_whatever_follows() -> None:
    response = await answered(b"HTTP/1.1 204 No Content\r\n\r\nsurprise")
    assert (response.status, response.body) == (204, b"")


async def test_informational_answers_go_by() -> None:
    response = await answered(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK
    )
    assert (response.status, response.body) == (200, b"ok")


async def test_a_switch_of_protocols_is_an_answer() -> None:
    response = await answered(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nxxxx")
    assert response.status == 101


# -- encodings (request-and-auth, section 1: gzip, zlib and raw deflate are all decoded)


def raw_deflate(data: bytes) -> bytes:
    coder = zlib.compressobj(wbits=-15)
    return coder.compress(data) + coder.flush()


def encoded(coding: str, data: bytes) -> bytes:
    return (
        f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {len(data)}\r\n\r\n".encode()
        + data
    )


TEXT = b'{"answer": "' + b"abc" * 100 + b'"}'


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        pytest.param("gzip", gzip.compress(TEXT), id="gzip"),
        pytest.param("x-gzip", gzip.compress(TEXT), id="x-gzip"),
        pytest.param("GZIP", gzip.compress(TEXT[:50]) + gzip.compress(TEXT[50:]), id="gzip of two members"),
        pytest.param("gzip", gzip.compress(TEXT) + b"\0\0\0", id="gzip with padding"),
        pytest.param("deflate", zlib.compress(TEXT), id="zlib"),
        pytest.param("deflate", raw_deflate(TEXT), id="raw deflate"),
        pytest.param("deflate, gzip", gzip.compress(zlib.compress(TEXT)), id="both"),
        pytest.param("identity", TEXT, id="identity"),
    ],
)
async def test_an_encoded_answer_is_decoded(coding: str, data: bytes) -> None:
    response = await answered(encoded(coding, data))
    assert response.body == TEXT
    assert response.received_bytes == len(data)
    assert (response.cut, response.note) == (False, "")


@pytest.mark.parametrize(
    ("coding", "data", "body", "note"),
    [
        ("gzip", b"this is no gzip", b"this is no gzip", "the gzip data is broken; shown as received"),
        ("gzip", gzip.compress(TEXT, mtime=0)[:-12], None, "the gzip data ends too early"),
        (
            "deflate",
            b"\xff\xff\xff\xff",
            b"\xff\xff\xff\xff",
            "the deflate data is broken; shown as received",
        ),
        ("br", b"\x0b\x02\x80abc\x03", b"\x0b\x02\x80abc\x03", "the answer's encoding 'br' is not decoded"),
        ("gzip" + ", gzip" * 9, b"x", b"x", "the answer is encoded 10 times; it is not decoded"),
        ("gzip", b"", b"", ""),
    ],
)
async def test_what_cannot_be_decoded_is_noted(
    coding: str, data: bytes, body: bytes | None, note: str
) -> None:
    response = await answered(encoded(coding, data))
    assert response.status == 200
    assert response.note == note
    assert response.body == (TEXT[: len(response.body)] if body is None else body)


async def test_a_gzip_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(gzip.compress(bytes(64 * 1024 * 1024)))
    response = await answered(encoded("gzip, gzip", bomb))
    assert response.cut
    assert len(response.body) == BODY_LIMIT


# -- size


async def test_a_body_is_kept_up_to_1_mib_and_marked_as_cut() -> None:
    exact = await answered(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * BODY_LIMIT)
    assert (len(exact.body), exact.cut) == (BODY_LIMIT, False)
    more = await answered(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (BODY_LIMIT + 1))
    assert (len(more.body), more.cut) == (BODY_LIMIT, True)


async def test_an_endless_body_ends_at_the_limit() -> None:
    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    async with raw_server(endless) as server:
        result = await post(server.url)
    assert result.response is not None
    assert (len(result.response.body), result.response.cut) == (BODY_LIMIT, True)
    assert result.response.received_bytes < 2 * BODY_LIMIT


async def test_a_binary_answer_stays_as_it_is() -> None:
    data = bytes(range(256)) * 4
    response = await answered(
        b"HTTP/1.1 200 OK\r\nContent-Length: 1024\r\n\r\n" + data, redactor=Redactor(["canary-1"])
    )
    assert response.body == data


# -- echoed secrets

CANARY = "canary-s3cret/ü=="


async def test_echoed_secrets_are_masked_in_every_part_of_an_answer() -> None:
    echo = CANARY.encode()
    response = await answered(
        b"HTTP/1.1 200 got " + echo + b"\r\nX-Echo: " + echo + b"\r\n\r\n[" + echo + b"]",
        redactor=Redactor([CANARY]),
    )
    assert "canary" not in repr(response)
    assert response.header("x-echo") == MASK
    assert response.body.decode() == f"[{MASK}]"


async def test_a_secret_within_an_encoded_answer_is_masked() -> None:
    response = await answered(encoded("gzip", gzip.compress(CANARY.encode())), redactor=Redactor([CANARY]))
    assert response.body.decode() == MASK


@pytest.mark.parametrize("before", [0, 5, 9000])
async def test_a_secret_across_the_limit_leaves_no_piece(before: int) -> None:
    secret = "canary-" + "s" * 60
    padding = b"x" * (BODY_LIMIT - 10 - before)
    body = padding + secret.encode() * 400
    response = await answered(b"HTTP/1.1 200 OK\r\n\r\n" + body, redactor=Redactor([secret]))
    assert response.cut
    assert b"canary" not in response.body


async def test_a_secret_in_a_broken_answer_is_masked_in_the_error() -> None:
    async with raw_server(b"HTTP/1.1 200 OK\r\ncanary-9 no colon\r\n\r\n") as server:
        result = await post(server.url, redactor=Redactor(["canary-9"]))
    assert result.error is not None
    assert result.error.kind == "protocol"
    assert "canary" not in result.error.message


# -- TLS


def server_tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


async def test_tls_names_version_and_certificate() -> None:
    authority = trustme.CA()
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    certificate = authority.issue_cert("127.0.0.1", common_name="hooks.test")
    async with raw_server(OK, tls=server_tls(certificate)) as server:
        result = await post(server.url.replace("http:", "https:"), trust=trust)
    assert result.response is not None
    assert result.tls.startswith("TLSv1.3, certificate of hooks.test by ")
    assert result.timings.tls is not None
    assert result.timings.tls > 0


@pytest.mark.parametrize("body", [b"", b"hello", b"x" * 200_000], ids=["none", "some", "much"])
async def test_over_tls_too_a_body_may_end_with_the_connection(body: bytes) -> None:
    authority, trust = trustme.CA(), ssl.create_default_context()
    authority.configure_trust(trust)
    answer = b"HTTP/1.1 200 OK\r\n\r\n" + body
    async with raw_server(answer, tls=server_tls(authority.issue_cert("127.0.0.1"))) as server:
        result = await post(server.url.replace("http:", "https:"), trust=trust)
    assert result.response is not None, result.error
    assert result.response.body == body


async def test_over_tls_too_half_an_answer_is_none() -> None:
    authority, trust = trustme.CA(), ssl.create_default_context()
    authority.configure_trust(trust)
    for answer, kind in ((b"HTTP/1.1 200", "reset"), (OK[:-1], "protocol")):
        async with raw_server(answer, tls=server_tls(authority.issue_cert("127.0.0.1"))) as server:
            result = await post(server.url.replace("http:", "https:"), trust=trust)
        assert result.error is not None
        assert result.error.kind == kind
