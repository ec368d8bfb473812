"""The combinations of `$or` branches that a pattern stands for (patterns, section 11)."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from inspector.eventbridge.patterns.operators import AnythingBut, Field, Group, NumberIs, Numeric, Operator


@dataclass(frozen=True, slots=True)
class Combination:
    """One branch chosen of each `$or`: the field that counts for each path, and the choices.

    A choice is the number of the branch by the `offset` of its `$or`.
    """

    fields: dict[str, Field] = field(default_factory=dict)
    choices: dict[int, int] = field(default_factory=dict)


def combinations(root: Group) -> list[Combination]:
    """Return every combination, in the order in which Amazon's matcher adds them.

    A path that is named again, later in the pattern, replaces the earlier one in each combination.
    """
    return _spread(root, [Combination()])


def _spread(group: Group, before: Sequence[Combination]) -> list[Combination]:
    found = [Combination(dict(each.fields), dict(each.choices)) for each in before]
    for member in group.members:
        if isinstance(member, Field):
            for each in found:
                each.fields[member.path] = member
            continue
        after: list[Combination] = []
        for number, branch in enumerate(member.branches):
            chosen = [Combination(each.fields, each.choices | {member.offset: number}) for each in found]
            after += _spread(branch, chosen)
        found = after
    return found


def counted(every: Sequence[Combination]) -> list[Combination]:
    """Return the combinations that Amazon's matcher keeps.

    It adds one after the other, and takes one over the same fields as an earlier one, with a value in
    common in each of them, for that earlier one: what only the later would match is not matched.
    """
    if len(every) == 1:
        return list(every)
    kept: list[Combination] = []
    seen: dict[frozenset[str], list[dict[str, frozenset[Hashable]]]] = {}
    marks = {id(leaf): frozenset(_marks(leaf)) for each in every for leaf in each.fields.values()}
    for combination in every:
        own = {path: marks[id(leaf)] for path, leaf in combination.fields.items()}
        earlier = seen.setdefault(frozenset(own), [])
        if not any(all(own[path] & other[path] for path in own) for other in earlier):
            earlier.append(own)
            kept.append(combination)
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
