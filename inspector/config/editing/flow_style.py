"""Values in braces and brackets, written as the definition around them is: JSON, and YAML's flow style."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, Protocol

from inspector.config.editing.tree import Node, Part, Splice, descendants
from inspector.jsontext import JsonValue, scalar_text

_WIDEST_LINE: Final = 100
_INDENTED: Final = re.compile(r"\n([ \t]+)\S")


class Words(Protocol):
    """How a language writes its strings."""

    def string(self, value: str, like: str) -> str:
        """Return the text of a string, in the style of the text `like` where that can be."""

    def key(self, name: str, like: str) -> str:
        """Return the text of a key."""


class FlowStyle:
    """Writes into one text. The habits are those of `definition`: line breaks, spaces, indentation."""

    def __init__(self, text: str, definition: Node, words: Words) -> None:
        self._text, self._words = text, words
        self._newline = "\r\n" if "\r\n" in text else "\n"
        containers = [node for node in descendants(definition) if not node.block]
        if not definition.block:
            containers.append(definition)
        indented = _INDENTED.search(text)
        self._unit = indented[1] if indented else "  "
        self._several_lines = any(map(self._is_broken, containers)) and not definition.block
        self._inline_objects = self._mostly_inline(
            [n for n in containers if n.entries and n is not definition]
        )
        self._inline_arrays = self._mostly_inline([n for n in containers if n.items])
        self._colon = self._gap(containers, self._after_keys, ":")
        self._comma = self._gap(containers, self._between_parts, ",")
        self._key_like = next((self._key_text(n) for n in containers if n.entries), "")
        # JSON in a file of YAML stays JSON.
        self._quote = "" if definition.block else self._key_like[:1].strip("'")
        inline = [n for n in containers if n.entries and not self._is_broken(n)]
        self._padding = " " if inline and text[inline[0].start + 1] == " " else ""

    def replace(self, node: Node, value: JsonValue) -> Splice:
        """Return what puts another value in the place of `node`."""
        old = self._text[node.start : node.end]
        broken = self._is_broken(node) if node.entries or node.items else None
        return Splice(node.start, node.end, self._written(value, self._indent_at(node.start), old, broken))

    def insert_members(self, node: Node, after: int, members: Sequence[tuple[str, JsonValue]]) -> Splice:
        """Return what puts members after the one with the index `after`; -1 puts them before the first."""
        indent = self._indent_at(node.entries[0].start)
        like = self._key_text(node)
        texts = [self._member(name, value, indent, like) for name, value in members]
        return self._inserted(node, after, texts)

    def insert_items(self, node: Node, after: int, items: Sequence[JsonValue]) -> Splice:
        """Return what puts items after the one with the index `after`; -1 puts them before the first."""
        indent = self._indent_at(node.items[0].start)
        first = node.items[0]
        like = self._text[first.start : first.end]
        return self._inserted(node, after, [self._written(item, indent, like, None) for item in items])

    def delete(self, node: Node, first: int, last: int) -> Splice:
        """Return what takes the parts `first` to `last` out, with the commas that parted them."""
        parts = node.parts
        if first > 0:
            return Splice(parts[first - 1].node.end, parts[last].node.end, "")
        return Splice(parts[0].start, parts[last + 1].start, "")

    def inline(self, value: JsonValue, like: str = "") -> str:
        """Return a value on one line."""
        match value:
            case str():
                return self._words.string(value, like or self._quote)
            case dict() if value:
                members = (
                    f"{self._words.key(name, self._key_like)}{self._colon}{self.inline(member)}"
                    for name, member in value.items()
                )
                return "{" + self._padding + self._comma.join(members) + self._padding + "}"
            case dict():
                return "{}"
            case list():
                return "[" + self._comma.join(self.inline(item) for item in value) + "]"
            case _:
                return scalar_text(value)

    def _written(self, value: JsonValue, indent: str, like: str, broken: bool | None) -> str:
        """Return a value's text; `broken`: over several lines, None as the definition does elsewhere."""
        if not isinstance(value, dict | list) or not value:
            return self.inline(value, like)
        if broken is None:
            broken = self._several_lines and not (
                self._inline_arrays if isinstance(value, list) else self._inline_objects
            )
        if not broken:
            text = self.inline(value)
            if not self._several_lines or len(indent) + len(text) <= _WIDEST_LINE:
                return text
        inner = indent + self._unit
        opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
        texts = (
            [self._member(name, member, inner, self._key_like) for name, member in value.items()]
            if isinstance(value, dict)
            else [self._written(item, inner, "", None) for item in value]
        )
        lines = f",{self._newline}{inner}".join(texts)
        return f"{opening}{self._newline}{inner}{lines}{self._newline}{indent}{closing}"

    def _member(self, name: str, value: JsonValue, indent: str, like: str) -> str:
        return f"{self._words.key(name, like)}{self._colon}{self._written(value, indent, '', None)}"

    def _inserted(self, node: Node, after: int, texts: Sequence[str]) -> Splice:
        parts = node.parts
        comma = self._comma_of(node, parts)
        if after < 0:
            return Splice(parts[0].start, parts[0].start, "".join(text + comma for text in texts))
        place = parts[after].node.end
        return Splice(place, place, "".join(comma + text for text in texts))

    def _comma_of(self, node: Node, parts: Sequence[Part]) -> str:
        between = self._text[parts[0].node.end : parts[1].start] if len(parts) > 1 else ""
        if between and not between.strip(", \t\r\n"):
            return between
        opening = self._text[node.start + 1 : parts[0].start]
        return "," + opening if "\n" in opening and not opening.strip() else self._comma

    def _is_broken(self, node: Node) -> bool:
        parts = node.parts
        return bool(parts) and "\n" in self._text[node.start : parts[0].start]

    def _mostly_inline(self, nodes: Sequence[Node]) -> bool:
        inline = sum(not self._is_broken(node) for node in nodes)
        return inline > 0 and 2 * inline >= len(nodes)

    def _indent_at(self, index: int) -> str:
        line = self._text[self._text.rfind("\n", 0, index) + 1 : index]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def _key_text(self, node: Node) -> str:
        return self._text[node.entries[0].start : node.entries[0].end] if node.entries else ""

    def _gap(self, containers: Sequence[Node], gaps: Callable[[Node], list[str]], sign: str) -> str:
        """Return a sign with the spaces that the definition has around it; one follows it by default."""
        for container in containers:
            for gap in gaps(container):
                if gap.strip(" \t") == sign:
                    return gap
        return sign + " "

    def _after_keys(self, node: Node) -> list[str]:
        return [self._text[entry.end : entry.node.start] for entry in node.entries]

    def _between_parts(self, node: Node) -> list[str]:
        parts = node.parts
        return [self._text[one.node.end : other.start] for one, other in pairwise(parts)]
