"""A simulated delivery for a reader: its course on one line, its attempts as a table, the odds."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final

from inspector.cli.console import Cell, Painter, Style
from inspector.cli.durations import milliseconds_text, seconds_text
from inspector.cli.request_text import assumption_lines
from inspector.cli.timeline import CLASS_STYLES, outcome_line
from inspector.delivery.events import Attempt
from inspector.eventbridge.resources import RetryPolicy
from inspector.eventbridge.retry import RetryIn
from inspector.workbench.simulate import Odds, Simulation, Spread

_WIDTH: Final = 64
_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_ALL_ALIKE: Final = 8
"""A row of like attempts up to this long is shown whole."""
_FIRST, _LAST = 4, 2
_ROWS: Final = 40
_ROWS_BEFORE, _ROWS_AFTER = 24, 8


def simulation_lines(paint: Painter, simulation: Simulation, *, every: bool = False) -> list[str]:
    """Return one run: the policy, the attempts over time, each attempt, the end. every: leave none out."""
    what_if = simulation.what_if
    lines = [
        f"{paint(what_if.name, 'strong')}  {paint(what_if.scenario.text)}",
        paint(f"at most {budget_text(what_if.policy)}", "dim"),
        "",
        *_strip_lines(paint, simulation),
    ]
    rows = list(_rows(simulation, every=every))
    if len(rows) > _ROWS and not every:
        left_out = len(rows) - _ROWS_BEFORE - _ROWS_AFTER
        note: Sequence[Cell] = ("", "", (f"… {left_out} lines more: --every shows all attempts", "dim"))
        rows = [*rows[:_ROWS_BEFORE], note, *rows[-_ROWS_AFTER:]]
    lines += paint.rows(rows, indent=2)
    took = f"after {seconds_text(simulation.seconds)}"
    return [*lines, f"{outcome_line(paint, simulation.outcome)}  {paint(took, 'dim')}"]


def odds_lines(paint: Painter, odds: Odds) -> list[str]:
    """Return what becomes of many runs."""
    runs = f"{odds.runs} run{'' if odds.runs == 1 else 's'}"
    lines = [f"{paint('odds', 'strong')}  {paint(f'{runs}, seed {odds.seed}', 'dim')}"]
    rows: list[Sequence[Cell]] = [
        ("delivered", _share(odds.delivered, odds.runs, "good"), str(odds.delivered)),
    ]
    lost = odds.runs - odds.delivered
    rows.append((odds.what_if.lost_as, _share(lost, odds.runs, "bad"), str(lost)))
    for loss in odds.losses:
        why = f"{loss.error_code}, {loss.exhausted or 'no further attempt after the last answer'}"
        rows.append(("", (_percent(loss.runs, odds.runs), "dim"), f"{loss.runs}", why))
    lines += paint.rows(rows, indent=2)
    figures: list[Sequence[Cell]] = [("attempts", *_spread(odds.attempts, lambda figure: f"{figure:.0f}"))]
    if odds.delivery_seconds:
        figures.append(("time to delivery", *_spread(odds.delivery_seconds, seconds_text)))
    return [*lines, *paint.rows(figures, indent=2)]


def approximation_lines(paint: Painter, simulation: Simulation, odds: Odds) -> list[str]:
    """Return what all of it rests on."""
    assumed = tuple(dict.fromkeys((*simulation.assumptions, *odds.assumptions)))
    return [paint("the schedule is an approximation", "warn"), *assumption_lines(paint, assumed)]


def budget_text(policy: RetryPolicy) -> str:
    """Return a policy in words."""
    retries = policy.maximum_retry_attempts
    age = seconds_text(policy.maximum_event_age_in_seconds)
    return f"{retries} retr{'y' if retries == 1 else 'ies'} within {age}"


def answer_label(attempt: Attempt) -> str:
    """Return a scripted answer in a word: its status, or the kind of failure."""
    return str(attempt.status) if attempt.response else attempt.error.kind if attempt.error else "no answer"


def _strip_lines(paint: Painter, simulation: Simulation) -> list[str]:
    """All attempts on one line of time: the taller a block, the more attempts began in its stretch."""
    attempts, total = simulation.attempts, simulation.seconds
    if len(attempts) < 2:
        return []
    cells: list[list[Attempt]] = [[] for _ in range(_WIDTH)]
    for attempt in attempts:
        at = _elapsed(simulation, attempt)
        cells[min(_WIDTH - 1, int(at / total * _WIDTH))].append(attempt)
    most = max(map(len, cells))
    strip = "".join(
        paint(_BLOCKS[(len(cell) * len(_BLOCKS) - 1) // most], CLASS_STYLES[cell[-1].classification.outcome])
        if cell
        else paint("·", "dim")
        for cell in cells
    )
    fullest = "1 attempt" if most == 1 else f"{most} attempts"
    legend = f"attempts begun: █ {fullest}, · none; {seconds_text(total / _WIDTH)} to a column"
    scale = f"0 {'─' * (_WIDTH - 2 - len(seconds_text(total)) - 1)} {seconds_text(total)}"
    return [f"  {strip}", f"  {paint(scale, 'dim')}", f"  {paint(legend, 'dim')}", ""]


def _rows(simulation: Simulation, *, every: bool) -> Iterator[Sequence[Cell]]:
    for _, group in groupby(simulation.attempts, key=answer_label):
        alike = list(group)
        if every or len(alike) <= _ALL_ALIKE:
            yield from (_row(simulation, attempt) for attempt in alike)
            continue
        yield from (_row(simulation, attempt) for attempt in alike[:_FIRST])
        yield _summary(simulation, alike[_FIRST:-_LAST])
        yield from (_row(simulation, attempt) for attempt in alike[-_LAST:])


def _row(simulation: Simulation, attempt: Attempt) -> Sequence[Cell]:
    style = CLASS_STYLES[attempt.classification.outcome]
    # The schedule is no exact one: a wait is told with what decided it, not to the millisecond.
    after = attempt.decision.why if attempt.decision else attempt.classification.rule
    return (
        (f"+{seconds_text(_elapsed(simulation, attempt))}", "dim"),
        (f"attempt {attempt.number}", "accent"),
        (answer_label(attempt), style),
        (milliseconds_text(attempt.timings.total), "dim"),
        after,
    )


def _summary(simulation: Simulation, alike: Sequence[Attempt]) -> Sequence[Cell]:
    waits = [a.decision.seconds for a in alike if isinstance(a.decision, RetryIn)]
    span = f"{seconds_text(min(waits))} to {seconds_text(max(waits))}" if waits else "none"
    return (
        ("…", "dim"),
        (f"{alike[0].number} to {alike[-1].number}", "dim"),
        (f"{answer_label(alike[0])} ×{len(alike)}", "dim"),
        "",
        (f"until +{seconds_text(_elapsed(simulation, alike[-1]))}, waits of {span}", "dim"),
    )


def _elapsed(simulation: Simulation, attempt: Attempt) -> float:
    return (attempt.started_at - simulation.what_if.start).total_seconds()


def _share(part: int, whole: int, style: Style) -> Cell:
    return (_percent(part, whole), style if part else "dim")


def _percent(part: int, whole: int) -> str:
    return f"{part / whole * 100:5.1f} %"


def _spread(spread: Spread, text: Callable[[float], str]) -> Iterator[Cell]:
    yield f"median {text(spread.median)}"
    yield f"95 % within {text(spread.p95)}"
    yield f"at most {text(spread.largest)}"
