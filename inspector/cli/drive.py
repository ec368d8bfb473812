"""Deliveries driven to their end while they are told on stderr."""

from dataclasses import dataclass

from inspector.cli.console import Console
from inspector.cli.session import Interruption
from inspector.cli.timeline import Timeline
from inspector.delivery.events import Attempt, AttemptEnd, Outcome, WaitStart
from inspector.errors import InspectorError
from inspector.workbench import Comparison, Run


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
) -> tuple[Done, ...]:
    """Drive the deliveries of a comparison to their ends, each line under the name of its way."""
    width = max(map(len, names))
    timelines = [Timeline(console.err, f"{console.err(name.ljust(width), 'accent')} ") for name in names]
    attempts: list[list[Attempt]] = [[] for _ in names]
    with interruption.ends(comparison.cancel):
        async for index, step in comparison:
            console.progress(*timelines[index].lines(step))
            if isinstance(step, AttemptEnd):
                attempts[index].append(step.attempt)
            elif isinstance(step, WaitStart) and skip_waits:
                comparison.runs[index].skip_wait()
    return tuple(_done(run, made, console) for run, made in zip(comparison.runs, attempts, strict=True))


def _done(run: Run, attempts: list[Attempt], console: Console) -> Done:
    if run.unrecorded:
        console.warning(f"the history does not have it: {run.unrecorded}")
    if run.outcome is None:
        raise InspectorError(f"the delivery to {run.route.name} ended before it began")
    return Done(run, tuple(attempts), run.outcome)
