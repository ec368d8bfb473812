"""What to compare: routes, the chosen route through other connections, variations; and how often."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static
from textual.widgets.selection_list import Selection

from inspector.errors import InspectorError
from inspector.eventbridge.resources import Connection, Route
from inspector.safe import safe_line
from inspector.tui.screens.frame import Pane, ink
from inspector.tui.widgets.tick_list import TickList
from inspector.workbench.ways import Way, varied

MOST_RUNS: Final = 1000
_Key: TypeAlias = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Entry:
    """texts: the variations, as typed: they may hold secrets. instead_of: the route's own connection."""

    way: Way
    texts: tuple[str, ...] = field(default=(), repr=False)
    instead_of: str = ""

    @property
    def key(self) -> _Key:
        return self.way.route.name, self.way.route.connection.name, self.texts

    def label(self) -> Content:
        route, muted = self.way.route, "$foreground 55%"
        if self.texts:
            of = f"{route.name} via {route.connection.name}"
            return Content.assemble(
                ("↳ ", muted), safe_line(self.way.variation), (f"  of {safe_line(of)}", muted)
            )
        if self.instead_of:
            instead = f"  instead of {safe_line(self.instead_of)}"
            return Content.assemble(("↳ via ", muted), safe_line(route.connection.name), (instead, muted))
        return Content.assemble(safe_line(route.name), "  ", (safe_line(route.connection.name), muted))


class WayChoice(Pane):
    """The ways, to be ticked, over the number of runs. Ticks and variations stay while routes come and go."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._entries: list[_Entry] = []
        self._variations: list[_Key] = []
        self._offered: tuple[tuple[Route, ...], Route | None, tuple[Connection, ...]] = ((), None, ())

    def compose(self) -> ComposeResult:
        """Return the list over the field."""
        yield TickList()
        with Horizontal(classes="asked"):
            yield Static("runs", classes="label")
            yield Input("1", id="runs", compact=True, restrict="[0-9]*", max_length=4, select_on_focus=True)
            yield Static(ink("all at once"), id="runs-note")

    @property
    def ticks(self) -> TickList:
        """The list."""
        return self.query_one(TickList)

    @property
    def ticked(self) -> tuple[Way, ...]:
        """What is to be compared, in the order of the list."""
        return tuple(self._entries[number].way for number in sorted(self.ticks.selected))

    @property
    def runs(self) -> int | None:
        """How often each way is to be gone, None where that is no number that can be."""
        text = self.query_one("#runs", Input).value
        number = int(text) if text else 0
        return number if 1 <= number <= MOST_RUNS else None

    @property
    def chosen(self) -> Way | None:
        """The way under the cursor."""
        entry = self._under_cursor
        return entry.way if entry else None

    @property
    def on_variation(self) -> bool:
        """Whether the cursor is on a variation."""
        entry = self._under_cursor
        return entry is not None and bool(entry.texts)

    @property
    def _under_cursor(self) -> _Entry | None:
        number = self.ticks.highlighted
        return self._entries[number] if number is not None and number < len(self._entries) else None

    def offer(self, routes: Sequence[Route], chosen: Route | None, connections: Sequence[Connection]) -> None:
        """Offer every route, the chosen one through every other connection, and the variations so far."""
        self._offered = (tuple(routes), chosen, tuple(connections))
        self._fill({self._entries[number].key for number in self.ticks.selected})

    def vary(self, text: str) -> None:
        """Add the way under the cursor with one thing changed, ticked.

        Raises:
            InspectorError: `text` is no variation that this way can have.
        """
        entry = self._under_cursor
        if entry is None:
            return
        varied(entry.way, text)
        route, connection, texts = entry.key
        key = (route, connection, (*texts, text))
        if key not in self._variations:
            self._variations.append(key)
        self._fill({self._entries[n].key for n in self.ticks.selected} | {key, entry.key}, on=key)

    def drop(self) -> None:
        """Drop the variation under the cursor."""
        entry = self._under_cursor
        if entry is not None and entry.key in self._variations:
            self._variations.remove(entry.key)
            self._fill({self._entries[number].key for number in self.ticks.selected})

    def ask_runs(self) -> None:
        """Go to the number of runs."""
        self.query_one("#runs", Input).focus()

    def _fill(self, ticked: set[_Key], *, on: _Key | None = None) -> None:
        listing, (routes, chosen, connections) = self.ticks, self._offered
        entries = [_Entry(Way(route)) for route in routes]
        if chosen:
            own = chosen.connection.name
            entries += [
                _Entry(Way(chosen.through(connection)), instead_of=own)
                for connection in connections
                if connection.name != own
            ]
            if not ticked:
                ticked = {_Entry(Way(chosen)).key}
        at = listing.highlighted or 0
        self._entries = entries = [one for entry in entries for one in (entry, *self._varied(entry))]
        listing.clear_options()
        for number, entry in enumerate(entries):
            listing.add_option(Selection(entry.label(), number, entry.key in ticked))
        if entries:
            keys = [entry.key for entry in entries]
            listing.highlighted = keys.index(on) if on in keys else min(at, len(entries) - 1)
        self._note()

    def _varied(self, entry: _Entry) -> list[_Entry]:
        found: list[_Entry] = []
        for route, connection, texts in self._variations:
            if (route, connection, ()) != entry.key:
                continue
            way = entry.way
            try:
                for text in texts:
                    way = varied(way, text)
            except InspectorError:
                # The definitions changed under it: this way can no longer have it.
                continue
            found.append(_Entry(way, texts))
        return found

    @on(TickList.SelectedChanged)
    def _note(self) -> None:
        number = len(self.ticks.selected)
        self.border_subtitle = ink(f"{number} ticked · space ticks", "info" if number > 1 else "plain")

    @on(Input.Changed, "#runs")
    def _runs_changed(self, event: Input.Changed) -> None:
        event.stop()
        runs = self.runs
        note = ink("all at once" if runs == 1 else "one at a time", "plain")
        self.query_one("#runs-note", Static).update(
            ink(f"1 to {MOST_RUNS:,}", "bad") if runs is None else note
        )

    @on(Input.Submitted, "#runs")
    def _runs_given(self, event: Input.Submitted) -> None:
        event.stop()
        self.ticks.focus()
