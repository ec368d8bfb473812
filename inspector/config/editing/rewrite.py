"""The smallest change of a text that makes one of its values another."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeAlias

from inspector.config.editing.tree import Node, Splice
from inspector.jsontext import JsonObject, JsonValue, dumps

New: TypeAlias = "Sequence[tuple[str, JsonValue]] | Sequence[JsonValue]"


class Layout(Protocol):
    """How a text is written where the change is."""

    def replace(self, node: Node, value: JsonValue) -> Splice:
        """Return what puts another value in the place of `node`."""

    def insert_members(self, node: Node, after: int, members: Sequence[tuple[str, JsonValue]]) -> Splice:
        """Return what puts members after the one with the index `after`; -1 puts them before the first."""

    def insert_items(self, node: Node, after: int, items: Sequence[JsonValue]) -> Splice:
        """Return what puts items after the one with the index `after`; -1 puts them before the first."""

    def delete(self, node: Node, first: int, last: int) -> Splice:
        """Return what takes the parts `first` to `last` out; another part remains."""


def changes(node: Node, value: JsonValue, layout: Layout) -> Iterator[Splice]:
    """Yield what makes of `node` the text of `value`: what is equal in both stays untouched."""
    if dumps(node.value) == dumps(value):
        return
    if isinstance(value, dict) and node.entries and _keeps_order(node, value):
        yield from _members(node, value, layout)
    elif isinstance(value, list) and node.items and value:
        yield from _items(node, value, layout)
    else:
        yield layout.replace(node, value)


def _keeps_order(node: Node, value: JsonObject) -> bool:
    """Tell whether some of the members stay, in their order, and none stands twice."""
    keys = [entry.key for entry in node.entries]
    kept = [key for key in keys if key in value]
    return bool(kept) and len(set(keys)) == len(keys) and kept == [key for key in value if key in kept]


def _members(node: Node, value: JsonObject, layout: Layout) -> Iterator[Splice]:
    own = {entry.key: index for index, entry in enumerate(node.entries)}
    before = node.value if isinstance(node.value, dict) else {}
    after, new = -1, list[tuple[str, JsonValue]]()
    for key, member in value.items():
        if key in own:
            if new:
                yield layout.insert_members(node, after, new)
            after, new = own[key], []
            yield from changes(node.entries[own[key]].node, member, layout)
        elif key not in before or dumps(before[key]) != dumps(member):  # else a merge brings it
            new.append((key, member))
    if new:
        yield layout.insert_members(node, after, new)
    yield from _deletions(node, [entry.key not in value for entry in node.entries], layout)


def _items(node: Node, value: list[JsonValue], layout: Layout) -> Iterator[Splice]:
    old = [dumps(item.value) for item in node.items]
    new = [dumps(item) for item in value]
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    paired = min(len(old), len(new)) - tail
    for index in range(head, paired):
        yield from changes(node.items[index], value[index], layout)
    if len(new) > len(old):
        yield layout.insert_items(node, paired - 1, value[paired : len(new) - tail])
    yield from _deletions(node, [paired <= i < len(old) - tail for i in range(len(old))], layout)


def _deletions(node: Node, gone: Sequence[bool], layout: Layout) -> Iterator[Splice]:
    first: int | None = None
    for index, leaves in enumerate([*gone, False]):
        if leaves and first is None:
            first = index
        elif not leaves and first is not None:
            yield layout.delete(node, first, index - 1)
            first = None
