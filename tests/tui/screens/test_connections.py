"""Connections: their state, their token counting down, its exchange, and a new one on request."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from inspector.auth.state import ConnectionStatus
from inspector.eventbridge.authorization import JsonWebToken, TokenExchange
from inspector.eventbridge.resources import (
    BasicAuth,
    Connection,
    ConnectionHttpParameters,
    HttpParameter,
    OAuthClientCredentials,
)
from inspector.secret import Secret
from inspector.tui.app import InspectorApp
from inspector.tui.widgets.connection_view import ConnectionFacts, ConnectionView
from tests.auth.serving import serving
from tests.tui.screens.conftest import SIZES, see, settle, text_of
from tests.tui.screens.shop import CANARIES, SCRIPTS, Shop, answer, write_shop
from tests.tui.widgets.support import HOSTILE, Stage, assert_harmless, screen_text

WIDE, NARROW = (140, 40), (80, 24)
TOKEN = "canary-token-4"


def encoded(part: object) -> str:
    """Return a part of a JWT."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


JWT = f"{encoded({'alg': 'none'})}.{encoded({'aud': 'points', 'exp': 1772000000})}."


def with_token_endpoint(token: str) -> Iterator[Shop]:
    """Yield the shop, whose OAuth connection is given a token that lasts 300 s."""
    members = {"access_token": token, "token_type": "Bearer", "expires_in": 300, "scope": "points:write"}
    write_shop(Path("shop"))
    path = Path("shop/connection-3.json")
    connection = json.loads(path.read_text())
    with serving(json.dumps(members).encode()) as url:
        connection["AuthParameters"]["OAuthParameters"]["AuthorizationEndpoint"] = url
        path.write_text(json.dumps(connection))
        yield Shop(Path("shop"))


@pytest.fixture
def tokens(_same_everywhere: None) -> Iterator[Shop]:
    """The shop with a token endpoint that answers."""
    yield from with_token_endpoint(TOKEN)


@pytest.fixture
def jwts(_same_everywhere: None) -> Iterator[Shop]:
    """The shop with a token endpoint that gives a JWT."""
    yield from with_token_endpoint(JWT)


async def at_oauth(pilot: "Pilot[None]") -> None:
    """Open the connections with the OAuth one chosen."""
    await settle(pilot)
    await pilot.press("down", "C")
    await see(pilot, "client id")
    await settle(pilot)


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_connection_of_the_chosen_route_is_looked_at(shop: Shop, size: tuple[int, int]) -> None:
    app = shop.app()
    async with app.run_test(size=size, notifications=True) as pilot:
        await at_oauth(pilot)
        seen = text_of(app)
        assert "● AUTHORIZING" in seen
        assert "No token has been asked for yet." in seen
        assert "this is the request" in seen
        assert "loyalty-points INACTIVE" in seen


async def test_a_token_is_asked_for_and_its_exchange_shown(tokens: Shop) -> None:
    app = tokens.app()
    async with app.run_test(size=(140, 50), notifications=True) as pilot:
        await at_oauth(pilot)
        await pilot.press("a")
        await see(pilot, "a token came after")
        await settle(pilot)
        seen = text_of(app)
        for text in (
            "● AUTHORIZED",
            "expires in 300 s",
            "points:write",
            "loyalty-points ACTIVE",
            "client_id=shop&client_secret=••••••••",
            '"access_token": "••••••••"',
        ):
            assert text in seen
        for canary in (TOKEN, *CANARIES):
            assert canary not in seen


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        pytest.param(100, "expires in 200 s", id="lasts"),
        pytest.param(250, "the next attempt renews it", id="due"),
        pytest.param(400, "expired: the next attempt asks for a new one", id="expired"),
    ],
)
async def test_the_lifetime_counts_down(tokens: Shop, seconds: float, told: str) -> None:
    app = tokens.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await at_oauth(pilot)
        await pilot.press("a")
        await see(pilot, "expires in 300 s")
        tokens.clock.advance(seconds)
        await see(pilot, told)


async def test_a_jwt_is_read_and_what_speaks_against_it_said(jwts: Shop) -> None:
    app = jwts.app()
    async with app.run_test(size=(140, 60), notifications=True) as pilot:
        await at_oauth(pilot)
        await pilot.press("a")
        await see(pilot, "! alg is none: anybody could have made this token")
        assert '"aud": "points"' in text_of(app)
        assert JWT not in text_of(app)


async def test_a_token_endpoint_that_fails_says_why(shop: Shop) -> None:
    path = "shop/connection-3.json"
    connection = json.loads(read(path))
    connection["AuthParameters"]["OAuthParameters"]["AuthorizationEndpoint"] = "http://127.0.0.1:9/token"
    write(path, connection)
    shop.bench.reload()
    app = shop.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await at_oauth(pilot)
        await pilot.press("f5")
        await see(pilot, "● DEAUTHORIZED")
        assert "no token came" in text_of(app)
        assert "1 refused" in text_of(app)


@pytest.fixture
def refusing(_same_everywhere: None) -> Shop:
    """The shop, whose warehouse takes no credentials."""
    write_shop(Path("shop"))
    return Shop(Path("shop"), scripts={**SCRIPTS, "warehouse.example.com": [answer(401)]})


async def test_a_refused_connection_is_authorized_again(refusing: Shop) -> None:
    app = refusing.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("s")
        await see(pilot, "DEAUTHORIZED")
        await settle(pilot)
        await pilot.press("C")
        await see(pilot, "The endpoint answered 401 to its credentials.")
        assert "warehouse-orders INACTIVE" in text_of(app)
        await pilot.press("a")
        await see(pilot, "warehouse-orders ACTIVE")


def read(name: str) -> str:
    """Return a file's text."""
    return Path(name).read_text()


def write(name: str, document: object) -> None:
    """Write a JSON file."""
    Path(name).write_text(json.dumps(document))


@pytest.fixture
def nothing() -> InspectorApp:
    """The app on a folder without definitions."""
    Path("empty").mkdir()
    return Shop(Path("empty")).app()


async def test_without_connections_it_says_so(nothing: InspectorApp) -> None:
    async with nothing.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("C")
        await see(pilot, "The definitions hold no connection.")


@pytest.mark.parametrize("text", HOSTILE)
async def test_foreign_text_is_only_text(text: str) -> None:
    parameters = (
        HttpParameter(text, text),
        HttpParameter("Secret", Secret(CANARIES[0]), is_value_secret=True),
    )
    added = ConnectionHttpParameters(parameters, parameters, parameters)
    auth = OAuthClientCredentials(text, Secret(CANARIES[1]), text)
    exchange = TokenExchange(
        text, text, ((text, text),), text, 200, ((text, text),), text, 1.0, text, text, 60, text, text,
        jwt=JsonWebToken(text, text, (text,)),
    )  # fmt: skip
    view = ConnectionView()
    app = Stage(view)
    async with app.run_test(size=(120, 80)) as pilot:
        connection = Connection(text, auth, added, description=text)
        status = ConnectionStatus("AUTHORIZED", text, 30)
        view.show(ConnectionFacts(connection, status, (text,), exchange, asked=True))
        await pilot.pause()
        assert_harmless(app)
        seen = screen_text(app)
        assert CANARIES[0] not in seen
        assert CANARIES[1] not in seen


async def test_a_missing_secret_is_named() -> None:
    view = ConnectionView()
    app = Stage(view)
    async with app.run_test(size=(80, 20)) as pilot:
        connection = Connection("crm", BasicAuth("shop", None))
        status = ConnectionStatus("DEAUTHORIZED", "its password is not in the definitions")
        view.show(ConnectionFacts(connection, status, (), None, asked=False))
        await pilot.pause()
        seen = screen_text(app)
    assert "not in the definitions" in seen
    assert "Its password is not in the definitions." in seen


def pressed(*names: str) -> Callable[["Pilot[None]"], object]:
    """Return what presses keys when all else has ended."""

    async def press(pilot: "Pilot[None]") -> None:
        await settle(pilot)
        for name in names:
            await pilot.press(name)
            await settle(pilot)

    return press


PICTURES = [
    pytest.param(("C",), id="key"),
    pytest.param(("down", "C"), id="no-token-yet"),
    pytest.param(("D", "down", "C"), id="light"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", PICTURES)
def test_the_connections(
    shop: Shop, snap_compare: Callable[..., bool], size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    assert snap_compare(shop.app(), terminal_size=size, run_before=pressed(*keys))
