"""How the rows of the timeline are laid out, in any width."""

from dataclasses import dataclass
from typing import Final

from inspector.delivery.events import Attempt
from inspector.eventbridge.retry import GiveUp, TransportErrorKind, spoken
from inspector.safe import safe_line
from inspector.tui.widgets.line_builder import LineBuilder
from inspector.tui.widgets.phase_bar import PHASES, put_gauge, put_phases, put_progress, put_running
from inspector.tui.widgets.text_rows import Line
from inspector.tui.widgets.timeline_course import AttemptRow, Course, OutcomeRow, WaitRow, WhyRow

_SPINNER: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_ERROR_CHIPS: Final[dict[TransportErrorKind, str]] = {
    "invalid-address": "address",
    "unauthorized-connection": "no auth",
    "unreachable": "no route",
}
_OUTCOMES: Final = {
    "delivered": ("✔", "chip-ok"),
    "dead-lettered": ("✘", "chip-bad"),
    "dropped": ("✘", "chip-bad"),
    "abandoned": ("■", "chip-warn"),
    "interrupted": ("■", "chip-warn"),
}
_FOLLOWS: Final = "what follows, and why"
_APPROXIMATE: Final = ("waits: an approximation", "waits approximate", "≈ waits")
_NUMBER, _AT, _CHIP, _LATENCY, _GAP = 4, 9, 9, 9, 2


@dataclass(frozen=True, slots=True)
class Columns:
    """The widths that depend on that of the view; the others are fixed."""

    width: int
    bar: int
    rule: int

    @classmethod
    def of(cls, width: int) -> "Columns":
        """Share out a width: the bar shrinks first, then the rule is cut."""
        room = width - _NUMBER - 1 - _AT - 1 - 1 - _CHIP - _LATENCY - _GAP
        bar = min(48, room * 2 // 5) if room >= 75 else max(14 if room >= 38 else 6, room // 3)
        return cls(width, bar, max(0, room - bar))


def clock(seconds: float) -> str:
    """Return a time since the start, short and of one form: `+1.2s`, `+2:05`, `+23:59:07`."""
    if seconds < 60:
        return f"+{seconds:.1f}s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"+{hours}:{minutes:02}:{rest:02}" if hours else f"+{minutes}:{rest:02}"


def latency(milliseconds: float) -> str:
    """Return a duration: `0.4 ms`, `182 ms`, `5.00 s`."""
    if milliseconds >= 1000:
        return f"{milliseconds / 1000:.2f} s"
    return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.1f} ms"


def outcome_chip(attempt: Attempt) -> tuple[str, str]:
    """Return the text and the ink of an attempt's chip: its status by class, or the kind of its error."""
    outcome = attempt.classification.outcome
    if attempt.error is not None:
        return _ERROR_CHIPS.get(attempt.error.kind, attempt.error.kind), "chip-bad"
    ink = {"success": "chip-ok", "retriable": "chip-warn", "final": "chip-bad"}[outcome]
    return str(attempt.status or "?"), ink


def budgets(course: Course, title: str, width: int) -> Line:
    """Return the first line: what is delivered, and how much of both budgets is used."""
    right = LineBuilder()
    if course.started:
        allowed = course.started.maximum_retry_attempts
        limit = course.started.maximum_event_age_in_seconds
        retries, roomy = max(0, course.attempts - 1), width >= 100
        right.put("retries ", "muted").put(f"{retries}/{allowed} ", "strong")
        put_gauge(right, retries / allowed if allowed else 0.0, max(1, min(allowed, 10)) if roomy else 4)
        right.put("  age " if roomy else " age ", "muted")
        right.put(f"{spoken(course.age)}/{spoken(limit)} ", "strong")
        put_gauge(right, course.age / limit if limit else 1.0, 10 if roomy else 4)
        right.put(" ")
    line = LineBuilder()
    line.put(f" {title}", "title", width=max(0, width - right.cells - 1)).put(" ")
    shift = len(line.text)
    line.text += right.text
    line.spans += [(start + shift, end + shift, ink) for start, end, ink in right.spans]
    return line.line()


def heads(columns: Columns, scale: float, *, waits: bool = False) -> Line:
    """Return the second line: the heads of the columns, the phases' colours among them.

    waits: there are some, and how long they are is an approximation (`BACKOFF_SCHEDULE`): that is said.
    """
    line = LineBuilder()
    line.put("#", "faint", width=_NUMBER, align="right").put(" ").put("at", "faint", width=_AT, align="right")
    line.put(" ")
    start = line.cells
    if columns.bar >= 31:
        for name in PHASES:
            line.put("■", name).put(f"{name} ", "muted")
        if scale and columns.bar >= 40:
            line.put(f"≤ {latency(scale)}", "faint", width=columns.bar - (line.cells - start), align="right")
    else:
        gap = " " if columns.bar >= 14 else ""
        for number, name in enumerate(PHASES[: (columns.bar + len(gap)) // (2 + len(gap))]):
            line.put(gap if number else "").put("■", name).put(name[0], "muted")
    line.pad(start + columns.bar)
    line.put(" ").put("status", "faint", width=_CHIP, align="center")
    line.put("latency", "faint", width=_LATENCY, align="right")
    line.put("  ")
    if not waits:
        return line.put(_FOLLOWS, "faint", width=columns.rule).line()
    told = next((words for words in _APPROXIMATE if len(words) <= columns.rule), _APPROXIMATE[-1])
    if columns.rule >= len(_FOLLOWS) + len(told) + 3:
        line.put(f"{_FOLLOWS} · ", "faint")
    return line.put(told, "warn").line()


def paint(course: Course, number: int, columns: Columns, ticks: int) -> Line:
    """Return a row of the timeline."""
    match course.rows[number]:
        case AttemptRow() as row:
            if row.attempt is None:
                return _running(course, row, columns, ticks)
            return _attempt(course, row, row.attempt, columns)
        case WaitRow() as row:
            return _wait(course, row, columns)
        case OutcomeRow() as row:
            return _outcome(course, row)
        case WhyRow(text=text, ink=ink):
            return (
                LineBuilder().put("     ").put(safe_line(text), ink, width=max(0, columns.width - 6)).line()
            )


def _start(row: AttemptRow, course: Course) -> LineBuilder:
    line = LineBuilder().put(str(row.number), "strong", width=_NUMBER, align="right").put(" ")
    return line.put(clock(course.offset(row.at)), "muted", width=_AT, align="right").put(" ")


def _attempt(course: Course, row: AttemptRow, attempt: Attempt, columns: Columns) -> Line:
    line = _start(row, course)
    put_phases(line, attempt.timings, columns.bar, course.scale)
    text, ink = outcome_chip(attempt)
    chip = f" {text} "
    left = (_CHIP - len(chip)) // 2
    line.put(" " * (1 + left)).put(chip, ink).put(" " * (_CHIP - left - len(chip)))
    line.put(latency(attempt.timings.total), "plain", width=_LATENCY, align="right").put("  ")
    ink = {"success": "ok", "retriable": "warn", "final": "bad"}[attempt.classification.outcome]
    return line.put(_rule(attempt), ink, width=columns.rule).line()


def _rule(attempt: Attempt) -> str:
    """Return what decides what follows an attempt, the end of the retries included."""
    text = attempt.classification.rule
    if attempt.token_exchange is not None:
        text += f" · token in {latency(attempt.token_exchange.milliseconds)}"
    if isinstance(attempt.decision, GiveUp) and attempt.decision.why != attempt.classification.rule:
        text += f" · {attempt.decision.why}"
    return safe_line(text)


def _running(course: Course, row: AttemptRow, columns: Columns, ticks: int) -> Line:
    elapsed = (course.now - row.at).total_seconds() * 1000 if course.now else 0.0
    line = _start(row, course)
    if course.ended:
        line.put("", width=columns.bar + 1).put("cut off", "warn", width=_CHIP, align="center")
        return (
            line.put("", width=_LATENCY).put("  ").put("no answer known", "muted", width=columns.rule).line()
        )
    put_running(line, elapsed, columns.bar, course.scale)
    line.put(" ").put(_SPINNER[ticks % len(_SPINNER)], "info", width=_CHIP, align="center")
    line.put(latency(elapsed), "info", width=_LATENCY, align="right").put("  ")
    return line.put("sent, no answer yet", "muted", width=columns.rule).line()


def _wait(course: Course, row: WaitRow, columns: Columns) -> Line:
    wait = row.wait
    # The wait's own column says how long it is.
    why = safe_line(wait.why).removeprefix(f"wait {spoken(wait.seconds)}: ")
    line = LineBuilder().put("↻", "faint", width=_NUMBER, align="right").put("", width=_AT + 2)
    if row.ended_at is not None:
        put_progress(line, 0.0 if row.skipped else 1.0, columns.bar, "rule")
        how = "skipped" if row.skipped else "waited" if row.ended_at >= wait.until else "cut short"
        line.put(" ").put(how, "faint", width=_CHIP, align="center")
        line.put(spoken(wait.seconds), "faint", width=_LATENCY, align="right").put("  ")
        return line.put(why, "faint", width=columns.rule).line()
    left = max(0.0, (wait.until - course.now).total_seconds()) if course.now else wait.seconds
    put_progress(line, 1 - left / wait.seconds if wait.seconds else 1.0, columns.bar, "accent")
    line.put(" ").put(f"{left:.1f} s" if left < 600 else spoken(left), "accent", width=_CHIP, align="center")
    line.put(f"of {spoken(wait.seconds)}", "muted", width=_LATENCY, align="right").put("  ")
    return line.put(why, "muted", width=columns.rule).line()


def _outcome(course: Course, row: OutcomeRow) -> Line:
    outcome = row.outcome
    kind = outcome.kind if outcome else "interrupted"
    mark, ink = _OUTCOMES[kind]
    attempts = outcome.attempts if outcome else course.attempts
    line = LineBuilder().put(mark, ink.replace("chip-", ""), width=_NUMBER, align="right").put(" ")
    line.chip(kind.upper(), ink).put(" ")
    if outcome and outcome.error_code:
        line.put(safe_line(outcome.error_code), "bad").put(" ")
    line.put(
        f"after {attempts} attempt{'' if attempts == 1 else 's'} in {spoken(course.offset(row.at))}", "strong"
    )
    if outcome and outcome.exhausted:
        line.put(f" · {outcome.exhausted} used up", "warn")
    return line.line()
