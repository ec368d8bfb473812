"""A history in a file of its own."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inspector.history import History
from tests.history.deliveries import START


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite3"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    store = History(path, now=lambda: START + timedelta(hours=1))
    yield store
    store.close()
