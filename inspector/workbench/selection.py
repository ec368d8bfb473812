"""Which routes events go along, decided fast: for many events, without explanations."""

from collections.abc import Sequence
from dataclasses import dataclass

from inspector.eventbridge.event import Event
from inspector.eventbridge.resources import Route, Rule
from inspector.workbench.rules import fires


@dataclass(frozen=True, slots=True)
class Selection:
    """The routes that events may go along. force: also where the rule does not fire."""

    routes: Sequence[Route]
    force: bool = False

    def of(self, event: Event) -> tuple[Route, ...]:
        """Return the routes of one event."""
        if self.force:
            return tuple(self.routes)
        told: dict[int, bool] = {}

        def goes(rule: Rule | None) -> bool:
            if rule is None:
                return True
            if id(rule) not in told:
                told[id(rule)] = fires(rule, event)
            return told[id(rule)]

        return tuple(route for route in self.routes if goes(route.rule))
