"""The text of a file of definitions: where a definition stands in it, and the text with edits in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from inspector.config.documents import documents
from inspector.config.editing.address import Address, names_it
from inspector.config.editing.block_style import YamlLayout
from inspector.config.editing.definition import with_edits
from inspector.config.editing.edits import Edit, EditError
from inspector.config.editing.flow_style import FlowStyle
from inspector.config.editing.json_tree import json_node
from inspector.config.editing.rewrite import Layout, changes
from inspector.config.editing.tree import Node, spliced
from inspector.config.editing.words import JsonWords
from inspector.config.files import SourceFile
from inspector.config.report import Report
from inspector.jsontext import JsonValue, dumps

_YAML: Final = (".yaml", ".yml")
_LINES: Final = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class FileText:
    """A text and the name of its file, which tells the language."""

    name: str
    text: str

    def node(self, address: Address) -> Node:
        """Return the value at an address.

        Raises:
            EditError: there is none, or it comes from elsewhere by an alias.
        """
        lower = self.name.lower()
        if lower.endswith(_YAML):
            from inspector.config.editing.yaml_tree import yaml_node

            # Documents of nothing but comments have a number too.
            value = next(
                (v for v, path in self._values() if path.startswith(f"document {address.number}:")), None
            )
            if value is None:
                value = next((v for v, _ in self._values()), None)
            node = yaml_node(self.text, address.number, address.steps, value)
        elif lower.endswith(_LINES):
            start = 0
            for _ in range(address.number - 1):
                start = self.text.find("\n", start) + 1
            node = json_node(self.text, start, address.steps)
        else:
            node = json_node(self.text, 0, address.steps)
        if node is None:
            raise EditError(
                f"{self.name}: the place of the definition is not found", hint="edit the file by hand"
            )
        return node

    def with_edits(self, address: Address, edits: Sequence[Edit]) -> "FileText":
        """Return the text with `edits` of the definition at an address in it, and nothing else changed.

        Raises:
            EditError: the text does not let the member be changed by itself.
        """
        node = self.node(address)
        if not isinstance(node.value, dict):
            raise EditError(
                f"{self.name}: the place of the definition is not found", hint="edit the file by hand"
            )
        value = with_edits(node.value, edits)
        expected = [
            (_put(old, address.steps, value) if self._is_at(path, address) else old, path)
            for old, path in self._values()
        ]
        for layout in self._layouts(node):
            new = replace(self, text=spliced(self.text, changes(node, value, layout)))
            if list(map(_comparable, new._values())) == list(map(_comparable, expected)):
                return new
        raise EditError(
            f"{self.name}: {edits[-1].member} of {edits[-1].owner} cannot be changed by itself",
            hint="its value comes by an alias or stands twice: edit the file by hand",
        )

    def _layouts(self, node: Node) -> Iterator[Layout]:
        """Yield the ways to write into the text; the next is for where the one before does not do."""
        if self.name.lower().endswith(_YAML):
            yield YamlLayout(self.text, node)
            yield YamlLayout(self.text, node, literals=False)
        else:
            escapes = self.text.isascii() and "\\u" in self.text
            yield FlowStyle(self.text, node, JsonWords(escapes=escapes))

    def _values(self) -> list[tuple[JsonValue, str]]:
        return _read(self)

    def _is_at(self, path: str, address: Address) -> bool:
        return path == "$" or path in (f"line {address.number}: $", f"document {address.number}: $")


@lru_cache(maxsize=2)  # YAML is slow to read, and a text is asked for several times
def _read(text: FileText) -> list[tuple[JsonValue, str]]:
    file = SourceFile(Path(text.name), text.name, named=True)
    return [(value, place.path) for value, place in documents(text.text, file, Report())]


def _put(value: JsonValue, steps: Sequence[str | int], new: JsonValue) -> JsonValue:
    if not steps:
        return new
    step, *rest = steps
    match value:
        case dict():
            key = next((key for key in value if names_it(step, key)), None)
            return {k: (_put(v, rest, new) if k == key else v) for k, v in value.items()}
        case list():
            return [_put(v, rest, new) if index == step else v for index, v in enumerate(value)]
        case _:
            return value


def _comparable(found: tuple[JsonValue, str]) -> tuple[str, str]:
    value, path = found
    return dumps(value), path
