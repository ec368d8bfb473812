"""Rules that hold patterns against the workspace's sample events (patterns, sections 4 and 5)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from inspector.eventbridge.lint.rule import Hit, LintRule
from inspector.eventbridge.lint.subject import Sample, Subject, below, quoted
from inspector.eventbridge.patterns import EventTooComplex, Pattern
from inspector.eventbridge.patterns.matcher import matcher_of
from inspector.eventbridge.patterns.operators import Field
from inspector.eventbridge.patterns.scalars import Scalar, field_test
from inspector.jsontext import JsonError, JsonValue, loads, scalar_text


def _other_type(subject: Subject) -> Iterator[Hit]:
    for read in subject.rules:
        pattern, origin = read.pattern, below(read.rule.origin, "EventPattern")
        if pattern is None or any(read.matches(sample) for sample in subject.samples):
            continue
        told: set[str] = set()
        for sample in subject.samples:
            for leaf, value in _nearly(pattern, sample):
                if leaf.path not in told:
                    told.add(leaf.path)
                    wanted = ", ".join(each.written for each in leaf.alternatives[:3])
                    found = f"`{leaf.path}` is {_shown(value)} in the sample {quoted(sample.name)}"
                    message = f"{found}, which fits but for that: the pattern asks for {wanted}"
                    yield Hit(origin, read.place, message)


def _nearly(pattern: Pattern, sample: Sample) -> Iterator[tuple[Field, Scalar]]:
    """Yield the fields for which a sample has the right value in the wrong type, all others being right."""
    document = sample.event.document
    for rule in pattern.rules:
        for leaf in rule:
            test, others = field_test(leaf), [each for each in rule if each is not leaf]
            values = list(_values_at(document, leaf.path.split(".")))
            wrong = next((v for v in values if (twin := _twin(v)) is not None and test(twin)), None)
            if wrong is None or any(map(test, values)):
                continue
            try:
                if not others or matcher_of([others])(document):
                    yield leaf, wrong
            except EventTooComplex:
                continue


def _values_at(value: JsonValue, steps: Sequence[str]) -> Iterator[Scalar]:
    if isinstance(value, list):
        for item in value:
            yield from _values_at(item, steps)
    elif isinstance(value, Mapping):
        if steps and steps[0] in value:
            yield from _values_at(value[steps[0]], steps[1:])
    elif not steps:
        yield value


def _twin(value: Scalar) -> Scalar:
    """Return the same value in the type that it is often taken for: `"149.00"` and 149.00; None for none."""
    if isinstance(value, str):
        try:
            read = loads(value)
        except JsonError:
            return None
        return read if isinstance(read, bool | int | float) else None
    return None if value is None else scalar_text(value)


def _shown(value: Scalar) -> str:
    return f"the string {quoted(value)}" if isinstance(value, str) else scalar_text(value)


def _another_bus(subject: Subject) -> Iterator[Hit]:
    for read in subject.rules:
        bus = read.rule.event_bus_name
        samples = [sample for sample in subject.samples if read.matches(sample)]
        if samples and all(sample.event.bus != bus for sample in samples):
            other = samples[0]
            message = (
                f"it listens on {quoted(bus)}; the sample {quoted(other.name)}, which it matches, is on "
                f"{quoted(other.event.bus)}"
            )
            yield Hit(below(read.rule.origin, "EventBusName"), read.place, message)


SAMPLE_RULES: Final = (
    LintRule(
        "EBI512", "warning",
        "A value of another type in the samples",
        'A pattern compares types too: 149 is not "149", and `numeric` never looks into a string. The rule '
        "matches no sample, and would match one but for this.",
        "Ask for the type that the events have.",
        "patterns, sections 4 and 5", _other_type,
    ),
    LintRule(
        "EBI513", "info",
        "A rule on another bus than its events",
        "A rule sees the events of its own bus only. The samples that it matches are put on another one.",
        "Create the rule on the bus of the events, or put `EventBusName` into the sample.",
        "resources, section 2", _another_bus,
    ),
)  # fmt: skip
