"""The JSON path of an origin, read back into steps."""

import json
import re
from dataclasses import dataclass
from typing import Final

from inspector.config.editing.edits import EditError
from inspector.config.report import shortened
from inspector.eventbridge.resources import Origin

_ROOT: Final = re.compile(r"(?:(line|document) (\d+): )?\$")
_NAME: Final = re.compile(r"\.([A-Za-z_][\w-]*)", re.ASCII)
_INDEX: Final = re.compile(r"\[(\d+)\]")

Step = str | int


@dataclass(frozen=True, slots=True)
class Address:
    """A value in a file.

    number: of its line of JSONL or its document of YAML, from 1; 1 where the file holds one value. steps:
    names of members and indexes of items.
    """

    number: int
    steps: tuple[Step, ...]


def address_of(origin: Origin) -> Address:
    """Return where in its file a definition stands.

    Raises:
        EditError: the origin is none of a definition in a file.
    """
    root = _ROOT.match(origin.path)
    if not origin.file or root is None:
        raise EditError(f"{origin} is no place in a file")
    at, steps = root.end(), list[Step]()
    while at < len(origin.path):
        if found := _NAME.match(origin.path, at):
            steps.append(found[1])
            at = found.end()
        elif found := _INDEX.match(origin.path, at):
            steps.append(int(found[1]))
            at = found.end()
        elif origin.path.startswith('["', at):
            # The name stands in JSON's quotes, but for its control characters.
            name, at = json.JSONDecoder(strict=False).raw_decode(origin.path, at + 1)
            steps.append(str(name))
            at += 1
        else:
            raise EditError(f"{origin} is no place in a file")
    return Address(int(root[2] or 1), tuple(steps))


def names_it(step: Step, key: str) -> bool:
    """Tell whether a step means the member `key`: paths hold long names shortened."""
    return step in (key, shortened(key))
