"""Secrets that do not leak by accident, and the redaction of those that come back from elsewhere."""

import base64
import hmac
import json
import re
from collections.abc import Iterable
from typing import Final, NoReturn
from urllib.parse import quote, quote_plus

MASK: Final = "••••••••"
"""Fixed in width: a mask as long as its secret would tell the length."""

_SHORTEST_REDACTED: Final = 4
"""Shorter values occur in any text by chance; hiding them would hide the text."""


class Secret:
    """A value that is masked wherever it is printed, compared, copied or serialised.

    `reveal()` gives the text. Only `inspector.auth` and `inspector.delivery.transport` call it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._text

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled or copied out of the process")


def masked(value: "str | Secret") -> str:
    """Return `value` as it may be shown: itself, or the mask."""
    return str(value)


class Redactor:
    """Replaces known secrets in text from elsewhere, in the spellings in which they travel.

    An endpoint may echo the credentials that it received. What it answers passes through here
    before it is shown or stored. Spellings covered: as is, JSON-escaped, percent-encoded
    (both kinds), and Base64, alone or as the two halves of a Basic credential.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._spellings: set[str] = set()
        self._expression: re.Pattern[str] | None = None
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Hide `secret` from now on. Values under four characters are left alone."""
        if len(secret) < _SHORTEST_REDACTED:
            return
        spellings = {
            secret,
            json.dumps(secret)[1:-1],
            json.dumps(secret, ensure_ascii=False)[1:-1],
            quote(secret, safe=""),
            quote_plus(secret),
            base64.b64encode(secret.encode()).decode().rstrip("="),
            base64.urlsafe_b64encode(secret.encode()).decode().rstrip("="),
        }
        if not spellings <= self._spellings:
            self._spellings |= spellings
            self._expression = None

    def add_basic(self, username: str, password: str) -> None:
        """Hide the password and the Base64 of `username:password`."""
        self.add(password)
        self.add(f"{username}:{password}")

    def text(self, text: str) -> str:
        """Return `text` with every known secret replaced by the mask."""
        if not self._spellings:
            return text
        if self._expression is None:
            longest_first = sorted(self._spellings, key=len, reverse=True)
            self._expression = re.compile("|".join(map(re.escape, longest_first)))
        return self._expression.sub(MASK, text)

    def data(self, data: bytes) -> bytes:
        """Return `data` with every known secret replaced by the mask's UTF-8."""
        text = data.decode("utf-8", "surrogateescape")
        return self.text(text).encode("utf-8", "surrogateescape")
