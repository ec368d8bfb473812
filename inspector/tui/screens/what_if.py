"""What would happen: a scripted target, a retry policy, a day of attempts at once, and the odds."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from inspector.delivery.scenario_grammar import grammar_help, parse_scenario
from inspector.errors import InspectorError
from inspector.eventbridge.assumption import BACKOFF_SCHEDULE
from inspector.eventbridge.resources import RetryPolicy, Route
from inspector.eventbridge.retry import spoken
from inspector.tui.commands import bindings
from inspector.tui.screens.deck import Deck
from inspector.tui.screens.frame import Framed, Pane, TopBar, ink
from inspector.tui.screens.picker import Choice, Picker
from inspector.tui.screens.results import OUTCOME_TONES, counted
from inspector.tui.widgets.day_strip import SHORTEST, DayStrip
from inspector.tui.widgets.odds_view import OddsView, percent
from inspector.tui.widgets.scenario_input import ScenarioInput
from inspector.tui.widgets.text_view import TextView
from inspector.tui.widgets.timeline import Timeline
from inspector.workbench import Workbench
from inspector.workbench.simulate import (
    Odds,
    Simulation,
    WhatIf,
    odds_so_far,
    parse_policy,
    simulate,
    what_if_of,
)

if TYPE_CHECKING:
    from inspector.tui.screens.workbench import WorkbenchScreen

DEBOUNCE: Final = 0.25
RUNS: Final = 1000
SMALL_PART: Final = 0.02
HINT: Final = "Nothing is sent. F1 has the words that a target is described in, ^o some that are ready."
APPROXIMATION: Final = "the schedule is an approximation"
READY: Final = (
    Choice("503 for 2h, then 200", "an outage of two hours"),
    Choice("503 x3, then 200", "a hiccup: three failures, then it works"),
    Choice("429 retry-after 600 x3, then 200", "throttled: ask again in ten minutes, three times"),
    Choice("fail 30% with 500", "flaky: three of ten attempts fail, by chance"),
    Choice("fail 90% with timeout", "overloaded: nine of ten attempts get no answer in time"),
    Choice("200 in 4900ms", "slow: just within the 5 s that EventBridge waits"),
    Choice("timeout for 30m, then 200 in 2s", "hanging for half an hour, then slow"),
    Choice("refused for 26h, then 200", "down for longer than an event may live"),
    Choice("dns for 12h, then 200", "the host name is gone for half a day"),
    Choice("500", "broken for good: every retry of the policy"),
    Choice("400", "refused for good: final at the first attempt"),
)
_NEEDLESS: Final = "the scenario cannot be read at "
_FIRST: Final = READY[0].label
_WORDS: Final = f"""\
How the target answers, phase after phase:

{grammar_help()}

What the waits rest on:

  {BACKOFF_SCHEDULE.text}
  Authorization is taken as granted: no token is asked for, no connection is deauthorized.
"""


@dataclass(frozen=True, slots=True)
class _Question:
    what_if: WhatIf
    seed: int


class WhatIfScreen(Framed):
    """The target's script and the policy above, the day below them, then each attempt and the odds."""

    SCOPE = "what-if"
    BINDINGS: ClassVar[list[BindingType]] = bindings("what-if")
    AUTO_FOCUS = "ScenarioInput"

    class Simulated(Message):
        """One delivery was simulated in the background."""

        def __init__(self, revision: int, simulation: Simulation) -> None:
            super().__init__()
            self.revision, self.simulation = revision, simulation

    class Counted(Message):
        """So many runs are counted by now."""

        def __init__(self, revision: int, odds: Odds) -> None:
            super().__init__()
            self.revision, self.odds = revision, odds

    def __init__(self, bench: Workbench, workbench: "WorkbenchScreen") -> None:
        super().__init__()
        self.bench, self._workbench = bench, workbench
        self._route: Route | None = None
        self._policy = RetryPolicy()
        self._seed = 1
        self._until_end: bool | None = None
        self._revision = 0
        self._asked: _Question | None = None
        self._simulation: Simulation | None = None
        self._pause: Timer | None = None

    def body(self) -> ComposeResult:
        """Return the panes."""
        views = (
            ("attempts", "Attempts", Timeline()),
            ("words", "Words", TextView(id="words")),
        )
        with Vertical(id="what-if"):
            with Pane(id="script"):
                with Horizontal(classes="asked"):
                    yield Static("target answers", classes="label")
                    yield ScenarioInput(id="scenario")
                with Horizontal(classes="asked"):
                    yield Static("retries", classes="label")
                    yield Input(id="retries", compact=True, restrict="[0-9]*", max_length=3)
                    yield Static("within", classes="label short")
                    yield Input(id="age", compact=True, restrict="[0-9a-z.]*", max_length=16)
                    yield Static(id="policy-note")
                yield Static(id="trouble")
            with Pane(id="day"):
                yield DayStrip()
            with Horizontal(id="what-follows"):
                yield Deck(views, id="course")
                with Pane(id="odds"):
                    yield OddsView()

    def on_mount(self) -> None:
        """Begin with an outage."""
        self.query_one("#words", TextView).show(_WORDS)
        self._deck.join(self.query_one("#odds", Pane), "odds", "Odds")
        self._deck.turn("attempts")
        self._deck.note("words", ink("^o has some ready"))
        with self.prevent(Input.Changed):
            self._field("scenario").value = _FIRST
        self._take_route()

    def on_screen_resume(self) -> None:
        """Take the workbench's route, if it is another one now."""
        self.query_one(TopBar).summary = self._workbench.summary
        if self._workbench.route != self._route:
            self._take_route()

    def on_resize(self) -> None:
        """Take the odds among the tabs where there is little room."""
        self.call_after_refresh(lambda: self._deck.fold(not self.wide))

    @property
    def _deck(self) -> Deck:
        return self.query_one(Deck)

    def _field(self, name: str) -> Input:
        return self.query_one(f"#{name}", Input)

    def action_show_tab(self, name: str) -> None:
        """Bring a tab to the front."""
        self._deck.turn(name)

    def action_tab(self, step: int) -> None:
        """Bring the next or the previous tab to the front."""
        self._deck.step(step)

    # The question

    def _take_route(self) -> None:
        self._route = route = self._workbench.route
        self._policy = route.retry_policy if route else RetryPolicy()
        name = f" · {route.name}" if route else " · any target"
        self.query_one("#script", Pane).title(Content.assemble("What if", ink(name)))
        self.action_reset_policy()

    def action_reset_policy(self) -> None:
        """Take the target's own policy."""
        with self.prevent(Input.Changed):
            self._field("retries").value = str(self._policy.maximum_retry_attempts)
            self._field("age").value = _age_text(self._policy.maximum_event_age_in_seconds)
        self._ask()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        """Say at once what is wrong; simulate when the typing pauses."""
        event.stop()
        self._revision += 1
        self._tell_trouble(self._read()[1])
        if self._pause:
            self._pause.stop()
        self._pause = self.set_timer(DEBOUNCE, self._ask)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        """Go to the attempts."""
        event.stop()
        self._deck.turn("attempts")
        self.query_one(Timeline).focus()

    def _read(self) -> tuple[WhatIf | None, str]:
        """Return what is asked, or what is wrong with it."""
        retries, age = self._field("retries").value, self._field("age").value
        try:
            scenario = parse_scenario(self._field("scenario").value)
            policy = parse_policy(f"attempts={retries},age={age}", self._policy)
        except InspectorError as error:
            return None, f"{str(error).removeprefix(_NEEDLESS)}."
        start = self.bench.now()
        if self._route is None:
            return WhatIf(scenario, policy, start=start), ""
        return what_if_of(self._route, scenario, policy, start=start), ""

    def _tell_trouble(self, trouble: str) -> None:
        self.query_one("#trouble", Static).update(
            ink(f"✗ {trouble}", "bad") if trouble else Content.styled(HINT, "$foreground 45%")
        )
        policy = parse_or_none(self._field("retries").value, self._field("age").value)
        note = Content("")
        if policy == self._policy:
            note = ink("the target's own policy" if self._route else "AWS's defaults", "plain")
        elif policy is not None:
            note = ink("changed here · r takes it back", "info")
        self.query_one("#policy-note", Static).update(note)

    def _ask(self) -> None:
        """Simulate anew; what was under way no longer counts."""
        self._revision += 1
        what_if, trouble = self._read()
        self._tell_trouble(trouble)
        self._simulation = None
        strip, timeline, odds = self.query_one(DayStrip), self.query_one(Timeline), self.query_one(OddsView)
        day = self.query_one("#day", Pane)
        if what_if is None:
            self.workers.cancel_group(self, "what-if")
            self._asked = None
            strip.clear("Nothing to simulate: mend the scenario or the policy above.")
            timeline.reset(message="No attempts")
            odds.clear("No odds")
            self._deck.note("attempts", Content(""))
            day.say(_day_title(""))
            return
        self._asked = _Question(what_if, self._seed)
        self._simulate(self._asked, self._revision)

    def _simulate(self, question: _Question, revision: int) -> None:
        what_if, seed = question.what_if, question.seed

        def run() -> None:
            worker = get_current_worker()
            simulation = asyncio.run(simulate(what_if, seed=seed))
            if not worker.is_cancelled:
                self.post_message(self.Simulated(revision, simulation))
            for odds in odds_so_far(what_if, seed=seed, runs=RUNS):
                if worker.is_cancelled:
                    return
                self.post_message(self.Counted(revision, odds))

        self.run_worker(run, thread=True, exclusive=True, group="what-if", exit_on_error=False)

    # The answer

    @on(Simulated)
    def _simulated(self, message: Simulated) -> None:
        if message.revision != self._revision:
            return
        self._simulation = simulation = message.simulation
        timeline = self.query_one(Timeline)
        timeline.reset(simulation.what_if.name)
        for step in simulation.events:
            timeline.apply(step)
        timeline.highlight(1)
        self._show_day()
        self.query_one("#day", Pane).border_subtitle = ink("counting the odds …")
        outcome = simulation.outcome
        code = f" · {outcome.error_code}" if outcome.error_code else ""
        told = f"{outcome.kind}{code} after {spoken(simulation.seconds)}"
        self._deck.note("attempts", ink(told, OUTCOME_TONES[outcome.kind]))
        self.query_one(OddsView).clear("Counting …")

    def _show_day(self) -> None:
        simulation = self._simulation
        if simulation is None:
            return
        until_end = self._only_until_end(simulation)
        self.query_one(DayStrip).show(simulation, until_end=until_end)
        age = spoken(simulation.what_if.policy.maximum_event_age_in_seconds)
        shown = f"the first {spoken(max(SHORTEST, simulation.seconds))} of {age}" if until_end else age
        attempts = counted(len(simulation.attempts), "attempt")
        self.query_one("#day", Pane).title(_day_title(f"{shown} · {attempts} · seed {self._seed}"))

    @on(Counted)
    def _counted(self, message: Counted) -> None:
        if message.revision != self._revision:
            return
        odds = message.odds
        self.query_one(OddsView).show(odds, RUNS)
        lost = odds.runs - odds.delivered
        runs = f"{odds.runs:,} runs" if odds.runs == RUNS else f"{odds.runs:,} of {RUNS:,} runs"
        parts = [
            ink(f"{runs}: "),
            ink(f"{percent(odds.delivered, odds.runs)} delivered", "ok" if odds.delivered else "plain"),
            ink(" · "),
            ink(f"{percent(lost, odds.runs)} {odds.what_if.lost_as}", "bad" if lost else "plain"),
        ]
        if odds.delivery_seconds and self.wide:
            parts.append(ink(f" · median {spoken(odds.delivery_seconds.median)}"))
        self.query_one("#day", Pane).border_subtitle = Content.assemble(*parts)
        self.query_one("#odds", Pane).say("Odds")
        self._deck.note("odds", ink(runs))

    @on(Timeline.AttemptHighlighted)
    def _highlighted(self, event: Timeline.AttemptHighlighted) -> None:
        event.stop()
        self.query_one(DayStrip).mark(event.number)

    # Other commands

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_pick(self) -> None:
        """Take one of the ready scenarios."""
        if (number := await self.app.push_screen_wait(Picker("What the target does", READY))) is not None:
            with self.prevent(Input.Changed):
                self._field("scenario").value = READY[number].label
            self._ask()

    def action_reseed(self) -> None:
        """Let chance decide otherwise."""
        self._seed += 1
        self._ask()

    def action_scale(self) -> None:
        """Show the whole age, or only what of it was used."""
        if self._simulation:
            self._until_end = not self._only_until_end(self._simulation)
            self._show_day()

    def _only_until_end(self, simulation: Simulation) -> bool:
        """Tell whether to show only the time until the end: unless asked for, where it was a small part."""
        if self._until_end is not None:
            return self._until_end
        return simulation.seconds < simulation.what_if.policy.maximum_event_age_in_seconds * SMALL_PART


def parse_or_none(retries: str, age: str) -> RetryPolicy | None:
    """Return the policy that two fields say, None where they say none."""
    try:
        return parse_policy(f"attempts={retries},age={age}", RetryPolicy())
    except InspectorError:
        return None


def _age_text(seconds: int) -> str:
    """Return an age as one would write it: `24h`, `90m`, `75s`."""
    if seconds % 3600 == 0:
        return f"{seconds // 3600}h"
    return f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"


def _day_title(told: str) -> Content:
    """Return the title: the label first, so that no narrow screen cuts it off."""
    return Content.assemble(ink(APPROXIMATION, "warn"), ink(f" · {told}" if told else ""))
