"""Rows that are at hand already, as a source for a paged list."""

from collections.abc import Sequence

from inspector.tui.widgets.paged_list import Row


class RowList:
    """Rows in an order of their own; the keys are those that each has."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._places = {row.key: number for number, row in enumerate(rows)}

    def count(self) -> int:
        """Return how many rows there are."""
        return len(self._rows)

    def page(self, before: int | None, limit: int) -> Sequence[Row]:
        """Return up to `limit` rows that follow the row of key `before`."""
        start = 0 if before is None else self._places[before] + 1
        return self._rows[start : start + limit]
