"""Runs over many events: what was begun of each, so that one that was stopped can be taken up again."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from inspector.history.codec import text_column, text_of
from inspector.history.columns import time_column
from inspector.history.errors import HistoryError
from inspector.history.query import utc_now
from inspector.jsontext import JsonObject, dumps, loads

BatchKind: TypeAlias = Literal["send", "replay"]
BeginState: TypeAlias = Literal["sent", "unknown", "unsent"]


@dataclass(frozen=True, slots=True)
class Batch:
    """A run over many events.

    source: the file, or the search of the history. fingerprint: of the source, to tell whether it is still
    the same. settings: what a resume takes up again. created_at: of the first run.
    """

    batch_id: str
    kind: BatchKind
    source: str
    fingerprint: str
    settings: JsonObject
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """One delivery that a batch has begun.

    state: `sent` (it came to an end that EventBridge knows), `unknown` (an attempt was begun and nobody
    recorded its end), `unsent` (given up before its end, between two attempts or before the first).
    """

    position: int
    route: str
    state: BeginState


def begin(connection: sqlite3.Connection, batch: Batch) -> None:
    """Write a batch; one that is there goes on."""
    connection.execute(
        "INSERT INTO batches (batch_id, created_at, kind, source, fingerprint, settings) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (batch_id) DO UPDATE SET ended_at = NULL",
        (
            batch.batch_id,
            time_column(batch.created_at),
            batch.kind,
            text_column(batch.source),
            batch.fingerprint,
            dumps(batch.settings),
        ),
    )


def end(connection: sqlite3.Connection, batch_id: str) -> None:
    """Write that a batch has ended."""
    connection.execute(
        "UPDATE batches SET ended_at = ? WHERE batch_id = ?", (time_column(utc_now()), batch_id)
    )


def find(connection: sqlite3.Connection, reference: str) -> Batch:
    """Return the batch whose id begins so, or the latest for `last`.

    Raises:
        HistoryError: there is none, or several.
    """
    columns = "batch_id, kind, source, fingerprint, settings, created_at"
    if reference == "last":
        rows = connection.execute(f"SELECT {columns} FROM batches ORDER BY id DESC LIMIT 1").fetchall()  # noqa: S608
    else:
        rows = connection.execute(
            f"SELECT {columns} FROM batches WHERE substr(batch_id, 1, ?) = ? LIMIT 2",  # noqa: S608
            (len(reference), text_column(reference)),
        ).fetchall()
    if not rows or not reference:
        raise HistoryError(
            f"no run over many events begins with {reference!r}", hint="it is told where such a run stops"
        )
    if len(rows) > 1:
        raise HistoryError(f"{reference!r} is the beginning of several runs", hint="write more of the id")
    batch_id, kind, source, fingerprint, settings, created_at = rows[0]
    document = loads(settings)
    return Batch(
        batch_id,
        kind,
        text_of(source),
        fingerprint,
        document if isinstance(document, dict) else {},
        datetime.fromisoformat(created_at),
    )


def begun(connection: sqlite3.Connection, batch_id: str, after: tuple[int, str], limit: int) -> list[Begun]:
    """Return what a batch has begun behind `after`, by position and route."""
    rows = connection.execute(
        "SELECT i.position, i.route, CASE "
        # A delivery that was forgotten since had been begun all the same.
        "WHEN d.seq IS NULL OR d.state IN ('delivered', 'dead-lettered', 'dropped') THEN 'sent' "
        "WHEN EXISTS (SELECT 1 FROM attempts a WHERE a.delivery = d.seq "
        "AND a.state IN ('in-flight', 'interrupted')) THEN 'unknown' "
        "ELSE 'unsent' END "
        "FROM batch_items i JOIN batches b ON b.id = i.batch LEFT JOIN deliveries d ON d.seq = i.delivery "
        "WHERE b.batch_id = ? AND (i.position, i.route) > (?, ?) ORDER BY i.position, i.route LIMIT ?",
        (batch_id, after[0], text_column(after[1]), limit),
    )
    return [Begun(position, text_of(route), state) for position, route, state in rows]
