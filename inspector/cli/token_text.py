"""A token request and the token that came of it, for a reader."""

from collections.abc import Sequence

from inspector.cli.console import Cell, Painter, Style
from inspector.cli.delivery_text import header_rows
from inspector.cli.durations import milliseconds_text, seconds_text
from inspector.cli.request_text import assumption_lines, readable
from inspector.eventbridge.authorization import JsonWebToken, TokenExchange


def exchange_lines(paint: Painter, exchange: TokenExchange) -> list[str]:
    """Return a token request and its answer, as far as it has one; everything secret is masked."""
    lines = [f"{paint(exchange.method, 'accent', 'strong')} {paint(exchange.endpoint, 'strong')}"]
    lines += header_rows(paint, exchange.request_headers)
    if exchange.request_body:
        lines.append(paint.block(readable(exchange.request_body), 4))
    lines += assumption_lines(paint, exchange.assumptions)
    if exchange.status is None and not exchange.error:
        return lines
    style: Style = "bad" if exchange.error else "good"
    if exchange.status is not None:
        latency = ", ".join(filter(None, (milliseconds_text(exchange.milliseconds), exchange.tls)))
        lines += ["", f"{paint('←', style)} {paint(str(exchange.status), style)}  {paint(latency, 'dim')}"]
        lines += header_rows(paint, exchange.response_headers)
    if exchange.response_body:
        lines.append(paint.block(readable(exchange.response_body), 4))
    if exchange.error:
        return [*lines, "", f"{paint('✗ no token:', 'bad')} {paint(exchange.error)}"]
    return [*lines, "", *_token_lines(paint, exchange)]


def _token_lines(paint: Painter, exchange: TokenExchange) -> list[str]:
    expiry = exchange.expires_in
    rows: list[Sequence[Cell]] = [
        (("type", "dim"), exchange.token_type or "not told"),
        (("lifetime", "dim"), "not told" if expiry is None else seconds_text(expiry)),
        (("scope", "dim"), exchange.scope or "not told"),
    ]
    lines = [f"{paint('✓', 'good')} {paint('a token came', 'strong')}", *paint.rows(rows, indent=2)]
    if exchange.note:
        lines.append(f"  {paint('!', 'warn')} {paint(exchange.note)}")
    return [*lines, *_jwt_lines(paint, exchange.jwt)] if exchange.jwt else lines


def _jwt_lines(paint: Painter, jwt: JsonWebToken) -> list[str]:
    lines = ["", f"{paint('JWT', 'strong')}  {paint('read, its signature is not verified', 'dim')}"]
    lines += [f"  {paint('header', 'dim')}", paint.block(jwt.header, 4)]
    if jwt.claims:
        lines += [f"  {paint('claims', 'dim')}", paint.block(jwt.claims, 4)]
    return [*lines, *(f"  {paint('!', 'warn')} {paint(warning)}" for warning in jwt.warnings)]
