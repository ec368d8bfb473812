"""What the workbench hands to the screens and the commands."""

from dataclasses import dataclass

from inspector.eventbridge.event import Event
from inspector.eventbridge.patterns.verdict import Verdict
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.request import PreparedRequest
from inspector.eventbridge.resources import Route, Rule


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule says to one event.

    matched: the rule fires: its pattern matches, it is enabled, and the event is on its bus.
    reason: why it does not fire, one sentence; empty when it does.
    verdict: the explanation of the pattern, None for a rule without a usable one.
    """

    rule: Rule
    matched: bool
    reason: str
    verdict: Verdict | None
    routes: tuple[Route, ...]

    @property
    def score(self) -> float:
        """How near the event came: 2 for a rule that fires, 1 for a pattern that matches, less for a miss."""
        if self.matched:
            return 2.0
        return self.verdict.score if self.verdict else -1.0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a route would send for an event, before anything is sent.

    result: what the route's rule says, None where no rule stands before the destination.
    problem: why there is no request (the input option is refused, …), empty otherwise.
    """

    route: Route
    event: Event
    result: RuleResult | None
    payload: Payload | None
    request: PreparedRequest | None
    problem: str = ""
