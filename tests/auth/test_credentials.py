"""Credentials on the wire and the states of connections (request-and-auth, sections 6 and 7)."""

import base64
from datetime import UTC, datetime

import pytest

from inspector.auth import Authorizer, ConnectionStatus
from inspector.delivery.clock import VirtualClock
from inspector.eventbridge.authorization import AuthorizationError
from inspector.eventbridge.resources import (
    ApiKeyAuth,
    AuthParameters,
    BasicAuth,
    Connection,
    ConnectionHttpParameters,
    HttpParameter,
    OAuthClientCredentials,
)
from inspector.secret import MASK, Secret

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def authorizer() -> Authorizer:
    return Authorizer(VirtualClock(START).now)


BASIC = Connection("crm", BasicAuth("ada", Secret("pass wörd")))
API_KEY = Connection("crm", ApiKeyAuth("X-Api-Key", Secret("canary-key")))


@pytest.mark.parametrize(
    ("connection", "name", "value"),
    [
        pytest.param(
            BASIC,
            "Authorization",
            "Basic " + base64.b64encode("ada:pass wörd".encode()).decode(),
            id="Basic, in UTF-8",
        ),
        pytest.param(API_KEY, "X-Api-Key", "canary-key", id="API key in its header"),
        pytest.param(
            Connection("crm", ApiKeyAuth("Authorization", Secret("Bearer sk_1"))),
            "Authorization",
            "Bearer sk_1",
            id="API key named Authorization",
        ),
    ],
)
async def test_a_credential_without_a_request(connection: Connection, name: str, value: str) -> None:
    auth = authorizer()
    granted = await auth.authorize(connection)
    assert granted.exchange is None
    assert granted.authorization.header_name == name
    assert granted.authorization.header_value.reveal() == value
    assert value not in repr(granted)
    assert auth.known(connection) == granted.authorization
    assert auth.state(connection) == ConnectionStatus("AUTHORIZED")


@pytest.mark.parametrize("status", [401, 407])
@pytest.mark.parametrize("connection", [BASIC, API_KEY], ids=["BASIC", "API_KEY"])
async def test_a_401_or_407_deauthorizes_until_somebody_authorizes_again(
    connection: Connection, status: int
) -> None:
    auth = authorizer()
    auth.reject(connection, status)
    reason = f"the endpoint answered {status} to its credentials"
    assert auth.state(connection) == ConnectionStatus("DEAUTHORIZED", reason)
    assert auth.known(connection) is None
    with pytest.raises(AuthorizationError, match="'crm' is DEAUTHORIZED: the endpoint answered") as caught:
        await auth.authorize(connection)
    assert caught.value.exchange is None
    assert caught.value.hint
    auth.reauthorize(connection)
    assert auth.state(connection).state == "AUTHORIZED"
    await auth.authorize(connection)


async def test_a_changed_definition_is_another_connection() -> None:
    auth = authorizer()
    auth.reject(BASIC, 401)
    mended = Connection("crm", BasicAuth("ada", Secret("another")))
    assert auth.state(mended).state == "AUTHORIZED"
    auth.forget()
    assert auth.state(BASIC).state == "AUTHORIZED"


@pytest.mark.parametrize(
    ("parameters", "missing"),
    [
        (BasicAuth("ada", None), "Password"),
        (ApiKeyAuth("X-Api-Key", None), "ApiKeyValue"),
        (OAuthClientCredentials("c", None, "http://127.0.0.1:9/token"), "ClientSecret"),
    ],
)
async def test_a_missing_secret_is_named(parameters: AuthParameters, missing: str) -> None:
    auth, connection = authorizer(), Connection("crm", parameters)
    message = f"the {missing} of connection 'crm' is missing"
    assert auth.state(connection) == ConnectionStatus("DEAUTHORIZED", message)
    assert auth.known(connection) is None
    with pytest.raises(AuthorizationError) as caught:
        await auth.authorize(connection)
    assert str(caught.value) == message
    assert "${env:NAME}" in caught.value.hint


def test_the_redactor_knows_every_secret_of_a_connection() -> None:
    def secret(name: str) -> HttpParameter:
        return HttpParameter(name, Secret(f"canary-{name}"), True)

    connection = Connection(
        "crm",
        OAuthClientCredentials(
            "client-1",
            Secret("canary-client"),
            "http://127.0.0.1:9/token",
            http_parameters=ConnectionHttpParameters((secret("oh"),), (secret("oq"),), (secret("ob"),)),
        ),
        ConnectionHttpParameters((secret("ih"),), (secret("iq"),), (secret("ib"),)),
    )
    pair = base64.b64encode(b"client-1:canary-client").decode()
    text = f"canary-client canary-oh canary-oq canary-ob canary-ih canary-iq canary-ib {pair}"
    assert authorizer().redactor(connection).text(text) == " ".join([MASK] * 8) + "=="


def test_the_redactor_knows_a_password_and_its_basic_credential() -> None:
    header = "Basic " + base64.b64encode("ada:pass wörd".encode()).decode()
    assert authorizer().redactor(BASIC).text(f"pass wörd|{header}") == f"{MASK}|Basic {MASK}="


def test_the_redactor_knows_a_key_without_its_scheme() -> None:
    connection = Connection("crm", ApiKeyAuth("Authorization", Secret("Bearer canary-key")))
    redactor = authorizer().redactor(connection)
    assert redactor.text("Bearer canary-key, canary-key") == f"{MASK}, {MASK}"
