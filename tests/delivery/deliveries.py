"""What the tests of the attempt loop share: a plan, and its end."""

import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from inspector.auth import Authorizer
from inspector.delivery.clock import Clock, VirtualClock
from inspector.delivery.engine import Authorizing, Plan, deliver
from inspector.delivery.events import (
    Attempt,
    AttemptEnd,
    DeliveryEvent,
    InvocationEnd,
    Outcome,
    WaitStart,
)
from inspector.delivery.scripted import Script, ScriptedAnswer, ScriptedTransport
from inspector.delivery.transport import Transport
from inspector.eventbridge.authorization import Authorization
from inspector.eventbridge.event import EventDefaults, read_event
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.request import PreparedRequest, build_request
from inspector.eventbridge.resources import (
    ApiDestination,
    BasicAuth,
    Connection,
    RetryPolicy,
    Route,
    Target,
)
from inspector.secret import Secret

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
BASIC = Connection("crm", BasicAuth("ada", Secret("canary-password")))
QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders-dlq"
RULE = "arn:aws:events:us-east-1:123456789012:rule/orders"
TARGET = "arn:aws:events:us-east-1:123456789012:api-destination/crm/0a1b"
PAYLOAD = Payload("deliver", '{"order":1}', "event")


def plan(
    *,
    url: str = "http://hooks.test/orders",
    connection: Connection = BASIC,
    policy: RetryPolicy | None = None,
    payload: Payload = PAYLOAD,
    dead_letter_arn: str = QUEUE,
    ingestion_time: datetime = START,
) -> Plan:
    route = Route(Target("t", TARGET), ApiDestination("crm", connection.name, url), connection)
    event = read_event({"source": "shop"}, EventDefaults("e-1", START))

    def prepare(authorization: Authorization | None) -> PreparedRequest:
        return build_request(route, event, payload, authorization)

    return Plan(
        "d-1",
        "orders/t",
        connection,
        policy or RetryPolicy(),
        ingestion_time,
        payload,
        prepare,
        RULE,
        TARGET,
        dead_letter_arn,
    )


@dataclass
class Told:
    """A delivery from its events."""

    events: list[DeliveryEvent] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [event.message_type for event in self.events]

    @property
    def attempts(self) -> list[Attempt]:
        return [event.attempt for event in self.events if isinstance(event, AttemptEnd)]

    @property
    def waits(self) -> list[WaitStart]:
        return [event for event in self.events if isinstance(event, WaitStart)]

    @property
    def outcome(self) -> Outcome:
        end = self.events[-1]
        assert isinstance(end, InvocationEnd)
        return end.outcome


async def told(events: AsyncIterator[DeliveryEvent]) -> Told:
    return Told([event async for event in events])


def halves() -> float:
    return 0.5


async def run(
    given: Plan,
    transport: Transport,
    *,
    clock: Clock | None = None,
    authorizer: Authorizing | None = None,
    random: Callable[[], float] = halves,
) -> Told:
    clock = clock or VirtualClock(START)
    authorizer = authorizer or Authorizer(clock.now)
    return await told(deliver(given, authorizer=authorizer, transport=transport, clock=clock, random=random))


async def scripted(
    given: Plan, script: Script, *, random: Callable[[], float] = halves, clock: VirtualClock | None = None
) -> Told:
    clock = clock or VirtualClock(START)
    return await run(given, ScriptedTransport(script, clock), clock=clock, random=random)


def in_turn(*answers: int | ScriptedAnswer) -> Script:
    """Answer these, the last one for ever."""
    given: Sequence[ScriptedAnswer] = [ScriptedAnswer(a) if isinstance(a, int) else a for a in answers]
    waiting = itertools.chain(given, itertools.repeat(given[-1]))
    return lambda _number, _now: next(waiting)
