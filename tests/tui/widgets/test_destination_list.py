"""The list of destinations: grouped, with how each authorizes, in what state."""

import pytest

from inspector.auth.state import ConnectionStatus
from inspector.eventbridge.resources import (
    ApiDestination,
    ApiKeyAuth,
    BasicAuth,
    Connection,
    OAuthClientCredentials,
    Route,
    Rule,
    Target,
)
from inspector.secret import Secret
from inspector.tui.widgets.destination_list import DestinationList
from tests.tui.widgets.support import HOSTILE, Stage, assert_harmless, screen_text

KEY = Secret("canary-secret")
CRM = Connection("crm", BasicAuth("user", KEY))
BILLING = Connection("billing-key", ApiKeyAuth("X-Key", KEY))
STORE = Connection("warehouse", OAuthClientCredentials("id", KEY, "https://auth.example.com"))


def route(connection: Connection, name: str, rule: Rule | None = None, method: str = "POST") -> Route:
    """Return a route to the destination `name`."""
    destination = ApiDestination(name, connection.name, "https://example.com", method)
    return Route(Target(f"to-{name}", name), destination, connection, rule)


ROUTES = (
    route(CRM, "crm-events", Rule("orders")),
    route(CRM, "crm-events", Rule("refunds", state="DISABLED")),
    route(BILLING, "billing-hook", Rule("bills"), "PUT"),
    route(STORE, "store-sync"),
)
STATUSES = {
    "crm": ConnectionStatus("AUTHORIZED"),
    "billing-key": ConnectionStatus("DEAUTHORIZED"),
    "warehouse": ConnectionStatus("AUTHORIZING"),
}


async def test_routes_are_grouped_under_their_destination() -> None:
    listed = DestinationList()
    app = Stage(listed)
    async with app.run_test(size=(42, 20)) as pilot:
        listed.show(ROUTES, STATUSES)
        await pilot.pause()
        lines = [line.strip() for line in screen_text(app).splitlines() if line.strip()]
        assert [" ".join(line.split()) for line in lines] == [
            "POST crm-events",
            "● crm BASIC",
            "→ orders/to-crm-events",
            "→ refunds/to-crm-events off",
            "PUT billing-hook",
            "● billing-key API KEY DEAUTHORIZED",
            "→ bills/to-billing-hook",
            "POST store-sync",
            "● warehouse OAUTH AUTHORIZING",
            "→ direct",
        ]
        assert "canary" not in screen_text(app)


@pytest.mark.parametrize(
    ("row", "name"), [pytest.param(1, "ok", id="green"), pytest.param(5, "bad", id="red"), (8, "warn")]
)
async def test_the_dot_has_the_colour_of_the_state(row: int, name: str) -> None:
    listed = DestinationList()
    async with Stage(listed).run_test(size=(42, 20)):
        listed.show(ROUTES, STATUSES)
        dot = next(segment for segment in listed.line_at(row) if "●" in segment.text)
        assert dot.style
        assert dot.style.color == listed.ink(name).color


async def test_the_cursor_goes_from_route_to_route() -> None:
    listed = DestinationList()
    app = Stage(listed)
    async with app.run_test(size=(42, 20)) as pilot:
        listed.show(ROUTES, STATUSES)
        await pilot.pause()
        assert app.last(DestinationList.RouteHighlighted).route == ROUTES[0]
        await pilot.press("down", "down")
        await pilot.pause()
        assert app.last(DestinationList.RouteHighlighted).route == ROUTES[2]
        await pilot.click(listed, offset=(5, 7))
        await pilot.pause()
        assert listed.route_at_cursor == ROUTES[3], "a click on a destination means its first route"
        await pilot.press("enter")
        await pilot.pause()
        assert app.last(DestinationList.RouteChosen).route == ROUTES[3]


async def test_other_states_leave_the_cursor_where_it_is() -> None:
    listed = DestinationList()
    app = Stage(listed)
    async with app.run_test(size=(42, 20)) as pilot:
        listed.show(ROUTES, STATUSES)
        listed.highlight("bills/to-billing-hook")
        await pilot.pause()
        told = len(app.posted)
        listed.show(ROUTES, {})
        await pilot.pause()
        assert listed.route_at_cursor == ROUTES[2]
        assert len(app.posted) == told, "nothing new to tell"


async def test_an_empty_workspace_says_what_to_do() -> None:
    listed = DestinationList()
    app = Stage(listed)
    async with app.run_test(size=(42, 20)) as pilot:
        listed.show((), {})
        await pilot.press("down", "enter", "end")
        await pilot.pause()
        assert "No API destinations" in screen_text(app)
        assert listed.route_at_cursor is None


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [12, 24, 60])
async def test_hostile_text_is_shown_and_does_nothing(text: str, width: int) -> None:
    listed = DestinationList()
    app = Stage(listed)
    async with app.run_test(size=(width, 20)) as pilot:
        hostile = Connection(text, BasicAuth("u", KEY))
        listed.show([route(hostile, text, Rule(text), text)], {text: ConnectionStatus("ACTIVE")})
        await pilot.pause()
        assert_harmless(app)
