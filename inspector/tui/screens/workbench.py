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

from inspector.auth.state import ConnectionStatus
from inspector.errors import InspectorError
from inspector.eventbridge.event import Event
from inspector.eventbridge.resources import Route, Workspace
from inspector.tui.commands import bindings
from inspector.tui.screens.confirm import send_anyway
from inspector.tui.screens.deck import Deck
from inspector.tui.screens.delivery_pane import DeliveryPane
from inspector.tui.screens.evaluation import Evaluation, evaluate
from inspector.tui.screens.event_list import EventList
from inspector.tui.screens.event_pane import EventPane
from inspector.tui.screens.frame import Framed, Pane, Summary, Tone, TopBar, ink
from inspector.tui.screens.match_view import MatchView
from inspector.tui.screens.picker import Choice, Picker
from inspector.tui.screens.results import attempt_note, counted, outcome_words, payload_note, template_of
from inspector.tui.widgets.destination_list import DestinationList
from inspector.tui.widgets.payload_view import PayloadView
from inspector.tui.widgets.request_view import RequestView, ResponseView
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
        self._refused: set[str] = set()
        self._revision = 0
        self._evaluation = Evaluation("")
        # An event that is picked takes the selection to a route that fires for it, once.
        self._seeking = not start.route

    # Layout

    def body(self) -> ComposeResult:
        """Return the panes."""
        views = (
            ("match", "Match", MatchView()),
            ("payload", "Payload", PayloadView()),
            ("request", "Request", RequestView()),
            ("response", "Response", ResponseView()),
        )
        with Vertical(id="work"):
            with Horizontal(id="desk"):
                with Vertical(id="side"):
                    with Pane(id="destinations"):
                        yield DestinationList()
                    with Pane(id="events"):
                        yield EventList()
                yield EventPane(id="event")
                yield Deck(views, id="deck")
            yield DeliveryPane(id="delivery")

    def on_mount(self) -> None:
        """Show the workspace."""
        if self._start.event_text:
            self._event.begin(self._start.event_name or "event", self._start.event_text)
        self._response.clear(NO_ANSWER)
        self._deck.join(self._event, "event", "Event")
        self._show_workspace(self._start.route)

    def on_resize(self) -> None:
        """Move the editor into the tabs, or out of them."""
        self.call_after_refresh(self._arrange)

    @property
    def _deck(self) -> Deck:
        return self.query_one("#deck", Deck)

    @property
    def _event(self) -> EventPane:
        return self.query_one(EventPane)

    @property
    def _delivery(self) -> DeliveryPane:
        return self.query_one(DeliveryPane)

    @property
    def _response(self) -> ResponseView:
        return self.query_one(ResponseView)

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
        destinations = self.query_one(DestinationList)
        destinations.show(routes, self._statuses())
        if route:
            destinations.highlight(route)
        if not routes:
            self._choose_route(None)
        self._describe_connection()
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

    def _statuses(self) -> dict[str, ConnectionStatus]:
        return {c.name: self.bench.status(c) for c in self.bench.workspace.connections}

    def _show_statuses(self) -> None:
        statuses = self._statuses()
        self.query_one(DestinationList).update_statuses(statuses)
        self._describe_connection()
        refused = {name: status.reason for name, status in statuses.items() if status.state == "DEAUTHORIZED"}
        for name in refused.keys() - self._refused:
            told = f"Connection {name} is DEAUTHORIZED: {refused[name]}. Press a to authorize it again."
            self.notify(told, severity="warning")
        self._refused = set(refused)

    def _describe_connection(self) -> None:
        """Say in the border why the chosen connection cannot authorize, where it cannot."""
        pane = self.query_one("#destinations", Pane)
        status = self.bench.status(self._route.connection) if self._route else None
        if status is not None and status.state == "DEAUTHORIZED":
            pane.say("Destinations", ink("refused · a re-authorizes", "bad"))
        else:
            pane.say("Destinations", ink(counted(len(self.bench.routes()), "route")))

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
            self._describe_connection()
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
            self._show_statuses()
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
        self._show_firing(evaluation)
        if self._seeking and evaluation.event is not None and evaluation.text == self._event.text:
            self._seeking = False
            if self._seek(evaluation):
                return
        self._deck.title_neighbour(*self._event.title_for(evaluation))
        match, payload = self.query_one(MatchView), self.query_one(PayloadView)
        request, deck = self.query_one(RequestView), self._deck
        if evaluation.event is None:
            why = evaluation.problem or NO_EVENT
            for view in (match, payload, request):
                view.clear(why)
            for tab in ("match", "payload", "request"):
                deck.note(tab, Content(""))
            return
        match.show(evaluation.results, self._route)
        firing = sum(result.matched for result in evaluation.results)
        told = f"{firing} of {counted(len(evaluation.results), 'rule')} would fire"
        deck.note("match", ink(told, "ok" if firing else "plain"))
        preview = evaluation.preview
        if preview is None:
            payload.clear("Choose a destination to see its payload.")
            request.clear("Choose a destination to see its request.")
            return
        if preview.payload is None or preview.request is None:
            payload.clear(preview.problem)
            request.clear(preview.problem)
            deck.note("payload", ink("EventBridge would refuse this target", "bad"))
            deck.note("request", Content(""))
            return
        payload.show(preview.payload, template_of(preview.route))
        deck.note("payload", payload_note(preview.payload.verdict, preview.payload.mode))
        request.show(preview.request)
        assumed = len(preview.request.assumptions)
        note = ink("preview" + (f" · {counted(assumed, 'assumption')}" if assumed else ""))
        status = self.bench.status(preview.route.connection)
        if status.state == "DEAUTHORIZED":
            note = ink(f"DEAUTHORIZED: {status.reason}", "bad")
        deck.note("request", note)

    def _show_firing(self, evaluation: Evaluation) -> None:
        firing = [route.name for result in evaluation.results if result.matched for route in result.routes]
        self.query_one(DestinationList).update_firing(firing)

    def _seek(self, evaluation: Evaluation) -> bool:
        """Go to the first route whose rule fires, else to the nearest miss, if the chosen one stays silent.

        Tell whether it went anywhere.
        """
        chosen = self._route
        if chosen is None or chosen.rule is None:
            return False
        if any(result.matched and result.rule == chosen.rule for result in evaluation.results):
            return False
        nearest = (r.routes[0] for r in evaluation.results if r.routes and r.score > 0)
        route = self.query_one(DestinationList).first_firing() or next(nearest, None)
        if route is None or route.name == chosen.name:
            return False
        self._choose_route(route)
        self.query_one(DestinationList).highlight(route.name)
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
        self._response.clear("Sending …")
        self._deck.note("response", Content(""))
        self._summarize(result="sending", tone="info")
        try:
            run = await asyncio.to_thread(self.bench.deliver, event, route)
        except InspectorError as error:
            self._summarize(result="not sent", tone="bad")
            self._response.clear(f"{error}. {error.hint}")
            return
        self._deck.turn("response")
        delivery.play(run)

    @on(DeliveryPane.Progress)
    def _progress(self) -> None:
        self._show_statuses()
        self.refresh_bindings()

    @on(DeliveryPane.Shown)
    def _attempt_shown(self, message: DeliveryPane.Shown) -> None:
        self._response.show(message.attempt)
        self._deck.note("response", attempt_note(message.attempt))
        self.query_one(RequestView).show(message.attempt.request)
        self._deck.note("request", ink(f"as sent · attempt {message.attempt.number}", "info"))

    @on(DeliveryPane.Ended)
    def _ended(self, message: DeliveryPane.Ended) -> None:
        self.refresh_bindings()
        self._show_statuses()
        if message.outcome:
            self.tell_result(*outcome_words(message.outcome, message.last))
            if message.last is None:
                self._response.clear(message.outcome.why)
        else:
            self._summarize(result="failed", tone="bad")
            self._response.clear(message.trouble)
        if message.trouble:
            self.notify(message.trouble, severity="warning")

    def action_export_request(self) -> None:
        """Copy or save the request."""
        self.query_one(RequestView).action_export()

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
                return self.query_one(RequestView).request is not None
            case "send":
                return not self._delivery.running
            case "reauthorize":
                return (
                    self._route is not None
                    and self.bench.status(self._route.connection).state == "DEAUTHORIZED"
                )
        return True
