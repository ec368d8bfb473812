"""A list of the history in a pane of its own, with a search field above it for when it is asked for."""

from collections.abc import Sequence
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from inspector.errors import InspectorError
from inspector.tui.screens.frame import Pane, ink
from inspector.tui.widgets.paged_list import Column, PagedList

DEBOUNCE: Final = 0.2


class SearchInput(Input):
    """The search field; its help is the table of the terms that it knows."""

    @property
    def HELP(self) -> str:  # type: ignore[override]  # noqa: N802 - Textual's name
        """The words that a search may be made of."""
        from inspector.history.query import help_text

        return help_text()


class SearchedList(Pane):
    """The list and its search. What is searched for may change as it is typed: `Asked` tells when to read."""

    class Asked(Message):
        """The search has become another one."""

    def __init__(self, columns: Sequence[Column], *, placeholder: str, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._columns, self._placeholder = columns, placeholder
        self._pause: Timer | None = None
        self.query_text = ""

    def compose(self) -> ComposeResult:
        """Return the field and the list."""
        yield SearchInput(placeholder=self._placeholder, compact=True)
        yield PagedList(self._columns)

    def on_mount(self) -> None:
        """Hide the search until it is asked for."""
        self._field.display = False

    @property
    def rows(self) -> PagedList:
        """The list itself."""
        return self.query_one(PagedList)

    @property
    def _field(self) -> SearchInput:
        return self.query_one(SearchInput)

    @property
    def searching(self) -> bool:
        """Whether the field is there."""
        return bool(self._field.display)

    def search(self) -> None:
        """Go to the field."""
        self._field.display = True
        self._field.focus()

    def leave_search(self) -> None:
        """Search for nothing: all is asked for again."""
        self._field.value = ""
        self._field.display = False
        self.rows.focus()

    def drop_search(self) -> None:
        """Take the field away, and ask for nothing: what is shown next knows no search."""
        with self.prevent(Input.Changed):
            self._field.value = ""
        if self._pause:
            self._pause.stop()
        self.query_text = ""
        if self.searching:
            self.leave_search()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._pause:
            self._pause.stop()
        self.query_text = event.value.strip()
        self._pause = self.set_timer(DEBOUNCE, lambda: self.post_message(self.Asked()))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.rows.focus()

    def entitle(self, title: Content | str, keys: str) -> None:
        """Put a title above, and below how many rows are marked, with a word about the keys."""
        marked = len(self.rows.marked)
        self.say(title, Content.assemble(ink(f"{marked} marked · " if marked else "", "warn"), ink(keys)))

    def fail(self, error: Exception, otherwise: str) -> None:
        """Say in the rows' place why they cannot be read; `otherwise`: what can be done all the same."""
        hint = f"\n{error.hint}" if isinstance(error, InspectorError) and error.hint else ""
        self.rows.clear(f"{error}{hint}" + (f"\n\n{otherwise}" if otherwise else ""))
