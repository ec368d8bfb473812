"""Every command explains itself, and explaining costs no heavy import."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from inspector.cli.groups import LazyGroup
from inspector.cli.root import root
from tests.cli.conftest import Commands


def all_commands(group: LazyGroup, prefix: str = "inspector") -> Iterator[tuple[str, click.Command]]:
    yield prefix, group
    for name, lazy in group.lazy.items():
        command = lazy.load()
        path = f"{prefix} {name}"
        if isinstance(command, LazyGroup):
            yield from all_commands(command, path)
        else:
            yield path, command


COMMANDS = [pytest.param(path, command, id=path) for path, command in all_commands(root)]


@pytest.mark.parametrize(("path", "command"), COMMANDS)
def test_help_has_an_example_of_this_very_command(path: str, command: click.Command) -> None:
    text = command.get_help(click.Context(command, info_name=path))
    examples = text.partition("Examples:\n")[2].splitlines()
    assert any(line.strip().startswith(path) for line in examples)
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize(("path", "command"), COMMANDS)
def test_every_option_has_help(path: str, command: click.Command) -> None:
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_the_list_of_commands_names_every_module() -> None:
    folder = Path(__file__).parents[2] / "inspector" / "cli" / "commands"
    modules = {lazy.where.partition(":")[0].rpartition(".")[2] for lazy in root.lazy.values()}
    assert modules == {path.stem for path in folder.glob("*.py")} - {"__init__"}


HEAVY = {"textual", "httpx", "aiohttp", "sqlite_utils", "authlib", "rich", "asyncio", "sqlite3", "ruamel"}
RUNNING = {"asyncio", "sqlite3"}
"""What every command imports that has a workbench; those that only read the definitions do without."""


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        pytest.param(["--help"], set(), id="help"),
        pytest.param(["--version"], set(), id="version"),
        pytest.param(["no-such-path"], set(), id="a mistyped path"),
        pytest.param(["match", "--help"], RUNNING, id="match help"),
        pytest.param(["match", "-e", "order.json"], RUNNING, id="match"),
        pytest.param(["preview", "-e", "order.json"], RUNNING, id="preview"),
        pytest.param(["check"], set(), id="check"),
        pytest.param(["lint"], set(), id="lint"),
        pytest.param(["send", "-e", "order.json"], RUNNING | {"httpx", "sqlite_utils"}, id="send"),
        pytest.param(["history"], RUNNING | {"sqlite_utils"}, id="history"),
    ],
)
def test_a_command_imports_only_what_it_uses(
    arguments: list[str], allowed: set[str], command: Commands
) -> None:
    program = (
        "import json, sys\n"
        "from inspector.cli import run\n"
        "run(sys.argv[1:])\n"
        f"print('IMPORTED', json.dumps(sorted({HEAVY!r} & sys.modules.keys())))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=30, check=True
    )
    imported = set(json.loads(ran.stdout.rpartition("IMPORTED ")[2]))
    assert imported <= allowed


def test_the_module_is_the_command(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "inspector", "--version"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert ran.stdout.startswith("inspector ")
