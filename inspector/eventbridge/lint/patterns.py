"""Rules about event patterns: what can never match, and what matches other than it reads (patterns)."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import combinations
from typing import Final

from inspector.eventbridge.event import ENVELOPE
from inspector.eventbridge.lint.rule import Hit, LintRule
from inspector.eventbridge.lint.subject import ReadRule, Subject, below, quoted
from inspector.eventbridge.patterns import Pattern
from inspector.eventbridge.patterns.grammar import COMPLEXITY_LIMIT, OVERLAP
from inspector.eventbridge.patterns.operators import (
    AnythingBut,
    Exists,
    Field,
    Group,
    Literal,
    NumberIs,
    Numeric,
    Operator,
    Text,
)
from inspector.eventbridge.patterns.scalars import allows_absence
from inspector.eventbridge.resources import Origin

_ALWAYS_STRINGS: Final = ("version", "id", "detail-type", "source", "account", "time", "region")
_OPERATORS: Final = frozenset(
    ("prefix", "suffix", "anything-but", "exists", "wildcard", "numeric", "cidr", "equals-ignore-case")
)
_ACCOUNT: Final = re.compile(r"[0-9]{12}")


def _patterns(subject: Subject) -> Iterator[tuple[ReadRule, Pattern, Origin]]:
    for read in subject.rules:
        if read.pattern is not None:
            yield read, read.pattern, below(read.rule.origin, "EventPattern")


def _fields(pattern: Pattern) -> Iterator[Field]:
    """Yield every field that counts, once, in the order of the pattern."""
    every = {leaf.offset: leaf for rule in pattern.rules for leaf in rule}
    for offset in sorted(every):
        yield every[offset]


def _outside_envelope(subject: Subject) -> Iterator[tuple[ReadRule, Origin, str]]:
    """Yield the names at the top of a pattern that no event has and that must be there."""
    own = {name for sample in subject.samples for name in sample.event.document}
    for read, pattern, origin in _patterns(subject):
        names = (leaf.path.partition(".")[0] for leaf in _fields(pattern) if not allows_absence(leaf))
        for name in dict.fromkeys(names):
            if name not in ENVELOPE and name not in own:
                yield read, origin, name


def meant_member(name: str) -> str:
    """Return the member of the envelope that `name` was probably meant to be, or an empty text."""
    plain = re.sub(r"[-_ ]", "", name.lower())
    by_letters = {member.replace("-", ""): member for member in ENVELOPE}
    near = get_close_matches(plain, by_letters, n=1, cutoff=0.8)
    return by_letters[near[0]] if near else ""


def _misspelt_member(subject: Subject) -> Iterator[Hit]:
    for read, origin, name in _outside_envelope(subject):
        if meant := meant_member(name):
            message = f"no event has {quoted(name)}; did you mean {quoted(meant)}?"
            yield Hit(origin, read.place, message, f"Write {quoted(meant)}.")


def _unknown_member(subject: Subject) -> Iterator[Hit]:
    for read, origin, name in _outside_envelope(subject):
        if not meant_member(name):
            yield Hit(origin, read.place, f"the pattern asks for {quoted(name)} beside `source` and `detail`")


def _detail_as_value(subject: Subject) -> Iterator[Hit]:
    for read, pattern, origin in _patterns(subject):
        for leaf in _fields(pattern):
            if leaf.path == "detail" and not allows_absence(leaf):
                wanted = ", ".join(each.written for each in leaf.alternatives[:3])
                yield Hit(
                    origin, read.place, f"`detail` is compared with {wanted}, and it is always an object"
                )


def _impossible(subject: Subject) -> Iterator[Hit]:
    for read, pattern, origin in _patterns(subject):
        for leaf in _fields(pattern):
            if why := _why_never(leaf):
                yield Hit(origin, read.place, why)


def _why_never(leaf: Field) -> str:
    top, _, rest = leaf.path.partition(".")
    if top not in (*_ALWAYS_STRINGS, "resources", "replay-name"):
        return ""
    what = "an array of strings" if top == "resources" else "a string"
    if rest:
        return "" if allows_absence(leaf) else f"`{leaf.path}` is asked for, and `{top}` is {what}"
    possible = any(_possible(top, each.operator) for each in leaf.alternatives)
    wanted = ", ".join(each.written for each in leaf.alternatives[:3])
    return (
        "" if possible else f"`{top}` is compared with {wanted}, which it never is: it is {_form(top, what)}"
    )


def _form(top: str, what: str) -> str:
    return {"account": "a string of 12 digits", "version": 'always "0"'}.get(top, what)


def _possible(top: str, operator: Operator) -> bool:
    """Tell whether a member of the envelope, which holds strings, can ever fulfil an operator."""
    match operator:
        case Text(value) if top == "account":
            return _ACCOUNT.fullmatch(value) is not None
        case Text(value) if top == "version":
            return value == "0"
        case Literal() | NumberIs() | Numeric():
            return False
        case Exists(False):
            return top in ("resources", "replay-name")
        case _:
            return True


def _leaf_and_object(subject: Subject) -> Iterator[Hit]:
    for read, pattern, origin in _patterns(subject):
        told: set[str] = set()
        for rule in pattern.rules:
            wanted = sorted(leaf.path for leaf in rule if not allows_absence(leaf))
            for outer in wanted:
                inner = next((path for path in wanted if path.startswith(f"{outer}.")), "")
                if inner and outer not in told and _untold(outer):
                    told.add(outer)
                    message = f"`{outer}` must be a value, and an object with `{inner}` at the same time"
                    yield Hit(origin, read.place, message)


def _untold(path: str) -> bool:
    """Tell whether a path is not the business of another rule already."""
    return path.startswith("detail.") or path.partition(".")[0] not in ENVELOPE


def _replaced(subject: Subject) -> Iterator[Hit]:
    for read, pattern, origin in _patterns(subject):
        for path in dict.fromkeys(_given_again(pattern.root, set())):
            yield Hit(origin, read.place, f"`{path}` stands in it twice, and only the last one counts")


def _given_again(group: Group, seen: set[str]) -> Iterator[str]:
    """Yield the paths that a later field of one combination takes away from an earlier one."""
    for member in group.members:
        if isinstance(member, Field):
            if member.path in seen:
                yield member.path
            seen.add(member.path)
            continue
        before = set(seen)
        for branch in member.branches:
            own = set(before)
            yield from _given_again(branch, own)
            seen |= own


def _overlapping(subject: Subject) -> Iterator[Hit]:
    for read, pattern, origin in _patterns(subject):
        if OVERLAP in pattern.assumptions:
            yield Hit(origin, read.place, "two combinations of `$or` share a value in every field")


def _almost_too_complex(subject: Subject) -> Iterator[Hit]:
    for read, pattern, origin in _patterns(subject):
        if COMPLEXITY_LIMIT in pattern.assumptions:
            yield Hit(origin, read.place, "the wildcards of one field are almost too complex")


def _operator_as_field(subject: Subject) -> Iterator[Hit]:
    for read, pattern, origin in _patterns(subject):
        for leaf in _fields(pattern):
            *above, name = leaf.path.split(".")
            if above and name in _OPERATORS:
                field = ".".join(above)
                fix = f"Write {quoted(above[-1])}: [{{{quoted(name)}: …}}]."
                message = f"{quoted(name)} is a field of `{field}` here, not an operator on it"
                yield Hit(origin, read.place, message, fix)
            elif odd := next((step for step in leaf.path.split(".") if step.startswith("$")), ""):
                yield Hit(
                    origin, read.place, f"{quoted(odd)} is a field here; `$or` is the only word of its kind"
                )


def _excludes_nothing(subject: Subject) -> Iterator[Hit]:
    for read, pattern, origin in _patterns(subject):
        for leaf in _fields(pattern):
            excluding = [
                a.operator.excluded for a in leaf.alternatives if isinstance(a.operator, AnythingBut)
            ]
            for one, other in combinations(excluding, 2):
                if _only_values((*one, *other)) and not set(one) & set(other):
                    both = f"`{leaf.path}` has two `anything-but`, joined by or"
                    message = f"{both}: each lets through what the other excludes"
                    yield Hit(origin, read.place, message)
                    break


def _only_values(excluded: Sequence[Operator]) -> bool:
    return all(isinstance(each, Text | NumberIs) for each in excluded)


def _covers_every_number(subject: Subject) -> Iterator[Hit]:
    for read, pattern, origin in _patterns(subject):
        for leaf in _fields(pattern):
            ranges = [a.operator for a in leaf.alternatives if isinstance(a.operator, Numeric)]
            lows = [r.low for r in ranges if r.high is None and r.low is not None]
            highs = [r.high for r in ranges if r.low is None and r.high is not None]
            if lows and highs and min(lows) < max(highs):
                message = f"the ranges of `{leaf.path}` are joined by or, and together they hold every number"
                fix = f'Write one range: {{"numeric": [">", {min(lows):g}, "<", {max(highs):g}]}}.'
                yield Hit(origin, read.place, message, fix)


PATTERN_RULES: Final = (
    LintRule(
        "EBI502", "error",
        "A misspelt member of the envelope",
        "Names are compared with their case: `Source` and `detailType` are in no event, though PutEvents and "
        "`<aws.events.event>` spell them so. The rule never matches.",
        "Write the member as events have it: `source`, `detail-type`, `detail`.",
        "patterns, section 1", _misspelt_member,
    ),
    LintRule(
        "EBI503", "warning",
        "A member that no envelope has",
        "Producers set the members of `detail`; beside it there is only what EventBridge writes.",
        "Put the field under `detail`, if that is where the event has it.",
        "patterns, section 1; transform, section 1", _unknown_member,
    ),
    LintRule(
        "EBI504", "error",
        "`detail` compared with a value",
        "`detail` is an object in every event. A JSON text in the pattern is one string, it is not read "
        "into: the rule never matches.",
        "Write `detail` as an object with the fields below it.",
        "patterns, section 1", _detail_as_value,
    ),
    LintRule(
        "EBI505", "error",
        "A member of the envelope that never is so",
        "`source`, `account` and their like are strings in every event, so no number, `null` or object is "
        "ever found there: that part of the pattern never matches.",
        'Write strings, in quotes: "account": ["123456789012"].',
        "patterns, section 4; resources, section 2", _impossible,
    ),
    LintRule(
        "EBI506", "warning",
        "A field that is value and object at once",
        "Both are required, so no ordinary event matches; only one whose keys have dots in them could.",
        "Remove one of the two, or join them by `$or`.",
        "patterns, section 11", _leaf_and_object,
    ),
    LintRule(
        "EBI507", "warning",
        "A field that a later one replaces",
        "The same path, also one outside and one inside `$or`, or one spelled with dots: the later one "
        "takes the place of the earlier, they are not joined by and.",
        "Write the field once, with everything that it must fulfil.",
        "patterns, section 11", _replaced,
    ),
    LintRule(
        "EBI508", "warning",
        "Branches of `$or` that overlap",
        "Amazon's open matcher takes the second combination for one that it already has and drops it: what "
        "only the second would match is not matched.",
        "Write the branches so that they share no value, or join them in one list.",
        "patterns, section 11", _overlapping,
    ),
    LintRule(
        "EBI509", "warning",
        "An operator that is written as a field",
        "Operators stand in objects inside of a list. Written as a member it is the name of a field below, "
        "which events do not have.",
        'Write "field": [{"prefix": "…"}].',
        "patterns, sections 1 and 5", _operator_as_field,
    ),
    LintRule(
        "EBI510", "warning",
        "`anything-but` that excludes nothing",
        "The entries of a list are joined by or: what one of them excludes another lets through.",
        'Write one list: {"anything-but": ["a", "b"]}.',
        "patterns, sections 1 and 6", _excludes_nothing,
    ),
    LintRule(
        "EBI511", "warning",
        "Ranges that hold every number",
        "The entries of a list are joined by or, so a lower and an upper bound in two entries let every "
        "number through.",
        'Write one range: {"numeric": [">", 0, "<", 10]}.',
        "patterns, sections 1 and 7", _covers_every_number,
    ),
    LintRule(
        "EBI514", "warning",
        "Wildcards near the limit",
        "AWS refuses patterns whose wildcards are too complex, and does not publish its measure.",
        "Use fewer `*` in one field, or `prefix` and `suffix`.",
        "patterns, section 9", _almost_too_complex,
    ),
)  # fmt: skip
