"""Where in a YAML text its values stand, as ruamel.yaml's parser marks them."""

import io
import re
from functools import lru_cache
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as Parsed

from inspector.config.editing.address import Step, names_it
from inspector.config.editing.tree import Entry, Node
from inspector.jsontext import JsonValue

_COLON: Final = re.compile(r"[ \t]*:")
_BLANK_END: Final = re.compile(r"(\r?\n[ \t]*)+\Z")


def yaml_node(text: str, number: int, steps: tuple[Step, ...], value: JsonValue) -> Node | None:
    """Return the value at `steps` of the document `number` (from 1), None where it cannot be found.

    text: YAML that has been read before. value: the document's value as it was read.
    """
    parsed = _parsed(text)
    return _Builder(text).found(parsed[number - 1], steps, value) if number <= len(parsed) else None


@lru_cache(maxsize=2)
def _parsed(text: str) -> list[Parsed]:
    return list(YAML(typ="safe", pure=True).compose_all(io.StringIO(text)))


class _Builder:
    def __init__(self, text: str) -> None:
        self._text = text

    def found(self, parsed: Parsed, steps: tuple[Step, ...], value: JsonValue) -> Node | None:
        parent: Parsed | None = None
        for step in steps:
            within = parsed
            if isinstance(within, MappingNode) and isinstance(step, str) and isinstance(value, dict):
                keys = [str(k.value) for k, _ in within.value if names_it(step, str(k.value))]
                below = [v for k, v in within.value if names_it(step, str(k.value))]
                if not below:
                    return None  # it comes by a merge
                parsed, value = below[-1], value[keys[-1]]
            elif isinstance(within, SequenceNode) and isinstance(step, int) and isinstance(value, list):
                if step >= len(within.value):
                    return None
                parsed, value = within.value[step], value[step]
            else:
                return None
            parent = within
        block = isinstance(parent, MappingNode | SequenceNode) and not parent.flow_style
        return self._node(parsed, value, None, self._column(parsed) if block else 0)

    def _node(self, parsed: Parsed, value: JsonValue, lead: int | None, column: int) -> Node:
        start, end = parsed.start_mark.index, parsed.end_mark.index
        match parsed:
            case MappingNode() if isinstance(value, dict):
                return self._mapping(parsed, value, lead, column)
            case SequenceNode() if isinstance(value, list):
                block = not parsed.flow_style
                items = []
                for item, own in zip(parsed.value, value, strict=True):
                    dash = self._text.rfind("-", 0, item.start_mark.index)
                    under = (dash + 1, self._column_at(dash)) if block else (None, 0)
                    items.append(self._node(item, own, *under))
                end = items[-1].end if block and items else end
                return Node(start, end, value, (), tuple(items), block, lead, column)
            case _:
                if self._text[start : start + 1] in ("|", ">"):
                    blank = _BLANK_END.search(self._text, start, end)
                    end = blank.start() if blank else end
                return Node(start, end, value, (), (), False, lead, column)

    def _mapping(
        self, parsed: MappingNode, value: dict[str, JsonValue], lead: int | None, column: int
    ) -> Node:
        block = not parsed.flow_style
        entries = []
        for key, member in parsed.value:
            if not isinstance(key, ScalarNode) or str(key.value) not in value:
                continue
            name, key_end = str(key.value), key.end_mark.index
            colon = _COLON.match(self._text, key_end)
            under = (colon.end() if colon else key_end, self._column(key)) if block else (None, 0)
            node = self._node(member, value[name], *under)
            entries.append(Entry(name, key.start_mark.index, key_end, node))
        end = entries[-1].node.end if block and entries else parsed.end_mark.index
        start = entries[0].start if block and entries else parsed.start_mark.index
        return Node(start, end, value, tuple(entries), (), block, lead, column)

    def _column(self, parsed: Parsed) -> int:
        return self._column_at(parsed.start_mark.index)

    def _column_at(self, index: int) -> int:
        return index - (self._text.rfind("\n", 0, index) + 1)
