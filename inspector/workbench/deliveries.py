"""Deliveries made ready to be iterated: of an event, of the history, of a dead letter, several ways."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from inspector.auth.token_request import TokenForm
from inspector.delivery.clock import Clock
from inspector.delivery.engine import Plan, deliver
from inspector.delivery.transport import Transport
from inspector.eventbridge.authorization import Authorization
from inspector.eventbridge.event import Event
from inspector.eventbridge.payload import Payload
from inspector.eventbridge.request import PreparedRequest, build_request
from inspector.eventbridge.resources import Route, Workspace
from inspector.eventbridge.rule_arn import rule_arn, rule_arn_assumptions
from inspector.history.records import Names, NewDelivery, StoredDelivery
from inspector.workbench.authorizers import Authorizers
from inspector.workbench.compare import Comparison, InTurn
from inspector.workbench.deadletters import Redrive
from inspector.workbench.payloads import payload_of
from inspector.workbench.recorder import Recorder
from inspector.workbench.replay import connection_of, recorded_route, refilled, require_secret, route_of
from inspector.workbench.requests import Adjust, Forms, remembered
from inspector.workbench.run import Run
from inspector.workbench.ways import Way


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a delivery comes from: the delivery that it repeats, the comparison that it is part of.

    note: what else the history should say of it.
    """

    replay_of: str = ""
    comparison: str = ""
    note: str = ""


NO_LINEAGE: Final = Lineage()


class Deliveries:
    """Makes runs.

    now: the workbench's moment, at which events are taken in. clock: makes one for each run. transport: gives
    what sends, when it is needed.
    """

    def __init__(
        self,
        authorizers: Authorizers,
        recorder: Recorder,
        *,
        now: Callable[[], datetime],
        clock: Callable[[], Clock],
        randomness: Callable[[], float],
        transport: Callable[[], Transport],
    ) -> None:
        self._authorizers, self._recorder = authorizers, recorder
        self._clock, self._random, self._transport = clock, randomness, transport
        self._now = now
        self._forms = Forms()

    def deliver(
        self,
        event: Event,
        route: Route,
        *,
        lineage: Lineage = NO_LINEAGE,
        adjust: Adjust | None = None,
        token_form: TokenForm | None = None,
        transport: Transport | None = None,
    ) -> Run:
        """Return the delivery of `event` along `route`, as `Workbench.deliver` tells."""
        require_secret(route.connection)
        event = replace(event, ingestion_time=self._now())
        payload = payload_of(event, route)
        build = partial(self._forms.build, route, event, payload)
        return self._run(event, route, payload, build, lineage, adjust, token_form, transport)

    def replay(
        self,
        stored: StoredDelivery,
        event: Event,
        workspace: Workspace,
        *,
        route: Route | None = None,
        rerender: bool = False,
        adjust: Adjust | None = None,
    ) -> Run:
        """Return a new delivery of a recorded one, whose event is `event`, as `Workbench.replay` tells."""
        lineage = Lineage(replay_of=stored.delivery_id)
        if route is not None or rerender:
            route = route or route_of(stored, workspace)
            return self.deliver(event, route, lineage=lineage, adjust=adjust)
        recorded, connection = stored.request, connection_of(stored, workspace)
        require_secret(connection)
        event = replace(event, ingestion_time=self._now())
        past = recorded_route(stored, connection)
        if recorded is None:
            build = partial(build_request, past, event, stored.payload)
            return self._run(event, past, stored.payload, build, lineage, adjust)

        def prepare(authorization: Authorization | None) -> PreparedRequest:
            return refilled(recorded, connection, authorization)

        prepare(None)
        return self._run(event, past, stored.payload, prepare, lineage, adjust)

    def redrive(self, redrive: Redrive) -> Run:
        """Return the delivery of a dead letter's body, as `Workbench.redrive` tells."""
        route, payload = redrive.route, redrive.payload
        event = replace(redrive.event, ingestion_time=self._now())
        lineage = Lineage(replay_of=redrive.held.delivery_id, note=redrive.note)
        return self._run(event, route, payload, partial(build_request, route, event, payload), lineage)

    def compare(self, event: Event, ways: Sequence[Route | Way], *, runs: int = 1) -> Comparison:
        """Return the delivery of one event several ways, as `Workbench.compare` tells."""
        told = [way if isinstance(way, Way) else Way(way) for way in ways]
        identity = str(uuid.uuid4())
        transport = InTurn(self._transport()) if runs > 1 else None

        def begin() -> list[Run]:
            return [
                self.deliver(
                    event,
                    way.route,
                    lineage=Lineage(comparison=identity, note=way.variation),
                    token_form=way.token_form,
                    transport=transport,
                )
                for way in told
            ]

        return Comparison(begin, runs=runs)

    def _run(
        self,
        event: Event,
        route: Route,
        payload: Payload,
        prepare: Callable[[Authorization | None], PreparedRequest],
        lineage: Lineage,
        adjust: Adjust | None = None,
        token_form: TokenForm | None = None,
        transport: Transport | None = None,
    ) -> Run:
        clock, authorizer = self._clock(), self._authorizers.of(token_form)
        known = partial(authorizer.known, route.connection)
        prepare = remembered(prepare, known, adjust)
        plan = Plan(
            delivery_id=str(uuid.uuid4()),
            route_name=route.name,
            connection=route.connection,
            retry_policy=route.retry_policy,
            ingestion_time=event.ingestion_time,
            payload=payload,
            prepare=prepare,
            rule_arn=rule_arn(route, event),
            target_arn=route.destination.arn or route.target.arn,
            dead_letter_arn=route.target.dead_letter_arn or "",
            assumptions=rule_arn_assumptions(route),
        )
        steps = partial(
            deliver,
            plan,
            authorizer=authorizer,
            transport=transport or self._transport(),
            clock=clock,
            random=self._random,
        )
        new = NewDelivery(
            delivery_id=plan.delivery_id,
            created_at=event.ingestion_time,
            names=_names(route, event),
            event=event.document,
            payload=payload,
            request=prepare(None) if payload.verdict == "deliver" else None,
            retry_policy=route.retry_policy,
            replay_of=lineage.replay_of,
            comparison=lineage.comparison,
            note=lineage.note,
        )
        return Run(plan, new, route, clock, steps, partial(self._recorder.record, new))


def _names(route: Route, event: Event) -> Names:
    return Names(
        route=route.name,
        rule=route.rule.name if route.rule else "",
        rule_arn=rule_arn(route, event),
        event_bus=event.bus,
        target_id=route.target.target_id,
        target_arn=route.destination.arn or route.target.arn,
        destination=route.destination.name,
        connection=route.connection.name,
        authorization_type=route.connection.authorization_type,
        dead_letter_arn=route.target.dead_letter_arn or "",
    )
