"""The connections: how each authorizes, in what state it is and why, and how it came to its token."""

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from inspector.auth.state import ConnectionStatus
from inspector.errors import InspectorError
from inspector.eventbridge.resources import Connection
from inspector.eventbridge.retry import spoken
from inspector.tui.commands import bindings
from inspector.tui.screens.frame import Framed, Pane, TopBar, ink
from inspector.tui.screens.results import counted
from inspector.tui.widgets.connection_view import STATE_INKS, ConnectionFacts, ConnectionView
from inspector.tui.widgets.destination_list import AUTH_CHIPS
from inspector.tui.widgets.paged_list import Column, PagedList, Row
from inspector.tui.widgets.row_list import RowList
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.tui.screens.workbench import WorkbenchScreen

TICK: Final = 0.5
COLUMNS: Final = (
    Column("", 1),
    Column("connection"),
    Column("type", 9, rank=2),
    Column("state", 12),
    Column("token", 10, "right", rank=1),
)
NONE: Final = "The definitions hold no connection."


class ConnectionList(PagedList):
    """A list in which there is nothing to mark."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave marking out."""
        return action not in ("mark", "unmark_all") and super().check_action(action, parameters)


class ConnectionsScreen(Framed):
    """The list at the left, or above; the connection under the cursor beside it."""

    SCOPE = "connections"
    BINDINGS: ClassVar[list[BindingType]] = bindings("connections")
    AUTO_FOCUS = "PagedList"

    def __init__(self, bench: Workbench, workbench: "WorkbenchScreen") -> None:
        super().__init__()
        self.bench, self._workbench = bench, workbench
        self._connection: Connection | None = None
        self._listed: tuple[tuple[Connection, str], ...] = ()

    def body(self) -> ComposeResult:
        """Return the panes."""
        with Horizontal(id="desk"):
            with Pane(id="connections"):
                yield ConnectionList(COLUMNS)
            with Pane(id="connection"):
                yield ConnectionView()

    def on_mount(self) -> None:
        """Let lifetimes count down."""
        self.query_one("#connections", Pane).say("Connections")
        self.query_one("#connection", Pane).say("Connection")
        self.set_interval(TICK, self._tick)

    def on_screen_resume(self) -> None:
        """Show the workspace's connections, the chosen route's first looked at."""
        self.query_one(TopBar).summary = self._workbench.summary
        route = self._workbench.route
        connections = self.bench.workspace.connections
        names = {connection.name: connection for connection in connections}
        if route is not None:
            self._connection = names.get(route.connection.name)
        elif self._connection not in connections:
            self._connection = None
        self._listed = ()
        self._list()
        self._show()

    def _tick(self) -> None:
        if self.is_current:
            self._list()
            self._show()

    def _list(self) -> None:
        """Load the list, where what it shows is no longer so."""
        told = [
            (connection, self.bench.status(connection)) for connection in self.bench.workspace.connections
        ]
        listed = tuple((connection, f"{status.state} {_lifetime(status)}") for connection, status in told)
        listing = self.query_one(PagedList)
        if listed == self._listed and listed:
            return
        self._listed = listed
        rows = [_row(number, connection, status) for number, (connection, status) in enumerate(told)]
        chosen = next((row.key for row in rows if row.value == self._connection), None)
        listing.load(RowList(rows), empty=NONE, cursor_at=chosen)
        refused = sum(not status.usable for _, status in told)
        note = (
            ink(f"{refused} refused · a re-authorizes", "bad")
            if refused
            else ink(counted(len(rows), "connection"))
        )
        self.query_one("#connections", Pane).say("Connections", note)
        if not rows:
            self.query_one(ConnectionView).clear(NONE)

    def _show(self) -> None:
        connection = self._connection
        if connection is None:
            return
        last = self.bench.last_exchange(connection)
        facts = ConnectionFacts(
            connection,
            self.bench.status(connection),
            self.bench.destinations_of(connection),
            last or self.bench.token_request(connection),
            asked=last is not None,
        )
        self.query_one(ConnectionView).show(facts)

    @on(PagedList.Highlighted)
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        event.stop()
        if isinstance(event.row.value, Connection) and event.row.value != self._connection:
            self._connection = event.row.value
            self.query_one("#connection", Pane).border_subtitle = None
            self._show()
            self.refresh_bindings()

    @on(PagedList.Selected)
    def _selected(self, event: PagedList.Selected) -> None:
        event.stop()
        self.query_one(ConnectionView).focus()

    @work(exclusive=True, group="authorize", exit_on_error=False)
    async def action_authorize(self) -> None:
        """Forget refusal and token; an OAuth connection asks for another at once."""
        connection = self._connection
        if connection is None:
            return
        self.bench.reauthorize(connection)
        pane = self.query_one("#connection", Pane)
        pane.border_subtitle = ink("asking …", "info")
        try:
            granted = await self.bench.authorize(connection)
        except InspectorError as error:
            pane.border_subtitle = ink("not authorized", "bad")
            self.notify(f"{error}. {error.hint}".strip(), severity="error")
        else:
            asked = granted.exchange
            told = f"a token came after {asked.milliseconds:.0f} ms" if asked else "authorized"
            pane.border_subtitle = ink(told, "ok")
        self._list()
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Tell which commands apply now."""
        return self._connection is not None if action == "authorize" else True


def _lifetime(status: ConnectionStatus) -> str:
    left = status.token_expires_in
    return "" if left is None else "expired" if left <= 0 else spoken(left)


def _row(number: int, connection: Connection, status: ConnectionStatus) -> Row:
    state = STATE_INKS.get(status.state, "warn")
    chip, chip_ink = AUTH_CHIPS[connection.authorization_type]
    cells = (
        ("●", state),
        (connection.name, "strong"),
        (chip, chip_ink),
        (status.state, state),
        (_lifetime(status), "muted"),
    )
    return Row(number, cells, connection)
