"""From one scalar to the entries of many rules that it fulfils, without asking each of them."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from inspector.eventbridge.patterns.numbers import comparable
from inspector.eventbridge.patterns.operators import (
    AnythingBut,
    Cidr,
    EqualsIgnoreCase,
    Literal,
    NumberIs,
    Numeric,
    Operator,
    Prefix,
    Suffix,
    Text,
    Wildcard,
)
from inspector.eventbridge.patterns.scalars import Test, fulfils

Ids: TypeAlias = tuple[int, ...]
Find: TypeAlias = Callable[[Any], Ids | None]
"""From a scalar to the ids that it fulfils: none, or None, where it fulfils nothing."""
Entry: TypeAlias = tuple[Operator, int]

_LARGEST_TABLE: Final = 200_000
_FEW: Final = 16
_FLOAT: Final = {float}


@dataclass(frozen=True, slots=True)
class Lookup:
    """What finds the ids of a scalar, by its kind: string, number, or `true`, `false`, `null`."""

    strings: tuple[Find, ...]
    numbers: tuple[Find, ...]
    literals: tuple[Find, ...]
    floats: Callable[[Sequence[float]], Ids] | None = None
    """Finds the ids of several plain floats at once, where that is all there is to ask of numbers."""

    def find(self, values: Sequence[object]) -> Ids:
        """Return the ids that the scalars fulfil, some perhaps more than once."""
        if self.floats is not None and set(map(type, values)) == _FLOAT:
            return self.floats(values)  # type: ignore[arg-type]
        found: Ids = ()
        for value in values:
            if type(value) is str:
                finds = self.strings
            elif value is None or value is True or value is False:
                finds = self.literals
            else:
                finds = self.numbers
            for find in finds:
                if ids := find(value):
                    found += ids
        return found


def lookup(entries: Iterable[Entry]) -> Lookup:
    """Return the lookup of operators and the ids that stand for them, all asked of the same path."""
    kinds: dict[str, list[Entry]] = {}
    for operator, number in entries:
        kinds.setdefault(_kind(operator), []).append((operator, number))
    strings, numbers, literals = list[Find](), list[Find](), list[Find]()
    for kind, build in _STRINGS.items():
        if found := kinds.pop(kind, None):
            strings.append(build(found))
    floats = None
    if ranges := kinds.pop("range", None):
        find, floats = _ranges(ranges)
        numbers.append(find)
    if fixed := kinds.pop("literal", None):
        literals.append(_one_by_one(fixed))
    if negated := kinds.pop("negated", None):
        strings.append(_negated(negated))
        everything = tuple(number for _, number in negated)
        numbers.append(lambda _value: everything)
        literals.append(lambda _value: everything)
    if some_strings := kinds.pop("string", None):
        strings.append(_one_by_one(some_strings))
    if others := kinds.pop("other", None):
        for finds in (strings, numbers, literals):
            finds.append(_one_by_one(others))
    return Lookup(tuple(strings), tuple(numbers), tuple(literals), floats if len(numbers) == 1 else None)


def _kind(operator: Operator) -> str:
    match operator:
        case Text(_, None):
            return "text"
        case Prefix(text, False):
            return "prefix" if text else "string"
        case Suffix(text, False):
            return "suffix" if text else "string"
        case EqualsIgnoreCase(text):
            return "folded" if text.isascii() else "string"
        case Wildcard():
            return "wildcard"
        case Text() | Prefix() | Suffix():
            return "string"
        case Numeric():
            return "range"
        case NumberIs(_, value):
            return "other" if value is None else "range"
        case Literal():
            return "literal"
        case AnythingBut(excluded):
            return "negated" if all(isinstance(each, Text) for each in excluded) else "other"
        case Cidr():
            return "other"
        case _:
            return "other"


def _table(pairs: Iterable[tuple[Any, int]]) -> dict[Any, Ids]:
    lists: dict[Any, list[int]] = {}
    for key, number in pairs:
        lists.setdefault(key, []).append(number)
    return {key: tuple(numbers) for key, numbers in lists.items()}


def _one_by_one(entries: list[Entry]) -> Find:
    tests: list[tuple[Test, int]] = [(fulfils(operator), number) for operator, number in entries]
    if len(tests) == 1:
        ((only, single),) = tests
        ids = (single,)
        return lambda value: ids if only(value) else ()
    return lambda value: tuple([number for test, number in tests if test(value)])


def _texts(entries: list[Entry]) -> Find:
    table = _table((operator.value, number) for operator, number in entries if isinstance(operator, Text))
    return table.get


def _folded(entries: list[Entry]) -> Find:
    table = _table(
        (operator.text.lower(), number)
        for operator, number in entries
        if isinstance(operator, EqualsIgnoreCase)
    )
    get = table.get

    def find(value: str) -> Ids:
        found = get(value.lower(), ())
        # The Kelvin sign, for one, has a lower-case form in ASCII, but is not a form of that letter.
        return found if not found or value.isascii() else ()

    return find


def _affixes(pairs: list[tuple[str, int]], *, at_end: bool) -> Find:
    sizes: dict[int, list[tuple[str, int]]] = {}
    for text, number in pairs:
        sizes.setdefault(len(text), []).append((text, number))
    tables = [(-size if at_end else size, _table(group)) for size, group in sorted(sizes.items())]
    few = tuple({text for text, _ in pairs}) if len(pairs) <= _FEW else ()

    def find(value: str) -> Ids:
        if few and not (value.endswith(few) if at_end else value.startswith(few)):
            return ()
        found: Ids = ()
        for size, table in tables:
            found += table.get(value[size:] if at_end else value[:size], ())
        return found

    return find


def _prefixes(entries: list[Entry]) -> Find:
    return _affixes([(op.text, number) for op, number in entries if isinstance(op, Prefix)], at_end=False)


def _suffixes(entries: list[Entry]) -> Find:
    return _affixes([(op.text, number) for op, number in entries if isinstance(op, Suffix)], at_end=True)


def _wildcards(entries: list[Entry]) -> Find:
    """Ask only the wildcards whose first or last character the value has."""
    starts: dict[str, list[Entry]] = {}
    ends: dict[str, list[Entry]] = {}
    rest: list[Entry] = []
    for operator, number in entries:
        first, last = (
            (operator.segments[0], operator.segments[-1]) if isinstance(operator, Wildcard) else ("", "")
        )
        if first:
            starts.setdefault(first[0], []).append((operator, number))
        elif last:
            ends.setdefault(last[-1], []).append((operator, number))
        else:
            rest.append((operator, number))
    by_start = {char: _one_by_one(group) for char, group in starts.items()}
    by_end = {char: _one_by_one(group) for char, group in ends.items()}
    always = _one_by_one(rest) if rest else None

    def find(value: str) -> Ids:
        found: Ids = ()
        if value:
            if starting := by_start.get(value[0]):
                found = starting(value) or ()
            if ending := by_end.get(value[-1]):
                found += ending(value) or ()
        return found + (always(value) or ()) if always else found

    return find


def _negated(entries: list[Entry]) -> Find:
    excluding = [
        (frozenset(each.value for each in operator.excluded if isinstance(each, Text)), number)
        for operator, number in entries
        if isinstance(operator, AnythingBut)
    ]
    values = frozenset().union(*(excluded for excluded, _ in excluding))
    if len(values) * len(excluding) > _LARGEST_TABLE:
        return _one_by_one(entries)
    everything = tuple(number for _, number in excluding)
    table = {
        value: tuple(number for excluded, number in excluding if value not in excluded) for value in values
    }
    get = table.get
    return lambda value: get(value, everything)


def _ranges(entries: list[Entry]) -> tuple[Find, Callable[[Sequence[float]], Ids] | None]:
    """Cut the line of numbers at every bound: the ids of each piece are known beforehand."""
    ranges = [
        (Numeric(operator.value, operator.value) if isinstance(operator, NumberIs) else operator, number)
        for operator, number in entries
    ]
    bounds = sorted(
        {
            bound
            for operator, _ in ranges
            if isinstance(operator, Numeric)
            for bound in (operator.low, operator.high)
            if bound is not None
        }
    )
    place = {bound: number for number, bound in enumerate(bounds)}
    # Piece 2n+1 is the nth bound itself, piece 2n is what lies before it.
    pieces: list[list[int]] = [[] for _ in range(2 * len(bounds) + 1)]
    filled = 0
    for operator, number in ranges:
        if not isinstance(operator, Numeric):
            continue
        first = 0 if operator.low is None else 2 * place[operator.low] + 1 + operator.low_open
        last = len(pieces) - 1
        if operator.high is not None:
            last = 2 * place[operator.high] + 1 - operator.high_open
        filled += last - first + 1
        if filled > _LARGEST_TABLE:
            return _one_by_one(entries), None
        for piece in range(first, last + 1):
            pieces[piece].append(number)
    known = [tuple(piece) for piece in pieces]
    low, high = bounds[0], bounds[-1]
    bounded = not known[0] and not known[-1]
    bounds.append(float("inf"))

    def find(value: int | float) -> Ids:
        number = value if type(value) is float else comparable(value)
        if number is None:
            return ()
        at = bisect_left(bounds, number)
        return known[2 * at + (bounds[at] == number)]

    def find_all(values: Sequence[float]) -> Ids:
        if bounded and (min(values) > high or max(values) < low):
            return ()
        found: Ids = ()
        for number in values:
            at = bisect_left(bounds, number)
            if ids := known[2 * at + (bounds[at] == number)]:
                found += ids
        return found

    return find, find_all


_STRINGS: Final[dict[str, Callable[[list[Entry]], Find]]] = {
    "text": _texts,
    "prefix": _prefixes,
    "suffix": _suffixes,
    "folded": _folded,
    "wildcard": _wildcards,
}
