"""Backtests: which past events would rules have caught?

Events come as lines of JSON, many at a time. What is no plain line of an event (entries of PutEvents,
several events on a line, no JSON at all) is looked at alone.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from inspector.config.event_lines import LONGEST_LINE
from inspector.eventbridge.event import (
    ENTRY_MEMBERS,
    EventDefaults,
    EventError,
    is_put_events_entry,
    read_event,
    read_events,
)
from inspector.eventbridge.patterns import EventTooComplex, InvalidEventPattern, Pattern, parse_pattern
from inspector.eventbridge.patterns.ruleset import RuleSet
from inspector.jsontext import JsonError, JsonObject, JsonValue, dumps, kind, loads

if TYPE_CHECKING:
    from inspector.eventbridge.resources import Rule
    from inspector.history import History

_FOREIGN: Final = ENTRY_MEMBERS | {"Entries"}
_STAND_INS: Final = EventDefaults("00000000-0000-0000-0000-000000000000", datetime(1970, 1, 1, tzinfo=UTC))
"""For what EventBridge fills in where an entry of PutEvents leaves it out."""

# What is tested


@dataclass(frozen=True, slots=True)
class Subject:
    """A rule or pattern to test, by the name that it is called.

    pattern: None where there is none to test. notes: why that is, and what in the rule the test does not
    look at. rule: None for a pattern alone.
    """

    name: str
    pattern: Pattern | None
    notes: tuple[str, ...] = ()
    rule: "Rule | None" = None


def subjects(rules: Iterable["Rule"]) -> list[Subject]:
    """Return the rules of a workspace as subjects, in their order.

    A name that several rules have is told apart by the bus.
    """
    rules = list(rules)
    times = Counter(rule.name for rule in rules)
    found: dict[str, Subject] = {}
    for rule in rules:
        name = rule.name if times[rule.name] == 1 else f"{rule.event_bus_name}/{rule.name}"
        found.setdefault(name, _subject(name, rule))
    return list(found.values())


def _subject(name: str, rule: "Rule") -> Subject:
    if rule.event_pattern is None:
        return Subject(name, None, (f"it runs on a schedule ({rule.schedule_expression})",), rule)
    try:
        pattern = parse_pattern(rule.event_pattern)
    except InvalidEventPattern as error:
        return Subject(name, None, (f"EventBridge refuses its pattern: {error.reason}",), rule)
    notes = []
    if rule.state == "DISABLED":
        notes.append("it is DISABLED; its pattern was tested all the same")
    if rule.event_bus_name != "default":
        notes.append(f"it listens on bus {rule.event_bus_name!r}; the events' bus was not looked at")
    return Subject(name, pattern, tuple(notes), rule)


# What is found


@dataclass(frozen=True, slots=True)
class Sample:
    """An event that was caught. place: where it was (`line 3`), empty for one of the history.

    document: as it was given, an event or an entry of PutEvents.
    """

    place: str
    document: JsonObject


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be tested: its place, and why."""

    place: str
    why: str


@dataclass(slots=True)
class Caught:
    """What one rule caught: how many events, and the first of them."""

    matches: int = 0
    samples: list[Sample] = field(default_factory=list)


class Backtest:
    """Patterns tried on many events. Feed it (`take`, `take_document`), then read what it has found.

    patterns: by name. samples: how many events to keep of each. problems: how many to keep. place: what a
    line of the source is called, empty where its number tells nothing. keep: is called with each event that
    a pattern caught, as one line of JSON with its end.

    events: how many were tested. matched: how many of them at least one pattern caught. unreadable: how many
    are no event. undecided: how many have arrays that leave a pattern too many combinations to try; its
    matches do not count them.
    """

    def __init__(
        self,
        patterns: Mapping[str, Pattern],
        *,
        samples: int = 5,
        problems: int = 5,
        place: str = "line",
        keep: Callable[[bytes], object] | None = None,
    ) -> None:
        self.events = self.matched = self.unreadable = self.undecided = 0
        self.problems: list[Problem] = []
        self.caught = {name: Caught() for name in patterns}
        self._patterns = patterns
        self._rules = RuleSet(patterns, foreign=_FOREIGN)
        self._samples, self._most_problems, self._place, self._keep = samples, problems, place, keep
        self._wanting = set(patterns) if samples else set()
        self._number = 0
        self._cut = False

    def take(self, lines: Sequence[bytes]) -> None:
        """Test the events of some lines of JSONL, each with its end.

        Of a line longer than `LONGEST_LINE` come pieces of that size; it is not tested.
        """
        if self._cut:
            self._one_by_one(lines)
            return
        try:
            found = list(self._rules.match_lines(lines))
        except EventTooComplex:
            self._one_by_one(lines)
            return
        if any(found):
            matches = [names for names in found if isinstance(names, tuple)]
            if len(matches) < len(found):
                self._one_by_one(lines)
                return
            self._tally(matches, lines)
        self.events += len(found)
        self._number += len(found)

    def take_document(self, document: JsonValue) -> None:
        """Test one event, or an entry of PutEvents."""
        self._number += 1
        self._document(document, f"event {self._number}")

    def _one_by_one(self, lines: Sequence[bytes]) -> None:
        for line in lines:
            whole = line.endswith(b"\n")
            if self._cut:
                self._cut = not whole
                continue
            self._number += 1
            if not whole and len(line) >= LONGEST_LINE:
                self._cut = True
                self._unreadable(self._at(0), f"a line of more than {LONGEST_LINE >> 20} MB")
            elif not line.isspace():
                self._line(line, self._at(0))

    def _line(self, line: bytes, place: str) -> None:
        try:
            names = self._rules.match_json(line)
        except (JsonError, EventTooComplex):
            self._strange_line(line, place)
            return
        self.events += 1
        if names:
            self._count(names, 1)
            self._show(names, line, place)

    def _strange_line(self, line: bytes, place: str) -> None:
        try:
            value = loads(line.rstrip(b"\r\n").decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            self._unreadable(place, f"byte {error.start + 1} is not UTF-8")
        except JsonError as error:
            self._unreadable(place, f"not valid JSON: {error.reason} (column {error.column})")
        else:
            for document in read_events(value):
                self._document(document, place)

    def _document(self, document: JsonValue, place: str) -> None:
        if not isinstance(document, dict):
            self._unreadable(place, f"an event is a JSON object; this is a JSON {kind(document)}")
            return
        event = document
        if is_put_events_entry(document):
            try:
                event = read_event(document, _STAND_INS).document
            except EventError as error:
                self._unreadable(place, str(error))
                return
        self.events += 1
        try:
            names = self._rules.match(event)
        except EventTooComplex as error:
            self.undecided += 1
            self._problem(place, str(error))
            names = self._decided(event)
        if names:
            self._count(names, 1)
            self._show(names, document, place)

    def _decided(self, event: JsonObject) -> tuple[str, ...]:
        names = []
        for name, pattern in self._patterns.items():
            try:
                if pattern.matches(event):
                    names.append(name)
            except EventTooComplex:
                continue
        return tuple(names)

    # Keeping the count

    def _tally(self, found: Sequence[tuple[str, ...]], lines: Sequence[bytes]) -> None:
        counts = Counter(found)
        del counts[()]
        for names, number in counts.items():
            self._count(names, number)
        if self._keep is None and all(map(self._wanting.isdisjoint, counts)):
            return
        for offset, (names, line) in enumerate(zip(found, lines, strict=True), start=1):
            if names:
                self._show(names, line, self._at(offset))

    def _count(self, names: tuple[str, ...], number: int) -> None:
        self.matched += number
        for name in names:
            self.caught[name].matches += number

    def _show(self, names: tuple[str, ...], event: JsonObject | bytes, place: str) -> None:
        """Keep an event where it is asked for. event: its document, or the line that it is."""
        if self._keep is not None:
            self._keep(event.rstrip(b"\r\n") + b"\n" if isinstance(event, bytes) else line_of(dumps(event)))
        wanting = self._wanting.intersection(names)
        if not wanting:
            return
        sample = Sample(place, event if isinstance(event, dict) else _read(event))
        for name in wanting:
            samples = self.caught[name].samples
            samples.append(sample)
            if len(samples) >= self._samples:
                self._wanting.discard(name)

    def _at(self, offset: int) -> str:
        return f"{self._place} {self._number + offset}" if self._place else ""

    def _unreadable(self, place: str, why: str) -> None:
        self.unreadable += 1
        self._problem(place, why)

    def _problem(self, place: str, why: str) -> None:
        if len(self.problems) < self._most_problems:
            self.problems.append(Problem(place, why))


def _read(line: bytes) -> JsonObject:
    """Return the event of a line that was tested: what the test skipped over may be broken."""
    try:
        document = loads(line.decode("utf-8", "replace"))
    except JsonError:
        return {}
    return document if isinstance(document, dict) else {}


# Where events come from


def line_of(document: str) -> bytes:
    """Return a compact JSON text as a line in UTF-8, lone surrogates escaped."""
    escaped = re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", document)
    return escaped.encode() + b"\n"


def past_lines(history: "History", query: str) -> Iterator[list[bytes]]:
    """Yield the events of the deliveries that `query` finds, a page of lines at a time, newest first.

    Raises:
        HistoryError: the history cannot be read, or the query not be understood.
    """
    page = history.events(query)
    while page:
        yield [line_of(document) for _, document in page]
        page = history.events(query, before=page[-1][0])
