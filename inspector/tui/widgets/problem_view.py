"""One problem of the definitions, explained: what was found where, why it matters, what to do."""

from collections.abc import Iterator
from typing import Final

from inspector.eventbridge.lint import Finding, Severity
from inspector.safe import safe_line
from inspector.tui.widgets.line_builder import LineBuilder
from inspector.tui.widgets.line_view import LineView
from inspector.tui.widgets.message_rows import chopped, sentences
from inspector.tui.widgets.text_rows import Line, LineRows

MARKS: Final[dict[Severity, tuple[str, str]]] = {
    "error": ("✗", "bad"),
    "warning": ("!", "warn"),
    "info": ("·", "muted"),
}
_CHIPS: Final[dict[Severity, str]] = {"error": "chip-bad", "warning": "chip-warn", "info": "chip-dim"}
_LABEL: Final = 12


class ProblemView(LineView):
    """The whole of a finding."""

    DEFAULT_CSS = "ProblemView { overflow-x: hidden; scrollbar-gutter: stable; padding: 0 1; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._finding: Finding | None = None

    def show(self, finding: Finding) -> None:
        """Show a finding."""
        self._finding = finding
        self._lay_out()

    def clear(self, message: str = "") -> None:
        """Show a sentence instead."""
        self._finding = None
        super().clear(message)

    @property
    def source(self) -> str:
        """The finding in a few lines: what is copied."""
        finding = self._finding
        if finding is None:
            return ""
        return f"{finding.code} {finding.severity}: {finding.message}\n{finding.origin}\n{finding.fix}"

    def on_resize(self) -> None:
        """Wrap anew."""
        self._lay_out()

    def _lay_out(self) -> None:
        if self._finding is not None and (width := self.room):
            self.show_blocks([LineRows(list(_lines(self._finding, width)))])


def _lines(finding: Finding, width: int) -> Iterator[Line]:
    rule = finding.rule
    head = LineBuilder().chip(finding.severity, _CHIPS[finding.severity]).put(" ")
    head.put(rule.code, MARKS[finding.severity][1]).put(" ")
    titles = sentences(rule.title, width - head.cells)
    yield head.put(titles[0], "strong").line()
    for title in titles[1:]:
        yield LineBuilder().put(title, "strong").line()
    yield Line("")
    yield from _field("found", sentences(finding.message, width - _LABEL), "plain")
    if finding.place:
        yield from _field("in", chopped(safe_line(finding.place), width - _LABEL), "strong")
    yield from _field("at", chopped(safe_line(finding.origin.file or "workspace"), width - _LABEL), "accent")
    yield from _field("", chopped(safe_line(finding.origin.path), width - _LABEL), "accent")
    yield Line("")
    yield from _field("why", sentences(rule.why, width - _LABEL), "plain")
    yield Line("")
    yield from _field("what to do", sentences(finding.fix, width - _LABEL), "ok")
    if finding.fix != rule.fix:
        yield from _field("", sentences(rule.fix, width - _LABEL), "muted")
    yield Line("")
    yield from _field("source", sentences(rule.source, width - _LABEL), "muted")


def _field(label: str, parts: list[str], ink: str) -> Iterator[Line]:
    for number, part in enumerate(parts):
        line = LineBuilder().put("" if number else label, "faint", width=_LABEL)
        yield line.put(part, ink).line()
