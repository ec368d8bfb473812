"""A workspace in which nothing is to be found, to be spoiled one member at a time."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

from inspector.config import load
from inspector.eventbridge.resources import Workspace

Json: TypeAlias = dict[str, object]
Changes: TypeAlias = Mapping[str, object]
"""New values by the dotted path of the member, list positions as numbers; `DELETE` removes it."""

DELETE: Final = object()
ARN: Final = "arn:aws:events:us-east-1:123456789012"
CONNECTION_ARN: Final = f"{ARN}:connection/shop/0f1e2d3c-aaaa-bbbb"
DESTINATION_ARN: Final = f"{ARN}:api-destination/hook/0f1e2d3c-cccc-dddd"
QUEUE_ARN: Final = "arn:aws:sqs:us-east-1:123456789012:dead-letters"
PASSWORD: Final = "canary-password-d81f"

PARTS: Final[dict[str, Json]] = {
    "connection": {
        "Name": "shop",
        "AuthorizationType": "BASIC",
        "AuthParameters": {"BasicAuthParameters": {"Username": "user", "Password": "${env:PASSWORD}"}},
    },
    "destination": {
        "Name": "hook",
        "ConnectionArn": CONNECTION_ARN,
        "InvocationEndpoint": "https://api.example.com/v1/orders",
        "HttpMethod": "POST",
    },
    "rule": {
        "Name": "orders",
        "EventPattern": {"source": ["shop"], "detail": {"total": [{"numeric": [">", 10]}]}},
    },
    "target": {
        "Id": "t1",
        "Arn": DESTINATION_ARN,
        "RoleArn": "arn:aws:iam::123456789012:role/invoke",
        "DeadLetterConfig": {"Arn": QUEUE_ARN},
    },
    "event": {
        "source": "shop",
        "detail-type": "Order Placed",
        "detail": {"id": "o-1", "total": 20, "tags": ["a"], "customer": {"id": "c-1"}},
    },
}

API_KEY: Final[Json] = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "${env:PASSWORD}"}}
OAUTH: Final[Json] = {
    "OAuthParameters": {
        "ClientParameters": {"ClientID": "client", "ClientSecret": "${env:PASSWORD}"},
        "AuthorizationEndpoint": "https://auth.example.com/token",
        "HttpMethod": "POST",
        "OAuthHttpParameters": {
            "BodyParameters": [{"Key": "grant_type", "Value": "client_credentials", "IsValueSecret": False}]
        },
    }
}


def documents(changes: Changes) -> dict[str, object]:
    """Return the definitions with the changes: a file for each of the parts, the target in its rule.

    A change of `file/<name>` adds a file of this content.
    """
    parts: dict[str, object] = copy.deepcopy(dict(PARTS))
    files: dict[str, object] = {}
    for path, value in changes.items():
        if path.startswith("file/"):
            files[path.removeprefix("file/")] = value
        else:
            _put(parts, path.split("."), copy.deepcopy(value) if value is not DELETE else value)
    rule, target = parts.get("rule"), parts.pop("target", None)
    if isinstance(rule, dict) and target is not None:
        rule["Targets"] = [target, *rule.get("Targets", [])]
    return {f"{name}.json": part for name, part in parts.items()} | files


def workspace(folder: Path, changes: Changes) -> Workspace:
    """Write the definitions into a folder and load it."""
    for name, content in documents(changes).items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / name).write_text(text, "utf-8")
    return load([folder], environ={"PASSWORD": PASSWORD})


def _put(at: object, steps: list[str], value: object) -> None:
    *above, last = steps
    for step in above:
        if isinstance(at, list):
            at = at[int(step)]
        else:
            assert isinstance(at, dict)
            at = at.setdefault(step, {})
    assert isinstance(at, dict)
    if value is DELETE:
        del at[last]
    else:
        at[last] = value
