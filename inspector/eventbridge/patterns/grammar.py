"""A pattern's text read into a tree and into the rules that it stands for (patterns, sections 1, 11, 13)."""

from dataclasses import dataclass, field
from typing import Final

from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.patterns.combinations import Combination, combinations, counted
from inspector.eventbridge.patterns.complexity import REFUSED_FROM, WARNED_FROM, complexity
from inspector.eventbridge.patterns.expressions import Expressions
from inspector.eventbridge.patterns.operators import AnythingBut, Field, Group, Or, Wildcard
from inspector.eventbridge.patterns.pattern import Pattern
from inspector.eventbridge.patterns.reader import Reader, Refused
from inspector.eventbridge.patterns.refusal import InvalidEventPattern

LONGEST: Final = 4096
"""Characters that the API takes as an EventPattern; longer ones are refused."""
QUOTA: Final = 2048
"""Characters that AWS's default quota allows; more is a warning."""
COMBINATIONS: Final = 1000
"""The product of the sizes of all `$or`s may not exceed this."""

_RESERVED: Final = {
    *("exactly", "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "wildcard"),
    *("numeric", "cidr", "=", "<", "<=", ">", ">=", "regex", "not-wildcard", "not-equals-ignore-case"),
    *("date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range"),
    *("ip-address-in-range", "ip-address-not-in-range"),
}
_TOO_COMPLEX: Final = (
    "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences "
    "after a wildcard character"
)

COMPLEXITY_LIMIT: Final = Assumption(
    "wildcard-complexity",
    "AWS does not publish how complex the wildcards of a rule may be; the inspector refuses a score of "
    f"{REFUSED_FROM} and warns at {WARNED_FROM}.",
)
TEXT_BEHIND: Final = Assumption(
    "text-behind-pattern",
    "What AWS does with text behind the pattern's closing brace is not established; it is refused.",
)
OVERLAP: Final = Assumption(
    "overlapping-branches",
    "Amazon's open matcher takes a combination of `$or` branches for one it already has when the two share "
    "a value in every field, and drops it; the inspector follows.",
)
LIMIT_WORDS: Final = Assumption(
    "limit-words", "AWS's words for a pattern over this limit are not established; these are the inspector's."
)


def parse_pattern(text: str) -> Pattern:
    """Read an event pattern as PutRule receives it.

    Raises:
        InvalidEventPattern: EventBridge refuses it, or it is no JSON.
    """
    if len(text) > LONGEST:
        reason = f"The event pattern has {len(text)} characters, at most {LONGEST} are allowed"
        raise InvalidEventPattern(text, Refused(reason, LONGEST, LONGEST, 0), assumptions=(LIMIT_WORDS,))
    reading = _Reading(text, older=False)
    try:
        return reading.pattern()
    except Refused as refused:
        raise _error(text, refused, tuple(reading.assumptions)) from None


def _error(text: str, refused: Refused, assumptions: tuple[Assumption, ...]) -> InvalidEventPattern:
    matcher_reason = refused.reason
    if refused.places and TEXT_BEHIND not in assumptions:
        try:
            _Reading(text, older=True).pattern()
        except Refused as other:
            matcher_reason = other.reason
    return InvalidEventPattern(text, refused, matcher_reason=matcher_reason, assumptions=assumptions)


@dataclass(slots=True)
class _Frame:
    """An object or an `$or` array that is being read.

    members: the list that its fields go into; only the root and the branches of an `$or` have their
    own. in_or: below an `$or`, where some names are reserved. branches: of an `$or`, those read so far.
    """

    members: list[Field | Or]
    start: int
    in_or: bool = False
    is_branch: bool = False
    is_or: bool = False
    branches: list[Group] = field(default_factory=list)
    empty: bool = True


class _Reading:
    """One pass over a pattern's text, without recursion: a pattern may nest as deep as it is long."""

    def __init__(self, text: str, *, older: bool) -> None:
        self._text = text
        self._older = older
        self._reader = Reader(text)
        self._expressions = Expressions(self._reader, older=older)
        self._steps: list[str] = []
        self._frames: list[_Frame] = []
        self._combinations = 1
        self.assumptions = self._expressions.assumptions

    def pattern(self) -> Pattern:
        reader = self._reader
        if reader.next() != "{":
            raise reader.refuse("Filter is not an object")
        members: list[Field | Or] = []
        self._frames.append(_Frame(members, reader.start))
        while self._frames:
            frame = self._frames[-1]
            if frame.is_or:
                self._branch(frame)
            else:
                self._member(frame)
        behind = reader.rest()
        if behind is not None:
            self.assumptions.append(TEXT_BEHIND)
            raise Refused("Unexpected text after the pattern's closing brace", behind, behind)
        if self._combinations > COMBINATIONS:
            self.assumptions.append(LIMIT_WORDS)
            raise Refused(
                f"The pattern has {self._combinations} $or combinations, at most {COMBINATIONS} are allowed",
                reader.at,
                0,
                0,
            )
        return self._finish(Group(tuple(members)))

    def _member(self, frame: _Frame) -> None:
        reader = self._reader
        if reader.next() == "}":
            if frame.empty:
                raise reader.refuse("Empty objects are not allowed")
            self._leave(frame)
            return
        frame.empty = False
        name, start = reader.value(), reader.start
        if name == "$or" and not self._older:
            if reader.next() != "[":
                raise reader.refuse("It must be an Array followed with $or.")
            self._frames.append(_Frame(frame.members, start, is_or=True))
            return
        if frame.in_or and name in _RESERVED:
            raise reader.refuse(f"{name} is Ruler reserved fieldName which cannot be used inside $or.")
        kind = reader.next()
        if kind == "{":
            self._steps.append(name)
            self._frames.append(_Frame(frame.members, start, frame.in_or))
        elif kind == "[":
            base = ".".join(self._steps)
            path = f"{base}.{name}" if base else name
            frame.members.append(Field(path, self._expressions.alternatives(), start))
        else:
            raise reader.refuse(f'"{name}" must be an object or an array')

    def _branch(self, frame: _Frame) -> None:
        kind = self._reader.next()
        if kind == "]":
            if len(frame.branches) < 2:
                raise self._reader.refuse("There must have at least 2 Objects in $or relationship.")
            frame.members.append(Or(".".join(self._steps), tuple(frame.branches), frame.start))
            self._combinations *= len(frame.branches)
            self._frames.pop()
        elif kind == "{":
            self._frames.append(_Frame([], self._reader.start, in_or=True, is_branch=True))
        else:
            raise self._reader.refuse("Only JSON object is allowed in array of $or relationship.")

    def _leave(self, frame: _Frame) -> None:
        self._frames.pop()
        if frame.is_branch:
            self._frames[-1].branches.append(Group(tuple(frame.members)))
        elif self._frames:
            self._steps.pop()

    def _finish(self, root: Group) -> Pattern:
        warnings: list[str] = []
        if len(self._text) > QUOTA:
            warnings.append(
                f"the pattern has {len(self._text)} characters; AWS's default quota is {QUOTA} (adjustable)"
            )
        every = combinations(root)
        score = self._complexity(every)
        if score >= WARNED_FROM:
            self.assumptions.append(COMPLEXITY_LIMIT)
            if score >= REFUSED_FROM:
                raise Refused(_TOO_COMPLEX, self._reader.at, 0, 0)
            warnings.append("the wildcards of one field are almost too complex for a rule")
        kept = counted(every)
        if len(kept) < len(every):
            self.assumptions.append(OVERLAP)
            warnings.append(
                "some combinations of `$or` branches never match: each has a value in common with an "
                "earlier combination in every field"
            )
        return Pattern(
            self._text,
            root,
            tuple(tuple(each.fields.values()) for each in kept),
            tuple(warnings),
            tuple(self.assumptions),
        )

    def _complexity(self, every: list[Combination]) -> int:
        """Return the highest score of a field: the wildcards of one path count together."""
        wildcards: dict[str, list[tuple[str, ...]]] = {}
        for leaf in {id(leaf): leaf for each in every for leaf in each.fields.values()}.values():
            for alternative in leaf.alternatives:
                operator = alternative.operator
                inner = operator.excluded if isinstance(operator, AnythingBut) else (operator,)
                for wildcard in inner:
                    if isinstance(wildcard, Wildcard) and len(wildcard.segments) > 1:
                        wildcards.setdefault(leaf.path, []).append(wildcard.segments)
        return max(map(complexity, wildcards.values()), default=0)
