"""A request for a reader: every part with where it came from."""

from collections.abc import Mapping, Sequence
from typing import Final

from inspector.cli.console import Cell, Painter
from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.request import Part, PreparedRequest, Source
from inspector.jsontext import JsonError, dumps, loads
from inspector.secret import Secret
from inspector.workbench import Preview

SOURCES: Final[Mapping[Source, str]] = {
    "aws": "fixed by AWS",
    "destination": "the destination",
    "connection": "the connection",
    "target": "the target",
    "event": "the event",
    "authorization": "authorization",
    "inspector": "a deviation of the inspector",
}
_LONGEST_LINE: Final = 100
_MODES: Final = {"event": "the whole event"}


def preview_lines(paint: Painter, preview: Preview) -> list[str]:
    """Return what a route would send for an event."""
    route = preview.route
    connection = f"through {route.connection.name} ({route.connection.authorization_type})"
    lines = [f"{paint(route.name, 'strong')}  {paint(f'to {route.destination.name} {connection}', 'dim')}"]
    if preview.result is None:
        lines.append(paint("· no rule stands before this destination", "dim"))
    elif preview.result.matched:
        lines.append(f"{paint('✓', 'good')} rule {paint(preview.result.rule.name)} fires")
    else:
        reason = f"rule {preview.result.rule.name} does not fire: {preview.result.reason}"
        lines.append(f"{paint('✗', 'bad')} {paint(reason)}")
    if preview.problem:
        lines.append(f"{paint('✗', 'bad')} {paint(f'no request: {preview.problem}')}")
    if preview.payload and preview.payload.verdict != "deliver":
        lines += _undeliverable(paint, preview.payload)
    elif preview.payload and preview.request:
        mode = _MODES.get(preview.payload.mode, preview.payload.mode)
        lines += ["", *request_lines(paint, preview.request, body_from=mode)]
    assumed = preview.payload.assumptions if preview.payload else ()
    return [*lines, *assumption_lines(paint, assumed)]


def request_lines(paint: Painter, request: PreparedRequest, *, body_from: str = "") -> list[str]:
    """Return a request part by part. body_from: the input option that made the body."""
    lines = [f"{paint(request.method, 'accent', 'strong')} {paint(request.masked_url, 'strong')}"]
    for title, parts in (
        ("Path", request.path_parameters),
        ("Query", request.query),
        ("Headers", request.headers),
        ("Body parameters", request.body_parameters),
    ):
        if parts:
            lines += [paint(title, "dim"), *paint.rows(map(_row, parts), indent=2)]
    if request.stripped:
        rows: list[Sequence[Cell]] = [(s.name, str(s.value), (s.why, "warn")) for s in request.stripped]
        lines += [paint("Removed by EventBridge", "dim"), *paint.rows(rows, indent=2)]
    lines += body_lines(paint, request.masked_body, f"from {body_from}" if body_from else "")
    for note in request.notes:
        lines.append(f"{paint('!', 'warn') if note.warning else paint('·', 'dim')} {paint(note.text)}")
    return [*lines, *assumption_lines(paint, request.assumptions)]


def body_lines(paint: Painter, body: str, origin: str = "") -> list[str]:
    """Return a body: long one-line JSON is indented for the reader, and that is said."""
    size = f"{len(body.encode('utf-8', 'surrogatepass'))} bytes"
    shown = readable(body)
    words = ", ".join(filter(None, (size, origin, "indented for reading" if shown != body else "")))
    title = f"{paint('Body', 'dim')}  {paint(words, 'dim')}"
    return [title, paint.block(shown, 2)] if body else [f"{paint('Body', 'dim')}  {paint('empty', 'dim')}"]


def readable(body: str) -> str:
    """Return a JSON text of one long line indented; any other text as it is."""
    if len(body) <= _LONGEST_LINE or "\n" in body.strip():
        return body
    try:
        return dumps(loads(body), indent=2)
    except JsonError:
        return body


def assumption_lines(paint: Painter, assumptions: Sequence[Assumption]) -> list[str]:
    """Return what is assumed and not established, a line each."""
    return [f"{paint('~ assumption:', 'warn')} {paint(assumption.text)}" for assumption in assumptions]


def _row(part: Part) -> Sequence[Cell]:
    # A detail names the definition or the rule by itself; of an event it is the bare path.
    source = part.detail or SOURCES[part.source]
    if part.source == "event" and part.detail:
        source = f"event {part.detail}"
    if part.replaced:
        source += f" (in place of {part.replaced})"
    return (
        part.name,
        (str(part.value), "warn" if isinstance(part.value, Secret) else "plain"),
        (source, "dim"),
    )


def _undeliverable(paint: Painter, payload: Payload) -> list[str]:
    lines = [f"{paint('✗', 'bad')} {paint(f'nothing is sent: {payload.reason}')}"]
    if payload.body:
        lines.append(paint.block(payload.body, 2))
        if payload.fault_at is not None:
            lines.append(paint(f"  it stops being JSON at character {payload.fault_at + 1}", "dim"))
    return lines
