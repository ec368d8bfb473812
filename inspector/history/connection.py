"""The history's file, opened: made private, brought up to date, refused where it is not ours."""

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inspector.history.errors import HistoryError
from inspector.history.schema import APPLICATION_ID, MIGRATIONS

if TYPE_CHECKING:
    from sqlite_utils import Database

BUSY_SECONDS: Final = 5.0
_PAGES_OF_LOG: Final = 8000
"""So many (32 MB) the write-ahead log may have before it goes into the file, where many are recorded."""


def open_writer(path: Path) -> "Database":
    """Return the connection that writes, the schema brought up to date.

    The folder (0700) and the file (0600) are made where they are missing.

    Raises:
        HistoryError: the file is another program's, or of a newer inspector.
        sqlite3.Error, OSError: it cannot be opened.
    """
    if not path.parent.exists():
        path.parent.mkdir(mode=0o700, parents=True)
    if not path.exists():
        # The files that SQLite puts beside it take its permissions.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    db = _connect(path)
    try:
        _admit(db, path)
        db.enable_wal()
        _settle(db.conn)
        _migrate(db, path)
    except BaseException:
        db.conn.close()
        raise
    return db


def open_reader(path: Path) -> "Database":
    """Return a connection that only reads, for a file that `open_writer` has opened before."""
    db = _connect(path)
    db.conn.execute("PRAGMA query_only = ON")
    return db


def connect(path: Path) -> sqlite3.Connection:
    """Return another connection that writes, for a file that `open_writer` has opened before."""
    connection = _connection(path)
    _settle(connection)
    return connection


def many_ahead(connection: sqlite3.Connection) -> None:
    """Let the log of a connection grow, for many deliveries: each checkpoint waits for the disk.

    An attempt is in the log, and safe, without one.
    """
    connection.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_OF_LOG}")


def _settle(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")


def _connect(path: Path) -> "Database":
    from sqlite_utils import Database

    return Database(_connection(path), execute_plugins=False)


def _connection(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )


def _pragma(db: "Database", name: str) -> int:
    return int(db.conn.execute(f"PRAGMA {name}").fetchone()[0])


def _admit(db: "Database", path: Path) -> None:
    if _pragma(db, "application_id") != APPLICATION_ID and db.table_names():
        raise HistoryError(
            f"{path} is another program's database; the history is not written into it",
            hint="choose another file with --db",
        )
    version = _pragma(db, "user_version")
    if version > len(MIGRATIONS):
        raise HistoryError(
            f"the history {path} was written by a newer inspector (schema {version}; this one knows "
            f"{len(MIGRATIONS)})",
            hint="update the inspector, or choose another file with --db",
        )


def _migrate(db: "Database", path: Path) -> None:
    if _pragma(db, "user_version") == len(MIGRATIONS):
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it meanwhile, or may be newer.
        _admit(db, path)
        for migration in MIGRATIONS[_pragma(db, "user_version") :]:
            migration(db)
        db.conn.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.conn.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise
