"""One event through several routes or connections at once, side by side."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets.selection_list import Selection
from textual.worker import Worker

from inspector.delivery.events import AttemptEnd, AttemptStart, DeliveryEvent, InvocationEnd, WaitStart
from inspector.errors import InspectorError
from inspector.eventbridge.resources import Route
from inspector.history.records import StoredDelivery
from inspector.safe import safe_line
from inspector.tui.commands import bindings
from inspector.tui.screens.comparison_grid import Column, ComparisonGrid
from inspector.tui.screens.confirm import send_anyway
from inspector.tui.screens.frame import Framed, Pane, TopBar, ink
from inspector.tui.screens.results import CHIPS, CLASS_TONES, OUTCOME_TONES, answer, counted, duration
from inspector.tui.widgets.tick_list import TickList
from inspector.workbench import Comparison, Run, Workbench
from inspector.workbench.compare import compared

if TYPE_CHECKING:
    from inspector.tui.screens.workbench import WorkbenchScreen

TICK = "Tick two or more at the left, then ^j sends the event through all of them at once."


class CompareScreen(Framed):
    """Tick routes, send the workbench's event through all of them, see what differs."""

    SCOPE = "compare"
    BINDINGS: ClassVar[list[BindingType]] = bindings("compare")
    AUTO_FOCUS = "TickList"

    def __init__(self, bench: Workbench, workbench: "WorkbenchScreen") -> None:
        super().__init__()
        self.bench, self._workbench = bench, workbench
        self._routes: list[Route] = []
        self._comparison: Comparison | None = None
        self._worker: Worker[None] | None = None
        self._words: list[tuple[str, str]] = []
        self._waiting: set[int] = set()

    def body(self) -> ComposeResult:
        """Return the choice beside the table."""
        with Horizontal(id="desk"):
            with Pane(id="routes"):
                yield TickList()
            with Pane(id="columns"):
                yield ComparisonGrid()

    def on_mount(self) -> None:
        """Offer what there is."""
        self.grid.clear(TICK)
        self.query_one("#columns", Pane).say("Comparison")

    def on_screen_resume(self) -> None:
        """Offer what the workspace has now; ticks stay."""
        self.query_one(TopBar).summary = self._workbench.summary
        if not self._comparison:
            self._offer()

    @property
    def grid(self) -> ComparisonGrid:
        """The table."""
        return self.query_one(ComparisonGrid)

    def _offer(self) -> None:
        listing = self.query_one(TickList)
        ticked = {_key(self._routes[number]) for number in listing.selected}
        routes, chosen = list(self.bench.routes()), self._workbench.route
        first = len(routes)
        if chosen:
            others = [c for c in self.bench.workspace.connections if c.name != chosen.connection.name]
            routes += [chosen.through(connection) for connection in others]
        if not ticked and chosen:
            ticked = {_key(chosen)}
        self._routes = routes
        listing.clear_options()
        for number, route in enumerate(routes):
            if number < first:
                label = Content.assemble(
                    safe_line(route.name), "  ", (safe_line(route.connection.name), "$foreground 55%")
                )
            else:
                label = Content.assemble(
                    ("↳ via ", "$foreground 55%"),
                    safe_line(route.connection.name),
                    (
                        f"  instead of {safe_line(chosen.connection.name if chosen else '')}",
                        "$foreground 55%",
                    ),
                )
            listing.add_option(Selection(label, number, _key(route) in ticked))
        if listing.highlighted is None:
            listing.highlighted = 0
        title = Content.assemble("Compare", ink(f" · {self._workbench.event_name or 'no event'}"))
        self.query_one("#routes", Pane).say(title, self._ticked_note())

    @on(TickList.SelectedChanged)
    def _ticks_changed(self) -> None:
        self.query_one("#routes", Pane).border_subtitle = self._ticked_note()

    def _ticked_note(self) -> Content:
        number = len(self.query_one(TickList).selected)
        return ink(f"{number} ticked · space ticks", "info" if number > 1 else "plain")

    # Sending

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_run(self) -> None:
        """Send the event through everything ticked."""
        listing = self.query_one(TickList)
        routes = [self._routes[number] for number in sorted(listing.selected)]
        if len(routes) < 2:
            self.notify("Tick two or more to compare.", severity="warning")
            return
        evaluation = await self._workbench.current_event()
        if evaluation.event is None:
            self.notify(evaluation.problem or "There is no event in the workbench.", severity="error")
            return
        silent = [
            result
            for result in evaluation.results
            if not result.matched and any(route.rule == result.rule for route in routes)
        ]
        if silent and not await self.app.push_screen_wait(send_anyway(silent)):
            return
        try:
            comparison = await asyncio.to_thread(self.bench.compare, evaluation.event, routes)
        except InspectorError as error:
            self.notify(f"{error}", severity="error")
            return
        self._words = [("sending", "chip-info") for _ in routes]
        self._waiting = set()
        self._comparison = comparison
        self._give_way()
        self._show(comparison)
        self._worker = self.run_worker(
            self._follow(comparison), group="compare", exclusive=True, exit_on_error=False
        )

    def _give_way(self) -> None:
        """Leave the room to the table where there is little of it."""
        if not self.wide:
            self.query_one("#routes").display = False
            self.grid.focus()

    async def _follow(self, comparison: Comparison) -> None:
        try:
            async for index, step in comparison:
                self._take(index, step)
                self._show(comparison)
                self.refresh_bindings()
        except InspectorError as error:
            self.notify(f"{error}", severity="error")
        finally:
            self._comparison = None
            self._waiting = set()
            self.refresh_bindings()
        unrecorded = next((run.unrecorded for run in comparison.runs if run.unrecorded), "")
        if unrecorded:
            self.notify(f"Not in the history: {unrecorded}.", severity="warning")

    def _take(self, index: int, step: DeliveryEvent) -> None:
        self._waiting.discard(index)
        match step:
            case AttemptStart(number=number):
                self._words[index] = (f"attempt {number} under way", "chip-info")
            case AttemptEnd(attempt=attempt):
                words = f"{answer(attempt)} · {duration(attempt.timings.total)}"
                self._words[index] = (words, CHIPS[CLASS_TONES[attempt.classification.outcome]])
            case WaitStart(seconds=seconds, next_attempt=number):
                self._waiting.add(index)
                self._words[index] = (f"attempt {number} in {seconds:.1f} s", "chip-warn")
            case InvocationEnd(outcome=outcome):
                told = f"{outcome.kind} · {counted(outcome.attempts, 'attempt')}"
                self._words[index] = (told, CHIPS[OUTCOME_TONES[outcome.kind]])

    def _show(self, comparison: Comparison) -> None:
        columns = [
            Column(run.route.name, _through(run), words, inked)
            for run, (words, inked) in zip(comparison.runs, self._words, strict=True)
        ]
        self.grid.show(columns, comparison.rows())
        self._count()

    def _count(self) -> None:
        differences = self.grid.differences
        only = " · only differences shown" if self.grid.only_differences else ""
        note = ink(f"≠ {counted(differences, 'difference')}{only}", "warn" if differences else "ok")
        self.query_one("#columns", Pane).say("Comparison", note)

    def show_stored(self, deliveries: tuple[StoredDelivery, ...]) -> None:
        """Line up deliveries of the history."""
        if self._comparison:
            return
        rows = compared(
            [stored.attempts[-1] if stored.attempts else None for stored in deliveries],
            [stored.outcome for stored in deliveries],
        )
        columns = [
            Column(
                stored.names.route,
                f"{stored.summary.created_at:%Y-%m-%d %H:%M:%S} · {stored.names.connection}",
                f"{stored.summary.state} · {counted(len(stored.attempts), 'attempt')}",
                CHIPS[OUTCOME_TONES[stored.outcome.kind] if stored.outcome else "warn"],
            )
            for stored in deliveries
        ]
        self.grid.show(columns, rows)
        self._count()
        self._give_way()

    # Other commands

    def action_cancel(self) -> None:
        """End all of it."""
        if self._comparison:
            self._comparison.cancel()

    def action_skip_wait(self) -> None:
        """Fast-forward every wait."""
        if self._comparison:
            self._comparison.skip_wait()

    def action_only_differences(self) -> None:
        """Leave out what is equal."""
        self.grid.toggle_differences()
        self._count()

    def action_toggle_routes(self) -> None:
        """Show or hide the choice."""
        pane = self.query_one("#routes")
        pane.display = not pane.display
        (self.query_one(TickList) if pane.display else self.grid).focus()

    async def stop(self) -> None:
        """End what runs, before the inspector does."""
        if self._comparison and self._worker:
            self._comparison.cancel()
            await self._worker.wait()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Tell which commands apply now."""
        match action:
            case "cancel":
                return self._comparison is not None
            case "skip_wait":
                return bool(self._waiting)
            case "run":
                return self._comparison is None
        return True


def _key(route: Route) -> tuple[str, str]:
    return route.name, route.connection.name


def _through(run: Run) -> str:
    connection = run.route.connection
    return f"{connection.name} · {connection.authorization_type}"
