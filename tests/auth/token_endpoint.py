"""A token endpoint of bare sockets that answers what a test gives it, in turn; the last answer stays."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from inspector.eventbridge.resources import (
    Connection,
    ConnectionHttpParameters,
    HttpParameter,
    OAuthClientCredentials,
)
from inspector.secret import Secret
from tests.delivery.raw_server import RawServer, raw_server

CLIENT_SECRET = "canary-client-s3cret/+ü"


def answer(body: object, *, status: int = 200, headers: str = "Content-Type: application/json\r\n") -> bytes:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return f"HTTP/1.1 {status} Told\r\n{headers}Content-Length: {len(data)}\r\n\r\n".encode() + data


def token(value: str, expires_in: object = 300, **more: object) -> bytes:
    members = {"access_token": value, "token_type": "Bearer", "expires_in": expires_in, **more}
    return answer({k: v for k, v in members.items() if v is not None})


@asynccontextmanager
async def token_endpoint(*answers: bytes, delay: float = 0.0) -> AsyncIterator[RawServer]:
    waiting = list(answers)

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(delay)
        writer.write(waiting.pop(0) if len(waiting) > 1 else waiting[0])
        await writer.drain()

    async with raw_server(talk) as server:
        yield server


def parameters(pairs: Sequence[tuple[str, str | Secret]]) -> tuple[HttpParameter, ...]:
    return tuple(HttpParameter(key, value, isinstance(value, Secret)) for key, value in pairs)


def oauth(
    url: str,
    *,
    method: str = "POST",
    secret: Secret | None = Secret(CLIENT_SECRET),  # noqa: B008
    header: Sequence[tuple[str, str | Secret]] = (),
    query: Sequence[tuple[str, str | Secret]] = (),
    body: Sequence[tuple[str, str | Secret]] = (("grant_type", "client_credentials"),),
) -> Connection:
    extra = ConnectionHttpParameters(parameters(header), parameters(query), parameters(body))
    return Connection("crm", OAuthClientCredentials("client-1", secret, url, method, extra))
