"""A parsed event pattern."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.patterns.matcher import Matches, matcher_of
from inspector.eventbridge.patterns.operators import Field, Group
from inspector.jsontext import JsonValue


@dataclass(frozen=True, slots=True)
class Pattern:
    """An event pattern that EventBridge accepts.

    text: as it was written. root: its tree of fields and `$or`s. rules: the rules that it stands for,
    one for each combination of `$or` branches, each with the fields that count in it; an event matches
    the pattern if it matches one of them. warnings: what is accepted but near a limit. assumptions:
    what in the answer rests on a suggestion.
    """

    text: str
    root: Group
    rules: tuple[tuple[Field, ...], ...]
    warnings: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    _matches: Matches = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_matches", matcher_of(self.rules))

    def matches(self, document: Mapping[str, JsonValue]) -> bool:
        """Tell whether an event's document (of `inspector.jsontext.loads`) matches.

        Raises:
            EventTooComplex: the event's arrays leave too many combinations to try.
        """
        return self._matches(document)

    @property
    def paths(self) -> frozenset[str]:
        """The paths of the event that the pattern asks for."""
        return frozenset(leaf.path for rule in self.rules for leaf in rule)
