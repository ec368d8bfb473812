"""The words in which a scripted target is written: reading them, refusing others, explaining them.

`503 for 2h, then 200` · `429 retry-after 600 x3, then 200 in 80ms` · `fail 30% with 500`
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, NamedTuple

from inspector.delivery.scenario import Phase, Scenario
from inspector.delivery.scripted import ScriptedAnswer
from inspector.delivery.transport import REQUEST_TIMEOUT
from inspector.errors import InspectorError
from inspector.eventbridge.retry import TransportErrorKind
from inspector.safe import safe_line

_PIECE: Final = re.compile(r'"(?P<quoted>[^"]*)"|(?P<bare>[,;]|[^\s,;"]+)')
_DURATION: Final = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+")
_DURATION_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_LONGEST: Final = 366 * 86400.0
_MOST_ATTEMPTS: Final = 1000
_LONGEST_TEXT: Final = 2000
_SHOWN: Final = 40

DURATION: Final = "a duration such as 120ms, 30s, 10m, 2h, 1h30m or 1d"


class ScenarioError(InspectorError):
    """A scenario that cannot be read: `offset` is where (characters from 0), `expected` what is allowed."""

    def __init__(self, found: str, offset: int, expected: str) -> None:
        what = f'found "{safe_line(_short(found))}"' if found else "it ends"
        super().__init__(
            f"the scenario cannot be read at character {offset + 1}: {what}, expected {expected}",
            hint='As in "503 for 2h, then 200"; inspector simulate --help has the words',
        )
        self.offset, self.expected = offset, expected


class _Piece(NamedTuple):
    text: str
    offset: int
    quoted: bool = False


class _Refused(Exception):  # noqa: N818 - it is caught here and becomes a ScenarioError
    """A value that a word does not take; the text says what it takes."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the grammar: how it is written and what it means, for help and for messages."""

    usage: str
    help: str


@dataclass(frozen=True, slots=True)
class Failing:
    """A failure that a target can be told to show, by its word."""

    error: TransportErrorKind
    help: str


@dataclass(frozen=True, slots=True)
class Modifier:
    """A word that changes a phase: what it takes and what it makes of it."""

    word: Word
    takes: str
    apply: Callable[[Phase, _Piece], Phase]


FAILINGS: Final[Mapping[str, Failing]] = {
    "timeout": Failing("timeout", f"no answer within the {REQUEST_TIMEOUT:g} s that EventBridge waits"),
    "refused": Failing("refused", "the connection is refused"),
    "reset": Failing("reset", "the connection breaks before the answer"),
    "unreachable": Failing("unreachable", "the network cannot be reached"),
    "tls": Failing("tls", "the TLS handshake fails"),
    "dns": Failing("dns", "the host name does not resolve"),
    "garbage": Failing("protocol", "an answer that is no HTTP"),
}
_ANSWERS: Final = (
    Word("STATUS", "an answer with this status, 100 to 599"),
    *(Word(name, failing.help) for name, failing in FAILINGS.items()),
    Word("fail P%", "P % of the attempts fail with 503, by chance; the others get 200"),
    Word("fail P% with ANSWER", "the same with another status or failure"),
)


def _duration(piece: _Piece) -> timedelta:
    seconds = parse_duration(piece.text)
    if seconds is None:
        raise _Refused(DURATION)
    return timedelta(seconds=seconds)


def _lasting(phase: Phase, piece: _Piece) -> Phase:
    lasts = _duration(piece)
    if not lasts:
        raise _Refused("a duration longer than nothing")
    return replace(phase, lasts=lasts)


def _taking(phase: Phase, piece: _Piece) -> Phase:
    seconds = _duration(piece).total_seconds()
    otherwise = replace(phase.otherwise, seconds=seconds)
    if phase.answer.error != "timeout":
        return replace(phase, answer=replace(phase.answer, seconds=seconds), otherwise=otherwise)
    if phase.share is None:
        raise _Refused(f"no latency: a timeout takes {REQUEST_TIMEOUT:g} s")
    return replace(phase, otherwise=otherwise)


def _asking(phase: Phase, piece: _Piece) -> Phase:
    if phase.answer.error:
        raise _Refused("no header: there is no answer to carry it")
    return replace(phase, answer=replace(phase.answer, headers=(("Retry-After", piece.text),)))


_MODIFIERS: Final[Mapping[str, Modifier]] = {
    "for": Modifier(Word("for DURATION", "as long as this, whether anybody calls or not"),
                    DURATION, _lasting),
    "in": Modifier(Word("in DURATION", f"how long it takes; more than {REQUEST_TIMEOUT:g} s is a timeout"),
                   DURATION, _taking),
    "retry-after": Modifier(Word("retry-after VALUE", "the answer's Retry-After header, as it is sent"),
                            "seconds, or a header's value in quotes", _asking),
}  # fmt: skip
_TIMES: Final = Word("xN", f"for N attempts (up to {_MOST_ATTEMPTS}); without it or for: one")
_THEN: Final = Word(", then", "what comes after it; a comma or the word alone will do")


def parse_duration(text: str) -> float | None:
    """Return a duration such as `1h30m` in seconds, at most a year; None where the text is none."""
    if not _DURATION.fullmatch(text):
        return None
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in _DURATION_PART.findall(text))
    return seconds if seconds <= _LONGEST else None


def parse_scenario(text: str) -> Scenario:
    """Return the scenario that a text describes.

    Raises:
        ScenarioError: a word is not one of the grammar's, or the text says too little.
    """
    if len(text) > _LONGEST_TEXT:
        raise ScenarioError(text[_LONGEST_TEXT:], _LONGEST_TEXT, f"at most {_LONGEST_TEXT} characters")
    reader = _Reader(text)
    phases = [reader.phase()]
    while reader.next is not None:
        reader.separator()
        phases[-1] = _bounded(phases[-1])
        phases.append(reader.phase())
    if phases[-1].attempts is not None or phases[-1].lasts is not None:
        raise ScenarioError("", len(text), "what comes after it, as in: , then 200")
    return Scenario(text.strip(), tuple(phases))


def grammar_help() -> str:
    """Return the grammar's words with their meaning, a line each."""
    rows = [*_ANSWERS, *(modifier.word for modifier in _MODIFIERS.values()), _TIMES, _THEN]
    width = max(len(row.usage) for row in rows)
    return "\n".join(f"  {row.usage:{width}}  {row.help}" for row in rows)


def _bounded(phase: Phase) -> Phase:
    return replace(phase, attempts=1) if phase.attempts is None and phase.lasts is None else phase


def _plain_answer(piece: _Piece) -> ScriptedAnswer | None:
    if failing := FAILINGS.get(piece.text.lower()):
        seconds = REQUEST_TIMEOUT if failing.error == "timeout" else ScriptedAnswer().seconds
        return ScriptedAnswer(error=failing.error, seconds=seconds)
    return ScriptedAnswer(int(piece.text)) if re.fullmatch(r"[1-5]\d\d", piece.text) else None


class _Reader:
    """The pieces of a text, one after the other."""

    def __init__(self, text: str) -> None:
        self._pieces = _pieces(text)
        self._end = len(text.rstrip())
        self._at = 0

    @property
    def next(self) -> _Piece | None:
        """The piece that is to be read, None at the end."""
        return self._pieces[self._at] if self._at < len(self._pieces) else None

    def take(self, expected: str) -> _Piece:
        """Return the next piece and go on."""
        if self.next is None or (self.next.text in (",", ";") and not self.next.quoted):
            raise self._error(expected)
        self._at += 1
        return self._pieces[self._at - 1]

    def separator(self) -> None:
        """Go past what parts two phases."""
        start = self._at
        if self.next and self.next.text in (",", ";"):
            self._at += 1
        if self.next and self.next.text.lower() == "then":
            self._at += 1
        if self._at == start:
            raise self._error(f'{", ".join(_MODIFIERS)}, xN, or ", then"')

    def phase(self) -> Phase:
        """Read an answer and what follows it up to the next one."""
        phase = self._answer()
        seen: set[str] = set()
        while self.next and not self.next.quoted:
            word = self.next.text.lower()
            times = re.fullmatch(r"x(\d+)", word)
            if times is None and word not in _MODIFIERS:
                break
            bound = "bound" if times or word == "for" else word
            if bound in seen:
                what = "one of for and xN, once" if bound == "bound" else f"{word} once"
                raise self._error(what)
            seen.add(bound)
            phase = self._times(phase, times[1]) if times else self._modified(phase, _MODIFIERS[word])
        return phase

    def _answer(self) -> Phase:
        expected = f"a status (100 to 599), {', '.join(FAILINGS)} or fail P%"
        if self.next and not self.next.quoted and self.next.text.lower() == "fail":
            self._at += 1
            return self._share()
        return Phase(self._plain(expected))

    def _share(self) -> Phase:
        expected = "a share from 0% to 100%"
        piece = self.take(expected)
        found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)%", piece.text)
        if found is None or float(found[1]) > 100:
            raise ScenarioError(piece.text, piece.offset, expected)
        share = float(found[1]) / 100
        if self.next is None or self.next.text.lower() != "with":
            return Phase(ScriptedAnswer(503), share)
        self._at += 1
        return Phase(self._plain(f"a status (100 to 599) or one of {', '.join(FAILINGS)}"), share)

    def _plain(self, expected: str) -> ScriptedAnswer:
        piece = self.take(expected)
        answer = None if piece.quoted else _plain_answer(piece)
        if answer is None:
            raise ScenarioError(piece.text, piece.offset, expected)
        return answer

    def _times(self, phase: Phase, number: str) -> Phase:
        if not 1 <= int(number[:6]) <= _MOST_ATTEMPTS:
            raise self._error(f"from x1 to x{_MOST_ATTEMPTS}")
        self._at += 1
        return replace(phase, attempts=int(number))

    def _modified(self, phase: Phase, modifier: Modifier) -> Phase:
        self._at += 1
        value = self.take(modifier.takes)
        try:
            return modifier.apply(phase, value)
        except _Refused as refused:
            raise ScenarioError(value.text, value.offset, str(refused)) from None

    def _error(self, expected: str) -> ScenarioError:
        if self.next is None:
            return ScenarioError("", self._end, expected)
        return ScenarioError(self.next.text, self.next.offset, expected)


def _pieces(text: str) -> list[_Piece]:
    pieces, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _PIECE.match(text, at)
        if found is None:
            raise ScenarioError(text[at:], at, "a closing quote")
        quoted = found["quoted"]
        pieces.append(_Piece(found["bare"] if quoted is None else quoted, at, quoted is not None))
        at = found.end()
    return pieces


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
