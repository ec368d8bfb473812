"""Values with the places of their characters, and what replaces some of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from inspector.jsontext import JsonValue


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a text, at `start` to `end`, with its members or items.

    block: a mapping or sequence of YAML that is told by its indentation. lead: under such a one, where its
    colon or dash ends, else None. column: of the key or dash that it belongs to.
    """

    start: int
    end: int
    value: JsonValue
    entries: "tuple[Entry, ...]" = ()
    items: "tuple[Node, ...]" = ()
    block: bool = False
    lead: int | None = None
    column: int = 0

    @property
    def parts(self) -> "tuple[Part, ...]":
        """The members, or the items, each with where it starts."""
        if self.entries:
            return tuple(Part(entry.start, entry.node) for entry in self.entries)
        return tuple(Part(item.start, item) for item in self.items)


@dataclass(frozen=True, slots=True)
class Entry:
    """A member: its key at `start` to `end`, and its value."""

    key: str
    start: int
    end: int
    node: Node


@dataclass(frozen=True, slots=True)
class Part:
    """A member or an item: where it starts, and its value, with which it ends."""

    start: int
    node: Node = field(repr=False)


@dataclass(frozen=True, slots=True)
class Splice:
    """`text` in place of the characters at `start` to `end`."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Return `text` with all splices made; none of them overlap.

    What is put in at a place goes before what is taken out there.
    """
    parts, at = [], 0
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        parts += [text[at : splice.start], splice.text]
        at = splice.end
    return "".join([*parts, text[at:]])


def descendants(node: Node) -> Iterable[Node]:
    """Yield the containers below a node."""
    waiting = [node]
    while waiting:
        for part in waiting.pop().parts:
            if part.node.entries or part.node.items:
                yield part.node
                waiting.append(part.node)
