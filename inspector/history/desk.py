"""Where sheets are written down, by few statements, whatever process it is in.

Each statement gives the interpreter's lock away and has to get it back: many rows go to one
(docs/performance.md, Delivery).
"""

import marshal
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from inspector.history.write import (
    Change,
    Columns,
    add_item,
    attempt_again,
    insert,
    insert_delivery,
    update_deliveries,
    write_changes,
    write_events,
    write_requests,
)

Item = tuple[str, int, str | bytes]
"""The place of a delivery in a run over many: run, position, route."""
Beginning = tuple[Columns, Columns, Item | None]
"""The event and the own row of a delivery that begins."""


@dataclass(slots=True)
class Sheet:
    """What happened to many deliveries, by their refs, in plain values.

    begun: with the row of their first attempt. ended: the row of their last attempt, and what changes of
    their own. others: how they begin, where they do; what changes; whether they are over.
    """

    requests: dict[str, Columns] = field(default_factory=dict)
    begun: list[tuple[int, Beginning, Columns]] = field(default_factory=list)
    ended: list[tuple[int, Columns, Columns]] = field(default_factory=list)
    others: list[tuple[int, Beginning | None, list[Change], bool]] = field(default_factory=list)

    def packed(self) -> bytes:
        """Return it as bytes."""
        return marshal.dumps((self.requests, self.begun, self.ended, self.others))

    @classmethod
    def unpacked(cls, packed: bytes) -> "Sheet":
        """Return the sheet that a process of the same interpreter has packed."""
        return cls(*marshal.loads(packed))  # noqa: S302 - it comes through a pipe of our own


class Desk:
    """Writes sheets. seqs: the rows of the deliveries that are under way, by their refs."""

    def __init__(self, seqs: dict[int, int] | None = None) -> None:
        self.seqs = {} if seqs is None else seqs

    def write(self, connection: sqlite3.Connection, sheet: Sheet) -> None:
        """Write a sheet, in a transaction of the caller's."""
        write_requests(connection, sheet.requests)
        self._begin(connection, sheet.begun)
        for ref, beginning, changes, over in sheet.others:
            if beginning:
                event, columns, item = beginning
                self.seqs[ref] = insert_delivery(connection, event, columns)
                add_item(connection, item, self.seqs[ref])
            write_changes(connection, self.seqs[ref], changes)
            if over:
                del self.seqs[ref]
        self._end(connection, sheet.ended)

    def _begin(self, connection: sqlite3.Connection, begun: Sequence[tuple[int, Beginning, Columns]]) -> None:
        if not begun:
            return
        write_events(connection, [event for _, (event, _, _), _ in begun])
        deliveries = [(event["digest"], *own.values()) for _, (event, own, _), _ in begun]
        _, (_, own, _), attempt = begun[0]
        # Rows of one statement are numbered in their order, and nobody else writes meanwhile.
        last = insert(connection, "deliveries", ("event", *own), deliveries)
        attempts: list[tuple[object, ...]] = []
        for seq, (ref, (_, _, item), row) in enumerate(begun, start=last - len(begun) + 1):
            self.seqs[ref] = seq
            add_item(connection, item, seq)
            attempts.append((seq, *row.values()))
        insert(connection, "attempts", ("delivery", *attempt), attempts)

    def _end(self, connection: sqlite3.Connection, ended: Sequence[tuple[int, Columns, Columns]]) -> None:
        attempts: dict[tuple[str, ...], list[tuple[object, ...]]] = {}
        changes: dict[tuple[str, ...], list[tuple[object, ...]]] = {}
        for ref, row, change in ended:
            seq = self.seqs.pop(ref)
            attempts.setdefault(tuple(row), []).append((seq, *row.values()))
            changes.setdefault(tuple(change), []).append((*change.values(), seq))
        for names, rows in attempts.items():
            insert(connection, "attempts", ("delivery", *names), rows, attempt_again(names))
        for names, rows in changes.items():
            update_deliveries(connection, names, rows)
