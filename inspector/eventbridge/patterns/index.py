"""The index of many rules: which of them can match, told by the values of few fields.

Each rule is entered under one field that must hold for it, or under all its fields of plain strings at
once. Rules that have no other field are decided there and then; the others are asked one by one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Final, TypeAlias

from inspector.eventbridge.patterns.extraction import ABSENT, Extract, extractor
from inspector.eventbridge.patterns.lookup import Entry, Lookup, lookup
from inspector.eventbridge.patterns.matcher import Matches, matcher_of
from inspector.eventbridge.patterns.operators import AnythingBut, Exists, Field, Text
from inspector.eventbridge.patterns.scalars import allows_absence
from inspector.jsontext import JsonValue

Rule: TypeAlias = Sequence[Field]
Find: TypeAlias = Callable[[Mapping[str, JsonValue]], Iterable[int]]

_MOST_TOGETHER: Final = 3
_MOST_PRODUCTS: Final = 64


class Index:
    """Finds, for an event, the owners of the rules that it matches.

    rules: each with its owner, any number that the caller knows it by; an owner may have several.
    Events must spell the paths one key a step (see `extraction`).
    """

    def __init__(self, rules: Sequence[tuple[int, Rule]]) -> None:
        self._rules = rules
        self._compiled: dict[int, Matches] = {}
        self._unasked: list[int] = []
        singles: dict[str, list[Entry]] = {}
        joint: dict[tuple[str, ...], list[int]] = {}
        for number, (_, rule) in enumerate(rules):
            together = _together(rule)
            if len(together) > 1:
                joint.setdefault(tuple(leaf.path for leaf in together), []).append(number)
                continue
            anchor = _anchor(rule)
            if anchor is None:
                self._unasked.append(number)
                continue
            # A decided rule is entered as its owner; one that must still be asked as -1 - its number.
            entered = rules[number][0] if len(rule) == 1 else -1 - number
            for alternative in anchor.alternatives:
                singles.setdefault(anchor.path, []).append((alternative.operator, entered))
        self._singles: list[tuple[Extract, Lookup]] = [
            (extractor(path), lookup(entries)) for path, entries in singles.items()
        ]
        self._joint = [self._table(paths, numbers) for paths, numbers in joint.items()]

    def owners(self, document: Mapping[str, JsonValue]) -> set[int]:
        """Return the owners of the rules that an event matches."""
        found: set[int] = set()
        for extract, table in self._singles:
            value = extract(document)
            if type(value) is str:
                for find in table.strings:
                    if ids := find(value):
                        found.update(ids)
            elif type(value) is list:
                for each in value:
                    for find in table.of(each):
                        if ids := find(each):
                            found.update(ids)
            elif value is not ABSENT:
                for find in table.of(value):
                    if ids := find(value):
                        found.update(ids)
        for find_joint in self._joint:
            found.update(find_joint(document))
        if self._unasked:
            found.update(-1 - number for number in self._unasked)
        return self._asked(found, document) if found and min(found) < 0 else found

    def _asked(self, found: set[int], document: Mapping[str, JsonValue]) -> set[int]:
        """Ask the rules that are not decided yet."""
        decided = {owner for owner in found if owner >= 0}
        for entered in found:
            if entered < 0:
                owner, rule = self._rules[-1 - entered]
                if owner not in decided:
                    matches = self._compiled.get(entered)
                    if matches is None:
                        matches = self._compiled[entered] = matcher_of((rule,))
                    if matches(document):
                        decided.add(owner)
        return decided

    def _table(self, paths: tuple[str, ...], numbers: Sequence[int]) -> Find:
        """Return what finds the rules whose fields at these paths all hold plain strings."""
        extracts = [extractor(path) for path in paths]
        decided: dict[tuple[str, ...], list[int]] = {}
        everything = [-1 - number for number in numbers]
        for number in numbers:
            owner, rule = self._rules[number]
            fields = {leaf.path: leaf for leaf in rule}
            texts = [[_text(each.operator) for each in fields[path].alternatives] for path in paths]
            for values in product(*texts):
                entered = owner if len(rule) == len(paths) else -1 - number
                decided.setdefault(values, []).append(entered)
        asked: dict[tuple[str, ...], list[int]] = {}
        for number in numbers:
            fields = {leaf.path: leaf for leaf in self._rules[number][1]}
            texts = [[_text(each.operator) for each in fields[path].alternatives] for path in paths]
            for values in product(*texts):
                asked.setdefault(values, []).append(-1 - number)

        def find(document: Mapping[str, JsonValue]) -> Iterable[int]:
            values = [extract(document) for extract in extracts]
            if list not in map(type, values):
                # A value of another type than string equals no key: keys are strings alone.
                return decided.get(tuple(values), ())  # type: ignore[arg-type]
            # Values of arrays: which belong together is for the rule to say.
            choices = [
                [each for each in value if type(each) is str] if isinstance(value, list) else [value]
                for value in values
            ]
            size = 1
            for choice in choices:
                size *= len(choice)
            if size > _MOST_PRODUCTS:
                return everything
            return [entered for each in product(*choices) for entered in asked.get(each, ())]  # type: ignore[arg-type]

        return find


def _text(operator: object) -> str:
    return operator.value if isinstance(operator, Text) else ""


def _together(rule: Rule) -> list[Field]:
    """Return the fields of plain strings by which a rule is entered, all at once."""
    found: list[Field] = []
    size = 1
    for leaf in rule:
        plain = all(
            isinstance(op := each.operator, Text) and op.address is None for each in leaf.alternatives
        )
        if plain and len(found) < _MOST_TOGETHER and size * len(leaf.alternatives) <= _MOST_PRODUCTS:
            found.append(leaf)
            size *= len(leaf.alternatives)
    return sorted(found, key=lambda leaf: leaf.path)


def _anchor(rule: Rule) -> Field | None:
    """Return the field that tells best whether a rule can match, if one must be present."""

    def costs(leaf: Field) -> int:
        operators = [each.operator for each in leaf.alternatives]
        if any(isinstance(operator, AnythingBut | Exists) for operator in operators):
            return 2
        return 0 if all(isinstance(operator, Text) for operator in operators) else 1

    return min((leaf for leaf in rule if not allows_absence(leaf)), key=costs, default=None)
