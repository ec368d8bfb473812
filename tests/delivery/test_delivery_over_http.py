"""Deliveries over real sockets: the exact request, tokens that are renewed, secrets that come back."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from inspector.auth import Authorizer
from inspector.delivery.clock import VirtualClock
from inspector.delivery.engine import deliver
from inspector.delivery.events import AttemptStart
from inspector.delivery.transport import HttpxTransport
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.resources import (
    ApiKeyAuth,
    BasicAuth,
    Connection,
    ConnectionHttpParameters,
    HttpParameter,
    RetryPolicy,
)
from inspector.secret import Secret
from tests.auth.token_endpoint import answer, oauth, token, token_endpoint
from tests.delivery.deliveries import START, plan, run
from tests.delivery.raw_server import RawServer, raw_server, read_request

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def headers_of(request: bytes) -> dict[str, str]:
    lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return dict(line.split(": ", 1) for line in lines)


async def test_the_request_on_the_wire_is_the_prepared_one_and_nothing_more() -> None:
    parameters = ConnectionHttpParameters(
        (HttpParameter("X-Tenant", Secret("canary-tenant"), True),),
        (HttpParameter("k", Secret("canary query"), True),),
        (HttpParameter("token", Secret("canary-bodyü"), True),),
    )
    connection = Connection("crm", BasicAuth("ada", Secret("pass")), parameters)
    async with raw_server(OK) as server:
        delivery = await run(plan(url=f"{server.url}/orders?own=1", connection=connection), HttpxTransport())
    [request] = server.received
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /orders?own=1&k=canary%20query HTTP/1.1\r\n")
    assert body == '{"order":1,"token":"canary-bodyü"}'.encode()
    assert headers_of(request) == {
        "User-Agent": "Amazon/EventBridge/ApiDestinations",
        "Range": "bytes=0-1048575",
        "Content-Type": "application/json; charset=utf-8",
        "Accept-Encoding": "gzip,deflate",
        "Connection": "close",
        "Content-Length": str(len(body)),
        "Host": f"127.0.0.1:{server.port}",
        "X-Tenant": "canary-tenant",
        "Authorization": "Basic " + base64.b64encode(b"ada:pass").decode(),
    }
    assert "canary" not in repr(delivery.events)
    assert [part.name for part in delivery.attempts[0].request.headers] == list(headers_of(request))


async def test_an_api_key_goes_into_its_header() -> None:
    connection = Connection("crm", ApiKeyAuth("X-Api-Key", Secret("canary-key")))
    async with raw_server(OK) as server:
        await run(plan(url=server.url, connection=connection), HttpxTransport())
    assert headers_of(server.received[0])["X-Api-Key"] == "canary-key"


@asynccontextmanager
async def bearer_endpoint(accepted: str) -> AsyncIterator[RawServer]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read_request(reader)
        server.received.append(request)
        good = headers_of(request)["Authorization"] == f"Bearer {accepted}"
        writer.write(OK if good else b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async with raw_server(talk, read=False) as server:
        yield server


async def test_after_a_401_the_retry_carries_a_new_token() -> None:
    async with token_endpoint(token("revoked"), token("fresh")) as tokens, bearer_endpoint("fresh") as hooks:
        delivery = await run(plan(url=hooks.url, connection=oauth(tokens.url)), HttpxTransport())
    assert [a.status for a in delivery.attempts] == [401, 200]
    assert [headers_of(r)["Authorization"] for r in hooks.received] == ["Bearer revoked", "Bearer fresh"]
    assert all(a.token_exchange and not a.token_exchange.error for a in delivery.attempts)
    assert (delivery.outcome.kind, delivery.outcome.retry_attempts) == ("delivered", 1)


async def test_a_token_is_asked_for_once_in_many_deliveries() -> None:
    clock = VirtualClock(START)
    auth = Authorizer(clock.now)
    async with token_endpoint(token("fresh")) as tokens, bearer_endpoint("fresh") as hooks:
        given = plan(url=hooks.url, connection=oauth(tokens.url))
        deliveries = [run(given, HttpxTransport(), clock=clock, authorizer=auth) for _ in range(8)]
        done = await asyncio.gather(*deliveries)
    assert [d.outcome.kind for d in done] == ["delivered"] * 8
    assert tokens.connections == 1


async def test_a_token_endpoint_that_fails_is_a_failed_attempt() -> None:
    refused = answer({"error": "invalid_client"}, status=401)
    async with token_endpoint(refused) as tokens, bearer_endpoint("fresh") as hooks:
        given = plan(url=hooks.url, connection=oauth(tokens.url), policy=RetryPolicy(2))
        delivery = await run(given, HttpxTransport())
    kinds = [attempt.error.kind for attempt in delivery.attempts if attempt.error]
    assert kinds == ["auth", "unauthorized-connection", "unauthorized-connection"]
    assert (tokens.connections, hooks.connections) == (1, 0)
    exchange = delivery.attempts[0].token_exchange
    assert exchange is not None
    assert exchange.error == "the token endpoint answered 401: invalid_client"
    assert delivery.outcome.error_code == "NO_PERMISSIONS"


async def test_nothing_is_sent_before_the_start_of_the_attempt_is_told() -> None:
    clock = VirtualClock(START)
    async with token_endpoint(token("fresh")) as tokens, bearer_endpoint("fresh") as hooks:
        events = deliver(
            plan(url=hooks.url, connection=oauth(tokens.url)),
            authorizer=Authorizer(clock.now),
            transport=HttpxTransport(),
            clock=clock,
            random=lambda: 0.5,
        )
        async for event in events:
            if isinstance(event, AttemptStart):
                await asyncio.sleep(0.02)
                assert (tokens.connections, hooks.connections) == (0, 0)
                assert "Authorization" in [part.name for part in event.request.headers]
    assert (tokens.connections, hooks.connections) == (1, 1)


async def test_a_delivery_is_cancelled_in_the_middle_of_an_attempt() -> None:
    arrived = asyncio.Event()

    async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        arrived.set()
        await reader.read()

    async with raw_server(silence) as server:
        delivering = asyncio.ensure_future(run(plan(url=server.url), HttpxTransport()))
        await arrived.wait()
        delivering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await delivering


async def test_an_endpoint_that_echoes_every_secret() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read_request(reader)
        echoed = request.partition(b"Authorization: ")[2].partition(b"\r\n")[0]
        writer.write(b"HTTP/1.1 400 Bad\r\nX-Echo: " + echoed + b"\r\n\r\n" + request)
        await writer.drain()

    parameters = ConnectionHttpParameters(
        (HttpParameter("X-Tenant", Secret("canary-tenant"), True),),
        (HttpParameter("k", Secret("canary /query"), True),),
        (HttpParameter("token", Secret('canary-"body"'), True),),
    )
    async with token_endpoint(token("canary-token")) as tokens, raw_server(echo, read=False) as server:
        for connection in (
            Connection("a", BasicAuth("ada", Secret("canary-password")), parameters),
            Connection("b", ApiKeyAuth("Authorization", Secret("Bearer canary-key")), parameters),
            Connection("c", oauth(tokens.url).auth, parameters),
        ):
            delivery = await run(
                plan(url=server.url, connection=connection, payload=Payload("deliver", "{}", "event")),
                HttpxTransport(),
            )
            assert delivery.attempts[0].status == 400
            text = repr(delivery.events)
            assert "canary" not in text
            assert base64.b64encode(b"ada:canary-password").decode().rstrip("=") not in text
