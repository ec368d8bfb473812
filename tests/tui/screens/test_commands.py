"""The table of commands, and what is made of it."""

import itertools
from pathlib import Path

import pytest
from textual.dom import DOMNode

from inspector.tui.app import InspectorApp
from inspector.tui.commands import COMMANDS, Command, command_of
from inspector.tui.screens.compare import CompareScreen
from inspector.tui.screens.connections import ConnectionsScreen
from inspector.tui.screens.dead_letters import DeadLettersScreen
from inspector.tui.screens.definition import DefinitionScreen
from inspector.tui.screens.help import PROSE
from inspector.tui.screens.history import HistoryScreen
from inspector.tui.screens.problems import ProblemsScreen
from inspector.tui.screens.what_if import WhatIfScreen
from inspector.tui.screens.workbench import WorkbenchScreen
from tests.tui.screens.conftest import see, settle, text_of, until
from tests.tui.screens.shop import Shop

OWNERS: dict[str, type[DOMNode]] = {
    "app": InspectorApp,
    "workbench": WorkbenchScreen,
    "history": HistoryScreen,
    "compare": CompareScreen,
    "what-if": WhatIfScreen,
    "dead-letters": DeadLettersScreen,
    "connections": ConnectionsScreen,
    "problems": ProblemsScreen,
    "definition": DefinitionScreen,
}
# A terminal sends these as something else, or not at all.
LOST = ("ctrl+m", "ctrl+h", "ctrl+i", "ctrl+enter", "alt+enter", "ctrl+space", "ctrl+left_square_bracket")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"{command.scope}: {command.action}")
def test_a_command_can_be_carried_out(command: Command) -> None:
    name = command.action.removeprefix("app.").partition("(")[0]
    assert hasattr(OWNERS[command.scope], f"action_{name}")
    assert command.help.endswith(".")
    assert ": " in command.title
    assert set(command.anywhere) <= set(command.keys)
    assert not set(command.keys) & set(LOST)


@pytest.mark.parametrize("scope", OWNERS)
def test_no_key_means_two_things_at_once(scope: str) -> None:
    keys = list(itertools.chain.from_iterable(c.keys for c in COMMANDS if c.scope == scope))
    assert len(keys) == len(set(keys))


def test_a_letter_does_nothing_while_one_types() -> None:
    assert [c.action for c in COMMANDS if any(len(key) == 1 for key in c.anywhere)] == []


def test_the_command_of_a_screen_goes_before_that_of_the_app() -> None:
    found = command_of("cancel", ("history", "app"))
    assert found is not None
    assert found.scope == "history"


async def test_the_palette_runs_a_command(app: InspectorApp) -> None:
    async with app.run_test(size=(140, 40), notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("ctrl+p")
        await see(pilot, "Search for commands")
        assert "delivery: cancel" not in text_of(app)
        await pilot.press(*"view history")
        await see(pilot, "Every delivery so far.")
        await pilot.press("enter")
        await until(pilot, lambda: app.current_mode == "history")


async def test_every_pane_has_its_help(app: InspectorApp) -> None:
    async with app.run_test(size=(140, 70), notifications=True) as pilot:
        await see(pilot, "✔ valid")
        for mode in ("dead_letters", "connections", "what_if", "problems", "workbench", "history", "compare"):
            await app.switch_mode(mode)
            await settle(pilot)
            for pane in app.screen.query("Pane"):
                assert pane.id in PROSE


async def test_help_is_about_the_pane_in_which_it_is_asked_for(app: InspectorApp) -> None:
    async with app.run_test(size=(140, 70), notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("tab", "f1")
        await see(pilot, "Help · Events")
        seen = text_of(app)
        assert "^j f5 s" in seen
        assert "Send the event along the chosen destination" in seen


async def test_dark_and_light(app: InspectorApp) -> None:
    async with app.run_test(size=(140, 40), notifications=True) as pilot:
        await see(pilot, "✔ valid")
        for name in ("inspector-light", "inspector-dark"):
            await pilot.press("D")
            assert app.theme == name


async def test_the_key_bar_names_the_keys_that_work_where_one_types(shop: Shop) -> None:
    app = shop.app()
    async with app.run_test(size=(140, 40), notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await see(pilot, "h History")
        app.workbench.query_one("JsonEditor").focus()
        await see(pilot, "f3 History")
        assert "n New event" not in text_of(app)


def test_no_picture_names_this_machine() -> None:
    here = Path(__file__).parent
    for picture in (here / "__snapshots__").rglob("*.svg"):
        text = picture.read_text()
        assert str(Path.home()) not in text
        assert "/tmp/" not in text
