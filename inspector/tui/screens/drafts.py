"""The events of a session: samples as they were loaded, with the edits made to each, and new ones."""

from collections.abc import Iterable
from dataclasses import dataclass

from inspector.eventbridge.resources import SampleEvent
from inspector.jsontext import JsonValue, dumps
from inspector.tui.widgets.editor import MOST_CHARACTERS


@dataclass(slots=True)
class Draft:
    """One event to work on. `original` is its text as loaded, None until it is first looked at."""

    name: str
    document: JsonValue = None
    original: str | None = None
    text: str = ""

    @property
    def changed(self) -> bool:
        """Whether it was edited."""
        return self.original is not None and self.text != self.original

    @property
    def too_long(self) -> bool:
        """Whether an editor could not show it without stuttering."""
        return len(self.text) > MOST_CHARACTERS

    def opened(self, shown: str) -> None:
        """Take note of how an editor shows the text, which is no edit of it."""
        if not self.changed:
            self.original = shown
        self.text = shown

    def open(self) -> str:
        """Return its text, written out from the document at the first time."""
        if self.original is None:
            self.original = self.text = dumps(self.document, indent=2)
        return self.text


class Drafts:
    """Every event at hand. Choosing another one loses no edit."""

    def __init__(self) -> None:
        self.items: list[Draft] = []

    def load(self, samples: Iterable[SampleEvent]) -> None:
        """Take the samples of a workspace; edited drafts and new events stay."""
        kept = {draft.name: draft for draft in self.items if draft.changed}
        own = [draft for draft in self.items if draft.document is None]
        fresh = [kept.get(sample.name) or Draft(sample.name, sample.document) for sample in samples]
        orphans = [draft for draft in kept.values() if draft not in fresh and draft not in own]
        self.items = [*own, *orphans, *fresh]

    def new(self, name: str, text: str) -> Draft:
        """Add a new event, under a name of its own, before all others."""
        names = {draft.name for draft in self.items}
        number, unique = 1, name
        while unique in names:
            number += 1
            unique = f"{name} {number}"
        draft = Draft(unique, None, text, text)
        self.items.insert(0, draft)
        return draft
