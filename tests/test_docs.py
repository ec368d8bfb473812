"""Documents that list what the code knows are held to it."""

import pkgutil
from importlib import import_module
from pathlib import Path

import inspector.eventbridge
from inspector.eventbridge.assumption import Assumption

ROOT = Path(__file__).parent.parent


def assumptions() -> list[Assumption]:
    """Return every assumption that a module of the semantics defines, by name."""
    found: dict[str, Assumption] = {}
    for module in pkgutil.walk_packages(inspector.eventbridge.__path__, "inspector.eventbridge."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, Assumption):
                assert found.setdefault(value.name, value) is value, f"{value.name} is defined twice"
    return [found[name] for name in sorted(found)]


def test_every_assumption_is_listed() -> None:
    """`docs/assumptions.md` has a row for each, with the sentence that the interface shows."""
    page = (ROOT / "docs" / "assumptions.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert rows == [f"| `{known.name}` | {known.text} |" for known in assumptions()]


def test_the_readme_names_every_command() -> None:
    from inspector.cli.root import root

    readme = (ROOT / "README.md").read_text("utf-8")
    left_out = {"open", "event", "info"}
    assert not [name for name in root.lazy if f"`{name}`" not in readme and name not in left_out]
