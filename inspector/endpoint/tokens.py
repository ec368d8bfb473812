"""The tokens that the bundled token server has issued: they expire, and they can be revoked."""

import base64
import hashlib
import hmac
import json
import secrets
from typing import Final

from inspector.endpoint.options import EndpointOptions

_MOST: Final = 10_000
"""Tokens remembered; older ones are forgotten first, as if they had been revoked."""


class TokenStore:
    """Issues bearer tokens and tells which of them are still good."""

    def __init__(self, options: EndpointOptions) -> None:
        self._now = options.now
        self._expiry: dict[str, float] = {}
        self._signing_key = secrets.token_bytes(32)

    def issue(self, client_id: str, expires_in: float, *, jwt: bool = False) -> str:
        """Return a new token that is good for `expires_in` seconds; as a JWT (HS256) when asked."""
        now = self._now()
        token = self._jwt(client_id, now, expires_in) if jwt else secrets.token_urlsafe(32)
        while len(self._expiry) >= _MOST:
            del self._expiry[next(iter(self._expiry))]
        self._expiry[token] = now + expires_in
        return token

    def revoke(self, token: str) -> None:
        """Make a token useless from now on."""
        self._expiry.pop(token, None)

    def fault_of(self, token: str) -> str:
        """Return why a token is refused, one sentence; empty when it is good."""
        expiry = self._expiry.get(token)
        if expiry is None:
            return "the bearer token was not issued by this endpoint's token server, or has been revoked"
        late = self._now() - expiry
        return f"the bearer token expired {late:.0f} s ago" if late >= 0 else ""

    def _jwt(self, client_id: str, now: float, expires_in: float) -> str:
        claims = {
            "iss": "inspector-mock",
            "sub": client_id,
            "iat": int(now),
            "exp": int(now + expires_in),
            "jti": secrets.token_hex(8),
        }
        signed = ".".join(
            _base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)
        )
        return f"{signed}.{_base64url(hmac.digest(self._signing_key, signed.encode(), hashlib.sha256))}"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
