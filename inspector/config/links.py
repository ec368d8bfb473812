"""The references between definitions: destination to connection, target to destination, target to rule."""

from collections.abc import Collection, Iterable
from typing import Final, Literal, TypeAlias

from inspector.config.attach import RuleKey, TargetStore
from inspector.config.report import Place, Report, closest, listed, quoted, shown
from inspector.config.rules import DEFAULT_BUS
from inspector.eventbridge.resources import Origin, Target, Workspace, resource_name

Failed: TypeAlias = Collection[tuple[Literal["connection", "destination", "rule"], str]]
"""Definitions that were met and did not load: their own faults say why."""

_DESTINATION: Final = "api-destination"


def check_links(workspace: Workspace, failed: Failed, report: Report) -> None:
    """Report every reference to something that is not there, at the place that makes it."""
    for destination in workspace.destinations:
        if workspace.connection_of(destination) is None:
            name = resource_name(destination.connection_arn, "connection")
            place = _place(destination.origin).member("ConnectionArn")
            if ("connection", name) in failed:
                found = f"the connection {quoted(name)} did not load; see its own faults"
                report.error(place, found, kind="link")
            else:
                defined = [connection.name for connection in workspace.connections]
                found = f"connection {quoted(name)} is not defined"
                report.error(place, found, _defined(name, defined), kind="link")
    for rule in workspace.rules:
        for target in rule.targets:
            _check_target(target, workspace, failed, report)


def check_rules_of_targets(
    targets: TargetStore, rules: Collection[RuleKey], failed: Failed, report: Report
) -> None:
    """Report targets whose rule is not defined."""
    for (bus, name), place in targets.first_places():
        if (bus, name) in rules or ("rule", name) in failed:
            continue
        elsewhere = [other for other, rule in rules if rule == name]
        on_bus = "" if bus == DEFAULT_BUS else f" on the event bus {quoted(bus)}"
        expected = (
            f'"EventBusName": {quoted(elsewhere[0])}, where a rule of this name is'
            if elsewhere
            else _defined(name, [rule for _, rule in rules])
        )
        found = f"targets of the rule {quoted(name)}, which is not defined{on_bus}"
        report.error(place, found, expected, kind="link")


def _check_target(target: Target, workspace: Workspace, failed: Failed, report: Report) -> None:
    place = _place(target.origin)
    at = place.member("Arn")
    if workspace.destination_of(target) is None:
        name = resource_name(target.arn, _DESTINATION)
        if target.arn.startswith("arn:") and f":{_DESTINATION}/" not in target.arn:
            service = (target.arn.split(":") + [""] * 3)[2]
            found = f"a target of {service or 'another service'}: shown, but not replayed"
            report.warning(at, found, kind="service")
            return
        if ("destination", name) in failed:
            found = f"the API destination {quoted(name)} did not load; see its own faults"
            report.error(at, found, kind="link")
        else:
            defined = [destination.name for destination in workspace.destinations]
            found = f"API destination {quoted(name)} is not defined"
            report.error(at, found, _defined(name, defined), kind="link")
    elif not target.arn.startswith("arn:"):
        report.warning(at, shown(target.arn), "an ARN, which AWS wants; the inspector goes by the name")
    if target.role_arn is None:
        found = f"target {quoted(target.target_id)} without RoleArn"
        expected = "a role with events:InvokeApiDestination, or AWS cannot deliver"
        report.warning(place, found, expected, kind="role")


def _defined(name: str, names: Iterable[str]) -> str:
    every = sorted(set(names))
    if not every:
        return "the name of one; none is defined"
    if near := closest(name, every):
        every.remove(near)
        every.insert(0, near)
    return f"one that is defined: {listed(every, 5)}"


def _place(origin: Origin) -> Place:
    return Place(origin.file, origin.path)
