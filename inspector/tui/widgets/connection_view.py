"""One connection: how it authorizes, its state and why, its token, and the last exchange that gave one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from inspector.auth.state import ConnectionStatus
from inspector.eventbridge.authorization import TokenExchange
from inspector.eventbridge.resources import (
    ApiKeyAuth,
    BasicAuth,
    Connection,
    HttpParameter,
    OAuthClientCredentials,
)
from inspector.eventbridge.retry import spoken
from inspector.safe import safe_line
from inspector.secret import MASK, Secret, masked
from inspector.tui.widgets.destination_list import AUTH_CHIPS
from inspector.tui.widgets.line_builder import LineBuilder
from inspector.tui.widgets.line_view import LineView
from inspector.tui.widgets.message_rows import chopped, heading, sentences
from inspector.tui.widgets.phase_bar import put_progress
from inspector.tui.widgets.response_view import exchange_rows
from inspector.tui.widgets.text_rows import Line, LineRows

STATE_INKS: Final = {"AUTHORIZED": "ok", "AUTHORIZING": "warn", "DEAUTHORIZED": "bad"}
RENEWED_WITHIN: Final = 60.0
_LABEL: Final = 14
_GAUGE: Final = 24


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """What there is to show.

    exchange: the last token request and its answer; or, where `asked` is false, the request that would be
    sent. None for a connection that asks for no token.
    """

    connection: Connection
    status: ConnectionStatus
    destinations: tuple[str, ...]
    exchange: TokenExchange | None
    asked: bool


class ConnectionView(LineView):
    """The facts as lines. `tick` lets a lifetime count down without moving what is read."""

    DEFAULT_CSS = "ConnectionView { overflow-x: hidden; scrollbar-gutter: stable; padding: 0 1; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._facts: ConnectionFacts | None = None
        self._tail = LineRows(())

    def show(self, facts: ConnectionFacts) -> None:
        """Show a connection; the scroll position stays where it is the same one."""
        known = self._facts
        if facts == known:
            return
        same = known is not None and known.connection == facts.connection
        self._facts = facts
        self._lay_out(
            keep_scroll=same, keep_tail=same and known is not None and _tail_of(known) == _tail_of(facts)
        )

    def clear(self, message: str = "") -> None:
        """Show a sentence instead."""
        self._facts = None
        super().clear(message)

    def on_resize(self) -> None:
        """Wrap anew."""
        self._lay_out(keep_scroll=True, keep_tail=False)

    def _lay_out(self, *, keep_scroll: bool, keep_tail: bool) -> None:
        facts, width = self._facts, self.room
        if facts is None or not width:
            return
        if not keep_tail:
            self._tail = LineRows(list(_exchange(facts, width)))
        self.show_blocks([LineRows(list(_head(facts, width))), self._tail], keep_scroll=keep_scroll)


def _tail_of(facts: ConnectionFacts) -> tuple[TokenExchange | None, bool]:
    return facts.exchange, facts.asked


def _head(facts: ConnectionFacts, width: int) -> Iterator[Line]:
    connection, status = facts.connection, facts.status
    chip, ink = AUTH_CHIPS[connection.authorization_type]
    yield LineBuilder().chip(chip, ink).put(" ").put(safe_line(connection.name), "strong").line()
    if connection.description:
        yield from _field("", sentences(safe_line(connection.description), width - _LABEL), "muted")
    yield Line("")
    state_ink = STATE_INKS.get(status.state, "warn")
    yield from _field("state", [f"● {status.state}"], state_ink)
    if status.reason:
        reason = status.reason[:1].upper() + status.reason[1:]
        yield from _field("", sentences(f"{reason}.", width - _LABEL), state_ink)
    yield from _credentials(connection, width)
    if isinstance(connection.auth, OAuthClientCredentials):
        yield from _token(facts, width)
    for number, name in enumerate(facts.destinations or ("none",)):
        line = LineBuilder().put("" if number else "destinations", "faint", width=_LABEL)
        line.put(safe_line(name), "plain" if facts.destinations else "muted")
        if facts.destinations:
            active = status.destination_state == "ACTIVE"
            line.put(f" {status.destination_state}", "ok" if active else "warn")
        yield line.line()
    yield from _additions(connection, width)
    if connection.origin.file:
        yield from _field("defined in", chopped(safe_line(str(connection.origin)), width - _LABEL), "muted")


def _credentials(connection: Connection, width: int) -> Iterator[Line]:
    auth = connection.auth
    secret: Secret | None
    match auth:
        case BasicAuth(username=name, password=secret):
            label, hidden = "user name", "password"
        case ApiKeyAuth(api_key_name=name, api_key_value=secret):
            label, hidden = "header", "key"
        case OAuthClientCredentials(client_id=name, client_secret=secret):
            label, hidden = "client id", "secret"
    yield from _field(label, chopped(safe_line(name), width - _LABEL), "plain")
    yield from _field(hidden, [MASK if secret else "not in the definitions"], "muted" if secret else "bad")


def _token(facts: ConnectionFacts, width: int) -> Iterator[Line]:
    exchange, left = facts.exchange, facts.status.token_expires_in
    if facts.status.state != "AUTHORIZED":
        yield from _field("token", ["none"], "muted")
        return
    line = LineBuilder().put("token", "faint", width=_LABEL).put(MASK, "muted").put(" ")
    if left is None:
        yield line.put("lifetime not told", "muted").line()
    elif left <= 0:
        yield line.put("expired: the next attempt asks for a new one", "warn").line()
    else:
        soon = left <= RENEWED_WITHIN
        whole = exchange.expires_in if exchange and exchange.expires_in else left
        room = max(6, min(_GAUGE, width - line.cells - 22))
        put_progress(line, min(1.0, left / whole) if whole else 0.0, room, "warn" if soon else "ok")
        line.put(" ").put(f"expires in {spoken(left)}", "warn" if soon else "plain")
        yield line.line()
        if soon:
            yield from _field("", ["due: the next attempt renews it"], "warn")
    if exchange and facts.asked:
        told = exchange.scope or "not told"
        yield from _field("scope", sentences(safe_line(told), width - _LABEL), "plain")
        for warning in exchange.jwt.warnings if exchange.jwt else ():
            yield from _field("", sentences(f"! {warning}", width - _LABEL), "warn")


def _additions(connection: Connection, width: int) -> Iterator[Line]:
    added = connection.invocation_http_parameters
    groups: Sequence[tuple[str, Sequence[HttpParameter]]] = (
        ("adds header", added.header),
        ("adds query", added.query_string),
        ("adds body", added.body),
    )
    for label, parameters in groups:
        for number, parameter in enumerate(parameters):
            text = safe_line(f"{parameter.key}: {masked(parameter.value)}")
            yield from _field("" if number else label, chopped(text, width - _LABEL), "plain")


def _exchange(facts: ConnectionFacts, width: int) -> Iterator[Line]:
    if facts.exchange is None:
        return
    yield Line("")
    if not facts.asked:
        yield heading("No token was asked for yet: this is the request", width)
    yield from exchange_rows(facts.exchange, width)


def _field(label: str, parts: Sequence[str], ink: str) -> Iterator[Line]:
    for number, part in enumerate(parts):
        yield LineBuilder().put("" if number else label, "faint", width=_LABEL).put(part, ink).line()
