"""The floors of the house (docs/architecture.md), proved from the imports in the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "inspector"

GROUND = ("inspector", "inspector.errors", "inspector.jsontext", "inspector.safe", "inspector.secret")
FLOORS: dict[str, int] = {
    "inspector.eventbridge": 0,
    "inspector.config": 1,
    "inspector.auth": 1,
    "inspector.delivery": 1,
    "inspector.history": 1,
    "inspector.endpoint": 1,
    "inspector.tasks": 1,
    "inspector.workbench": 2,
    "inspector.tui": 3,
    "inspector.cli": 3,
    "inspector.__main__": 3,
}
IMPURE = set(
    "asyncio os io pathlib random secrets socket sqlite3 subprocess threading time uuid".split()  # noqa: SIM905
)
OUTSIDE = {"aiohttp", "authlib", "click", "httpx", "platformdirs", "ruamel", "sqlite_utils", "textual"}
REVEALING = ("inspector.auth", "inspector.delivery.transport")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported, in functions and under TYPE_CHECKING too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in SOURCES else node.module


def floor(module: str) -> int:
    if module in GROUND:
        return -1
    return next(level for name, level in FLOORS.items() if module == name or module.startswith(f"{name}."))


def room(module: str) -> str:
    """A package of a floor, or a module of the ground."""
    return module if module in GROUND else ".".join(module.split(".")[:2])


@pytest.mark.parametrize("module", SOURCES)
def test_every_module_has_a_floor(module: str) -> None:
    assert floor(module) in (-1, 0, 1, 2, 3)


@pytest.mark.parametrize("module", SOURCES)
def test_imports_go_down(module: str) -> None:
    upward = [
        name
        for name in imports(SOURCES[module])
        if name.startswith("inspector") and floor(name) > floor(module)
    ]
    assert not upward, f"{module} (floor {floor(module)}) imports from above: {upward}"


def test_rooms_form_no_circle() -> None:
    graph: dict[str, set[str]] = {}
    for module, tree in SOURCES.items():
        below = {room(name) for name in imports(tree) if name.startswith("inspector.")}
        graph.setdefault(room(module), set()).update(below - {room(module)})
    while graph:
        free = {name for name, below in graph.items() if not below & graph.keys()}
        circle = {name: below & graph.keys() for name, below in graph.items()}
        assert free, f"these rooms import each other in a circle: {circle}"
        graph = {name: below for name, below in graph.items() if name not in free}


def at_import(tree: ast.AST) -> Iterator[str]:
    """Imports that run when the module is imported: none in functions, none under TYPE_CHECKING."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from imports(ast.Module([node], []))
        else:
            yield from at_import(node)


def test_modules_form_no_circle() -> None:
    graph = {
        module: {name for name in at_import(tree) if name in SOURCES and not module.startswith(f"{name}.")}
        - {module}
        for module, tree in SOURCES.items()
    }
    while graph:
        free = {name for name, needs in graph.items() if not needs & graph.keys()}
        circle = {name: needs & graph.keys() for name, needs in graph.items()}
        assert free, f"these modules import each other in a circle: {circle}"
        graph = {name: needs for name, needs in graph.items() if name not in free}


@pytest.mark.parametrize("module", [name for name in SOURCES if floor(name) <= 0])
def test_semantics_have_no_computer_in_the_room(module: str) -> None:
    """Floor 0 does no I/O, reads no clock and makes no chance; nothing comes in but its arguments."""
    roots = {name.partition(".")[0] for name in imports(SOURCES[module])}
    assert not roots & (IMPURE | OUTSIDE)
    clocks = [
        ast.unparse(node)
        for node in ast.walk(SOURCES[module])
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")
    ]
    assert not clocks


@pytest.mark.parametrize("module", [name for name in SOURCES if floor(name) < 3])
def test_only_the_faces_know_a_screen_or_a_command_line(module: str) -> None:
    roots = {name.partition(".")[0] for name in imports(SOURCES[module])}
    assert not roots & {"textual", "rich", "click"}


@pytest.mark.parametrize("module", [name for name in SOURCES if not name.startswith(REVEALING)])
def test_secrets_are_revealed_in_two_rooms_only(module: str) -> None:
    revealed = [
        node.lineno
        for node in ast.walk(SOURCES[module])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "reveal"
    ]
    assert not revealed or module == "inspector.secret"
