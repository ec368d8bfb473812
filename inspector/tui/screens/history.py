"""Every delivery so far: found, looked at, sent again."""

import asyncio
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input

from inspector.errors import InspectorError
from inspector.eventbridge.resources import Route
from inspector.history.records import DeliverySummary, StoredDelivery
from inspector.jsontext import dumps
from inspector.tui.commands import bindings
from inspector.tui.screens.compare import CompareScreen
from inspector.tui.screens.deck import Deck
from inspector.tui.screens.delivery_pane import DeliveryPane
from inspector.tui.screens.frame import Framed, Pane, TopBar, ink
from inspector.tui.screens.history_rows import COLUMNS, HistoryRows
from inspector.tui.screens.picker import Choice, Picker
from inspector.tui.screens.results import (
    attempt_note,
    outcome_words,
)
from inspector.tui.widgets.paged_list import PagedList
from inspector.tui.widgets.payload_view import PayloadView
from inspector.tui.widgets.request_view import RequestView, ResponseView
from inspector.tui.widgets.text_view import TextView
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.tui.screens.workbench import WorkbenchScreen

DEBOUNCE: Final = 0.2
NOT_CHOSEN: Final = "Choose a delivery in the list."
NOTHING: Final = "No delivery is recorded yet. What you send in the workbench appears here."


class SearchInput(Input):
    """The search field; its help is the table of the terms that it knows."""

    @property
    def HELP(self) -> str:  # type: ignore[override]  # noqa: N802 - Textual's name
        """The words that a search may be made of."""
        from inspector.history.query import help_text

        return help_text()


class HistoryScreen(Framed):
    """The list at the left, the chosen delivery at the right, its timeline below."""

    SCOPE = "history"
    BINDINGS: ClassVar[list[BindingType]] = bindings("history")
    AUTO_FOCUS = "PagedList"

    def __init__(self, bench: Workbench, workbench: "WorkbenchScreen") -> None:
        super().__init__()
        self.bench, self._workbench = bench, workbench
        self._query = ""
        self._pause: Timer | None = None
        self._summary: DeliverySummary | None = None
        self._stored: StoredDelivery | None = None

    def body(self) -> ComposeResult:
        """Return the panes."""
        views = (
            ("event", "Event", TextView(id="event-text")),
            ("payload", "Payload", PayloadView()),
            ("request", "Request", RequestView()),
            ("response", "Response", ResponseView()),
        )
        with Horizontal(id="desk"):
            with Pane(id="past"):
                yield SearchInput(
                    placeholder="Search: words, status:5xx, state:dead, rule:orders …", compact=True
                )
                yield PagedList(COLUMNS)
            with Vertical(id="detail"):
                yield Deck(views, id="deck")
                yield DeliveryPane(id="delivery")

    def on_mount(self) -> None:
        """Hide the search until it is asked for."""
        self.query_one(SearchInput).display = False
        self.deck.join(self.delivery, "delivery", "Delivery")
        self.deck.turn("response")
        self._blank(NOT_CHOSEN)

    def on_screen_resume(self) -> None:
        """Read the list anew."""
        self.query_one(TopBar).summary = self._workbench.summary
        self._load()

    def on_resize(self) -> None:
        """Take the timeline among the tabs where there is little room."""
        self.call_after_refresh(lambda: self.deck.fold(not self.wide))

    @property
    def deck(self) -> Deck:
        """The views of the chosen delivery."""
        return self.query_one(Deck)

    @property
    def delivery(self) -> DeliveryPane:
        """Its timeline."""
        return self.query_one(DeliveryPane)

    def action_show_tab(self, name: str) -> None:
        """Bring a tab to the front."""
        self.deck.turn(name)

    def action_tab(self, step: int) -> None:
        """Bring the next or the previous tab to the front."""
        self.deck.step(step)

    # The chosen delivery

    @on(PagedList.Highlighted)
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        event.stop()
        if isinstance(event.row.value, DeliverySummary):
            self._summary = event.row.value
            self.refresh_bindings()
            if not self.delivery.running:
                self._look(self._summary)

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
    def _attempt_shown(self, message: DeliveryPane.Shown) -> None:
        self.query_one(ResponseView).show(message.attempt)
        self.deck.note("response", attempt_note(message.attempt))
        self.query_one(RequestView).show(message.attempt.request)
        self.deck.note("request", ink(f"as sent · attempt {message.attempt.number}", "info"))

    def action_open(self) -> None:
        """Go to what the chosen delivery got."""
        if self._summary:
            self.deck.turn("response")
            self.deck.view.focus()

    # The list

    def _load(self, *, keep_cursor: bool = True) -> None:
        """Read the list as searched. The cursor stays, or goes to the newest."""
        source = HistoryRows(self.bench, self._query, asyncio.get_running_loop())
        empty = "No delivery fits the search." if self._query else NOTHING
        self.query_one("#past", Pane).say("History", self._searched_note())
        self.query_one(PagedList).load(source, empty=empty, keep_cursor=keep_cursor)

    @on(PagedList.Failed)
    def _unreadable(self, event: PagedList.Failed) -> None:
        """Say why the list cannot be read, in its place: sending goes on without it."""
        event.stop()
        if not event.is_current:
            return
        error = event.error
        hint = f"\n{error.hint}" if isinstance(error, InspectorError) and error.hint else ""
        after = "" if self._query else "\n\nSending works without a history."
        self.query_one(PagedList).clear(f"{error}{hint}{after}")
        self._look(None)

    def _searched_note(self) -> Content:
        marked = len(self.query_one(PagedList).marked)
        return Content.assemble(
            ink(f"{marked} marked · " if marked else "", "warn"),
            ink("/ searches" if not self._query else "esc ends the search"),
        )

    def action_refresh_list(self) -> None:
        """Read the list anew."""
        self._load()

    def action_search(self) -> None:
        """Go to the search field."""
        field = self.query_one(SearchInput)
        field.display = True
        field.focus()

    @on(Input.Changed)
    def _search_changed(self, event: Input.Changed) -> None:
        if self._pause:
            self._pause.stop()
        self._query = event.value.strip()
        self._pause = self.set_timer(DEBOUNCE, self.action_refresh_list)

    @on(Input.Submitted)
    def _search_done(self) -> None:
        self.query_one(PagedList).focus()

    def action_leave_search(self) -> None:
        """Show all again."""
        field = self.query_one(SearchInput)
        field.value = ""
        field.display = False
        self.query_one(PagedList).focus()

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
        self.query_one(ResponseView).clear("Sending …")
        self.deck.note("response", Content(""))
        try:
            run = await asyncio.to_thread(self.bench.replay, stored, route=route, rerender=rerender)
        except InspectorError as error:
            self.notify(f"{error}. {error.hint}", title="Not sent", severity="error")
            self._look(self._summary)
            return
        self.delivery.play(run)
        self.deck.turn("delivery" if "delivery" in self.deck.names else "response")

    @on(DeliveryPane.Progress)
    def _progress(self) -> None:
        self.refresh_bindings()

    @on(DeliveryPane.Ended)
    def _ended(self, message: DeliveryPane.Ended) -> None:
        self.refresh_bindings()
        self._load(keep_cursor=False)
        if message.outcome:
            self._workbench.tell_result(*outcome_words(message.outcome, message.last))
            self.query_one(TopBar).summary = self._workbench.summary
        if message.trouble:
            self.notify(message.trouble, severity="warning")

    def action_cancel(self) -> None:
        """End the replay that is under way."""
        self.delivery.cancel()

    def action_skip_wait(self) -> None:
        """Fast-forward the wait."""
        self.delivery.skip_wait()

    # Elsewhere

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_load_event(self) -> None:
        """Begin a new event in the workbench with the chosen delivery's."""
        if self._stored and self._summary:
            text = await asyncio.to_thread(dumps, self._stored.event, indent=2)
            self.app.switch_mode("workbench")
            self._workbench.new_event(f"{self._summary.detail_type} (history)", text)

    def action_mark(self) -> None:
        """Mark the chosen delivery, or take the mark away."""
        self.query_one(PagedList).action_mark()

    @on(PagedList.MarksChanged)
    def _marks_changed(self, event: PagedList.MarksChanged) -> None:
        event.stop()
        self.query_one("#past", Pane).say("History", self._searched_note())
        self.refresh_bindings()

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_compare_marked(self) -> None:
        """Line up the marked deliveries."""
        rows = self.query_one(PagedList).marked
        ids = [row.value.delivery_id for row in rows if isinstance(row.value, DeliverySummary)]
        try:
            stored = await self.bench.in_history(lambda h: tuple(h.get(one) for one in ids))
        except InspectorError as error:
            self.notify(f"{error}", severity="error")
            return
        await self.app.switch_mode("compare")
        if isinstance(screen := self.app.screen, CompareScreen):
            screen.show_stored(stored)

    async def stop(self) -> None:
        """End what runs, before the inspector does."""
        await self.delivery.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Tell which commands apply now."""
        if not self.is_mounted:
            return True
        match action:
            case "cancel":
                return self.delivery.running
            case "skip_wait":
                return self.delivery.running and self.delivery.waiting
            case "replay" | "rerender" | "replay_to":
                return self._stored is not None and not self.delivery.running
            case "open" | "load_event" | "mark":
                return self._stored is not None
            case "compare_marked":
                return len(self.query_one(PagedList).marked) >= 2
            case "leave_search":
                return bool(self.query_one(SearchInput).display)
        return True
