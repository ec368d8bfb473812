"""The bundled token server and the webhooks that take its tokens."""

import base64
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from inspector.endpoint.options import EndpointOptions
from inspector.endpoint.server import Endpoint, start

CLIENT = {"client_id": "inspector-client", "client_secret": "demo-client-secret-51c2"}
BASIC = "Basic " + base64.b64encode(b"inspector-client:demo-client-secret-51c2").decode()


class Clock:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1_700_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def endpoint(clock: Clock) -> AsyncIterator[Endpoint]:
    async with await start(port=0, options=EndpointOptions(now=clock)) as running:
        yield running


@pytest_asyncio.fixture
async def client(endpoint: Endpoint) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(endpoint.url) as session:
        yield session


async def token(client: aiohttp.ClientSession, query: str = "") -> str:
    async with client.post(f"/oauth/token{query}", data=CLIENT) as response:
        return str((await response.json())["access_token"])


async def status(client: aiohttp.ClientSession, path: str, bearer: str) -> int:
    headers = {"Authorization": f"Bearer {bearer}"}
    async with client.post(path, json={"id": "e-1"}, headers=headers) as response:
        return response.status


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        pytest.param("POST", "data", id="post-form"),
        pytest.param("PUT", "data", id="put-form"),
        pytest.param("POST", "json", id="post-json"),
        pytest.param("GET", "params", id="get-query"),
    ],
)
async def test_issues_tokens_for_credentials_in_every_place(
    client: aiohttp.ClientSession, method: str, kind: str
) -> None:
    fields = CLIENT | {"grant_type": "client_credentials", "scope": "orders:write"}
    async with client.request(method, "/oauth/token", **{kind: fields}) as response:  # type: ignore[arg-type]
        document = await response.json()
    assert document | {"access_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "orders:write",
    }
    assert await status(client, "/webhook/bearer", document["access_token"]) == 200
    assert await status(client, "/v1/webhooks/new-user", document["access_token"]) == 200


async def test_issues_tokens_for_basic_credentials(client: aiohttp.ClientSession) -> None:
    form = {"grant_type": "client_credentials"}
    async with client.post("/oauth/token", data=form, headers={"Authorization": BASIC}) as response:
        assert (await response.json())["token_type"] == "Bearer"


@pytest.mark.parametrize(
    ("path", "fields", "code", "error"),
    [
        # RFC 6749, section 5.2
        pytest.param("", {}, 400, "invalid_request", id="no-client"),
        pytest.param("", CLIENT | {"client_secret": "x"}, 401, "invalid_client", id="wrong-secret"),
        pytest.param("", CLIENT | {"client_id": "x"}, 401, "invalid_client", id="unknown-client"),
        pytest.param("", CLIENT | {"grant_type": "password"}, 400, "unsupported_grant_type", id="grant"),
        pytest.param("?strict=1", CLIENT, 400, "invalid_request", id="strict-wants-a-grant-type"),
        pytest.param("?expires_in=later", CLIENT, 400, "invalid_request", id="bad-expires-in"),
        pytest.param("?fail=500", CLIENT, 500, "server_error", id="fail-500"),
    ],
)
async def test_refuses_as_the_standard_says(
    client: aiohttp.ClientSession, path: str, fields: dict[str, str], code: int, error: str
) -> None:
    async with client.post(f"/oauth/token{path}", data=fields) as response:
        assert (response.status, (await response.json())["error"]) == (code, error)


async def test_answers_that_hold_no_token(client: aiohttp.ClientSession) -> None:
    async with client.post("/oauth/token?fail=html", data=CLIENT) as response:
        assert (response.status, response.content_type) == (200, "text/html")
    async with client.post("/oauth/token?fail=no-token", data=CLIENT) as response:
        assert "access_token" not in await response.json()
    async with client.post("/oauth/token?expires_in=none", data=CLIENT) as response:
        assert "expires_in" not in await response.json()


async def test_a_slow_token_server_outlasts_a_client(endpoint: Endpoint) -> None:
    async with aiohttp.ClientSession(endpoint.url, timeout=aiohttp.ClientTimeout(total=0.1)) as impatient:
        with pytest.raises(TimeoutError):
            await impatient.post("/oauth/token?fail=slow", data=CLIENT)


async def test_tokens_expire(client: aiohttp.ClientSession, clock: Clock) -> None:
    short, long = await token(client, "?expires_in=2"), await token(client)
    assert await status(client, "/webhook/bearer", short) == 200
    clock.seconds += 2
    assert await status(client, "/webhook/bearer", short) == 401
    assert await status(client, "/webhook/bearer", long) == 200


async def test_a_jwt_tells_when_it_expires(client: aiohttp.ClientSession, clock: Clock) -> None:
    jwt = await token(client, "?jwt=1&expires_in=60")
    header, claims, _ = jwt.split(".")
    decoded = [json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, claims)]
    assert (decoded[0]["alg"], decoded[1]["exp"]) == ("HS256", clock.seconds + 60)
    assert await status(client, "/webhook/bearer", jwt) == 200


@pytest.mark.parametrize("path", ["/expired-token", "/webhook/bearer?expired-token=1"])
async def test_an_expired_token_is_cured_by_a_new_one(client: aiohttp.ClientSession, path: str) -> None:
    """request-and-auth, section 6: renewed after a 401, the new token is used on the retry."""
    first = await token(client)
    assert await status(client, path, first) == 401
    assert await status(client, path, first) == 401, "a revoked token stays refused"
    assert await status(client, path, await token(client)) == 200


async def test_what_it_received_holds_no_credentials(
    client: aiohttp.ClientSession, endpoint: Endpoint
) -> None:
    wrong = {"client_id": "c", "client_secret": "canary-1", "refresh_token": "canary-2"}
    await client.post("/oauth/token", data=wrong)
    await client.post("/oauth/token", json=wrong)
    await client.get("/oauth/token", params=wrong)
    bearer = await token(client)
    await status(client, "/webhook/bearer", bearer)
    text = repr(endpoint.received)
    for secret in ("canary", bearer, CLIENT["client_secret"]):
        assert secret not in text
    assert [r.caller for r in endpoint.received] == [
        "",
        "",
        "",
        "OAuth client inspector-client",
        "bearer token",
    ]
    assert "client_id=c" in endpoint.received[0].body
