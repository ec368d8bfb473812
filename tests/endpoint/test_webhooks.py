"""The bundled webhooks, called over loopback by a real client."""

import asyncio
import base64
import gzip
import time
import zlib
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime

import aiohttp
import pytest
import pytest_asyncio
from yarl import URL

from inspector.endpoint.faults import ESCAPES, FAULTS
from inspector.endpoint.options import EndpointOptions
from inspector.endpoint.received import Received
from inspector.endpoint.server import ROUTES, Endpoint, EndpointError, start


@pytest_asyncio.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    async with await start(port=0) as running:
        yield running


@pytest_asyncio.fixture
async def client(endpoint: Endpoint) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(endpoint.url, auto_decompress=False) as session:
        yield session


def basic(credentials: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(credentials.encode()).decode()}


GOOD_BASIC = basic("inspector:correct-horse-battery")


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        pytest.param("/webhook", {}, 200, id="open"),
        pytest.param("/webhook/orders/42", {}, 200, id="open-subpath"),
        pytest.param("/webhook/basic", GOOD_BASIC, 200, id="basic"),
        pytest.param("/webhook/basic", basic("myuser:mypassword"), 200, id="basic-of-the-tutorial"),
        pytest.param("/webhook/basic/orders/42", GOOD_BASIC, 200, id="basic-subpath"),
        pytest.param("/webhook/basic", basic("inspector:wrong"), 401, id="basic-wrong-password"),
        pytest.param("/webhook/basic", basic("nobody:correct-horse-battery"), 401, id="basic-wrong-user"),
        pytest.param("/webhook/basic", {"Authorization": "Basic ****"}, 401, id="basic-unreadable"),
        pytest.param("/webhook/basic", {}, 401, id="basic-missing"),
        pytest.param("/webhook/basic/orders/42", {}, 401, id="basic-missing-on-subpath"),
        pytest.param("/webhook/api-key", {"x-api-key": "demo-api-key-7f3a9c"}, 200, id="api-key"),
        pytest.param("/webhook/api-key", {"X-Custom-Auth": "my-secret-key-value"}, 200, id="tutorial-key"),
        pytest.param("/webhook/api-key", {"X-Api-Key": "other"}, 401, id="api-key-wrong"),
        pytest.param("/webhook/api-key", {}, 401, id="api-key-missing"),
        pytest.param("/webhook/bearer", {"Authorization": "Bearer nonsense"}, 401, id="bearer-unknown"),
        pytest.param("/webhook/bearer", GOOD_BASIC, 401, id="bearer-other-scheme"),
        pytest.param("/v1/webhooks/new-user", basic("myuser:mypassword"), 200, id="any-basic"),
        pytest.param("/v1/webhooks/new-user", {"X-Api-Key": "demo-api-key-7f3a9c"}, 200, id="any-api-key"),
        pytest.param("/v1/webhooks/new-user", {}, 401, id="any-none"),
    ],
)
async def test_credentials(
    client: aiohttp.ClientSession, path: str, headers: dict[str, str], status: int
) -> None:
    async with client.post(path, json={"a": 1}, headers=headers) as response:
        document = await response.json()
        assert response.status == status
        assert document["received"] if status == 200 else document["message"]


@pytest.mark.parametrize("method", ["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
async def test_every_method_of_api_destinations_is_accepted(
    client: aiohttp.ClientSession, method: str
) -> None:
    async with client.request(method, "/webhook/basic", headers=GOOD_BASIC) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("path", "status", "header", "value"),
    [
        pytest.param("/status/503", 503, "", "", id="status"),
        pytest.param("/status/204", 204, "", "", id="no-content"),
        pytest.param("/status/429?retry-after=120", 429, "Retry-After", "120", id="retry-after-seconds"),
        pytest.param("/status/503?retry-after=-1", 503, "Retry-After", "-1", id="retry-after-negative"),
        pytest.param("/status/500?retry-after=soon", 500, "Retry-After", "soon", id="retry-after-nonsense"),
        pytest.param("/redirect", 302, "Location", "/webhook", id="redirect"),
        pytest.param("/redirect/307?to=/x", 307, "Location", "/x", id="redirect-kept-method"),
        pytest.param("/redirect/loop", 302, "Location", "/redirect/loop", id="redirect-loop"),
        pytest.param("/webhook?status=418", 418, "", "", id="status-by-query"),
        pytest.param("/webhook/basic?status=418", 401, "", "", id="credentials-come-first"),
        pytest.param("/status/teapot", 400, "", "", id="not-a-status"),
        pytest.param("/slow/long", 400, "", "", id="not-seconds"),
        pytest.param("/status/999", 400, "", "", id="status-out-of-range"),
        pytest.param("/nowhere", 404, "", "", id="unknown-path"),
    ],
)
async def test_answers_on_request(
    client: aiohttp.ClientSession, path: str, status: int, header: str, value: str
) -> None:
    async with client.post(path, allow_redirects=False) as response:
        assert response.status == status
        assert response.headers.get(header, "") == value


async def test_faults_combine_with_credentials(client: aiohttp.ClientSession) -> None:
    path = "/webhook/basic?status=503&retry-after=2"
    async with client.post(path, headers=GOOD_BASIC) as response:
        assert (response.status, response.headers["Retry-After"]) == (503, "2")


@pytest.mark.parametrize(
    ("value", "offset"), [("date%2B30", 30), ("date+30", 30), ("date-30", -30), ("date+0", 0)]
)
async def test_retry_after_as_a_date(client: aiohttp.ClientSession, value: str, offset: int) -> None:
    async with client.post(URL(f"/status/503?retry-after={value}", encoded=True)) as response:
        date = parsedate_to_datetime(response.headers["Retry-After"])
        assert abs(date.timestamp() - time.time() - offset) < 5


class TestFlaky:
    async def statuses(self, client: aiohttp.ClientSession, path: str, event: str, times: int) -> list[int]:
        found = []
        for _ in range(times):
            async with client.post(path, json={"id": event}) as response:
                found.append(response.status)
        return found

    async def test_fails_n_times_for_each_event_then_succeeds(self, client: aiohttp.ClientSession) -> None:
        assert await self.statuses(client, "/flaky/2", "a", 4) == [503, 503, 200, 200]
        assert await self.statuses(client, "/flaky/2", "b", 3) == [503, 503, 200]

    async def test_fails_as_asked(self, client: aiohttp.ClientSession) -> None:
        path = "/flaky/1?status=429&retry-after=2"
        async with client.post(path, json={"id": "a"}) as response:
            assert (response.status, response.headers["Retry-After"]) == (429, "2")
        async with client.post(path, json={"id": "a"}) as response:
            assert (response.status, "Retry-After" in response.headers) == (200, False)

    async def test_counts_by_request_key_where_given(self, client: aiohttp.ClientSession) -> None:
        for key, body, status in [("k", "1", 503), ("k", "2", 200), ("other", "1", 503)]:
            async with client.post("/flaky/1", data=body, headers={"X-Request-Key": key}) as response:
                assert response.status == status

    async def test_a_payload_without_id_is_known_by_its_bytes(self, client: aiohttp.ClientSession) -> None:
        for body, status in [("[1]", 503), ("[2]", 503), ("[1]", 200)]:
            async with client.post("/flaky/1", data=body) as response:
                assert response.status == status

    async def test_reset_forgets_every_event_of_the_path(self, client: aiohttp.ClientSession) -> None:
        await self.statuses(client, "/flaky/1?status=500", "a", 2)
        await self.statuses(client, "/flaky/1?status=500", "b", 1)
        async with client.get("/flaky/1?status=500&reset=1") as response:
            assert await response.json() == {"forgotten": 2}
        assert await self.statuses(client, "/flaky/1?status=500", "a", 2) == [500, 200]

    async def test_starts_over_after_a_success_when_asked(self, client: aiohttp.ClientSession) -> None:
        assert await self.statuses(client, "/flaky/1?again=1", "a", 4) == [503, 200, 503, 200]

    async def test_works_as_a_query_of_a_webhook(self, client: aiohttp.ClientSession) -> None:
        assert await self.statuses(client, "/webhook?flaky=1", "a", 2) == [503, 200]

    async def test_drops_n_times(self, client: aiohttp.ClientSession) -> None:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await client.post("/flaky/1?drop=1", data="x", headers={"Connection": "close"})
        assert (await client.post("/flaky/1?drop=1", data="x")).status == 200


async def test_drop_closes_before_answering(endpoint: Endpoint) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(endpoint.url.rpartition(":")[2]))
    writer.write(b"GET /drop HTTP/1.1\r\nHost: x\r\n\r\n")
    assert await reader.read() == b""
    writer.close()
    assert endpoint.received[-1].answer == "connection dropped"


async def test_reset_midway_breaks_a_begun_answer(client: aiohttp.ClientSession) -> None:
    response = await client.get("/reset-midway")
    assert response.status == 200
    with pytest.raises((aiohttp.ClientPayloadError, aiohttp.ClientOSError, ConnectionResetError)):
        await response.read()


async def test_slow_answers_later_than_a_client_waits(endpoint: Endpoint) -> None:
    timeout = aiohttp.ClientTimeout(total=0.1)
    async with aiohttp.ClientSession(endpoint.url, timeout=timeout) as impatient:
        with pytest.raises(TimeoutError):
            await impatient.post("/slow/30")
    assert endpoint.received[-1].answer == "200 after 30 s"


class TestBodies:
    async def body(self, client: aiohttp.ClientSession, path: str) -> bytes:
        async with client.post(path) as response:
            return await response.read()

    async def test_gzip(self, client: aiohttp.ClientSession) -> None:
        assert b'"received":true' in gzip.decompress(await self.body(client, "/gzip"))

    async def test_deflate_with_and_without_zlib_header(self, client: aiohttp.ClientSession) -> None:
        assert b'"received":true' in zlib.decompress(await self.body(client, "/deflate"))
        raw = await self.body(client, "/deflate/raw")
        assert b'"received":true' in zlib.decompress(raw, -zlib.MAX_WBITS)

    async def test_big_is_exact(self, client: aiohttp.ClientSession) -> None:
        assert len(await self.body(client, "/big/1500001")) == 1_500_001

    async def test_big_and_gzip_make_a_bomb(self, client: aiohttp.ClientSession) -> None:
        packed = await self.body(client, "/big/5000000?gzip=1")
        assert len(packed) < 50_000
        assert len(gzip.decompress(packed)) == 5_000_000

    async def test_binary_is_no_utf8(self, client: aiohttp.ClientSession) -> None:
        with pytest.raises(UnicodeDecodeError):
            (await self.body(client, "/binary")).decode()

    async def test_escapes_are_sent_raw(self, client: aiohttp.ClientSession) -> None:
        assert await self.body(client, "/escapes") == ESCAPES.encode()

    async def test_echo_repeats_even_credentials(self, client: aiohttp.ClientSession) -> None:
        async with client.put("/echo/a?b=%20c", data="text", headers={"X-Api-Key": "canary"}) as response:
            document = await response.json()
        assert (document["method"], document["target"], document["body"]) == ("PUT", "/echo/a?b=%20c", "text")
        assert ["X-Api-Key", "canary"] in document["headers"]


class TestReceived:
    async def test_lists_newest_first_without_credentials(self, client: aiohttp.ClientSession) -> None:
        await client.post("/webhook/basic/orders?api_key=canary-query", data='{"n":1}', headers=GOOD_BASIC)
        await client.post("/webhook/api-key", headers={"X-Api-Key": "canary-wrong"})
        await client.post("/echo", data="I say correct-horse-battery", headers={"Cookie": "canary-cookie"})
        async with client.get("/received") as response:
            text, documents = await response.text(), await response.json()
        assert [d["target"].partition("?")[0] for d in documents] == [
            "/echo",
            "/webhook/api-key",
            "/webhook/basic/orders",
        ]
        assert [(d["status"], d["caller"]) for d in documents] == [
            (200, "anybody"),
            (401, ""),
            (200, "Basic user inspector"),
        ]
        assert documents[2]["body"] == '{"n":1}'
        for secret in ("canary", "correct-horse-battery", GOOD_BASIC["Authorization"][6:]):
            assert secret not in text
        async with client.get("/received?last=1") as response:
            assert len(await response.json()) == 1

    async def test_is_bounded_and_tells_whoever_listens(self) -> None:
        heard: list[Received] = []
        options = EndpointOptions(keep=2)
        async with await start(port=0, options=options, on_received=heard.append) as endpoint:
            async with aiohttp.ClientSession(endpoint.url) as client:
                for number in range(3):
                    await client.post("/webhook", data=str(number))
            assert [received.body for received in heard] == ["0", "1", "2"]
            assert [received.body for received in endpoint.received] == ["1", "2"]
            assert heard[0].header("content-length") == "1"


async def test_help_lists_every_route_and_fault(client: aiohttp.ClientSession) -> None:
    async with client.get("/") as response:
        text = await response.text()
    for route in ROUTES:
        assert f"  {route.path}" in text
    for fault in FAULTS:
        assert fault.help in text


async def test_an_address_in_use_is_explained(endpoint: Endpoint) -> None:
    with pytest.raises(EndpointError, match=r"cannot listen on 127\.0\.0\.1") as caught:
        await start(port=int(endpoint.url.rpartition(":")[2]))
    assert "port" in caught.value.hint
