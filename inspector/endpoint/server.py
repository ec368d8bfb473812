"""The bundled endpoint: webhooks that check credentials, faults on request, a token server.

Everything is listed at `/`, from the table of routes below. Nothing but `/echo` repeats a secret.
"""

import asyncio
import re
import socket
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

from aiohttp import web

from inspector.endpoint.credentials import Admission, Scheme, admit, bearer_token
from inspector.endpoint.faults import (
    FAULTS,
    FLAKY_HELP,
    Answer,
    Asked,
    Counters,
    FaultError,
    asked_faults,
    failures_asked,
    plan,
)
from inspector.endpoint.oauth import HELP, TokenRequest, body_members, token_answer
from inspector.endpoint.options import EndpointOptions
from inspector.endpoint.received import Received, masked_body, masked_header, masked_target
from inspector.endpoint.tokens import TokenStore
from inspector.errors import InspectorError
from inspector.jsontext import dumps
from inspector.secret import Redactor

_LARGEST_REQUEST: Final = 4 * 1024 * 1024

OnReceived: TypeAlias = Callable[[Received], None]
Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


class EndpointError(InspectorError):
    """The bundled endpoint cannot listen where it was asked to."""


@dataclass(frozen=True, slots=True)
class WebhookRoute:
    """A webhook: its path (subpaths belong to it), whom it lets in, the fault that its path stands for."""

    path: str
    scheme: Scheme
    help: str
    fault: str = ""
    value: str = ""


_WEBHOOKS: Final = (
    WebhookRoute("/webhook/basic", "basic", "checks Basic credentials"),
    WebhookRoute("/webhook/api-key", "api-key", "checks an API key in its header"),
    WebhookRoute("/webhook/bearer", "bearer", "checks a bearer token of /oauth/token"),
    WebhookRoute("/webhook", "none", "lets anybody in"),
    WebhookRoute("/v1/webhooks/new-user", "any", "takes any of the three credentials"),
)
_COUNTING: Final = (
    WebhookRoute("/flaky", "none", FLAKY_HELP, "flaky", "n"),
    WebhookRoute(
        "/expired-token",
        "bearer",
        "an event's first token is refused as expired and revoked: the retry needs a new one",
        "expired-token",
    ),
)
ROUTES: Final = (
    *_WEBHOOKS,
    *_COUNTING,
    *(WebhookRoute(f"/{fault.name}", "none", fault.help, fault.name, fault.value) for fault in FAULTS),
)
"""Every webhook. The faults with a path are accepted as query parameters of all of them too."""


class Mock:
    """The state behind the routes: tokens, counters, and what was received (oldest first)."""

    def __init__(self, options: EndpointOptions, on_received: OnReceived | None = None) -> None:
        self.options = options
        self.tokens = TokenStore(options)
        self.received: deque[Received] = deque(maxlen=options.keep)
        self._counters = Counters()
        self._redactor = Redactor(options.secrets())
        self._on_received = on_received
        self._number = 0

    def webhook(self, route: WebhookRoute) -> Handler:
        """Return the handler of one webhook route."""

        async def handle(request: web.Request) -> web.StreamResponse:
            body = await request.read()
            admission = admit(route.scheme, request.headers, self.options, self.tokens)
            answer = self._refusal(admission) if admission.refused else self._answer(route, request, body)
            self._note(request, body, answer, admission.accepted)
            return await _send(request, answer)

        return handle

    async def token(self, request: web.Request) -> web.StreamResponse:
        """Answer a token request."""
        body = await request.read()
        members = body_members(body, request.headers.get("Content-Type", ""))
        answer, client = token_answer(
            TokenRequest(request.query, members, request.headers), self.options, self.tokens
        )
        self._note(request, body, answer, f"OAuth client {client}" if client else "", of_token_request=True)
        return await _send(request, answer)

    async def list_received(self, request: web.Request) -> web.StreamResponse:
        """Answer with what was received, newest first; `?last=N` of it."""
        last = request.query.get("last", "")
        count = int(last) if last.isdecimal() else len(self.received)
        newest = [received.document() for received in reversed(self.received)][:count]
        return web.Response(text=dumps(newest, indent=2), content_type="application/json")

    def _answer(self, route: WebhookRoute, request: web.Request, body: bytes) -> Answer:
        faults = asked_faults(request.query)
        if route.fault:
            faults[route.fault] = request.match_info.get("value") or faults.get(route.fault, "")
        asked = Asked(
            target=request.raw_path,
            query=request.query,
            raw={
                "method": request.method,
                "target": request.raw_path,
                "headers": [list(header) for header in request.headers.items()],
                "body": body.decode("utf-8", "replace"),
            },
            now=self.options.now(),
            body=body,
            request_key=request.headers.get("X-Request-Key", ""),
        )
        receipt = {"received": True, "number": self._number + 1, "bytes": len(body)}
        answer = Answer().with_body(dumps(receipt).encode(), "application/json")
        try:
            if "flaky" in faults:
                return self._flaky(answer, faults, asked)
            if "expired-token" in faults and not self._counters.count(asked):
                return self._expire(request)
            return plan(answer, faults, asked)
        except FaultError as error:
            return _refuse(400, "bad_fault", str(error))

    def _flaky(self, answer: Answer, faults: dict[str, str], asked: Asked) -> Answer:
        failures = failures_asked(faults["flaky"])
        if asked.query.get("reset"):
            target = re.sub(r"[?&]reset=[^&]*$|(?<=[?&])reset=[^&]*&", "", asked.target)
            forgotten = self._counters.forget_all(target)
            return answer.with_body(dumps({"forgotten": forgotten}).encode(), "application/json")
        if self._counters.count(asked) >= failures:
            if asked.query.get("again"):
                self._counters.forget(asked)
            return answer
        only_status = not faults.keys() & {"status", "drop", "reset-midway", "redirect", "slow"}
        return plan(answer, {"status": "503"} | faults if only_status else faults, asked)

    def _expire(self, request: web.Request) -> Answer:
        self.tokens.revoke(bearer_token(request.headers))
        return _refuse(401, "invalid_token", "the bearer token has expired").with_header(
            "WWW-Authenticate", 'Bearer realm="inspector", error="invalid_token"'
        )

    def _refusal(self, admission: Admission) -> Answer:
        answer = _refuse(401, "unauthorized", admission.refused)
        return answer.with_header("WWW-Authenticate", admission.challenge) if admission.challenge else answer

    def _note(
        self,
        request: web.Request,
        body: bytes,
        answer: Answer,
        caller: str,
        *,
        of_token_request: bool = False,
    ) -> None:
        self._number += 1
        keys = {name.lower() for name in self.options.api_keys}
        received = Received(
            number=self._number,
            at=datetime.fromtimestamp(self.options.now(), UTC),
            method=request.method,
            target=self._redactor.text(masked_target(request.raw_path)),
            headers=tuple(
                (name, masked_header("api-key" if name.lower() in keys else name, value))
                for name, value in request.headers.items()
            ),
            body=masked_body(body, self._redactor, of_token_request=of_token_request),
            body_bytes=len(body),
            status=answer.status if answer.ending == "complete" else 0,
            answer=answer.summary,
            caller=caller,
        )
        self.received.append(received)
        if self._on_received:
            self._on_received(received)


def _refuse(status: int, error: str, message: str) -> Answer:
    return Answer(status).with_body(dumps({"error": error, "message": message}).encode(), "application/json")


async def _send(request: web.Request, answer: Answer) -> web.StreamResponse:
    if answer.delay:
        await asyncio.sleep(answer.delay)
    transport = request.transport
    if answer.ending == "drop" and transport:
        transport.close()
    if answer.ending == "reset" and transport:
        response = web.StreamResponse(status=answer.status, headers=answer.headers)
        response.content_length = len(answer.body) + 1000
        await response.prepare(request)
        await response.write(answer.body)
        # Without lingering, a close sends RST and not FIN.
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        return response
    return web.Response(status=answer.status, headers=answer.headers, body=answer.body)


def help_text() -> str:
    """Return the list of routes, as `/` answers it."""
    rows = [(route.path + (f"/{{{route.value}}}" if route.value else ""), route.help) for route in ROUTES]
    rows += [("/oauth/token", HELP), ("/received", "GET: what was received, newest first, as JSON; last=N")]
    width = max(len(path) for path, _ in rows)
    lines = "\n".join(f"  {path:{width}}  {text}" for path, text in rows)
    return (
        "The inspector's endpoint: any method, any subpath of a webhook.\n"
        "A fault's name is a query parameter of every webhook: /webhook/basic?status=503&retry-after=2\n\n"
        f"{lines}\n"
    )


def create_app(
    options: EndpointOptions | None = None, *, on_received: OnReceived | None = None
) -> web.Application:
    """Return the endpoint as an aiohttp application.

    on_received: called for each webhook and token request, on the event loop, before it is answered.
    """
    return _app(Mock(options or EndpointOptions(), on_received))


def _app(mock: Mock) -> web.Application:
    async def index(_: web.Request) -> web.Response:
        return web.Response(text=help_text())

    app = web.Application(client_max_size=_LARGEST_REQUEST)
    app.router.add_get("/", index)
    app.router.add_get("/received", mock.list_received)
    for method in ("POST", "PUT", "GET"):
        app.router.add_route(method, "/oauth/token", mock.token)
    for route in ROUTES:
        handler = mock.webhook(route)
        value = "/{value:[^/]*}" if route.fault else ""
        app.router.add_route("*", f"{route.path}{value}{{rest:(/.*)?}}", handler)
        if value:
            app.router.add_route("*", route.path, handler)
    return app


class Endpoint:
    """A running endpoint; leaving its context stops it.

    url: where it listens, without a trailing slash. received: what it received, oldest first, bounded.
    """

    def __init__(self, runner: web.AppRunner, url: str, mock: Mock) -> None:
        self._runner = runner
        self.url = url
        self.received = mock.received
        self.tokens = mock.tokens

    async def __aenter__(self) -> "Endpoint":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Stop listening and end what is still being answered."""
        await self._runner.cleanup()


async def start(
    host: str = "127.0.0.1",
    port: int = 9870,
    options: EndpointOptions | None = None,
    *,
    on_received: OnReceived | None = None,
) -> Endpoint:
    """Start the endpoint and return it listening. `port` 0 takes any free one.

    Raises:
        EndpointError: the address cannot be listened on.
    """
    mock = Mock(options or EndpointOptions(), on_received)
    runner = web.AppRunner(_app(mock), access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise EndpointError(
            f"the endpoint cannot listen on {host}:{port}: {error.strerror or error}",
            hint="is another one running there? Choose another port (0 takes any free one)",
        ) from None
    actual = runner.addresses[0][1]
    shown = f"[{host}]" if ":" in host else host
    return Endpoint(runner, f"http://{shown}:{actual}", mock)
