"""How each screen looks, at the least size that it is made for and at a comfortable one."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from inspector.tui.app import InspectorApp
from tests.tui.screens.conftest import SIZES, settle
from tests.tui.screens.shop import Shop

Compare = Callable[..., bool]
Steps = Callable[["Pilot[None]"], Awaitable[None]]


def keys(*names: str) -> Steps:
    """Return what presses keys one after another, each when the one before has had its effect."""

    async def press(pilot: "Pilot[None]") -> None:
        await settle(pilot)
        for name in names:
            await pilot.press(name)
            await settle(pilot)

    return press


WORKBENCH = [
    pytest.param((), id="match"),
    pytest.param(("right_square_bracket",), id="payload"),
    pytest.param(("right_square_bracket",) * 2, id="request"),
    pytest.param(("left_square_bracket",), id="before-the-first-tab"),
    pytest.param(("s",), id="retried-and-delivered"),
    pytest.param(("down", "down", "s"), id="asks-before-sending-what-does-not-match"),
    pytest.param(("down", "down", "s", "y"), id="final-404"),
    pytest.param(("n",), id="templates"),
    pytest.param(("question_mark",), id="help"),
    pytest.param(("D", "s"), id="light-delivered"),
    pytest.param(("s", "z"), id="zoomed"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pressed", WORKBENCH)
def test_the_workbench(
    app: InspectorApp, snap_compare: Compare, size: tuple[int, int], pressed: tuple[str, ...]
) -> None:
    assert snap_compare(app, terminal_size=size, run_before=keys(*pressed))


HISTORY = [
    pytest.param(("h",), id="empty"),
    pytest.param(("s", "h"), id="one"),
    pytest.param(("s", "h", "p"), id="replayed"),
    pytest.param(("s", "h", "slash", "n", "o", "colon", "x"), id="search-that-is-none"),
    pytest.param(("s", "h", "p", "space", "space", "c"), id="two-compared"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pressed", HISTORY)
def test_the_history(
    app: InspectorApp, snap_compare: Compare, size: tuple[int, int], pressed: tuple[str, ...]
) -> None:
    assert snap_compare(app, terminal_size=size, run_before=keys(*pressed))


COMPARE = [
    pytest.param(("c",), id="choice"),
    pytest.param(("c", "down", "down", "space", "ctrl+j", "y"), id="two-routes"),
    pytest.param(("c", "down", "down", "space", "ctrl+j", "y", "d"), id="differences-only"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pressed", COMPARE)
def test_the_comparison(
    app: InspectorApp, snap_compare: Compare, size: tuple[int, int], pressed: tuple[str, ...]
) -> None:
    assert snap_compare(app, terminal_size=size, run_before=keys(*pressed))


@pytest.mark.parametrize("size", SIZES)
def test_the_command_palette(app: InspectorApp, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def run(pilot: "Pilot[None]") -> None:
        await keys("ctrl+p")(pilot)
        await pilot.pause(0.3)

    assert snap_compare(app, terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_a_folder_without_definitions(snap_compare: Compare, size: tuple[int, int]) -> None:
    Path("empty").mkdir()
    app = Shop(Path("empty")).app(endpoint_url="http://127.0.0.1:9870")
    assert snap_compare(app, terminal_size=size, run_before=keys())
