"""A delivery that is over, for a reader: a line for a list, or every attempt in full."""

from collections.abc import Sequence

from inspector.cli.console import Cell, Painter
from inspector.cli.durations import milliseconds_text
from inspector.cli.request_text import assumption_lines, readable
from inspector.cli.timeline import OUTCOME_MARKS, attempt_line, token_text
from inspector.delivery.events import Attempt, Outcome, Response
from inspector.eventbridge.retry import RetryIn


def result_row(delivery_id: str, route: str, attempts: Sequence[Attempt], outcome: Outcome) -> Sequence[Cell]:
    """Return the cells of one delivery in the closing table of `send`."""
    mark, style = OUTCOME_MARKS[outcome.kind]
    last = attempts[-1] if attempts else None
    status = str(last.status or (last.error.kind if last.error else "")) if last else ""
    tries = f"{outcome.attempts} attempt{'' if outcome.attempts == 1 else 's'}"
    return (
        (f"{mark} {outcome.kind}", style),
        (route, "strong"),
        status,
        tries,
        (outcome.error_code, style),
        (delivery_id, "dim"),
    )


def attempt_lines(paint: Painter, attempt: Attempt) -> list[str]:
    """Return one attempt: the token request that it needed, the answer, what was decided."""
    started = f"{attempt.started_at.astimezone():%Y-%m-%d %H:%M:%S}"
    where = ", ".join(filter(None, (started, attempt.remote_address, attempt.tls)))
    lines = [f"{paint(f'attempt {attempt.number}', 'strong')}  {paint(where, 'dim')}"]
    if attempt.token_exchange:
        lines.append(f"  {paint('⚿', 'accent')} {paint(token_text(attempt.token_exchange))}")
    lines.append(f"  {attempt_line(paint, attempt)}")
    timings = attempt.timings
    phases = {
        "dns": timings.dns,
        "connect": timings.connect,
        "tls": timings.tls,
        "send": timings.send,
        "wait": timings.wait,
        "read": timings.read,
    }
    told = [f"{name} {milliseconds_text(value)}" for name, value in phases.items() if value is not None]
    if told:
        lines.append(paint(f"    {', '.join(told)}", "dim"))
    if attempt.response:
        lines += response_lines(paint, attempt.response)
    lines += [f"  {line}" for line in assumption_lines(paint, attempt.classification.assumptions)]
    if isinstance(attempt.decision, RetryIn):
        lines.append(f"  {paint(f'… {attempt.decision.why}', 'dim')}")
    return lines


def response_lines(paint: Painter, response: Response) -> list[str]:
    """Return an answer: headers and body, indented."""
    lines = header_rows(paint, response.headers)
    body = response.body.decode("utf-8", "replace")
    if body:
        lines.append(paint.block(readable(body), 4))
    if response.cut:
        lines.append(
            paint(f"    cut: {response.received_bytes} bytes were received and more followed", "warn")
        )
    if response.note:
        lines.append(paint(f"    {response.note}", "warn"))
    return lines


def header_rows(paint: Painter, headers: Sequence[tuple[str, str]]) -> list[str]:
    """Return headers, one a line, indented."""
    rows: list[Sequence[Cell]] = [((name, "dim"), value) for name, value in headers]
    return paint.rows(rows, indent=4)


def dead_letter_lines(paint: Painter, outcome: Outcome) -> list[str]:
    """Return what the dead-letter queue holds of a delivery, or would; nothing for one that arrived."""
    lines: list[str] = []
    letter = outcome.dead_letter
    if letter:
        queue = f"in {letter.queue_arn}" if letter.queue_arn else "no queue is configured; it would have held"
        lines.append(paint(f"dead letter {queue}", "dim"))
        rows: list[Sequence[Cell]] = [((name, "dim"), value) for name, value in letter.attributes.items()]
        lines += paint.rows(rows, indent=2)
        lines.append(paint.block(readable(letter.body), 2))
    return lines
