"""The headers of a request: the fixed ones, what is stripped, who wins (request-and-auth, 3 and 4)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.authorization import Authorization
from inspector.eventbridge.parameters import merged
from inspector.eventbridge.provenance import Part, Remarks, Stripped
from inspector.eventbridge.resources import ApiKeyAuth, Connection
from inspector.secret import Secret

HEADER_NAME: Final = Assumption(
    "header-name",
    "What EventBridge does with a header whose name HTTP does not allow is not established; the inspector "
    "leaves the header out.",
)
HEADER_VALUE: Final = Assumption(
    "header-value",
    "What EventBridge does with a value that no header can carry is not established; the inspector puts a "
    "space for a control character and `?` for one that is not ASCII.",
)
KEY_IS_STRIPPED: Final = Assumption(
    "key-is-stripped",
    "Whether an API key whose name EventBridge strips is sent is not established; the inspector strips it.",
)

DEFAULT_CONTENT_TYPE: Final = "application/json; charset=utf-8"
LENGTH_WHEN_SENT: Final = "set when sent"
"""The value of `Content-Length` where the body holds secrets: their length is not for show."""

FIXED: Final = (
    ("User-Agent", "Amazon/EventBridge/ApiDestinations"),
    ("Range", "bytes=0-1048575"),
    ("Accept-Encoding", "gzip,deflate"),
    ("Connection", "close"),
)
STRIPPED: Final = frozenset({
    "a-im", "accept-charset", "accept-datetime", "accept-encoding", "cache-control", "connection",
    "content-encoding", "content-length", "content-md5", "date", "expect", "forwarded", "from", "host",
    "http2-settings", "if-match", "if-modified-since", "if-none-match", "if-range",
    "if-unmodified-since", "max-forwards", "origin", "pragma", "proxy-authorization", "range",
    "referer", "te", "trailer", "transfer-encoding", "user-agent", "upgrade", "via", "warning",
})  # fmt: skip
"""The names that EventBridge removes wherever they are configured, in small letters."""

_SET_BY_AWS: Final = frozenset(name.lower() for name, _ in FIXED) | {"host", "content-length"}
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")


def is_header_name(name: str) -> bool:
    """Tell whether HTTP allows `name` as the name of a header (RFC 9110, token)."""
    return _TOKEN.fullmatch(name) is not None


def is_stripped(name: str) -> bool:
    """Tell whether EventBridge removes a configured header of this name."""
    return name.lower() in STRIPPED


def header_parts(
    host: str,
    length: str,
    configured: Sequence[Part],
    credential: Part,
    remarks: Remarks,
) -> tuple[tuple[Part, ...], tuple[Stripped, ...]]:
    """Return all headers that are sent, in order, and those that were stripped.

    configured: the target's, then the connection's; of names equal but for case the later one wins.
    length: the text of `Content-Length`.
    """
    stripped: list[Stripped] = []
    kept = merged(_sendable((*configured, credential), stripped, remarks), key=str.lower)
    own = [part for part in kept if part.source != "authorization"]
    authorization = [part for part in kept if part.source == "authorization"]
    for part in authorization:
        if part.replaced:
            remarks.note(
                f"{part.name}: the connection's credential takes the place of {part.replaced}", warning=True
            )
    fixed = [Part("Host", host, "aws", "from the endpoint")]
    fixed += [Part(name, value, "aws", "fixed by EventBridge") for name, value in FIXED]
    if not any(part.name.lower() == "content-type" for part in kept):
        fixed.append(Part("Content-Type", DEFAULT_CONTENT_TYPE, "aws", "default of EventBridge"))
    fixed.append(Part("Content-Length", length, "aws", "bytes of the body"))
    return (*fixed, *own, *authorization), tuple(stripped)


def credential_part(connection: Connection, authorization: Authorization | None) -> Part:
    """Return the credential's header: as it is known, or a masked stand-in until it is."""
    if authorization is not None:
        return Part(
            authorization.header_name, authorization.header_value, "authorization", authorization.description
        )
    name = connection.auth.api_key_name if isinstance(connection.auth, ApiKeyAuth) else "Authorization"
    return Part(
        name, Secret(""), "authorization", f'credential of connection "{connection.name}", not known yet'
    )


def _sendable(parts: Iterable[Part], stripped: list[Stripped], remarks: Remarks) -> Iterable[Part]:
    for part in parts:
        if why := _why_not_sent(part, remarks):
            stripped.append(Stripped(part.name, part.value, part.source, why))
        elif isinstance(part.value, Secret):
            yield part
        else:
            yield replace(part, value=_carried(part.name, part.value, remarks))


def _why_not_sent(part: Part, remarks: Remarks) -> str:
    name = part.name
    if not is_header_name(name):
        remarks.note(f"{name!r} is no legal header name: the header is not sent", warning=True)
        remarks.assume(HEADER_NAME)
        return "HTTP does not allow this name"
    if not is_stripped(name):
        return ""
    if part.source == "authorization":
        remarks.note(
            f"the API key's header {name} is one that EventBridge removes: it is not sent", warning=True
        )
        remarks.assume(KEY_IS_STRIPPED)
    return (
        "EventBridge sets this header itself"
        if name.lower() in _SET_BY_AWS
        else "EventBridge removes this header from every request"
    )


def _carried(name: str, value: str, remarks: Remarks) -> str:
    """Return a header value that can go on one line: nothing in it can start another header."""
    plain = _NOT_ASCII.sub("?", _CONTROL.sub(" ", value.replace("\t", " "))).strip(" ")
    if plain != value.replace("\t", " ").strip(" "):
        remarks.note(
            f"{name}: the value holds characters that a header cannot carry; they are replaced", warning=True
        )
        remarks.assume(HEADER_VALUE)
    return plain
