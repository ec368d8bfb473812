"""What can go wrong with the history, in words that say what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from inspector.errors import InspectorError

_ANOTHER: Final = "choose another file with --db"


class HistoryError(InspectorError):
    """The history cannot be opened, read or written. What it already holds stays as it is."""


class QueryError(InspectorError):
    """A search that cannot be understood; the message names the term."""


_CAUSES: Final = {
    "SQLITE_NOTADB": ("is no SQLite database", _ANOTHER),
    "SQLITE_CORRUPT": (
        "is damaged",
        "move it aside, or save what is left with: sqlite3 FILE .recover | sqlite3 RESCUED",
    ),
    "SQLITE_READONLY": ("cannot be written: it is read-only", f"change its permissions, or {_ANOTHER}"),
    "SQLITE_PERM": ("cannot be opened: no permission", f"change its permissions, or {_ANOTHER}"),
    "SQLITE_CANTOPEN": ("cannot be opened", f"check the folder and its permissions, or {_ANOTHER}"),
    "SQLITE_FULL": ("cannot be written: the disk is full", "free some space; what was recorded is kept"),
    "SQLITE_IOERR": (
        "cannot be read or written: the disk reports an error",
        f"check the disk, or {_ANOTHER}",
    ),
    "SQLITE_BUSY": ("is locked by another process", "close the other program that writes to it"),
    "SQLITE_LOCKED": ("is locked", "try again"),
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise about `path` into a `HistoryError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise history_error(path, error) from error
    except OSError as error:
        raise HistoryError(
            f"the history {path} cannot be opened: {error.strerror or error}",
            hint=f"check the folder and its permissions, or {_ANOTHER}",
        ) from error


def history_error(path: Path, error: sqlite3.Error) -> HistoryError:
    """Return what an error of SQLite means for the history at `path`."""
    # Extended codes (SQLITE_READONLY_DIRECTORY) begin with the name of the plain one.
    name = getattr(error, "sqlite_errorname", "")
    cause = next((words for code, words in _CAUSES.items() if name.startswith(code)), None)
    if cause is None:
        return HistoryError(f"the history {path} cannot be used: {error}", hint=_ANOTHER)
    return HistoryError(f"the history {path} {cause[0]}", hint=cause[1])
