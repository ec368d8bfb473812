"""A workspace that sends to the bundled endpoint over real HTTP, and the commands to run on it."""

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from inspector.cli import run
from inspector.cli.samples import bundled_endpoint
from inspector.endpoint.options import EndpointOptions
from inspector.endpoint.server import Endpoint

PASSWORD = "canary-password-d81f"
API_KEY = "canary-api-key-55b0"
CLIENT_SECRET = "canary-client-secret-9e3a"
PARTNER_TOKEN = "canary-partner-token-77c1"
CANARIES = (PASSWORD, API_KEY, CLIENT_SECRET, PARTNER_TOKEN)

ARN = "arn:aws:events:us-east-1:123456789012"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:lost"


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Commands:
    """Runs command lines on one workspace, with a history of its own."""

    folder: Path
    db: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str, stdin: str = "") -> Ran:
        stream = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
        with self.monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", stream)
            self.capsys.readouterr()
            code = run(arguments)
        out, err = self.capsys.readouterr()
        return Ran(code, out, err)

    def event(self, name: str, document: object) -> str:
        """Write an event file and return its path."""
        path = self.folder.parent / name
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return str(path)


ORDER = {"source": "shop", "detail-type": "Order", "detail": {"id": "order4711", "total": 120}}
SMALL_ORDER = {"source": "shop", "detail-type": "Order", "detail": {"id": "o-2", "total": 80}}
RETRIED = {"source": "shop", "detail-type": "Retried", "detail": {"id": "r-1"}}
LOST = {"source": "shop", "detail-type": "Lost", "detail": {"id": "l-1"}}
SLOW = {"source": "shop", "detail-type": "Slow", "detail": {}}


def target(identifier: str, destination: str, **more: object) -> dict[str, object]:
    arn = f"{ARN}:api-destination/{destination}/11112222-3333-4444-5555-666677778888"
    role = "arn:aws:iam::123456789012:role/invoke"
    return {"Id": identifier, "Arn": arn, "RoleArn": role, **more}


def destination(name: str, connection: str, endpoint: str, **more: object) -> dict[str, object]:
    arn = f"{ARN}:connection/{connection}/11112222-3333-4444-5555-666677778888"
    return {
        "Name": name,
        "ConnectionArn": arn,
        "InvocationEndpoint": endpoint,
        "HttpMethod": "POST",
        **more,
    }


def rule(name: str, pattern: object, *targets: object) -> dict[str, object]:
    return {"Name": name, "EventPattern": pattern, "Targets": list(targets)}


def definitions(url: str) -> dict[str, object]:
    connection = {
        "Name": "basic",
        "AuthorizationType": "BASIC",
        "AuthParameters": {
            "BasicAuthParameters": {"Username": "shop", "Password": PASSWORD},
            "InvocationHttpParameters": {
                "HeaderParameters": [
                    {"Key": "X-Partner-Token", "Value": PARTNER_TOKEN, "IsValueSecret": True}
                ]
            },
        },
    }
    api_key = {
        "Name": "key",
        "AuthorizationType": "API_KEY",
        "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "X-Api-Key", "ApiKeyValue": API_KEY}},
    }
    oauth = {
        "Name": "oauth",
        "AuthorizationType": "OAUTH_CLIENT_CREDENTIALS",
        "AuthParameters": {
            "OAuthParameters": {
                "AuthorizationEndpoint": f"{url}/oauth/token",
                "HttpMethod": "POST",
                "ClientParameters": {"ClientID": "shop", "ClientSecret": CLIENT_SECRET},
            }
        },
    }
    retries = {"RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 600}}
    dead_letters = {"DeadLetterConfig": {"Arn": QUEUE}}
    return {
        "Connections": [connection, api_key, oauth],
        "ApiDestinations": [
            destination("crm", "basic", f"{url}/v1/webhooks/new-user"),
            destination("echo", "basic", f"{url}/echo"),
            destination("flaky", "basic", f"{url}/flaky/2?status=503&retry-after=2"),
            destination("closed", "key", f"{url}/status/404"),
            destination("slow", "basic", f"{url}/slow/3"),
            destination("direct", "oauth", f"{url}/webhook/bearer"),
        ],
        "Rules": [
            rule(
                "big-orders",
                {
                    "source": ["shop"],
                    "detail-type": ["Order"],
                    "detail": {"total": [{"numeric": [">", 100]}]},
                },
                target("crm", "crm", **retries),
                target("echo", "echo", **retries),
            ),
            rule("retried", {"detail-type": ["Retried"]}, target("supplier", "flaky", **retries)),
            rule("lost", {"detail-type": ["Lost"]}, target("closed", "closed", **retries, **dead_letters)),
            rule("slow", {"detail-type": ["Slow"]}, target("slow", "slow", **retries)),
        ],
    }


@pytest.fixture(scope="session")
def endpoint() -> Iterator[Endpoint]:
    options = EndpointOptions(
        basic={"shop": PASSWORD}, api_keys={"X-Api-Key": API_KEY}, clients={"shop": CLIENT_SECRET}
    )
    with bundled_endpoint(0, options) as running:
        yield running


@pytest.fixture
def folder(endpoint: Endpoint, tmp_path: Path) -> Path:
    folder = tmp_path / "definitions"
    folder.mkdir()
    (folder / "shop.json").write_text(json.dumps(definitions(endpoint.url)))
    (folder / "order.json").write_text(json.dumps(ORDER))
    return folder


@pytest.fixture
def command(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    monkeypatch.chdir(folder)
    db = tmp_path / "history.sqlite3"
    monkeypatch.setenv("INSPECTOR_DB", str(db))
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    return Commands(folder, db, capsys, monkeypatch)
