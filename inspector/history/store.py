"""The history: every delivery, its event, its attempts, kept in one SQLite file."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Final

from inspector.delivery.events import DeliveryEvent
from inspector.history import batches, read
from inspector.history.batches import Batch, Begun
from inspector.history.codec import text_column, text_of
from inspector.history.columns import Requests, changes_of, event_columns, first_columns, time_column
from inspector.history.connection import many_ahead, open_reader, open_writer
from inspector.history.desk import Desk, Sheet
from inspector.history.errors import HistoryError, explained
from inspector.history.export import line_of
from inspector.history.owner import process_started
from inspector.history.query import Parameters, parse, utc_now
from inspector.history.records import DeliverySummary, NewDelivery, StoredDelivery
from inspector.history.write import insert_delivery, write_changes, write_requests

if TYPE_CHECKING:
    from sqlite_utils import Database

_JOINED: Final = "deliveries d JOIN events e ON e.id = d.event"
_WHOLE: Final = (
    "SELECT d.*, e.event_id, e.source, e.detail_type, e.document AS event_document, "
    "r.document AS request_document FROM deliveries d JOIN events e ON e.id = d.event "
    "LEFT JOIN requests r ON r.id = d.request WHERE d.delivery_id = ?"
)
_EXPORT_PAGE: Final = 50
_ASKED_AT_ONCE: Final = 500


class History:
    """The store of deliveries. Making one touches nothing; the file is opened when it is first used.

    Threads may share it: one connection writes, another reads, so that a search does not keep an attempt
    from being recorded. Every method raises `HistoryError` where the file fails; what is recorded already
    stays. path: the file. now: what `since:` counts from.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime] = utc_now) -> None:
        self.path = path
        self._now = now
        self._lock, self._read_lock = RLock(), RLock()
        self._writer: Database | None = None
        self._reader: Database | None = None
        self._writes_many = False
        self._desk = Desk()

    # Recording

    def begin(self, new: NewDelivery) -> None:
        """Record a delivery in flight."""
        with self._writing() as connection:
            requests: Requests = {}
            columns = first_columns(new, requests)
            write_requests(connection, requests)
            insert_delivery(connection, event_columns(new), columns)

    def record(self, delivery_id: str, event: DeliveryEvent) -> None:
        """Record what happened to a delivery. It is in the file when this returns."""
        with self._writing() as connection:
            found = connection.execute(
                "SELECT seq, payload FROM deliveries WHERE delivery_id = ?", (delivery_id,)
            ).fetchone()
            if found is None:
                raise HistoryError(f"the history has no delivery {delivery_id!r}", hint="it may be deleted")
            requests: Requests = {}
            changes = changes_of((event,), text_of(found[1]), requests)
            write_requests(connection, requests)
            write_changes(connection, int(found[0]), changes)

    def record_many(self, sheet: Sheet) -> None:
        """Record what happened to many deliveries in one transaction: all of it, or nothing."""
        with self._writing() as connection:
            if not self._writes_many:
                many_ahead(connection)
                self._writes_many = True
            self._desk.write(connection, sheet)

    def under_way(self) -> Mapping[int, int]:
        """Return the rows of the deliveries that `record_many` has begun and not ended, by their refs."""
        return self._desk.seqs

    def end_many(self) -> None:
        """Forget what is under way: its refs come no more."""
        self._desk = Desk()

    def begin_batch(self, new: Batch) -> None:
        """Record a run over many events, or that it goes on."""
        with self._writing() as connection:
            batches.begin(connection, new)

    def end_batch(self, batch_id: str) -> None:
        """Record that a run over many events has ended in good order."""
        with self._writing() as connection:
            batches.end(connection, batch_id)

    def batch(self, batch_id: str) -> Batch:
        """Return a run over many events by its id, by the beginning of it, or the latest by `last`.

        Raises:
            HistoryError: there is none, or it is the beginning of several.
        """
        with self._reading() as database:
            return batches.find(database.conn, batch_id)

    def begun(self, batch_id: str, after: tuple[int, str], limit: int = 1000) -> list[Begun]:
        """Return what a batch has begun behind (position, route) `after`, in that order."""
        with self._reading() as database:
            return batches.begun(database.conn, batch_id, after, limit)

    def oldest_first(self, query: str, *, after: int, upto: int, limit: int = 100) -> list[tuple[int, str]]:
        """Return (`key`, id) of the deliveries that `query` finds with keys in (after, upto], oldest first.

        Raises:
            QueryError: the query cannot be understood.
        """
        condition, parameters = parse(query, self._now())
        sql = (
            f"SELECT d.seq, d.delivery_id FROM {_JOINED} WHERE d.seq > ? AND d.seq <= ? AND {condition} "  # noqa: S608
            "ORDER BY d.seq LIMIT ?"
        )
        rows = self._rows(sql, (after, upto, *parameters, limit))
        return [(row.integer("seq"), row.text("delivery_id")) for row in rows]

    def annotate(self, delivery_id: str, note: str) -> None:
        """Set the note of a delivery; it is searched like everything else."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE deliveries SET note = ? WHERE delivery_id = ?",
                (text_column(note), self._id(connection, delivery_id)),
            )

    def mark_interrupted(self) -> int:
        """Mark what was in flight in processes that are gone; return how many deliveries that were.

        Opening the history does it. A process that is still there keeps its deliveries.
        """
        with self._writing() as connection:
            return _mark_interrupted(connection)

    # Reading

    def page(self, query: str = "", *, before: int | None = None, limit: int = 200) -> list[DeliverySummary]:
        """Return deliveries, newest first. before: the `key` of the last one of the page before.

        Raises:
            QueryError: the query cannot be understood.
        """
        condition, parameters = parse(query, self._now())
        older, cursor = ("d.seq < ? AND ", (before,)) if before is not None else ("", ())
        sql = f"SELECT {read.SUMMARY} FROM {_JOINED} WHERE {older}{condition} ORDER BY d.seq DESC LIMIT ?"  # noqa: S608
        rows = self._rows(sql, (*cursor, *parameters, limit))
        return [read.summary_of(row) for row in rows]

    def count(self, query: str = "") -> int:
        """Return how many deliveries `query` finds.

        Raises:
            QueryError: the query cannot be understood.
        """
        condition, parameters = parse(query, self._now())
        rows = self._rows(f"SELECT count(*) AS found FROM {_JOINED} WHERE {condition}", parameters)  # noqa: S608
        return rows[0].integer("found")

    def redelivered(self, delivery_ids: Sequence[str]) -> frozenset[str]:
        """Return those of `delivery_ids` that were sent again and then delivered."""
        found: set[str] = set()
        for start in range(0, len(delivery_ids), _ASKED_AT_ONCE):
            asked = tuple(delivery_ids[start : start + _ASKED_AT_ONCE])
            places = ", ".join("?" * len(asked))
            sql = (
                "SELECT DISTINCT replay_of FROM deliveries INDEXED BY deliveries_replay_of "  # noqa: S608
                f"WHERE replay_of <> '' AND replay_of IN ({places}) AND state = 'delivered'"
            )
            found.update(row.text("replay_of") for row in self._rows(sql, asked))
        return frozenset(found)

    def newest_events(self, limit: int) -> list[tuple[str, str, str, str]]:
        """Return (source, detail-type, id, document's JSON) of the newest events, each event once."""
        sql = "SELECT source, detail_type, event_id, document FROM events ORDER BY id DESC LIMIT ?"
        return [
            (row.text("source"), row.text("detail_type"), row.text("event_id"), row.text("document"))
            for row in self._rows(sql, (limit,))
        ]

    def events(
        self, query: str = "", *, before: int | None = None, limit: int = 500
    ) -> list[tuple[int, str]]:
        """Return (key, document's JSON) of the events of the deliveries that `query` finds, newest first.

        Each event comes once. before: the key of the last one of the page before.

        Raises:
            QueryError: the query cannot be understood.
        """
        condition, parameters = parse(query, self._now())
        older, cursor = ("e.id < ? AND ", (before,)) if before is not None else ("", ())
        sql = (
            f"SELECT e.id, e.document FROM events e WHERE {older}EXISTS "  # noqa: S608
            f"(SELECT 1 FROM deliveries d WHERE d.event = e.id AND {condition}) ORDER BY e.id DESC LIMIT ?"
        )
        rows = self._rows(sql, (*cursor, *parameters, limit))
        return [(row.integer("id"), row.text("document")) for row in rows]

    def get(self, delivery_id: str) -> StoredDelivery:
        """Return a delivery by its id, by the beginning of it where that is unambiguous, or by `last`."""
        with self._reading():
            row = self._delivery(delivery_id)
            return read.stored_of(row, self._attempts(row.integer("seq")))

    def events_of(self, delivery_id: str) -> list[DeliveryEvent]:
        """Return the stream of events of a delivery, as far as it came. The id is as for `get`."""
        with self._reading():
            row = self._delivery(delivery_id)
            seq = row.integer("seq")
            waits = self._rows("SELECT * FROM waits WHERE delivery = ? ORDER BY id", (seq,))
            return list(read.events_of(row, self._attempts(seq), waits))

    def export(self, query: str = "", *, limit: int | None = None) -> Iterator[str]:
        """Yield deliveries as lines of JSONL, newest first, secrets masked.

        Raises:
            QueryError: the query cannot be understood.
        """
        before: int | None = None
        while limit is None or limit > 0:
            size = _EXPORT_PAGE if limit is None else min(limit, _EXPORT_PAGE)
            page = self.page(query, before=before, limit=size)
            for summary in page:
                yield line_of(self.get(summary.delivery_id))
            if len(page) < size:
                return
            before = page[-1].key
            limit = None if limit is None else limit - size

    # Forgetting

    def delete(self, delivery_id: str) -> None:
        """Forget a delivery, and its event where no other delivery has it. The id is as for `get`."""
        with self._writing() as connection:
            delivery_id = self._id(connection, delivery_id)
            connection.execute("DELETE FROM deliveries WHERE delivery_id = ?", (delivery_id,))
            _drop_orphans(connection)

    def prune(self, *, older_than: datetime | None = None, keep: int | None = None) -> int:
        """Forget deliveries that began before `older_than`, and all but the newest `keep`; return how many.

        What is in flight stays.
        """
        conditions: list[str] = []
        parameters: list[str | int] = []
        if older_than is not None:
            conditions.append("created_at < ?")
            parameters.append(time_column(older_than))
        if keep is not None:
            conditions.append("seq <= (SELECT seq FROM deliveries ORDER BY seq DESC LIMIT 1 OFFSET ?)")
            parameters.append(keep)
        if not conditions:
            return 0
        with self._writing() as connection:
            either = " OR ".join(conditions)
            sql = f"DELETE FROM deliveries WHERE state <> 'in-flight' AND ({either})"  # noqa: S608
            deleted = connection.execute(sql, parameters).rowcount
            _drop_orphans(connection)
        return deleted

    def close(self) -> None:
        """Close the file. A later use opens it again."""
        with self._read_lock, self._lock, explained(self.path):
            for database in (self._reader, self._writer):
                if database is not None:
                    database.conn.close()
            self._reader = self._writer = None
            self._writes_many = False

    # The two connections

    # Where both locks are held, the reading one was taken first.

    def _open(self) -> "Database":
        if writer := self._writer:
            return writer
        with self._lock:
            if self._writer is None:
                with explained(self.path):
                    self._writer = open_writer(self.path)
                with self._writing() as connection:
                    _mark_interrupted(connection)
            return self._writer

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is written, or nothing."""
        with self._lock, explained(self.path):
            connection: sqlite3.Connection = self._open().conn
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _reading(self) -> Iterator["Database"]:
        self._open()
        with self._read_lock, explained(self.path):
            if self._reader is None:
                self._reader = open_reader(self.path)
            if self._reader.conn.in_transaction:
                yield self._reader
                return
            # What one call reads is of one moment, though other processes write meanwhile.
            self._reader.conn.execute("BEGIN")
            try:
                yield self._reader
            finally:
                self._reader.conn.execute("ROLLBACK")

    def _rows(self, sql: str, parameters: Parameters) -> list[read.Row]:
        with self._reading() as database:
            return [read.Row(row) for row in database.query(sql, parameters)]

    def _delivery(self, delivery_id: str) -> read.Row:
        with self._reading() as database:
            whole = self._id(database.conn, delivery_id)
        rows = self._rows(_WHOLE, (whole,))
        if not rows:
            raise HistoryError(f"delivery {whole!r} has just been deleted")
        return rows[0]

    def _attempts(self, seq: int) -> list[read.Row]:
        return self._rows(
            "SELECT a.*, r.document AS request_document, n.document AS announced_document FROM attempts a "
            "LEFT JOIN requests r ON r.id = a.request LEFT JOIN requests n ON n.id = a.announced_request "
            "WHERE a.delivery = ? ORDER BY a.number",
            (seq,),
        )

    def _id(self, connection: sqlite3.Connection, reference: str) -> str:
        if reference == "last":
            rows = connection.execute("SELECT delivery_id FROM deliveries ORDER BY seq DESC LIMIT 1")
        else:
            # A range, unlike LIKE, takes the index and knows no wildcards.
            rows = connection.execute(
                "SELECT delivery_id FROM deliveries WHERE delivery_id >= ? AND delivery_id < ? LIMIT 4",
                (text_column(reference), text_column(reference + "\U0010ffff")),
            )
        found = [str(row[0]) for row in rows]
        if reference in found:
            return reference
        if not found or not reference:
            what = "the history is empty" if reference == "last" else f"no delivery begins with {reference!r}"
            raise HistoryError(what, hint="`inspector history` lists what is recorded")
        if len(found) > 1:
            raise HistoryError(
                f"{reference!r} is the beginning of several deliveries: {', '.join(found[:3])}"
                + (", ..." if len(found) > 3 else ""),
                hint="write more of the id",
            )
        return found[0]


def _mark_interrupted(connection: sqlite3.Connection) -> int:
    owners = connection.execute(
        "SELECT DISTINCT owner_pid, owner_started FROM deliveries WHERE state = 'in-flight'"
    ).fetchall()
    marked = 0
    for pid, started in owners:
        if process_started(pid) == started:
            continue
        connection.execute(
            "UPDATE attempts SET state = 'interrupted' WHERE state = 'in-flight' AND delivery IN (SELECT seq "
            "FROM deliveries WHERE owner_pid = ? AND owner_started = ? AND state = 'in-flight')",
            (pid, started),
        )
        marked += connection.execute(
            "UPDATE deliveries SET state = 'interrupted' "
            "WHERE owner_pid = ? AND owner_started = ? AND state = 'in-flight'",
            (pid, started),
        ).rowcount
    return marked


def _drop_orphans(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM events WHERE id NOT IN (SELECT event FROM deliveries)")
    connection.execute(
        "DELETE FROM requests WHERE id NOT IN (SELECT request FROM deliveries WHERE request IS NOT NULL "
        "UNION SELECT request FROM attempts WHERE request IS NOT NULL "
        "UNION SELECT announced_request FROM attempts WHERE announced_request IS NOT NULL)"
    )
