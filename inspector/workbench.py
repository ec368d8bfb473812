"""The one place where the steps are strung together: load, match, preview, deliver, replay, compare."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.delivery.clock import Clock
from inspector.delivery.events import DeliveryEvent
from inspector.eventbridge.event import Event
from inspector.eventbridge.patterns.verdict import Verdict
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.request import PreparedRequest
from inspector.eventbridge.resources import Connection, ConnectionState, Route, Rule, Workspace


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule says to one event.

    verdict: the explanation, None for a rule without a usable pattern. matched: the rule fires: its pattern
    matches, it is enabled, and the event is on its bus. reason: why not, one sentence; empty when it fires.
    """

    rule: Rule
    matched: bool
    reason: str
    verdict: Verdict | None
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a route would send for an event, before anything is sent.

    problem: why there is no request (the input option is refused, ...), empty otherwise.
    """

    route: Route
    event: Event
    result: RuleResult | None
    payload: Payload | None
    request: PreparedRequest | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """The state of a connection as EventBridge would name it, and what is known of its token."""

    state: ConnectionState
    reason: str = ""
    token_expires_in: float | None = None


class Run:
    """A delivery in progress. Iterate it once, to its end; what it yields is already in the history."""

    delivery_id: str
    route: Route

    def __aiter__(self) -> AsyncIterator[DeliveryEvent]: ...

    def skip_wait(self) -> None:
        """Fast-forward the present wait."""

    def cancel(self) -> None:
        """End the delivery now: the outcome is `abandoned`, what happened so far stays recorded."""


class Workbench:
    """A workspace, its connections' state and the history."""

    workspace: Workspace

    @classmethod
    def open(
        cls,
        paths: Sequence[Path],
        *,
        db: Path | None = None,
        environ: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        random: Callable[[], float] | None = None,
        endpoint: str | None = None,
    ) -> "Workbench": ...

    def reload(self) -> None: ...

    def read_event(self, text: str) -> Event: ...

    def evaluate(self, event: Event) -> tuple[RuleResult, ...]: ...

    def preview(self, event: Event, route: Route) -> Preview: ...

    def deliver(self, event: Event, route: Route) -> Run: ...

    def replay(self, delivery_id: str, *, route: Route | None = None, rerender: bool = False) -> Run: ...

    def compare(self, event: Event, routes: Sequence[Route]) -> AsyncIterator[tuple[int, DeliveryEvent]]: ...

    def status(self, connection: Connection) -> ConnectionStatus: ...

    async def close(self) -> None: ...
