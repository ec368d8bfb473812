"""How the bundled webhooks check who calls (request-and-auth, section 6)."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from inspector.endpoint.options import EndpointOptions
from inspector.endpoint.tokens import TokenStore

_BASIC_CHALLENGE: Final = 'Basic realm="inspector"'
Scheme: TypeAlias = Literal["none", "basic", "api-key", "bearer", "any"]


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a caller may come in: `accepted` says as whom, `refused` why not; one of them is empty."""

    accepted: str = ""
    refused: str = ""
    challenge: str = ""


def admit(
    scheme: Scheme, headers: Mapping[str, str], options: EndpointOptions, tokens: TokenStore
) -> Admission:
    """Return what `scheme` makes of a request's headers; `challenge` is the `WWW-Authenticate` to send."""
    match scheme:
        case "none":
            return Admission("anybody")
        case "basic":
            return _basic(headers, options)
        case "api-key":
            return _api_key(headers, options)
        case "bearer":
            return _bearer(headers, tokens)
        case "any":
            tried = [_basic(headers, options), _api_key(headers, options), _bearer(headers, tokens)]
            reasons = "; ".join(admission.refused for admission in tried)
            refusal = Admission(refused=f"no credential was accepted: {reasons}", challenge=_BASIC_CHALLENGE)
            return next((admission for admission in tried if admission.accepted), refusal)


def bearer_token(headers: Mapping[str, str]) -> str:
    """Return the bearer token of a request, empty when it carries none."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def basic_credentials(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """Return user name and password of a request, None when it carries none that can be read."""
    scheme, _, encoded = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        username, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (username, password) if colon else None


def same(known: str | None, given: str) -> bool:
    """Compare a known secret with a given one in constant time; an unknown one equals nothing."""
    return known is not None and hmac.compare_digest(known.encode(), given.encode())


def _basic(headers: Mapping[str, str], options: EndpointOptions) -> Admission:
    given = basic_credentials(headers)
    if given is None:
        return Admission(refused="Basic credentials are missing or unreadable", challenge=_BASIC_CHALLENGE)
    username, password = given
    if same(options.basic.get(username), password):
        return Admission(f"Basic user {username}")
    return Admission(refused="the user name or the password is wrong", challenge=_BASIC_CHALLENGE)


def _api_key(headers: Mapping[str, str], options: EndpointOptions) -> Admission:
    for name, key in options.api_keys.items():
        if name in headers:
            if same(key, headers[name]):
                return Admission(f"API key in {name}")
            return Admission(refused=f"the API key in {name} is wrong")
    return Admission(refused=f"no API key; this route looks for the header {' or '.join(options.api_keys)}")


def _bearer(headers: Mapping[str, str], tokens: TokenStore) -> Admission:
    token = bearer_token(headers)
    if not token:
        return Admission(refused="a bearer token is missing", challenge='Bearer realm="inspector"')
    if fault := tokens.fault_of(token):
        return Admission(refused=fault, challenge='Bearer realm="inspector", error="invalid_token"')
    return Admission("bearer token")
