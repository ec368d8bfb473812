"""The workbench: a workspace, the state of its connections, the history, and every step between them."""

import asyncio
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from inspector.auth import Authorizer
from inspector.auth.state import ConnectionStatus
from inspector.auth.token_request import USUAL_FORM, TokenForm
from inspector.config.editing import Applied, Edit, Member, Owner
from inspector.delivery.clock import Clock, RealClock
from inspector.delivery.engine import Plan, deliver
from inspector.delivery.events import DeliveryEvent, InvocationStart
from inspector.delivery.network import AS_EVENTBRIDGE, Network
from inspector.delivery.transport import Transport
from inspector.errors import InspectorError
from inspector.eventbridge.authorization import Authorization, Granted, TokenExchange
from inspector.eventbridge.event import Event, EventDefaults, read_event
from inspector.eventbridge.payload import AdmissionError, Payload, RenderContext
from inspector.eventbridge.request import PreparedRequest, build_request
from inspector.eventbridge.resources import Connection, Route, SampleEvent, Workspace
from inspector.eventbridge.transform import render_payload
from inspector.history.records import Names, NewDelivery, StoredDelivery
from inspector.jsontext import JsonValue, loads
from inspector.workbench import rules
from inspector.workbench.compare import Comparison, InTurn
from inspector.workbench.deadletters import Redrive
from inspector.workbench.drafts import Drafts
from inspector.workbench.replay import connection_of, recorded_route, refilled, require_secret, route_of
from inspector.workbench.requests import Adjust, Forms, remembered
from inspector.workbench.run import Run
from inspector.workbench.values import Preview, RuleResult
from inspector.workbench.ways import Way

if TYPE_CHECKING:
    from inspector.config.editing.save import Saved
    from inspector.history import History
    from inspector.workbench.many import Many, ManySettings

T = TypeVar("T")
Redirect = Callable[[Workspace], Workspace]


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a delivery comes from: the delivery that it repeats, the comparison that it is part of.

    note: what else the history should say of it.
    """

    replay_of: str = ""
    comparison: str = ""
    note: str = ""


NO_LINEAGE: Final = Lineage()


class Workbench:
    """Everything that a screen or a command can do, without either.

    paths: files and folders of definitions. db: the history's file, None for no history at all.
    environ: where `${env:NAME}` is looked up. redirect: changes the workspace after every load. network: how
    endpoints are reached. token_form: where token requests carry the client's id and secret.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        db: Path | None,
        environ: Mapping[str, str],
        clock: Callable[[], Clock] = RealClock,
        transport: Transport | None = None,
        randomness: Callable[[], float] = random.random,
        redirect: Redirect | None = None,
        network: Network = AS_EVENTBRIDGE,
        token_form: TokenForm = USUAL_FORM,
    ) -> None:
        self.paths = tuple(paths)
        self.db = db
        self.workspace = Workspace()
        self.drafts = Drafts()
        self._environ, self._redirect, self._random = environ, redirect, randomness
        self._clock = clock
        self._now = clock().now
        self._given_transport = self._transport = transport
        self._forms = Forms()
        self._network, self._token_form = network, token_form
        self._authorizer = Authorizer(self._now, network=network, form=token_form)
        self._other_forms: dict[TokenForm, Authorizer] = {}
        self._history: History | None = None
        # SQLite is kept off the event loop, and writes in the order in which they were asked for.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="history")
        self.reload()

    def reload(self) -> None:
        """Read the definitions anew. Connections that changed lose their token and state; edits stay.

        Raises:
            ConfigError: a path does not exist.
        """
        from inspector.config import load

        workspace = load(self.paths, environ=self._environ)
        self.drafts.rebase(self._redirect(workspace) if self._redirect else workspace)
        self.workspace = self.drafts.workspace
        self._authorizer.forget()
        self._other_forms.clear()

    # Edits

    def edit(self, *edits: Edit) -> Applied:
        """Lay edits over the definitions, to be tried at once; no file is touched.

        Returns the edited workspace, which is the workbench's now, with what is wrong with the edits.
        """
        applied = self.drafts.put(*edits)
        self.workspace = applied.workspace
        return applied

    def discard(self, owner: Owner | None = None, member: Member | None = None) -> None:
        """Drop the edits of an owner, or of one of its members; all of them for None."""
        self.workspace = self.drafts.discard(owner, member).workspace

    def write(self) -> "tuple[Saved, ...]":
        """Write the edits into their files, with a backup of each, and read the definitions anew.

        Raises:
            EditError: an edit has errors, a file was changed since it was loaded, or cannot be written.
        """
        saved = self.drafts.write()
        self.reload()
        return saved

    # Events

    def now(self) -> datetime:
        """Return the present moment (UTC) by the workbench's clock."""
        return self._now()

    def read_event(self, text: str) -> Event:
        """Return the event that a JSON text stands for, missing members filled.

        Raises:
            JsonError: the text is no JSON.
            EventError: it is no event.
        """
        return self.complete_event(loads(text))

    def complete_event(self, document: JsonValue) -> Event:
        """Return the event that a parsed envelope or PutEvents entry stands for.

        Raises:
            EventError: it is no event.
        """
        return read_event(document, EventDefaults(str(uuid.uuid4()), self._now()))

    def sample_event(self, sample: SampleEvent) -> Event:
        """Return one of the workspace's samples as an event."""
        return self.complete_event(sample.document)

    # Match and preview

    def routes(self) -> tuple[Route, ...]:
        """Return every way from an event to an endpoint."""
        return self.workspace.routes()

    def evaluate(self, event: Event) -> tuple[RuleResult, ...]:
        """Return what every rule says to `event`: those that fire first, then the nearest misses."""
        return rules.evaluate(self.workspace.rules, event, self.routes())

    def preview(self, event: Event, route: Route) -> Preview:
        """Return what `route` would send for `event`; nothing is sent, no token is fetched."""
        result = rules.evaluate_rule(route.rule, event, (route,)) if route.rule else None
        try:
            payload = self._payload(event, route)
            request = build_request(route, event, payload, self._authorizer.known(route.connection))
        except AdmissionError as error:
            return Preview(route, event, result, None, None, str(error))
        return Preview(route, event, result, payload, request)

    def _payload(self, event: Event, route: Route) -> Payload:
        name = route.rule.name if route.rule else route.destination.name
        taken_in = event.ingestion_time.astimezone(UTC)
        context = RenderContext(
            rule_name=name,
            rule_arn=_rule_arn(route, event),
            ingestion_time=f"{taken_in:%Y-%m-%dT%H:%M:%S}.{taken_in.microsecond // 1000:03d}Z",
        )
        return render_payload(route.target.input, event.document, context, target_id=route.target.target_id)

    # Deliver and replay

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
        """Return the delivery of `event` along `route`, ready to be iterated.

        The event counts as taken in now: that starts its age. adjust: a deviation from what EventBridge
        would send, which the request itself shows. token_form, transport: in place of the workbench's own.

        Raises:
            MissingSecret: the connection came without its secret.
            AdmissionError: EventBridge would not accept the target's input option.
        """
        require_secret(route.connection)
        event = replace(event, ingestion_time=self._now())
        payload = self._payload(event, route)
        build = partial(self._forms.build, route, event, payload)
        return self._run(event, route, payload, build, lineage, adjust, token_form, transport)

    def replay(
        self,
        stored: StoredDelivery,
        *,
        route: Route | None = None,
        rerender: bool = False,
        adjust: Adjust | None = None,
    ) -> Run:
        """Return a new delivery of a recorded one; the original stays as it is.

        By default the recorded request goes out again, byte for byte, with secrets resolved afresh.
        route: send the recorded event along another route instead. rerender: make payload and request
        anew from the route's present definitions. adjust: as for `deliver`.

        Raises:
            ReplayError: what the replay needs is no longer in the workspace.
            MissingSecret: the connection came without its secret.
            AdmissionError: EventBridge would not accept the route's input option.
        """
        event = self.complete_event(stored.event)
        lineage = Lineage(replay_of=stored.delivery_id)
        if route is not None or rerender:
            route = route or route_of(stored, self.workspace)
            return self.deliver(event, route, lineage=lineage, adjust=adjust)
        recorded, connection = stored.request, connection_of(stored, self.workspace)
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

    def many(self, settings: "ManySettings") -> "Many":
        """Return what drives many deliveries at once, with this workbench's authorizer and history."""
        from inspector.workbench.many import Many

        history = None if self.db is None else self.history
        return Many(
            settings,
            authorizer=self._authorizer,
            clock=self._clock,
            randomness=self._random,
            history=history,
            writer=self._writer,
            # The transport of many goes through no proxy.
            transport=self.transport if self._network.proxies else self._given_transport,
            network=self._network,
        )

    def redrive_request(self, redrive: Redrive) -> PreparedRequest:
        """Return what `redrive` would send; nothing is sent, no token is fetched."""
        known = self._authorizer.known(redrive.route.connection)
        return build_request(redrive.route, redrive.event, redrive.payload, known)

    def redrive(self, redrive: Redrive) -> Run:
        """Return the delivery of a dead letter's body straight to the endpoint, ready to be iterated.

        It is recorded as a delivery of its own, with the delivery that the letter came from where that is
        in the history.
        """
        route, payload = redrive.route, redrive.payload
        event = replace(redrive.event, ingestion_time=self._now())
        lineage = Lineage(replay_of=redrive.held.delivery_id, note=redrive.note)
        return self._run(event, route, payload, partial(build_request, route, event, payload), lineage)

    def compare(self, event: Event, ways: Sequence[Route | Way], *, runs: int = 1) -> Comparison:
        """Return the delivery of one event several ways, `runs` times over, ready to be iterated.

        One run sends all ways at once. Several send one request at a time, so that times can be compared.

        Raises:
            AdmissionError: EventBridge would not accept the input option of a route.
        """
        told = [way if isinstance(way, Way) else Way(way) for way in ways]
        identity = str(uuid.uuid4())
        transport = InTurn(self.transport) if runs > 1 else None

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
        clock, authorizer = self._clock(), self._authorizer_of(token_form)
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
            rule_arn=_rule_arn(route, event),
            target_arn=route.destination.arn or route.target.arn,
            dead_letter_arn=route.target.dead_letter_arn or "",
        )
        steps = partial(
            deliver,
            plan,
            authorizer=authorizer,
            transport=transport or self.transport,
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
        return Run(plan, new, route, clock, steps, partial(self._record, new))

    async def _record(self, new: NewDelivery, step: DeliveryEvent) -> None:
        if self.db is None:
            return

        def write() -> None:
            if isinstance(step, InvocationStart):
                self.history.begin(new)
            self.history.record(new.delivery_id, step)

        await asyncio.get_running_loop().run_in_executor(self._writer, write)

    # What is kept open

    def status(self, connection: Connection) -> ConnectionStatus:
        """Return the state of a connection as EventBridge would name it."""
        return self._authorizer.state(connection)

    def destinations_of(self, connection: Connection) -> tuple[str, ...]:
        """Return the names of the destinations that a connection authorizes."""
        routes = (route for route in self.routes() if route.connection.name == connection.name)
        return tuple(dict.fromkeys(route.destination.name for route in routes))

    def reauthorize(self, connection: Connection) -> None:
        """Forget why a connection was deauthorized, and its token: the next request asks anew."""
        self._authorizer.reauthorize(connection)

    async def authorize(self, connection: Connection) -> Granted:
        """Return a credential for a connection; for an OAuth connection without one, ask for a token.

        Raises:
            AuthorizationError: the connection is not authorized, a secret is missing, or no token came.
        """
        return await self._authorizer.authorize(connection)

    def token_request(self, connection: Connection) -> TokenExchange | None:
        """Return the token request that a connection makes, masked, without an answer: nothing is sent.

        None for a connection that asks for no token.
        """
        return self._authorizer.token_request(connection)

    def last_exchange(self, connection: Connection) -> TokenExchange | None:
        """Return the last token request that was sent for a connection, masked, with its answer."""
        return self._authorizer.last_exchange(connection)

    def _authorizer_of(self, form: TokenForm | None) -> Authorizer:
        """Return who authorizes by another form of token request: with tokens and states of its own."""
        if form is None or form == self._token_form:
            return self._authorizer
        if form not in self._other_forms:
            self._other_forms[form] = Authorizer(self._now, network=self._network, form=form)
        return self._other_forms[form]

    @property
    def transport(self) -> Transport:
        """What sends requests; made at its first use."""
        if self._transport is None:
            from inspector.delivery.transport import HttpxTransport

            self._transport = HttpxTransport(network=self._network)
        return self._transport

    @property
    def history(self) -> "History":
        """The store of deliveries; opened at its first use.

        Raises:
            InspectorError: this workbench keeps no history.
        """
        if self._history is None:
            from inspector.history import History

            if self.db is None:
                raise InspectorError("this session keeps no history")
            self._history = History(self.db)
        return self._history

    async def in_history(self, work: "Callable[[History], T]") -> T:
        """Run `work` on the history off the event loop, after the writes that were asked for before."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, lambda: work(self.history))

    async def close(self) -> None:
        """Close the history, when what is being written is written."""
        await asyncio.to_thread(self._writer.shutdown)
        if self._history is not None:
            self._history.close()


def _rule_arn(route: Route, event: Event) -> str:
    if route.rule is None:
        return ""
    if route.rule.arn:
        return route.rule.arn
    bus = "" if route.rule.event_bus_name == "default" else f"{route.rule.event_bus_name}/"
    region, account = event.document["region"], event.document["account"]
    return f"arn:aws:events:{region}:{account}:rule/{bus}{route.rule.name}"


def _names(route: Route, event: Event) -> Names:
    return Names(
        route=route.name,
        rule=route.rule.name if route.rule else "",
        rule_arn=_rule_arn(route, event),
        event_bus=event.bus,
        target_id=route.target.target_id,
        target_arn=route.destination.arn or route.target.arn,
        destination=route.destination.name,
        connection=route.connection.name,
        authorization_type=route.connection.authorization_type,
        dead_letter_arn=route.target.dead_letter_arn or "",
    )
