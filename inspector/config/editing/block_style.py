"""Values told by their indentation, written as the YAML around them is."""

from collections.abc import Sequence
from typing import Final

from inspector.config.editing.flow_style import FlowStyle
from inspector.config.editing.tree import Node, Splice, descendants
from inspector.config.editing.words import YamlFlowWords, yaml_key, yaml_scalar
from inspector.jsontext import JsonValue

_WIDEST_LINE: Final = 100


class YamlLayout:
    """Writes into one YAML text: in block style where that stands, in flow style inside of brackets.

    literals: strings may stand in literal blocks (`|`).
    """

    def __init__(self, text: str, definition: Node, *, literals: bool = True) -> None:
        self._text, self._literals = text, literals
        self._flow = FlowStyle(text, definition, YamlFlowWords())
        self._newline = "\r\n" if "\r\n" in text else "\n"
        blocks = [node for node in (definition, *descendants(definition)) if node.block]
        self._unit = self._step([node for node in blocks if node.entries], 2)
        lists = [node for node in blocks if node.items]
        self._dash = self._step(lists, self._unit)
        flat = sum(bool(node.items) and not node.block for node in descendants(definition))
        self._block_lists = sum(not node.items[0].parts for node in lists) > flat

    def replace(self, node: Node, value: JsonValue) -> Splice:
        """Return what puts another value in the place of `node`."""
        if node.lead is None:
            return self._flow.replace(node, value)
        old = self._text[node.start : node.end]
        if isinstance(value, dict | list):
            if (node.entries or node.items) and not node.block:
                return self._flow.replace(node, value)
            return Splice(node.lead, node.end, self._container(value, node.column))
        text = self._scalar(value, "" if node.block else old, node.column)
        if node.block or node.start == node.end:
            return Splice(node.lead, max(node.lead, node.end) if node.block else node.lead, " " + text)
        return Splice(node.start, node.end, text)

    def insert_members(self, node: Node, after: int, members: Sequence[tuple[str, JsonValue]]) -> Splice:
        """Return what puts members after the one with the index `after`; -1 puts them before the first."""
        if not node.block:
            return self._flow.insert_members(node, after, members)
        column = node.entries[0].node.column
        like = self._text[node.entries[0].start : node.entries[0].end]
        texts = [self._member(name, value, column, like) for name, value in members]
        return self._inserted(node, after, texts, node.entries[0].start, column)

    def insert_items(self, node: Node, after: int, items: Sequence[JsonValue]) -> Splice:
        """Return what puts items after the one with the index `after`; -1 puts them before the first."""
        if not node.block:
            return self._flow.insert_items(node, after, items)
        column = node.items[0].column
        texts = [self._item(item, column) for item in items]
        return self._inserted(node, after, texts, self._dash_of(node.items[0]), column)

    def delete(self, node: Node, first: int, last: int) -> Splice:
        """Return what takes the parts `first` to `last` out, with their lines."""
        if not node.block:
            return self._flow.delete(node, first, last)
        starts = [self._dash_of(item) for item in node.items] or [entry.start for entry in node.entries]
        before = self._line_before(starts[first])
        if before is None:
            return Splice(starts[first], starts[last + 1], "")
        return Splice(before, self._line_end(node.parts[last].node.end), "")

    def _inserted(self, node: Node, after: int, texts: Sequence[str], start: int, column: int) -> Splice:
        fresh_line = self._newline + " " * column
        if after < 0:
            before = self._line_before(start)
            if before is None:
                return Splice(start, start, "".join(text + fresh_line for text in texts))
            place = before
        else:
            place = self._line_end(node.parts[after].node.end)
        return Splice(place, place, "".join(fresh_line + text for text in texts))

    def _member(self, name: str, value: JsonValue, column: int, like: str) -> str:
        return f"{yaml_key(name, like)}:{self._after_sign(value, column)}"

    def _item(self, value: JsonValue, column: int) -> str:
        if isinstance(value, dict) and value:
            inner = column + 2
            members = [self._member(name, member, inner, "") for name, member in value.items()]
            return "- " + (self._newline + " " * inner).join(members)
        return "-" + self._after_sign(value, column)

    def _after_sign(self, value: JsonValue, column: int) -> str:
        """Return what follows the colon of a key, or the dash of an item, in `column`."""
        if isinstance(value, dict | list):
            return self._container(value, column)
        return " " + self._scalar(value, "", column)

    def _container(self, value: "dict[str, JsonValue] | list[JsonValue]", column: int) -> str:
        if not value:
            return " " + self._flow.inline(value)
        if isinstance(value, list):
            flat = " " + self._flow.inline(value)
            if not self._block_lists and column + len(flat) <= _WIDEST_LINE:
                return flat
            inner = column + self._dash
            texts = [self._item(item, inner) for item in value]
        else:
            inner = column + self._unit
            texts = [self._member(name, member, inner, "") for name, member in value.items()]
        return "".join(self._newline + " " * inner + text for text in texts)

    def _scalar(self, value: JsonValue, like: str, column: int) -> str:
        if isinstance(value, str):
            unit = self._unit if self._literals else None
            return yaml_scalar(value, like.replace("\r\n", "\n"), column, unit, self._newline)
        return self._flow.inline(value)

    def _step(self, blocks: Sequence[Node], default: int) -> int:
        """Return by how many columns the parts of a block stand to the right of the key before it."""
        for node in blocks:
            if node.lead is not None and self._text[node.lead - 1] == ":":
                first = node.entries[0].node if node.entries else node.items[0]
                return first.column - node.column
        return default

    def _dash_of(self, item: Node) -> int:
        return item.lead - 1 if item.lead is not None else item.start

    def _line_before(self, index: int) -> int | None:
        """Return where the line before ends, None where something else stands on this line."""
        line = self._text.rfind("\n", 0, index) + 1
        if line == 0 or self._text[line:index].strip():
            return None
        return line - 2 if self._text.endswith("\r\n", 0, line) else line - 1

    def _line_end(self, index: int) -> int:
        end = self._text.find("\n", index)
        if end < 0:
            return len(self._text)
        return end - 1 if self._text[end - 1] == "\r" else end
