"""What is recorded, for a reader: the list, and one delivery with all its attempts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from inspector.cli.console import Cell, Painter, Style
from inspector.cli.delivery_text import attempt_lines, dead_letter_lines
from inspector.cli.durations import milliseconds_text
from inspector.cli.request_text import request_lines
from inspector.cli.timeline import outcome_line
from inspector.history.records import DeliveryState, DeliverySummary, StoredDelivery
from inspector.jsontext import dumps

STATES: Final[Mapping[DeliveryState, tuple[str, Style]]] = {
    "in-flight": ("…", "accent"),
    "delivered": ("✓", "good"),
    "dead-lettered": ("✗", "bad"),
    "dropped": ("✗", "bad"),
    "abandoned": ("■", "warn"),
    "interrupted": ("!", "warn"),
}
_SHORT_ID: Final = 8


def summary_row(summary: DeliverySummary) -> Sequence[Cell]:
    """Return the cells of one line of the list."""
    mark, style = STATES[summary.state]
    tries = f"{summary.attempts} attempt{'' if summary.attempts == 1 else 's'}"
    took = "" if summary.milliseconds is None else milliseconds_text(summary.milliseconds)
    tags = [("replay of " + summary.replay_of[:_SHORT_ID]) if summary.replay_of else ""]
    tags += ["compared"] if summary.comparison else []
    return (
        (summary.delivery_id[:_SHORT_ID], "accent"),
        (local_time(summary.created_at), "dim"),
        (f"{mark} {summary.state}", style),
        str(summary.status or ""),
        tries,
        (took, "dim"),
        (summary.names.route, "strong"),
        summary.detail_type,
        (summary.error_code, style),
        (", ".join(filter(None, [*tags, summary.note])), "dim"),
    )


def stored_lines(paint: Painter, stored: StoredDelivery) -> list[str]:
    """Return one delivery: what it was of, the event, the request, every attempt, the outcome."""
    summary, names = stored.summary, stored.names
    mark, style = STATES[summary.state]
    rows: list[Sequence[Cell]] = [
        (("delivery", "dim"), (summary.delivery_id, "accent")),
        (("state", "dim"), (f"{mark} {summary.state}", style)),
        (("begun", "dim"), local_time(summary.created_at)),
        (("event", "dim"), f"{summary.detail_type} from {summary.source}, id {summary.event_id}"),
        (("route", "dim"), names.route),
        (("through", "dim"), f"{names.connection} ({names.authorization_type})"),
        (("replay of", "dim"), summary.replay_of),
        (("comparison", "dim"), summary.comparison),
        (("note", "dim"), summary.note),
    ]
    lines = paint.rows([row for row in rows if row[1] and row[1] != ""])
    lines += ["", paint("Event", "accent"), paint.block(dumps(stored.event, indent=2), 2)]
    # The first attempt's request knows the credential that the prepared one had yet to get.
    request = stored.attempts[0].request if stored.attempts else stored.request
    if request:
        lines += ["", paint("Request", "accent"), *indented(request_lines(paint, request))]
    else:
        lines += ["", paint(f"Payload: {stored.payload.reason}", "bad"), paint.block(stored.payload.body, 2)]
    if stored.attempts or stored.interrupted_attempts:
        lines += ["", paint("Attempts", "accent")]
    for attempt in stored.attempts:
        lines += indented(attempt_lines(paint, attempt))
    for number in stored.interrupted_attempts:
        lines.append(f"  {paint(f'! attempt {number} was begun, and nobody recorded its end', 'warn')}")
    if stored.outcome:
        lines += ["", outcome_line(paint, stored.outcome)]
        lines += dead_letter_lines(paint, stored.outcome)
    return lines


def indented(lines: Sequence[str]) -> list[str]:
    """Return lines, and the lines within them, two columns further in."""
    return [line and f"  {line}" for text in lines for line in text.split("\n")]


def local_time(moment: datetime) -> str:
    """Return a moment in the machine's own time zone, to the second."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"
