"""Members set in and taken out of a definition's JSON."""

from collections.abc import Sequence
from typing import Final

from inspector.config.editing.edits import Edit, EditError, EditValue
from inspector.config.shapes import DESTINATION, RULE, TARGET
from inspector.eventbridge.resources import RetryPolicy
from inspector.jsontext import JsonError, JsonObject, JsonValue, dumps, loads

_ORDERS: Final = {
    "rule": tuple(RULE.members),
    "target": tuple(TARGET.members),
    "destination": tuple(DESTINATION.members),
}
_DEFAULTS: Final = {
    "MaximumRetryAttempts": RetryPolicy().maximum_retry_attempts,
    "MaximumEventAgeInSeconds": RetryPolicy().maximum_event_age_in_seconds,
}


def with_edits(definition: JsonObject, edits: Sequence[Edit]) -> JsonObject:
    """Return a definition as its file should have it after `edits`.

    A pattern keeps its form, a string of JSON or an object. A member that AWS orders before others goes
    before them.

    Raises:
        EditError: a pattern that stands as an object would have to become something else.
    """
    result = definition
    for edit in edits:
        value = edit.json
        old = at(result, edit.steps)
        if edit.member == "EventPattern" and isinstance(value, str):
            value = normal_pattern(value, old) if isinstance(old, str) else _as_object(value, edit)
        if edit.member == "RetryPolicy" and isinstance(value, dict) and isinstance(old, dict):
            value = {k: v for k, v in value.items() if k in old or v != _DEFAULTS[k]}
        result = put(result, edit.steps, value, _ORDERS[edit.owner.kind])
    return result


def put(value: JsonObject, steps: Sequence[str], member: JsonValue, order: Sequence[str] = ()) -> JsonObject:
    """Return `value` with the member at `steps` set, or taken away for None.

    An object that is left with nothing goes too, and so does an `InputTransformer` without its template.
    """
    name, *rest = steps
    if rest:
        inner = value.get(name)
        own = put(inner if isinstance(inner, dict) else {}, rest, member)
        bare = all(part in (None, {}, []) for part in own.values())
        member = None if bare or (name == "InputTransformer" and own.get("InputTemplate") is None) else own
        if member is None and rest == ["InputPathsMap"] and own:
            member = own
    if member is None:
        # A null says no more than nothing: it may stay as it stands.
        return {k: v for k, v in value.items() if k != name or v is None}
    if name in value:
        return {k: (member if k == name else v) for k, v in value.items()}
    after = [known for known in order[: order.index(name)] if known in value] if name in order else []
    if not after:
        return {**value, name: member}
    keys = list(value)
    place = max(keys.index(known) for known in after) + 1
    return {
        **{k: value[k] for k in keys[:place]},
        name: member,
        **{k: value[k] for k in keys[place:]},
    }


def at(value: JsonValue, steps: Sequence[str]) -> JsonValue:
    """Return the member at `steps`, None where there is none."""
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def normal_pattern(text: str, before: str | None) -> str:
    """Return a pattern's text as it will be read back from its file.

    One that was compact so far (as every pattern is that stands in its file as an object) becomes compact;
    another is kept as typed, and so is one that is no JSON.
    """
    if before is not None and before != _compact(before):
        return text
    return _compact(text) or text


def same_value(edit: Edit, value: EditValue) -> bool:
    """Tell whether an edit would leave a member as it is, the order of a map included."""
    before = Edit(edit.owner, edit.member, value).json
    wanted = edit.json
    if edit.member == "EventPattern" and isinstance(wanted, str) and isinstance(before, str):
        wanted = normal_pattern(wanted, before)
    return dumps(wanted) == dumps(before)


def _compact(text: str) -> str | None:
    try:
        return dumps(loads(text))
    except JsonError:
        return None


def _as_object(text: str, edit: Edit) -> JsonValue:
    try:
        value = loads(text)
    except JsonError as error:
        raise EditError(f"the event pattern of {edit.owner} is {error}") from None
    if not isinstance(value, dict):
        raise EditError(f"the event pattern of {edit.owner} is no JSON object")
    return value
