"""An access token that is a JWT (RFC 7519): what it tells, and what speaks against it."""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from inspector.auth import Authorizer
from inspector.auth.jwt import Asked, asked_by, read_jwt
from inspector.delivery.clock import VirtualClock
from inspector.eventbridge.authorization import JsonWebToken
from inspector.eventbridge.resources import OAuthClientCredentials
from inspector.history.codec import decode, encode
from inspector.secret import MASK, Secret
from tests.auth.token_endpoint import CLIENT_SECRET, oauth, token, token_endpoint

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
GOOD = {"aud": "https://crm.test", "exp": SECONDS + 300, "iat": SECONDS, "client_id": "client-1"}
ASKED = Asked("client-1", ("https://crm.test",), ("read", "write"), 300.0)


def part(members: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(members).encode()).decode().rstrip("=")


def jwt(claims: object, *, alg: object = "RS256", signature: str = "c2ln") -> str:
    return f"{part({'alg': alg, 'typ': 'JWT'})}.{part(claims)}.{signature}"


def read(text: str, asked: Asked = ASKED) -> JsonWebToken | None:
    return read_jwt(Secret(text), asked, NOW)


def warnings(claims: object, asked: Asked = ASKED, **options: str) -> Sequence[str]:
    token = read(jwt(claims, **options), asked)
    assert token is not None
    return token.warnings


def test_header_and_claims_are_told() -> None:
    token = read(jwt(GOOD))
    assert token is not None
    assert json.loads(token.header) == {"alg": "RS256", "typ": "JWT"}
    assert json.loads(token.claims) == GOOD
    assert token.warnings == ()


@pytest.mark.parametrize(
    ("claims", "warning"),
    [
        pytest.param(
            {**GOOD, "exp": SECONDS - 90},
            "the token expired 90 s ago, at 2026-03-01 11:58:30 UTC",
            id="expired",
        ),
        pytest.param(
            {**GOOD, "exp": -1e300},
            "the token expired more than ten years ago, at 1970-01-01 00:00:00 UTC",
            id="expired before there were tokens",
        ),
        pytest.param(
            {**GOOD, "nbf": SECONDS + 120},
            "the token is not valid yet: nbf is 120 s ahead, at 2026-03-01 12:02:00 UTC",
            id="not yet valid",
        ),
        pytest.param(
            {**GOOD, "iat": SECONDS + 3600},
            "iat is 1 h ahead: one of the two clocks is wrong",
            id="issued in the future",
        ),
        pytest.param(
            {**GOOD, "exp": None},
            "exp is missing or no number: the token does not say when it expires",
            id="no exp",
        ),
        pytest.param(
            {**GOOD, "exp": True},
            "exp is missing or no number: the token does not say when it expires",
            id="exp that is no number",
        ),
        pytest.param(
            {**GOOD, "exp": 10**400},
            "exp is missing or no number: the token does not say when it expires",
            id="exp beyond any date",
        ),
        pytest.param(
            {**GOOD, "exp": SECONDS + 3600},
            "exp is 1 h ahead and expires_in says 300 s: a token is renewed by expires_in",
            id="exp and expires_in disagree",
        ),
        pytest.param(
            {**GOOD, "aud": "https://other.test"},
            "the token is for another audience: https://crm.test was asked for, aud is https://other.test",
            id="another audience",
        ),
        pytest.param(
            {**GOOD, "aud": ["a", "b\x1b[2J"]},
            "the token is for another audience: https://crm.test was asked for, aud is a, b␛[2J",
            id="other audiences, made safe",
        ),
        pytest.param(
            {**GOOD, "aud": None},
            "the token is for another audience: https://crm.test was asked for, aud is missing",
            id="no audience",
        ),
        pytest.param(
            {**GOOD, "scope": "read"}, "the token lacks what was asked for: write", id="scope not granted"
        ),
        pytest.param(
            {**GOOD, "scp": ["write"]}, "the token lacks what was asked for: read", id="scp not granted"
        ),
        pytest.param(
            {**GOOD, "client_id": "client-2"},
            "the token was issued to another client: client-2",
            id="another client",
        ),
    ],
)
def test_what_speaks_against_a_token(claims: object, warning: str) -> None:
    assert warnings(claims) == (warning,)


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({**GOOD, "aud": ["x", "https://crm.test"]}, id="the audience among others"),
        pytest.param({**GOOD, "scope": "read write more"}, id="more than was asked for"),
        pytest.param({**GOOD, "exp": SECONDS + 310}, id="expires_in nearly the same"),
        pytest.param({**GOOD, "iat": SECONDS + 30}, id="clocks nearly the same"),
        pytest.param({**GOOD, "nbf": SECONDS}, id="valid from now on"),
    ],
)
def test_what_does_not(claims: object) -> None:
    assert warnings(claims) == ()


def test_nothing_is_said_of_an_audience_that_nobody_asked_for() -> None:
    assert warnings({**GOOD, "aud": "elsewhere"}, Asked("client-1")) == ()


@pytest.mark.parametrize("alg", ["none", "None", "NONE"])
def test_a_token_that_anybody_could_have_made(alg: str) -> None:
    assert warnings(GOOD, alg=alg, signature="") == ("alg is none: anybody could have made this token",)


def test_a_token_without_its_signature() -> None:
    assert warnings(GOOD, signature="") == ("the token names the algorithm RS256 and has no signature",)


def test_an_encrypted_token_is_recognised() -> None:
    token = read(f"{part({'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.a.b.c.d")
    assert token is not None
    assert token.claims == ""
    assert token.warnings == ("the token is encrypted: only its endpoint can read it",)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("opaque", id="opaque"),
        pytest.param("a.b.c", id="three parts that are no JSON"),
        pytest.param(f"{part({'alg': 'RS256'})}.{part([1])}.c", id="claims that are no object"),
        pytest.param(f"{part({'typ': 'JWT'})}.{part({})}.c", id="no algorithm"),
        pytest.param(f"{part({'alg': 7})}.{part({})}.c", id="an algorithm that is no text"),
        pytest.param(f"{part({'alg': 'x'})}.!!!.c", id="no base64url"),
        pytest.param("v4.public." + part({"exp": "2039"}), id="PASETO"),
        pytest.param(jwt({"big": "x" * 100_000}), id="larger than any header"),
        pytest.param(f"{base64.urlsafe_b64encode(b'[' * 5000).decode()}.{part({})}.c", id="deep nesting"),
    ],
)
def test_a_token_that_is_no_jwt(text: str) -> None:
    assert read(text) is None


def test_what_a_connection_asks_for() -> None:
    connection = oauth(
        "http://tokens.test/",
        body=[("audience", "a"), ("scope", "read  write"), ("password", Secret("canary"))],
        query=[("resource", "b"), ("scope", Secret("canary"))],
    )
    assert isinstance(connection.auth, OAuthClientCredentials)
    asked = asked_by(connection.auth, 60.0)
    assert asked == Asked("client-1", ("a", "b"), ("read", "write"), 60.0)


async def test_the_exchange_carries_the_token_that_is_a_jwt_masked() -> None:
    claims = {**GOOD, "echo": CLIENT_SECRET, "id_token": "canary-nested"}
    async with token_endpoint(token(jwt(claims))) as server:
        connection = oauth(server.url, body=[("audience", CLIENT_SECRET)])
        granted = await Authorizer(VirtualClock(NOW).now).authorize(connection)
    exchange = granted.exchange
    assert exchange is not None
    assert exchange.jwt is not None
    assert json.loads(exchange.jwt.claims) == {**GOOD, "echo": MASK, "id_token": MASK}
    assert exchange.jwt.warnings == (
        f"the token is for another audience: {MASK} was asked for, aud is https://crm.test",
    )
    assert "canary" not in repr(exchange.jwt)
    assert jwt(claims) not in repr(exchange)
    assert decode(type(exchange), encode(exchange)) == exchange


async def test_an_opaque_token_tells_nothing() -> None:
    async with token_endpoint(token("opaque")) as server:
        granted = await Authorizer(VirtualClock(NOW).now).authorize(oauth(server.url))
    assert granted.exchange is not None
    assert granted.exchange.jwt is None
