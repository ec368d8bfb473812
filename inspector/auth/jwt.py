"""An access token that is a JWT (RFC 7519), read and not verified: what it says, what speaks against it.

EventBridge passes a token on and does not look into it. A reader who wonders why an endpoint refuses one
does: most refusals are an audience, a scope or a clock.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from inspector.eventbridge.authorization import JsonWebToken
from inspector.eventbridge.resources import HttpParameter, OAuthClientCredentials
from inspector.eventbridge.retry import spoken
from inspector.jsontext import JsonError, JsonObject, JsonValue, dumps, loads
from inspector.safe import safe_line
from inspector.secret import Secret

_LARGEST: Final = 64 * 1024
_LEEWAY: Final = 60.0
"""Seconds by which clocks may differ before it is worth a word."""

_AUDIENCE: Final = ("audience", "resource")
"""The parameters by which a token request names the audience (RFC 8707, section 2; Auth0)."""

_CLIENT: Final = ("client_id", "azp", "appid", "cid")
_MOST_NAMED: Final = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, as far as it is no secret, and what the token endpoint says of its token."""

    client_id: str
    audiences: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    expires_in: float | None = None


def asked_by(auth: OAuthClientCredentials, expires_in: float | None = None) -> Asked:
    """Return what a connection's token request asks for. expires_in: the lifetime that was answered."""
    plain = [p for p in _sent(auth) if isinstance(p.value, str)]
    return Asked(
        auth.client_id,
        tuple(str(p.value) for p in plain if p.key in _AUDIENCE),
        tuple(word for p in plain if p.key == "scope" for word in str(p.value).split()),
        expires_in,
    )


def read_jwt(token: Secret, asked: Asked, now: datetime) -> JsonWebToken | None:
    """Return what a token tells of itself at `now` (UTC); None where it is no JWT."""
    text = token.reveal()
    parts = text.split(".")
    if len(text) > _LARGEST or len(parts) not in (3, 5):
        return None
    header = _object(parts[0])
    if header is None or not isinstance(header.get("alg"), str):
        return None
    if len(parts) == 5:
        return JsonWebToken(_shown(header), "", ("the token is encrypted: only its endpoint can read it",))
    claims = _object(parts[1])
    if claims is None:
        return None
    signature = parts[2]
    warnings = (
        *_signature_warnings(header, signature),
        *_time_warnings(claims, asked, now.timestamp()),
        *_claim_warnings(claims, asked),
    )
    return JsonWebToken(_shown(header), _shown(claims), warnings)


def _sent(auth: OAuthClientCredentials) -> Sequence[HttpParameter]:
    return (*auth.http_parameters.body, *auth.http_parameters.query_string)


def _object(part: str) -> JsonObject | None:
    try:
        data = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        value = loads(data.decode())
    except (binascii.Error, UnicodeDecodeError, JsonError):
        return None
    return value if isinstance(value, dict) else None


def _shown(members: JsonObject) -> str:
    return dumps(members, indent=2)


def _signature_warnings(header: JsonObject, signature: str) -> Iterator[str]:
    if str(header["alg"]).lower() == "none":
        yield "alg is none: anybody could have made this token"
    elif not signature:
        yield f"the token names the algorithm {safe_line(str(header['alg']))} and has no signature"


def _time_warnings(claims: JsonObject, asked: Asked, now: float) -> Iterator[str]:
    expires, begins, issued = (_moment(claims.get(name)) for name in ("exp", "nbf", "iat"))
    if expires is None:
        yield "exp is missing or no number: the token does not say when it expires"
    elif expires <= now:
        yield f"the token expired {spoken(now - expires)} ago, at {_clock(expires)}"
    elif asked.expires_in is not None and abs(expires - now - asked.expires_in) > _LEEWAY:
        yield (
            f"exp is {spoken(expires - now)} ahead and expires_in says {spoken(asked.expires_in)}: "
            "a token is renewed by expires_in"
        )
    if begins is not None and begins > now:
        yield f"the token is not valid yet: nbf is {spoken(begins - now)} ahead, at {_clock(begins)}"
    if issued is not None and issued > now + _LEEWAY:
        yield f"iat is {spoken(issued - now)} ahead: one of the two clocks is wrong"


def _claim_warnings(claims: JsonObject, asked: Asked) -> Iterator[str]:
    audiences = _words(claims.get("aud"))
    if asked.audiences and not set(asked.audiences) & set(audiences):
        wanted, found = _list(asked.audiences), _list(audiences)
        yield f"the token is for another audience: {wanted} was asked for, aud is {found or 'missing'}"
    granted = {
        word for name in ("scope", "scp") for text in _words(claims.get(name)) for word in text.split()
    }
    if granted and (missing := [scope for scope in asked.scopes if scope not in granted]):
        yield f"the token lacks what was asked for: {_list(missing)}"
    client = next((claims[name] for name in _CLIENT if isinstance(claims.get(name), str)), asked.client_id)
    if client != asked.client_id:
        yield f"the token was issued to another client: {safe_line(str(client))}"


def _moment(value: JsonValue) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Beyond some millennia a moment is no date any more, and before the epoch there were no tokens.
    return max(0.0, float(value)) if value < 1e11 else None


def _clock(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _words(value: JsonValue) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def _list(words: Sequence[str]) -> str:
    more = f" and {len(words) - _MOST_NAMED} more" if len(words) > _MOST_NAMED else ""
    return ", ".join(safe_line(word) for word in words[:_MOST_NAMED]) + more
