"""The request as it will be sent, each part beside where it came from; and the answer to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.message import Message

from inspector.eventbridge.provenance import Part, Source
from inspector.eventbridge.request import PreparedRequest
from inspector.safe import safe_line
from inspector.tui.widgets.line_builder import LineBuilder
from inspector.tui.widgets.line_view import LineView
from inspector.tui.widgets.message_rows import chopped, heading, note_lines, sentences
from inspector.tui.widgets.response_view import ResponseView
from inspector.tui.widgets.text_rows import Line, LineRows, TextRows

__all__ = ["RequestView", "ResponseView"]

SOURCES: Final[dict[Source, str]] = {
    "aws": "AWS",
    "destination": "destination",
    "connection": "connection",
    "target": "target",
    "event": "event",
    "authorization": "credential",
    "inspector": "deviation",
}


_NAMES: Final = 1 + max(map(len, SOURCES.values()))
"""Cells of a column that only names sources."""


class RequestView(LineView):
    """Request line, headers and the exact body, with the provenance of each part on the right."""

    DEFAULT_CSS = "RequestView { overflow-x: hidden; scrollbar-gutter: stable; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "export", "Copy as…", tooltip="Copy the request as curl, HTTPie, Python or HTTP."),
        Binding("c", "copy", "Copy", show=False),
    ]

    @dataclass
    class ExportAsked(Message):
        """A request is to be handed on in one of its forms."""

        view: "RequestView"
        request: PreparedRequest

        @property
        def control(self) -> "RequestView":
            """The view that shows it."""
            return self.view

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._request: PreparedRequest | None = None
        self._laid_out = 0

    def show(self, request: PreparedRequest) -> None:
        """Show a request; its secrets are masked."""
        self._request = request
        self._lay_out(keep_scroll=False)

    @property
    def request(self) -> PreparedRequest | None:
        """What is shown, None for a sentence."""
        return self._request

    def action_export(self) -> None:
        """Ask for a form to hand the request on in."""
        if self._request is not None:
            self.post_message(self.ExportAsked(self, self._request))

    def clear(self, message: str = "") -> None:
        """Show a sentence in place of a request."""
        self._request = None
        super().clear(message)

    @property
    def source(self) -> str:
        """The request as text, as it may be shown: what is copied."""
        request = self._request
        if request is None:
            return ""
        headers = "".join(f"{part.name}: {part.value}\n" for part in request.headers)
        return f"{request.method} {request.masked_url}\n{headers}\n{request.masked_body}"

    def on_resize(self) -> None:
        """Wrap anew when the width is another."""
        if self._request and self.room != self._laid_out:
            self._lay_out(keep_scroll=True)

    def _lay_out(self, *, keep_scroll: bool) -> None:
        request, width = self._request, self.room
        self._laid_out = width
        if request is None or not width:
            return
        columns = _Columns(width)
        blocks: list[LineRows | TextRows] = [LineRows(list(columns.head(request)))]
        if body := request.masked_body:
            blocks.append(TextRows(body, language="json", longest=max(20, width)))
        else:
            blocks.append(LineRows([LineBuilder().put("(no body)", "faint").line()]))
        blocks.append(LineRows(list(columns.tail(request))))
        self.show_blocks(blocks, keep_scroll=keep_scroll)


class _Columns:
    """The two columns of a request, in a given width: what is sent, and its provenance."""

    def __init__(self, width: int) -> None:
        self.width = width
        # Where there is no room for details there is room for the name of the source.
        self.brief = 36 <= width < 56
        self.right = _NAMES if self.brief else 0 if width < 36 else max(24, min(56, width * 2 // 5))
        self.left = width - self.right - (3 if self.right else 0)

    def head(self, request: PreparedRequest) -> Iterator[Line]:
        """Yield the legend, the request line with its parameters, and the headers."""
        if not self.right:
            yield from self._legend()
        start = f"{safe_line(request.method)} {safe_line(request.masked_url)}"
        method = len(safe_line(request.method))
        yield from self._row(start, [(0, method, "title"), (method, len(start), "strong")], "destination", "")
        for part in request.path_parameters:
            yield from self._part(part, "  {} ← ")
        for part in request.query:
            yield from self._part(part, "  ?{}=")
        for part in request.headers:
            yield from self._part(part, "{}: ")
        yield Line("")

    def tail(self, request: PreparedRequest) -> Iterator[Line]:
        """Yield the body's parameters, the stripped headers, notes and assumptions."""
        if request.body_parameters:
            yield Line("")
            yield heading("Merged into the body", self.width)
            for part in request.body_parameters:
                yield from self._part(part, "{}: ")
        if request.stripped:
            yield Line("")
            yield heading("Removed by EventBridge", self.width)
            for gone in request.stripped:
                text = f"{safe_line(gone.name)}: {safe_line(str(gone.value))}"
                yield from self._row(text, [(0, len(text), "struck")], gone.source, gone.why)
        if request.notes or request.assumptions:
            yield Line("")
            yield from note_lines(request.notes, request.assumptions, self.width)

    def _legend(self) -> Iterator[Line]:
        line = LineBuilder()
        for source, name in SOURCES.items():
            if line.cells + len(name) + 2 > self.width:
                yield line.line()
                line = LineBuilder()
            line.put("■ ", f"source-{source}").put(name, "faint")
            line.put("  " if line.cells + 2 <= self.width else "")
        yield line.line()

    def _part(self, part: Part, form: str) -> Iterator[Line]:
        name = form.format(safe_line(part.name))
        text = name + safe_line(str(part.value))
        detail = part.detail
        if part.replaced:
            detail = f"{detail}, replaces {part.replaced}" if detail else f"replaces {part.replaced}"
        spans = [(0, len(name), "muted"), (len(name), len(text), f"source-{part.source}")]
        yield from self._row(text, spans, part.source, detail)

    def _row(
        self, text: str, spans: list[tuple[int, int, str]], source: Source, detail: str
    ) -> Iterator[Line]:
        """Yield a row of both columns, each wrapped in its own."""
        lefts = chopped(text, self.left)
        name = SOURCES[source]
        says = name
        if detail and not self.brief:
            says = detail if detail.startswith(name) else f"{name} · {detail}"
        rights = sentences(safe_line(says), self.right - 1) if self.right else []
        at = 0
        for number in range(max(len(lefts), len(rights))):
            left = lefts[number] if number < len(lefts) else ""
            inks = [(max(a, at) - at, min(b, at + len(left)) - at, ink) for a, b, ink in spans]
            line = LineBuilder().put(left)
            line.spans += [(a, b, ink) for a, b, ink in inks if a < b]
            at += len(left)
            if self.right:
                line.pad(self.left).put(" │ ", "rule")
                right = rights[number] if number < len(rights) else ""
                cut = len(name) if number == 0 else 0
                line.put(right[:cut], f"source-{source}").put(right[cut:], "muted")
            yield line.line()
