"""Every fault of an endpoint, from the definition to the history: a recorded attempt of the right class.

Over real sockets, through the workbench, into a real history: never a traceback, never a hang, and memory
within bounds (retries-and-dlq, sections 1 and 3).
"""

import asyncio
import gzip
import json
import ssl
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from inspector.cli import run as inspector
from inspector.delivery.clock import VirtualClock
from inspector.delivery.network import Network
from inspector.delivery.transport import HttpxTransport
from inspector.delivery.transport_bulk import BulkTransport
from inspector.delivery.wire import BODY_LIMIT, Exchange
from inspector.eventbridge.request import PreparedRequest
from inspector.eventbridge.resources import Workspace
from inspector.eventbridge.retry import OutcomeClass
from inspector.history.records import StoredDelivery
from inspector.secret import Redactor
from inspector.workbench import Workbench
from inspector.workbench.redirect import redirected
from tests.auth.serving import serving
from tests.delivery.raw_server import Talk, raw_server
from tests.delivery.test_faults import (
    drip_of_body,
    drip_of_headers,
    drip_of_interim_answers,
    endless_headers,
    reset_at_once,
    reset_in_the_body,
    reset_in_the_headers,
    silence,
)
from tests.delivery.test_wire import server_tls

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVENT = {"source": "shop", "detail-type": "Order", "detail": {"id": 1}}
HEAD = b"HTTP/1.1 200 OK\r\n"
HOSTILE = "\x1b]0;title\x07\x1b[2J\x9b31m\u202e[/][bold]x[/bold] {0} %s"
TIME_LIMIT = 0.4
MEMORY_LIMIT = 24 * BODY_LIMIT


class Impatient:
    """Sends as its transport does and waits less long: five seconds are long for a test."""

    def __init__(self, transport: HttpxTransport | BulkTransport) -> None:
        self._transport = transport

    async def send(self, request: PreparedRequest, *, limit: float = 0, redactor: Redactor) -> Exchange:
        return await self._transport.send(request, limit=TIME_LIMIT, redactor=redactor)


@dataclass(frozen=True)
class Place:
    """A folder of definitions with one destination, and its history."""

    folder: Path

    @property
    def db(self) -> Path:
        return self.folder / "history.sqlite3"

    def point_to(self, url: str) -> None:
        connection = {
            "Name": "crm",
            "AuthorizationType": "BASIC",
            "AuthParameters": {"BasicAuthParameters": {"Username": "ada", "Password": "canary-password"}},
        }
        arn = "arn:aws:events:us-east-1:123456789012:connection/crm/11112222-3333-4444-5555-666677778888"
        destination = {"Name": "crm", "ConnectionArn": arn, "InvocationEndpoint": url, "HttpMethod": "POST"}
        definitions = {"Connections": [connection], "ApiDestinations": [destination]}
        (self.folder / "crm.json").write_text(json.dumps(definitions))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


Make = Callable[..., HttpxTransport | BulkTransport]


@pytest.fixture(params=[HttpxTransport, BulkTransport], ids=["httpx", "bulk"])
def make(request: pytest.FixtureRequest) -> Make:
    return request.param  # type: ignore[no-any-return]


async def recorded(
    place: Place, url: str, transport: HttpxTransport | BulkTransport, *, elsewhere: str = ""
) -> StoredDelivery:
    """Deliver one event and return what the history, opened anew, has of it.

    elsewhere: send there and not where the definitions say.
    """
    place.point_to(url)

    def redirect(workspace: Workspace) -> Workspace:
        if not elsewhere:
            return workspace
        return redirected(workspace, elsewhere, applies=lambda _: True, tokens=False)

    def bench() -> Workbench:
        clock = VirtualClock(START)
        sender = Impatient(transport)
        return Workbench(
            [place.folder],
            db=place.db,
            environ={},
            clock=lambda: clock,
            transport=sender,
            redirect=redirect,
        )

    sending = bench()
    [route] = sending.routes()
    run = sending.deliver(sending.read_event(json.dumps(EVENT)), route)
    async with asyncio.timeout(20):
        async for step in run:
            if step.message_type == "WAIT_START":
                run.cancel()
    await sending.close()
    assert run.unrecorded == ""
    reading = bench()
    stored = await reading.in_history(lambda history: history.get(run.delivery_id))
    await reading.close()
    return stored


def gzipped(data: bytes) -> bytes:
    return HEAD + b"Content-Encoding: gzip\r\n\r\n" + data


async def endless_body(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


FAULTS: list[tuple[str, bytes | Talk, OutcomeClass, str]] = [
    ("reset at once", reset_at_once, "retriable", "reset"),
    ("reset in the headers", reset_in_the_headers, "retriable", "reset"),
    ("reset in the body", reset_in_the_body, "retriable", "reset"),
    ("no answer", b"", "retriable", "reset"),
    ("endless headers", endless_headers, "retriable", "protocol"),
    ("endless body", endless_body, "success", "200"),
    ("silence", silence, "retriable", "timeout"),
    ("drip of headers", drip_of_headers, "retriable", "timeout"),
    ("drip of the body", drip_of_body, "retriable", "timeout"),
    ("1xx without end", drip_of_interim_answers, "retriable", "timeout"),
    ("1xx before the answer", b"HTTP/1.1 103 Early Hints\r\n\r\n" + HEAD + b"\r\n", "success", "200"),
    ("101", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nxx", "final", "101"),
    ("204 with a body", b"HTTP/1.1 204 No Content\r\n\r\nsurprise", "success", "204"),
    ("Content-Length too large", HEAD + b"Content-Length: 9\r\n\r\nabc", "retriable", "protocol"),
    ("Content-Length too small", HEAD + b"Content-Length: 2\r\n\r\nabc", "success", "200"),
    ("Content-Length no number", HEAD + b"Content-Length: x\r\n\r\n", "retriable", "protocol"),
    ("gzip bomb", gzipped(gzip.compress(bytes(64 * BODY_LIMIT))), "success", "200"),
    ("broken gzip", gzipped(b"this is no gzip"), "success", "200"),
    ("10 MB", HEAD + b"\r\n" + b"x" * 10_000_000, "success", "200"),
    ("binary", HEAD + b"\r\n" + bytes(range(256)), "success", "200"),
    ("redirect loop", b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", "final", "302"),
    ("no HTTP", b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "retriable", "protocol"),
]


@pytest.mark.parametrize(("fault", "outcome", "told"), [pytest.param(*row[1:], id=row[0]) for row in FAULTS])
async def test_a_fault_is_a_recorded_attempt(
    fault: bytes | Talk, outcome: OutcomeClass, told: str, place: Place, make: Make
) -> None:
    async with raw_server(fault) as server:
        stored = await recorded(place, server.url, make())
        assert server.connections == 1
    [attempt] = stored.attempts
    assert attempt.classification.outcome == outcome
    assert told == (str(attempt.status) if attempt.response else attempt.error and attempt.error.kind)
    assert attempt.remote_address == f"127.0.0.1:{server.port}"
    if attempt.response:
        assert len(attempt.response.body) <= BODY_LIMIT
    assert inspector(["history", "show", "last", "--db", str(place.db)]) in (0, 1)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(endless_headers, id="endless headers"),
        pytest.param(endless_body, id="endless body"),
        pytest.param(gzipped(gzip.compress(gzip.compress(bytes(64 * BODY_LIMIT)))), id="gzip bomb"),
        pytest.param(HEAD + b"\r\n" + b"x" * 10_000_000, id="10 MB"),
    ],
)
async def test_memory_is_bounded(fault: bytes | Talk, place: Place, make: Make) -> None:
    async with raw_server(fault) as server:
        await recorded(place, server.url, make())
        tracemalloc.start()
        try:
            await recorded(place, server.url, make())
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < MEMORY_LIMIT


# -- what has no answer for another reason


async def test_nobody_listens(place: Place, make: Make) -> None:
    [attempt] = (await recorded(place, "http://127.0.0.1:9/", make())).attempts
    assert attempt.error is not None
    assert (attempt.error.kind, attempt.classification.outcome) == ("refused", "retriable")


@asynccontextmanager
async def secure(certificate: trustme.LeafCert) -> AsyncIterator[str]:
    async with raw_server(HEAD + b"\r\n", tls=server_tls(certificate)) as server:
        yield server.url.replace("http:", "https:")


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("self-signed", "is refused: "),
        ("expired", "certificate has expired"),
        ("another name", "is not valid for '127.0.0.1'"),
    ],
)
async def test_a_certificate_that_is_refused(kind: str, why: str, place: Place, make: Make) -> None:
    authority, trust = trustme.CA(), ssl.create_default_context()
    if kind != "self-signed":
        authority.configure_trust(trust)
    past = datetime.now(UTC) - timedelta(days=1)
    name = "other.test" if kind == "another name" else "127.0.0.1"
    certificate = authority.issue_cert(name, not_after=past if kind == "expired" else None)
    async with secure(certificate) as url:
        [attempt] = (await recorded(place, url, make(trust))).attempts
    assert attempt.error is not None
    assert attempt.error.kind == "tls"
    assert why in attempt.error.message


async def test_a_certificate_that_is_accepted_is_summed_up(place: Place, make: Make) -> None:
    authority, trust = trustme.CA(), ssl.create_default_context()
    authority.configure_trust(trust)
    async with secure(authority.issue_cert("127.0.0.1", common_name="hooks.test")) as url:
        [attempt] = (await recorded(place, url, make(trust))).attempts
    assert attempt.classification.outcome == "success"
    assert attempt.tls.startswith("TLSv1.3, certificate of hooks.test by ")
    assert "valid until" in attempt.tls
    assert attempt.timings.tls is not None


async def test_the_loopback_of_ipv6(place: Place, make: Make) -> None:
    try:
        async with raw_server(HEAD + b"\r\n", host="::1") as server:
            # An API destination of AWS takes no address in brackets: it is given by --endpoint.
            stored = await recorded(place, "http://hooks.test/", make(), elsewhere=server.url)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    [attempt] = stored.attempts
    assert attempt.classification.outcome == "success"
    assert attempt.remote_address == f"[::1]:{server.port}"


async def test_a_proxy_of_the_environment_has_no_say(
    place: Place, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with raw_server(HEAD + b"\r\n") as server:
        [attempt] = (await recorded(place, server.url, make(network=Network()))).attempts
    assert attempt.classification.outcome == "success"


# -- an answer that would command a terminal


@pytest.mark.parametrize("status", ["200 OK", f"500 {HOSTILE}"])
async def test_an_answer_full_of_escapes_and_markup(
    status: str, place: Place, make: Make, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    # HTTP allows no control character in a reason or a header but those of Latin-1.
    inline = "".join(c for c in HOSTILE if c not in "\x1b\x07")
    answer = f"HTTP/1.1 {status.replace(HOSTILE, inline)}\r\nX-Told: {inline}\r\n\r\n{HOSTILE}".encode()
    async with raw_server(answer) as server:
        stored = await recorded(place, server.url, make())
    [attempt] = stored.attempts
    assert attempt.response is not None, attempt.error
    assert attempt.response.body == HOSTILE.encode()
    db = ("--db", str(place.db))
    for arguments in (
        ["history", *db],
        ["history", "show", "last", *db],
        ["history", "show", "last", *db, "--output", "json"],
        ["history", *db, "--output", "json"],
    ):
        capfdbinary.readouterr()
        assert inspector(arguments) in (0, 1)
        told = b"".join(capfdbinary.readouterr()).decode()
        for character in ("\x1b", "\x07", "\x9b", "\u202e"):
            assert character not in told
        assert "show" not in arguments or "[/][bold]x[/bold] {0} %s" in told


def test_it_is_safe_while_it_is_sent(
    place: Place, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(HOSTILE.encode()) as url:
        place.point_to(url)
        event = place.folder / "event.json"
        event.write_text(json.dumps(EVENT))
        monkeypatch.chdir(place.folder)
        for command in (["send"], ["compare", "--vary", "query:a=b", "--runs", "2"]):
            for output in ("text", "json"):
                capfdbinary.readouterr()
                given = ["-c", "crm.json", "-e", str(event), "--db", str(place.db), "--output", output]
                assert inspector([*command, *given]) == 0
                told = b"".join(capfdbinary.readouterr()).decode()
                for character in ("\x1b", "\x07", "\x9b", "\u202e"):
                    assert character not in told
