"""Every delivery so far: found, looked at, sent again."""

import asyncio
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.binding import BindingType
from textual.content import Content

from inspector.errors import InspectorError
from inspector.eventbridge.resources import Route
from inspector.history.records import DeliverySummary, StoredDelivery
from inspector.jsontext import dumps
from inspector.tui.commands import bindings
from inspector.tui.screens.browser import Browser
from inspector.tui.screens.compare import CompareScreen
from inspector.tui.screens.deck import Deck
from inspector.tui.screens.delivery_pane import DeliveryPane
from inspector.tui.screens.frame import ink
from inspector.tui.screens.history_rows import COLUMNS, HistoryRows
from inspector.tui.screens.picker import Choice, Picker
from inspector.tui.screens.searched_list import SearchedList
from inspector.tui.widgets.paged_list import PagedList
from inspector.tui.widgets.payload_view import PayloadView
from inspector.tui.widgets.request_view import RequestView, ResponseView
from inspector.tui.widgets.text_view import TextView
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.tui.screens.workbench import WorkbenchScreen

NOT_CHOSEN: Final = "Choose a delivery in the list."
NOTHING: Final = "No delivery is recorded yet. What you send in the workbench appears here."


class HistoryScreen(Browser):
    """The list at the left, the chosen delivery at the right, its timeline below."""

    SCOPE = "history"
    BINDINGS: ClassVar[list[BindingType]] = bindings("history")

    def __init__(self, bench: Workbench, workbench: "WorkbenchScreen") -> None:
        super().__init__(bench, workbench)
        self._summary: DeliverySummary | None = None
        self._stored: StoredDelivery | None = None

    def list_pane(self) -> SearchedList:
        """Return the deliveries."""
        return SearchedList(
            COLUMNS, placeholder="Search: words, status:5xx, state:dead, rule:orders …", id="past"
        )

    def detail(self) -> Deck:
        """Return the views of a delivery."""
        views = (
            ("event", "Event", TextView(id="event-text")),
            ("payload", "Payload", PayloadView()),
            ("request", "Request", RequestView()),
            ("response", "Response", ResponseView()),
        )
        return Deck(views, id="deck")

    def on_mount(self) -> None:
        """Wait for the list."""
        self.deck.turn("response")
        self._blank(NOT_CHOSEN)

    # The chosen delivery

    @on(PagedList.Highlighted)
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        event.stop()
        if isinstance(event.row.value, DeliverySummary):
            self._summary = event.row.value
            self.refresh_bindings()
            if not self.delivery.running:
                self._look(self._summary)

    def nothing_chosen(self) -> None:
        """Choose none."""
        self._summary = self._stored = None
        if not self.delivery.running:
            self._look(None)
        self.refresh_bindings()

    @on(PagedList.Selected)
    def _selected(self, event: PagedList.Selected) -> None:
        event.stop()
        self.action_open()

    @work(exclusive=True, group="look", exit_on_error=False)
    async def _look(self, summary: DeliverySummary | None) -> None:
        """Read a delivery and tell it again; another choice in the meantime ends this."""
        if summary is None:
            self._stored = None
            self._blank(NOT_CHOSEN)
            return
        wanted = summary.delivery_id
        try:
            stored, events = await self.bench.in_history(lambda h: (h.get(wanted), h.events_of(wanted)))
        except InspectorError as error:
            self._stored = None
            self._blank(f"{error}. {error.hint}")
            return
        self._stored = stored
        self.refresh_bindings()
        text = await asyncio.to_thread(dumps, stored.event, indent=2)
        self.query_one("#event-text", TextView).show(text, language="json")
        self.deck.note("event", ink(f"{summary.source} · {summary.detail_type}"))
        self.query_one(PayloadView).show(stored.payload, None)
        self._show_request(stored)
        self.query_one(ResponseView).clear("No attempt of this delivery was answered.")
        self.deck.note("response", Content(""))
        self.delivery.show_recorded(stored.names.route, events, interrupted=summary.state == "interrupted")

    def _show_request(self, stored: StoredDelivery) -> None:
        request = self.query_one(RequestView)
        if stored.request is None:
            request.clear("There was no request: the payload could not be sent.")
        else:
            request.show(stored.request)
        self.deck.note("request", ink("as prepared"))

    def _blank(self, message: str) -> None:
        self.query_one("#event-text", TextView).clear(message)
        self.query_one(PayloadView).clear(message)
        self.query_one(RequestView).clear(message)
        self.query_one(ResponseView).clear(message)
        for tab in ("event", "payload", "request", "response"):
            self.deck.note(tab, Content(""))
        self.delivery.clear(message=message)

    @on(DeliveryPane.Shown)
    def _request_shown(self, message: DeliveryPane.Shown) -> None:
        self.query_one(RequestView).show(message.attempt.request)
        self.deck.note("request", ink(f"as sent · attempt {message.attempt.number}", "info"))

    def action_open(self) -> None:
        """Go to what the chosen delivery got."""
        if self._summary:
            self.deck.turn("response")
            self.deck.view.focus()

    # The list

    def load(self, *, keep_cursor: bool = True) -> None:
        """Read the list as searched. The cursor stays, or goes to the newest."""
        query = self.listing.query_text
        source = HistoryRows(self.bench, query, asyncio.get_running_loop())
        empty = "No delivery fits the search." if query else NOTHING
        self.entitle()
        self.listing.rows.load(source, empty=empty, keep_cursor=keep_cursor)

    def entitle(self) -> None:
        """Say how to search."""
        self.listing.entitle("History", "esc ends the search" if self.listing.query_text else "/ searches")

    @on(PagedList.Failed)
    def _unreadable(self, event: PagedList.Failed) -> None:
        """Say why the list cannot be read, in its place: sending goes on without it."""
        event.stop()
        if event.is_current:
            searched = self.listing.query_text
            self.listing.fail(event.error, "" if searched else "Sending works without a history.")
            self.nothing_chosen()

    # Again

    def action_replay(self) -> None:
        """Send the recorded request again."""
        self._replay(None, rerender=False)

    def action_rerender(self) -> None:
        """Make it anew from the present definitions, and send it."""
        self._replay(None, rerender=True)

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_replay_to(self) -> None:
        """Send the recorded event along another route."""
        routes = self.bench.routes()
        choices = [
            Choice(route.name, f"{route.destination.name} · {route.connection.name}") for route in routes
        ]
        number = await self.app.push_screen_wait(Picker("Replay to", choices))
        if number is not None:
            self._replay(routes[number], rerender=False)

    @work(exclusive=True, group="replay", exit_on_error=False)
    async def _replay(self, route: Route | None, *, rerender: bool) -> None:
        stored = self._stored
        if stored is None or self.delivery.running:
            return
        self.delivery.clear(stored.names.route, "Sending …")
        self.announce()
        try:
            run = await asyncio.to_thread(self.bench.replay, stored, route=route, rerender=rerender)
        except InspectorError as error:
            self.notify(f"{error}. {error.hint}", title="Not sent", severity="error")
            self._look(self._summary)
            return
        self.delivery.play(run)
        self.deck.turn("delivery" if "delivery" in self.deck.names else "response")

    @on(DeliveryPane.Ended)
    def _ended(self, message: DeliveryPane.Ended) -> None:
        self.refresh_bindings()
        self.load(keep_cursor=False)
        self.tell_end(message)

    # Elsewhere

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_load_event(self) -> None:
        """Begin a new event in the workbench with the chosen delivery's."""
        if self._stored and self._summary:
            text = await asyncio.to_thread(dumps, self._stored.event, indent=2)
            self.app.switch_mode("workbench")
            self._workbench.new_event(f"{self._summary.detail_type} (history)", text)

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_compare_marked(self) -> None:
        """Line up the marked deliveries."""
        rows = self.listing.rows.marked
        ids = [row.value.delivery_id for row in rows if isinstance(row.value, DeliverySummary)]
        try:
            stored = await self.bench.in_history(lambda h: tuple(h.get(one) for one in ids))
        except InspectorError as error:
            self.notify(f"{error}", severity="error")
            return
        await self.app.switch_mode("compare")
        if isinstance(screen := self.app.screen, CompareScreen):
            screen.show_stored(stored)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell which commands apply now."""
        if not self.is_mounted:
            return True
        match action:
            case "replay" | "rerender" | "replay_to":
                return self._stored is not None and not self.delivery.running
            case "open" | "load_event" | "mark":
                return self._stored is not None
            case "compare_marked":
                return len(self.listing.rows.marked) >= 2
        return super().check_action(action, parameters)
