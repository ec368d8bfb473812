"""The faults that a caller can ask the bundled webhooks for, by path (`/slow/6`) or query (`?slow=6`)."""

import gzip
import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from inspector.errors import InspectorError
from inspector.jsontext import JsonError, dumps, loads

Ending: TypeAlias = Literal["complete", "drop", "reset"]
_BIGGEST: Final = 64 * 1024 * 1024
_COUNTERS: Final = 10_000
ESCAPES: Final = (
    "\x1b[2J\x1b[31mred\x1b[0m \x1b]0;a new title\x07 \x1b]8;;http://127.0.0.1/\x1b\\a link\x1b]8;;\x1b\\ "
    "\x9b1mbold by C1\x9b0m \u202eright to left\u202c back\b\b\b\b bell\x07 null\x00\n"
    "[b]bold[/b] [@click=app.quit]quit[/] [/] [red\n"
)


class FaultError(InspectorError):
    """A fault was asked for with a value that it does not take."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What will be sent. delay: seconds before. ending: `drop` closes before, `reset` amid the answer."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    body: bytes = b""
    delay: float = 0
    ending: Ending = "complete"

    def with_header(self, name: str, value: str) -> "Answer":
        """Return the same answer with one more header."""
        return replace(self, headers={**self.headers, name: value})

    def with_body(self, body: bytes, content_type: str) -> "Answer":
        """Return the same answer with another body."""
        return replace(self, body=body, headers={**self.headers, "Content-Type": content_type})

    @property
    def summary(self) -> str:
        """What is done, in a few words."""
        words = {"complete": str(self.status), "drop": "connection dropped", "reset": "reset midway"}
        return words[self.ending] + (f" after {self.delay:g} s" if self.delay else "")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a fault may look at.

    target: path and query as on the wire. query: its parameters. raw: the request as `/echo` returns it.
    now: seconds since the epoch. request_key: the header `X-Request-Key`.
    """

    target: str
    query: Mapping[str, str]
    raw: Mapping[str, object]
    now: float
    body: bytes = b""
    request_key: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its name in path and query, the value that it takes (empty: none), its help."""

    name: str
    value: str
    help: str
    apply: Callable[[Answer, str, Asked], Answer]


def _integer(value: str, what: str, low: int, high: int) -> int:
    try:
        number = int(value)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise FaultError(f"{what} takes a whole number from {low} to {high}; this is {value!r}")
    return number


def _status(answer: Answer, value: str, _: Asked) -> Answer:
    return replace(answer, status=_integer(value, "status", 100, 599))


def _retry_after(answer: Answer, value: str, asked: Asked) -> Answer:
    # In a query, an unescaped plus has become a space.
    if value.startswith(("date+", "date-", "date ")) and value[5:].isdecimal():
        offset = -int(value[5:]) if value[4] == "-" else int(value[5:])
        value = formatdate(asked.now + offset, usegmt=True)
    if any(ord(character) < 0x20 for character in value):
        raise FaultError("retry-after cannot hold control characters")
    return answer.with_header("Retry-After", value)


def _slow(answer: Answer, value: str, _: Asked) -> Answer:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= 3600:
        raise FaultError(f"slow takes seconds from 0 to 3600; this is {value!r}")
    return replace(answer, delay=seconds)


def _redirect(answer: Answer, value: str, asked: Asked) -> Answer:
    if value == "loop":
        return replace(answer, status=302).with_header("Location", asked.target)
    status = _integer(value or "302", "redirect", 300, 399)
    to = asked.query.get("to", "/webhook")
    if any(ord(character) < 0x20 for character in to):
        raise FaultError("to cannot hold control characters")
    return replace(answer, status=status).with_header("Location", to)


def _big(answer: Answer, value: str, _: Asked) -> Answer:
    size = _integer(value, "big", 0, _BIGGEST)
    line = b"all work and no play makes a long answer\n"
    return answer.with_body((line * (size // len(line) + 1))[:size], "text/plain; charset=utf-8")


def _binary(answer: Answer, _value: str, _: Asked) -> Answer:
    return answer.with_body(bytes(range(256)) * 4, "application/octet-stream")


def _escapes(answer: Answer, _value: str, _: Asked) -> Answer:
    return answer.with_body(ESCAPES.encode(), "text/plain; charset=utf-8").with_header(
        "X-Markup", "[b]bold[/b] [/]"
    )


def _echo(answer: Answer, _value: str, asked: Asked) -> Answer:
    return answer.with_body(dumps(asked.raw, indent=2).encode(), "application/json")


def _gzip(answer: Answer, _value: str, _: Asked) -> Answer:
    return replace(answer, body=gzip.compress(answer.body, 6, mtime=0)).with_header(
        "Content-Encoding", "gzip"
    )


def _deflate(answer: Answer, value: str, _: Asked) -> Answer:
    if value == "raw":
        compressor = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        body = compressor.compress(answer.body) + compressor.flush()
    else:
        body = zlib.compress(answer.body)
    return replace(answer, body=body).with_header("Content-Encoding", "deflate")


def _drop(answer: Answer, _value: str, _: Asked) -> Answer:
    return replace(answer, ending="drop")


def _reset(answer: Answer, _value: str, _: Asked) -> Answer:
    return replace(answer, ending="reset")


FAULTS: Final = (
    # Applied in this order: what the body is, how it is encoded, then how it is sent.
    Fault("big", "bytes", "an answer of so many bytes", _big),
    Fault("binary", "", "an answer that is no text", _binary),
    Fault("escapes", "", "an answer full of terminal escapes and markup", _escapes),
    Fault("echo", "", "returns what was received, credentials included", _echo),
    Fault("gzip", "", "the answer compressed by gzip", _gzip),
    Fault("deflate", "", "the answer compressed by zlib; deflate=raw without its header", _deflate),
    Fault("status", "code", "this status", _status),
    Fault("retry-after", "value", "the header Retry-After: seconds, -1, date+30, or any text", _retry_after),
    Fault("redirect", "", "302 to /webhook; redirect=307, redirect=loop, to=/path", _redirect),
    Fault("slow", "seconds", "answers after so many seconds", _slow),
    Fault("drop", "", "closes the connection without an answer", _drop),
    Fault("reset-midway", "", "resets the connection amid the answer", _reset),
)
FLAKY_HELP: Final = (
    "n failures, then 200, counted per event; other faults then hold for the failures only; "
    "again=1 starts over after a success, reset=1 forgets the counts"
)


def asked_faults(query: Mapping[str, str]) -> dict[str, str]:
    """Return the faults that a query asks for."""
    names = {fault.name for fault in FAULTS} | {"flaky", "expired-token"}
    return {name: value for name, value in query.items() if name in names}


def plan(answer: Answer, faults: Mapping[str, str], asked: Asked) -> Answer:
    """Return `answer` with `faults` (name to value) applied.

    Raises:
        FaultError: a fault's value is not one that it takes.
    """
    for fault in FAULTS:
        if fault.name in faults:
            answer = fault.apply(answer, faults[fault.name], asked)
    return answer


class Counters:
    """How often each request of a counting route has come, by path, query and event."""

    def __init__(self) -> None:
        self._counts: OrderedDict[tuple[str, str], int] = OrderedDict()

    def count(self, asked: Asked) -> int:
        """Return how often this request came before, and count it."""
        key = (asked.target, _identity(asked))
        seen = self._counts.pop(key, 0)
        self._counts[key] = seen + 1
        if len(self._counts) > _COUNTERS:
            self._counts.popitem(last=False)
        return seen

    def forget(self, asked: Asked) -> None:
        """Start this request's count anew."""
        self._counts.pop((asked.target, _identity(asked)), None)

    def forget_all(self, target: str) -> int:
        """Start every count of a path and query anew; return how many there were."""
        keys = [key for key in self._counts if key[0] == target]
        for key in keys:
            del self._counts[key]
        return len(keys)


def failures_asked(value: str) -> int:
    """Return the `n` of `/flaky/{n}`."""
    return _integer(value, "flaky", 0, 1000)


def _identity(asked: Asked) -> str:
    """A retry sends the same event; where the payload shows no event id, its bytes tell it."""
    if asked.request_key:
        return f"key:{asked.request_key}"
    try:
        value = loads(asked.body.decode("utf-8", "replace"))
    except JsonError:
        value = None
    if isinstance(value, dict) and isinstance(event_id := value.get("id"), str):
        return f"id:{event_id}"
    return hashlib.sha256(asked.body).hexdigest()
