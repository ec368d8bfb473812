"""The workbench: a workspace, the state of its connections, the history, and every step between them."""

import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from inspector.auth.token_request import USUAL_FORM, TokenForm
from inspector.delivery.clock import Clock, RealClock
from inspector.delivery.network import AS_EVENTBRIDGE, Network
from inspector.eventbridge.event import Event, EventDefaults, read_event
from inspector.eventbridge.payload import AdmissionError
from inspector.eventbridge.request import PreparedRequest, build_request
from inspector.eventbridge.resources import Connection, Route, SampleEvent, Workspace
from inspector.jsontext import JsonValue, loads
from inspector.workbench import rules
from inspector.workbench.authorizers import Authorizers
from inspector.workbench.drafts import Drafts
from inspector.workbench.payloads import payload_of
from inspector.workbench.recorder import Recorder
from inspector.workbench.values import Preview, RuleResult

if TYPE_CHECKING:
    from inspector.auth.state import ConnectionStatus
    from inspector.config.editing import Applied, Edit, Member, Owner
    from inspector.config.editing.save import Saved
    from inspector.delivery.transport import Transport
    from inspector.eventbridge.authorization import Granted, TokenExchange
    from inspector.history import History
    from inspector.history.records import StoredDelivery
    from inspector.workbench.compare import Comparison
    from inspector.workbench.deadletters import Redrive
    from inspector.workbench.deliveries import Deliveries
    from inspector.workbench.many import Many
    from inspector.workbench.many_values import ManySettings
    from inspector.workbench.requests import Adjust
    from inspector.workbench.run import Run
    from inspector.workbench.ways import Way

T = TypeVar("T")
Redirect = Callable[[Workspace], Workspace]


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
        transport: "Transport | None" = None,
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
        self._network = network
        self._authorizers = Authorizers(self._now, network, token_form)
        self._recorder = Recorder(db)
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
        self._authorizers.forget()

    # Edits

    def edit(self, *edits: "Edit") -> "Applied":
        """Lay edits over the definitions, to be tried at once; no file is touched.

        Returns the edited workspace, which is the workbench's now, with what is wrong with the edits.
        """
        applied = self.drafts.put(*edits)
        self.workspace = applied.workspace
        return applied

    def discard(self, owner: "Owner | None" = None, member: "Member | None" = None) -> None:
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
            payload = payload_of(event, route)
            request = build_request(route, event, payload, self._authorizers.usual.known(route.connection))
        except AdmissionError as error:
            return Preview(route, event, result, None, None, str(error))
        return Preview(route, event, result, payload, request)

    # Deliver and replay

    @cached_property
    def _deliveries(self) -> "Deliveries":
        from inspector.workbench.deliveries import Deliveries

        return Deliveries(
            self._authorizers,
            self._recorder,
            now=self._now,
            clock=self._clock,
            randomness=self._random,
            transport=lambda: self.transport,
        )

    def deliver(
        self,
        event: Event,
        route: Route,
        *,
        adjust: "Adjust | None" = None,
        token_form: TokenForm | None = None,
        transport: "Transport | None" = None,
    ) -> "Run":
        """Return the delivery of `event` along `route`, ready to be iterated.

        The event counts as taken in now: that starts its age. adjust: a deviation from what EventBridge
        would send, which the request itself shows. token_form, transport: in place of the workbench's own.

        Raises:
            MissingSecret: the connection came without its secret.
            AdmissionError: EventBridge would not accept the target's input option.
        """
        return self._deliveries.deliver(
            event, route, adjust=adjust, token_form=token_form, transport=transport
        )

    def replay(
        self,
        stored: "StoredDelivery",
        *,
        route: Route | None = None,
        rerender: bool = False,
        adjust: "Adjust | None" = None,
    ) -> "Run":
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
        return self._deliveries.replay(
            stored, event, self.workspace, route=route, rerender=rerender, adjust=adjust
        )

    def many(self, settings: "ManySettings") -> "Many":
        """Return what drives many deliveries at once, with this workbench's authorizer and history."""
        from inspector.workbench.many import Many

        history = None if self.db is None else self.history
        return Many(
            settings,
            authorizer=self._authorizers.usual,
            clock=self._clock,
            randomness=self._random,
            history=history,
            writer=self._recorder.writer,
            # The transport of many goes through no proxy.
            transport=self.transport if self._network.proxies else self._given_transport,
            network=self._network,
        )

    def redrive_request(self, redrive: "Redrive") -> PreparedRequest:
        """Return what `redrive` would send; nothing is sent, no token is fetched."""
        known = self._authorizers.usual.known(redrive.route.connection)
        return build_request(redrive.route, redrive.event, redrive.payload, known)

    def redrive(self, redrive: "Redrive") -> "Run":
        """Return the delivery of a dead letter's body straight to the endpoint, ready to be iterated.

        It is recorded as a delivery of its own, with the delivery that the letter came from where that is
        in the history.
        """
        return self._deliveries.redrive(redrive)

    def compare(self, event: Event, ways: "Sequence[Route | Way]", *, runs: int = 1) -> "Comparison":
        """Return the delivery of one event several ways, `runs` times over, ready to be iterated.

        One run sends all ways at once. Several send one request at a time, so that times can be compared.

        Raises:
            AdmissionError: EventBridge would not accept the input option of a route.
        """
        return self._deliveries.compare(event, ways, runs=runs)

    # Connections

    def status(self, connection: Connection) -> "ConnectionStatus":
        """Return the state of a connection as EventBridge would name it."""
        return self._authorizers.usual.state(connection)

    def destinations_of(self, connection: Connection) -> tuple[str, ...]:
        """Return the names of the destinations that a connection authorizes."""
        routes = (route for route in self.routes() if route.connection.name == connection.name)
        return tuple(dict.fromkeys(route.destination.name for route in routes))

    def reauthorize(self, connection: Connection) -> None:
        """Forget why a connection was deauthorized, and its token: the next request asks anew."""
        self._authorizers.usual.reauthorize(connection)

    async def authorize(self, connection: Connection) -> "Granted":
        """Return a credential for a connection; for an OAuth connection without one, ask for a token.

        Raises:
            AuthorizationError: the connection is not authorized, a secret is missing, or no token came.
        """
        return await self._authorizers.usual.authorize(connection)

    def token_request(self, connection: Connection) -> "TokenExchange | None":
        """Return the token request that a connection makes, masked, without an answer: nothing is sent.

        None for a connection that asks for no token.
        """
        return self._authorizers.usual.token_request(connection)

    def last_exchange(self, connection: Connection) -> "TokenExchange | None":
        """Return the last token request that was sent for a connection, masked, with its answer."""
        return self._authorizers.usual.last_exchange(connection)

    # What is kept open

    @property
    def transport(self) -> "Transport":
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
        return self._recorder.history

    async def in_history(self, work: "Callable[[History], T]") -> T:
        """Run `work` on the history off the event loop, after the writes that were asked for before."""
        return await self._recorder.work(work)

    async def close(self) -> None:
        """Close the history, when what is being written is written."""
        await self._recorder.close()
