"""Definitions gathered from many files into one workspace: duplicates, answers of AWS, targets' rules."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from inspector.config.attach import RuleKey, TargetStore
from inspector.config.check import Checker
from inspector.config.connections import BuiltConnection, build_connection, warn_of_missing_secret
from inspector.config.destinations import build_destination
from inspector.config.links import check_links, check_rules_of_targets
from inspector.config.recognise import Definition, Found, TargetList
from inspector.config.report import Place, quoted
from inspector.config.rules import build_rule, bus_name
from inspector.config.samples import build_samples
from inspector.eventbridge.resources import ApiDestination, Origin, Rule, Workspace, resource_name

_ANSWERED: Final[dict[str, tuple[str, Literal["connection", "destination"]]]] = {
    "ConnectionArn": ("connection", "connection"),
    "ApiDestinationArn": ("api-destination", "destination"),
}


class Assembly:
    """What has been found so far. Add everything, then ask for the workspace once."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self._report = checker.report
        self._connections: dict[str, BuiltConnection] = {}
        self._destinations: dict[str, ApiDestination] = {}
        self._rules: dict[RuleKey, Rule] = {}
        self._rule_files: dict[RuleKey, str] = {}
        self._targets = TargetStore(checker)
        self._target_lists: list[TargetList] = []
        self._events: list[Definition] = []
        self._answers: list[Definition] = []
        self._failed: set[tuple[Literal["connection", "destination", "rule"], str]] = set()

    def add(self, found: Found) -> None:
        """Take in one thing that was recognised; its faults go to the report."""
        if isinstance(found, TargetList):
            self._target_lists.append(found)
            return
        match found.kind:
            case "connection":
                self._add_connection(found)
            case "destination":
                self._add_destination(found)
            case "rule":
                self._add_rule(found)
            case "event":
                self._events.append(found)
            case "answer":
                self._answers.append(found)

    def workspace(self, files: Sequence[str]) -> Workspace:
        """Return the workspace of everything added, its references checked."""
        for found in self._target_lists:
            self._targets.add_list(found, self._rule_files)
        for answer in self._answers:
            self._take_arn(answer)
        for built in self._connections.values():
            if not built.complete:
                warn_of_missing_secret(built, self._report)
        check_rules_of_targets(self._targets, self._rules.keys(), self._failed, self._report)
        workspace = Workspace(
            tuple(built.connection for built in self._connections.values()),
            tuple(self._destinations.values()),
            tuple(replace(rule, targets=self._targets.of(key)) for key, rule in self._rules.items()),
            build_samples(self._events, self._report),
            files=tuple(files),
        )
        check_links(workspace, self._failed, self._report)
        return replace(workspace, faults=tuple(self._report.faults))

    def _add_connection(self, definition: Definition) -> None:
        new = build_connection(definition, self._checker)
        if new is None:
            self._fail(definition)
            return
        name = new.connection.name
        old = self._connections.get(name)
        if old and old.complete != new.complete:
            # An answer of AWS knows the ARN, what created the connection knows the secret.
            whole, answer = (old, new) if old.complete else (new, old)
            arn = whole.connection.arn or answer.connection.arn
            new = replace(whole, connection=replace(whole.connection, arn=arn))
        elif old:
            self._warn_twice("connection", name, definition.place, old.connection.origin)
        self._connections[name] = new

    def _add_destination(self, definition: Definition) -> None:
        new = build_destination(definition, self._checker)
        if new is None:
            self._fail(definition)
            return
        if old := self._destinations.get(new.name):
            self._warn_twice("API destination", new.name, definition.place, old.origin)
        self._destinations[new.name] = new

    def _add_rule(self, definition: Definition) -> None:
        new = build_rule(definition, self._checker)
        name, bus = definition.value.get("Name"), definition.value.get("EventBusName")
        key: RuleKey | None = None
        if isinstance(name, str):
            key = (bus_name(bus) if isinstance(bus, str) else bus_name(""), name)
            self._rule_files[key] = definition.place.file
        if new is None:
            self._fail(definition)
        elif key:
            if old := self._rules.get(key):
                self._warn_twice("rule", new.name, definition.place, old.origin)
            self._rules[key] = new
        if (targets := definition.value.get("Targets")) is not None:
            self._targets.add_inline(key, targets, definition.place.member("Targets"))

    def _fail(self, definition: Definition) -> None:
        name = definition.value.get("Name")
        if isinstance(name, str) and definition.kind in ("connection", "destination", "rule"):
            self._failed.add((definition.kind, name))

    def _warn_twice(self, noun: str, name: str, place: Place, earlier: Origin) -> None:
        found = f"a second definition of the {noun} {quoted(name)}; it replaces the one at {earlier}"
        self._report.warning(place, found, "each name once", kind="twice")

    def _take_arn(self, answer: Definition) -> None:
        """Give the ARN in the answer of a Create call to what that call created, where it is defined."""
        for member, (resource, kind) in _ANSWERED.items():
            arn = answer.value.get(member)
            if not isinstance(arn, str) or ":" + resource + "/" not in arn:
                continue
            name = resource_name(arn, resource)
            if kind == "connection" and (built := self._connections.get(name)):
                arn = built.connection.arn or arn
                self._connections[name] = replace(built, connection=replace(built.connection, arn=arn))
                return
            if kind == "destination" and (known := self._destinations.get(name)):
                self._destinations[name] = replace(known, arn=known.arn or arn)
                return
        found = "an answer of AWS that holds no definition"
        expected = "what was created, or the answer of its Describe call"
        self._report.warning(answer.place, found, expected, kind="file")
