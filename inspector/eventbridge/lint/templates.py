"""Rules about input transformers: what gives no JSON, what is not as it reads (transform, section 0)."""

from collections.abc import Iterator
from typing import Final, Literal

from inspector.eventbridge.admission import check_target_input
from inspector.eventbridge.lint.paths import ValueKind, kind_at
from inspector.eventbridge.lint.rule import Hit, LintRule
from inspector.eventbridge.lint.subject import ReadRule, Sample, Subject, below, quoted, sentence
from inspector.eventbridge.patterns.operators import Literal as PlainLiteral
from inspector.eventbridge.patterns.operators import NumberIs, Numeric, Operator, Text
from inspector.eventbridge.payload import Payload, RenderContext
from inspector.eventbridge.resources import InputTransformer, Origin, Rule, TargetInput
from inspector.eventbridge.template import (
    EVENT,
    EVENT_JSON,
    PREDEFINED,
    TemplatePlaceholder,
    is_object_template,
    placeholders_of,
)
from inspector.eventbridge.transform import render_payload

_INGESTED: Final = "2026-01-01T00:00:00.000Z"
_BREAKING: Final = frozenset('"\\\n\r\t')


def _kind_of(found: TemplatePlaceholder, transformer: InputTransformer) -> ValueKind | Literal["literal"]:
    if (path := transformer.input_paths_map.get(found.name)) is not None:
        return kind_at(path)
    if found.name not in PREDEFINED:
        return "literal"
    return "object" if found.name in (EVENT, EVENT_JSON) else "string"


def transformers(subject: Subject) -> Iterator[tuple[InputTransformer, ReadRule, Origin, str]]:
    """Yield the transformers that EventBridge accepts: the rule, the place, the name of the target."""
    for read in subject.rules:
        for target in read.rule.targets:
            transformer = target.input.input_transformer
            if transformer and not check_target_input(target.target_id, target.input):
                place = f"{read.place}/{target.target_id}"
                yield transformer, read, below(target.origin, "InputTransformer"), place


def _flaw(found: TemplatePlaceholder, transformer: InputTransformer) -> tuple[str, str] | None:
    """Return why a placeholder breaks the JSON in every event, and the fix; None where it need not."""
    kind, name = _kind_of(found, transformer), f"`<{found.name}>`"
    as_object = is_object_template(transformer.input_template)
    if kind == "literal" and not found.in_quotes:
        why = f"{name} stands for nothing and stays in the text, which is then no JSON"
        return why, f"Add {quoted(found.name)} to InputPathsMap."
    if kind == "object" and as_object and found.in_quotes:
        return f"{name} is an object inside quotes, in every event", "Remove the quotes around it."
    if kind == "object" and not as_object and not found.in_quotes:
        why = f"{name} is an object, which keeps its quotation marks only where the template starts with `{{`"
        return why, f'Put it into an object: {{"value": <{found.name}>}}.'
    if kind == "string" and not as_object and not found.in_quotes:
        why = f"{name} is a string outside quotes, and only a template that starts with `{{` adds them"
        return why, "Put quotes around it."
    return None


def _broken_template(subject: Subject) -> Iterator[Hit]:
    for transformer, _, origin, place in transformers(subject):
        for found in placeholders_of(transformer.input_template):
            if flaw := _flaw(found, transformer):
                yield Hit(below(origin, "InputTemplate"), place, *flaw)


def _broken_for_sample(subject: Subject) -> Iterator[Hit]:
    """The first matching sample that each template fails for, unless it fails for every event."""
    for transformer, read, origin, place in transformers(subject):
        template = transformer.input_template
        if any(_flaw(found, transformer) for found in placeholders_of(template)):
            continue
        for sample in subject.matching_samples(read.rule):
            payload = _rendered(transformer, read.rule, sample)
            if payload.verdict != "deliver":
                message = f"for the sample {quoted(sample.name)}: {payload.reason}"
                fix = sentence(payload.fix.text if payload.fix else "")
                yield Hit(below(origin, "InputTemplate"), place, message, fix)
                break


def _rendered(transformer: InputTransformer, rule: Rule, sample: Sample) -> Payload:
    option = TargetInput(input_transformer=transformer)
    return render_payload(option, sample.event.document, RenderContext(rule.name, rule.arn, _INGESTED))


def _list_in_quotes(subject: Subject) -> Iterator[Hit]:
    for transformer, _, origin, place in transformers(subject):
        as_object = is_object_template(transformer.input_template)
        where, fix = (
            ("inside quotes", "Remove the quotes around it.")
            if as_object
            else ("outside quotes where the template does not start with `{`", "Put quotes around it.")
        )
        for found in placeholders_of(transformer.input_template):
            if _kind_of(found, transformer) == "list" and found.in_quotes == as_object:
                message = f"`<{found.name}>` is a list {where}: with strings in it, the result is no JSON"
                yield Hit(below(origin, "InputTemplate"), place, message, fix)


def _not_escaped(subject: Subject) -> Iterator[Hit]:
    for transformer, read, origin, place in transformers(subject):
        if is_object_template(transformer.input_template):
            continue
        harmless = set(_harmless_paths(read))
        names = dict.fromkeys(
            f"`<{found.name}>`"
            for found in placeholders_of(transformer.input_template)
            if found.in_quotes
            and _kind_of(found, transformer) == "unknown"
            and transformer.input_paths_map[found.name] not in harmless
        )
        if names:
            message = f"a quotation mark, backslash or line break in {', '.join(names)} breaks the JSON"
            yield Hit(below(origin, "InputTemplate"), place, message)


def _harmless_paths(read: ReadRule) -> Iterator[str]:
    """Yield the paths at which the rule's pattern lets through nothing that needs an escape."""
    rules = read.pattern.rules if read.pattern else ()
    for leaf in {each.offset: each for rule in rules for each in rule}.values():
        everywhere = all(any(each is leaf for each in rule) for rule in rules)
        if everywhere and all(_is_harmless(each.operator) for each in leaf.alternatives):
            yield f"$.{leaf.path}"


def _is_harmless(operator: Operator) -> bool:
    match operator:
        case Numeric() | NumberIs() | PlainLiteral():
            return True
        case Text(value):
            return _BREAKING.isdisjoint(value)
        case _:
            return False


def _unknown_placeholder(subject: Subject) -> Iterator[Hit]:
    for transformer, _, origin, place in transformers(subject):
        for found in placeholders_of(transformer.input_template):
            if found.in_quotes and _kind_of(found, transformer) == "literal":
                message = f"`<{found.name}>` stands for nothing and is sent as it is written"
                yield Hit(below(origin, "InputTemplate"), place, message)


def _unused_path(subject: Subject) -> Iterator[Hit]:
    for transformer, _, origin, place in transformers(subject):
        used = {found.name for found in placeholders_of(transformer.input_template)}
        for name in transformer.input_paths_map:
            if name not in used:
                yield Hit(
                    below(origin, "InputPathsMap", name), place, f"{quoted(name)} is not in the template"
                )


TEMPLATE_RULES: Final = (
    LintRule(
        "EBI302", "error",
        "A template that never gives JSON",
        "A result that is no JSON is not sent: no attempt, no retry, straight to the dead-letter queue as "
        "INVALID_JSON, or lost without one.",
        "Remove the quotes around objects; in a template that does not start with `{`, put them around "
        "strings.",
        "transform, section 0", _broken_template,
    ),
    LintRule(
        "EBI303", "error",
        "A template that fails for a sample event",
        "The rule matches the event and the payload is no JSON, or empty: the event would be dead-lettered "
        "as INVALID_JSON or not delivered at all.",
        "Preview the event to see the place at which it breaks.",
        "transform, section 0", _broken_for_sample,
    ),
    LintRule(
        "EBI304", "warning",
        "A list where it can break the JSON",
        "In an object template a list inside quotes keeps its own quotation marks; in any other it loses "
        "them. It passes for numbers and for an empty list, and fails for the first string.",
        "Give the list a member of its own in a template that starts with `{`, without quotes.",
        "transform, section 0", _list_in_quotes,
    ),
    LintRule(
        "EBI305", "info",
        "Values that are not escaped",
        "Only a template that starts with `{` escapes what it inserts. In any other a quotation mark, "
        "backslash or line break in the value makes the result invalid, and that event is not delivered.",
        'Put the text into an object, such as {"text": "…"}, if the value is free text.',
        "transform, section 0", _not_escaped,
    ),
    LintRule(
        "EBI306", "warning",
        "An unknown placeholder",
        "Without an InputPathsMap EventBridge accepts any `<name>` and leaves it in the text.",
        "Add the name to InputPathsMap, or use a predefined one such as `<aws.events.rule-name>`.",
        "transform, section 0", _unknown_placeholder,
    ),
    LintRule(
        "EBI307", "info",
        "A path that the template does not use",
        "The value is looked up and thrown away.",
        "Remove it from InputPathsMap, or use it.",
        "transform, section 4", _unused_path,
    ),
)  # fmt: skip
