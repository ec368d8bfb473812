"""A folder to write definitions into, and its workspace."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from inspector.config import load
from inspector.eventbridge.resources import Workspace

Files: TypeAlias = Mapping[str, object]
Load: TypeAlias = Callable[..., Workspace]


@pytest.fixture
def load_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Write files (a string or bytes as they are, anything else as JSON) and load their folder as `.`."""
    monkeypatch.chdir(tmp_path)

    def load_them(files: Files, environ: Mapping[str, str] | None = None) -> Workspace:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return load([Path()], environ=environ or {})

    return load_them
