"""The tree that says why a pattern matches an event, or why not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

VerdictKind: TypeAlias = Literal["pattern", "field", "alternative", "or", "branch"]


@dataclass(frozen=True, slots=True)
class Found:
    """A value that was looked at: its place in the event (`detail.items[2].sku`) and its JSON text."""

    path: str
    json: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One node of the explanation. The root's `matched` is always what the matcher answers.

    kind: `pattern` (root: all children must hold), `field` (one path: one alternative must hold),
        `alternative` (one entry of a field's list), `or` (one branch must hold), `branch` (of `$or`:
        all children must hold).
    path: the field, dotted as in the flattened pattern; empty for the root.
    wanted: what was looked for, as the pattern writes it (`{"prefix": "ord"}`) or in words.
    reason: why, in a person's words, one sentence without a full stop at the end.
    found: the values that were looked at, those nearest to a match first.
    nearest: the child that came closest, where none matched.
    """

    kind: VerdictKind
    matched: bool
    path: str = ""
    wanted: str = ""
    reason: str = ""
    found: tuple[Found, ...] = ()
    children: tuple["Verdict", ...] = ()
    nearest: int | None = None

    def walk(self) -> Iterator["Verdict"]:
        """Yield this node and all below it, depth first."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def fields(self) -> tuple["Verdict", ...]:
        """Every field node of the tree."""
        return tuple(node for node in self.walk() if node.kind == "field")

    @property
    def why(self) -> str:
        """The most telling sentence: the reason of the only field that fails, else this node's own."""
        if self.kind in ("pattern", "branch"):
            failing = [child for child in self.children if not child.matched]
            if len(failing) == 1:
                return failing[0].why
        return self.reason

    @property
    def score(self) -> float:
        """How near the event came, 0 to 1: the share of the pattern's fields that hold."""
        if self.matched:
            return 1.0
        if self.kind == "or":
            return max((child.score for child in self.children), default=0.0)
        if self.kind in ("pattern", "branch") and self.children:
            return sum(child.score for child in self.children) / len(self.children) * 0.999
        return 0.0
