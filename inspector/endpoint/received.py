"""What the bundled endpoint remembers of a request: enough to compare it, without its credentials."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode

from inspector.jsontext import JsonError, dumps, loads
from inspector.secret import MASK, Redactor

_SENSITIVE: Final = re.compile(r"auth(?!or\b)|cookie|secret|token|passw|api[-_]?key|assertion", re.I)
_BODY_CAP: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came, credentials masked, and how it was answered.

    number: from 1, in the order received. target: path and query as on the wire. body: its first 64 KiB;
    body_bytes: its full length. caller: as whom it was admitted, empty when refused. answer: in words.
    """

    number: int
    at: datetime
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: str
    body_bytes: int
    status: int
    answer: str
    caller: str = ""

    def header(self, name: str) -> str | None:
        """Return the first value of a header, compared without case, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def document(self) -> dict[str, object]:
        """Return the record as JSON members."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "method": self.method,
            "target": self.target,
            "headers": [list(header) for header in self.headers],
            "body": self.body,
            "body_bytes": self.body_bytes,
            "status": self.status,
            "answer": self.answer,
            "caller": self.caller,
        }


def masked_header(name: str, value: str) -> str:
    """Return a header's value as it may be shown; the scheme of a credential stays."""
    if not _SENSITIVE.search(name):
        return value
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {MASK}" if space else MASK


def masked_target(target: str) -> str:
    """Return path and query with the values of sensitive parameters masked."""
    path, mark, query = target.partition("?")
    if not _SENSITIVE.search(query):
        return target
    return path + mark + _masked_form(query)


def masked_body(body: bytes, redactor: Redactor, *, of_token_request: bool) -> str:
    """Return the shown part of a body; of a token request, its sensitive members are masked by name."""
    text = body[:_BODY_CAP].decode("utf-8", "replace")
    if of_token_request:
        text = _masked_members(text)
    return redactor.text(text)


def _masked_members(text: str) -> str:
    try:
        value = loads(text)
    except JsonError:
        return _masked_form(text)
    if not isinstance(value, dict):
        return text
    return dumps({name: MASK if _SENSITIVE.search(name) else member for name, member in value.items()})


def _masked_form(text: str) -> str:
    pairs = parse_qsl(text, keep_blank_values=True)
    return urlencode([(k, MASK if _SENSITIVE.search(k) else v) for k, v in pairs], safe=MASK[0])
