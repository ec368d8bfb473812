"""What a token endpoint answers: a token, or one of many ways of failing, each told apart."""

import math
import re
from dataclasses import dataclass
from typing import Final

from inspector.auth.token_request import names_grant_type
from inspector.delivery.events import Response
from inspector.errors import InspectorError
from inspector.eventbridge.resources import OAuthClientCredentials
from inspector.jsontext import JsonError, JsonValue, loads
from inspector.safe import safe_line
from inspector.secret import MASK, Secret

_LONGEST_TOLD: Final = 200
_SENDABLE: Final = re.compile(r"[\x21-\x7e]+")
_TOKENS: Final = r"(?!token_type\b)[\w-]*token[\w-]*"
"""access_token, refresh_token, id_token, and what endpoints call them instead."""

_JSON_TOKEN: Final = re.compile(rf'("{_TOKENS}"\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|[-\w.]+)', re.IGNORECASE)
_FORM_TOKEN: Final = re.compile(rf"\b({_TOKENS}=)[^&\s\"<]+", re.IGNORECASE)
_GRANT_TYPE_HINT: Final = (
    "EventBridge sends no grant_type of its own: AWS's samples put grant_type=client_credentials into the "
    "BodyParameters of OAuthHttpParameters"
)


@dataclass(frozen=True, slots=True)
class Token:
    """An access token. expires_in: seconds, None when not told; note: what is odd about it."""

    value: Secret
    expires_in: float | None
    token_type: str
    scope: str
    note: str = ""


class TokenError(InspectorError):
    """No token came. The message may quote the endpoint: mask it before it is shown."""


def read_token(response: Response, auth: OAuthClientCredentials) -> Token:
    """Return the token in an answer.

    Raises:
        TokenError: there is none in it.
    """
    from authlib.oauth2 import OAuth2Error
    from authlib.oauth2.client import OAuth2Client

    if 300 <= response.status <= 399:
        where = response.header("Location")
        to = f" to {_told(where)}" if where else ""
        raise TokenError(f"the token endpoint answered {response.status}{to}; redirects are not followed")
    answer = _Answer(response)
    try:
        members = OAuth2Client(session=None).parse_response_token(answer)
    except OAuth2Error as error:
        raise _refused(response.status, str(error.error), answer.description, auth) from None
    except ValueError:
        raise TokenError(
            f"the token endpoint answered {response.status} with {_looks_like(response)} instead of JSON",
            hint="check AuthorizationEndpoint: it must be the token endpoint itself",
        ) from None
    if response.status > 299:
        raise answer.failure()
    return _token(members, answer.expires_in)


class _Answer:
    """What Authlib reads of a response.

    Two members are kept from it: the lifetime, which it would count by the wall clock, and the description of
    an error, in which it allows ASCII only.
    """

    def __init__(self, response: Response) -> None:
        self.status_code = response.status
        self.expires_in: JsonValue = None
        self.description = ""
        self._response = response

    def json(self) -> JsonValue:
        try:
            value = loads(self._response.body.decode("utf-8-sig"))
        except (JsonError, UnicodeDecodeError):
            raise ValueError("no JSON") from None
        if isinstance(value, dict):
            value.pop("expires_at", None)
            self.expires_in = value.pop("expires_in", None)
            self.description = str(value.pop("error_description", None) or "")
        return value

    def raise_for_status(self) -> None:
        if self.status_code > 299:
            raise self.failure()

    def failure(self) -> TokenError:
        body = _told(self._response.body[:1000].decode("utf-8", "replace"))
        said = f": {body}" if body else ", with an empty body"
        return TokenError(f"the token endpoint answered {self.status_code}{said}")


def _refused(status: int, code: str, description: str, auth: OAuthClientCredentials) -> TokenError:
    told = f"{_told(code)} ({_told(description)})" if description else _told(code)
    hint = "check ClientID and ClientSecret" if code == "invalid_client" else ""
    if code in ("invalid_request", "unsupported_grant_type") and not names_grant_type(auth):
        hint = _GRANT_TYPE_HINT
    return TokenError(f"the token endpoint answered {status}: {told}", hint=hint)


def _token(members: dict[str, JsonValue], expires_in: JsonValue) -> Token:
    value = members.get("access_token")
    if value is None:
        names = ", ".join(_told(name) for name in list(members)[:8]) or "no members"
        raise TokenError(f"the token endpoint's answer has no access_token, only {names}")
    if not isinstance(value, str) or not _SENDABLE.fullmatch(value):
        raise TokenError("the token endpoint's access_token is no text that a header can carry")
    kind, scope = members.get("token_type"), members.get("scope")
    notes = []
    if not isinstance(kind, str):
        notes.append("the answer names no token_type; the token is sent as Bearer")
    elif kind.lower() != "bearer":
        notes.append(f"token_type is {_told(kind)!r}; the token is sent as Bearer all the same")
    lifetime = _seconds(expires_in)
    if lifetime is None:
        why = "no expires_in" if expires_in is None else "an expires_in that is no number of seconds"
        notes.append(f"the answer has {why}; the token is kept until the endpoint refuses it")
    return Token(
        Secret(value),
        lifetime,
        _told(kind) if isinstance(kind, str) else "",
        _told(scope) if isinstance(scope, str) else "",
        "; ".join(notes),
    )


def _seconds(value: JsonValue) -> float | None:
    """Numbers in a string are accepted: token endpoints send them so."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    # Beyond some centuries a lifetime is no date any more.
    return min(max(seconds, 0.0), 1e10) if math.isfinite(seconds) else None


def _looks_like(response: Response) -> str:
    start = response.body.lstrip()[:15].lower()
    if not response.body:
        return "an empty body"
    if start.startswith((b"<!doctype html", b"<html")):
        return "HTML"
    kind = (response.header("Content-Type") or "").partition(";")[0].strip()
    return _told(kind) if kind and "json" not in kind else "something else"


def _told(text: str) -> str:
    line = safe_line(without_tokens(text.strip()))
    return line if len(line) <= _LONGEST_TOLD else line[:_LONGEST_TOLD] + "…"


def without_tokens(text: str) -> str:
    """Return an answer with the tokens in it masked, whether it is JSON or a form."""
    text = _JSON_TOKEN.sub(lambda found: f'{found[1]}"{MASK}"', text)
    return _FORM_TOKEN.sub(lambda found: f"{found[1]}{MASK}", text)
