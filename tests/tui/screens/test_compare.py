"""One event through several connections: what is sent, what comes back, what differs."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from inspector.tui.app import InspectorApp
from tests.tui.screens.conftest import SIZES, see, settle, text_of, until
from tests.tui.screens.shop import SCRIPTS, Shop, answer, write_shop

WIDE = (140, 40)
THROUGH_CRM = ("down", "down", "down", "space")
"""To the chosen route through another connection."""
Compare = Callable[..., bool]


@asynccontextmanager
async def comparing(app: InspectorApp) -> AsyncIterator["Pilot[None]"]:
    """The app with the comparison open and nothing but the chosen route ticked."""
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("c")
        await see(pilot, "1 ticked")
        yield pilot


async def test_one_is_too_few(app: InspectorApp, shop: Shop) -> None:
    async with comparing(app) as pilot:
        await pilot.press("ctrl+j")
        await see(pilot, "Tick two or more to compare.")
        assert shop.endpoints.sent == []


async def test_the_same_target_through_another_connection(app: InspectorApp) -> None:
    async with comparing(app) as pilot:
        await see(pilot, "↳ via crm  instead of warehouse")
        await pilot.press(*THROUGH_CRM, "ctrl+j")
        await see(pilot, "≠ X-Api-Key")
        seen = text_of(app)
        assert "crm · BASIC" in seen
        assert "≠ Authorization" in seen
        assert "  User-Agent" in seen


async def test_only_what_differs(app: InspectorApp) -> None:
    async with comparing(app) as pilot:
        await pilot.press(*THROUGH_CRM, "ctrl+j")
        await see(pilot, "User-Agent")
        await pilot.press("d")
        await see(pilot, "only differences shown")
        assert "User-Agent" not in text_of(app)


async def test_all_of_it_can_be_ended_at_once() -> None:
    write_shop(Path("shop"))
    scripts = {**SCRIPTS, "warehouse.example.com": [answer(503, retry_after="900")]}
    app = Shop(Path("shop"), scripts=scripts, waits=True).app()
    async with comparing(app) as pilot:
        await pilot.press(*THROUGH_CRM, "ctrl+j")
        await see(pilot, "attempt 2 in")
        await pilot.press("x")
        await until(pilot, lambda: text_of(app).count("abandoned · 1 attempt") == 2)


async def runs_of(pilot: "Pilot[None]", number: str) -> None:
    await pilot.press("n", *number, "enter")
    await pilot.pause()


async def test_several_runs_show_their_spread(app: InspectorApp, shop: Shop) -> None:
    async with comparing(app) as pilot:
        await pilot.press(*THROUGH_CRM)
        await runs_of(pilot, "5")
        await see(pilot, "one at a time")
        await pilot.press("ctrl+j")
        await see(pilot, "run 5 of 5")
        await see(pilot, "5 of 5 delivered")
        seen = text_of(app)
        assert "latency, 0 to" in seen
        assert "█" in seen
        for name in ("delivered", "statuses", "fastest", "median", "p95", "slowest"):
            assert name in seen
        # The warehouse answers 503 twice, and only then for good: the script is of the endpoint.
        assert len(shop.endpoints.sent) == 12
    with sqlite3.connect("history.sqlite3") as db:
        assert db.execute("SELECT count(*), count(DISTINCT comparison) FROM deliveries").fetchone() == (10, 1)


async def test_runs_end_when_asked(shop: Shop) -> None:
    app = shop.app()
    async with comparing(app) as pilot:
        await pilot.press(*THROUGH_CRM)
        await runs_of(pilot, "9")
        shop.endpoints.gate.clear()
        await pilot.press("ctrl+j")
        await until(pilot, lambda: len(shop.endpoints.sent) == 1)
        await pilot.press("x")
        await see(pilot, "run 1 of 9")
        await until(pilot, lambda: text_of(app).count("0 of 1 delivered") == 2)


@pytest.mark.parametrize("number", ["0", "1001", ""])
async def test_a_number_of_runs_that_cannot_be(app: InspectorApp, shop: Shop, number: str) -> None:
    async with comparing(app) as pilot:
        await pilot.press(*THROUGH_CRM, "n", "backspace", *number, "enter", "ctrl+j")
        await see(pilot, "Between 1 and 1,000 runs can be compared.")
        assert shop.endpoints.sent == []


async def test_many_requests_are_not_sent_unasked(app: InspectorApp, shop: Shop) -> None:
    async with comparing(app) as pilot:
        await pilot.press(*THROUGH_CRM)
        await runs_of(pilot, "51")
        await pilot.press("ctrl+j")
        await see(pilot, "51 runs of 2 ways make 102 deliveries")
        await pilot.press("n")
        await settle(pilot)
        assert shop.endpoints.sent == []


async def vary(pilot: "Pilot[None]", *keys: str) -> None:
    await pilot.press("v")
    await see(pilot, "Type to filter")
    await pilot.press(*keys, "enter")
    await pilot.pause()


async def test_a_way_beside_itself_with_another_header(app: InspectorApp, shop: Shop) -> None:
    async with comparing(app) as pilot:
        await vary(pilot, *"header")
        await see(pilot, "A header that the connection adds.")
        await pilot.press(*"X-Shop", "enter", *"south", "enter")
        await see(pilot, "↳ header:X-Shop=south")
        await see(pilot, "2 ticked")
        await pilot.press("ctrl+j")
        await see(pilot, "≠ X-Shop")
        await settle(pilot)
        seen = text_of(app)
        assert "north" in seen
        assert "header:X-Shop=south" in seen
        values = {str(part.value) for r in shop.endpoints.sent for part in r.headers if part.name == "X-Shop"}
        assert values == {"north", "south"}


async def test_one_variation_upon_another_and_off_again(app: InspectorApp) -> None:
    async with comparing(app) as pilot:
        await vary(pilot, *"method=put")
        await see(pilot, "↳ method=PUT")
        await vary(pilot, *"method=get")
        await see(pilot, "↳ method=PUT, method=GET")
        await pilot.press("delete")
        await until(pilot, lambda: "method=GET" not in text_of(app))
        assert "↳ method=PUT" in text_of(app)


def stored_bytes() -> bytes:
    return b"".join(path.read_bytes() for path in Path().glob("history.sqlite3*"))


async def test_what_takes_the_place_of_a_secret_is_never_seen(app: InspectorApp, shop: Shop) -> None:
    canary = "canary-typed-here"
    async with comparing(app) as pilot:
        await vary(pilot, *"header")
        await pilot.press(*"Authorization", "enter")
        await see(pilot, "a secret: hidden here")
        await pilot.press(*canary)
        assert pilot.app.screen.query_one("#vary-value", Input).value == canary
        assert canary not in text_of(app)
        await pilot.press("enter")
        await see(pilot, "↳ header:Authorization=")
        await pilot.press("ctrl+j")
        await settle(pilot)
        assert canary not in text_of(app)
    assert canary.encode() not in stored_bytes()


async def test_what_is_no_endpoint_is_said_where_it_is_typed(app: InspectorApp) -> None:
    async with comparing(app) as pilot:
        await vary(pilot, *"endpoint")
        await pilot.press("home", *"x", "enter")
        await see(pilot, "give a whole URL")


async def test_variations_outlive_a_look_elsewhere(app: InspectorApp) -> None:
    async with comparing(app) as pilot:
        await vary(pilot, *"method=put")
        await see(pilot, "2 ticked")
        await pilot.press("escape")
        await see(pilot, "Destinations")
        await pilot.press("c")
        await see(pilot, "↳ method=PUT")
        await see(pilot, "2 ticked")


def steps(
    *keys: str, runs: str = "", varied: tuple[str, ...] = ()
) -> Callable[["Pilot[None]"], Awaitable[None]]:
    async def run(pilot: "Pilot[None]") -> None:
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        if varied:
            await vary(pilot, *varied)
        if runs:
            await runs_of(pilot, runs)
        await pilot.press(*keys)
        await settle(pilot)

    return run


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "run",
    [
        pytest.param(steps(*THROUGH_CRM, runs="", varied=()), id="ticked"),
        pytest.param(steps("ctrl+j", runs="8", varied=tuple("method=put")), id="eight-runs"),
        pytest.param(steps("v"), id="vary"),
        pytest.param(steps(varied=tuple("header")), id="vary-a-header"),
    ],
)
def test_pictures(
    app: InspectorApp,
    snap_compare: Compare,
    size: tuple[int, int],
    run: Callable[["Pilot[None]"], Awaitable[None]],
) -> None:
    assert snap_compare(app, terminal_size=size, run_before=run)
