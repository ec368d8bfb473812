"""A prepared request in the forms in which people pass it on; its secrets are `$VARIABLES`."""

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from inspector.eventbridge.provenance import Part
from inspector.eventbridge.request import PreparedRequest, encode_url, merge_body
from inspector.eventbridge.url import request_target
from inspector.safe import safe_line
from inspector.secret import Secret

Role: TypeAlias = Literal["header", "query parameter", "body member"]

_SET_BY_CLIENTS: Final = ("host", "content-length")
_ATTEMPT_SECONDS: Final = 5
_EXPECT_ABOVE: Final = 1024
"""Bytes of a body above which some versions of curl ask with `Expect` first, which EventBridge never does."""
_HTTPIE_SEPARATORS: Final = ":;=@"


@dataclass(frozen=True, slots=True)
class Variable:
    """A secret of a request by the name of the environment variable that stands for it."""

    name: str
    part: str
    role: Role

    @property
    def meaning(self) -> str:
        """What a shell variable of this name has to hold, on one line."""
        form = {
            "header": "the value",
            "query parameter": "the percent-encoded value",
            "body member": "the JSON-escaped value, without its quotes,",
        }[self.role]
        return f"{self.name} holds {form} of {self.role} {safe_line(self.part)}"


Piece: TypeAlias = "str | Variable"
Pieces: TypeAlias = Sequence[Piece]


@dataclass(slots=True)
class _Marked:
    """A request whose secrets are markers, and a way to cut any text with markers into pieces."""

    url: str
    headers: list[tuple[str, str]]
    body: str
    marker: str
    variables: list[Variable] = field(default_factory=list)

    def cut(self, text: str) -> Pieces:
        found = re.split(f"{self.marker}([0-9]+)E", text)
        pieces: list[Piece] = []
        for index, piece in enumerate(found):
            if index % 2:
                pieces.append(self.variables[int(piece)])
            elif piece:
                pieces.append(piece)
        return pieces


def as_curl(request: PreparedRequest) -> str:
    """Return a shell command that sends the same request with curl, no header of curl's own in it."""
    marked = _mark(request)
    names = {name.lower() for name, _ in marked.headers}
    words = [f"curl --request {shlex.quote(request.method)} --max-time {_ATTEMPT_SECONDS}"]
    if re.search(r"[\[\]{}]", marked.url):
        words.append("--globoff")
    words.append("--url " + _quoted(marked.cut(marked.url)))
    if "accept" not in names:
        words.append("--header 'Accept:'")
    if len(marked.body.encode()) > _EXPECT_ABOVE:
        words.append("--header 'Expect:'")
    for name, value in _client_headers(marked):
        words.append("--header " + _quoted(marked.cut(f"{name}: {value}" if value else f"{name};")))
    words.append("--compressed")
    words.append("--data-raw " + _quoted(marked.cut(marked.body)))
    return _comments(marked) + " \\\n  ".join(words) + "\n"


def as_httpie(request: PreparedRequest) -> str:
    """Return a shell command that sends the same request with HTTPie."""
    marked = _mark(request)
    words = [
        f"http --ignore-stdin --timeout={_ATTEMPT_SECONDS} --raw=" + _quoted(marked.cut(marked.body)),
        f"{shlex.quote(request.method)} {_quoted(marked.cut(marked.url))}",
    ]
    if not any(name.lower() == "accept" for name, _ in marked.headers):
        words.append("Accept:")
    for name, value in _client_headers(marked):
        escape = "\\" if value[:1] in _HTTPIE_SEPARATORS else ""
        words.append(_quoted(marked.cut(f"{name}:{escape}{value}" if value else f"{name};")))
    return _comments(marked) + " \\\n  ".join(words) + "\n"


def as_python(request: PreparedRequest) -> str:
    """Return a Python program that sends the same request with httpx.

    Its variables hold the secrets as they are: the program encodes them where they stand.
    """
    marked = _mark(request)
    roles = {variable.role for variable in marked.variables}
    imports = [
        *(["import json"] if "body member" in roles else []),
        *(["import os"] if roles else []),
        *(["from urllib.parse import quote"] if "query parameter" in roles else []),
    ]
    headers = "".join(
        f"    {name!r}: {_expression(marked.cut(value))},\n" for name, value in _client_headers(marked)
    )
    return (
        "".join(f"{line}\n" for line in imports)
        + ("\n" if imports else "")
        + "import httpx\n\n"
        + f"url = {_expression(marked.cut(marked.url))}\n"
        + f"headers = {{\n{headers}}}\n"
        + f"body = {_expression(marked.cut(marked.body))}\n\n"
        + "# A bare Request: what goes through client.post() gets the client's own headers.\n"
        + f"request = httpx.Request({request.method!r}, url, headers=headers, content=body.encode())\n"
        + f"with httpx.Client(timeout={_ATTEMPT_SECONDS}, trust_env=False) as client:\n"
        + "    response = client.send(request)\n"
        + "print(response.status_code, response.reason_phrase)\n"
        + "print(response.text)\n"
    )


def as_raw_http(request: PreparedRequest) -> str:
    """Return the request as HTTP/1.1 writes it, with CRLF line ends; a secret is its `$VARIABLE`."""
    marked = _mark(request)
    lines = [f"{request.method} {request_target(marked.url)} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in marked.headers]
    text = "\r\n".join((*lines, "", marked.body))
    return "".join(piece if isinstance(piece, str) else f"${piece.name}" for piece in marked.cut(text))


FORMATS: Final[Mapping[str, Callable[[PreparedRequest], str]]] = MappingProxyType(
    {"curl": as_curl, "httpie": as_httpie, "python": as_python, "http": as_raw_http}
)
"""Every form by its name."""


def _mark(request: PreparedRequest) -> _Marked:
    marked = _Marked("", [], "", _unused_marker(request))

    def value(part: Part, role: Role) -> str:
        if not isinstance(part.value, Secret):
            return part.value
        taken = {variable.name for variable in marked.variables}
        marked.variables.append(
            Variable(_variable_name(request.connection, part.name, taken), part.name, role)
        )
        return f"{marked.marker}{len(marked.variables) - 1}E"

    marked.url = encode_url(request.base_url, [(p.name, value(p, "query parameter")) for p in request.query])
    marked.headers = [(part.name, value(part, "header")) for part in request.headers]
    marked.body = merge_body(
        request.payload, [(part.name, value(part, "body member")) for part in request.body_parameters]
    )
    return marked


def _unused_marker(request: PreparedRequest) -> str:
    """Return letters that occur nowhere in the request, and that no encoding changes."""
    parts = (*request.query, *request.headers, *request.body_parameters)
    texts = [
        request.base_url,
        request.payload,
        request.masked_body,
        *(text for p in parts for text in (p.name, str(p.value))),
    ]
    marker = "VARIABLE"
    while any(marker in text for text in texts):
        marker += "X"
    return marker


def _variable_name(connection: str, part: str, taken: set[str]) -> str:
    words = re.sub(r"[^A-Za-z0-9]+", "_", f"{connection}_{part}").strip("_").upper() or "SECRET"
    name = f"_{words}" if words[0].isdigit() else words
    unique, number = name, 2
    while unique in taken:
        unique, number = f"{name}_{number}", number + 1
    return unique


def _client_headers(marked: _Marked) -> list[tuple[str, str]]:
    return [(name, value) for name, value in marked.headers if name.lower() not in _SET_BY_CLIENTS]


def _comments(marked: _Marked) -> str:
    return "".join(f"# {variable.meaning}\n" for variable in marked.variables)


def _quoted(pieces: Pieces) -> str:
    """Return one shell word: literal text quoted, variables expanded but never split."""
    words = [shlex.quote(piece) if isinstance(piece, str) else f'"${piece.name}"' for piece in pieces]
    return "".join(words) or "''"


def _expression(pieces: Pieces) -> str:
    """Return a Python expression for the text."""
    terms = [repr(piece) if isinstance(piece, str) else _lookup(piece) for piece in pieces]
    return " + ".join(terms) or "''"


def _lookup(variable: Variable) -> str:
    value = f"os.environ[{variable.name!r}]"
    match variable.role:
        case "header":
            return value
        case "query parameter":
            return f"quote({value}, safe='')"
        case "body member":
            return f"json.dumps({value}, ensure_ascii=False)[1:-1]"
