"""How columns are written: one row for a delivery's beginning, one change for each thing that happens."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal

Columns = dict[str, object]
Change = tuple[Literal["deliveries", "attempts", "waits", "wait ended", "interrupted"], Columns]
"""What is to be changed of a delivery, and the columns of it."""
_ROWS: Final = (16, 4, 1)
"""So many rows go into one statement; few sizes, so that each is prepared once."""
_NAMED: Final = {
    "event": "(SELECT id FROM events WHERE digest = ?)",
    "request": "(SELECT id FROM requests WHERE digest = ?)",
    "announced_request": "(SELECT id FROM requests WHERE digest = ?)",
}
"""Columns that name a row of another table by its digest."""
_ONCE: Final = "ON CONFLICT (digest) DO NOTHING"


def write_requests(connection: sqlite3.Connection, requests: Mapping[str, Columns]) -> None:
    """Write requests, each once. Rows that name them follow in the same transaction."""
    for columns in requests.values():
        insert(connection, "requests", tuple(columns), [tuple(columns.values())], _ONCE)


def write_events(connection: sqlite3.Connection, events: Sequence[Columns]) -> None:
    """Write events, each once."""
    if events:
        insert(connection, "events", tuple(events[0]), [tuple(event.values()) for event in events], _ONCE)


def insert_delivery(connection: sqlite3.Connection, event: Columns, columns: Columns) -> int:
    """Write a delivery with its event; return its `seq`."""
    write_events(connection, [event])
    columns = {"event": event["digest"]} | columns
    return insert(connection, "deliveries", tuple(columns), [tuple(columns.values())])


def add_item(
    connection: sqlite3.Connection, item: tuple[str, int, str | bytes] | None, delivery: int
) -> None:
    """Write that `delivery` is that of an event of a run over many; after a resume it is another one."""
    if item:
        connection.execute(
            "INSERT INTO batch_items (batch, position, route, delivery) "
            "VALUES ((SELECT id FROM batches WHERE batch_id = ?), ?, ?, ?) "
            "ON CONFLICT (batch, position, route) DO UPDATE SET delivery = excluded.delivery",
            (*item, delivery),
        )


def write_changes(connection: sqlite3.Connection, seq: int, changes: Iterable[Change]) -> None:
    """Write what changes of delivery `seq`; that is in the file."""
    for what, columns in changes:
        match what:
            case "deliveries":
                update_deliveries(connection, tuple(columns), [(*columns.values(), seq)])
            case "attempts":
                names = ("delivery", *columns)
                insert(connection, "attempts", names, [(seq, *columns.values())], attempt_again(columns))
            case "waits":
                insert(connection, "waits", ("delivery", *columns), [(seq, *columns.values())])
            case "wait ended":
                connection.execute(
                    "UPDATE waits SET ended_at = ?, skipped = ? "
                    "WHERE id = (SELECT max(id) FROM waits WHERE delivery = ?)",
                    (*columns.values(), seq),
                )
            case "interrupted":
                connection.execute(
                    "UPDATE attempts SET state = 'interrupted' WHERE delivery = ? AND state = 'in-flight'",
                    (seq,),
                )


def attempt_again(columns: Iterable[str]) -> str:
    """Return what becomes of an attempt that has a row: an end is written even where the start was not."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in ("delivery", "number"))
    return f"ON CONFLICT (delivery, number) DO UPDATE SET {changes}"


def insert(
    connection: sqlite3.Connection,
    table: str,
    names: tuple[str, ...],
    rows: Sequence[tuple[object, ...]],
    conflict: str = "",
) -> int:
    """Insert rows, many to a statement; return the number of the last one."""
    last = 0
    for some in _pieces(rows):
        statement = _insertion(table, names, len(some), conflict)
        last = connection.execute(statement, [value for row in some for value in row]).lastrowid or 0
    return last


def update_deliveries(
    connection: sqlite3.Connection, names: tuple[str, ...], rows: Sequence[tuple[object, ...]]
) -> None:
    """Change columns of deliveries; the last value of each row is the delivery's `seq`."""
    assigned = ", ".join(f"{name} = {_NAMED.get(name, '?')}" for name in names)
    connection.executemany(f"UPDATE deliveries SET {assigned} WHERE seq = ?", rows)  # noqa: S608


@lru_cache(maxsize=64)
def _insertion(table: str, names: tuple[str, ...], rows: int, conflict: str) -> str:
    row = f"({', '.join(_NAMED.get(name, '?') for name in names)})"
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([row] * rows)} {conflict}"  # noqa: S608


def _pieces(rows: Sequence[tuple[object, ...]]) -> Iterator[Sequence[tuple[object, ...]]]:
    at = 0
    for size in _ROWS:
        while len(rows) - at >= size:
            yield rows[at : at + size]
            at += size
