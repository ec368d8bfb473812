"""The app on a shop whose endpoints answer by script, so that every picture is the same each time."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.screen import ModalScreen

from inspector.tui.app import InspectorApp
from tests.tui.screens.shop import Shop, write_shop

ASKING = ("ask", "send")
SIZES = [pytest.param((80, 24), id="80x24"), pytest.param((140, 40), id="140x40")]


@pytest.fixture(autouse=True)
def _same_everywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the machine out of the pictures: its colours, zone, folders and blinking cursors."""
    for name in ("NO_COLOR", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr("textual.widgets.Input.cursor_blink", False)
    monkeypatch.setattr("textual.widgets.TextArea.cursor_blink", False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def shop(_same_everywhere: None) -> Shop:
    """The shop, its history in a file of its own."""
    write_shop(Path("shop"))
    return Shop(Path("shop"), db=Path("history.sqlite3"))


@pytest.fixture
def app(shop: Shop) -> InspectorApp:
    """The app on the shop."""
    return shop.app()


async def settle(pilot: "Pilot[None]") -> None:
    """Wait until nothing is under way any more but questions that wait for an answer."""

    def idle() -> bool:
        asked = isinstance(pilot.app.screen, ModalScreen)
        return all(worker.is_finished or (asked and worker.group in ASKING) for worker in pilot.app.workers)

    for _ in range(2):
        await pilot.pause()
        await until(pilot, idle)
    await pilot.pause()


async def until(pilot: "Pilot[None]", holds: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    for _ in range(400):
        if holds():
            return
        await pilot.pause(0.01)
    raise AssertionError("it did not become true")


def text_of(app: InspectorApp) -> str:
    """Return what is on the screen, line by line."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


async def see(pilot: "Pilot[None]", text: str) -> None:
    """Wait until a text is on the screen."""
    app = pilot.app
    assert isinstance(app, InspectorApp)
    for _ in range(400):
        if text in text_of(app):
            return
        await pilot.pause(0.02)
    raise AssertionError(f"{text!r} is not on the screen:\n{text_of(app)}")
