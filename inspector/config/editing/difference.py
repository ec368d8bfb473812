"""The marked difference between a file and what edits make of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal, TypeAlias

from inspector.config.editing.address import Address
from inspector.config.editing.file_change import FileChange
from inspector.config.editing.file_text import FileText

Mark: TypeAlias = Literal["file", "place", "same", "removed", "added"]
SIGNS: Final[dict[Mark, str]] = {"file": "", "place": "", "same": " ", "removed": "-", "added": "+"}
"""What a unified diff puts before a line of each kind."""

_CONTEXT: Final = 3
_OWN_TAIL: Final = re.compile(r"[\s,\]}]*(\s#.*)?")


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a difference.

    before, after: its number in the file and in what the file would become, None where it is not in it.
    changed: the characters that differ from the line it replaces or is replaced by; None for all of them.
    """

    mark: Mark
    text: str
    before: int | None = None
    after: int | None = None
    changed: tuple[int, int] | None = None

    def __str__(self) -> str:
        return SIGNS[self.mark] + self.text


@dataclass(frozen=True, slots=True)
class _Excerpt:
    """The lines of a definition, and the number of the first."""

    lines: list[str]
    line: int


def difference(change: FileChange) -> tuple[DiffLine, ...]:
    """Return a file's change as the lines of a unified diff, empty for none.

    Only the edited definitions are shown: what surrounds them may be a secret.
    """
    if not change.changed:
        return ()
    lines = [DiffLine("file", f"--- {change.name}"), DiffLine("file", f"+++ {change.name} (edited)")]
    old, new = FileText(change.name, change.before), FileText(change.name, change.after)
    shown = [(_excerpt(old, address), _excerpt(new, address)) for address in _outermost(change.definitions)]
    for before, after in sorted(shown, key=lambda pair: pair[0].line):
        lines += _hunks(before, after)
    return tuple(lines)


def _outermost(addresses: Sequence[Address]) -> list[Address]:
    """Return addresses without those inside of another one."""
    return [
        one
        for one in dict.fromkeys(addresses)
        if not any(
            other != one and other.number == one.number and one.steps[: len(other.steps)] == other.steps
            for other in addresses
        )
    ]


def _excerpt(file: FileText, address: Address) -> _Excerpt:
    node = file.node(address)
    line = file.text.rfind("\n", 0, node.start) + 1
    lead = file.text[line : node.start]
    # Other values on the line stay unseen.
    lead = lead if not lead.strip(" \t-") else "…"
    end = file.text.find("\n", node.end)
    tail = file.text[node.end : len(file.text) if end < 0 else end].rstrip("\r")
    tail = tail if _OWN_TAIL.fullmatch(tail) else "…"
    shown = (lead + file.text[node.start : node.end] + tail).split("\n")
    lines = [text.removesuffix("\r") for text in shown]
    return _Excerpt(lines, file.text.count("\n", 0, node.start) + 1)


def _hunks(old: _Excerpt, new: _Excerpt) -> Iterator[DiffLine]:
    before, after = old.lines, new.lines
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        (_, a1, _, b1, _), (_, _, a2, _, b2) = group[0], group[-1]
        yield DiffLine("place", f"@@ -{old.line + a1},{a2 - a1} +{new.line + b1},{b2 - b1} @@")
        for kind, a1, a2, b1, b2 in group:
            paired = a2 - a1 == b2 - b1
            for a, text in enumerate(before[a1:a2], a1):
                if kind == "equal":
                    yield DiffLine("same", text, old.line + a, new.line + b1 + a - a1)
                else:
                    changed = _changed(text, after[b1 + a - a1]) if paired else None
                    yield DiffLine("removed", text, before=old.line + a, changed=changed)
            for b, text in enumerate(after[b1:b2], b1):
                if kind != "equal":
                    changed = _changed(text, before[a1 + b - b1]) if paired else None
                    yield DiffLine("added", text, after=new.line + b, changed=changed)


def _changed(text: str, other: str) -> tuple[int, int]:
    head = _common(text, other)
    return head, len(text) - _common(text[head:][::-1], other[head:][::-1])


def _common(text: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    pairs = enumerate(zip(text, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(text), len(other)))
