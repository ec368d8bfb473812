"""One event through several connections: what is sent, what comes back, what differs."""

from pathlib import Path

from inspector.tui.app import InspectorApp
from tests.tui.screens.conftest import see, text_of, until
from tests.tui.screens.shop import SCRIPTS, Shop, answer, write_shop

WIDE = (140, 40)


async def test_one_is_too_few(app: InspectorApp, shop: Shop) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("c")
        await see(pilot, "1 ticked")
        await pilot.press("ctrl+j")
        await see(pilot, "Tick two or more to compare.")
        assert shop.endpoints.sent == []


async def test_the_same_target_through_another_connection(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("c")
        await see(pilot, "↳ via crm  instead of warehouse")
        await pilot.press("down", "down", "down", "space", "ctrl+j")
        await see(pilot, "≠ X-Api-Key")
        seen = text_of(app)
        assert "crm · BASIC" in seen
        assert "≠ Authorization" in seen
        assert "  User-Agent" in seen


async def test_only_what_differs(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("c")
        await see(pilot, "1 ticked")
        await pilot.press("down", "down", "down", "space", "ctrl+j")
        await see(pilot, "User-Agent")
        await pilot.press("d")
        await see(pilot, "only differences shown")
        assert "User-Agent" not in text_of(app)


async def test_all_of_it_can_be_ended_at_once() -> None:
    write_shop(Path("shop"))
    scripts = {**SCRIPTS, "warehouse.example.com": [answer(503, retry_after="900")]}
    app = Shop(Path("shop"), scripts=scripts, waits=True).app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("c")
        await see(pilot, "1 ticked")
        await pilot.press("down", "down", "down", "space", "ctrl+j")
        await see(pilot, "attempt 2 in")
        await pilot.press("x")
        await until(pilot, lambda: text_of(app).count("abandoned · 1 attempt") == 2)
