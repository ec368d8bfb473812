"""Edits laid over a workspace: the definitions as they would load, and nothing on disk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from inspector.config.check import Checker
from inspector.config.constraints import Shape
from inspector.config.destinations import build_http_parameters, build_retry_policy
from inspector.config.editing.definition import normal_pattern, put
from inspector.config.editing.edits import MEMBERS, Edit, EditError, Owner, ordered
from inspector.config.recognise import Definition
from inspector.config.report import Place, Report
from inspector.config.rules import build_rule, build_target
from inspector.config.shapes import DESTINATION
from inspector.eventbridge.resources import (
    ApiDestination,
    Fault,
    HttpParameters,
    Origin,
    RetryPolicy,
    Rule,
    Target,
    Workspace,
)
from inspector.jsontext import JsonObject

_OF_DESTINATION: Final = Shape(
    DESTINATION.noun, {name: DESTINATION.members[name] for name in ("RetryPolicy", "HttpParameters")}
)


@dataclass(frozen=True, slots=True)
class Applied:
    """A workspace with edits laid over it.

    refused: the edits that are not in it, because their definition would not load with them. faults: all
    that is wrong with what was edited, refused or not; those of edits that are in are the workspace's too.
    """

    workspace: Workspace
    faults: tuple[Fault, ...] = ()
    refused: tuple[Edit, ...] = ()

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that keep the edits from being written."""
        return tuple(fault for fault in self.faults if fault.severity == "error")


def apply(workspace: Workspace, edits: Iterable[Edit]) -> Applied:
    """Return `workspace` with `edits` laid over it, checked as loading checks definitions.

    Of several edits of one member the last counts. An edit whose owner is gone is refused with a fault.
    """
    by_owner: dict[Owner, list[Edit]] = {}
    for edit in ordered(tuple(edits)):
        by_owner.setdefault(edit.owner, []).append(edit)
    result = Applied(workspace)
    for owner, own in by_owner.items():
        result = _apply_to(owner, own, result)
    return result


def _apply_to(owner: Owner, edits: Sequence[Edit], before: Applied) -> Applied:
    workspace = before.workspace
    try:
        found = owner.find(workspace)
    except EditError as error:
        gone = Fault(Origin(), str(error), error.hint, kind="link")
        return replace(before, faults=(*before.faults, gone), refused=(*before.refused, *edits))
    kept: list[Edit] = []
    refused: list[Edit] = []
    faults: list[Fault] = []
    for edit in edits:
        if _built(found, [*kept, edit], report := Report()) is None:
            refused.append(edit)
            faults += [fault for fault in report.faults if fault.severity == "error"]
        else:
            kept.append(edit)
    new = _built(found, kept, report := Report())
    if new is None or not kept:
        return replace(before, faults=(*before.faults, *faults), refused=(*before.refused, *refused))
    places = _places(found.origin, kept)
    mine = [fault for fault in report.faults if _concerns(fault, places)]
    others = [fault for fault in workspace.faults if not _concerns(fault, places)]
    workspace = replace(_with(workspace, owner, new), faults=(*others, *mine))
    return Applied(workspace, (*before.faults, *faults, *mine), (*before.refused, *refused))


def _built(
    found: Rule | Target | ApiDestination, edits: Sequence[Edit], report: Report
) -> Rule | Target | ApiDestination | None:
    """Return a definition with edits in it, None where it would not load; what is wrong goes to `report`."""
    place = Place(found.origin.file, found.origin.path)
    for edit in edits:
        if edit.member not in MEMBERS[edit.owner.kind]:
            report.error(place, f"{edit.member} in a {edit.owner.kind}", ", ".join(MEMBERS[edit.owner.kind]))
            return None
    match found:
        case Rule():
            return _built_rule(found, edits, place, report)
        case Target():
            return _built_target(found, edits, place, report)
        case ApiDestination():
            return _built_destination(found, edits, place, report)


def _built_rule(rule: Rule, edits: Sequence[Edit], place: Place, report: Report) -> Rule | None:
    if not edits:
        return rule
    typed = edits[-1].json
    pattern = normal_pattern(typed, rule.event_pattern) if isinstance(typed, str) else typed
    value: JsonObject = {
        "Name": rule.name,
        "EventBusName": rule.event_bus_name,
        "ScheduleExpression": rule.schedule_expression,
    }
    definition = Definition("rule", {**value, "EventPattern": pattern}, place)
    built = build_rule(definition, Checker(report, {}))
    if typed != pattern and any(fault.kind == "pattern" for fault in report.faults):
        # The place in the text is that in what was typed.
        report.faults.clear()
        build_rule(replace(definition, value={**value, "EventPattern": typed}), Checker(report, {}))
    return built and replace(rule, event_pattern=built.event_pattern)


def _built_target(target: Target, edits: Sequence[Edit], place: Place, report: Report) -> Target | None:
    option, transformer = target.input, target.input.input_transformer
    value: JsonObject = {
        "Id": target.target_id,
        "Arn": target.arn,
        "Input": option.input,
        "InputPath": option.input_path,
        **_parameters(target.http_parameters, target.retry_policy),
    }
    if transformer is not None:
        value["InputTransformer"] = {
            "InputTemplate": transformer.input_template,
            "InputPathsMap": dict(transformer.input_paths_map),
        }
    built = build_target(_edited(value, edits), place, Checker(report, {}))
    if built is None:
        return None
    new = built.target
    return replace(
        target, input=new.input, http_parameters=new.http_parameters, retry_policy=new.retry_policy
    )


def _built_destination(
    destination: ApiDestination, edits: Sequence[Edit], place: Place, report: Report
) -> ApiDestination | None:
    value = _edited(_parameters(destination.http_parameters, destination.retry_policy), edits)
    members = Checker(report, {}).shape(value, _OF_DESTINATION, place)
    if members is None:
        return None
    parameters = members.members("HttpParameters")
    return replace(
        destination,
        retry_policy=build_retry_policy(members.members("RetryPolicy")),
        http_parameters=build_http_parameters(parameters) if parameters else None,
    )


def _parameters(parameters: HttpParameters | None, policy: RetryPolicy | None) -> JsonObject:
    value: JsonObject = {}
    if parameters is not None:
        value["HttpParameters"] = {
            "PathParameterValues": list(parameters.path_parameter_values),
            "HeaderParameters": dict(parameters.header_parameters),
            "QueryStringParameters": dict(parameters.query_string_parameters),
        }
    if policy is not None:
        value["RetryPolicy"] = {
            "MaximumRetryAttempts": policy.maximum_retry_attempts,
            "MaximumEventAgeInSeconds": policy.maximum_event_age_in_seconds,
        }
    return value


def _edited(value: JsonObject, edits: Sequence[Edit]) -> JsonObject:
    for edit in edits:
        value = put(value, edit.steps, edit.json)
    return value


def _places(origin: Origin, edits: Sequence[Edit]) -> list[Origin]:
    """Return where faults of the edited members stand; one of the input options concerns all of them."""
    names: dict[str, None] = {}
    for edit in edits:
        inputs = ("Input", "InputPath", "InputTransformer")
        names |= dict.fromkeys(inputs if edit.steps[0] in inputs else (edit.steps[0],))
    return [Place(origin.file, origin.path).member(name).origin for name in names]


def _concerns(fault: Fault, places: Sequence[Origin]) -> bool:
    at = fault.origin
    return any(
        at.file == place.file
        and (at.path == place.path or at.path.startswith((place.path + ".", place.path + "[")))
        for place in places
    )


def _with(workspace: Workspace, owner: Owner, new: Rule | Target | ApiDestination) -> Workspace:
    match new:
        case ApiDestination():
            destinations = tuple(new if d.name == owner.name else d for d in workspace.destinations)
            return replace(workspace, destinations=destinations)
        case Rule():
            return replace(workspace, rules=tuple(new if _is(r, owner) else r for r in workspace.rules))
        case Target():
            rules = tuple(_with_target(r, new) if _is(r, owner) else r for r in workspace.rules)
            return replace(workspace, rules=rules)


def _is(rule: Rule, owner: Owner) -> bool:
    return (rule.event_bus_name, rule.name) == (owner.bus, owner.name)


def _with_target(rule: Rule, new: Target) -> Rule:
    targets = tuple(new if t.target_id == new.target_id else t for t in rule.targets)
    return replace(rule, targets=targets)
