"""A delivery under way: followed step by step in the timeline, or one of the history told again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.worker import Worker

from inspector.delivery.events import (
    Attempt,
    AttemptEnd,
    AttemptStart,
    DeliveryEvent,
    InvocationEnd,
    Outcome,
    WaitEnd,
    WaitStart,
)
from inspector.errors import InspectorError
from inspector.tui.screens.frame import Pane, ink
from inspector.tui.screens.results import OUTCOME_TONES
from inspector.tui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from inspector.workbench import Run

TICK: Final = 0.1


class DeliveryPane(Pane):
    """The timeline with what feeds it. Only one delivery runs in it at a time."""

    class Progress(Message):
        """The delivery has begun, waits, goes on, or has ended: other keys apply now."""

    class Shown(Message):
        """An attempt is the one to look at now."""

        def __init__(self, attempt: Attempt) -> None:
            super().__init__()
            self.attempt = attempt

    class Ended(Message):
        """A delivery that ran here is over. `trouble` says what went wrong beside it, if anything did."""

        def __init__(self, run: "Run", outcome: Outcome | None, last: Attempt | None, trouble: str) -> None:
            super().__init__()
            self.run, self.outcome, self.last, self.trouble = run, outcome, last, trouble

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes="-idle")
        self._run: Run | None = None
        self._worker: Worker[None] | None = None
        self._attempts: dict[int, Attempt] = {}
        self.waiting = False

    def compose(self) -> ComposeResult:
        """Return the timeline."""
        yield Timeline()

    def on_mount(self) -> None:
        """Say that nothing was sent yet."""
        self.say("Delivery")
        self.set_interval(TICK, self._tick)

    @property
    def timeline(self) -> Timeline:
        """The widget itself."""
        return self.query_one(Timeline)

    @property
    def running(self) -> bool:
        """Whether a delivery is under way."""
        return self._run is not None

    def clear(self, title: str = "", message: str = "") -> None:
        """Forget what is shown."""
        self._attempts = {}
        if message:
            self.timeline.reset(title, message=message)
        else:
            self.timeline.reset(title)
        self.say("Delivery")

    def play(self, run: "Run") -> None:
        """Follow a delivery to its end. The one before is forgotten at once."""
        self.clear(run.route.name)
        self._run = run
        self.remove_class("-idle")
        self.say("Delivery", ink("sending …", "info"))
        self._worker = self.run_worker(
            self._follow(run), group="delivery", exclusive=True, exit_on_error=False, name=run.delivery_id
        )

    async def _follow(self, run: "Run") -> None:
        trouble = ""
        try:
            async for step in run:
                self._apply(step)
                self._state(step)
                self.post_message(self.Progress())
        except InspectorError as error:
            trouble = f"{error}. {error.hint}".strip(". ") + "."
            self.say("Delivery", ink(trouble, "bad"))
        except Exception:
            trouble = "The inspector failed in the middle of this delivery."
            self.say("Delivery", ink(trouble, "bad"))
            raise
        finally:
            self._run = None
            self.waiting = False
            if run.unrecorded and not trouble:
                trouble = f"Not in the history: {run.unrecorded}."
            last = self._attempts[max(self._attempts)] if self._attempts else None
            self.post_message(self.Ended(run, run.outcome, last, trouble))

    def _apply(self, step: DeliveryEvent) -> None:
        if isinstance(step, AttemptEnd):
            self._attempts[step.attempt.number] = step.attempt
        self.timeline.apply(step)

    def _state(self, step: DeliveryEvent) -> None:
        self.waiting = isinstance(step, WaitStart)
        match step:
            case AttemptStart(number=number):
                self.say("Delivery", ink(f"attempt {number} under way", "info"))
            case WaitStart(next_attempt=number):
                self.say("Delivery", ink(f"waiting for attempt {number} · w skips, x cancels", "warn"))
            case WaitEnd(skipped=True):
                self.say("Delivery", ink("wait skipped", "info"))
            case InvocationEnd(outcome=outcome):
                self.say("Delivery", _ending(outcome))

    def show_recorded(self, title: str, events: Sequence[DeliveryEvent], *, interrupted: bool) -> None:
        """Tell a delivery of the history again."""
        self.clear(title)
        for event in events:
            self._apply(event)
        if interrupted:
            self.timeline.interrupt(events[-1].at if events else None)
            self.say("Delivery", ink("interrupted: the inspector ended before the delivery did", "warn"))
        elif events and isinstance(events[-1], InvocationEnd):
            self.say("Delivery", _ending(events[-1].outcome))

    def skip_wait(self) -> None:
        """Fast-forward."""
        if self._run:
            self._run.skip_wait()

    def cancel(self) -> None:
        """End the delivery; its last steps still come."""
        if self._run:
            self._run.cancel()

    async def stop(self) -> None:
        """End the delivery, and wait until its end is recorded."""
        if self._run and self._worker:
            self._run.cancel()
            await self._worker.wait()

    def _tick(self) -> None:
        if self._run and self.screen.is_current:
            self.timeline.tick(self._run.now())

    @on(Timeline.AttemptHighlighted)
    def _highlighted(self, event: Timeline.AttemptHighlighted) -> None:
        event.stop()
        if attempt := self._attempts.get(event.number):
            self.post_message(self.Shown(attempt))


def _ending(outcome: Outcome) -> Content:
    code = f" · {outcome.error_code}" if outcome.error_code else ""
    return ink(f"{outcome.kind}{code}", OUTCOME_TONES[outcome.kind])
