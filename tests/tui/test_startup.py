"""What comes before the first paint, and what waits until after it."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.tui.app import InspectorApp
from inspector.tui.collector import rest, wake
from inspector.workbench import Workbench

HEAVY = {"httpx", "sqlite_utils", "authlib", "aiohttp", "ruamel", "joserfc", "cryptography", "sqlite3", "h11"}
LATER = {
    "inspector.history.store",
    "inspector.workbench.compare",
    "inspector.workbench.deadletters",
    "inspector.workbench.deliveries",
    "inspector.workbench.many",
    "inspector.workbench.simulate",
    "inspector.config.editing.save",
    "inspector.tui.screens.history",
    "inspector.tui.screens.definition",
}
PROGRAM = """
import os, sys
from pathlib import Path
from inspector.cli import screen, session
import inspector.tui.app
bench = session.open_bench([Path("shop.json")])
inspector.tui.app.InspectorApp(bench, title="shop")
print(*sys.modules)
"""


def test_nothing_heavy_is_imported_before_the_first_paint(tmp_path: Path) -> None:
    """What the first screen does not need is loaded by the room that uses it."""
    (tmp_path / "shop.json").write_text("{}")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=True
    )
    assert set(done.stdout.split()) & (HEAVY | LATER) == set()


@pytest.fixture
def resting() -> Iterator[None]:
    rest()
    yield
    gc.enable()
    gc.unfreeze()


async def test_the_collector_wakes_once_the_screen_is_there(resting: None, tmp_path: Path) -> None:
    app = InspectorApp(Workbench([], db=None, environ={}), title="shop", report_folder=tmp_path)
    async with app.run_test() as pilot:
        for _ in range(200):
            if gc.isenabled():
                break
            await pilot.pause(0.01)
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    await app.bench.close()


def test_a_collector_that_works_is_left_alone() -> None:
    frozen = gc.get_freeze_count()
    wake()
    assert gc.isenabled()
    assert gc.get_freeze_count() == frozen
