"""What a target's `Input`, `InputPath` or `InputTransformer` makes of an event (transform, section 0)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from inspector.eventbridge.admission import check_target_input
from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.diagnosis import diagnose
from inspector.eventbridge.jsonpath import MISSING, Selected, parse_path
from inspector.eventbridge.payload import Payload, PayloadMode, Placeholder, RenderContext
from inspector.eventbridge.resources import InputTransformer, TargetInput
from inspector.eventbridge.template import (
    EVENT,
    EVENT_JSON,
    INGESTION_TIME,
    JSON_SPACE,
    PREDEFINED,
    RULE_ARN,
    RULE_NAME,
    is_object_template,
    json_fault,
    placeholders_of,
)
from inspector.jsontext import JsonError, JsonObject, JsonValue, dumps, kind

__all__ = ["check_target_input", "plain_text", "render_payload", "summary_of", "well_formed"]

NO_MATCH: Final = Assumption(
    "wildcard-without-match",
    "What a `[*]` that matches nothing selects is not established; the inspector treats it as missing.",
)
BLANK_RESULT: Final = Assumption(
    "blank-result",
    "Only an empty result is known not to be delivered; the inspector treats white space alone alike.",
)
LEADING_SPACE: Final = Assumption(
    "space-before-brace",
    "How a template with white space before its `{` is rendered is not established; the inspector takes "
    "it for one that does not start with `{`.",
)

_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def render_payload(
    target_input: TargetInput, document: JsonObject, context: RenderContext, *, target_id: str = "target"
) -> Payload:
    """Return the payload of an event for a target with this input option.

    document: the event, its members in EventBridge's order. target_id: for AWS's wording of a refusal.

    Raises:
        AdmissionError: PutTargets would refuse the option (the first of `check_target_input`).
    """
    for error in check_target_input(target_id, target_input):
        raise error
    mode = _mode(target_input)
    try:
        if target_input.input is not None:
            return _constant(target_input.input)
        if target_input.input_path is not None:
            return _selected(target_input.input_path, document)
        if target_input.input_transformer is not None:
            return _transformed(target_input.input_transformer, document, context)
        return Payload("deliver", well_formed(dumps(document)), "event")
    except JsonError as error:
        return Payload("invalid-json", "", mode, reason=f"the event cannot be written: {error.reason}")


def plain_text(value: Selected) -> str:
    """Return a value as templates that do not start with `{` and dynamic HTTP parameters write it.

    A string is itself, a number, boolean or null its JSON text, an object or array compact JSON with
    every quotation mark taken out, and what is missing nothing (transform, sections 0 and 6).

    Raises:
        JsonError: the value nests too deeply.
    """
    if value is MISSING:
        return ""
    if isinstance(value, str):
        return value
    text = dumps(value)
    return text.replace('"', "") if isinstance(value, dict | list) else text


def well_formed(text: str) -> str:
    """Return `text` with each lone surrogate as `?`: UTF-8 has no form for it, and Java sends that."""
    return _LONE_SURROGATE.sub("?", text)


def summary_of(document: Mapping[str, JsonValue]) -> JsonObject:
    """Return `<aws.events.event>`: the event without `detail`, `time` in epoch milliseconds."""
    names = {
        "id": "id",
        "account": "account",
        "detailType": "detail-type",
        "time": "time",
        "source": "source",
        "region": "region",
        "resources": "resources",
        "version": "version",
    }
    summary = {theirs: document[ours] for theirs, ours in names.items() if ours in document}
    if isinstance(time := summary.get("time"), str):
        summary["time"] = _epoch_milliseconds(time)
    return summary


def _mode(option: TargetInput) -> PayloadMode:
    if option.input is not None:
        return "Input"
    if option.input_path is not None:
        return "InputPath"
    return "event" if option.input_transformer is None else "InputTransformer"


def _constant(text: str) -> Payload:
    if not text:
        return Payload("nothing", "", "Input", reason="Input is empty: nothing is delivered")
    return Payload("deliver", well_formed(text), "Input")


def _selected(text: str, document: JsonObject) -> Payload:
    path = parse_path(text) if text else None
    value = path.select(document) if path else MISSING
    assumptions = (NO_MATCH,) if path and path.has_wildcard and value is MISSING else ()
    body = "{}" if value is MISSING or value is None else dumps(value)
    return Payload("deliver", well_formed(body), "InputPath", assumptions=assumptions)


def _transformed(transformer: InputTransformer, document: JsonObject, context: RenderContext) -> Payload:
    template, paths = transformer.input_template, transformer.input_paths_map
    values = _values(template, paths, document, context)
    assumptions = [
        NO_MATCH
        for name, value in values.items()
        if value is MISSING and name in paths and parse_path(paths[name]).has_wildcard
    ][:1]
    unpadded = template.lstrip(JSON_SPACE)
    if unpadded != template and is_object_template(unpadded):
        assumptions.append(LEADING_SPACE)
    body, placeholders = _fill(template, paths, values)
    if not body.strip(JSON_SPACE):
        reason = "the result is empty: nothing is delivered, and nothing dead-lettered"
        if body:
            assumptions.append(BLANK_RESULT)
        return Payload("nothing", body, "InputTransformer", reason, None, placeholders, tuple(assumptions))
    fault = json_fault(body)
    if fault is None:
        return Payload("deliver", body, "InputTransformer", "", None, placeholders, tuple(assumptions))
    diagnosis = diagnose(template, placeholders, fault)
    fix = next(
        (
            fix
            for fix in diagnosis.fixes
            if _delivers(InputTransformer(fix.template, paths), document, context)
        ),
        None,
    )
    return Payload(
        "invalid-json",
        body,
        "InputTransformer",
        diagnosis.reason,
        diagnosis.fault_at,
        placeholders,
        tuple(assumptions),
        fix,
    )


def _delivers(transformer: InputTransformer, document: JsonObject, context: RenderContext) -> bool:
    if check_target_input("target", TargetInput(input_transformer=transformer)):
        return False
    template, paths = transformer.input_template, transformer.input_paths_map
    body, _ = _fill(template, paths, _values(template, paths, document, context))
    return bool(body.strip(JSON_SPACE)) and json_fault(body) is None


def _values(
    template: str, paths: Mapping[str, str], document: JsonObject, context: RenderContext
) -> dict[str, Selected]:
    """Return what each name in the template stands for; names that stand for nothing are left out."""
    values: dict[str, Selected] = {}
    for name in dict.fromkeys(found.name for found in placeholders_of(template)):
        if name in paths:
            values[name] = parse_path(paths[name]).select(document)
        elif name in PREDEFINED:
            values[name] = _predefined(name, document, context)
    return values


def _predefined(name: str, document: JsonObject, context: RenderContext) -> JsonValue:
    if name == EVENT:
        return summary_of(document)
    if name == EVENT_JSON:
        return document
    return {RULE_NAME: context.rule_name, RULE_ARN: context.rule_arn, INGESTION_TIME: context.ingestion_time}[
        name
    ]


def _fill(
    template: str, paths: Mapping[str, str], values: Mapping[str, Selected]
) -> tuple[str, tuple[Placeholder, ...]]:
    as_object = is_object_template(template)
    parts: list[str] = []
    placeholders: list[Placeholder] = []
    at = length = 0
    for found in placeholders_of(template):
        if found.name not in values:
            text, value_kind, path = template[found.start : found.end], "unknown", ""
        else:
            value = values[found.name]
            text = well_formed(_in_object(value, found.in_quotes) if as_object else plain_text(value))
            value_kind = "missing" if value is MISSING else kind(value)
            path = paths.get(found.name, found.name)
        before = well_formed(template[at : found.start])
        parts += [before, text]
        start = length + len(before)
        length = start + len(text)
        at = found.end
        placeholders.append(
            Placeholder(
                found.name,
                path,
                found.start,
                found.end,
                start,
                length,
                found.in_quotes,
                value_kind,
                text,
            )
        )
    parts.append(well_formed(template[at:]))
    return "".join(parts), tuple(placeholders)


def _in_object(value: Selected, in_quotes: bool) -> str:
    if value is MISSING:
        return "" if in_quotes else '""'
    text = dumps(value)
    return text[1:-1] if in_quotes and isinstance(value, str) else text


def _epoch_milliseconds(time: str) -> JsonValue:
    """Return an ISO 8601 time in epoch milliseconds; what is no such time stays as it is."""
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return time
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)
