"""What a target's input option makes of the event, whether it can be delivered, and from what it was made."""

from collections.abc import Iterator, Sequence
from typing import Final

from inspector.eventbridge.payload import Payload, PayloadVerdict, Placeholder
from inspector.safe import safe_line
from inspector.tui.widgets.line_builder import LineBuilder
from inspector.tui.widgets.line_view import LineView
from inspector.tui.widgets.message_rows import heading, labelled, note_lines
from inspector.tui.widgets.text_rows import Line, LineRows, Mark, Rows, TextRows

_VERDICTS: Final[dict[PayloadVerdict, tuple[str, str]]] = {
    "deliver": ("deliverable", "chip-ok"),
    "invalid-json": ("invalid JSON", "chip-bad"),
    "nothing": ("nothing", "chip-warn"),
}
_MODES: Final = {"event": "the event as it is"}
_LONGEST: Final = 300


class PayloadView(LineView):
    """The verdict, the body exactly, and the placeholders with what each became."""

    DEFAULT_CSS = "PayloadView { overflow-x: hidden; scrollbar-gutter: stable; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._payload: Payload | None = None
        self._template: str | None = None
        self._laid_out = 0

    def show(self, payload: Payload, template: str | None = None) -> None:
        """Show a payload; `template` is the InputTemplate that it was made from, if it was."""
        self._payload, self._template = payload, template
        self._lay_out(keep_scroll=False)

    def clear(self, message: str = "") -> None:
        """Show a sentence in place of a payload."""
        self._payload = None
        super().clear(message)

    @property
    def source(self) -> str:
        """The body: what is copied."""
        return self._payload.body if self._payload else ""

    def on_resize(self) -> None:
        """Wrap anew when the width is another."""
        if self._payload and self.room != self._laid_out:
            self._lay_out(keep_scroll=True)

    def _lay_out(self, *, keep_scroll: bool) -> None:
        payload, width = self._payload, self.room
        self._laid_out = width
        if payload is None or not width:
            return
        blocks: list[Rows] = [LineRows(list(_head(payload, width)))]
        if payload.body:
            marks = _body_marks(payload)
            blocks.append(TextRows(payload.body, language="json", marks=marks, longest=max(20, width)))
        if self._template is not None:
            title = LineRows([Line(""), heading("InputTemplate", width)])
            marks = [Mark(place.start, place.end, "changed") for place in payload.placeholders]
            rows = TextRows(self._template, language="json", marks=marks, longest=max(20, width))
            blocks += [title, rows]
        if payload.placeholders:
            blocks.append(LineRows(list(_table(payload.placeholders, width))))
        if payload.assumptions:
            blocks.append(LineRows([Line(""), *note_lines((), payload.assumptions, width)]))
        self.show_blocks(blocks, keep_scroll=keep_scroll)


def _head(payload: Payload, width: int) -> Iterator[Line]:
    """Yield the verdict, and why it is not `deliver` where it is not."""
    text, ink = _VERDICTS[payload.verdict]
    line = LineBuilder().chip(text, ink).put(f" {_MODES.get(payload.mode, payload.mode)}", "strong")
    line.put(f" · {len(payload.body.encode('utf-8', 'replace')):,} bytes", "muted")
    yield line.line()
    if payload.reason:
        yield from labelled("why", "chip-dim", payload.reason, width, ink.removeprefix("chip-"))
    if payload.fault_at is not None:
        before = payload.body[: payload.fault_at]
        column = payload.fault_at - (before.rfind("\n") + 1) + 1
        at = f"line {before.count(chr(10)) + 1}, column {column}"
        yield from labelled("at", "chip-dim", f"{at}: {_around(payload.body, payload.fault_at)}", width)
    yield Line("")


def _around(body: str, at: int) -> str:
    """Return the text at a fault with a little before it, a mark between."""
    before, after = body[max(0, at - 16) : at], body[at : at + 16]
    return safe_line(f"…{before}" if at > 16 else before) + "⟪here⟫" + safe_line(after)


def _body_marks(payload: Payload) -> list[Mark]:
    """Return where the event's own values stand in the body, and the place of the fault on top."""
    marks = [Mark(place.body_start, place.body_end, "added") for place in payload.placeholders]
    if payload.fault_at is not None:
        # At the very end there is nothing to mark but the last character.
        at = min(payload.fault_at, len(payload.body) - 1)
        marks.append(Mark(at, at + 1, "error"))
    return marks


def _table(placeholders: Sequence[Placeholder], width: int) -> Iterator[Line]:
    """Yield the placeholders: name, path, kind of value, and the text that each became."""
    name = min(24, max(len(place.name) for place in placeholders) + 2)
    path = min(max(10, width // 3), max(len(safe_line(place.path)) for place in placeholders))
    yield Line("")
    yield heading("Placeholders", width)
    for place in placeholders:
        missing = place.value_kind == "missing"
        line = LineBuilder().put(safe_line(f"<{place.name}>"), "accent", width=name).put(" ")
        line.put(safe_line(place.path), "info", width=path).put(" ")
        line.put(place.value_kind, "warn" if missing else "muted", width=8)
        line.put('"…" ' if place.in_quotes else "    ", "faint")
        text = safe_line(place.text[:_LONGEST])
        yield line.put(
            text or "(empty)", "faint" if not text else "plain", width=max(0, width - line.cells)
        ).line()
