"""Rows without end, read a page at a time: the history's list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, Protocol, TypeAlias

from textual import work
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.message import Message
from textual.strip import Strip

from inspector.safe import safe_line
from inspector.tui.widgets.cursor_view import CursorView
from inspector.tui.widgets.line_builder import LineBuilder

PAGE: Final = 200
KEPT_PAGES: Final = 20
NOTHING: Final = "Nothing here"

Cell: TypeAlias = tuple[str, str]
"""A text, safe or not, and its ink."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its cells (0: what is left over), and when it goes away.

    rank: in a view too narrow for all, columns of the highest rank are left out first; 0 stays always.
    """

    title: str
    width: int = 0
    align: Literal["left", "right", "center"] = "left"
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the key that pages go by, its cells in the order of the columns, and what it stands for."""

    key: int
    cells: tuple[Cell, ...]
    value: object = None


class PageSource(Protocol):
    """Where rows come from, newest first. Both methods are called in a thread."""

    def count(self) -> int:
        """Return how many rows there are."""
        ...

    def page(self, before: int | None, limit: int) -> Sequence[Row]:
        """Return up to `limit` rows that follow the row of key `before`, the first ones for None."""
        ...


class PagedList(CursorView):
    """A list of any length: what is on the screen is read, twenty pages are kept."""

    HEADER: ClassVar[int] = 1
    DEFAULT_CSS = """
    PagedList { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", id="list.mark"),
        Binding("ctrl+a", "unmark_all", "Unmark all", show=False, id="list.unmark"),
    ]

    @dataclass
    class Highlighted(Message):
        """The cursor is on a row."""

        list: "PagedList"
        row: Row

        @property
        def control(self) -> "PagedList":
            """The list that it is in."""
            return self.list

    @dataclass
    class Selected(Message):
        """Enter was pressed on a row, or it was clicked twice."""

        list: "PagedList"
        row: Row

        @property
        def control(self) -> "PagedList":
            """The list that it is in."""
            return self.list

    @dataclass
    class Emptied(Message):
        """The list has no row any more that the cursor could be on."""

        list: "PagedList"

        @property
        def control(self) -> "PagedList":
            """The list that it is in."""
            return self.list

    @dataclass
    class MarksChanged(Message):
        """Rows were marked or unmarked: all that are marked now, in the order of marking."""

        list: "PagedList"
        marked: tuple[Row, ...]

        @property
        def control(self) -> "PagedList":
            """The list that it is in."""
            return self.list

    @dataclass
    class Failed(Message):
        """Rows could not be read. It may arrive when the list has turned to something else: `is_current`."""

        list: "PagedList"
        error: Exception
        generation: int

        @property
        def is_current(self) -> bool:
            """Whether the list still stands as this left it."""
            return self.generation == self.list._generation

        @property
        def control(self) -> "PagedList":
            """The list that it is in."""
            return self.list

    def __init__(
        self,
        columns: Sequence[Column] = (),
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self._source: PageSource | None = None
        self._count = 0
        self._pages: LRUCache[int, Sequence[Row]] = LRUCache(KEPT_PAGES)
        self._starts: dict[int, int | None] = {0: None}
        self._wanted: int | None = None
        self._marked: dict[int, Row] = {}
        self._generation = 0
        self._keep: int | None = None
        self._nothing = NOTHING

    def load(
        self,
        source: PageSource,
        *,
        empty: str = NOTHING,
        keep_cursor: bool = False,
        cursor_at: int | None = None,
    ) -> None:
        """Show the rows of `source`; `empty` is said when it has none.

        keep_cursor: stay on the row of the same key, if it is on the first page. cursor_at: go to the row
        of this key, if it is on the first page.
        """
        row = self.row_at(self._cursor)
        self._keep = cursor_at if cursor_at is not None else row.key if keep_cursor and row else None
        self._source, self._nothing = source, empty
        self._generation += 1
        self._starts, self._wanted = {0: None}, 0
        if not keep_cursor:
            self._marked.clear()
        self._read(source, self._generation, 0, None, 0)

    @property
    def marked(self) -> tuple[Row, ...]:
        """The rows that are marked, in the order of marking."""
        return tuple(self._marked.values())

    @property
    def row_at_cursor(self) -> Row | None:
        """The row under the cursor, None while it is being read."""
        return self.row_at(self._cursor)

    def row_at(self, number: int) -> Row | None:
        """Return a row by its number, None where it is not read."""
        page = self._pages.get(number // PAGE) if 0 <= number < self._count else None
        return page[number % PAGE] if page is not None and number % PAGE < len(page) else None

    def clear(self, message: str = "") -> None:
        """Show a sentence in place of rows."""
        self._generation += 1
        self._source, self._count, self._cursor = None, 0, -1
        self._pages.clear()
        self._marked.clear()
        self.say(message)
        self.rows_changed()

    # Reading

    @work(thread=True, group="pages", exit_on_error=False)
    def _read(self, source: PageSource, generation: int, known: int, before: int | None, wanted: int) -> None:
        """Read page `wanted`, from page `known` on since each tells where the next one starts.

        With the first page of all comes the number of rows.
        """
        starts: dict[int, int | None] = {known: before}
        number = known
        rows: Sequence[Row] = ()
        try:
            count = source.count() if wanted == 0 else None
            for number in range(known, wanted + 1):
                rows = source.page(starts[number], PAGE)
                if len(rows) < PAGE:
                    break
                starts[number + 1] = rows[-1].key
        except Exception as error:
            self.app.call_from_thread(self._failed, generation, error)
            return
        self.app.call_from_thread(self._take, generation, number, rows, starts, count)

    def _failed(self, generation: int, error: Exception) -> None:
        if generation == self._generation:
            self._wanted = None
            self.clear(f"The rows cannot be read: {error}")
            self.post_message(self.Failed(self, error, self._generation))

    def _take(
        self,
        generation: int,
        number: int,
        rows: Sequence[Row],
        starts: dict[int, int | None],
        count: int | None,
    ) -> None:
        if generation != self._generation:
            return
        self._wanted = None
        if count is not None:
            self._pages.clear()
            self._count = count
            self.say(self._nothing)
        self._pages[number] = rows
        self._starts.update(starts)
        if len(rows) < PAGE:
            # The store has fewer rows than it said: some were deleted meanwhile.
            self._count = min(self._count, number * PAGE + len(rows)) if number or rows else 0
        self.rows_changed()
        if count is not None:
            self._place_cursor(rows)
        elif self._cursor // PAGE == number:
            self.move_cursor(min(self._cursor, self._count - 1), announce=False)
            self.cursor_moved()

    def _place_cursor(self, rows: Sequence[Row]) -> None:
        keys = [row.key for row in rows]
        at = keys.index(self._keep) if self._keep in keys else 0
        self._cursor = -1
        if rows:
            self.move_cursor(at)
        else:
            self.post_message(self.Emptied(self))
        if not at:
            self.scroll_to(y=0, animate=False, force=True)

    def _want(self, number: int) -> None:
        """Have a page read, unless another is being read: the next painting asks again."""
        if self._source is None or self._wanted is not None or number in self._pages:
            return
        known = number
        while known not in self._starts:
            known -= 1
        self._wanted = number
        self._read(self._source, self._generation, known, self._starts[known], number)

    # What the base asks

    def row_count(self) -> int:
        """Return how many rows the source has."""
        return self._count

    def cursor_moved(self) -> None:
        """Tell which row the cursor is on, once it is read."""
        if row := self.row_at_cursor:
            self.post_message(self.Highlighted(self, row))

    def row_chosen(self) -> None:
        """Tell that the row under the cursor was chosen."""
        if row := self.row_at_cursor:
            self.post_message(self.Selected(self, row))

    def action_mark(self) -> None:
        """Mark the row under the cursor, or unmark it, and go on to the next."""
        row = self.row_at_cursor
        if row is None:
            return
        if self._marked.pop(row.key, None) is None:
            self._marked[row.key] = row
        self.forget_row(self._cursor)
        self.post_message(self.MarksChanged(self, self.marked))
        self.action_move(1)

    def action_unmark_all(self) -> None:
        """Unmark every row."""
        self._marked.clear()
        self._strips.clear()
        self.refresh()
        self.post_message(self.MarksChanged(self, ()))

    def row_grounds(self, row: int) -> Sequence[str]:
        """Return the inks behind a row: whether it is marked, and the cursor over that."""
        grounds = super().row_grounds(row)
        value = self.row_at(row) if self._marked else None
        return (*grounds, "marked") if value and value.key in self._marked and not grounds else grounds

    def line_at(self, row: int) -> Strip:
        """Return a row as painted; one that is not read yet is asked for, and never kept."""
        if row < self._count and self.row_at(row) is None:
            self._want(row // PAGE)
            line = LineBuilder().put("  ").put("·" * max(0, self.room // 2), "faint")
            return self.compose_strip(line.text, line.spans)
        return super().line_at(row)

    def _layout(self) -> list[tuple[int, Column, int]]:
        """Return the columns that have room: their index, and their width in this view."""
        shown = list(enumerate(self.columns))
        room = self.room - 2
        least = {index: column.width or 12 for index, column in shown}
        while shown and sum(least[index] + 1 for index, _ in shown) > room:
            rank = max(column.rank for _, column in shown)
            if not rank:
                break
            last = max(index for index, column in shown if column.rank == rank)
            shown = [(index, column) for index, column in shown if index != last]
        fixed = sum(column.width + 1 for _, column in shown)
        loose = [index for index, column in shown if not column.width]
        share = max(0, room - fixed) // len(loose) if loose else 0
        return [(index, column, column.width or share) for index, column in shown]

    def header_line(self, line: int) -> Strip:  # noqa: ARG002
        """Return the heads of the columns."""
        head = LineBuilder().put("  ")
        for _, column, width in self._layout():
            head.put(safe_line(column.title), "faint", width=width, align=column.align).put(" ")
        return self.compose_strip(head.text, head.spans)

    def paint_row(self, row: int) -> Strip:
        """Return a row that is read."""
        value = self.row_at(row)
        line = LineBuilder()
        if value is not None:
            line.put("● " if value.key in self._marked else "  ", "warn")
            for index, column, width in self._layout():
                text, ink = value.cells[index] if index < len(value.cells) else ("", "plain")
                self._put(line, safe_line(text), ink, column, width)
        return self.compose_strip(line.text, line.spans)

    def _put(self, line: LineBuilder, text: str, ink: str, column: Column, width: int) -> None:
        if ink.startswith("chip-") and len(text) + 2 <= width:
            left = (width - len(text) - 2) // 2 if column.align == "center" else 0
            line.put(" " * left).put(f" {text} ", ink).put(" " * (width - left - len(text) - 2)).put(" ")
        else:
            line.put(text, ink, width=width, align=column.align).put(" ")
