"""What has a list beside the detail of what is chosen in it: the history, the dead letters."""

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from inspector.tui.screens.deck import Deck
from inspector.tui.screens.delivery_pane import DeliveryPane
from inspector.tui.screens.frame import Framed, TopBar
from inspector.tui.screens.results import attempt_note, outcome_words
from inspector.tui.screens.searched_list import SearchedList
from inspector.tui.widgets.paged_list import PagedList
from inspector.tui.widgets.request_view import ResponseView
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.tui.screens.workbench import WorkbenchScreen


class Browser(Framed):
    """The list at the left; at the right the views of what is chosen, and its timeline below."""

    AUTO_FOCUS = "PagedList"

    def __init__(self, bench: Workbench, workbench: "WorkbenchScreen") -> None:
        super().__init__()
        self.bench, self._workbench = bench, workbench

    def list_pane(self) -> SearchedList:
        """Return the list."""
        raise AssertionError("a browser has a list")

    def detail(self) -> Deck:
        """Return the views, one of which is a `ResponseView`."""
        raise AssertionError("a browser shows what is chosen")

    def load(self, *, keep_cursor: bool = True) -> None:  # noqa: ARG002
        """Read the list anew. The cursor stays, or goes to the newest."""
        raise AssertionError("a browser reads its list")

    def entitle(self) -> None:
        """Say above and below the list what it shows."""
        raise AssertionError("a browser's list has a title")

    def nothing_chosen(self) -> None:
        """Show nothing at the right: the list has no row."""
        raise AssertionError("a browser shows what is chosen")

    def body(self) -> ComposeResult:
        """Return the panes."""
        deck, delivery = self.detail(), DeliveryPane(id="delivery")
        deck.join(delivery, "delivery", "Delivery")
        with Horizontal(id="desk"):
            yield self.list_pane()
            with Vertical(id="detail"):
                yield deck
                yield delivery

    def on_screen_resume(self) -> None:
        """Read the list anew."""
        self._show_summary()
        self.load()

    def on_resize(self) -> None:
        """Take the timeline among the tabs where there is little room."""
        self.call_after_refresh(lambda: self.deck.fold(not self.wide))

    @property
    def listing(self) -> SearchedList:
        """The pane of the list."""
        return self.query_one(SearchedList)

    @property
    def deck(self) -> Deck:
        """The views of what is chosen."""
        return self.query_one(Deck)

    @property
    def delivery(self) -> DeliveryPane:
        """Its timeline, or that of what is under way."""
        return self.query_one(DeliveryPane)

    def action_show_tab(self, name: str) -> None:
        """Bring a tab to the front."""
        self.deck.turn(name)

    def action_tab(self, step: int) -> None:
        """Bring the next or the previous tab to the front."""
        self.deck.step(step)

    # The list

    @on(SearchedList.Asked)
    def _asked(self) -> None:
        self.load()

    def action_refresh_list(self) -> None:
        """Read the list anew."""
        self.load()

    def action_search(self) -> None:
        """Go to the search field."""
        self.listing.search()

    def action_leave_search(self) -> None:
        """Show all again."""
        self.listing.leave_search()

    def action_mark(self) -> None:
        """Mark what is chosen, or take the mark away."""
        self.listing.rows.action_mark()

    @on(PagedList.Emptied)
    def _emptied(self, event: PagedList.Emptied) -> None:
        event.stop()
        self.nothing_chosen()

    @on(PagedList.MarksChanged)
    def _marks_changed(self, event: PagedList.MarksChanged) -> None:
        event.stop()
        self.entitle()
        self.refresh_bindings()

    # What is under way

    @on(DeliveryPane.Progress)
    def _progress(self) -> None:
        self.refresh_bindings()

    @on(DeliveryPane.Shown)
    def _answer_shown(self, message: DeliveryPane.Shown) -> None:
        self.query_one(ResponseView).show(message.attempt)
        self.deck.note("response", attempt_note(message.attempt))

    def announce(self) -> None:
        """Say that something is about to be sent, in the answer's place."""
        self.query_one(ResponseView).clear("Sending …")
        self.deck.note("response", Content(""))

    def tell_end(self, message: DeliveryPane.Ended) -> None:
        """Say above the panes how a delivery ended, and what went wrong beside it."""
        if message.outcome:
            self._workbench.tell_result(*outcome_words(message.outcome, message.last))
            self._show_summary()
        if message.trouble:
            self.notify(message.trouble, severity="warning")

    def _show_summary(self) -> None:
        self.query_one(TopBar).summary = self._workbench.summary

    def action_cancel(self) -> None:
        """End what is under way."""
        self.delivery.cancel()

    def action_skip_wait(self) -> None:
        """Fast-forward the wait."""
        self.delivery.skip_wait()

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
            case "leave_search":
                return self.listing.searching
        return True
