"""Several views of one thing in one pane, their names as tabs in its border."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from inspector.tui.screens.frame import Pane, tabs


class Deck(Pane):
    """One view at a time; what there is to say of it stands in the lower border.

    views: id, label and widget of each. Another pane can be a neighbour: on a wide screen it stands
    beside the deck, on a narrow one (`fold`) it becomes the first of its tabs. The screen answers a
    click on a tab with `action_show_tab`.
    """

    def __init__(self, views: Sequence[tuple[str, str, Widget]], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._views = {name: widget for name, _, widget in views}
        self._labels = [(name, label) for name, label, _ in views]
        self._notes: dict[str, Content] = {}
        self._neighbour: Pane | None = None
        self._neighbour_label = ("", "")
        self._neighbour_title = Content("")
        self._folded = False
        self.current = self._labels[0][0]

    def compose(self) -> ComposeResult:
        """Return the views."""
        yield from self._views.values()

    def on_mount(self) -> None:
        """Show the first."""
        self.turn(self.current)

    def join(self, neighbour: Pane, name: str, label: str) -> None:
        """Make a pane the neighbour, under a tab of this name when folded."""
        self._neighbour, self._neighbour_label = neighbour, (name, label)
        self._neighbour_title = Content(label)

    def fold(self, folded: bool) -> None:
        """Take the neighbour among the tabs, or let it stand beside them."""
        self._folded = folded
        self.turn(self.current)

    @property
    def names(self) -> list[str]:
        """The names of the tabs that there are now."""
        return [name for name, _ in self._tabs()]

    def _tabs(self) -> list[tuple[str, str]]:
        return [self._neighbour_label, *self._labels] if self._folded else self._labels

    def turn(self, name: str) -> None:
        """Bring a view to the front, the first where there is none of this name.

        The focus goes along when it was in the view before.
        """
        focused = self.screen.focused
        inside = focused is not None and focused in self._views.values()
        self.current = name if name in self.names else self._labels[0][0]
        beside = self._folded and self.current == self._neighbour_label[0]
        if self._neighbour:
            inside = inside or (self._folded and self._neighbour.has_focus_within)
            self._neighbour.display = beside or not self._folded
        self.display = not beside
        for view, widget in self._views.items():
            widget.display = view == self.current
        self._draw()
        if inside:
            place = self._neighbour if beside and self._neighbour else self.view
            target = next((w for w in (place, *place.query("*")) if w.focusable), None)
            if target is not None and target is not focused:
                target.focus(scroll_visible=False)

    def step(self, step: int) -> None:
        """Bring the next or the previous view to the front."""
        names = self.names
        self.turn(names[(names.index(self.current) + step) % len(names)])

    def note(self, name: str, note: Content) -> None:
        """Set what the lower border says while a view is in front."""
        self._notes[name] = note
        self._draw()

    def title_neighbour(self, title: Content, note: Content) -> None:
        """Set the neighbour's title, which the tabs replace when it is folded in, and its note."""
        self._neighbour_title = title
        if self._neighbour:
            self._neighbour.say(self._neighbour_title, note)
            self._draw()

    def _draw(self) -> None:
        shown = tabs(self._tabs(), self.current)
        self.say(shown, self._notes.get(self.current, Content("")))
        if self._neighbour:
            self._neighbour.title(shown if self._folded else self._neighbour_title)

    @property
    def view(self) -> Widget:
        """The view in front, or the last that was."""
        return self._views.get(self.current) or next(iter(self._views.values()))
