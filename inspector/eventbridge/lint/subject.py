"""What the lint rules look at: a workspace, read once for all of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from inspector.eventbridge.event import Event, EventDefaults, EventError, read_event
from inspector.eventbridge.patterns import EventTooComplex, InvalidEventPattern, Pattern, parse_pattern
from inspector.eventbridge.resources import (
    Connection,
    Fault,
    HttpParameter,
    HttpParameters,
    Origin,
    Route,
    Rule,
    Workspace,
)
from inspector.jsontext import dumps

_DEFAULTS: Final = EventDefaults("00000000-0000-0000-0000-000000000000", datetime(2026, 1, 1, tzinfo=UTC))
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LONGEST_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample event of the workspace, complete, under the name to pick it by."""

    name: str
    event: Event


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A rule with its pattern parsed; None for a schedule and for a pattern that EventBridge refuses."""

    rule: Rule
    pattern: Pattern | None

    @property
    def place(self) -> str:
        """The rule's name, its bus before it where that is not the default one."""
        bus = self.rule.event_bus_name
        return self.rule.name if bus == "default" else f"{bus}/{self.rule.name}"

    def matches(self, sample: Sample) -> bool:
        """Tell whether the pattern matches, whatever the rule's state and bus."""
        try:
            return self.pattern is not None and self.pattern.matches(sample.event.document)
        except EventTooComplex:
            return False


@dataclass(frozen=True, slots=True)
class Subject:
    """A workspace with what several rules ask of it. volume: events per second for each rule, if known."""

    workspace: Workspace
    volume: float | None
    rules: tuple[ReadRule, ...]
    samples: tuple[Sample, ...]
    routes: tuple[Route, ...]

    @property
    def complete(self) -> bool:
        """Whether every definition loaded: only then is it certain that something is not used."""
        return not any(map(_keeps_from_loading, self.workspace.faults))

    def name_at(self, origin: Origin) -> str:
        """Return the name of the resource that holds a place, empty where none is known to."""
        named: list[tuple[Origin, str]] = [(c.origin, c.name) for c in self.workspace.connections]
        named += [(d.origin, d.name) for d in self.workspace.destinations]
        for read in self.rules:
            named.append((read.rule.origin, read.place))
            named += [(t.origin, f"{read.place}/{t.target_id}") for t in read.rule.targets]
        around = [(len(at.path), name) for at, name in named if _holds(at, origin)]
        return max(around, default=(0, ""))[1]

    def targeted(self) -> Iterator[tuple[Route, Rule]]:
        """Yield the routes that a rule takes, each with its rule."""
        for route in self.routes:
            if route.rule is not None:
                yield route, route.rule

    def matching_samples(self, rule: Rule) -> list[Sample]:
        """Return the samples that the rule's pattern matches."""
        read = next(each for each in self.rules if each.rule is rule)
        return [sample for sample in self.samples if read.matches(sample)]


def _keeps_from_loading(fault: Fault) -> bool:
    """A secret that is not at hand keeps at most its connection from loading, which uses nothing."""
    return fault.severity == "error" and not (
        fault.kind in ("pattern", "input")
        or (fault.kind == "reference" and "AuthParameters" in fault.origin.path)
    )


def _holds(outer: Origin, inner: Origin) -> bool:
    rest = inner.path.removeprefix(outer.path)
    return outer.file == inner.file and inner.path.startswith(outer.path) and rest[:1] in ("", ".", "[")


def read_subject(workspace: Workspace, volume: float | None) -> Subject:
    """Return a workspace as the rules look at it."""
    return Subject(
        workspace,
        volume,
        tuple(ReadRule(rule, _pattern(rule)) for rule in workspace.rules),
        tuple(_samples(workspace)),
        workspace.routes(),
    )


def _pattern(rule: Rule) -> Pattern | None:
    try:
        return None if rule.event_pattern is None else parse_pattern(rule.event_pattern)
    except InvalidEventPattern:
        return None


def _samples(workspace: Workspace) -> Iterator[Sample]:
    for sample in workspace.samples:
        try:
            yield Sample(sample.name, read_event(sample.document, _DEFAULTS))
        except EventError:
            continue


def below(origin: Origin, *steps: str | int) -> Origin:
    """Return the place of a member or item of what stands at `origin`."""
    path = origin.path
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += f".{step}" if _PLAIN_NAME.fullmatch(step) else f"[{dumps(short(step))}]"
    return Origin(origin.file, path)


def short(text: str) -> str:
    """Return `text`, cut where it is too long for a message."""
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def quoted(text: str) -> str:
    """Return a text from a definition as messages show it."""
    return dumps(short(text))


def sentence(hint: str) -> str:
    """Return a hint as a sentence of its own; an empty one stays empty."""
    return f"{hint[0].upper()}{hint[1:]}." if hint else ""


@dataclass(frozen=True, slots=True)
class TargetParameter:
    """One of the HTTP parameters of a target, or of a destination in the simplified form."""

    name: str
    value: str
    origin: Origin
    place: str


def target_parameters(subject: Subject, member: str) -> Iterator[TargetParameter]:
    """Yield the `HeaderParameters` or `QueryStringParameters` of every target and destination."""
    for owner, origin, place in _owners(subject):
        entries = owner.header_parameters if member == "HeaderParameters" else owner.query_string_parameters
        for name, value in entries.items():
            yield TargetParameter(name, value, below(origin, "HttpParameters", member, name), place)


def path_values(subject: Subject) -> Iterator[TargetParameter]:
    """Yield every entry of `PathParameterValues`, its number as its name."""
    for owner, origin, place in _owners(subject):
        for number, value in enumerate(owner.path_parameter_values):
            at = below(origin, "HttpParameters", "PathParameterValues", number)
            yield TargetParameter(f"path parameter {number + 1}", value, at, place)


def _owners(subject: Subject) -> Iterator[tuple[HttpParameters, Origin, str]]:
    for destination in subject.workspace.destinations:
        if destination.http_parameters is not None:
            yield destination.http_parameters, destination.origin, destination.name
    for read in subject.rules:
        for target in read.rule.targets:
            yield target.http_parameters, target.origin, f"{read.place}/{target.target_id}"


def connection_parameters(
    connection: Connection, member: str, parameters: Sequence[HttpParameter], *, of: str = "invocation"
) -> Iterator[tuple[HttpParameter, Origin]]:
    """Yield parameters of a connection, each with its place. of: `invocation`, or `oauth` for the token."""
    steps = ("OAuthParameters", "OAuthHttpParameters") if of == "oauth" else ("InvocationHttpParameters",)
    for number, parameter in enumerate(parameters):
        yield parameter, below(connection.origin, "AuthParameters", *steps, member, number)
