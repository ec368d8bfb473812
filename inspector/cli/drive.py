"""Deliveries driven to their end while they are told on stderr."""

from dataclasses import dataclass

from inspector.cli.console import Console
from inspector.cli.durations import milliseconds_text
from inspector.cli.session import Interruption
from inspector.cli.timeline import Timeline, answer_text
from inspector.delivery.events import Attempt, AttemptEnd, Outcome, WaitStart
from inspector.errors import InspectorError
from inspector.workbench import Comparison, Run
from inspector.workbench.measures import WayResult


@dataclass(frozen=True, slots=True)
class Done:
    """A delivery that is over."""

    run: Run
    attempts: tuple[Attempt, ...]
    outcome: Outcome

    @property
    def delivered(self) -> bool:
        """Whether the endpoint took it."""
        return self.outcome.kind == "delivered"


async def follow(run: Run, console: Console, interruption: Interruption, *, skip_waits: bool = False) -> Done:
    """Drive one delivery to its end. The first Ctrl-C abandons it, which is recorded and told.

    Raises:
        InspectorError: the delivery ended without an outcome.
    """
    timeline, attempts = Timeline(console.err), []
    with interruption.ends(run.cancel):
        async for step in run:
            console.progress(*timeline.lines(step))
            if isinstance(step, AttemptEnd):
                attempts.append(step.attempt)
            elif isinstance(step, WaitStart) and skip_waits:
                run.skip_wait()
    return _done(run, attempts, console)


async def follow_all(
    comparison: Comparison,
    names: tuple[str, ...],
    console: Console,
    interruption: Interruption,
    *,
    skip_waits: bool = False,
) -> tuple[WayResult, ...]:
    """Drive a comparison to its end, each line under the name of its way; of several rounds, a line for each.

    Raises:
        InspectorError: a delivery ended without an outcome.
    """
    width = max(map(len, names))
    timelines = [Timeline(console.err, f"{console.err(name.ljust(width), 'accent')} ") for name in names]
    with interruption.ends(comparison.cancel):
        async for index, step in comparison:
            if comparison.rounds == 1:
                console.progress(*timelines[index].lines(step))
            elif all(len(results) == comparison.round for results in comparison.results):
                console.progress(_round_line(comparison, names, console))
            if isinstance(step, WaitStart) and skip_waits:
                comparison.runs[index].skip_wait()
    if not all(comparison.results):
        raise InspectorError("a delivery ended before it began")
    done = tuple(result for results in comparison.results for result in results)
    for why in {result.unrecorded for result in done} - {""}:
        console.warning(f"the history does not have it: {why}")
    return done


def _round_line(comparison: Comparison, names: tuple[str, ...], console: Console) -> str:
    ended = []
    for name, results in zip(names, comparison.results, strict=True):
        last = results[-1].attempts[-1] if results[-1].attempts else None
        told = f"{answer_text(last)} in {milliseconds_text(last.timings.total)}" if last else "nothing sent"
        ended.append(f"{console.err(name, 'accent')} {console.err(told)}")
    head = console.err(f"run {comparison.round} of {comparison.rounds}", "dim")
    return f"{head}  {'  '.join(ended)}"


def _done(run: Run, attempts: list[Attempt], console: Console) -> Done:
    if run.unrecorded:
        console.warning(f"the history does not have it: {run.unrecorded}")
    if run.outcome is None:
        raise InspectorError(f"the delivery to {run.route.name} ended before it began")
    return Done(run, tuple(attempts), run.outcome)
