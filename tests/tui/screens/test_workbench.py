"""What the workbench does when it is worked with."""

import json
from pathlib import Path

import pytest

from inspector.tui.app import InspectorApp
from inspector.tui.screens.evaluation import Evaluation
from inspector.tui.screens.event_pane import EventPane
from inspector.tui.screens.workbench import Start, WorkbenchScreen
from inspector.tui.widgets.editor import JsonEditor
from tests.tui.screens.conftest import see, settle, text_of, until
from tests.tui.screens.shop import ARN, ORDER, SCRIPTS, Shop, answer, write_file, write_shop

WIDE = (140, 40)
NARROW = (80, 24)


def editor(app: InspectorApp) -> JsonEditor:
    return app.workbench.query_one(JsonEditor)


async def test_an_edit_is_evaluated_by_itself(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "1 of 2 rules would fire")
        editor(app).focus()
        editor(app).replace('"total": 4200.5', (11, 4), (11, 17))
        await see(pilot, "2 of 2 rules would fire")
        await pilot.press("x")
        await see(pilot, "expecting value at line 1, column 1")
        assert "would fire" not in text_of(app)
        await pilot.press("backspace")
        await see(pilot, "2 of 2 rules would fire")


async def test_an_evaluation_that_comes_too_late_is_dropped(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        late = Evaluation("{}", problem="it came too late")
        app.workbench.post_message(WorkbenchScreen.Evaluated(0, late))
        await settle(pilot)
        assert "it came too late" not in text_of(app)


@pytest.mark.parametrize("key", ["s", "f5", "ctrl+j"])
async def test_sending_streams_every_attempt(app: InspectorApp, shop: Shop, key: str) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press(key)
        await see(pilot, "✔ 200 delivered · 3 attempts")
        assert len(shop.endpoints.sent) == 3
        seen = text_of(app)
        assert "Retry-After" in seen
        assert "attempt 3 · 200" in seen


async def test_choosing_an_attempt_shows_its_answer(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("s")
        await see(pilot, '"accepted"')
        app.workbench.query_one("Timeline").focus()
        await pilot.press("up")
        await see(pilot, '"busy"')
        assert "attempt 2 · 503" in text_of(app)


async def test_the_old_result_goes_at_once(app: InspectorApp, shop: Shop) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("s")
        await see(pilot, "200 delivered")
        shop.endpoints.gate.clear()
        await pilot.press("s")
        await see(pilot, "attempt 1 under way")
        seen = text_of(app)
        assert "200" not in seen
        assert '"accepted"' not in seen
        shop.endpoints.gate.set()
        await see(pilot, "200 delivered")


@pytest.mark.parametrize(("reply", "sent"), [("y", 1), ("n", 0), ("escape", 0), ("enter", 0)])
async def test_a_rule_that_would_not_fire_is_asked_about(
    app: InspectorApp, shop: Shop, reply: str, sent: int
) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("down", "down", "s")
        await see(pilot, "Rule big-orders would not fire")
        await pilot.press(reply)
        await settle(pilot)
        assert len(shop.endpoints.sent) == sent


async def test_a_wait_can_be_skipped_and_a_delivery_cancelled() -> None:
    write_shop(Path("shop"))
    busy = [answer(503, retry_after="900")]
    shop = Shop(Path("shop"), scripts={**SCRIPTS, "warehouse.example.com": busy}, waits=True)
    app = shop.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        assert "Skip wait" not in text_of(app)
        await pilot.press("s")
        await see(pilot, "waiting for attempt 2")
        await see(pilot, "Skip wait")
        await pilot.press("w")
        await see(pilot, "waiting for attempt 3")
        assert len(shop.endpoints.sent) == 2
        await pilot.press("s")
        await pilot.pause()
        assert len(shop.endpoints.sent) == 2
        await pilot.press("x")
        await see(pilot, "■ 503 abandoned · 2 attempts")


async def test_escape_cancels_from_within_the_editor() -> None:
    write_shop(Path("shop"))
    shop = Shop(Path("shop"), scripts={"warehouse.example.com": [answer(503, retry_after="900")]}, waits=True)
    app = shop.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        editor(app).focus()
        await pilot.press("ctrl+j")
        await see(pilot, "waiting for attempt 2")
        await pilot.press("f8")
        await see(pilot, "waiting for attempt 3")
        await pilot.press("escape")
        await see(pilot, "abandoned")


async def test_a_refused_credential_is_shown_and_can_be_given_another_try() -> None:
    write_shop(Path("shop"))
    shop = Shop(Path("shop"), scripts={"warehouse.example.com": [answer(401)]}, waits=True)
    app = shop.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        assert "Re-authorize" not in text_of(app)
        await pilot.press("s")
        await see(pilot, "Connection warehouse is DEAUTHORIZED: the endpoint")
        await see(pilot, "refused · a re-authorizes")
        await see(pilot, "a Re-authorize")
        await pilot.press("x")
        await see(pilot, "abandoned")
        await pilot.press("a")
        await settle(pilot)
        assert "Re-authorize" not in text_of(app)
        assert "refused · a re-authorizes" not in text_of(app)


async def test_letters_are_letters_in_the_editor(app: InspectorApp, shop: Shop) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        editor(app).focus()
        await pilot.press("s", "x", "h", "q", "question_mark")
        assert editor(app).text.startswith("sxhq?")
        assert app.current_mode == "workbench"
        assert shop.endpoints.sent == []


async def test_edits_are_kept_for_each_event(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        editor(app).focus()
        await pilot.press("space")
        app.workbench.query_one("EventList").focus()
        await pilot.press("down")
        await see(pilot, "Refund Issued")
        await see(pilot, "● order-placed")
        await pilot.press("up")
        await see(pilot, "Event · order-placed")
        await until(pilot, lambda: editor(app).text.startswith(" {"))
        await pilot.press("u")
        await until(pilot, lambda: editor(app).text.startswith("{"))
        await settle(pilot)
        assert "● order-placed" not in text_of(app)


async def test_a_new_event_begins_from_a_template(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("n")
        await see(pilot, "Type to filter")
        await pilot.press(*"ec2", "enter")
        await see(pilot, "i-abcd1111")
        assert app.workbench.event_name == "EC2 state change"
        assert app.focused is editor(app)


async def test_what_is_filled_in_is_named(shop: Shop) -> None:
    app = shop.app(start=Start("mine", '{"source": "shop.orders", "detail": {}}'))
    async with app.run_test(size=(200, 40), notifications=True) as pilot:
        await see(pilot, "✔ valid · filled: version, id, detail-type")


async def test_an_event_too_long_to_edit_is_still_sent(shop: Shop) -> None:
    long = json.dumps({**ORDER, "detail": {"orderId": "o", "total": 1, "note": "x" * 120_000}})
    app = shop.app(start=Start("long", long))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "too long to edit here")
        await see(pilot, "1 of 2 rules would fire")
        await pilot.press("s")
        await see(pilot, "200 delivered")


async def test_definitions_are_read_anew(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        arn = f"{ARN}:connection/crm/0"
        endpoint = "https://spare.example.com/orders"
        spare = {"Name": "spare-orders", "ConnectionArn": arn, "InvocationEndpoint": endpoint}
        write_file("shop/more.json", spare)
        await pilot.press("r")
        await see(pilot, "spare-orders")
        assert "4 destinations" in text_of(app)


async def test_without_an_editor_of_ones_own_there_is_a_hint(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("e")
        await see(pilot, "no editor is named")


async def test_the_editor_moves_into_the_tabs_and_out_again(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        pane = app.workbench.query_one(EventPane)
        assert pane.display
        await pilot.resize_terminal(*NARROW)
        await until(pilot, lambda: not pane.display)
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: pane.display)
        assert '"orderId"' in text_of(app)
        await pilot.resize_terminal(*WIDE)
        await see(pilot, "would fire")
        assert '"orderId"' in text_of(app)


async def test_the_mouse_does_what_the_keys_do(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        first = text_of(app).splitlines()
        await pilot.click(offset=(first[1].index("Payload") + 2, 1))
        await see(pilot, "made by InputTransformer")
        await pilot.click(offset=(first[-1].index("History") + 2, 39))
        await until(pilot, lambda: app.current_mode == "history")
