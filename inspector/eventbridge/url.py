"""The URL of a request: path wildcards filled, query parameters merged (request-and-auth, 2 and 4)."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, unquote_plus

from inspector.eventbridge.assumption import PATH_ENCODING, Assumption
from inspector.eventbridge.parameters import merged
from inspector.eventbridge.provenance import Part, Remarks
from inspector.eventbridge.transform import well_formed

WILDCARD_COUNT: Final = Assumption(
    "wildcard-count",
    "What EventBridge does when `*` and PathParameterValues differ in number is not established; the "
    "inspector ignores values too many and leaves a `*` too many in the URL.",
)
MISSING_PATH_VALUE: Final = Assumption(
    "missing-path-value",
    "What a path parameter becomes whose JSON path selects nothing is not established; the inspector "
    "leaves its place empty.",
)
QUERY_COLLISION: Final = Assumption(
    "query-collision",
    "Whether a configured query parameter replaces the same one in the endpoint is not established; the "
    "inspector replaces it.",
)
QUERY_ENCODING: Final = Assumption(
    "query-encoding",
    "The encoding of query parameters is not established; the inspector percent-encodes them (a space: %20).",
)

_PARTS: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)")
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


def split_url(url: str) -> tuple[str, str, str, str]:
    """Return scheme (in small letters), authority, path and query of an endpoint.

    The query comes with its `?`. A fragment is left out: it never goes on the wire. What is no absolute
    URL comes back as a path.
    """
    url = url.partition("#")[0]
    match = _PARTS.match(url)
    if not match:
        path, mark, query = url.partition("?")
        return "", "", path, mark + query
    return match["scheme"].lower(), match["authority"], match["path"], url[match.end() :]


def host_of(url: str) -> str:
    """Return the `Host` of an endpoint: without user information, without the scheme's own port."""
    scheme, authority, _, _ = split_url(url)
    return authority.rpartition("@")[2].removesuffix(_DEFAULT_PORTS.get(scheme, ""))


def request_target(url: str) -> str:
    """Return the part of a URL that the request line names: path and query."""
    _, _, path, query = split_url(url)
    return (path or "/") + query


def filled_url(
    endpoint: str, values: Sequence[tuple[Part, bool]], remarks: Remarks
) -> tuple[str, tuple[Part, ...]]:
    """Return the endpoint with its path's `*` filled, left to right, and the path parameters used.

    values: each with whether its JSON path selects nothing.
    """
    scheme, authority, path, query = split_url(endpoint)
    if "@" in authority:
        authority = authority.rpartition("@")[2]
        remarks.note(
            "the user information in the endpoint is not sent: credentials are the connection's", warning=True
        )
    pieces = path.split("*")
    wildcards = len(pieces) - 1
    if len(values) != wildcards:
        remarks.assume(WILDCARD_COUNT)
        remarks.note(_count_mismatch(wildcards, len(values)), warning=True)
    filled = pieces[0]
    for (part, missing), piece in zip(values, pieces[1:], strict=False):
        text = str(part.value)
        encoded = encode_segment(text)
        if encoded != text:
            remarks.assume(PATH_ENCODING)
        if missing:
            remarks.assume(MISSING_PATH_VALUE)
            remarks.note(
                f"the path parameter {part.detail} selects nothing in this event: the URL is empty there",
                warning=True,
            )
        filled += encoded + piece
    filled += "".join("*" + piece for piece in pieces[1 + len(values) :])
    start = f"{scheme}://{authority}" if scheme else ""
    return start + filled + query, tuple(part for part, _ in values[:wildcards])


def encode_segment(text: str) -> str:
    """Return `text` percent-encoded as one segment of a path; dots alone too, lest they climb out of it."""
    if text and not text.strip("."):
        return text.replace(".", "%2E")
    return quote(well_formed(text), safe="")


def encode_query(text: str) -> str:
    """Return a query key or value percent-encoded, a space as `%20`."""
    return quote(well_formed(text), safe="")


def encode_url(base_url: str, query: Sequence[tuple[str, str]]) -> str:
    """Return `base_url` with `query` merged: an equal key is replaced, others are appended."""
    if not query:
        return base_url
    scheme, authority, path, own = split_url(base_url)
    waiting: dict[str, list[str]] = {}
    for key, value in query:
        waiting.setdefault(key, []).append(f"{encode_query(key)}={encode_query(value)}")
    keys = frozenset(waiting)
    pairs: list[str] = []
    for pair in own[1:].split("&"):
        key = _key(pair)
        if key not in keys:
            pairs += [pair] if pair else []
        else:
            pairs += waiting.pop(key, [])
    pairs += [pair for group in waiting.values() for pair in group]
    start = f"{scheme}://{authority}" if scheme else ""
    return f"{start}{path}?{'&'.join(pairs)}"


def query_parts(
    base_url: str, target: Sequence[Part], connection: Sequence[Part], remarks: Remarks
) -> tuple[Part, ...]:
    """Return the query parameters to append: the target's, the connection's over them by equal key."""
    own: list[Part] = []
    for pair in split_url(base_url)[3][1:].split("&"):
        if pair:
            own.append(Part(_key(pair), unquote_plus(pair.partition("=")[2]), "destination", "endpoint"))
    parts = merged([*own, *target, *connection])
    sent = tuple(part for part in parts if part.detail != "endpoint" or part.source != "destination")
    if any(part.name in {mine.name for mine in own} for part in sent):
        remarks.assume(QUERY_COLLISION)
    if any(encode_query(text) != text for part in sent for text in _known_texts(part)):
        remarks.assume(QUERY_ENCODING)
    return sent


def _known_texts(part: Part) -> list[str]:
    return [part.name, part.value] if isinstance(part.value, str) else [part.name]


def _key(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0])


def _count_mismatch(wildcards: int, values: int) -> str:
    found = (
        f"the endpoint's path has {wildcards or 'no'} `*` and the target {values or 'no'} PathParameterValues"
    )
    return f"{found}: the last are ignored" if values > wildcards else f"{found}: `*` stays in the URL"
