"""The definition of the chosen route, edited and tried at once; no file is touched until it is asked for."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.worker import get_current_worker

from inspector.errors import InspectorError
from inspector.eventbridge.resources import Workspace
from inspector.tui.commands import bindings
from inspector.tui.screens.confirm import Confirm
from inspector.tui.screens.deck import Deck
from inspector.tui.screens.definition_fields import PAGES, TEMPLATE
from inspector.tui.screens.definition_pane import NO_ROUTE, DefinitionPane, problem_note
from inspector.tui.screens.frame import Framed, TopBar, ink
from inspector.tui.screens.match_view import MatchView
from inspector.tui.screens.results import counted, payload_note, template_of
from inspector.tui.screens.trial import (
    Problem,
    Trial,
    named_route,
    owner_of,
    pattern_in,
    present_values,
    try_out,
)
from inspector.tui.widgets.diff_view import DiffView
from inspector.tui.widgets.editor import JsonEditor
from inspector.tui.widgets.external import edit_externally
from inspector.tui.widgets.palette import Span
from inspector.tui.widgets.past_events import PastEvents
from inspector.tui.widgets.payload_view import PayloadView
from inspector.tui.widgets.request_view import RequestView
from inspector.workbench import Workbench
from inspector.workbench.past import MOST, PastEvent, caught, newest

if TYPE_CHECKING:
    from inspector.config.editing.difference import DiffLine
    from inspector.tui.screens.workbench import WorkbenchScreen

ROWS: Final = 500
"""So many matching events are listed; all are counted."""
NO_EVENT: Final = "There is no event to try it on: choose one in the workbench."


class DefinitionScreen(Framed):
    """Editors of the route's parts beside what they make of the present event and of past ones."""

    SCOPE = "definition"
    BINDINGS: ClassVar[list[BindingType]] = bindings("definition")
    AUTO_FOCUS = ""

    class Tried(Message):
        """Edits were tried in the background. `revision` tells whether that still counts."""

        def __init__(self, revision: int, trial: Trial) -> None:
            super().__init__()
            self.revision, self.trial = revision, trial

    class Caught(Message):
        """A pattern was tried on past events."""

        def __init__(self, revision: int, events: Sequence[PastEvent], number: int) -> None:
            super().__init__()
            self.revision, self.events, self.number = revision, events, number

    def __init__(self, bench: Workbench, workbench: "WorkbenchScreen") -> None:
        super().__init__()
        self.bench, self._workbench = bench, workbench
        self._route_name = ""
        self._loaded: Workspace | None = None
        self._revision = 0
        self._trying = Lock()
        self._trial: Trial | None = None
        self._past: tuple[PastEvent, ...] | None = None
        self._no_past = ""

    def body(self) -> ComposeResult:
        """Return the panes."""
        views = (
            ("match", "Match", MatchView()),
            ("payload", "Payload", PayloadView()),
            ("request", "Request", RequestView()),
            ("past", "Past events", PastEvents()),
            ("diff", "Diff", DiffView()),
        )
        with Horizontal(id="desk"):
            yield DefinitionPane(id="definition")
            yield Deck(views, id="tried")

    def on_screen_resume(self) -> None:
        """Take up the route and the event of the workbench."""
        self.query_one(TopBar).summary = self._workbench.summary
        route = self._workbench.route
        name, loaded = route.name if route else "", self.bench.drafts.loaded
        if name != self._route_name or loaded is not self._loaded:
            first = not self._route_name
            self._route_name, self._loaded = name, loaded
            self._fill()
            if first and name:
                self._pane.turn(self._pane.page.name)
                self._show_page()
        else:
            self._try()
        self._read_past()

    @property
    def _pane(self) -> DefinitionPane:
        return self.query_one(DefinitionPane)

    @property
    def _deck(self) -> Deck:
        return self.query_one("#tried", Deck)

    def _fill(self) -> None:
        """Put what the definitions hold now, edits included, into the editors."""
        route = named_route(self.bench, self._route_name)
        self._trial = None
        if route is None:
            self._pane.fill({})
            self.query_one(MatchView).clear(NO_ROUTE)
            self.query_one(PayloadView).clear(NO_ROUTE)
            self.query_one(RequestView).clear(NO_ROUTE)
            self._draw()
            return
        self._pane.fill(present_values(self.bench, route))
        self._try()

    # Pages and views

    def action_show_tab(self, name: str) -> None:
        """Bring a page or a view to the front."""
        if any(page.name == name for page in PAGES):
            self._pane.turn(name)
            self._show_page()
        else:
            self._turn(name)

    def action_page(self, step: int) -> None:
        """Bring the next or the previous page to the front, and the view that shows what it does."""
        self._pane.step(step)
        self._show_page()

    def action_tab(self, step: int) -> None:
        """Bring the next or the previous view to the front."""
        self._deck.step(step)
        self._turned()

    def _show_page(self) -> None:
        self._turn(self._pane.page.view)
        self._draw()

    def _turn(self, name: str) -> None:
        self._deck.turn(name)
        self._turned()

    def _turned(self) -> None:
        if self._deck.current == "diff":
            self._compare_files()
        self.refresh_bindings()

    # Trying

    @on(DefinitionPane.Edited)
    def _edited(self, event: DefinitionPane.Edited) -> None:
        event.stop()
        self._try()

    def _try(self) -> None:
        """Try what stands in the editors; what was under way no longer counts."""
        self._revision += 1
        if not self._route_name:
            return
        revision, name, typed = self._revision, self._route_name, self._pane.typed()
        text = self._workbench.event_text
        known = self._trial.evaluation if self._trial else self._workbench.evaluation
        event = known.event if known.text == text else None

        def tried() -> None:
            with self._trying:  # an older text must not be laid over a newer one
                if revision != self._revision:
                    return
                trial = try_out(self.bench, name, typed, text, event)
            self.post_message(self.Tried(revision, trial))

        self.run_worker(tried, thread=True, exclusive=True, group="try", exit_on_error=False)
        self._match_past()

    @on(Tried)
    def _tried(self, message: Tried) -> None:
        if message.revision != self._revision:
            return
        self._trial = trial = message.trial
        self._workbench.tell_edited()
        self.query_one(TopBar).summary = self._workbench.summary
        self._draw()
        self._show_match(trial)
        self._show_payload(trial)
        self._mark(trial)
        if self._deck.current == "diff":
            self._compare_files()
        self.refresh_bindings()

    def _draw(self) -> None:
        """Say in the pane's border what is edited and whether it would be accepted."""
        trial, page = self._trial, self._pane.page
        edited = trial.edited if trial else frozenset()
        dots = {p.name: any(edited.intersection(f.members) for f in p.fields) for p in PAGES}
        if problem := self._problem:
            text = self._pane.editor(next(f for f in page.fields if f.name == problem.field)).text
            told = ": ".join(part for part in (problem.place(text), problem.message) if part)
            note = problem_note(told, self._pane.size.width - 4)
        elif trial is None or trial.route is None:
            note = ink("")
        else:
            note = Content.assemble(
                ink("✔ accepted", "ok"), ink(" · edited, not written" if dots[page.name] else "")
            )
        self._pane.draw(self._route_name, dots, note)

    @property
    def _problem(self) -> Problem | None:
        """The first problem of the page in front."""
        problems = self._trial.problems if self._trial else {}
        return next((problems[f.name] for f in self._pane.page.fields if f.name in problems), None)

    def _show_match(self, trial: Trial) -> None:
        match, deck, route = self.query_one(MatchView), self._deck, trial.route
        evaluation = trial.evaluation
        if problem := trial.problems.get("pattern"):
            place = problem.place(self._pane.typed()["pattern"].text)
            lines = ["EventBridge refuses this pattern", problem.message, place, problem.hint]
            match.clear("\n".join(line for line in lines if line))
            deck.note("match", ink("refused", "bad"))
        elif evaluation.event is None:
            match.clear(evaluation.problem or NO_EVENT)
            deck.note("match", Content(""))
        elif route is None or route.rule is None:
            match.clear("No rule stands before this destination: it takes every event that is sent to it.")
            deck.note("match", Content(""))
        else:
            own = [result for result in evaluation.results if result.rule == route.rule]
            match.show(own, route)
            fires = any(result.matched for result in own)
            deck.note("match", ink("✓ fires" if fires else "✗ does not fire", "ok" if fires else "bad"))

    def _show_payload(self, trial: Trial) -> None:
        payload, request, deck = self.query_one(PayloadView), self.query_one(RequestView), self._deck
        evaluation, preview = trial.evaluation, trial.evaluation.preview
        refused = [trial.problems[name] for name in ("template", "paths", "input", "input-path")
                   if name in trial.problems]  # fmt: skip
        if refused or evaluation.event is None or preview is None:
            told = [f"EventBridge refuses this\n{problem.message}\n{problem.hint}" for problem in refused[:1]]
            why = told[0] if told else evaluation.problem or NO_EVENT
            payload.clear(why)
            request.clear(why)
            deck.note("payload", ink("refused", "bad") if refused else Content(""))
            deck.note("request", Content(""))
        elif preview.payload is None or preview.request is None:
            payload.clear(preview.problem)
            request.clear(preview.problem)
            deck.note("payload", ink("EventBridge would refuse this target", "bad"))
            deck.note("request", Content(""))
        else:
            # The template stands beside it already.
            payload.show(preview.payload, None if self.wide else template_of(preview.route))
            note = payload_note(preview.payload.verdict, preview.payload.mode)
            if fix := preview.payload.fix:
                note = ink(f"^t {fix.text}", "warn")
            deck.note("payload", note)
            request.show(preview.request)
            deck.note("request", ink("preview"))

    def _mark(self, trial: Trial) -> None:
        """Let placeholders stand out in the template, and in every text what is refused."""
        for field in self._pane.fields:
            marks: list[Span] = []
            if field is TEMPLATE and field.name not in trial.problems:
                culprit = self._culprit(trial)
                marks += [
                    (place.start, place.end, "place-bad" if place.start == culprit else "changed")
                    for place in trial.placeholders
                ]
            problem = trial.problems.get(field.name)
            if problem and problem.start is not None and problem.end is not None:
                marks.append((problem.start, problem.end, "place-bad"))
            self._pane.editor(field).mark(marks)

    @staticmethod
    def _culprit(trial: Trial) -> int | None:
        """Return where in the template the placeholder begins at which the payload stops being JSON."""
        preview = trial.evaluation.preview
        payload = preview.payload if preview else None
        if payload is None or payload.fault_at is None:
            return None
        before = [place.start for place in payload.placeholders if place.body_start <= payload.fault_at]
        return before[-1] if before else None

    # Past events

    @work(exclusive=True, group="past", exit_on_error=False)
    async def _read_past(self) -> None:
        """Read the newest events of the history, once for every visit."""
        if self.bench.db is None:
            self._past, self._no_past = (), "This session keeps no history."
        else:
            try:
                self._past, self._no_past = await self.bench.in_history(newest), ""
            except InspectorError as error:
                self._past, self._no_past = (), f"{error}. {error.hint}"
        self._match_past()

    def _match_past(self) -> None:
        """Look for the events that the pattern catches; what was under way is given up."""
        events, pattern, revision = self._past, pattern_in(self._pane.typed()), self._revision
        if events is None:
            return
        if not events or pattern is None:
            empty = self._no_past or (
                "The history has no events yet." if pattern else "There is no pattern to look with."
            )
            self.query_one(PastEvents).show((), empty=empty)
            self._deck.note("past", Content(""))
            return

        def matched() -> None:
            worker = get_current_worker()
            found: list[PastEvent] = []
            number = 0
            for event in caught(pattern, events, cancelled=lambda: worker.is_cancelled):
                number += 1
                if number <= ROWS:
                    found.append(event)
            if not worker.is_cancelled:
                self.post_message(self.Caught(revision, found, number))

        self.run_worker(matched, thread=True, exclusive=True, group="match-past", exit_on_error=False)

    @on(Caught)
    def _caught(self, message: Caught) -> None:
        if message.revision != self._revision:
            return
        looked = len(self._past or ())
        self.query_one(PastEvents).show(message.events, empty="None of the past events match.")
        of = f"the newest {looked:,} events" if looked == MOST else counted(looked, "past event")
        told = f"{message.number:,} of {of} {'matches' if message.number == 1 else 'match'}"
        self._deck.note("past", ink(told, "ok" if message.number else "plain"))

    @on(PastEvents.Opened)
    def _opened(self, message: PastEvents.Opened) -> None:
        message.stop()
        event = message.event
        self._workbench.load_event(f"{event.detail_type} (history)", event.document)
        self.call_after_refresh(self._try)

    # Commands

    def action_apply_fix(self) -> None:
        """Put the suggested template in place of the present one, as one edit that can be undone."""
        preview = self._trial.evaluation.preview if self._trial else None
        fix = preview.payload.fix if preview and preview.payload else None
        if fix is not None:
            editor = self._pane.editor(TEMPLATE)
            editor.replace(fix.template, editor.document.start, editor.document.end)

    def action_go_to_fault(self) -> None:
        """Put the cursor on what is refused, or on what breaks the payload."""
        if (field_start := self._fault()) is not None:
            name, start = field_start
            page = next(page for page in PAGES if any(field.name == name for field in page.fields))
            field = next(field for field in page.fields if field.name == name)
            self._pane.turn(page.name)
            editor = self._pane.editor(field)
            editor.focus()
            editor.go_to_offset(start)
            self._draw()

    def _fault(self) -> tuple[str, int] | None:
        trial = self._trial
        if trial is None:
            return None
        problems = [self._problem, *trial.problems.values()]
        for problem in problems:
            if problem and problem.start is not None:
                return problem.field, problem.start
        culprit = self._culprit(trial)
        return None if culprit is None else (TEMPLATE.name, culprit)

    def action_pretty(self) -> None:
        """Indent the JSON of the field that has the focus."""
        if isinstance(editor := self.focused, JsonEditor):
            editor.action_pretty()

    def action_edit_outside(self) -> None:
        """Hand the field that has the focus to the person's own editor."""
        if not isinstance(editor := self.focused, JsonEditor):
            return
        try:
            text = edit_externally(self.app, editor.text)
        except InspectorError as error:
            self.notify(f"{error}. {error.hint}", severity="warning", markup=False)
            return
        if text is not None and text != editor.text:
            editor.replace(text, editor.document.start, editor.document.end)

    @work(exclusive=True, group="diff", exit_on_error=False)
    async def _compare_files(self) -> None:
        """Show what the edits would change in the files."""
        view, deck = self.query_one(DiffView), self._deck
        if not len(self.bench.drafts):
            view.clear("Nothing is edited: the files have it as it is.")
            deck.note("diff", Content(""))
            return
        try:
            lines = await asyncio.to_thread(self._differences)
        except InspectorError as error:
            view.clear(f"{error}\n{error.hint}")
            deck.note("diff", ink("cannot be written", "bad"))
            return
        view.show(lines)
        added = sum(line.mark == "added" for line in lines)
        removed = sum(line.mark == "removed" for line in lines)
        deck.note("diff", Content.assemble(ink(f"+{added}", "ok"), " ", ink(f"-{removed}", "bad"),
                                           ink(" · ^s writes")))  # fmt: skip

    def _differences(self) -> "list[DiffLine]":
        from inspector.config.editing.difference import difference

        return [line for change in self.bench.drafts.changes() for line in difference(change)]

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_write(self) -> None:
        """Write the edits into their files, once that is confirmed."""
        if problem := self._problem:
            self.notify(problem.message, title="Not written", severity="error", markup=False)
            self.action_go_to_fault()
            return
        try:
            changes = await asyncio.to_thread(self.bench.drafts.changes)
            files = [change for change in changes if change.changed]
            lines = [f"{change.name}\n  kept as {_backup_of(change.path)}" for change in files]
            if not files or not await self.app.push_screen_wait(
                Confirm("Write the edits?", "\n".join(lines), yes="Write")
            ):
                return
            saved = await asyncio.to_thread(self.bench.write)
        except InspectorError as error:
            self.notify(f"{error}. {error.hint}", title="Not written", severity="error", markup=False)
            return
        self._loaded = self.bench.drafts.loaded
        told = "\n".join(f"Wrote {one.name}; what it was is in {one.backup.name}." for one in saved)
        self.notify(told, markup=False)
        self._fill()
        self._turned()

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_discard(self) -> None:
        """Drop the edits of this route, once that is confirmed."""
        route = named_route(self.bench, self._route_name)
        if route is None:
            return
        text = f"All edits of {self._route_name} are dropped. The files stay as they are."
        if await self.app.push_screen_wait(Confirm("Discard the edits?", text, yes="Discard")):
            self._revision += 1
            for owner in {owner_of(route, f.members[0]) for page in PAGES for f in page.fields} - {None}:
                self.bench.discard(owner)
            self._fill()
            self._turned()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Tell which commands apply now."""
        if not self.is_mounted:
            return True
        match action:
            case "write" | "discard":
                return len(self.bench.drafts) > 0
            case "apply_fix":
                preview = self._trial.evaluation.preview if self._trial else None
                return bool(preview and preview.payload and preview.payload.fix)
            case "go_to_fault":
                return self._fault() is not None
            case "page":
                return bool(self._route_name)
            case "pretty" | "edit_outside":
                return isinstance(self.focused, JsonEditor)
        return True


def _backup_of(path: Path) -> str:
    """Return the name under which what a file was is going to be kept."""
    names = (f"{path.name}.bak{f'.{number}' if number > 1 else ''}" for number in range(1, 1000))
    return next((name for name in names if not path.with_name(name).exists()), f"{path.name}.bak")
