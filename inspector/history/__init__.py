"""Every delivery, kept: written while it runs, found and read back afterwards."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from inspector.history.errors import HistoryError, QueryError
    from inspector.history.store import History

__all__ = ["History", "HistoryError", "QueryError"]

_HOMES: Final = {"History": "store", "HistoryError": "errors", "QueryError": "errors"}


def __getattr__(name: str) -> object:
    """Import what is asked for: who needs only a record's shape does not pay for SQLite."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
