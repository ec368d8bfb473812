"""The newest events of the history, and which of them a pattern that is being edited would catch."""

from collections.abc import Sequence
from typing import Final

from textual import on
from textual.content import Content
from textual.message import Message
from textual.worker import get_current_worker

from inspector.errors import InspectorError
from inspector.eventbridge.patterns import Pattern
from inspector.tui.screens.frame import Watchful, ink
from inspector.tui.screens.results import counted
from inspector.tui.widgets.past_events import PastEvents
from inspector.workbench import Workbench
from inspector.workbench.past import MOST, PastEvent, caught, newest

ROWS: Final = 500
"""So many matching events are listed; all are counted."""


class PastCatch(PastEvents, Watchful):
    """The events that are caught. Reading and matching go on in the background."""

    class Counted(Message):
        """They were counted, or cannot be: what there is to say of it."""

        def __init__(self, note: Content) -> None:
            super().__init__()
            self.note = note

    class Caught(Message):
        """A pattern was tried. `revision` tells whether that still counts."""

        def __init__(self, revision: int, events: Sequence[PastEvent], number: int) -> None:
            super().__init__()
            self.revision, self.events, self.number = revision, events, number

    def __init__(self) -> None:
        super().__init__()
        self._past: tuple[PastEvent, ...] | None = None
        self._without = ""
        self._revision = 0

    async def read(self, bench: Workbench) -> None:
        """Read the newest events anew."""
        if bench.db is None:
            self._past, self._without = (), "This session keeps no history."
            return
        try:
            self._past, self._without = await bench.in_history(newest), ""
        except InspectorError as error:
            self._past, self._without = (), f"{error}. {error.hint}"

    def match(self, pattern: Pattern | None) -> None:
        """Look for the events that the pattern catches; what was under way is given up."""
        self._revision += 1
        events, revision = self._past, self._revision
        if events is None:
            return
        if not events or pattern is None:
            none = "The history has no events yet." if pattern else "There is no pattern to look with."
            self.show((), empty=self._without or none)
            self.post_message(self.Counted(Content("")))
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
        message.stop()
        if message.revision != self._revision:
            return
        looked = len(self._past or ())
        self.show(message.events, empty="None of the past events match.")
        of = f"the newest {looked:,} events" if looked == MOST else counted(looked, "past event")
        told = f"{message.number:,} of {of} {'matches' if message.number == 1 else 'match'}"
        self.post_message(self.Counted(ink(told, "ok" if message.number else "plain")))
