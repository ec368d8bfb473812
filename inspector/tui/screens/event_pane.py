"""The event that is worked on: the editor, the drafts that it edits, and what is to be said of its text."""

import asyncio
from collections.abc import Iterable, Sequence

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from inspector.errors import InspectorError
from inspector.eventbridge.resources import SampleEvent
from inspector.tui.screens.drafts import Draft, Drafts
from inspector.tui.screens.evaluation import Evaluation
from inspector.tui.screens.frame import Pane, ink
from inspector.tui.widgets.editor import JsonEditor
from inspector.tui.widgets.external import edit_externally
from inspector.tui.widgets.json_places import locate
from inspector.tui.widgets.verdict_tree import EventPlace


class EventPane(Pane):
    """Edits one draft at a time; going to another one loses nothing."""

    class Changed(Message):
        """The text is another now."""

    class Listed(Message):
        """The drafts, or which of them are edited, are no longer as listed. `draft`: the only one that is."""

        def __init__(self, draft: Draft | None = None) -> None:
            super().__init__()
            self.draft = draft

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.drafts = Drafts()
        self.draft: Draft | None = None
        self._shown: Draft | None = None  # whose text the editor holds: a moment later than `draft`

    def compose(self) -> ComposeResult:
        """Return the editor."""
        yield JsonEditor()

    @property
    def editor(self) -> JsonEditor:
        """The editor itself."""
        return self.query_one(JsonEditor)

    @property
    def text(self) -> str:
        """The event's text: the editor's, or the draft's own where that is too long to edit."""
        draft = self.draft
        if draft is not None and (draft.too_long or draft is not self._shown):
            return draft.text
        return self.editor.text

    def load(self, samples: Iterable[SampleEvent]) -> None:
        """Take the samples of a workspace."""
        self._take_edits()
        self.drafts.load(samples)
        if self.draft is not None and self.draft not in self.drafts.items:
            self.draft = next((d for d in self.drafts.items if d.name == self.draft.name), None)
        self.post_message(self.Listed())

    def choose(self, draft: Draft) -> None:
        """Work on another draft."""
        if draft is not self._shown:
            self._take_edits()
            self.draft = draft
            self._open(draft)

    def begin(self, name: str, text: str) -> None:
        """Begin a new event."""
        self._take_edits()
        self.draft = self.drafts.new(name, text)
        self._open(self.draft)
        self.post_message(self.Listed())

    @work(exclusive=True, group="open", exit_on_error=False)
    async def _open(self, draft: Draft) -> None:
        text = await asyncio.to_thread(draft.open)
        if draft is not self.draft:
            return
        self._shown = draft
        self.editor.read_only = draft.too_long
        self.editor.load_text("" if draft.too_long else text)
        if not draft.too_long:
            # The editor lays long lines out and escapes control characters: that is no edit.
            draft.opened(self.editor.text)
        self.post_message(self.Changed())

    def _take_edits(self) -> None:
        """Keep what was typed in the draft that it was typed into."""
        draft = self._shown
        if draft is None or draft.too_long:
            return
        was, draft.text = draft.changed, self.editor.text
        if draft.changed != was:
            self.post_message(self.Listed(draft))

    @on(JsonEditor.Edited)
    def _edited(self, event: JsonEditor.Edited) -> None:
        event.stop()
        if self.draft is None:
            self.draft = self._shown = self.drafts.new("New event", event.text)
            self.post_message(self.Listed())
        self._take_edits()
        self.post_message(self.Changed())

    def _rewrite(self, draft: Draft, text: str) -> None:
        draft.text = text
        self._open(draft)
        self.post_message(self.Listed(draft))

    def edit_outside(self) -> None:
        """Hand the text to the user's own editor."""
        self._take_edits()
        try:
            text = edit_externally(self.app, self.text)
        except InspectorError as error:
            self.notify(f"{error}. {error.hint}", severity="warning")
            return
        if text is None or text == self.text:
            return
        if self.draft is None:
            self.begin("New event", text)
        else:
            self._rewrite(self.draft, text)

    def revert(self) -> None:
        """Undo every edit of the draft."""
        if self.draft is not None and self.draft.original is not None:
            self._rewrite(self.draft, self.draft.original)

    def show_places(self, places: Sequence[EventPlace], *, reveal: bool) -> None:
        """Let places of the event stand out in its text; `reveal` scrolls to the one that matters most."""
        editor = self.editor
        found = [(place, at) for place in places if (at := locate(editor.text, place.path))]
        # What does not hold is painted over what does.
        found.sort(key=lambda pair: not pair[0].holds)
        editor.mark([(at.start, at.end, "place-ok" if place.holds else "place-bad") for place, at in found])
        if found and reveal:
            editor.scroll_to_offset(found[-1][1].start)

    def go_to_place(self, place: EventPlace) -> None:
        """Put the cursor on a place of the event."""
        self.editor.focus()
        if at := locate(self.editor.text, place.path):
            self.editor.go_to_offset(at.start)

    def title_for(self, evaluation: Evaluation) -> tuple[Content, Content]:
        """Return what the borders say, given what became of the text."""
        draft = self.draft
        title = Content.assemble("Event", ink(f" · {draft.name}") if draft else "")
        if draft is not None and draft.too_long:
            return title, ink("too long to edit here · e opens $EDITOR", "warn")
        if not self.text.strip():
            return title, ink("empty · n begins one from a template")
        if evaluation.event is None:
            return title, ink(evaluation.problem, "bad")
        filled = [name for name in evaluation.event.document if name in evaluation.event.filled]
        told = f" · filled: {', '.join(filled)}" if filled else ""
        return title, Content.assemble(ink("✔ valid", "ok"), ink(told))
