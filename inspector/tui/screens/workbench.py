"""The workbench: destinations and events at the left, the event, what becomes of it, and its delivery."""

import asyncio
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.worker import Worker

from inspector.errors import InspectorError
from inspector.eventbridge.event import Event
from inspector.eventbridge.resources import Route, Workspace
from inspector.tui.commands import bindings
from inspector.tui.screens.confirm import send_anyway
from inspector.tui.screens.delivery_pane import DeliveryPane
from inspector.tui.screens.destinations_pane import DestinationsPane
from inspector.tui.screens.evaluation import Evaluation, evaluate
from inspector.tui.screens.evaluation_deck import EvaluationDeck
from inspector.tui.screens.event_list import EventList
from inspector.tui.screens.event_pane import EventPane
from inspector.tui.screens.frame import Framed, Pane, Summary, Tone, TopBar
from inspector.tui.screens.picker import Choice, Picker
from inspector.tui.screens.results import counted, outcome_words
from inspector.tui.widgets.destination_list import DestinationList
from inspector.tui.widgets.verdict_tree import VerdictTree
from inspector.workbench import Workbench
from inspector.workbench.templates import TEMPLATES

NO_EVENT: Final = "Choose an event at the left, or press n to begin one."
NO_ANSWER: Final = "No answer yet: ^j sends the event."


@dataclass(frozen=True, slots=True)
class Start:
    """What the workbench opens with: an event's name and text, and a route by its name."""

    event_name: str = ""
    event_text: str = ""
    route: str = ""


class WorkbenchScreen(Framed):
    """Edit an event, see what every rule and the chosen destination make of it, deliver it, watch."""

    SCOPE = "workbench"
    BINDINGS: ClassVar[list[BindingType]] = bindings("workbench")
    AUTO_FOCUS = "DestinationList"

    class Evaluated(Message):
        """A text was evaluated in the background. `revision` tells whether it still counts."""

        def __init__(self, revision: int, evaluation: Evaluation) -> None:
            super().__init__()
            self.revision, self.evaluation = revision, evaluation

    def __init__(self, bench: Workbench, summary: Summary, start: Start) -> None:
        super().__init__()
        self.bench = bench
        self._summary, self._start = summary, start
        self._route: Route | None = None
        self._workspace: Workspace | None = None
        self._revision = 0
        self._evaluation = Evaluation("")
        # An event that is picked takes the selection to a route that fires for it, once.
        self._seeking = not start.route

    # Layout

    def body(self) -> ComposeResult:
        """Return the panes."""
        with Vertical(id="work"):
            with Horizontal(id="desk"):
                with Vertical(id="side"):
                    yield DestinationsPane(self.bench)
                    with Pane(id="events"):
                        yield EventList()
                yield EventPane(id="event")
                yield EvaluationDeck()
            yield DeliveryPane(id="delivery")

    def on_mount(self) -> None:
        """Show the workspace."""
        if self._start.event_text:
            self._event.begin(self._start.event_name or "event", self._start.event_text)
        self._deck.await_answer(NO_ANSWER)
        self._deck.join(self._event, "event", "Event")
        self._show_workspace(self._start.route)

    def on_resize(self) -> None:
        """Move the editor into the tabs, or out of them."""
        self.call_after_refresh(self._arrange)

    @property
    def _deck(self) -> EvaluationDeck:
        return self.query_one(EvaluationDeck)

    @property
    def _destinations(self) -> DestinationsPane:
        return self.query_one(DestinationsPane)

    @property
    def _event(self) -> EventPane:
        return self.query_one(EventPane)

    @property
    def _delivery(self) -> DeliveryPane:
        return self.query_one(DeliveryPane)

    def _arrange(self) -> None:
        self._deck.fold(not self.wide)

    def action_show_tab(self, name: str) -> None:
        """Bring a tab to the front."""
        self._deck.turn(name)

    def action_tab(self, step: int) -> None:
        """Bring the next or the previous tab to the front."""
        self._deck.step(step)

    # What other screens ask of it

    @property
    def summary(self) -> Summary:
        """What stands above the panes."""
        return self._summary

    @property
    def route(self) -> Route | None:
        """The chosen route."""
        return self._route

    @property
    def event_name(self) -> str:
        """The name of the event that is being worked on."""
        draft = self._event.draft
        return draft.name if draft else ""

    @property
    def event_text(self) -> str:
        """The text of the event that is being worked on."""
        return self._event.text

    @property
    def evaluation(self) -> Evaluation:
        """What the workspace said to the event when it was last asked."""
        return self._evaluation

    def tell_edited(self) -> None:
        """Say above the panes whether definitions are edited and not written."""
        self._summarize(edited=len(self.bench.drafts) > 0)

    def load_event(self, name: str, text: str) -> None:
        """Make an event the present one, the selection left as it is."""
        self._event.begin(name, text)
        self._seeking = False

    def on_screen_resume(self) -> None:
        """Take up definitions that were edited elsewhere in the meantime."""
        if self._workspace is not self.bench.workspace:
            self._show_definitions()

    def tell_result(self, result: str, tone: Tone) -> None:
        """Say above the panes how the last delivery went."""
        self._summarize(result=result, tone=tone)

    async def current_event(self) -> Evaluation:
        """Return what the workspace says to the text in the editor as it is now."""
        text = self._event.text
        return await asyncio.to_thread(evaluate, self.bench, text, self._route, self._known_event(text))

    # The workspace

    def _show_workspace(self, route: str = "") -> None:
        self._event.load(self.bench.workspace.samples)
        self._show_definitions(route)

    def _show_definitions(self, route: str = "") -> None:
        workspace, routes = self.bench.workspace, self.bench.routes()
        self._workspace = workspace
        self._destinations.show(routes, route)
        if not routes:
            self._choose_route(None)
        self._destinations.describe(self._route)
        self.query_one("#events", Pane).say("Events", "n new")
        self._changed()
        errors = [fault for fault in workspace.faults if fault.severity == "error"]
        self._summarize(
            counts=(
                counted(len(workspace.destinations), "destination"),
                counted(len(workspace.rules), "rule"),
                counted(len(workspace.samples), "sample"),
            ),
            errors=len(errors),
            warnings=len(workspace.faults) - len(errors),
            edited=len(self.bench.drafts) > 0,
        )

    def _summarize(self, **changes: object) -> None:
        self._summary = replace(self._summary, **changes)  # type: ignore[arg-type]
        self.query_one(TopBar).summary = self._summary

    @on(DestinationList.RouteHighlighted)
    def _route_highlighted(self, event: DestinationList.RouteHighlighted) -> None:
        event.stop()
        if self._route is not None and event.route != self._route:
            self._seeking = False
        self._choose_route(event.route)

    def _choose_route(self, route: Route | None) -> None:
        if route != self._route:
            self._route = route
            self._destinations.describe(self._route)
            self._changed()
        self.refresh_bindings()

    def action_reload(self) -> None:
        """Read the definitions anew."""
        self.reload()

    def reload(self) -> Worker[None]:
        """Read the definitions anew, in the background; they are shown here when that has ended."""
        return self._reload()

    @work(exclusive=True, group="reload", exit_on_error=False)
    async def _reload(self) -> None:
        try:
            await asyncio.to_thread(self.bench.reload)
        except InspectorError as error:
            self.notify(f"{error}", severity="error")
            return
        self._show_workspace()
        faults = len(self.bench.workspace.faults)
        told = f"Read {counted(len(self.bench.workspace.files), 'file')}"
        self.notify(f"{told}, {counted(faults, 'fault')}." if faults else f"{told}.")

    def action_reauthorize(self) -> None:
        """Let the chosen connection be authorized anew."""
        if self._route:
            self.bench.reauthorize(self._route.connection)
            self._destinations.show_statuses(self._route)
            self.refresh_bindings()
            self._changed()

    # The event

    @on(EventList.Chosen)
    def _draft_chosen(self, event: EventList.Chosen) -> None:
        event.stop()
        if event.draft is not self._event.draft:
            # The first one comes by itself, beside the route to start with.
            self._seeking = self._event.draft is not None or not self._start.route
            self._event.choose(event.draft)

    @on(EventPane.Listed)
    def _drafts_changed(self, event: EventPane.Listed) -> None:
        event.stop()
        if event.draft:
            self.query_one(EventList).redraw(event.draft)
        else:
            self.query_one(EventList).fill(self._event.drafts.items, self._event.draft)

    @on(EventPane.Changed)
    def _event_changed(self, event: EventPane.Changed) -> None:
        event.stop()
        self._changed()

    def new_event(self, name: str, text: str) -> None:
        """Begin a new event and put the cursor into it."""
        self._seeking = True
        self._event.begin(name, text)
        self._deck.turn(self._deck.current if self.wide else "event")
        self._event.editor.focus()

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_new_event(self) -> None:
        """Pick a template and begin with it."""
        choices = [Choice(template.name, template.use) for template in TEMPLATES]
        if (number := await self.app.push_screen_wait(Picker("New event", choices))) is not None:
            self.new_event(TEMPLATES[number].name, TEMPLATES[number].text)

    def action_edit_outside(self) -> None:
        """Hand the event to the user's own editor."""
        self._event.edit_outside()

    def action_pretty(self) -> None:
        """Indent the event."""
        self._event.editor.action_pretty()

    def action_revert(self) -> None:
        """Undo every edit of the event."""
        self._event.revert()

    # Match, payload, request

    def _changed(self) -> None:
        """Evaluate anew; what was under way no longer counts."""
        self._revision += 1
        text, route, revision = self._event.text, self._route, self._revision
        if not text.strip():
            self.post_message(self.Evaluated(revision, Evaluation(text)))
            return
        known = self._known_event(text)

        def evaluated() -> None:
            evaluation = evaluate(self.bench, text, route, known)
            self.post_message(self.Evaluated(revision, evaluation))

        self.run_worker(evaluated, thread=True, exclusive=True, group="evaluate", exit_on_error=False)

    def _known_event(self, text: str) -> Event | None:
        return self._evaluation.event if self._evaluation.text == text else None

    @on(Evaluated)
    def _evaluated(self, message: Evaluated) -> None:
        if message.revision != self._revision:
            return
        self._evaluation = evaluation = message.evaluation
        self._destinations.show_firing(evaluation)
        if self._seeking and evaluation.event is not None and evaluation.text == self._event.text:
            self._seeking = False
            if self._seek(evaluation):
                return
        self._deck.title_neighbour(*self._event.title_for(evaluation))
        if evaluation.event is None:
            self._deck.explain(evaluation.problem or NO_EVENT)
        else:
            self._deck.show(evaluation, self._route, self._destinations.refused(self._route))

    def _seek(self, evaluation: Evaluation) -> bool:
        """Go to a route that fires, or nearly, if the chosen one stays silent; tell whether it did."""
        route = self._destinations.nearer(self._route, evaluation)
        if route is None:
            return False
        self._choose_route(route)
        self._destinations.go_to(route)
        return True

    @on(VerdictTree.PlacesHighlighted)
    def _places_highlighted(self, message: VerdictTree.PlacesHighlighted) -> None:
        message.stop()
        if self._event.editor.text == self._evaluation.text:
            self._event.show_places(message.places, reveal=message.tree.has_focus)

    @on(VerdictTree.PlaceChosen)
    def _place_chosen(self, message: VerdictTree.PlaceChosen) -> None:
        message.stop()
        self._deck.turn(self._deck.current if self.wide else "event")
        self._event.go_to_place(message.place)

    # Delivery

    @work(exclusive=True, group="send", exit_on_error=False)
    async def action_send(self) -> None:
        """Deliver the event along the chosen destination."""
        route, delivery = self._route, self._delivery
        if delivery.running:
            self.notify("A delivery is under way: x cancels it.", severity="warning")
            return
        if route is None:
            self.notify("There is no destination to send to.", severity="warning")
            return
        evaluation = await self.current_event()
        event, preview = evaluation.event, evaluation.preview
        if event is None or preview is None:
            self.notify(evaluation.problem or NO_EVENT, title="This is no event", severity="error")
            return
        if preview.problem:
            self.notify(preview.problem, title="EventBridge would refuse", severity="error")
            return
        result = preview.result
        silent = [result] if result and not result.matched else []
        if silent and not await self.app.push_screen_wait(send_anyway(silent)):
            return
        delivery.clear(route.name)
        self._deck.await_answer("Sending …")
        self._deck.note("response", Content(""))
        self._summarize(result="sending", tone="info")
        try:
            run = await asyncio.to_thread(self.bench.deliver, event, route)
        except InspectorError as error:
            self._summarize(result="not sent", tone="bad")
            self._deck.await_answer(f"{error}. {error.hint}")
            return
        self._deck.turn("response")
        delivery.play(run)

    @on(DeliveryPane.Progress)
    def _progress(self) -> None:
        self._destinations.show_statuses(self._route)
        self.refresh_bindings()

    @on(DeliveryPane.Shown)
    def _attempt_shown(self, message: DeliveryPane.Shown) -> None:
        self._deck.show_attempt(message.attempt)

    @on(DeliveryPane.Ended)
    def _ended(self, message: DeliveryPane.Ended) -> None:
        self.refresh_bindings()
        self._destinations.show_statuses(self._route)
        if message.outcome:
            self.tell_result(*outcome_words(message.outcome, message.last))
            if message.last is None:
                self._deck.await_answer(message.outcome.why)
        else:
            self._summarize(result="failed", tone="bad")
            self._deck.await_answer(message.trouble)
        if message.trouble:
            self.notify(message.trouble, severity="warning")

    def action_export_request(self) -> None:
        """Copy or save the request."""
        self._deck.request.action_export()

    def action_cancel(self) -> None:
        """End the delivery that is under way."""
        self._delivery.cancel()

    def action_skip_wait(self) -> None:
        """Fast-forward the wait."""
        self._delivery.skip_wait()

    async def stop(self) -> None:
        """End what runs, before the inspector does."""
        await self._delivery.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Tell which commands apply now."""
        if not self.is_mounted:
            return True
        match action:
            case "cancel":
                return self._delivery.running
            case "skip_wait":
                return self._delivery.running and self._delivery.waiting
            case "export_request":
                return self._deck.request.request is not None
            case "send":
                return not self._delivery.running
            case "reauthorize":
                return bool(self._destinations.refused(self._route))
        return True
