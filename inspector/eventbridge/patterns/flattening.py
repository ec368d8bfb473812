"""An event flattened into paths and values with the array elements that they come from
(patterns, section 3), and the search for values that belong together.

This is the rule as it stands; `matcher` takes a shorter way wherever the event allows one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from inspector.errors import InspectorError
from inspector.eventbridge.patterns.scalars import Scalar, Test
from inspector.jsontext import JsonValue

Membership: TypeAlias = dict[int, int]
"""Array → index of the element. Arrays are numbered as they are met."""

_MOST_STEPS: Final = 1_000_000


class EventTooComplex(InspectorError):  # noqa: N818
    """An event whose arrays give a pattern more combinations than can be tried."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar of the event: its value, where it stands (`items[2].sku`), and in which elements."""

    value: Scalar
    place: tuple[str | int, ...]
    membership: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Wanted:
    """The paths that rules name, and every beginning of them that ends at a dot."""

    paths: frozenset[str]
    beginnings: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.beginnings = frozenset(
            path[:at] for path in self.paths for at, char in enumerate(path) if char == "."
        )


def flatten(document: Mapping[str, JsonValue], wanted: Wanted | None = None) -> dict[str, list[Leaf]]:
    """Return the scalars of an event by their dotted path, in the event's order.

    Only the paths of `wanted`, if it is given. Depth does not matter.
    """
    leaves: dict[str, list[Leaf]] = {}
    arrays = 0
    Step: TypeAlias = tuple[str | None, tuple[str | int, ...], tuple[tuple[int, int], ...], JsonValue]
    waiting: list[Step] = [(None, (), (), dict(document))]
    while waiting:
        path, place, membership, value = waiting.pop()
        if isinstance(value, dict):
            inner: list[Step] = []
            for key, member in value.items():
                name = key if path is None else f"{path}.{key}"
                if wanted is None or name in wanted.paths or name in wanted.beginnings:
                    inner.append((name, (*place, key), membership, member))
            waiting.extend(reversed(inner))
        elif isinstance(value, list):
            array, arrays = arrays, arrays + 1
            # A scalar is not bound to the element that it is itself; what an element contains is.
            waiting.extend(
                (
                    path,
                    (*place, index),
                    (*membership, (array, index)) if isinstance(element, dict | list) else membership,
                    element,
                )
                for index, element in reversed(list(enumerate(value)))
            )
        elif path is not None:
            leaves.setdefault(path, []).append(Leaf(value, place, membership))
    return leaves


def path_order(path: str) -> bytes:
    """Return the key by which paths are tried: UTF-16 units ascending (patterns, section 3, step 5)."""
    return path.encode("utf-16-be", "surrogatepass")


@dataclass(slots=True)
class _Node:
    """Leaves of one path that share a membership so far: those that end here, and those in arrays."""

    here: bool = False
    arrays: dict[int, dict[int, "_Node"]] = field(default_factory=dict)


def _tree(leaves: Iterable[Leaf]) -> _Node:
    root = _Node()
    for leaf in leaves:
        node = root
        for array, index in leaf.membership:
            node = node.arrays.setdefault(array, {}).setdefault(index, _Node())
        node.here = True
    return root


def _consistent(node: _Node, chosen: Membership) -> Iterator[Membership]:
    """Yield what each way of taking one of the leaves adds to the elements chosen."""
    waiting: list[tuple[_Node, Membership]] = [(node, {})]
    while waiting:
        at, added = waiting.pop()
        if at.here:
            yield added
        for array, elements in at.arrays.items():
            if array in chosen:
                if chosen[array] in elements:
                    waiting.append((elements[chosen[array]], added))
            else:
                waiting.extend((below, added | {array: index}) for index, below in elements.items())


@dataclass(slots=True)
class Choice:
    """The search for leaves that belong together, one path after the other.

    `states` are the ways in which the paths so far can be fulfilled.
    """

    later: list[frozenset[int]]
    states: dict[frozenset[tuple[int, int]], Membership] = field(default_factory=lambda: {frozenset(): {}})
    number: int = 0
    steps: int = 0

    def take(self, leaves: Sequence[Leaf], fulfilling: Iterable[Leaf], absent: bool) -> bool:
        """Fulfil the next path by one of its `fulfilling` leaves, or by having none (`absent`).

        `leaves` are all of the path. Returns False, and leaves the states alone, if no way goes on.

        Raises:
            EventTooComplex: there are too many ways to try.
        """
        everything = _tree(leaves) if absent else _Node()
        matching = _tree(fulfilling)
        relevant = self.later[self.number]
        self.number += 1
        found: dict[frozenset[tuple[int, int]], Membership] = {}
        for chosen in self.states.values():
            ways = [chosen | added for added in _consistent(matching, chosen)]
            self.steps += len(ways) + 1
            if self.steps > _MOST_STEPS:
                raise EventTooComplex(
                    "the arrays of this event give the pattern too many combinations to try"
                )
            if absent and next(_consistent(everything, chosen), None) is None:
                ways.append(chosen)
            for way in ways:
                kept = {array: index for array, index in way.items() if array in relevant}
                found[frozenset(kept.items())] = kept
        if found:
            self.states = found
        return bool(found)


def choice(leaves_by_path: Sequence[Sequence[Leaf]]) -> Choice:
    """Return the search over paths whose leaves are given, in the order in which they are tried."""
    later: list[frozenset[int]] = []
    arrays: frozenset[int] = frozenset()
    for leaves in reversed(leaves_by_path):
        later.append(arrays)
        arrays |= {array for leaf in leaves for array, _ in leaf.membership}
    return Choice(later[::-1])


def fulfilled(fields: Sequence[tuple[str, Test, bool]], leaves: Mapping[str, Sequence[Leaf]]) -> bool:
    """Tell whether the fields of a rule (path in order, test, may be absent) hold together."""
    found = [leaves.get(path, ()) for path, _, _ in fields]
    matching = [
        [leaf for leaf in each if test(leaf.value)] for each, (_, test, _) in zip(found, fields, strict=True)
    ]
    if any(not each and not absent for each, (_, _, absent) in zip(matching, fields, strict=True)):
        return False
    search = choice(found)
    return all(
        search.take(each, fits, absent)
        for each, fits, (_, _, absent) in zip(found, matching, fields, strict=True)
    )
