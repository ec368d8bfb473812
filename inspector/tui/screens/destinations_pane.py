"""The destinations: the states of their connections, which of them an event fires for, which one is near."""

from textual.app import ComposeResult

from inspector.auth.state import ConnectionStatus
from inspector.eventbridge.resources import Route
from inspector.tui.screens.evaluation import Evaluation
from inspector.tui.screens.frame import Pane, ink
from inspector.tui.screens.results import counted
from inspector.tui.widgets.destination_list import DestinationList
from inspector.workbench import Workbench


class DestinationsPane(Pane):
    """The list of routes. In its border stands why the chosen connection cannot authorize, if it cannot."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(id="destinations")
        self._bench = bench
        self._refused: set[str] = set()

    def compose(self) -> ComposeResult:
        """Return the list."""
        yield DestinationList()

    @property
    def _list(self) -> DestinationList:
        return self.query_one(DestinationList)

    def show(self, routes: tuple[Route, ...], chosen: str) -> None:
        """Show routes, with the cursor on the one that is named, if one is."""
        self._list.show(routes, self._statuses())
        if chosen:
            self._list.highlight(chosen)

    def _statuses(self) -> dict[str, ConnectionStatus]:
        return {c.name: self._bench.status(c) for c in self._bench.workspace.connections}

    def refused(self, route: Route | None) -> str:
        """Return why the connection of a route is deauthorized; empty where it is not."""
        status = self._bench.status(route.connection) if route else None
        return status.reason if status is not None and status.state == "DEAUTHORIZED" else ""

    def show_statuses(self, chosen: Route | None) -> None:
        """Show the states as they are now; warn of a connection that has just been refused."""
        statuses = self._statuses()
        self._list.update_statuses(statuses)
        self.describe(chosen)
        refused = {name: status.reason for name, status in statuses.items() if status.state == "DEAUTHORIZED"}
        for name in refused.keys() - self._refused:
            told = f"Connection {name} is DEAUTHORIZED: {refused[name]}. Press a to authorize it again."
            self.notify(told, severity="warning")
        self._refused = set(refused)

    def describe(self, chosen: Route | None) -> None:
        """Say in the border why the chosen connection cannot authorize, where it cannot."""
        if self.refused(chosen):
            self.say("Destinations", ink("refused · a re-authorizes", "bad"))
        else:
            self.say("Destinations", ink(counted(len(self._bench.routes()), "route")))

    def show_firing(self, evaluation: Evaluation) -> None:
        """Mark the routes whose rules fire."""
        results = evaluation.results
        self._list.update_firing([r.name for result in results if result.matched for r in result.routes])

    def nearer(self, chosen: Route | None, evaluation: Evaluation) -> Route | None:
        """Return the first route whose rule fires, else the nearest miss, if the chosen one stays silent.

        None where it does not, or where it is the nearest itself.
        """
        if chosen is None or chosen.rule is None:
            return None
        if any(result.matched and result.rule == chosen.rule for result in evaluation.results):
            return None
        nearest = (r.routes[0] for r in evaluation.results if r.routes and r.score > 0)
        route = self._list.first_firing() or next(nearest, None)
        return None if route is None or route.name == chosen.name else route

    def go_to(self, route: Route) -> None:
        """Put the cursor on a route."""
        self._list.highlight(route.name)
