"""A workspace whose one rule leads to a server of bare sockets, and the workbench on it."""

import json
from collections.abc import Iterator
from pathlib import Path

from inspector.delivery.clock import RealClock
from inspector.eventbridge.resources import Route
from inspector.jsontext import JsonObject
from inspector.workbench import Workbench
from inspector.workbench.many_values import Item, Ready
from inspector.workbench.requests import adjusted

ARN = "arn:aws:events:us-east-1:123456789012"
IDS = "11112222-3333-4444-5555-666677778888"
PASSWORD = "canary-password-many"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def definitions(url: str, **policy: object) -> dict[str, object]:
    basic = {"Username": "shop", "Password": PASSWORD}
    return {
        "Connections": [
            {
                "Name": "basic",
                "AuthorizationType": "BASIC",
                "AuthParameters": {"BasicAuthParameters": basic},
            }
        ],
        "ApiDestinations": [
            {
                "Name": "crm",
                "ConnectionArn": f"{ARN}:connection/basic/{IDS}",
                "InvocationEndpoint": f"{url}/hook",
                "HttpMethod": "POST",
            }
        ],
        "Rules": [
            {
                "Name": "orders",
                "EventPattern": {"source": ["shop"]},
                "Targets": [
                    {
                        "Id": "crm",
                        "Arn": f"{ARN}:api-destination/crm/{IDS}",
                        "RoleArn": "arn:aws:iam::123456789012:role/invoke",
                        "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 600} | policy,
                    }
                ],
            }
        ],
    }


def order(number: int) -> JsonObject:
    return {"id": f"order-{number}", "source": "shop", "detail-type": "Order", "detail": {"n": number}}


def workbench(folder: Path, url: str, *, history: bool = True, **policy: object) -> Workbench:
    path = folder / "definitions.json"
    path.write_text(json.dumps(definitions(url, **policy)))
    return Workbench([path], db=folder / "h.sqlite3" if history else None, environ={}, clock=RealClock)


def ready(bench: Workbench, numbers: range, *, keep_alive: bool = False, header: str = "") -> Iterator[Item]:
    (route,) = bench.routes()
    for number in numbers:
        yield one(bench, route, number, keep_alive=keep_alive, header=header)


def one(bench: Workbench, route: Route, number: int, *, keep_alive: bool, header: str) -> Ready:
    event = bench.complete_event(order(number))
    deviation = adjusted(keep_alive=keep_alive, idempotency_header=header or None, key=event.event_id)
    return Ready(
        number,
        route.name,
        f"event {number}",
        100,
        lambda: bench.deliver(event, route, adjust=deviation),
    )
