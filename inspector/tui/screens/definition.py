"""The definition of the chosen route, edited and tried at once; no file is touched until it is asked for."""

import asyncio
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message

from inspector.errors import InspectorError
from inspector.eventbridge.resources import Workspace
from inspector.tui.commands import bindings
from inspector.tui.screens.confirm import Confirm
from inspector.tui.screens.definition_fields import PAGES, TEMPLATE
from inspector.tui.screens.definition_pane import NO_ROUTE, DefinitionPane, problem_note
from inspector.tui.screens.frame import Framed, TopBar, ink
from inspector.tui.screens.trial import (
    Problem,
    Trial,
    named_route,
    owner_of,
    pattern_in,
    present_values,
    try_out,
)
from inspector.tui.screens.trial_deck import TrialDeck
from inspector.tui.widgets.editor import JsonEditor
from inspector.tui.widgets.external import edit_externally
from inspector.tui.widgets.palette import Span
from inspector.tui.widgets.past_events import PastEvents
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.tui.screens.workbench import WorkbenchScreen


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

    def __init__(self, bench: Workbench, workbench: "WorkbenchScreen") -> None:
        super().__init__()
        self.bench, self._workbench = bench, workbench
        self._route_name = ""
        self._loaded: Workspace | None = None
        self._revision = 0
        self._trying = Lock()
        self._trial: Trial | None = None

    def body(self) -> ComposeResult:
        """Return the panes."""
        with Horizontal(id="desk"):
            yield DefinitionPane(id="definition")
            yield TrialDeck()

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
    def _deck(self) -> TrialDeck:
        return self.query_one(TrialDeck)

    def _fill(self) -> None:
        """Put what the definitions hold now, edits included, into the editors."""
        route = named_route(self.bench, self._route_name)
        self._trial = None
        if route is None:
            self._pane.fill({})
            self._deck.clear(NO_ROUTE)
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
            self._deck.compare_files(self.bench.drafts)
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
        self._deck.past.match(pattern_in(typed))

    @on(Tried)
    def _tried(self, message: Tried) -> None:
        if message.revision != self._revision:
            return
        self._trial = trial = message.trial
        self._workbench.tell_edited()
        self.query_one(TopBar).summary = self._workbench.summary
        self._draw()
        # On a wide screen the template stands beside the payload already.
        pattern = self._pane.typed().get("pattern")
        self._deck.show(trial, pattern.text if pattern else "", template=not self.wide)
        self._mark(trial)
        if self._deck.current == "diff":
            self._deck.compare_files(self.bench.drafts)
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

    def _mark(self, trial: Trial) -> None:
        """Let placeholders stand out in the template, and in every text what is refused."""
        for field in self._pane.fields:
            marks: list[Span] = []
            if field is TEMPLATE and field.name not in trial.problems:
                culprit = trial.culprit
                marks += [
                    (place.start, place.end, "place-bad" if place.start == culprit else "changed")
                    for place in trial.placeholders
                ]
            problem = trial.problems.get(field.name)
            if problem and problem.start is not None and problem.end is not None:
                marks.append((problem.start, problem.end, "place-bad"))
            self._pane.editor(field).mark(marks)

    # Past events

    @work(exclusive=True, group="past", exit_on_error=False)
    async def _read_past(self) -> None:
        """Read the newest events of the history, once for every visit."""
        past = self._deck.past
        await past.read(self.bench)
        past.match(pattern_in(self._pane.typed()))

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
        culprit = trial.culprit
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
