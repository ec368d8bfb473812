"""What the history does: find, look, send again, compare."""

from pathlib import Path

from textual.pilot import Pilot

from inspector.tui.app import InspectorApp
from inspector.tui.widgets.editor import JsonEditor
from tests.tui.screens.conftest import see, settle, text_of, until
from tests.tui.screens.shop import Shop, answer, write_file, write_shop

WIDE = (140, 40)


async def delivered(pilot: "Pilot[None]") -> None:
    """Send once and open the history."""
    await see(pilot, "✔ valid")
    await pilot.press("s")
    await see(pilot, "200 delivered")
    await pilot.press("h")
    await see(pilot, "DELIVERED")


async def test_a_delivery_is_told_again_with_all_its_attempts(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await delivered(pilot)
        seen = text_of(app)
        assert "after 3 attempts" in seen
        assert '"accepted"' in seen
        await pilot.press("left_square_bracket")
        await see(pilot, "as sent · attempt 3")


async def test_a_replay_sends_the_same_bytes_and_lands_as_a_new_row(app: InspectorApp, shop: Shop) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await delivered(pilot)
        await pilot.press("p")
        await see(pilot, "↻")
        await see(pilot, "after 1 attempt")
        first, again = shop.endpoints.sent[0], shop.endpoints.sent[-1]
        assert (again.method, again.masked_url, again.payload) == (
            first.method,
            first.masked_url,
            first.payload,
        )


async def test_a_replay_can_go_to_another_target(app: InspectorApp, shop: Shop) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await delivered(pilot)
        await pilot.press("t")
        await see(pilot, "Replay to")
        await pilot.press(*"crm", "enter")
        await see(pilot, "NO_RESOURCE")
        assert shop.endpoints.sent[-1].base_url == "https://crm.example.com/contacts/c-7"


async def test_the_search_narrows_the_list(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await delivered(pilot)
        await pilot.press("slash", *"state:drop")
        await see(pilot, "No delivery fits the search")
        # What is not in the list is not what a key acts on.
        await see(pilot, "Choose a delivery in the list.")
        assert app.screen.check_action("replay", ()) is False
        await pilot.press("escape")
        await see(pilot, "delivered")


async def test_the_search_explains_itself(app: InspectorApp) -> None:
    async with app.run_test(size=(140, 60), notifications=True) as pilot:
        await delivered(pilot)
        await pilot.press("slash", "f1")
        await see(pilot, "status:503|5xx|none")


async def test_an_event_can_be_taken_up_again(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await delivered(pilot)
        await pilot.press("o")
        await until(pilot, lambda: app.current_mode == "workbench")
        await see(pilot, "Event · Order Placed (history)")
        assert '"o-1001"' in app.workbench.query_one(JsonEditor).text


async def test_two_that_are_marked_are_lined_up(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await delivered(pilot)
        await pilot.press("p")
        await see(pilot, "after 1 attempt")
        assert "Compare marked" not in text_of(app)
        await pilot.press("m", "m")
        await see(pilot, "2 marked")
        await pilot.press("c")
        await see(pilot, "≠ 1 difference")
        assert "≠ attempts" in text_of(app)


async def test_it_survives_a_restart(shop: Shop) -> None:
    first = shop.app()
    async with first.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("s")
        await see(pilot, "200 delivered")
        await pilot.press("q")
    await shop.bench.close()
    again = Shop(Path("shop"), db=Path("history.sqlite3")).app()
    async with again.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("h")
        await see(pilot, "after 3 attempts")


async def test_leaving_ends_what_runs_and_records_that() -> None:
    write_shop(Path("shop"))
    busy = [answer(503, retry_after="900")]
    shop = Shop(Path("shop"), db=Path("h.sqlite3"), scripts={"warehouse.example.com": busy}, waits=True)
    app = shop.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("s")
        await see(pilot, "waiting for attempt 2")
        await pilot.press("ctrl+q")
    assert app.return_code == 0
    states = await shop.bench.in_history(lambda history: [row.state for row in history.page()])
    assert states == ["abandoned"]
    await shop.bench.close()


async def test_a_history_that_cannot_be_opened_keeps_nobody_from_sending() -> None:
    write_shop(Path("shop"))
    write_file("broken.sqlite3", "this is no database " * 100)
    app = Shop(Path("shop"), db=Path("broken.sqlite3")).app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("s")
        await see(pilot, "200 delivered")
        await see(pilot, "Not in the history")
        await pilot.press("h")
        await see(pilot, "Sending works without a history.")


async def test_a_session_without_a_history_says_so() -> None:
    write_shop(Path("shop"))
    app = Shop(Path("shop")).app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("h")
        await see(pilot, "this session keeps no history")
        await pilot.press("p")
        await settle(pilot)
