"""The routes of a workspace, grouped by destination, each with how it authorizes and in what state."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.message import Message
from textual.strip import Strip

from inspector.eventbridge.resources import ApiDestination, AuthorizationType, Connection, Route
from inspector.safe import safe_line
from inspector.tui.widgets.cursor_view import CursorView
from inspector.tui.widgets.line_builder import LineBuilder

if TYPE_CHECKING:
    from inspector.auth.state import ConnectionStatus

AUTH_CHIPS: Final[dict[AuthorizationType, tuple[str, str]]] = {
    "BASIC": ("BASIC", "chip-info"),
    "API_KEY": ("API KEY", "chip-accent"),
    "OAUTH_CLIENT_CREDENTIALS": ("OAUTH", "chip-ok"),
}
_STATE_INKS: Final = {
    "AUTHORIZED": "ok",
    "ACTIVE": "ok",
    "AUTHORIZING": "warn",
    "CREATING": "warn",
    "UPDATING": "warn",
    "DEAUTHORIZED": "bad",
    "DEAUTHORIZING": "bad",
    "DELETING": "bad",
    "FAILED_CONNECTIVITY": "bad",
}
_NARROW: Final = 30
_WIDE: Final = 44


@dataclass(frozen=True, slots=True)
class _Head:
    """The lines of a destination: its method and name (`line` 0), then its connection (1)."""

    destination: ApiDestination
    connection: Connection
    line: int


_Row = _Head | Route


class DestinationList(CursorView):
    """Destinations with their connections, and under each the routes that lead to it."""

    DEFAULT_CSS = """
    DestinationList { height: 1fr; }
    """

    @dataclass
    class RouteHighlighted(Message):
        """The cursor is on a route."""

        list: "DestinationList"
        route: Route

        @property
        def control(self) -> "DestinationList":
            """The list that it is in."""
            return self.list

    @dataclass
    class RouteChosen(Message):
        """Enter was pressed on a route, or it was clicked twice."""

        list: "DestinationList"
        route: Route

        @property
        def control(self) -> "DestinationList":
            """The list that it is in."""
            return self.list

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._rows: list[_Row] = []
        self._statuses: Mapping[str, ConnectionStatus] = {}
        self._firing: frozenset[str] = frozenset()
        self._message = (
            "No API destinations here. Open a folder that has some; ! shows what is wrong with these files."
        )

    def show(self, routes: Sequence[Route], statuses: "Mapping[str, ConnectionStatus]") -> None:
        """Show routes; the cursor stays on the route that it was on.

        statuses: of the connections, by their name; one that is missing shows no state.
        """
        keep = self.route_at_cursor
        groups: dict[tuple[str, str], list[Route]] = {}
        for route in routes:
            groups.setdefault((route.destination.name, route.connection.name), []).append(route)
        self._rows = []
        for group in groups.values():
            destination, connection = group[0].destination, group[0].connection
            self._rows += [_Head(destination, connection, 0), _Head(destination, connection, 1), *group]
        self._statuses = statuses
        self.rows_changed()
        names = [row.name if isinstance(row, Route) else None for row in self._rows]
        row = names.index(keep.name) if keep is not None and keep.name in names else self._step(0, 1)
        same = row >= 0 and keep == self._rows[row]
        self.move_cursor(row, announce=False)
        if row >= 0 and not same:
            self.cursor_moved()

    def update_statuses(self, statuses: "Mapping[str, ConnectionStatus]") -> None:
        """Show other states of the connections, by their name."""
        self._statuses = statuses
        self.rows_changed()

    def update_firing(self, names: Collection[str]) -> None:
        """Mark the routes of these names: their rules fire for the present event."""
        if (firing := frozenset(names)) != self._firing:
            self._firing = firing
            self.rows_changed()

    def first_firing(self) -> Route | None:
        """Return the first route, as listed, whose rule fires."""
        return next((row for row in self._rows if isinstance(row, Route) and row.name in self._firing), None)

    @property
    def route_at_cursor(self) -> Route | None:
        """The route under the cursor."""
        row = self._rows[self.cursor] if 0 <= self.cursor < len(self._rows) else None
        return row if isinstance(row, Route) else None

    def highlight(self, name: str) -> None:
        """Put the cursor on the route of a name, if it is there."""
        for number, row in enumerate(self._rows):
            if isinstance(row, Route) and row.name == name:
                self.move_cursor(number)

    # What the base asks

    def row_count(self) -> int:
        """Return how many lines there are."""
        return len(self._rows)

    def can_hold_cursor(self, row: int) -> bool:
        """Tell whether a line is a route."""
        return isinstance(self._rows[row], Route)

    def row_for(self, row: int) -> int:
        """Return the route at or after a line: a click on a destination means its first route."""
        return self._step(row, 1)

    def keep_in_sight(self, row: int) -> None:
        """Show a route, with its destination where it is the first."""
        first = row >= 1 and isinstance(self._rows[row - 1], _Head)
        super().keep_in_sight(row - 2 if first else row)
        super().keep_in_sight(row)

    def cursor_moved(self) -> None:
        """Tell which route the cursor is on."""
        if route := self.route_at_cursor:
            self.post_message(self.RouteHighlighted(self, route))

    def row_chosen(self) -> None:
        """Tell that the route under the cursor was chosen."""
        if route := self.route_at_cursor:
            self.post_message(self.RouteChosen(self, route))

    def paint_row(self, row: int) -> Strip:
        """Return a line as it is now."""
        width = self.room
        match self._rows[row]:
            case _Head(line=0) as head:
                line = self._destination(head, width)
            case _Head() as head:
                line = self._connection(head, width)
            case Route() as route:
                line = self._route(route, width)
        return self.compose_strip(line.text, line.spans)

    def _destination(self, head: _Head, width: int) -> LineBuilder:
        destination, method = head.destination, safe_line(head.destination.http_method)
        line = LineBuilder().put(f" {method} ", "title")
        return line.put(safe_line(destination.name), "strong", width=max(0, width - line.cells))

    def _connection(self, head: _Head, width: int) -> LineBuilder:
        status = self._statuses.get(head.connection.name)
        chip, chip_ink = AUTH_CHIPS[head.connection.authorization_type]
        line = (
            LineBuilder()
            .put(" ")
            .put("● " if status else "○ ", _STATE_INKS[status.state] if status else "faint")
        )
        # A state that works is told by its colour alone where there is little room.
        fine = status is not None and _STATE_INKS[status.state] == "ok"
        state = f" {status.state}" if status and width >= (_WIDE if fine else _NARROW) else ""
        room = width - line.cells - len(chip) - 3 - len(state)
        line.put(safe_line(head.connection.name), "muted", width=max(0, min(room, len(head.connection.name))))
        line.put(" ").chip(chip, chip_ink)
        if status and state:
            line.put(state, _STATE_INKS[status.state])
        return line

    def _route(self, route: Route, width: int) -> LineBuilder:
        line = LineBuilder()
        if route.rule and route.name in self._firing:
            line.put(" ✓ ", "ok").put("→ ", "faint")
        else:
            line.put("   → ", "faint")
        name = route.name if route.rule else "direct"
        off = bool(route.rule) and route.rule is not None and route.rule.state == "DISABLED"
        room = width - line.cells - (4 if off else 0)
        line.put(safe_line(name), "muted" if off or not route.rule else "plain", width=max(0, room))
        return line.put(" off", "warn") if off else line
