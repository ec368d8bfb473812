"""Why a pattern matches an event, or why not: one verdict for each field and each alternative.

The verdicts come of the search that defines matching (`flattening`), so their root always says what
the matcher says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from inspector.eventbridge.patterns.combinations import Combination, combinations, counted
from inspector.eventbridge.patterns.flattening import (
    Choice,
    Leaf,
    Membership,
    Wanted,
    choice,
    flatten,
    path_order,
)
from inspector.eventbridge.patterns.operators import Alternative, Exists, Field, Group, Or
from inspector.eventbridge.patterns.pattern import Pattern
from inspector.eventbridge.patterns.scalars import allows_absence, fulfils
from inspector.eventbridge.patterns.verdict import Found, Verdict, VerdictKind
from inspector.eventbridge.patterns.whereabouts import why_missing
from inspector.eventbridge.patterns.words import nearness, shown, why, why_not
from inspector.jsontext import JsonValue

_SHOWN: Final = 10
"""Values that a verdict lists."""
_LOOKED_AT: Final = 50
"""Values that are compared for which came nearest."""


def explain(pattern: Pattern, document: Mapping[str, JsonValue]) -> Verdict:
    """Return why an event's document (of `inspector.jsontext.loads`) matches the pattern or not.

    Raises:
        EventTooComplex: the event's arrays leave too many combinations to try.
    """
    every = combinations(pattern.root)
    kept = {id(each) for each in counted(every)}
    view = _View(document, every)
    outcomes = [_Outcome(each, view.evaluate(each), id(each) in kept) for each in every]
    nearest = min((each for each in outcomes if each.counts), key=lambda each: each.misses)
    return _Tree(view, outcomes, nearest).root(pattern.root)


@dataclass(slots=True)
class _Held:
    """How one field fared in one combination.

    fits: the leaves that fulfil it and go with the elements chosen before. absent: it holds by having
    no leaf. before: the elements chosen before, in each way.
    """

    fits: list[Leaf]
    absent: bool
    before: list[Membership]

    @property
    def matched(self) -> bool:
        return bool(self.fits) or self.absent


@dataclass(slots=True)
class _Outcome:
    combination: Combination
    held: dict[str, _Held]
    counts: bool
    misses: int = field(init=False)

    def __post_init__(self) -> None:
        self.misses = sum(not each.matched for each in self.held.values())

    def missed(self, fields: set[int]) -> set[int]:
        """Return which fields do not hold, of those that are not among `fields`."""
        chosen = self.combination.fields
        return {id(chosen[path]) for path, held in self.held.items() if not held.matched} - fields


class _View:
    """An event as the fields of a pattern see it."""

    def __init__(self, document: Mapping[str, JsonValue], every: Sequence[Combination]) -> None:
        self.document = document
        fields = {id(leaf): leaf for each in every for leaf in each.fields.values()}
        self.leaves = flatten(document, Wanted(frozenset(leaf.path for leaf in fields.values())))
        self.matching: dict[int, list[Leaf]] = {}
        for key, leaf in fields.items():
            tests = [fulfils(each.operator) for each in leaf.alternatives]
            self.matching[key] = [
                each for each in self.leaves.get(leaf.path, ()) if any(test(each.value) for test in tests)
            ]

    def evaluate(self, combination: Combination) -> dict[str, _Held]:
        paths = sorted(combination.fields, key=path_order)
        search: Choice = choice([self.leaves.get(path, ()) for path in paths])
        held: dict[str, _Held] = {}
        for path in paths:
            leaf = combination.fields[path]
            leaves, matching = self.leaves.get(path, []), self.matching[id(leaf)]
            absent = allows_absence(leaf)
            before = list(search.states.values())
            search.take(leaves, matching, absent)
            held[path] = _Held(
                [each for each in matching if any(_agrees(each, chosen) for chosen in before)],
                absent and any(not any(_agrees(each, chosen) for each in leaves) for chosen in before),
                before,
            )
        return held


def _agrees(leaf: Leaf, chosen: Membership) -> bool:
    return all(chosen.get(array, index) == index for array, index in leaf.membership)


class _Tree:
    """Builds the verdicts: `nearest` is the combination that matched or came nearest."""

    def __init__(self, view: _View, outcomes: Sequence[_Outcome], nearest: _Outcome) -> None:
        self._view = view
        self._outcomes = outcomes
        self._nearest = nearest
        self._inside: dict[int, frozenset[int]] = {}
        self._best: dict[tuple[int, frozenset[tuple[int, int]]], _Outcome] = {}

    def root(self, group: Group) -> Verdict:
        children = self._members(group, self._nearest)
        failed = [child for child in children if not child.matched]
        if not failed:
            reason = "the event matches the pattern"
        else:
            names = ", ".join(f"`{child.path}`" if child.kind == "field" else "`$or`" for child in failed[:5])
            verb = "does" if len(failed) == 1 else "do"
            reason = f"{names}{', …' if len(failed) > 5 else ''} {verb} not match"
        return Verdict("pattern", not failed, reason=reason, children=children)

    def _members(self, group: Group, outcome: _Outcome) -> tuple[Verdict, ...]:
        return tuple(
            self._field(member, outcome) if isinstance(member, Field) else self._or(member, outcome)
            for member in group.members
        )

    def _or(self, member: Or, outcome: _Outcome) -> Verdict:
        chosen = outcome.combination.choices[member.offset]
        branches = tuple(
            self._branch(member, number, self._taking(member, number, outcome), outcome)
            for number in range(len(member.branches))
        )
        matched = branches[chosen].matched
        if matched:
            reason = f"branch {chosen + 1} of {len(branches)} holds"
        else:
            reason = f"none of the {len(branches)} branches holds, the nearest is branch {chosen + 1}"
        return Verdict(
            "or",
            matched,
            member.path,
            f"one of {len(branches)} branches",
            reason,
            (),
            branches,
            None if matched else chosen,
        )

    def _taking(self, member: Or, number: int, outcome: _Outcome) -> _Outcome:
        """Return the best combination that takes a branch here and the same ones as `outcome` elsewhere."""
        if outcome.combination.choices[member.offset] == number:
            return outcome
        inside = self._inside.get(member.offset)
        if inside is None:
            inside = self._inside[member.offset] = frozenset(_offsets(member))
            for each in self._outcomes:
                key = _outside(each.combination.choices, inside)
                best = self._best.get((member.offset, key))
                if best is None or (each.misses, not each.counts) < (best.misses, not best.counts):
                    self._best[member.offset, key] = each
        here = {**outcome.combination.choices, member.offset: number}
        return self._best[member.offset, _outside(here, inside)]

    def _branch(self, member: Or, number: int, outcome: _Outcome, winner: _Outcome) -> Verdict:
        group = member.branches[number]
        children = self._members(group, outcome)
        failed = [child for child in children if not child.matched]
        matched, reason = not failed, "holds"
        if failed:
            reason = (
                f"{len(failed)} of {len(children)} do not hold" if len(children) > 1 else failed[0].reason
            )
        elif outcome is not winner:
            inside = {id(leaf) for each in member.branches for leaf in _fields(each)}
            if not outcome.counts:
                matched = False
                reason = (
                    "holds by itself, but Amazon's matcher drops it: in every field it has a value in common "
                    "with an earlier combination of branches"
                )
            elif outcome.missed(inside) - winner.missed(inside):
                matched, reason = False, "holds by itself, but not together with the fields outside"
        return Verdict("branch", matched, member.path, f"branch {number + 1}", reason, (), children)

    def _field(self, leaf: Field, outcome: _Outcome) -> Verdict:
        wanted = ", ".join(each.written for each in leaf.alternatives)
        if outcome.combination.fields[leaf.path] is not leaf:
            reason = f"does not count: a later `{leaf.path}` replaces it"
            return Verdict("field", True, leaf.path, wanted, reason)
        held = outcome.held[leaf.path]
        leaves = self._view.leaves.get(leaf.path, [])
        verdicts = [self._alternative(each, leaf, held, leaves, outcome) for each in leaf.alternatives]
        children = tuple(verdict for verdict, _ in verdicts)
        best = max(range(len(verdicts)), key=lambda number: (children[number].matched, verdicts[number][1]))
        reason = children[best].reason
        if not held.matched and len(leaves) > 1 and not self._view.matching[id(leaf)]:
            reason = f"none of its {len(leaves)} values fits; the nearest: {reason}"
        return Verdict(
            "field",
            held.matched,
            leaf.path,
            wanted,
            reason,
            children[best].found,
            children,
            None if held.matched else best,
        )

    def _alternative(
        self, alternative: Alternative, leaf: Field, held: _Held, leaves: Sequence[Leaf], outcome: _Outcome
    ) -> tuple[Verdict, float]:
        """Return the verdict on one entry of a field's list, and how near it came."""
        operator, path = alternative.operator, leaf.path
        test = fulfils(operator)

        def verdict(matched: bool, reason: str, found: Sequence[Leaf], score: float) -> tuple[Verdict, float]:
            kind: VerdictKind = "alternative"
            shown_leaves = tuple(Found(_place(each), shown(each.value)) for each in found[:_SHOWN])
            return Verdict(kind, matched, path, alternative.written, reason, shown_leaves), score

        if operator == Exists(False):
            if held.absent:
                return verdict(True, f"`{path}` is absent", (), 1.0)
            present = next(each for chosen in held.before for each in leaves if _agrees(each, chosen))
            return verdict(False, why_not(operator, present.value, _place(present)), leaves, 0.5)
        fits = [each for each in held.fits if test(each.value)]
        if fits:
            return verdict(True, why(operator, fits[0].value, _place(fits[0])), fits, 1.0)
        elsewhere = [each for each in leaves if test(each.value)]
        if elsewhere:
            return verdict(False, self._apart(elsewhere[0], leaf, outcome), elsewhere, 0.95)
        if not leaves:
            return verdict(False, why_missing(self._view.document, path), (), 0.0)
        near = sorted(leaves[:_LOOKED_AT], key=lambda each: -nearness(operator, each.value))
        reason = why_not(operator, near[0].value, _place(near[0]))
        return verdict(False, reason, near, nearness(operator, near[0].value))

    def _apart(self, leaf: Leaf, own: Field, outcome: _Outcome) -> str:
        """Return why a leaf that fits does not count: it stands in another element than the others."""
        chosen = outcome.held[own.path].before[0]
        array, number = next(
            (array, number)
            for number, (array, index) in enumerate(leaf.membership)
            if chosen.get(array, index) != index
        )
        where = _array(leaf, number)
        for path, held in outcome.held.items():
            if path == own.path:
                break
            for other in held.fits:
                if any(member == array for member, _ in other.membership):
                    return (
                        f"`{path}` and `{own.path}` match in different elements of `{where}`: "
                        f"`{_place(other)}` and `{_place(leaf)}`"
                    )
        return f"matches only in another element of `{where}` than the other fields"


def _outside(choices: Mapping[int, int], inside: frozenset[int]) -> frozenset[tuple[int, int]]:
    return frozenset((offset, number) for offset, number in choices.items() if offset not in inside)


def _offsets(member: Or) -> Iterator[int]:
    for branch in member.branches:
        for below in branch.members:
            if isinstance(below, Or):
                yield below.offset
                yield from _offsets(below)


def _fields(group: Group) -> Iterator[Field]:
    for member in group.members:
        if isinstance(member, Field):
            yield member
        else:
            for branch in member.branches:
                yield from _fields(branch)


def _place(leaf: Leaf) -> str:
    return _text(leaf.place)


def _array(leaf: Leaf, number: int) -> str:
    """Return the place of the array in which the leaf's membership has its `number`th entry."""
    indexes = [at for at, step in enumerate(leaf.place) if isinstance(step, int)]
    return _text(leaf.place[: indexes[number]])


def _text(place: Sequence[str | int]) -> str:
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
