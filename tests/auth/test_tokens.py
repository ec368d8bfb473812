"""Tokens: how they are asked for, kept, renewed and refused (request-and-auth, section 6)."""

import asyncio
import base64
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
import trustme

from inspector.auth import Authorizer
from inspector.auth.token_request import TokenForm
from inspector.delivery.clock import VirtualClock
from inspector.eventbridge.authorization import AuthorizationError, TokenExchange
from inspector.secret import MASK, Secret
from tests.auth.token_endpoint import CLIENT_SECRET, answer, oauth, token, token_endpoint
from tests.delivery.raw_server import raw_server
from tests.delivery.test_wire import server_tls

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENCODED = "canary-client-s3cret%2F%2B%C3%BC"


async def request_of(form: TokenForm = "form", path: str = "/token", **options: Any) -> bytes:
    async with token_endpoint(token("t0ken")) as server:
        auth = Authorizer(VirtualClock(START).now, form=form)
        await auth.authorize(oauth(server.url + path, **options))
        [received] = server.received
        return received.replace(f"127.0.0.1:{server.port}".encode(), b"HOST")


async def test_post_sends_the_credentials_and_the_parameters_in_a_form_body() -> None:
    body = [("grant_type", "client_credentials"), ("scope", "a b"), ("resource", "x"), ("resource", "y")]
    content = (
        f"client_id=client-1&client_secret={ENCODED}"
        "&grant_type=client_credentials&scope=a+b&resource=x&resource=y"
    ).encode()
    assert await request_of(body=body, query=[("v", "1 2")], path="/token?own=1") == (
        b"POST /token?own=1&v=1%202 HTTP/1.1\r\n"
        b"Host: HOST\r\n"
        b"Content-Length: " + str(len(content)).encode() + b"\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
        b"Connection: close\r\n\r\n" + content
    )


async def test_put_does_as_post_does() -> None:
    assert (await request_of(method="PUT")).startswith(b"PUT /token HTTP/1.1\r\n")


async def test_get_sends_them_as_query_parameters() -> None:
    assert (
        await request_of(method="GET", query=[("v", "1")])
        == (
            f"GET /token?client_id=client-1&client_secret={ENCODED}"
            "&grant_type=client_credentials&v=1 HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n"
        ).encode()
    )


async def test_no_grant_type_is_sent_that_is_not_configured() -> None:
    assert b"grant_type" not in await request_of(body=[])


async def test_configured_headers_override_but_do_not_break_the_frame() -> None:
    header = [
        ("content-type", "application/x-www-form-urlencoded;charset=utf-8"),
        ("Content_Type", "odd"),
        ("X-Tenant", Secret("canary-tenant")),
        ("Content-Length", "1"),
        ("Host", "other"),
    ]
    received = await request_of(header=header)
    top, _, content = received.partition(b"\r\n\r\n")
    head = top.decode().split("\r\n")[1:]
    assert head == [
        "Host: HOST",
        f"Content-Length: {len(content)}",
        "content-type: application/x-www-form-urlencoded;charset=utf-8",
        "Content_Type: odd",
        "X-Tenant: canary-tenant",
        "Connection: close",
    ]


async def test_credentials_in_a_basic_header_on_request() -> None:
    received = await request_of("basic")
    pair = base64.b64encode(f"client-1:{ENCODED}".encode())
    assert b"Authorization: Basic " + pair + b"\r\n" in received
    assert received.endswith(b"\r\n\r\ngrant_type=client_credentials")


async def test_a_json_body_on_request() -> None:
    received = await request_of("json")
    assert b"Content-Type: application/json\r\n" in received
    assert received.endswith(
        f'{{"client_id":"client-1","client_secret":"{CLIENT_SECRET}",'
        '"grant_type":"client_credentials"}'.encode()
    )


# -- the life of a token


async def test_a_token_is_kept_and_renewed_within_60_seconds_of_its_end() -> None:
    clock = VirtualClock(START)
    auth = Authorizer(clock.now)
    async with token_endpoint(token("first", 300), token("second", 300)) as server:
        connection = oauth(server.url)
        assert auth.state(connection).state == "AUTHORIZING"
        assert auth.known(connection) is None
        granted = await auth.authorize(connection)
        assert granted.exchange is not None
        assert granted.authorization.header_value.reveal() == "Bearer first"
        assert granted.authorization.description == "Bearer token, expires in 300 s"
        status = auth.state(connection)
        assert (status.state, status.token_expires_in) == ("AUTHORIZED", 300.0)
        clock.advance(239.9)
        kept = await auth.authorize(connection)
        assert kept.exchange is None
        assert kept.authorization.header_value.reveal() == "Bearer first"
        assert auth.known(connection) == kept.authorization
        clock.advance(0.1)
        assert auth.known(connection) is None
        renewed = await auth.authorize(connection)
        assert renewed.authorization.header_value.reveal() == "Bearer second"
    assert server.connections == 2


@pytest.mark.parametrize(
    ("expires_in", "kept"),
    [
        pytest.param(None, None, id="not told: kept until refused"),
        pytest.param("300", 300.0, id="a number in a string"),
        pytest.param(300.5, 300.5, id="a fraction"),
        pytest.param(1e300, 1e10, id="absurd"),
        pytest.param("soon", None, id="a word"),
        pytest.param(True, None, id="a boolean"),
    ],
)
async def test_the_lifetime_as_it_is_told(expires_in: object, kept: float | None) -> None:
    auth = Authorizer(VirtualClock(START).now)
    async with token_endpoint(token("t0ken", expires_in)) as server:
        connection = oauth(server.url)
        await auth.authorize(connection)
        await auth.authorize(connection)
    assert server.connections == 1
    assert auth.state(connection).token_expires_in == kept


@pytest.mark.parametrize("expires_in", [0, 30, 60, -5])
async def test_a_token_that_lasts_no_minute_serves_one_attempt(expires_in: int) -> None:
    auth = Authorizer(VirtualClock(START).now)
    async with token_endpoint(token("one", expires_in), token("two", expires_in)) as server:
        connection = oauth(server.url)
        assert (await auth.authorize(connection)).authorization.header_value.reveal() == "Bearer one"
        assert (await auth.authorize(connection)).authorization.header_value.reveal() == "Bearer two"


async def test_a_refused_token_is_replaced_once_for_all_who_used_it() -> None:
    auth = Authorizer(VirtualClock(START).now)
    async with token_endpoint(token("first"), token("second"), token("third")) as server:
        connection = oauth(server.url)
        old = (await auth.authorize(connection)).authorization
        auth.reject(connection, 401, old)
        assert auth.state(connection).state == "AUTHORIZED"
        assert "answered 401 to its token" in auth.state(connection).reason
        assert (await auth.authorize(connection)).authorization.header_value.reveal() == "Bearer second"
        auth.reject(connection, 407, old)
        assert (await auth.authorize(connection)).authorization.header_value.reveal() == "Bearer second"
    assert server.connections == 2


async def test_many_who_need_a_token_at_once_send_one_request() -> None:
    auth = Authorizer(VirtualClock(START).now)
    async with token_endpoint(token("t0ken"), delay=0.05) as server:
        connection = oauth(server.url)
        asking = [asyncio.ensure_future(auth.authorize(connection)) for _ in range(20)]
        await asyncio.sleep(0.02)
        assert auth.state(connection).state == "AUTHORIZING"
        granted = await asyncio.gather(*asking)
    assert server.connections == 1
    assert {g.authorization.header_value.reveal() for g in granted} == {"Bearer t0ken"}
    assert [g.exchange is not None for g in granted].count(True) == 1


async def test_who_is_cancelled_in_mid_request_leaves_the_others_their_turn() -> None:
    auth = Authorizer(VirtualClock(START).now)
    async with token_endpoint(token("t0ken"), delay=0.05) as server:
        connection = oauth(server.url)
        first = asyncio.ensure_future(auth.authorize(connection))
        second = asyncio.ensure_future(auth.authorize(connection))
        await asyncio.sleep(0.02)
        first.cancel()
        assert (await second).authorization.header_value.reveal() == "Bearer t0ken"


async def test_a_failed_renewal_deauthorizes_and_nothing_more_is_sent() -> None:
    auth = Authorizer(VirtualClock(START).now)
    async with token_endpoint(answer(b"down", status=503), token("t0ken")) as server:
        connection = oauth(server.url)
        asking = [auth.authorize(connection) for _ in range(3)]
        failures = await asyncio.gather(*asking, return_exceptions=True)
        assert all(isinstance(failure, AuthorizationError) for failure in failures)
        status = auth.state(connection)
        assert (status.state, status.reason) == ("DEAUTHORIZED", "the token endpoint answered 503: down")
        assert server.connections == 1
        auth.reauthorize(connection)
        assert auth.state(connection).state == "AUTHORIZING"
        await auth.authorize(connection)
        assert auth.state(connection).state == "AUTHORIZED"


# -- ways to fail


async def failure(
    given: bytes, *, body: Sequence[tuple[str, str]] = (("grant_type", "client_credentials"),)
) -> AuthorizationError:
    async with token_endpoint(given) as server:
        with pytest.raises(AuthorizationError) as caught:
            await Authorizer(VirtualClock(START).now).authorize(oauth(server.url, body=body))
    assert caught.value.exchange is not None
    assert caught.value.exchange.error == str(caught.value)
    return caught.value


HTML = b"<!DOCTYPE html><html><title>Sign in</title></html>"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param(
            answer({"error": "invalid_client", "error_description": "no such client"}, status=401),
            "the token endpoint answered 401: invalid_client (no such client)",
            id="an OAuth error",
        ),
        pytest.param(
            answer({"error": "invalid_scope"}, status=200),
            "the token endpoint answered 200: invalid_scope",
            id="an OAuth error under 200",
        ),
        pytest.param(
            answer({"error": {"code": 7}}, status=400),
            "the token endpoint answered 400: {'code': 7}",
            id="an error that is no text",
        ),
        pytest.param(
            answer({"message": "bad"}, status=400),
            'the token endpoint answered 400: {"message": "bad"}',
            id="4xx without an OAuth error",
        ),
        pytest.param(
            answer(b"", status=404), "the token endpoint answered 404, with an empty body", id="4xx, empty"
        ),
        pytest.param(
            answer({"access_token": "x"}, status=500),
            f'the token endpoint answered 500: {{"access_token": "{MASK}"}}',
            id="5xx, whatever it says",
        ),
        pytest.param(
            answer(b"", status=302, headers="Location: https://login.test/\r\n"),
            "the token endpoint answered 302 to https://login.test/; redirects are not followed",
            id="a redirect",
        ),
        pytest.param(
            answer(HTML, headers="Content-Type: text/html\r\n"),
            "the token endpoint answered 200 with HTML instead of JSON",
            id="HTML",
        ),
        pytest.param(
            answer(b"access_token=canary&token_type=bearer", headers="Content-Type: text/plain\r\n"),
            "the token endpoint answered 200 with text/plain instead of JSON",
            id="a form",
        ),
        pytest.param(
            answer(b""), "the token endpoint answered 200 with an empty body instead of JSON", id="-"
        ),
        pytest.param(
            answer([1]),
            "the token endpoint answered 200 with something else instead of JSON",
            id="an array",
        ),
        pytest.param(
            answer(b"[" * 100_000),
            "the token endpoint answered 200 with something else instead of JSON",
            id="deep nesting",
        ),
        pytest.param(
            answer({"token": "canary", "token_type": "Bearer"}),
            "the token endpoint's answer has no access_token, only token, token_type",
            id="no access_token",
        ),
        pytest.param(
            answer({}), "the token endpoint's answer has no access_token, only no members", id="nothing"
        ),
        pytest.param(
            answer({"access_token": 7}),
            "the token endpoint's access_token is no text that a header can carry",
            id="a number",
        ),
        pytest.param(
            answer({"access_token": "a\r\nX: y"}),
            "the token endpoint's access_token is no text that a header can carry",
            id="a token that would be a header of its own",
        ),
    ],
)
async def test_a_token_endpoint_that_gives_no_token(given: bytes, message: str) -> None:
    error = await failure(given)
    assert str(error) == message
    assert "canary" not in repr((error, error.exchange, error.hint))


async def test_the_missing_grant_type_is_the_hint() -> None:
    refused = answer({"error": "unsupported_grant_type"}, status=400)
    assert "grant_type=client_credentials" in (await failure(refused, body=())).hint
    assert (await failure(refused)).hint == ""


async def test_a_token_endpoint_that_is_not_there() -> None:
    with pytest.raises(AuthorizationError, match=r"no token came: .* refused the connection") as caught:
        await Authorizer(VirtualClock(START).now).authorize(oauth("http://127.0.0.1:9/token"))
    assert caught.value.exchange is not None
    assert caught.value.exchange.status is None


async def test_a_token_endpoint_that_does_not_answer_in_time() -> None:
    async with token_endpoint(token("late"), delay=5) as server:
        auth = Authorizer(VirtualClock(START).now, limit=0.1)
        with pytest.raises(AuthorizationError, match=r"no token came: .* took more than 0\.1 s") as caught:
            await auth.authorize(oauth(server.url))
    assert caught.value.exchange is not None
    assert auth.state(oauth(server.url)).state == "DEAUTHORIZED"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param(b"", "closed the connection without an answer", id="no answer"),
        pytest.param(b"SSH-2.0\r\n\r\n", "breaks HTTP", id="no HTTP"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "received 1 bytes", id="half an answer"
        ),
    ],
)
async def test_a_token_endpoint_that_breaks_off(given: bytes, message: str) -> None:
    error = await failure(given)
    assert str(error).startswith("no token came: ")
    assert message in str(error)


async def test_a_token_endpoint_that_speaks_no_tls() -> None:
    async def plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with raw_server(plainly, read=False) as server:
        with pytest.raises(AuthorizationError, match="does not speak TLS"):
            await Authorizer(VirtualClock(START).now).authorize(oauth(server.url.replace("http:", "https:")))


async def test_a_token_endpoint_whose_name_does_not_resolve() -> None:
    with pytest.raises(AuthorizationError, match=r"no-such-host\.invalid does not resolve"):
        await Authorizer(VirtualClock(START).now).authorize(oauth("https://no-such-host.invalid/token"))


async def test_an_endless_answer_of_a_token_endpoint_is_cut() -> None:
    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
        while True:
            writer.write(b"1," * 30_000)
            await writer.drain()

    async with raw_server(endless) as server:
        with pytest.raises(AuthorizationError, match="instead of JSON"):
            await Authorizer(VirtualClock(START).now).authorize(oauth(server.url))


async def test_a_token_endpoint_that_nobody_trusts() -> None:
    certificate = trustme.CA().issue_cert("127.0.0.1")
    async with raw_server(token("t0ken"), tls=server_tls(certificate)) as server:
        with pytest.raises(AuthorizationError, match="no token came: the certificate of 127"):
            await Authorizer(VirtualClock(START).now).authorize(oauth(server.url.replace("http:", "https:")))


async def test_a_token_endpoint_that_is_trusted() -> None:
    authority, trust = trustme.CA(), ssl.create_default_context()
    authority.configure_trust(trust)
    async with raw_server(token("t0ken"), tls=server_tls(authority.issue_cert("127.0.0.1"))) as server:
        auth = Authorizer(VirtualClock(START).now, ssl_context=trust)
        await auth.authorize(oauth(server.url.replace("http:", "https:")))


# -- what is shown


async def shown(given: bytes, **options: Any) -> TokenExchange:
    async with token_endpoint(given) as server:
        granted = await Authorizer(VirtualClock(START).now).authorize(oauth(server.url + "/t", **options))
    assert granted.exchange is not None
    return granted.exchange


async def test_the_exchange_is_shown_with_its_secrets_masked() -> None:
    exchange = await shown(
        token("canary-token", refresh_token="canary-refresh", id_token="canary-id", scope="read write"),
        header=[("X-Key", Secret("canary-header"))],
        query=[("k", Secret("canary-query")), ("v", "1")],
        body=[("grant_type", "client_credentials"), ("p", Secret("canary-body"))],
    )
    assert "canary" not in repr(exchange)
    assert exchange.endpoint.endswith(f"/t?k={MASK}&v=1")
    assert exchange.request_body == (
        f"client_id=client-1&client_secret={MASK}&grant_type=client_credentials&p={MASK}"
    )
    assert dict(exchange.request_headers)["X-Key"] == MASK
    assert f'"access_token": "{MASK}"' in exchange.response_body
    assert (exchange.token_type, exchange.scope, exchange.expires_in) == ("Bearer", "read write", 300.0)
    assert (exchange.method, exchange.status, exchange.error) == ("POST", 200, "")
    assert exchange.milliseconds > 0
    assert [a.name for a in exchange.assumptions] == ["token-request-form"]


async def test_a_short_token_is_masked_where_it_stands() -> None:
    exchange = await shown(token("abc"))
    assert f'"access_token": "{MASK}"' in exchange.response_body


async def test_an_endpoint_that_echoes_the_client_secret() -> None:
    error = await failure(answer({"error": "invalid_client", "error_description": CLIENT_SECRET}, status=401))
    assert str(error) == f"the token endpoint answered 401: invalid_client ({MASK})"
    assert "canary" not in repr(error.exchange)


async def test_the_same_token_again_is_still_sent_whole() -> None:
    auth = Authorizer(VirtualClock(START).now)
    async with token_endpoint(token("canary-same")) as server:
        connection = oauth(server.url)
        auth.reject(connection, 401, (await auth.authorize(connection)).authorization)
        again = await auth.authorize(connection)
    assert again.authorization.header_value.reveal() == "Bearer canary-same"


async def test_tokens_of_the_past_are_masked_too() -> None:
    auth = Authorizer(VirtualClock(START).now)
    async with token_endpoint(token("canary-one"), token("canary-two")) as server:
        connection = oauth(server.url)
        auth.reject(connection, 401, (await auth.authorize(connection)).authorization)
        await auth.authorize(connection)
    assert auth.redactor(connection).text("canary-one canary-two") == f"{MASK} {MASK}"


@pytest.mark.parametrize(
    ("token_type", "note"),
    [
        ("bearer", ""),
        ("mac", "token_type is 'mac'; the token is sent as Bearer all the same"),
        (None, "the answer names no token_type; the token is sent as Bearer"),
    ],
)
async def test_another_type_of_token_is_noted(token_type: str | None, note: str) -> None:
    exchange = await shown(token("t0ken", token_type=token_type))
    assert exchange.note == note
