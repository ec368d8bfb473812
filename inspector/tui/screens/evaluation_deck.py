"""What the workspace makes of the present event: who fires, the payload, the request; and what came back."""

from textual.content import Content

from inspector.delivery.events import Attempt
from inspector.eventbridge.resources import Route
from inspector.tui.screens.deck import Deck
from inspector.tui.screens.evaluation import Evaluation
from inspector.tui.screens.frame import ink
from inspector.tui.screens.match_view import MatchView
from inspector.tui.screens.results import attempt_note, counted, payload_note, template_of
from inspector.tui.widgets.payload_view import PayloadView
from inspector.tui.widgets.request_view import RequestView, ResponseView
from inspector.workbench import Preview


class EvaluationDeck(Deck):
    """The four views, with a word on each in the lower border."""

    def __init__(self) -> None:
        views = (
            ("match", "Match", MatchView()),
            ("payload", "Payload", PayloadView()),
            ("request", "Request", RequestView()),
            ("response", "Response", ResponseView()),
        )
        super().__init__(views, id="deck")

    @property
    def request(self) -> RequestView:
        """The request that would be sent, or that was."""
        return self.query_one(RequestView)

    @property
    def _payload(self) -> PayloadView:
        return self.query_one(PayloadView)

    def explain(self, why: str) -> None:
        """Say why there is nothing to show of an event."""
        for view in (self.query_one(MatchView), self._payload, self.request):
            view.clear(why)
        for tab in ("match", "payload", "request"):
            self.note(tab, Content(""))

    def show(self, evaluation: Evaluation, route: Route | None, refused: str) -> None:
        """Show what was made of an event. refused: why the connection is deauthorized, where it is."""
        self.query_one(MatchView).show(evaluation.results, route)
        firing = sum(result.matched for result in evaluation.results)
        told = f"{firing} of {counted(len(evaluation.results), 'rule')} would fire"
        self.note("match", ink(told, "ok" if firing else "plain"))
        if evaluation.preview is None:
            self._payload.clear("Choose a destination to see its payload.")
            self.request.clear("Choose a destination to see its request.")
        else:
            self._show_preview(evaluation.preview, refused)

    def _show_preview(self, preview: Preview, refused: str) -> None:
        if preview.payload is None or preview.request is None:
            self._payload.clear(preview.problem)
            self.request.clear(preview.problem)
            self.note("payload", ink("EventBridge would refuse this target", "bad"))
            self.note("request", Content(""))
            return
        self._payload.show(preview.payload, template_of(preview.route))
        self.note("payload", payload_note(preview.payload.verdict, preview.payload.mode))
        self.request.show(preview.request)
        assumed = len(preview.request.assumptions)
        note = ink("preview" + (f" · {counted(assumed, 'assumption')}" if assumed else ""))
        self.note("request", ink(f"DEAUTHORIZED: {refused}", "bad") if refused else note)

    def await_answer(self, message: str) -> None:
        """Say in the answer's place that there is none yet, or why there will be none."""
        self.query_one(ResponseView).clear(message)

    def show_attempt(self, attempt: Attempt) -> None:
        """Show what an attempt sent and got."""
        self.query_one(ResponseView).show(attempt)
        self.note("response", attempt_note(attempt))
        self.request.show(attempt.request)
        self.note("request", ink(f"as sent · attempt {attempt.number}", "info"))
