"""What edits of a route make of the present event and of past ones, and would change in the files."""

import asyncio
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.content import Content

from inspector.errors import InspectorError
from inspector.tui.screens.deck import Deck
from inspector.tui.screens.frame import ink
from inspector.tui.screens.match_view import MatchView
from inspector.tui.screens.past_catch import PastCatch
from inspector.tui.screens.results import payload_note, template_of
from inspector.tui.screens.trial import Trial
from inspector.tui.widgets.diff_view import DiffView
from inspector.tui.widgets.payload_view import PayloadView
from inspector.tui.widgets.request_view import RequestView
from inspector.workbench.drafts import Drafts

if TYPE_CHECKING:
    from inspector.config.editing.difference import DiffLine

NO_EVENT: Final = "There is no event to try it on: choose one in the workbench."


class TrialDeck(Deck):
    """Whether the rule fires, the payload, the request, past events that it catches, the differences."""

    def __init__(self) -> None:
        views = (
            ("match", "Match", MatchView()),
            ("payload", "Payload", PayloadView()),
            ("request", "Request", RequestView()),
            ("past", "Past events", PastCatch()),
            ("diff", "Diff", DiffView()),
        )
        super().__init__(views, id="tried")

    @property
    def past(self) -> PastCatch:
        """The past events."""
        return self.query_one(PastCatch)

    def clear(self, why: str) -> None:
        """Say why nothing is tried."""
        self.query_one(MatchView).clear(why)
        self.query_one(PayloadView).clear(why)
        self.query_one(RequestView).clear(why)

    def show(self, trial: Trial, pattern: str, *, template: bool) -> None:
        """Show a trial. pattern: the text that was tried. template: show the template beside the payload."""
        self._show_match(trial, pattern)
        self._show_payload(trial, template=template)

    def _show_match(self, trial: Trial, pattern: str) -> None:
        match, route, evaluation = self.query_one(MatchView), trial.route, trial.evaluation
        if problem := trial.problems.get("pattern"):
            lines = [
                "EventBridge refuses this pattern",
                problem.message,
                problem.place(pattern),
                problem.hint,
            ]
            match.clear("\n".join(line for line in lines if line))
            self.note("match", ink("refused", "bad"))
        elif evaluation.event is None:
            match.clear(evaluation.problem or NO_EVENT)
            self.note("match", Content(""))
        elif route is None or route.rule is None:
            match.clear("No rule stands before this destination: it takes every event that is sent to it.")
            self.note("match", Content(""))
        else:
            own = [result for result in evaluation.results if result.rule == route.rule]
            match.show(own, route)
            fires = any(result.matched for result in own)
            self.note("match", ink("✓ fires" if fires else "✗ does not fire", "ok" if fires else "bad"))

    def _show_payload(self, trial: Trial, *, template: bool) -> None:
        payload, request = self.query_one(PayloadView), self.query_one(RequestView)
        evaluation, preview = trial.evaluation, trial.evaluation.preview
        refused = [trial.problems[name] for name in ("template", "paths", "input", "input-path")
                   if name in trial.problems]  # fmt: skip
        if refused or evaluation.event is None or preview is None:
            told = [f"EventBridge refuses this\n{problem.message}\n{problem.hint}" for problem in refused[:1]]
            why = told[0] if told else evaluation.problem or NO_EVENT
            payload.clear(why)
            request.clear(why)
            self.note("payload", ink("refused", "bad") if refused else Content(""))
            self.note("request", Content(""))
        elif preview.payload is None or preview.request is None:
            payload.clear(preview.problem)
            request.clear(preview.problem)
            self.note("payload", ink("EventBridge would refuse this target", "bad"))
            self.note("request", Content(""))
        else:
            payload.show(preview.payload, template_of(preview.route) if template else None)
            note = payload_note(preview.payload.verdict, preview.payload.mode)
            if fix := preview.payload.fix:
                note = ink(f"^t {fix.text}", "warn")
            self.note("payload", note)
            request.show(preview.request)
            self.note("request", ink("preview"))

    @on(PastCatch.Counted)
    def _counted(self, message: PastCatch.Counted) -> None:
        message.stop()
        self.note("past", message.note)

    @work(exclusive=True, group="diff", exit_on_error=False)
    async def compare_files(self, drafts: Drafts) -> None:
        """Show what edits would change in the files."""
        view = self.query_one(DiffView)
        if not len(drafts):
            view.clear("Nothing is edited: the files have it as it is.")
            self.note("diff", Content(""))
            return
        try:
            lines = await asyncio.to_thread(_differences, drafts)
        except InspectorError as error:
            view.clear(f"{error}\n{error.hint}")
            self.note("diff", ink("cannot be written", "bad"))
            return
        view.show(lines)
        added = sum(line.mark == "added" for line in lines)
        removed = sum(line.mark == "removed" for line in lines)
        self.note("diff", Content.assemble(ink(f"+{added}", "ok"), " ", ink(f"-{removed}", "bad"),
                                           ink(" · ^s writes")))  # fmt: skip


def _differences(drafts: Drafts) -> "list[DiffLine]":
    from inspector.config.editing.difference import difference

    return [line for change in drafts.changes() for line in difference(change)]
