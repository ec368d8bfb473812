"""What came back from an attempt, or why nothing did: for reading, so JSON is laid out."""

from collections.abc import Iterator, Sequence
from typing import Final

from textual import work

from inspector.delivery.events import Attempt, Response
from inspector.eventbridge.authorization import JsonWebToken, TokenExchange
from inspector.eventbridge.retry import GiveUp, RetryIn, spoken
from inspector.jsontext import JsonError, dumps, loads
from inspector.safe import safe_line
from inspector.tui.widgets.line_builder import LineBuilder
from inspector.tui.widgets.line_view import LineView
from inspector.tui.widgets.message_rows import (
    chopped,
    header_rows,
    heading,
    hex_lines,
    is_binary,
    labelled,
    note_lines,
)
from inspector.tui.widgets.phase_bar import PHASES, put_phases
from inspector.tui.widgets.text_rows import Language, Line, LineRows, Rows, TextRows
from inspector.tui.widgets.timeline_rows import latency, outcome_chip

_AT_ONCE: Final = 16_384
"""Bytes: a larger body is laid out in a thread and shown as it came until then."""
_NEVER: Final = 2_000_000
"""Bytes: a larger body is shown as it came."""


def pretty(body: str) -> str | None:
    """Return JSON laid out for reading, None where `body` is no JSON."""
    try:
        return dumps(loads(body), indent=2)
    except JsonError:
        return None


class ResponseView(LineView):
    """Status, phases, what follows, headers and body of one attempt; its token request at the end."""

    DEFAULT_CSS = "ResponseView { overflow-x: hidden; scrollbar-gutter: stable; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._attempt: Attempt | None = None
        self._body = ""
        self._is_json = False
        self._laid_out = 0

    def show(self, attempt: Attempt) -> None:
        """Show what came of an attempt."""
        self._attempt, self._is_json = attempt, False
        body = attempt.response.body if attempt.response else b""
        self._body = "" if is_binary(body) else body.decode("utf-8", "replace")
        if self._body.lstrip()[:1] in ("{", "[") and len(body) <= _NEVER:
            if len(body) <= _AT_ONCE:
                self._take_pretty(pretty(self._body))
            else:
                self._lay_out_later(attempt, self._body)
        self._lay_out(keep_scroll=False)

    def clear(self, message: str = "") -> None:
        """Show a sentence in place of an answer."""
        self._attempt = None
        super().clear(message)

    @property
    def source(self) -> str:
        """The answer as text: what is copied."""
        attempt = self._attempt
        if attempt is None:
            return ""
        if attempt.response is None:
            return attempt.error.message if attempt.error else ""
        response = attempt.response
        headers = "".join(f"{name}: {value}\n" for name, value in response.headers)
        start = f"{response.http_version} {response.status} {response.reason}".rstrip()
        return f"{start}\n{headers}\n{response.body.decode('utf-8', 'replace')}"

    def on_resize(self) -> None:
        """Wrap anew when the width is another."""
        if self._attempt and self.room != self._laid_out:
            self._lay_out(keep_scroll=True)

    @work(thread=True, exclusive=True, group="pretty", exit_on_error=False)
    def _lay_out_later(self, attempt: Attempt, body: str) -> None:
        text = pretty(body)
        self.app.call_from_thread(self._pretty_ready, attempt, text)

    def _pretty_ready(self, attempt: Attempt, text: str | None) -> None:
        if attempt is self._attempt and text is not None:
            self._take_pretty(text)
            self._lay_out(keep_scroll=True)

    def _take_pretty(self, text: str | None) -> None:
        if text is not None:
            self._body, self._is_json = text, True

    def _lay_out(self, *, keep_scroll: bool) -> None:
        attempt, width = self._attempt, self.room
        self._laid_out = width
        if attempt is None or not width:
            return
        blocks: list[Rows] = [LineRows([*_summary(attempt, width), Line("")])]
        if attempt.response is not None:
            blocks += self._answer(attempt.response, width)
        if attempt.token_exchange is not None:
            blocks.append(LineRows([Line(""), *exchange_rows(attempt.token_exchange, width)]))
        self.show_blocks(blocks, keep_scroll=keep_scroll)

    def _answer(self, response: Response, width: int) -> Sequence[Rows]:
        head = LineRows([*header_rows(response.headers, width), Line("")])
        notes: list[Line] = []
        if response.cut:
            notes += labelled("cut", "chip-warn", "the body goes on, the rest was not kept", width)
        if response.note:
            notes += labelled("note", "chip-dim", response.note, width)
        if not response.body:
            return head, LineRows([LineBuilder().put("(no body)", "faint").line(), *notes])
        if not self._body:
            return head, LineRows([*hex_lines(response.body), *notes])
        language: Language = "json" if self._is_json else "text"
        return head, TextRows(self._body, language=language, longest=max(20, width)), LineRows(notes)


def _summary(attempt: Attempt, width: int) -> Iterator[Line]:
    """Yield what came, how long it took, and what follows."""
    text, ink = outcome_chip(attempt)
    line = LineBuilder().chip(text, ink).put(" ")
    if attempt.response is not None:
        size = f"{attempt.response.received_bytes:,} bytes"
        reason = f"{attempt.response.reason} " if attempt.response.reason else ""
        facts = (attempt.response.http_version, size, attempt.remote_address)
        line.put(safe_line(reason), "strong").put(safe_line(" · ".join(filter(None, facts))), "muted")
        yield line.line()
    elif attempt.error is not None:
        yield from labelled(text, ink, attempt.error.message, width, "bad")
    yield from _phases(attempt, width)
    rule_ink = {"success": "ok", "retriable": "warn", "final": "bad"}[attempt.classification.outcome]
    yield from labelled("rule", "chip-dim", attempt.classification.rule, width, rule_ink)
    match attempt.decision:
        case RetryIn(seconds=seconds, why=why):
            shown = why if why.startswith("wait") else f"again in {spoken(seconds)}: {why}"
            yield from labelled("then", "chip-dim", shown, width)
        case GiveUp(why=why) if why != attempt.classification.rule:
            yield from labelled("then", "chip-dim", f"no further attempt: {why}", width)
    if attempt.classification.error_code:
        yield from labelled("code", "chip-dim", attempt.classification.error_code, width)
    if attempt.token_exchange is not None:
        yield from labelled("token", "chip-dim", _token_summary(attempt.token_exchange), width)
    assumed = [
        *attempt.classification.assumptions,
        *(attempt.decision.assumptions if attempt.decision else ()),
    ]
    yield from note_lines((), dict.fromkeys(assumed), width)


def _phases(attempt: Attempt, width: int) -> Iterator[Line]:
    """Yield the bar with the total, and the phases beside it, or below where they do not fit."""
    line, timings = LineBuilder(), attempt.timings
    put_phases(line, timings, max(8, min(24, width // 4)), timings.total)
    line.put("  ").put(latency(timings.total), "strong").put(" ")
    told = [("dns", "connect", timings.dns), *((name, name, getattr(timings, name)) for name in PHASES)]
    for name, inked, value in told:
        if value is not None:
            text = f"{name} {latency(value)}"
            if line.cells + len(text) + 3 > width:
                yield line.line()
                line = LineBuilder()
            line.put(" ■ ", inked).put(text, "muted")
    yield line.line()


def _token_summary(exchange: TokenExchange) -> str:
    if exchange.error:
        return f"no token: {exchange.error}"
    life = "" if exchange.expires_in is None else f", expires in {spoken(exchange.expires_in)}"
    return f"{exchange.token_type or 'token'} fetched in {latency(exchange.milliseconds)}{life}"


def exchange_rows(exchange: TokenExchange, width: int) -> Iterator[Line]:
    """Yield a token request and its answer, as far as there is one."""
    yield heading("Token request", width)
    for part in chopped(f"{safe_line(exchange.method)} {safe_line(exchange.endpoint)}", width):
        yield LineBuilder().put(part, "strong").line()
    yield from header_rows(exchange.request_headers, width)
    yield from _lines(exchange.request_body, width)
    yield Line("")
    if exchange.status is not None:
        ink = "chip-ok" if exchange.status < 300 else "chip-bad"
        line = LineBuilder().chip(str(exchange.status), ink)
        yield line.put(f" in {latency(exchange.milliseconds)}", "muted").line()
    if exchange.error:
        yield from labelled("error", "chip-bad", exchange.error, width, "bad")
    yield from header_rows(exchange.response_headers, width)
    yield from _lines(exchange.response_body, width)
    if exchange.note:
        yield from labelled("note", "chip-warn", exchange.note, width)
    for assumption in exchange.assumptions:
        yield from labelled("assumption", "chip-dim", assumption.text, width, "muted")
    if exchange.jwt is not None:
        yield from _jwt(exchange.jwt, width)


def _jwt(jwt: JsonWebToken, width: int) -> Iterator[Line]:
    """Yield what a token tells of itself, what speaks against it first."""
    yield Line("")
    yield heading("The token is a JWT · not verified", width)
    for warning in jwt.warnings:
        yield from labelled("warning", "chip-warn", warning, width)
    yield from _lines(jwt.header, width)
    yield from _lines(jwt.claims, width)


def _lines(text: str, width: int) -> Iterator[Line]:
    if text:
        rows = TextRows(text, language="json", longest=max(20, width))
        for row in range(len(rows)):
            yield Line(rows.text(row), tuple(rows.spans(row)))
