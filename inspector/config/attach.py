"""Targets joined to their rules, wherever either stands."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import TypeAlias

from inspector.config.check import Checker
from inspector.config.constraints import MOST_TARGETS
from inspector.config.recognise import TargetList
from inspector.config.report import Place, listed, quoted
from inspector.config.rules import DEFAULT_BUS, build_target, bus_name
from inspector.config.shapes import PUT_TARGETS
from inspector.eventbridge.resources import Target
from inspector.jsontext import JsonValue

RuleKey: TypeAlias = tuple[str, str]
"""Event bus and name: two buses may each have a rule of one name (resources, section 7)."""


class TargetStore:
    """The targets of every rule, by their Id."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self._report = checker.report
        self._targets: dict[RuleKey, dict[str, Target]] = {}
        self._first: dict[RuleKey, Place] = {}

    def of(self, key: RuleKey) -> tuple[Target, ...]:
        """Return the targets of a rule, in the order in which they were met."""
        return tuple(self._targets.get(key, {}).values())

    def first_places(self) -> Iterator[tuple[RuleKey, Place]]:
        """Yield the rules that have targets, each with the place of its first one."""
        yield from self._first.items()

    def add_inline(self, key: RuleKey | None, value: JsonValue, place: Place) -> None:
        """Add the `Targets` member of a rule; `key` is None for a rule whose name is unusable."""
        if not isinstance(value, list):
            self._report.error(place, "a value that is no array", "an array of targets")
            return
        for index, item in enumerate(value):
            built = build_target(item, place.item(index), self._checker)
            if built and key:
                self._put(key, built.target, place.item(index))

    def add_list(self, found: TargetList, rules: Mapping[RuleKey, str]) -> None:
        """Add targets that stand apart. `rules`: every rule's file, those that did not load included."""
        owner = self._checker.shape(found.owner, PUT_TARGETS, found.place)
        if owner is None:
            return
        shared: RuleKey | None = None
        if name := owner.text("Rule"):
            shared = (bus_name(owner.text("EventBusName")), name)
        built = [(build_target(item, place, self._checker), place) for item, place in found.targets]
        if shared is None and any(target and not target.rule for target, _ in built):
            candidates = list(_rules_for(found.place.file, rules))
            if len(candidates) == 1:
                shared = candidates[0]
            else:
                self._report.error(
                    found.place,
                    f"targets that do not name their rule{_among(candidates)}",
                    '"Rule": "<name>" beside "Targets" (and "EventBusName" for another bus than default), '
                    "or the rule's name in the name of the file",
                    kind="link",
                )
        for target, place in built:
            if target and (key := (target.bus, target.rule) if target.rule else shared):
                self._put(key, target.target, place)

    def _put(self, key: RuleKey, target: Target, place: Place) -> None:
        targets = self._targets.setdefault(key, {})
        self._first.setdefault(key, place)
        if earlier := targets.get(target.target_id):
            found = f"a second target {quoted(target.target_id)}; it replaces the one at {earlier.origin}"
            self._report.warning(place, found, "one target of an Id in a rule", kind="target-id")
        elif len(targets) >= MOST_TARGETS:
            found = f"target {quoted(target.target_id)} is one too many for the rule {quoted(key[1])}"
            self._report.error(place, found, f"at most {MOST_TARGETS} targets in a rule")
            return
        targets[target.target_id] = target


def _rules_for(file: str, rules: Mapping[RuleKey, str]) -> Sequence[RuleKey]:
    """Return the rules that a file's nameless targets can belong to: best one, or several to choose from."""
    here = [key for key, origin in rules.items() if origin == file]
    if here:
        return here
    stem, folder = PurePath(file).stem, PurePath(file).parent
    named = [key for key in rules if re.search(rf"(?<![A-Za-z0-9]){re.escape(key[1])}(?![A-Za-z0-9])", stem)]
    if named:
        longest = max(len(key[1]) for key in named)
        return [key for key in named if len(key[1]) == longest]
    return [key for key, origin in rules.items() if PurePath(origin).parent == folder]


def _among(candidates: Sequence[RuleKey]) -> str:
    if not candidates:
        return ""
    names = listed([name if bus == DEFAULT_BUS else f"{name} on {bus}" for bus, name in candidates])
    return f"; it could be any of {names}"
