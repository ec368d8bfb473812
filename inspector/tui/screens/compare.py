"""One event several ways at once, or many times over, side by side."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.worker import Worker

from inspector.delivery.events import AttemptEnd, AttemptStart, DeliveryEvent, InvocationEnd, WaitStart
from inspector.errors import InspectorError
from inspector.history.records import StoredDelivery
from inspector.tui.commands import bindings
from inspector.tui.screens.comparison_grid import Column, ComparisonGrid
from inspector.tui.screens.confirm import Confirm, send_anyway
from inspector.tui.screens.frame import Framed, Pane, Tone, TopBar, ink
from inspector.tui.screens.results import CHIPS, CLASS_TONES, OUTCOME_TONES, answer, counted, duration
from inspector.tui.screens.vary import ask_variation
from inspector.tui.screens.way_choice import MOST_RUNS, WayChoice
from inspector.tui.widgets.tick_list import TickList
from inspector.workbench import Comparison, Way, Workbench
from inspector.workbench.compare import compared

if TYPE_CHECKING:
    from inspector.tui.screens.workbench import WorkbenchScreen

TICK: Final = "Tick two or more at the left, then ^j sends the event all of these ways."
MANY: Final = 100
"""Requests: more are not sent unasked."""
PACE: Final = 0.1
"""Seconds between two looks at a comparison of several runs."""


class CompareScreen(Framed):
    """Tick routes, send the workbench's event through all of them, see what differs."""

    SCOPE = "compare"
    BINDINGS: ClassVar[list[BindingType]] = bindings("compare")
    AUTO_FOCUS = "TickList"

    def __init__(self, bench: Workbench, workbench: "WorkbenchScreen") -> None:
        super().__init__()
        self.bench, self._workbench = bench, workbench
        self._ways: tuple[Way, ...] = ()
        self._comparison: Comparison | None = None
        self._worker: Worker[None] | None = None
        self._words: list[tuple[str, str]] = []
        self._waiting: set[int] = set()
        self._look: Timer | None = None

    def body(self) -> ComposeResult:
        """Return the choice beside the table."""
        with Horizontal(id="desk"):
            yield WayChoice(id="routes")
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

    @property
    def choice(self) -> WayChoice:
        """What to compare."""
        return self.query_one(WayChoice)

    def _offer(self) -> None:
        workspace = self.bench.workspace
        self.choice.offer(self.bench.routes(), self._workbench.route, workspace.connections)
        self.choice.title(Content.assemble("Compare", ink(f" · {self._workbench.event_name or 'no event'}")))

    # Sending

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_run(self) -> None:
        """Send the event every ticked way, as often as is asked for."""
        ways, runs = self.choice.ticked, self.choice.runs
        if len(ways) < 2:
            self.notify("Tick two or more to compare.", severity="warning")
            return
        if runs is None:
            self.notify(f"Between 1 and {MOST_RUNS:,} runs can be compared.", severity="warning")
            self.choice.ask_runs()
            return
        evaluation = await self._workbench.current_event()
        if evaluation.event is None:
            self.notify(evaluation.problem or "There is no event in the workbench.", severity="error")
            return
        silent = [
            result
            for result in evaluation.results
            if not result.matched and any(way.route.rule == result.rule for way in ways)
        ]
        if silent and not await self.app.push_screen_wait(send_anyway(silent)):
            return
        if runs * len(ways) > MANY and not await self.app.push_screen_wait(_so_many(ways, runs)):
            return
        try:
            comparison = await asyncio.to_thread(self.bench.compare, evaluation.event, ways, runs=runs)
        except InspectorError as error:
            self.notify(f"{error}", severity="error")
            return
        self._ways = ways
        self._words = [("sending", "chip-info") for _ in ways]
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
                self._take(comparison, index, step)
                self._show_soon(comparison)
        except InspectorError as error:
            self.notify(f"{error}", severity="error")
        finally:
            self._comparison = None
            self._waiting = set()
            self._show(comparison)
        unrecorded = next((run.unrecorded for run in comparison.runs if run.unrecorded), "")
        if unrecorded:
            self.notify(f"Not in the history: {unrecorded}.", severity="warning")

    def _take(self, comparison: Comparison, index: int, step: DeliveryEvent) -> None:
        self._waiting.discard(index)
        run = f"run {comparison.round} of {comparison.rounds} · " if comparison.rounds > 1 else ""
        match step:
            case AttemptStart(number=number):
                self._words[index] = (f"{run}attempt {number} under way", "chip-info")
            case AttemptEnd(attempt=attempt):
                words = f"{run}{answer(attempt)} · {duration(attempt.timings.total)}"
                self._words[index] = (words, CHIPS[CLASS_TONES[attempt.classification.outcome]])
            case WaitStart(seconds=seconds, next_attempt=number):
                self._waiting.add(index)
                self._words[index] = (f"{run}attempt {number} in {seconds:.1f} s", "chip-warn")
            case InvocationEnd(outcome=outcome) if comparison.rounds == 1:
                told = f"{outcome.kind} · {counted(outcome.attempts, 'attempt')}"
                self._words[index] = (told, CHIPS[OUTCOME_TONES[outcome.kind]])
            case InvocationEnd():
                results = comparison.results[index]
                delivered = sum(result.delivered for result in results)
                tone: Tone = "ok" if delivered == len(results) else "bad"
                self._words[index] = (f"{delivered} of {len(results)} delivered", CHIPS[tone])

    def _show_soon(self, comparison: Comparison) -> None:
        """Show each step of one run; of several, what they amount to, a few times a second."""
        if comparison.rounds == 1:
            self._show(comparison)
        elif self._look is None:
            self._look = self.set_timer(PACE, lambda: self._show(comparison))

    def _show(self, comparison: Comparison) -> None:
        if self._look:
            self._look.stop()
            self._look = None
        columns = [
            Column(way.route.name, _through(way), words, inked)
            for way, (words, inked) in zip(self._ways, self._words, strict=True)
        ]
        # What several runs amount to goes before what the last of them sent and got.
        rows = sorted(comparison.rows(), key=lambda row: row.section != "runs")
        spreads = [one.latency for one in comparison.measures()] if comparison.rounds > 1 else []
        self.grid.show(columns, rows, spreads)
        run = f"run {comparison.round} of {comparison.rounds}" if comparison.rounds > 1 else ""
        self._count(run)
        self.refresh_bindings()

    def _count(self, run: str | None = None) -> None:
        differences = self.grid.differences
        only = " · only differences shown" if self.grid.only_differences else ""
        note = ink(f"≠ {counted(differences, 'difference')}{only}", "warn" if differences else "ok")
        pane = self.query_one("#columns", Pane)
        pane.border_subtitle = note
        if run is not None:
            pane.title(Content.assemble("Comparison", ink(f" · {run}" if run else "")))

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
        self._count("")
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
        (self.choice.ticks if pane.display else self.grid).focus()

    def action_runs(self) -> None:
        """Ask how often each way is to be gone."""
        self.choice.display = True
        self.choice.ask_runs()

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_vary(self) -> None:
        """Add the way under the cursor with one thing changed."""
        way = self.choice.chosen
        if way is not None and (text := await ask_variation(self, way)) is not None:
            self.choice.vary(text)

    def action_drop(self) -> None:
        """Drop the variation under the cursor."""
        self.choice.drop()

    @on(TickList.SelectionHighlighted)
    def _moved(self) -> None:
        self.refresh_bindings()

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
            case "vary":
                return self.choice.display and self.choice.chosen is not None
            case "drop":
                return self.choice.display and self.choice.on_variation
        return True


def _so_many(ways: Sequence[Way], runs: int) -> Confirm:
    text = f"{runs:,} runs of {len(ways)} ways make {runs * len(ways):,} deliveries, retries not counted."
    return Confirm("Send so many?", text, yes="Send")


def _through(way: Way) -> str:
    connection = way.route.connection
    return way.variation or f"{connection.name} · {connection.authorization_type}"
