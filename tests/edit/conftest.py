"""One file of definitions in a folder of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from inspector.config.editing import Edit
from inspector.config.editing.difference import difference
from inspector.config.editing.file_change import plan
from inspector.config.editing.save import save
from inspector.eventbridge.resources import Workspace
from tests.edit.files import STYLES, opened


@dataclass(frozen=True)
class Definitions:
    """A file, as it was written and as it is."""

    path: Path
    text: str

    @property
    def workspace(self) -> Workspace:
        return opened(self.path)

    def write(self, *edits: Edit) -> str:
        """Write edits and return what the file then holds."""
        save(plan(self.workspace, edits))
        return self.path.read_bytes().decode()

    def difference(self, *edits: Edit) -> list[str]:
        """Return the changed lines that edits would make, without their surroundings."""
        return [
            str(line)
            for change in plan(self.workspace, edits)
            for line in difference(change)
            if line.mark in ("removed", "added")
        ]


Write = Callable[[str, str], Definitions]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a file of a name and a text."""
    monkeypatch.chdir(tmp_path)

    def written(name: str, text: str) -> Definitions:
        path = Path(name)
        path.write_bytes(text.encode())
        return Definitions(path, text)

    return written


@pytest.fixture
def style(write: Write) -> Callable[[str], Definitions]:
    """Write the file of one of the styles."""
    return lambda name: write(*STYLES[name])
