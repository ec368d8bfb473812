"""A small shop to look at: definitions as files, endpoints that answer by script, a clock that jumps."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from inspector.delivery.clock import Clock, RealClock, VirtualClock
from inspector.delivery.scripted import Script, ScriptedAnswer, ScriptedTransport
from inspector.delivery.wire import Exchange
from inspector.eventbridge.request import PreparedRequest
from inspector.secret import Redactor
from inspector.tui.app import InspectorApp
from inspector.tui.screens.workbench import Start
from inspector.workbench import Workbench

NOTHING_CHOSEN = Start()
START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
CANARIES = ("canary-password-1", "canary-key-2", "canary-client-secret-3")
ARN = "arn:aws:events:us-east-1:123456789012"
ROLE = "arn:aws:iam::123456789012:role/invoke-api-destinations"

CONNECTIONS = (
    {
        "Name": "crm",
        "AuthorizationType": "BASIC",
        "AuthParameters": {"BasicAuthParameters": {"Username": "shop", "Password": CANARIES[0]}},
    },
    {
        "Name": "warehouse",
        "AuthorizationType": "API_KEY",
        "AuthParameters": {
            "ApiKeyAuthParameters": {"ApiKeyName": "X-Api-Key", "ApiKeyValue": CANARIES[1]},
            "InvocationHttpParameters": {"HeaderParameters": [{"Key": "X-Shop", "Value": "north"}]},
        },
    },
    {
        "Name": "loyalty",
        "AuthorizationType": "OAUTH_CLIENT_CREDENTIALS",
        "AuthParameters": {
            "OAuthParameters": {
                "AuthorizationEndpoint": "https://login.example.com/token",
                "HttpMethod": "POST",
                "ClientParameters": {"ClientID": "shop", "ClientSecret": CANARIES[2]},
            }
        },
    },
)
DESTINATIONS = (
    ("crm-contacts", "crm", "https://crm.example.com/contacts/*", "PUT"),
    ("warehouse-orders", "warehouse", "https://warehouse.example.com/orders", "POST"),
    ("loyalty-points", "loyalty", "https://loyalty.example.com/points", "POST"),
)
RULES = (
    {
        "Name": "order-placed",
        "EventPattern": json.dumps({"source": ["shop.orders"], "detail-type": ["Order Placed"]}),
        "Targets": [
            {
                "Id": "warehouse",
                "Arn": f"{ARN}:api-destination/warehouse-orders/1",
                "RoleArn": ROLE,
                "RetryPolicy": {"MaximumRetryAttempts": 4, "MaximumEventAgeInSeconds": 3600},
                "InputTransformer": {
                    "InputPathsMap": {"order": "$.detail.orderId", "total": "$.detail.total"},
                    "InputTemplate": '{"order": "<order>", "total": <total>}',
                },
            },
            {"Id": "loyalty", "Arn": f"{ARN}:api-destination/loyalty-points/2", "RoleArn": ROLE},
        ],
    },
    {
        "Name": "big-orders",
        "EventPattern": json.dumps(
            {"source": ["shop.orders"], "detail": {"total": [{"numeric": [">", 1000]}]}}
        ),
        "Targets": [
            {
                "Id": "crm",
                "Arn": f"{ARN}:api-destination/crm-contacts/3",
                "RoleArn": ROLE,
                "HttpParameters": {"PathParameterValues": ["$.detail.customer"]},
            }
        ],
    },
)
ORDER = {
    "version": "0",
    "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": "Order Placed",
    "source": "shop.orders",
    "account": "123456789012",
    "time": "2026-03-01T09:29:58Z",
    "region": "us-east-1",
    "resources": [],
    "detail": {"orderId": "o-1001", "total": 42.5, "customer": "c-7"},
}
REFUND = {**ORDER, "id": "7c1a6b1e-1111-4cf7-a9f1-bf3703467718", "detail-type": "Refund Issued"}


def write_file(name: str, content: object) -> None:
    """Write a file: text as it is, all else as JSON."""
    Path(name).write_text(content if isinstance(content, str) else json.dumps(content))


def write_shop(folder: Path, *, broken: bool = False) -> None:
    """Write the definitions and two events; `broken` adds a destination that AWS would refuse."""
    (folder / "events").mkdir(parents=True)
    destinations = [
        {
            "Name": name,
            "ConnectionArn": f"{ARN}:connection/{connection}/0",
            "InvocationEndpoint": endpoint,
            "HttpMethod": method,
        }
        for name, connection, endpoint, method in DESTINATIONS
    ]
    if broken:
        destinations.append({**destinations[0], "Name": "no spaces [/]", "HttpMethod": "BREW"})
    for kind, definitions in (("connection", CONNECTIONS), ("destination", destinations), ("rule", RULES)):
        for number, definition in enumerate(definitions, 1):
            (folder / f"{kind}-{number}.json").write_text(json.dumps(definition))
    (folder / "events" / "order-placed.json").write_text(json.dumps(ORDER))
    (folder / "events" / "refund.json").write_text(json.dumps(REFUND))


def _script(answers: Sequence[ScriptedAnswer]) -> Script:
    return lambda number, _: answers[min(number, len(answers)) - 1]


class Endpoints:
    """Endpoints that answer by script, one list of answers for each host; the last answer stays."""

    def __init__(self, clock: VirtualClock, scripts: Mapping[str, Sequence[ScriptedAnswer]]) -> None:
        self.sent: list[PreparedRequest] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._hosts = {host: ScriptedTransport(_script(script), clock) for host, script in scripts.items()}

    async def send(self, request: PreparedRequest, *, limit: float = 5.0, redactor: Redactor) -> Exchange:
        """Answer as the script of the request's host says."""
        self.sent.append(request)
        await self.gate.wait()
        host = request.base_url.split("/")[2]
        return await self._hosts[host].send(request, limit=limit, redactor=redactor)

    async def close(self) -> None:
        """There is nothing to close."""


def answer(status: int, body: object = None, **headers: str) -> ScriptedAnswer:
    """Return a JSON answer."""
    text = b"" if body is None else json.dumps(body).encode()
    named = tuple((name.replace("_", "-").title(), value) for name, value in headers.items())
    return ScriptedAnswer(status, (("Content-Type", "application/json"), *named), text, seconds=0.183)


SCRIPTS: dict[str, list[ScriptedAnswer]] = {
    "warehouse.example.com": [
        answer(503, {"error": "busy"}, retry_after="2"),
        answer(503, {"error": "busy"}),
        answer(200, {"accepted": True, "order": "o-1001"}),
    ],
    "crm.example.com": [answer(404, {"error": "no such contact"})],
    "loyalty.example.com": [answer(200, {"points": 42})],
}


class Shop:
    """A workbench on the shop, and the app on it. waits: between attempts time passes as it does outside."""

    def __init__(
        self,
        folder: Path,
        *,
        db: Path | None = None,
        scripts: Mapping[str, Sequence[ScriptedAnswer]] = SCRIPTS,
        waits: bool = False,
    ) -> None:
        self.clock = VirtualClock(START)
        self.endpoints = Endpoints(self.clock, scripts)
        clock: Callable[[], Clock] = RealClock if waits else lambda: self.clock
        self.bench = Workbench(
            [folder],
            db=db,
            environ={},
            clock=clock,
            transport=self.endpoints,
            randomness=lambda: 0.5,
        )

    def app(self, *, endpoint_url: str = "", start: Start = NOTHING_CHOSEN) -> InspectorApp:
        """Return the app."""
        return InspectorApp(self.bench, title="shop", endpoint_url=endpoint_url, start=start)
