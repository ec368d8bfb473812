"""`inspector info`: versions, and where files are kept."""

import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import click

from inspector import __version__
from inspector.cli.console import Cell, Console, Output
from inspector.cli.groups import examples
from inspector.cli.options import config_option, db_option, output_option

_LIBRARIES: Final = ("textual", "httpx", "authlib", "aiohttp", "sqlite-utils")


@click.command(epilog=examples("inspector info", "inspector info --output json"))
@config_option
@db_option
@output_option
def info(config: tuple[Path, ...], db: Path | None, output: Output) -> None:
    """Tell the versions in use and where definitions, history and reports are kept."""
    from platformdirs import user_log_path

    from inspector.cli.session import history_path

    console = Console(output)
    history = history_path(db)
    facts = {
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "config": [str(path.resolve()) for path in config or (Path(),)],
        "history": str(history.resolve()),
        "history_bytes": history.stat().st_size if history.is_file() else None,
        "demo_history": str(history_path(None, name="demo.sqlite3")),
        "reports": str(user_log_path("eventbridge-inspector", appauthor=False)),
        "libraries": {name: _version_of(name) for name in _LIBRARIES},
    }
    console.document(facts)
    rows: list[Sequence[Cell]] = [
        ((name.replace("_", " "), "dim"), _words(value)) for name, value in facts.items()
    ]
    console.say(*console.out.rows(rows))


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {found}" for name, found in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "none yet" if value is None else str(value)


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
