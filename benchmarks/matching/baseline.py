"""What the figures are held against: parse the whole event, walk each pattern."""

from typing import Any


def matches(pattern: dict[str, Any], event: Any) -> bool:
    """Tell whether an event matches, in the plain way: no array consistency, no `$or`."""
    for key, wanted in pattern.items():
        values = [
            element[key] for element in _elements(event) if isinstance(element, dict) and key in element
        ]
        if isinstance(wanted, dict):
            if not any(matches(wanted, value) for value in values):
                return False
        elif not any(_fits(entry, each) for value in values for each in _elements(value) for entry in wanted):
            return False
    return True


def _elements(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _fits(entry: Any, value: Any) -> bool:
    if not isinstance(entry, dict):
        return bool(entry == value)
    ((name, operand),) = entry.items()
    if name == "numeric":
        return isinstance(value, int | float) and all(
            _compares(operand[at], value, operand[at + 1]) for at in range(0, len(operand), 2)
        )
    if name == "anything-but":
        return value not in operand
    if not isinstance(value, str):
        return False
    match name:
        case "prefix":
            return value.startswith(operand)
        case "suffix":
            return value.endswith(operand)
        case "equals-ignore-case":
            return bool(value.lower() == operand.lower())
        case _:
            return _like(operand.split("*"), value)


def _compares(sign: str, value: float, bound: float) -> bool:
    match sign:
        case ">=":
            return value >= bound
        case ">":
            return value > bound
        case "<=":
            return value <= bound
        case "<":
            return value < bound
        case _:
            return value == bound


def _like(parts: list[str], value: str) -> bool:
    at = 0
    for part in parts:
        at = value.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return value.startswith(parts[0]) and value.endswith(parts[-1])
