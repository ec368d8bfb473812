"""Which combinations of `$or` branches Amazon's matcher keeps.

It adds them one after the other, and a combination over the same fields as an earlier one, with at
least one value in common in each of them, counts as that earlier one: it is not added, and what only
it would match is not matched.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence

from inspector.eventbridge.patterns.operators import AnythingBut, Field, NumberIs, Numeric, Operator


def counted(rules: Sequence[dict[str, Field]]) -> list[dict[str, Field]]:
    """Return the rules that count, in order; each is a path with its field."""
    if len(rules) == 1:
        return list(rules)
    kept: list[dict[str, Field]] = []
    seen: dict[frozenset[str], list[dict[str, frozenset[Hashable]]]] = {}
    marks = {id(leaf): frozenset(_marks(leaf)) for rule in rules for leaf in rule.values()}
    for rule in rules:
        earlier = seen.setdefault(frozenset(rule), [])
        own = {path: marks[id(leaf)] for path, leaf in rule.items()}
        if not any(all(own[path] & other[path] for path in own) for other in earlier):
            earlier.append(own)
            kept.append(rule)
    return kept


def _marks(leaf: Field) -> Iterator[Hashable]:
    for alternative in leaf.alternatives:
        yield from _of(alternative.operator)


def _of(operator: Operator) -> Iterable[Hashable]:
    """Yield what makes two operators the same to Amazon's matcher."""
    match operator:
        case NumberIs(text, value):
            # A plain number is two values to it: the number, and its text.
            return ("text", text), *((("number", value),) if value is not None else ())
        case Numeric(low, high) if low == high:
            return (("number", low),)
        case AnythingBut(excluded):
            return (frozenset(excluded),)
        case _:
            return (operator,)
