"""Token requests and connections as JSON documents. What is secret in them is masked already."""

from collections.abc import Mapping, Sequence

from inspector.auth.state import ConnectionStatus
from inspector.eventbridge.authorization import JsonWebToken, TokenExchange
from inspector.eventbridge.resources import Connection
from inspector.jsontext import JsonError, JsonValue, loads


def token_document(exchange: TokenExchange) -> Mapping[str, object]:
    """A token request, its answer, and what came of it."""
    return {
        "method": exchange.method,
        "endpoint": exchange.endpoint,
        "request_headers": [{"name": name, "value": value} for name, value in exchange.request_headers],
        "request_body": exchange.request_body,
        "status": exchange.status,
        "response_headers": [{"name": name, "value": value} for name, value in exchange.response_headers],
        "response_body": exchange.response_body,
        "milliseconds": exchange.milliseconds,
        "tls": exchange.tls,
        "token_type": exchange.token_type,
        "scope": exchange.scope,
        "expires_in": exchange.expires_in,
        "error": exchange.error,
        "note": exchange.note,
        "jwt": _jwt_document(exchange.jwt) if exchange.jwt else None,
        "assumptions": [{"name": a.name, "text": a.text} for a in exchange.assumptions],
    }


def connection_document(
    connection: Connection, status: ConnectionStatus, destinations: Sequence[str]
) -> Mapping[str, object]:
    """A connection and its state."""
    return {
        "connection": connection.name,
        "authorization_type": connection.authorization_type,
        "state": status.state,
        "reason": status.reason,
        "token_expires_in": status.token_expires_in,
        "destinations": [{"name": name, "state": status.destination_state} for name in destinations],
    }


def _jwt_document(jwt: JsonWebToken) -> Mapping[str, object]:
    return {
        "verified": False,
        "header": _value(jwt.header),
        "claims": _value(jwt.claims),
        "warnings": list(jwt.warnings),
    }


def _value(text: str) -> JsonValue:
    """Return the value of a JSON text. Masking may have broken it: then it stays a text."""
    try:
        return loads(text) if text else None
    except JsonError:
        return text
