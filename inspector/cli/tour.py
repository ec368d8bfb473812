"""The demo without a screen: what the inspector promises, done once over real HTTP, and checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inspector.cli.compare_text import compare_lines
from inspector.cli.console import Console, counted
from inspector.cli.delivery_text import dead_letter_lines
from inspector.cli.drive import Done, follow, follow_all
from inspector.cli.events import GivenEvent
from inspector.cli.exits import NO, YES
from inspector.cli.match_text import event_line, rule_lines
from inspector.cli.request_text import preview_lines
from inspector.cli.session import Interruption
from inspector.errors import InspectorError
from inspector.eventbridge.event import Event
from inspector.eventbridge.resources import AuthorizationType, Route
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.endpoint.server import Endpoint

_MATCHED: Final = ("order-placed", "refund-issued")
_BY_TYPE: Final[tuple[tuple[str, AuthorizationType], ...]] = (
    ("order-placed/warehouse", "BASIC"),
    ("customer-signed-up/crm", "API_KEY"),
    ("order-placed/loyalty", "OAUTH_CLIENT_CREDENTIALS"),
)
_FLAKY: Final = "stock-low/supplier"
_CLOSED: Final = "order-cancelled/marketplace"
_COMPARED: Final = ("new-user", "MyWebhookDestination", ("MyBasicAuthConnection", "crm", "loyalty"))


@dataclass(frozen=True, slots=True)
class _Way:
    event: Event
    route: Route


class Tour:
    """Walks through the samples and keeps account of what was promised."""

    def __init__(
        self, console: Console, bench: Workbench, endpoint: "Endpoint", interruption: Interruption
    ) -> None:
        self._console, self._bench, self._endpoint = console, bench, endpoint
        self._interruption = interruption
        self._kept, self._broken = 0, 0

    async def walk(self) -> int:
        """Walk it and return the exit code: 0 when everything happened as promised.

        Raises:
            InspectorError: a sample that the tour needs is not there.
        """
        self._definitions()
        self._matches()
        self._preview()
        for leg in (self._three_types, self._retries, self._final_failure, self._comparison):
            if not self._interruption.code:
                await leg()
        if not self._interruption.code:
            self._no_secrets()
        return self._close()

    def _definitions(self) -> None:
        workspace, out = self._bench.workspace, self._console.out
        self._title(
            "The definitions", f"from sample_configs/, sent to the bundled endpoint {self._endpoint.url}"
        )
        counts = [
            counted(len(workspace.connections), "connection"),
            counted(len(workspace.destinations), "API destination"),
            counted(len(workspace.rules), "rule"),
            counted(len(workspace.samples), "sample event"),
        ]
        self._console.say(out(", ".join(filter(None, counts))))
        errors = [fault for fault in workspace.faults if fault.severity == "error"]
        self._console.say(*(f"{out('✗', 'bad')} {out(str(fault))}" for fault in errors))
        self._promise(not errors, "they load without an error")

    def _matches(self) -> None:
        self._title("Match", "which rules an event fires, and why the others stay silent")
        for name in _MATCHED:
            event = self._sample(name)
            self._console.say(event_line(self._console.out, GivenEvent(event, name)))
            results = self._bench.evaluate(event)
            self._console.say(*(line for r in results for line in rule_lines(self._console.out, r)), "")
        fired = any(result.matched for result in self._bench.evaluate(self._sample(_MATCHED[0])))
        silent = not any(result.matched for result in self._bench.evaluate(self._sample(_MATCHED[1])))
        self._promise(fired, f"{_MATCHED[0]} fires a rule")
        self._promise(silent, f"{_MATCHED[1]} fires none: its amount is a string, and numeric wants a number")

    def _preview(self) -> None:
        self._title("Preview", "the exact request, each part with its source; nothing is sent")
        way = self._way(_BY_TYPE[0][0])
        before = len(self._endpoint.received)
        self._console.say(*preview_lines(self._console.out, self._bench.preview(way.event, way.route)))
        self._promise(len(self._endpoint.received) == before, "nothing was sent")

    async def _three_types(self) -> None:
        self._title("Deliver", "through each of the three types of connection")
        for name, kind in _BY_TYPE:
            way = self._way(name)
            done = await self._deliver(way)
            of_kind = way.route.connection.authorization_type == kind
            self._promise(of_kind and done.delivered, f"delivered through a connection of type {kind}")

    async def _retries(self) -> None:
        self._title(
            "Retry", "the endpoint answers 503, 503, 200 and asks for 2 s; the waits are skipped here"
        )
        done = await self._deliver(self._way(_FLAKY), skip_waits=True)
        statuses = [attempt.status for attempt in done.attempts]
        asked = [a.response.header("Retry-After") for a in done.attempts[:-1] if a.response]
        self._promise(statuses == [503, 503, 200] and done.delivered, "503, 503, 200: delivered")
        self._promise(asked == ["2", "2"], "both failures carried Retry-After: 2")
        await self._replay(done)

    async def _replay(self, done: Done) -> None:
        self._title("Replay", "the recorded request again, byte for byte, credentials resolved afresh")
        before = self._endpoint.received[-1]
        stored = await self._bench.in_history(lambda history: history.get(done.run.delivery_id))
        again = await follow(self._bench.replay(stored), self._console, self._interruption, skip_waits=True)
        after = self._endpoint.received[-1]
        same = (before.method, before.target, before.headers, before.body) == (
            after.method,
            after.target,
            after.headers,
            after.body,
        )
        self._promise(again.delivered and after.number > before.number, "the replay was delivered")
        self._promise(same, "the endpoint received the same request twice")

    async def _final_failure(self) -> None:
        self._title("Fail", "a 404 is final at once; the dead-letter queue gets the payload")
        done = await self._deliver(self._way(_CLOSED), skip_waits=True)
        self._console.say(*dead_letter_lines(self._console.out, done.outcome))
        final = done.outcome.kind == "dead-lettered" and [a.status for a in done.attempts] == [404]
        self._promise(final, "one attempt, dead-lettered")

    async def _comparison(self) -> None:
        sample, target, connections = _COMPARED
        self._title("Compare", f"{sample} to {target} through {', '.join(connections)}")
        route = next((r for r in self._bench.routes() if r.name == target), None)
        found = [c for name in connections for c in self._bench.workspace.connections if c.name == name]
        if route is None or len(found) != len(connections):
            raise InspectorError("the samples lack a connection or destination that the demo compares")
        comparison = self._bench.compare(self._sample(sample), [route.through(c) for c in found])
        done = await follow_all(comparison, connections, self._console, self._interruption, skip_waits=True)
        self._console.say("", *compare_lines(self._console.out, connections, comparison.rows()), "")
        self._promise(all(one.delivered for one in done), "delivered through all three")

    def _no_secrets(self) -> None:
        from inspector.endpoint.options import EndpointOptions

        self._title("Keep", f"the history is in {self._bench.db}")
        files = [Path(f"{self._bench.db}{suffix}") for suffix in ("", "-wal")]
        written = b"".join(file.read_bytes() for file in files if file.is_file())
        leaked = [secret for secret in EndpointOptions().secrets() if secret.encode() in written]
        self._promise(bool(written) and not leaked, "no credential is in it")

    # What the legs share

    async def _deliver(self, way: _Way, *, skip_waits: bool = False) -> Done:
        run = self._bench.deliver(way.event, way.route)
        return await follow(run, self._console, self._interruption, skip_waits=skip_waits)

    def _events(self) -> Iterator[Event]:
        for sample in self._bench.workspace.samples:
            yield self._bench.sample_event(sample)

    def _sample(self, name: str) -> Event:
        sample = next((s for s in self._bench.workspace.samples if s.name == name), None)
        if sample is None:
            raise InspectorError(f"sample event {name!r}, which the demo shows, is not in sample_configs/")
        return self._bench.sample_event(sample)

    def _way(self, name: str) -> _Way:
        """Return the route of that name, and the first sample that takes it."""
        for event in self._events():
            for result in self._bench.evaluate(event):
                for route in result.routes if result.matched else ():
                    if route.name == name:
                        return _Way(event, route)
        raise InspectorError(f"no sample event takes the route {name!r}, which the demo shows")

    def _title(self, title: str, what: str) -> None:
        paint = self._console.out
        self._console.say("", f"{paint(title, 'accent', 'strong')}  {paint(what, 'dim')}", "")

    def _promise(self, kept: bool, what: str) -> None:
        paint = self._console.out
        self._kept, self._broken = self._kept + kept, self._broken + (not kept)
        self._console.say(
            f"{paint('✓', 'good')} {paint(what)}" if kept else paint(f"✗ not so: {what}", "bad")
        )

    def _close(self) -> int:
        paint = self._console.out
        told = f"{self._kept} of {self._kept + self._broken} promises kept"
        self._console.say("", paint(told, "bad" if self._broken else "good", "strong"))
        self._console.say(paint("in a terminal, inspector demo opens the same on a screen", "dim"))
        return NO if self._broken else YES
