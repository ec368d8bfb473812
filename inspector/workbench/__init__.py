"""The steps strung together, without a screen: what both faces of the inspector stand on."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from inspector.workbench.bench import Workbench
    from inspector.workbench.compare import ComparedRow, Comparison
    from inspector.workbench.replay import ReplayError
    from inspector.workbench.run import Run
    from inspector.workbench.values import Preview, RuleResult
    from inspector.workbench.ways import Way

__all__ = ["ComparedRow", "Comparison", "Preview", "ReplayError", "RuleResult", "Run", "Way", "Workbench"]

_HOMES: Final = {
    "ComparedRow": "compare",
    "Comparison": "compare",
    "Preview": "values",
    "ReplayError": "replay",
    "RuleResult": "values",
    "Run": "run",
    "Way": "ways",
    "Workbench": "bench",
}


def __getattr__(name: str) -> object:
    """Import what is asked for: who needs one room of the workbench does not pay for all of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
