"""What a path selects, as far as that is the same in every event."""

from typing import Final, Literal, TypeAlias

from inspector.eventbridge.event import ENVELOPE
from inspector.eventbridge.jsonpath import parse_path

_STRINGS: Final = frozenset({"id", "detail-type", "source", "time", "region"})

_DIGITS: Final = frozenset({"version", "account"})

ValueKind: TypeAlias = Literal["object", "list", "string", "digits", "missing", "unknown"]


def kind_at(text: str) -> ValueKind:
    """Return what a path selects in every event, as far as the envelope says it.

    Raises:
        PathError: EventBridge refuses the path.
    """
    path = parse_path(text)
    if not path.steps:
        return "object"
    first, alone = path.steps[0], len(path.steps) == 1
    match first.name:
        case "detail":
            if first.subscript is not None:
                return "missing"
            return "object" if alone else ("list" if path.has_wildcard else "unknown")
        case "resources":
            if not alone:
                return "missing"
            return "unknown" if isinstance(first.subscript, int) else "list"
        case name if name in _STRINGS | _DIGITS:
            if not alone or first.subscript is not None:
                return "missing"
            return "digits" if name in _DIGITS else "string"
        case _:
            return "unknown" if first.name in ENVELOPE else "missing"
