"""The events of the history as a pattern is tried on them: which of them would it have caught?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from inspector.eventbridge.patterns import EventTooComplex, Pattern
from inspector.eventbridge.patterns.ruleset import RuleSet
from inspector.workbench.backtest import line_of

if TYPE_CHECKING:
    from inspector.history import History

MOST: Final = 5_000
"""Of the newest events, so many are tried."""
_AT_ONCE: Final = 250


@dataclass(frozen=True, slots=True)
class PastEvent:
    """An event of the history. document: its JSON text."""

    source: str
    detail_type: str
    event_id: str
    document: str


def newest(history: "History", most: int = MOST) -> tuple[PastEvent, ...]:
    """Return the newest events of the history, each once, the newest first."""
    return tuple(PastEvent(*row) for row in history.newest_events(most))


def caught(
    pattern: Pattern, events: Sequence[PastEvent], *, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[PastEvent]:
    """Yield the events that a pattern matches. cancelled: is asked now and then; true ends it."""
    rules = RuleSet({"": pattern})
    for number, event in enumerate(events):
        if number % _AT_ONCE == 0 and cancelled():
            return
        try:
            if rules.match_json(line_of(event.document)):
                yield event
        except EventTooComplex:
            continue
