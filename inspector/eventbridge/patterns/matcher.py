"""Rules compiled to functions of an event (patterns, section 3).

A rule is compiled to a tree over the steps of its paths, and the tree follows the event: below an
array, one element must fulfil everything. Where an event does not allow this short way (a key with a
dot in it that spells one of the paths, `exists: false` below an array, a path that is leaf and object
at once, great depth), the tree says so and the search of `flattening` decides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from inspector.eventbridge.patterns.flattening import Wanted, flatten, fulfilled, path_order
from inspector.eventbridge.patterns.operators import Field
from inspector.eventbridge.patterns.scalars import Test, allows_absence, field_test
from inspector.jsontext import JsonValue

Matches: TypeAlias = Callable[[Mapping[str, JsonValue]], bool]
_Answer: TypeAlias = bool | None
"""None: the short way cannot tell."""
_Node: TypeAlias = Callable[[JsonValue], _Answer]
_Object: TypeAlias = Callable[[Mapping[str, JsonValue]], _Answer]
_Search: TypeAlias = list[tuple[str, Test, bool]]

_DEEPEST: Final = 40


@dataclass(slots=True)
class _Branch:
    """A step of the tree: the fields that end here and the steps below."""

    leaf: Field | None = None
    below: dict[str, "_Branch"] = field(default_factory=dict)


def matcher_of(rules: Sequence[Sequence[Field]]) -> Matches:
    """Return the function that tells whether an event matches one of the rules."""
    if len(rules) == 1:
        return _rule(rules[0])
    wanted = Wanted(frozenset(leaf.path for rule in rules for leaf in rule))
    compiled = [_compile(rule) for rule in rules]

    def matches(document: Mapping[str, JsonValue]) -> bool:
        undecided = []
        for short, search in compiled:
            answer = short(document)
            if answer:
                return True
            if answer is None:
                undecided.append(search)
        if not undecided:
            return False
        leaves = flatten(document, wanted)
        return any(fulfilled(search, leaves) for search in undecided)

    return matches


def _rule(rule: Sequence[Field]) -> Matches:
    short, search = _compile(rule)
    wanted = Wanted(frozenset(leaf.path for leaf in rule))

    def matches(document: Mapping[str, JsonValue]) -> bool:
        answer = short(document)
        return fulfilled(search, flatten(document, wanted)) if answer is None else answer

    return matches


def _compile(rule: Sequence[Field]) -> tuple[_Object, _Search]:
    fields = sorted(rule, key=lambda leaf: path_order(leaf.path))
    tests = {leaf.path: field_test(leaf) for leaf in fields}
    search = [(leaf.path, tests[leaf.path], allows_absence(leaf)) for leaf in fields]
    root = _Branch()
    for leaf in fields:
        branch = root
        steps = leaf.path.split(".")
        if len(steps) > _DEEPEST:
            return _undecided, search
        for step in steps:
            branch = branch.below.setdefault(step, _Branch())
        branch.leaf = leaf
    return _object(root, tests), search


def _undecided(_: object) -> None:
    return None


def _absent(branch: _Branch) -> bool:
    """Tell whether everything below may be absent."""
    here = branch.leaf is None or allows_absence(branch.leaf)
    return here and all(map(_absent, branch.below.values()))


def _some_absent(branch: _Branch) -> bool:
    here = branch.leaf is not None and allows_absence(branch.leaf)
    return here or any(map(_some_absent, branch.below.values()))


def _skipping(branch: _Branch) -> set[str]:
    """Return the dotted keys by which an object could spell several steps below the branch at once."""
    found: set[str] = set()
    waiting = list(branch.below.items())
    while waiting:
        name, at = waiting.pop()
        for key, below in at.below.items():
            found.add(f"{name}.{key}")
            waiting.append((f"{name}.{key}", below))
    return found


def _object(branch: _Branch, tests: Mapping[str, Test]) -> _Object:
    """Return the function for an object of which the steps below the branch are wanted."""
    members = [(key, _value(below, tests), _absent(below)) for key, below in branch.below.items()]
    dotted = frozenset(_skipping(branch))

    def check(value: Mapping[str, JsonValue]) -> _Answer:
        if dotted and not value.keys().isdisjoint(dotted):
            return None
        answer: _Answer = True
        for key, node, absent in members:
            try:
                member = value[key]
            except KeyError:
                if absent:
                    continue
                return False
            here = node(member)
            if here is False:
                return False
            if here is None:
                answer = None
        return answer

    return check


def _value(branch: _Branch, tests: Mapping[str, Test]) -> _Node:
    if branch.leaf is None:
        return _inner(branch, tests)
    if branch.below:
        return _undecided
    return _leaf(branch.leaf, tests[branch.leaf.path])


def _leaf(leaf: Field, test: Test) -> _Node:
    absent = allows_absence(leaf)

    def check(value: JsonValue) -> bool:
        if isinstance(value, dict):
            return absent
        if not isinstance(value, list):
            return test(value)
        waiting, present = [value], False
        while waiting:
            for element in waiting.pop():
                if isinstance(element, list):
                    waiting.append(element)
                elif not isinstance(element, dict):
                    present = True
                    if test(element):
                        return True
        return absent and not present

    return check


def _inner(branch: _Branch, tests: Mapping[str, Test]) -> _Node:
    check_object = _object(branch, tests)
    absent, some_absent = _absent(branch), _some_absent(branch)

    def check(value: JsonValue) -> _Answer:
        if isinstance(value, dict):
            return check_object(value)
        if not isinstance(value, list):
            return absent
        if some_absent:
            return None
        waiting, undecided = [value], False
        while waiting:
            for element in waiting.pop():
                if isinstance(element, dict):
                    here = check_object(element)
                    if here:
                        return True
                    undecided = undecided or here is None
                elif isinstance(element, list):
                    waiting.append(element)
        return None if undecided else False

    return check
