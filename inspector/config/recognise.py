"""What a document is, told by its members, wherever it stands: alone, in an array, in a group."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from inspector.config.constraints import Shape
from inspector.config.report import Place, Report, closest, listed, quoted, shown
from inspector.config.shapes import CONNECTION, DESTINATION, RULE
from inspector.jsontext import JsonObject, JsonValue

Kind: TypeAlias = Literal["connection", "destination", "rule", "event", "answer"]


@dataclass(frozen=True, slots=True)
class Definition:
    """An object of a known kind. `answer`: what a call of AWS returned, with an ARN and no definition."""

    kind: Kind
    value: JsonObject
    place: Place


@dataclass(frozen=True, slots=True)
class TargetList:
    """Targets apart from their rule.

    owner: the object that may name it (`Rule`, `EventBusName`), or an empty one; a target may also name it
    itself. targets: each with its place.
    """

    owner: JsonObject
    targets: Sequence[tuple[JsonValue, Place]]
    place: Place


Found: TypeAlias = Definition | TargetList

_GROUPS: Final[Mapping[str, Kind | Literal["targets"]]] = {
    "Connections": "connection",
    "ApiDestinations": "destination",
    "Destinations": "destination",
    "Rules": "rule",
    "Targets": "targets",
    "Events": "event",
    "Entries": "event",
}
_BESIDE_GROUPS: Final = {"NextToken", "ResponseMetadata", "EndpointId"}
_ANSWERS: Final = ({"RuleArn"}, {"FailedEntryCount", "FailedEntries"}, {"FailedEntryCount", "Entries"})
_ENVELOPE: Final = {"source", "detail-type", "detail"}
_ENTRY: Final = {"Source", "DetailType", "Detail"}
_SHAPES: Final[Mapping[Kind, Shape]] = {"connection": CONNECTION, "destination": DESTINATION, "rule": RULE}


def recognise(value: JsonValue, place: Place, report: Report) -> Iterator[Found]:
    """Yield the definitions, target lists and events that a document holds; the rest becomes faults."""
    match value:
        case list() if value and all(map(_is_target, value)):
            yield TargetList({}, [(item, place.item(i)) for i, item in enumerate(value)], place)
        case list():
            if not value:
                report.warning(place, "an empty array", "definitions or events", kind="file")
            for index, item in enumerate(value):
                yield from _one(item, place.item(index), report, None)
        case _:
            yield from _one(value, place, report, None)


def _one(value: JsonValue, place: Place, report: Report, expected: Kind | None) -> Iterator[Found]:
    """Recognise one value; `expected` is what the group around it announces."""
    if not isinstance(value, dict):
        wanted = "an object that defines something, or an event"
        report.error(place, shown(value), wanted, kind="file")
        return
    kind = _kind(value)
    if kind is None and expected is None and not value.keys().isdisjoint(_GROUPS):
        yield from _group(value, place, report)
    elif kind == "targets":
        yield _target_list(value, place)
    elif kind == "target":
        yield TargetList({}, [(value, place)], place)
    elif kind == "pattern":
        wrapped = '{"Name": …, "EventPattern": …}'
        found = "an event pattern that stands by itself"
        report.error(place, found, f"a rule around it: {wrapped}", kind="file")
    elif known := kind or expected or _resembling(value):
        yield Definition(known, value, place)
    else:
        _unrecognised(value, place, report)


def _kind(value: JsonObject) -> Kind | Literal["target", "targets", "pattern"] | None:
    members = value.keys()
    if members & _ENVELOPE:
        return "pattern" if _is_pattern(value) else "event"
    if members & {"InvocationEndpoint", "ApiDestinationArn"}:
        return "destination" if members & {"InvocationEndpoint", "Name"} else "answer"
    if members & {"AuthorizationType", "AuthParameters"}:
        return "connection"
    if {"ConnectionArn", "ConnectionState"} <= members:
        return "connection" if "Name" in members else "answer"
    if members & {"EventPattern", "ScheduleExpression"}:
        return "rule"
    if "Rule" in members and isinstance(value.get("Targets"), list):
        return "targets"
    if _is_target(value):
        return "target"
    ruled = members & {"Targets", "State", "EventBusName"} or _is_rule_arn(value.get("Arn"))
    if "Name" in members and ruled:
        return "rule"
    if members & _ENTRY:
        return "event"
    return "answer" if any(answer <= members for answer in _ANSWERS) else None


def _is_target(value: JsonValue) -> bool:
    return isinstance(value, dict) and {"Id", "Arn"} <= value.keys()


def _is_rule_arn(arn: JsonValue) -> bool:
    return isinstance(arn, str) and ":rule/" in arn


def _is_pattern(value: JsonObject) -> bool:
    """In a pattern every leaf is an array; in an event `source` and `detail-type` are strings."""
    strings = [value[name] for name in ("source", "detail-type", "account", "time") if name in value]
    if strings:
        return all(isinstance(leaf, list) for leaf in strings)
    waiting: list[JsonValue] = [value.get("detail")]
    leaves = 0
    while waiting:
        match waiting.pop():
            case dict() as inner:
                waiting.extend(inner.values())
            case list():
                leaves += 1
            case _:
                return False
    return leaves > 0


def _target_list(value: JsonObject, place: Place) -> TargetList:
    targets = value["Targets"]
    at = place.member("Targets")
    items = targets if isinstance(targets, list) else []
    return TargetList(value, [(item, at.item(index)) for index, item in enumerate(items)], place)


def _group(value: JsonObject, place: Place, report: Report) -> Iterator[Found]:
    for name, member in value.items():
        at = place.member(name)
        group = _GROUPS.get(name)
        if group is None:
            if name not in _BESIDE_GROUPS and not name.startswith(("_", "$")):
                near = closest(name, list(_GROUPS))
                meant = f'did you mean "{near}"?' if near else f"a group: {listed(_GROUPS)}"
                report.warning(at, f"unknown member {quoted(name)}", meant, kind="member")
        elif group == "targets":
            yield from _target_group(member, at, report)
        elif isinstance(member, list):
            for index, item in enumerate(member):
                yield from _one(item, at.item(index), report, group)
        else:
            yield from _one(member, at, report, group)


def _target_group(value: JsonValue, place: Place, report: Report) -> Iterator[Found]:
    """`Targets` beside other groups: targets, PutTargets requests, or rule names with their targets."""
    if isinstance(value, dict) and value and all(isinstance(member, list) for member in value.values()):
        if "Targets" in value:
            yield from _one(value, place, report, None)
            return
        for rule, member in value.items():
            at = place.member(rule)
            items = member if isinstance(member, list) else []
            yield TargetList({"Rule": rule}, [(item, at.item(i)) for i, item in enumerate(items)], at)
        return
    items = value if isinstance(value, list) else [value]
    places = [place.item(i) for i in range(len(items))] if isinstance(value, list) else [place]
    alone: list[tuple[JsonValue, Place]] = []
    for item, at in zip(items, places, strict=True):
        if isinstance(item, dict) and ("Rule" in item or "Targets" in item):
            yield from _one(item, at, report, None)
        else:
            alone.append((item, at))
    if alone:
        yield TargetList({}, alone, place)


def _resembling(value: JsonObject) -> Kind | None:
    """Return the kind that an object with misspelled members was probably meant to be."""
    spelled = {name.lower() for name in value}
    scores = {
        kind: sum(any(_near(member.lower(), name) for name in spelled) for member in shape.members)
        for kind, shape in _SHAPES.items()
    }
    best, second = sorted(scores.values(), reverse=True)[:2]
    if best < 2 or best == second or 2 * best < len(value):
        return None
    return max(scores, key=lambda kind: scores[kind])


def _near(member: str, name: str) -> bool:
    return member == name or bool(closest(name, [member]))


def _unrecognised(value: JsonObject, place: Place, report: Report) -> None:
    if not value:
        report.error(place, "an object without members", "a definition or an event", kind="file")
        return
    near = next((meant for name in value if (meant := closest(name, list(_GROUPS)))), "")
    hint = f' (did you mean "{near}"?)' if near else ""
    report.error(
        place,
        f"an object with the members {listed(value)}{hint}",
        "a connection (AuthorizationType, AuthParameters), an API destination (InvocationEndpoint), "
        "a rule (EventPattern), its targets (Rule, Targets), an event (source, detail-type, detail), "
        f"or a group of them ({listed(list(_GROUPS))})",
        kind="file",
    )
