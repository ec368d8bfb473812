"""The index of many rules: which of them can match, told by the values of few fields.

Each rule is entered under one field that must hold for it, or under all its fields of plain strings at
once. Rules that have no other field are decided there and then; the others are asked one by one.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Final, TypeAlias

from inspector.eventbridge.patterns.extraction import ABSENT, Extracted, extractor, reader
from inspector.eventbridge.patterns.lookup import Entry, Ids, Lookup, lookup
from inspector.eventbridge.patterns.matcher import Matches, matcher_of
from inspector.eventbridge.patterns.operators import AnythingBut, Exists, Field, Text
from inspector.eventbridge.patterns.scalars import allows_absence
from inspector.jsontext import JsonValue

Rule: TypeAlias = Sequence[Field]

_Find: TypeAlias = Callable[[Mapping[str, JsonValue]], Ids]

_MOST_TOGETHER: Final = 3
_MOST_PRODUCTS: Final = 64


class Index:
    """Finds, for an event, the rules that it matches.

    rules: each with its owner, any number from 0 that the caller knows it by; an owner may have several.
    Events must spell the paths one key a step (see `extraction`).
    """

    def __init__(self, rules: Sequence[tuple[int, Rule]]) -> None:
        self._rules = rules
        self._compiled: dict[int, Matches] = {}
        self._unasked: Ids = ()
        singles: dict[str, list[Entry]] = {}
        guards: dict[str, list[Entry]] = {}
        joint: dict[tuple[str, ...], list[int]] = {}
        for number, (owner, rule) in enumerate(rules):
            together = _together(rule)
            if len(together) > 1:
                joint.setdefault(tuple(leaf.path for leaf in together), []).append(number)
                continue
            anchor, *others = _anchors(rule) or (None,)
            if anchor is None:
                self._unasked += (_undecided(number),)
                continue
            entered = owner if len(rule) == 1 else _undecided(number)
            _enter(singles, anchor, entered)
            if others and others[0] is not None:
                _enter(guards, others[0], entered)
        tables = {path: lookup(entries) for path, entries in singles.items()}
        self._singles = [(extractor(path), table) for path, table in tables.items()]
        self._guards = [
            (frozenset(entered for _, entered in entries), extractor(path), lookup(entries))
            for path, entries in guards.items()
        ]
        self._joint = [self._table(paths, numbers) for paths, numbers in joint.items()]
        alone = not self._unasked and len(tables) + len(self._joint) == 1
        self.find: Final[_Find] = self._quickest(tables) if alone else self._find
        """From an event to what it leads to: owners, and below 0 rules that must still be asked (`ask`).

        Any may occur more than once.
        """

    def _quickest(self, tables: Mapping[str, Lookup]) -> _Find:
        """Return what does as `_find`, where there is one table in all."""
        return next((_only(path, table) for path, table in tables.items()), None) or self._joint[0]

    def _find(self, document: Mapping[str, JsonValue]) -> Ids:
        found = self._unasked
        for extract, table in self._singles:
            value = extract(document)
            if type(value) is str:
                for find in table.strings:
                    if ids := find(value):
                        found += ids
            elif value is not ABSENT:
                found += table.find(value if type(value) is list else (value,))
        for find_joint in self._joint:
            if ids := find_joint(document):
                found += ids
        return found

    def ask(self, found: Ids, document: Mapping[str, JsonValue]) -> set[int]:
        """Return the owners of the rules that match, given what `find` has found for the event."""
        decided = {entered for entered in found if entered >= 0}
        asked = {entered for entered in found if entered < 0}
        for guarded, extract, table in self._guards:
            if not asked.isdisjoint(guarded):
                value = extract(document)
                if value is not ABSENT:
                    asked -= guarded.difference(table.find(value if type(value) is list else (value,)))
                else:
                    asked -= guarded
        for entered in asked:
            owner, rule = self._rules[_undecided(entered)]
            if owner not in decided:
                matches = self._compiled.get(entered)
                if matches is None:
                    matches = self._compiled[entered] = matcher_of((rule,))
                if matches(document):
                    decided.add(owner)
        return decided

    def _table(self, paths: tuple[str, ...], numbers: Sequence[int]) -> _Find:
        """Return what finds the rules whose fields at these paths all hold plain strings."""
        first, *others = (extractor(path) for path in paths)
        decided: dict[object, dict[tuple[object, ...], Ids]] = {}
        asked: dict[tuple[object, ...], Ids] = {}
        everything = tuple(map(_undecided, numbers))
        for number in numbers:
            owner, rule = self._rules[number]
            entered = owner if len(rule) == len(paths) else _undecided(number)
            fields = {leaf.path: leaf for leaf in rule}
            for values in product(*(_texts(fields[path]) for path in paths)):
                table = decided.setdefault(values[0], {})
                table[values[1:]] = (*table.get(values[1:], ()), entered)
                asked[values] = (*asked.get(values, ()), _undecided(number))

        def of_arrays(values: list[object]) -> Ids:
            # Which values of arrays belong together is for the rule to say.
            choices = [_strings(value) for value in values]
            if prod(map(len, choices)) > _MOST_PRODUCTS:
                return everything
            return tuple([entered for each in product(*choices) for entered in asked.get(each, ())])

        def find(document: Mapping[str, JsonValue]) -> Ids:
            value = first(document)
            if type(value) is list:
                return of_arrays([value, *[extract(document) for extract in others]])
            table = decided.get(value)
            if table is None:
                return ()
            rest = tuple([extract(document) for extract in others])
            if list in map(type, rest):
                return of_arrays([value, *rest])
            return table.get(rest, ())

        return find


def _only(path: str, table: Lookup) -> _Find:
    """Return what finds the rules of an index that looks at one path only."""
    finds = table.strings

    def strings(value: str) -> Ids:
        return tuple([entered for find in finds for entered in find(value) or ()])

    def others(value: Extracted) -> Ids:
        if value is ABSENT:
            return ()
        return table.find(value if isinstance(value, list) else (value,))

    return reader(path, finds[0] if len(finds) == 1 else strings, others, ())


def _strings(value: object) -> list[str]:
    if isinstance(value, list):
        return [each for each in value if type(each) is str]
    return [value] if isinstance(value, str) else []


def _undecided(number: int) -> int:
    """Return the entry of a rule that must still be asked, or the rule's number back from it."""
    return -1 - number


def _enter(into: dict[str, list[Entry]], leaf: Field, entered: int) -> None:
    into.setdefault(leaf.path, []).extend((each.operator, entered) for each in leaf.alternatives)


def _texts(leaf: Field) -> list[str]:
    return [each.operator.value for each in leaf.alternatives if isinstance(each.operator, Text)]


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


def _anchors(rule: Rule) -> list[Field]:
    """Return the fields that must be present, those first that tell best whether the rule can match."""

    def costs(leaf: Field) -> int:
        operators = [each.operator for each in leaf.alternatives]
        if any(isinstance(operator, AnythingBut | Exists) for operator in operators):
            return 2
        return 0 if all(isinstance(operator, Text) for operator in operators) else 1

    return sorted((leaf for leaf in rule if not allows_absence(leaf)), key=costs)
