"""Whether one scalar of an event fulfils an operator (patterns, sections 4 to 9)."""

from collections.abc import Callable
from typing import TypeAlias, TypeGuard

from inspector.eventbridge.patterns.addresses import Block, address
from inspector.eventbridge.patterns.folding import (
    ends_ignoring_case,
    equals_ignoring_case,
    starts_ignoring_case,
)
from inspector.eventbridge.patterns.numbers import comparable
from inspector.eventbridge.patterns.operators import (
    AnythingBut,
    Cidr,
    EqualsIgnoreCase,
    Exists,
    Field,
    Literal,
    NumberIs,
    Numeric,
    Operator,
    Prefix,
    Suffix,
    Text,
    Wildcard,
)
from inspector.eventbridge.patterns.wildcard import matcher
from inspector.jsontext import scalar_text

Scalar: TypeAlias = str | int | float | bool | None
Test: TypeAlias = Callable[[Scalar], bool]


def fulfils(operator: Operator) -> Test:
    """Return the test that a value which is present must pass. `{"exists": false}` passes none."""
    match operator:
        case Text(value, None):
            return lambda found: found == value
        case Text(value, wanted):
            return lambda found: isinstance(found, str) and (found == value or address(found) == wanted)
        case NumberIs():
            return _number_is(operator)
        case Literal(value):
            return lambda found: found is value
        case Exists(present):
            return lambda _found: present
        case Numeric():
            return _numeric(operator)
        case Cidr(block):
            return _within(block)
        case AnythingBut(excluded):
            return _anything_but([fulfils(each) for each in excluded])
        case _:
            return _of_strings(string_test(operator))


def string_test(operator: Prefix | Suffix | EqualsIgnoreCase | Wildcard) -> Callable[[str], bool]:
    """Return what one of the operators on strings alone asks of a string."""
    match operator:
        case Prefix(text, ignore_case):
            if ignore_case:
                return starts_ignoring_case(text)
            return lambda found: found.startswith(text)
        case Suffix(text, ignore_case):
            if ignore_case:
                return ends_ignoring_case(text)
            return lambda found: found.endswith(text)
        case EqualsIgnoreCase(text):
            return equals_ignoring_case(text)
        case Wildcard(_, segments):
            return matcher(segments)


def field_test(field: Field) -> Test:
    """Return the test that a present value passes if it fulfils one of the field's alternatives."""
    operators = [each.operator for each in field.alternatives]
    texts = frozenset(each.value for each in operators if isinstance(each, Text) and each.address is None)
    others = [each for each in operators if not isinstance(each, Text) or each.address is not None]
    tests = [fulfils(each) for each in others if each != Exists(False)]
    if not tests:
        return lambda found: isinstance(found, str) and found in texts
    if len(tests) == 1 and not texts:
        return tests[0]
    return lambda found: (isinstance(found, str) and found in texts) or any(test(found) for test in tests)


def allows_absence(field: Field) -> bool:
    """Tell whether one of the field's alternatives is `{"exists": false}`."""
    return any(each.operator == Exists(False) for each in field.alternatives)


def is_number(value: Scalar) -> TypeGuard[int | float]:
    """Tell whether a JSON value is a number; a boolean is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _of_strings(test: Callable[[str], bool]) -> Test:
    return lambda found: isinstance(found, str) and test(found)


def _within(block: Block) -> Test:
    def within(found: Scalar) -> bool:
        if isinstance(found, str):
            packed = address(found)
            return packed is not None and block.holds(packed.hex().upper())
        return is_number(found) and block.holds(scalar_text(found))

    return within


def _number_is(wanted: NumberIs) -> Test:
    value, text = wanted.value, wanted.text

    def equals(found: Scalar) -> bool:
        if not is_number(found):
            return False
        return scalar_text(found) == text if value is None else comparable(found) == value

    return equals


def _numeric(bounds: Numeric) -> Test:
    low = float("-inf") if bounds.low is None else bounds.low
    high = float("inf") if bounds.high is None else bounds.high
    low_open, high_open = bounds.low_open, bounds.high_open

    def within(found: Scalar) -> bool:
        if type(found) is float:
            number: float | None = found
        elif is_number(found):
            number = comparable(found)
        else:
            return False
        if number is None or number < low or number > high:
            return False
        return not (low_open and number == low) and not (high_open and number == high)

    return within


def _anything_but(excluded: list[Test]) -> Test:
    if len(excluded) == 1:
        only = excluded[0]
        return lambda found: not only(found)
    return lambda found: not any(test(found) for test in excluded)
