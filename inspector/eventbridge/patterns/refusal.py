"""The error for a pattern that EventBridge refuses, in AWS's words (patterns, section 12)."""

from typing import Final

from inspector.errors import InspectorError
from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.patterns.reader import Refused, position, source

_OPENING: Final = "Event pattern is not valid. Reason: "


class InvalidEventPattern(InspectorError):  # noqa: N818
    """A pattern that PutRule and TestEventPattern answer with `InvalidEventPatternException`.

    reason: AWS's reason, one line. message: AWS's whole text with the place, as far as AWS gives one.
    line, column: the place as AWS counts it (from 1), also where its text names none. offset, end: the
    token at fault in the text, in characters from 0: what an editor marks.
    matcher_reason: the reason that Amazon's open matcher gives when a rule is added to it. It reads
    what it refuses a second time by its older grammar, so it differs from AWS's for a malformed `$or`
    and inside anything-but. reasons: both. assumptions: what in the refusal rests on a suggestion.
    """

    def __init__(
        self,
        text: str,
        refused: Refused,
        *,
        matcher_reason: str = "",
        assumptions: tuple[Assumption, ...] = (),
        hint: str = "",
    ) -> None:
        place = f"\n at {source(text, refused.at)}" if refused.places else ""
        self.reason = refused.reason
        self.message = _OPENING + refused.reason + place * refused.places
        self.line, self.column = position(text, refused.at)
        self.offset = refused.start
        self.end = max(refused.at, min(refused.start + 1, len(text)))
        self.matcher_reason = matcher_reason or refused.reason
        self.assumptions = assumptions
        super().__init__(f"{_OPENING}{refused.reason} (line {self.line}, column {self.column})", hint=hint)

    @property
    def reasons(self) -> tuple[str, ...]:
        """AWS's reason, and the open matcher's where it is another."""
        return tuple(dict.fromkeys((self.reason, self.matcher_reason)))
