"""The token request of an OAuth connection (request-and-auth, section 6).

AWS does not publish the form in which it sends client id and secret: see `TOKEN_REQUEST_FORM`. Nothing is
sent that is not configured; so no `grant_type` unless `OAuthHttpParameters` has one, as AWS's samples do.
"""

import base64
from collections.abc import Callable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args
from urllib.parse import quote_plus, urlencode

from inspector.delivery.wire import WireRequest
from inspector.eventbridge.assumption import TOKEN_REQUEST_FORM, Assumption
from inspector.eventbridge.resources import HttpParameter, OAuthClientCredentials
from inspector.eventbridge.url import encode_url, host_of
from inspector.jsontext import dumps
from inspector.secret import Secret, masked

if TYPE_CHECKING:
    from authlib.oauth2.auth import ClientAuth

TokenForm: TypeAlias = Literal["form", "basic", "json"]
"""Where client id and secret go: the form body (the query of a GET), an `Authorization: Basic` header, or
a JSON body."""

USUAL_FORM: Final[TokenForm] = "form"
TOKEN_FORMS: Final[tuple[TokenForm, ...]] = get_args(TokenForm)

_ELSEWHERE: Final[Mapping[TokenForm, str]] = {
    "basic": "an Authorization: Basic header",
    "json": "a JSON body (or the query of a GET)",
}
_FIXED: Final = ("host", "content-length", "connection", "transfer-encoding")
_Pairs: TypeAlias = list[tuple[str, str]]


def revealed_request(auth: OAuthClientCredentials, form: TokenForm) -> WireRequest:
    """Return the token request as it goes out."""
    return _request(auth, form, _reveal)


def masked_request(auth: OAuthClientCredentials, form: TokenForm) -> WireRequest:
    """Return the token request as it may be shown."""
    return _request(auth, form, masked)


def form_assumption(form: TokenForm) -> Assumption:
    """Return what a token request of this form rests on and nobody has established."""
    if form not in _ELSEWHERE:
        return TOKEN_REQUEST_FORM
    text = f"AWS has not published how it sends client id and secret; here they go into {_ELSEWHERE[form]}."
    return Assumption(TOKEN_REQUEST_FORM.name, text)


def names_grant_type(auth: OAuthClientCredentials) -> bool:
    """Tell whether the connection's own parameters carry a `grant_type`."""
    parameters = auth.http_parameters
    return any(p.key == "grant_type" for p in (*parameters.body, *parameters.query_string))


def _reveal(value: str | Secret) -> str:
    return value.reveal() if isinstance(value, Secret) else value


def _request(
    auth: OAuthClientCredentials, form: TokenForm, text: Callable[[str | Secret], str]
) -> WireRequest:
    from authlib.oauth2.auth import ClientAuth

    parameters = auth.http_parameters
    query, body = _pairs(parameters.query_string, text), _pairs(parameters.body, text)
    secret = text(auth.client_secret or "")
    method = auth.http_method.upper()
    headers: dict[str, str] = {}

    def place(
        client: "ClientAuth", method: str, uri: str, headers: MutableMapping[str, str], _: str
    ) -> tuple[str, MutableMapping[str, str], str]:
        """Authenticate the client: Authlib's own forms put the credentials last, AWS's samples first."""
        credentials = [("client_id", client.client_id), ("client_secret", client.client_secret)]
        if form == "basic":
            headers["Authorization"] = _basic(client.client_id, client.client_secret, text)
            credentials = []
        members = [*credentials, *body]
        if method == "GET":
            return encode_url(uri, [*members, *query]), headers, ""
        if form == "json":
            headers["Content-Type"] = "application/json"
            return encode_url(uri, query), headers, dumps(dict(members))
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return encode_url(uri, query), headers, urlencode(members)

    client = ClientAuth(auth.client_id, secret, auth_method=place)
    url, headers, content = client.prepare(method, auth.authorization_endpoint, headers, "")
    data = content.encode()
    framing = [("Host", host_of(url))]
    if method != "GET":
        framing.append(("Content-Length", str(len(data))))
    sent = _overridden([*framing, *headers.items()], _pairs(parameters.header, text))
    return WireRequest(method, url, (*sent, ("Connection", "close")), data)


def _basic(client_id: str, secret: str, text: Callable[[str | Secret], str]) -> str:
    """RFC 6749, section 2.3.1: both are form-encoded before they are joined."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()
    return "Basic " + text(Secret(base64.b64encode(pair).decode("ascii")))


def _pairs(parameters: tuple[HttpParameter, ...], text: Callable[[str | Secret], str]) -> _Pairs:
    return [(parameter.key, text(parameter.value)) for parameter in parameters]


def _overridden(headers: _Pairs, configured: _Pairs) -> _Pairs:
    """Configured headers take the place of the request's own, but for those that frame it."""
    configured = [(name, value) for name, value in configured if name.lower() not in _FIXED]
    names = {name.lower() for name, _ in configured}
    return [*((name, value) for name, value in headers if name.lower() not in names), *configured]
