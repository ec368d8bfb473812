"""What happened to many deliveries, written by few statements.

Each statement gives the interpreter's lock away and has to get it back; with many rows to a statement SQLite
works beside the event loop and not against it (docs/performance.md, Delivery).
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from inspector.delivery.events import AttemptEnd, AttemptStart, DeliveryEvent, InvocationEnd, InvocationStart
from inspector.history.batches import add_item
from inspector.history.records import NewDelivery
from inspector.history.write import (
    Columns,
    RequestRows,
    attempt_again,
    delivery_columns,
    end_columns,
    event_columns,
    first_columns,
    insert_delivery,
    start_columns,
    write_rows,
    write_steps,
)

_ROWS: Final = (16, 4, 1)
"""So many rows go into one statement; few sizes, so that each is prepared once."""


@dataclass(slots=True)
class Page:
    """One delivery of a batch on its way into the history. `seq` is its row, 0 before it has one."""

    new: NewDelivery
    batch_id: str = ""
    position: int = 0
    route: str = ""
    seq: int = 0
    rows: RequestRows = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to a delivery, in order."""

    page: Page
    steps: tuple[DeliveryEvent, ...]


def write_together(connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    """Write what happened to many deliveries; with the first entry of each the delivery itself."""
    begun: list[tuple[Page, InvocationStart, AttemptStart]] = []
    ended: list[tuple[Page, AttemptEnd, InvocationEnd]] = []
    for entry in entries:
        match entry.steps:
            case (InvocationStart() as start, AttemptStart() as attempt) if not entry.page.seq:
                begun.append((entry.page, start, attempt))
            case (AttemptEnd() as end, InvocationEnd() as outcome) if entry.page.seq:
                ended.append((entry.page, end, outcome))
            case _:
                _write_entry(connection, entry)
    _write_begun(connection, begun)
    _write_ended(connection, ended)


def _write_entry(connection: sqlite3.Connection, entry: Entry) -> None:
    page, payload = entry.page, entry.page.new.payload.body
    if page.seq:
        write_steps(connection, page.seq, payload, entry.steps, page.rows)
        return
    changes: Columns = {}
    for step in entry.steps:
        changes |= delivery_columns(step)
    page.seq = insert_delivery(connection, page.new, page.rows, changes)
    _add_to_batch(connection, page)
    write_rows(connection, page.seq, payload, entry.steps, page.rows)


def _write_begun(
    connection: sqlite3.Connection, begun: Sequence[tuple[Page, InvocationStart, AttemptStart]]
) -> None:
    if not begun:
        return
    events = [event_columns(page.new) for page, _, _ in begun]
    _insert(connection, "events", events, "ON CONFLICT (digest) DO NOTHING")
    deliveries = []
    for (page, start, attempt), event in zip(begun, events, strict=True):
        columns = first_columns(connection, page.new, page.rows)
        columns |= delivery_columns(start) | delivery_columns(attempt)
        columns["event"] = event["digest"]
        deliveries.append(columns)
    # Rows of one statement are numbered in their order, and nobody else writes meanwhile.
    last = _insert(connection, "deliveries", deliveries)
    attempts: list[Columns] = []
    for seq, (page, _, first) in enumerate(begun, start=last - len(begun) + 1):
        page.seq = seq
        _add_to_batch(connection, page)
        row = start_columns(connection, first, page.new.payload.body, page.rows)
        attempts.append({"delivery": seq} | row)
    _insert(connection, "attempts", attempts)


def _write_ended(
    connection: sqlite3.Connection, ended: Sequence[tuple[Page, AttemptEnd, InvocationEnd]]
) -> None:
    attempts: dict[tuple[str, ...], list[Columns]] = {}
    changes: dict[tuple[str, ...], list[Columns]] = {}
    for page, end, outcome in ended:
        row = {"delivery": page.seq} | end_columns(connection, end, page.new.payload.body, page.rows)
        attempts.setdefault(tuple(row), []).append(row)
        change = delivery_columns(end) | delivery_columns(outcome)
        changes.setdefault(tuple(change), []).append(change | {"seq": page.seq})
    for names, rows in attempts.items():
        _insert(connection, "attempts", rows, attempt_again(n for n in names if n != "delivery"))
    for names, rows in changes.items():
        assigned = ", ".join(f"{name} = ?" for name in names)
        connection.executemany(
            f"UPDATE deliveries SET {assigned} WHERE seq = ?",  # noqa: S608
            [tuple(row.values()) for row in rows],
        )


def _add_to_batch(connection: sqlite3.Connection, page: Page) -> None:
    if page.batch_id:
        add_item(connection, page.batch_id, page.position, page.route, page.seq)


def _insert(
    connection: sqlite3.Connection, table: str, rows: Sequence[Mapping[str, object]], conflict: str = ""
) -> int:
    """Insert rows of the same columns; return the number of the last one."""
    last = 0
    for some in _pieces(rows):
        statement = _statement(table, tuple(some[0]), len(some), conflict)
        values = [value for row in some for value in row.values()]
        last = connection.execute(statement, values).lastrowid or 0
    return last


@lru_cache(maxsize=64)
def _statement(table: str, names: tuple[str, ...], rows: int, conflict: str) -> str:
    places = (
        "(SELECT id FROM events WHERE digest = ?)" if (table, name) == ("deliveries", "event") else "?"
        for name in names
    )
    row = f"({', '.join(places)})"
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([row] * rows)} {conflict}"  # noqa: S608


def _pieces(rows: Sequence[Mapping[str, object]]) -> Iterator[Sequence[Mapping[str, object]]]:
    at = 0
    for size in _ROWS:
        while len(rows) - at >= size:
            yield rows[at : at + size]
            at += size
