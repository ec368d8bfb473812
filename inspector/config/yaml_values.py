"""YAML as JSON would have it: no dates, no objects, and what only looks like a number stays a string."""

import io
import re
from collections.abc import Iterator
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from inspector.config.report import Place, Report, quoted
from inspector.jsontext import JsonObject, JsonValue, Number, loads

LARGEST_YAML: Final = 1_000_000
"""Characters. The parser reads some 200 kB a second."""

_MOST_VALUES: Final = 200_000
_MOST_LEVELS: Final = 100
_CORE: Final = "tag:yaml.org,2002:"
_JSON_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_OTHER_BASE: Final = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+")


class _TooMuchError(Exception):
    """Anchors that nest without end, or that multiply a small file into a huge one."""


def yaml_values(text: str, root: Place, report: Report) -> Iterator[tuple[JsonValue, Place]]:
    """Yield the documents of a YAML file as JSON values, each with its place; faults go to the report.

    Custom tags are ignored with a warning; of equal keys the last counts, with a warning.
    """
    if len(text) > LARGEST_YAML:
        expected = "at most 1 MB of YAML; JSON may have 10 MB"
        report.error(root, "a YAML file of more than 1 MB", expected, kind="file")
        return
    try:
        nodes: list[Node] = list(YAML(typ="safe", pure=True).compose_all(io.StringIO(text)))
    except MarkedYAMLError as error:
        report.error(root, f"not valid YAML: {_problem(error)}", "YAML 1.2", kind="file")
        return
    except (YAMLError, RecursionError, ValueError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else "a character that YAML forbids"
        report.error(root, f"not valid YAML: {why}", "YAML 1.2", kind="file")
        return
    for number, node in enumerate(nodes, start=1):
        place = root if len(nodes) == 1 else Place(root.file, f"document {number}: $", root.folder)
        if not (isinstance(node, ScalarNode) and node.value == ""):  # nothing but comments
            try:
                yield _Converter(report).value(node, place), place
            except _TooMuchError as error:
                expected = f"at most {_MOST_LEVELS} levels and {_MOST_VALUES} values"
                report.error(place, str(error), expected, kind="file")


class _Converter:
    def __init__(self, report: Report) -> None:
        self._report = report
        self._values = 0

    def value(self, node: Node, place: Place, level: int = 0) -> JsonValue:
        self._values += 1
        if level > _MOST_LEVELS:
            raise _TooMuchError("values nested too deeply, or an alias inside of what it stands for")
        if self._values > _MOST_VALUES:
            raise _TooMuchError("too many values, counting what the aliases repeat")
        tag = str(node.tag)
        if not tag.startswith(_CORE):
            self._report.warning(place, f"the tag {quoted(tag)} is ignored", "plain YAML values")
        match node:
            case MappingNode():
                return self._mapping(node, place, level)
            case SequenceNode():
                return [self.value(n, place.item(i), level + 1) for i, n in enumerate(node.value)]
            case _:
                return _scalar(tag.removeprefix(_CORE), str(node.value))

    def _mapping(self, node: MappingNode, place: Place, level: int) -> JsonObject:
        own: JsonObject = {}
        merged: JsonObject = {}
        for key, member in node.value:
            if str(key.tag) == f"{_CORE}merge":
                for source in member.value if isinstance(member, SequenceNode) else [member]:
                    if isinstance(base := self.value(source, place, level + 1), dict):
                        merged = base | merged
                continue
            if not isinstance(key, ScalarNode):
                self._report.error(place, "a key that is no string", "keys as JSON has them", kind="file")
                continue
            name = str(key.value)
            if name in own:
                found = f"the key {quoted(name)} stands twice"
                self._report.warning(place.member(name), found, "it once", kind="twice")
            own[name] = self.value(member, place.member(name), level + 1)
        return merged | own


def _scalar(tag: str, text: str) -> JsonValue:
    match tag:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int" | "float" if _JSON_NUMBER.fullmatch(text):
            return loads(text)
        case "int" if _OTHER_BASE.fullmatch(text):
            return int(text, 0)
        case "float" if text.lower().lstrip("+-") not in (".inf", ".nan") and "_" not in text:
            return Number(repr(float(text)))
        case _:
            return text


def _problem(error: MarkedYAMLError) -> str:
    # An alias's name may be a secret that someone wrote without quotes.
    problem = re.sub(r"(alias|anchor) '[^']*'", r"\1", error.problem or "it cannot be understood")
    mark = error.problem_mark
    return f"{problem} (line {mark.line + 1}, column {mark.column + 1})" if mark else problem
