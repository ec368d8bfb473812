"""One dead letter, explained: why it failed, what to do, where it came from, what it carries."""

from collections.abc import Iterator, Sequence
from typing import Final

from inspector.safe import safe_line
from inspector.tui.widgets.line_builder import LineBuilder
from inspector.tui.widgets.line_view import LineView
from inspector.tui.widgets.message_rows import chopped, field_rows, heading, note_lines, sentences
from inspector.tui.widgets.text_rows import Line, LineRows
from inspector.workbench.deadletters import BODY_WORDS, Explanation

_LABEL: Final = 12
_WITHOUT_ATTRIBUTES: Final = (
    "The message has no attributes: receive it with --message-attribute-names All to know rule, target "
    "and code."
)


class LetterView(LineView):
    """The explanation as lines."""

    DEFAULT_CSS = "LetterView { overflow-x: hidden; scrollbar-gutter: stable; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._explanation: Explanation | None = None
        self._delivered_since = False

    def show(self, explanation: Explanation, *, delivered_since: bool) -> None:
        """Show a letter. delivered_since: a redrive has delivered it."""
        self._explanation, self._delivered_since = explanation, delivered_since
        self._lay_out()

    def clear(self, message: str = "") -> None:
        """Show a sentence instead."""
        self._explanation = None
        super().clear(message)

    def on_resize(self) -> None:
        """Wrap anew."""
        self._lay_out()

    def _lay_out(self) -> None:
        if self._explanation is not None and (width := self.room):
            lines = _lines(self._explanation, width, delivered_since=self._delivered_since)
            self.show_blocks([LineRows(list(lines))])


def _lines(explanation: Explanation, width: int, *, delivered_since: bool) -> Iterator[Line]:
    held, code = explanation.held, explanation.code
    room = width - _LABEL
    line = LineBuilder().chip(safe_line(code.code or "no code"), "chip-bad")
    if delivered_since:
        line.put(" ").chip("✓ redriven and delivered", "chip-ok")
    yield line.line()
    yield from _field("meaning", _capital(sentences(code.meaning, room)), "plain")
    if code.outcomes:
        yield from _field("given for", sentences(code.outcomes, room), "muted")
    yield from _field("end", _capital(sentences(explanation.end, room)), "plain")
    if message := held.attribute("ERROR_MESSAGE"):
        yield from _field("message", sentences(safe_line(message), room), "bad")
    yield from _field("what to do", sentences(code.advice, room), "ok")
    yield Line("")
    yield from _named("rule", explanation.rule, known=explanation.rule_known, room=room)
    yield from _named("target", explanation.target, known=explanation.target_known, room=room)
    routes = explanation.resolution.routes
    for number, route in enumerate(routes):
        where = safe_line(f"{route.name} · {route.destination.invocation_endpoint}")
        yield from _field("" if number else "goes to", chopped(where, room), "accent")
    if not routes:
        yield from _field("goes to", ["nowhere that is known"], "warn")
    if explanation.resolution.note:
        yield from _field("", sentences(safe_line(explanation.resolution.note), room), "warn")
    yield from _field("body", sentences(BODY_WORDS[explanation.body], room), "plain")
    if held.sent_at is not None:
        yield from _field("when", [f"{held.sent_at.astimezone():%Y-%m-%d %H:%M:%S}"], "plain")
    yield from _field("id", chopped(safe_line(held.identity or "none"), room), "muted")
    yield from _field("held in", chopped(safe_line(str(held.origin)), room), "muted")
    if held.letter.queue_arn:
        yield from _field("queue", chopped(safe_line(held.letter.queue_arn), room), "muted")
    if held.letter.attributes:
        yield Line("")
        yield heading("Attributes of the message", width)
        for name, value in held.letter.attributes.items():
            yield from field_rows(name, value, width, "info")
    elif not held.delivery_id:
        yield from _field("", sentences(_WITHOUT_ATTRIBUTES, room), "warn")
    assumed = dict.fromkeys((*code.assumptions, *held.letter.assumptions))
    if assumed:
        yield Line("")
        yield from note_lines((), assumed, width)


def _named(label: str, name: str, *, known: bool, room: int) -> Iterator[Line]:
    if not name:
        yield from _field(label, ["not named"], "warn")
        return
    yield from _field(label, chopped(safe_line(name), room), "strong")
    if not known:
        yield from _field("", ["not in the definitions"], "warn")


def _capital(parts: list[str]) -> list[str]:
    """Return the lines of a clause as those of a sentence."""
    first, *rest = parts
    lines = [first[:1].upper() + first[1:], *rest]
    return [*lines[:-1], lines[-1] + "."]


def _field(label: str, parts: Sequence[str], ink: str) -> Iterator[Line]:
    for number, part in enumerate(parts):
        yield LineBuilder().put("" if number else label, "faint", width=_LABEL).put(part, ink).line()
