"""An event that is picked finds its route; a field of the explanation is shown in the event."""

import json
from pathlib import Path

import pytest

from inspector.tui.app import InspectorApp
from inspector.tui.screens.event_list import EventList
from inspector.tui.screens.workbench import Start
from inspector.tui.widgets.destination_list import DestinationList
from inspector.tui.widgets.editor import JsonEditor
from inspector.tui.widgets.verdict_tree import VerdictTree
from tests.tui.screens.conftest import see, settle, text_of, until
from tests.tui.screens.shop import ORDER, Shop, write_file, write_shop

WIDE = (140, 40)
NARROW = (80, 24)
BIG = {**ORDER, "detail-type": "Big Refund", "detail": {"orderId": "o-2", "total": 5000, "customer": "c-1"}}


@pytest.fixture
def shop(_same_everywhere: None) -> Shop:
    write_shop(Path("shop"))
    write_file("shop/events/big.json", BIG)
    return Shop(Path("shop"))


def chosen(app: InspectorApp) -> str:
    route = app.workbench.route
    return route.name if route else ""


def pick(app: InspectorApp, name: str) -> None:
    events = app.workbench.query_one(EventList)
    number = next(n for n in range(events.option_count) if name in str(events.get_option_at_index(n).prompt))
    events.highlighted = number


async def test_a_picked_event_takes_the_selection_to_the_first_route_that_fires(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        pick(app, "order-placed")
        await settle(pilot)
        pick(app, "big")
        await until(pilot, lambda: chosen(app) == "big-orders/crm")
        await settle(pilot)
        destinations = app.workbench.query_one(DestinationList)
        assert destinations.route_at_cursor == app.workbench.route
        pick(app, "order-placed")
        await until(pilot, lambda: chosen(app) == "order-placed/warehouse")


async def test_a_route_that_fires_too_is_kept(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        pick(app, "order-placed")
        app.workbench.query_one(DestinationList).highlight("order-placed/loyalty")
        await settle(pilot)
        pick(app, "order-placed")
        await settle(pilot)
        assert chosen(app) == "order-placed/loyalty"


async def test_where_nothing_fires_the_nearest_miss_is_chosen(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        app.workbench.query_one(DestinationList).highlight("order-placed/loyalty")
        await settle(pilot)
        pick(app, "refund")
        await until(pilot, lambda: chosen(app) != "order-placed/loyalty")
        nearest = app.workbench.evaluation.results[0]
        assert not nearest.matched
        assert chosen(app) in {route.name for route in nearest.routes}


async def test_a_destination_that_is_chosen_afterwards_stays(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        pick(app, "big")
        await until(pilot, lambda: chosen(app) == "big-orders/crm")
        app.workbench.query_one(DestinationList).highlight("order-placed/loyalty")
        await settle(pilot)
        editor = app.workbench.query_one(JsonEditor)
        editor.focus()
        await pilot.press("end", "enter")
        await settle(pilot)
        await pilot.pause(0.3)
        await settle(pilot)
        assert chosen(app) == "order-placed/loyalty"


async def test_the_route_of_the_start_stays(shop: Shop) -> None:
    app = shop.app(start=Start("big", json.dumps(BIG), "order-placed/loyalty"))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "1 of 2 rules would fire")
        await settle(pilot)
        assert chosen(app) == "order-placed/loyalty"


async def test_a_tick_marks_the_routes_that_fire(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        pick(app, "order-placed")
        await see(pilot, "✓ → order-placed/warehouse")
        assert "✓ → order-placed/loyalty" in text_of(app)
        assert "✓ → big-orders/crm" not in text_of(app)
        pick(app, "big")
        await see(pilot, "✓ → big-orders/crm")
        assert "✓ → order-placed" not in text_of(app)


async def test_the_fields_of_a_rule_are_marked_in_the_event(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        pick(app, "order-placed")
        await settle(pilot)
        pick(app, "refund")
        editor, tree = app.workbench.query_one(JsonEditor), app.workbench.query_one(VerdictTree)
        marked = {'"source": "shop.orders"', '"detail-type": "Refund Issued"'}
        await until(pilot, lambda: set(editor.marked) == marked)
        tree.focus()
        node = next(n for n in tree.cursor_node.children if "detail-type" in str(n.label))  # type: ignore[union-attr]
        tree.move_cursor(node)
        await until(pilot, lambda: editor.marked == ('"detail-type": "Refund Issued"',))
        await pilot.press("o")
        await settle(pilot)
        assert editor.has_focus
        assert editor.document.get_line(editor.cursor_location[0])[editor.cursor_location[1] :].startswith(
            '"detail-type"'
        )
        await pilot.press("x")
        assert editor.marked == ()


async def test_on_a_narrow_screen_the_event_comes_to_the_front(app: InspectorApp) -> None:
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await settle(pilot)
        tree = app.workbench.query_one(VerdictTree)
        tree.focus()
        await settle(pilot)
        await pilot.press("o")
        await settle(pilot)
        assert app.workbench.query_one(JsonEditor).has_focus
        assert '"detail-type"' in text_of(app)


async def test_a_missing_field_is_marked_at_what_would_hold_it(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        app.workbench.new_event("none", json.dumps({**ORDER, "detail": {"sum": 5}}, indent=2))
        await settle(pilot)
        app.workbench.query_one(DestinationList).highlight("big-orders/crm")
        editor = app.workbench.query_one(JsonEditor)
        await until(pilot, lambda: '"detail"' in editor.marked)
