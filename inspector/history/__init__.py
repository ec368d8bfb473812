"""Every delivery, kept: written while it runs, found and read back afterwards."""

from inspector.history.errors import HistoryError, QueryError
from inspector.history.store import History

__all__ = ["History", "HistoryError", "QueryError"]
