"""One event along several routes at once, and their requests and answers lined up."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from inspector.delivery.events import Attempt, AttemptEnd, DeliveryEvent, InvocationEnd, Outcome
from inspector.delivery.transport import REQUEST_TIMEOUT, Transport
from inspector.delivery.wire import Exchange
from inspector.eventbridge.authorization import TokenExchange
from inspector.eventbridge.request import PreparedRequest
from inspector.eventbridge.retry import spoken
from inspector.jsontext import JsonError, dumps, loads
from inspector.secret import Redactor
from inspector.tasks import spawn
from inspector.workbench.measures import Measures, Tally, WayResult
from inspector.workbench.run import Run
from inspector.workbench.statistics import Spread

_OF_ONE_TOKEN: Final = ("iat", "nbf", "exp", "jti")


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One line of a comparison: the same thing of every route, None where a route has none.

    differs: the values are not all equal. varies: a difference is expected of it (times, sizes) and
    says nothing about the routes.
    """

    section: str
    name: str
    values: tuple[str | None, ...]
    varies: bool = False

    @property
    def differs(self) -> bool:
        """Whether the routes differ in it."""
        return len(set(self.values)) > 1


class InTurn:
    """Sends one request at a time, so that none is measured while another is under way."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._turn = asyncio.Lock()

    async def send(
        self, request: PreparedRequest, *, limit: float = REQUEST_TIMEOUT, redactor: Redactor
    ) -> Exchange:
        """Send `request` when it is its turn; see `Transport.send`."""
        async with self._turn:
            return await self._transport.send(request, limit=limit, redactor=redactor)


class Comparison:
    """Deliveries of one event several ways at once, once or several times over. Iterate it once, to its end.

    begin: makes the deliveries of one round, one for each way; the next round begins when all of one have
    ended. `runs` are those of the present round.
    """

    def __init__(self, begin: Callable[[], Sequence[Run]], *, runs: int = 1) -> None:
        self._begin, self.rounds = begin, runs
        self.round = 1
        self.runs = tuple(begin())
        self.results: list[list[WayResult]] = [[] for _ in self.runs]
        self._tallies = [Tally() for _ in self.runs]
        self.last_attempts: list[Attempt | None] = [None] * len(self.runs)
        self._tokens: list[TokenExchange | None] = [None] * len(self.runs)
        self._attempts: list[list[Attempt]] = [[] for _ in self.runs]
        self._cancelled = False

    async def __aiter__(self) -> AsyncIterator[tuple[int, DeliveryEvent]]:
        while True:
            async with aclosing(self._round()) as steps:
                async for index, step in steps:
                    self._note(index, step)
                    yield index, step
            if self._cancelled or self.round == self.rounds:
                return
            self.round += 1
            self.runs = tuple(self._begin())
            self._attempts = [[] for _ in self.runs]

    async def _round(self) -> AsyncGenerator[tuple[int, DeliveryEvent], None]:
        told: asyncio.Queue[tuple[int, DeliveryEvent] | BaseException | None] = asyncio.Queue()

        async def follow(index: int, run: Run) -> None:
            try:
                async for step in run:
                    told.put_nowait((index, step))
            except Exception as error:
                told.put_nowait(error)
            finally:
                told.put_nowait(None)

        tasks = [spawn(follow(i, run), name=f"compare {i}") for i, run in enumerate(self.runs)]
        try:
            running = len(tasks)
            while running:
                item = await told.get()
                if item is None:
                    running -= 1
                elif isinstance(item, BaseException):
                    raise item
                else:
                    yield item
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _note(self, index: int, step: DeliveryEvent) -> None:
        if isinstance(step, AttemptEnd):
            self.last_attempts[index] = step.attempt
            self._tokens[index] = step.attempt.token_exchange or self._tokens[index]
            self._attempts[index].append(step.attempt)
        elif isinstance(step, InvocationEnd):
            run = self.runs[index]
            attempts = tuple(self._attempts[index])
            result = WayResult(run.delivery_id, run.route, attempts, step.outcome, run.unrecorded)
            self.results[index].append(result)
            self._tallies[index].add(result)

    def cancel(self) -> None:
        """End all of them now; no further round begins."""
        self._cancelled = True
        for run in self.runs:
            run.cancel()

    def skip_wait(self) -> None:
        """Fast-forward every present wait."""
        for run in self.runs:
            run.skip_wait()

    def rows(self) -> tuple[ComparedRow, ...]:
        """Return what is known so far, lined up."""
        outcomes = [results[-1].outcome if results else None for results in self.results]
        rows = compared(self.last_attempts, outcomes, self._tokens)
        return (*rows, *repeated(self.measures())) if self.rounds > 1 else rows

    def measures(self) -> tuple[Measures, ...]:
        """Return, way by way, what all runs so far amount to."""
        return tuple(tally.measures() for tally in self._tallies)


def compared(
    attempts: Sequence[Attempt | None],
    outcomes: Sequence[Outcome | None],
    tokens: Sequence[TokenExchange | None] | None = None,
) -> tuple[ComparedRow, ...]:
    """Return the last attempts of several deliveries, lined up by what they say, under how each ended.

    tokens: the token request of each, where it is not that of its last attempt.
    """
    requests = [attempt.request if attempt else None for attempt in attempts]
    answers = [attempt.response if attempt else None for attempt in attempts]
    tokens = tokens or [attempt.token_exchange if attempt else None for attempt in attempts]
    rows = [
        _row("outcome", "outcome", [outcome.kind if outcome else None for outcome in outcomes]),
        _row("outcome", "attempts", [str(outcome.attempts) if outcome else None for outcome in outcomes]),
        _row("outcome", "status", [_status(attempt) for attempt in attempts]),
        _row("outcome", "rule", [attempt.classification.rule if attempt else None for attempt in attempts]),
        _row(
            "outcome", "latency", [f"{a.timings.total:.1f} ms" if a else None for a in attempts], varies=True
        ),
        *_token_rows(tokens),
        _row("request", "method", [r.method if r else None for r in requests]),
        _row("request", "url", [r.masked_url if r else None for r in requests]),
        *_headers("request", [_sent_headers(request) for request in requests]),
        _row("request", "body", [r.masked_body if r else None for r in requests]),
        *_headers("response", [list(answer.headers) if answer else [] for answer in answers]),
        _row("response", "body", [_readable(answer.body) if answer else None for answer in answers]),
    ]
    return tuple(row for row in rows if any(value is not None for value in row.values))


def repeated(measures: Sequence[Measures]) -> tuple[ComparedRow, ...]:
    """Return what several runs of each way amount to, lined up."""

    def row(name: str, tell: Callable[[Measures], str], *, varies: bool = False) -> ComparedRow:
        return _row("runs", name, [(tell(m) or None) if m.runs else None for m in measures], varies=varies)

    def milliseconds(name: str, tell: Callable[[Spread], float]) -> ComparedRow:
        return row(name, lambda m: f"{tell(m.latency):.1f} ms" if m.latency else "", varies=True)

    phases = list(dict.fromkeys(name for m in measures for name in m.phases))
    rows = (
        row("delivered", lambda m: f"{m.delivered} of {m.runs}"),
        row("attempts", lambda m: str(m.attempts)),
        row("statuses", lambda m: ", ".join(f"{status} x{n}" for status, n in m.statuses.items())),
        row("distinct bodies", lambda m: str(m.answers or "")),
        milliseconds("fastest", lambda latency: latency.minimum),
        milliseconds("median", lambda latency: latency.median),
        milliseconds("p95", lambda latency: latency.p95),
        milliseconds("slowest", lambda latency: latency.maximum),
        *(_phase_row(name, measures) for name in phases),
        row("token requests", lambda m: str(m.token.count) if m.token else ""),
        row("token median", lambda m: f"{m.token.median:.1f} ms" if m.token else "", varies=True),
    )
    return tuple(row for row in rows if any(value is not None for value in row.values))


def _phase_row(name: str, measures: Sequence[Measures]) -> ComparedRow:
    found = [m.phases.get(name) for m in measures]
    return _row("runs", f"{name} median", [f"{f.median:.1f} ms" if f else None for f in found], varies=True)


def _token_rows(tokens: Sequence[TokenExchange | None]) -> Iterator[ComparedRow]:
    def row(name: str, tell: Callable[[TokenExchange], str | None], *, varies: bool = False) -> ComparedRow:
        return _row("token", name, [tell(t) or None if t else None for t in tokens], varies=varies)

    yield row("endpoint", lambda t: f"{t.method} {t.endpoint}")
    yield from _headers("token", [list(t.request_headers) if t else [] for t in tokens])
    yield row("body", lambda t: t.request_body)
    yield row("status", lambda t: str(t.status or ""))
    yield row("error", lambda t: t.error)
    yield row("type", lambda t: t.token_type)
    yield row("scope", lambda t: t.scope)
    yield row("lifetime", lambda t: "" if t.expires_in is None else spoken(t.expires_in))
    yield row("JWT header", lambda t: t.jwt.header if t.jwt else "")
    yield row("JWT claims", lambda t: _lasting(t.jwt.claims) if t.jwt else "")
    yield row("JWT warnings", lambda t: "; ".join(t.jwt.warnings) if t.jwt else "")
    yield row("note", lambda t: t.note)
    yield row("latency", lambda t: f"{t.milliseconds:.1f} ms", varies=True)


def _lasting(claims: str) -> str:
    """Return claims without those in which every token differs from the next."""
    try:
        members = loads(claims)
    except JsonError:
        return claims
    if not isinstance(members, dict):
        return claims
    return dumps({name: value for name, value in members.items() if name not in _OF_ONE_TOKEN}, indent=2)


def _row(section: str, name: str, values: Sequence[str | None], *, varies: bool = False) -> ComparedRow:
    return ComparedRow(section, name, tuple(values), varies)


def _status(attempt: Attempt | None) -> str | None:
    if attempt is None:
        return None
    if attempt.response:
        return f"{attempt.response.status} {attempt.response.reason}".strip()
    return attempt.error.kind if attempt.error else None


def _sent_headers(request: PreparedRequest | None) -> list[tuple[str, str]]:
    return [(part.name, str(part.value)) for part in request.headers] if request else []


def _headers(section: str, columns: Sequence[list[tuple[str, str]]]) -> list[ComparedRow]:
    """Line headers up by name, in the order in which they first appear; several of one name are joined."""
    joined: list[dict[str, str]] = []
    names: dict[str, str] = {}
    for column in columns:
        values: dict[str, str] = {}
        for name, value in column:
            key = name.lower()
            names.setdefault(key, name)
            values[key] = f"{values[key]}, {value}" if key in values else value
        joined.append(values)
    expected = {"date", "content-length"} if section == "response" else set()
    return [
        _row(section, name, [values.get(key) for values in joined], varies=key in expected)
        for key, name in names.items()
    ]


def _readable(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    try:
        return dumps(loads(text), indent=2)
    except JsonError:
        return text
