"""The bundled OAuth token server: client credentials in every form that clients send (RFC 6749)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from inspector.endpoint.credentials import basic_credentials, same
from inspector.endpoint.faults import Answer
from inspector.endpoint.options import EndpointOptions
from inspector.endpoint.tokens import TokenStore
from inspector.jsontext import JsonError, dumps, loads

SLOW_SECONDS: Final = 10.0
"""Longer than the five seconds that EventBridge gives a request."""

FAILURES: Final[Mapping[str, Answer]] = {
    "500": Answer(500).with_body(b'{"error":"server_error"}', "application/json"),
    "html": Answer(200).with_body(b"<!doctype html><title>Sign in</title>", "text/html; charset=utf-8"),
    "no-token": Answer(200).with_body(b'{"token_type":"Bearer"}', "application/json"),
    "slow": Answer(200, delay=SLOW_SECONDS),
}
HELP: Final = (
    "OAuth token server: POST or PUT form, JSON, GET query, or Basic credentials; expires_in=seconds "
    f"(none: not told), jwt=1, strict=1 (grant_type required), fail={'|'.join(FAILURES)}"
)


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A token request as it came: the query and the body's members apart, the headers for Basic."""

    query: Mapping[str, str]
    members: Mapping[str, str]
    headers: Mapping[str, str]


def body_members(body: bytes, content_type: str) -> dict[str, str]:
    """Return the members of a token request's body, read as its content type says."""
    text = body.decode("utf-8", "replace")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        return dict(parse_qsl(text, keep_blank_values=True))
    try:
        value = loads(text)
    except JsonError:
        return {}
    return {k: v for k, v in value.items() if isinstance(v, str)} if isinstance(value, dict) else {}


def token_answer(request: TokenRequest, options: EndpointOptions, tokens: TokenStore) -> tuple[Answer, str]:
    """Return the answer to a token request, and the client id that it was issued to (empty: refused)."""
    failure = FAILURES.get(request.query.get("fail", ""))
    if failure and failure.body:
        return failure, ""
    parameters = {**request.query, **request.members}
    basic = basic_credentials(request.headers)
    client_id, client_secret = basic or (parameters.get("client_id", ""), parameters.get("client_secret", ""))
    if not client_id:
        return _error("invalid_request", "client_id is missing, and there are no Basic credentials"), ""
    if not same(options.clients.get(client_id), client_secret):
        answer = _error("invalid_client", "the client id or the client secret is wrong", 401)
        return (answer.with_header("WWW-Authenticate", 'Basic realm="inspector"') if basic else answer), ""
    grant = parameters.get("grant_type")
    if grant is None and request.query.get("strict"):
        return _error("invalid_request", "grant_type is missing"), ""
    if grant not in (None, "client_credentials"):
        return _error("unsupported_grant_type", "this server knows client_credentials only"), ""
    return _token(request.query, parameters, client_id, tokens, failure.delay if failure else 0), client_id


def _token(
    query: Mapping[str, str], parameters: Mapping[str, str], client_id: str, tokens: TokenStore, delay: float
) -> Answer:
    told = query.get("expires_in", "300")
    try:
        seconds = 300.0 if told == "none" else float(told)
    except ValueError:
        return _error("invalid_request", "expires_in takes seconds, or none")
    members: dict[str, str | int | float] = {
        "access_token": tokens.issue(client_id, seconds, jwt=bool(query.get("jwt"))),
        "token_type": "Bearer",
    }
    if told != "none":
        members["expires_in"] = int(seconds) if seconds.is_integer() else seconds
    if scope := parameters.get("scope"):
        members["scope"] = scope
    answer = Answer(200, delay=delay).with_body(dumps(members).encode(), "application/json")
    return answer.with_header("Cache-Control", "no-store")


def _error(code: str, description: str, status: int = 400) -> Answer:
    body = dumps({"error": code, "error_description": description}).encode()
    return Answer(status).with_body(body, "application/json").with_header("Cache-Control", "no-store")
