"""One event along several routes at once, and their requests and answers lined up."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from inspector.delivery.events import Attempt, AttemptEnd, DeliveryEvent, Outcome
from inspector.eventbridge.request import PreparedRequest
from inspector.jsontext import JsonError, dumps, loads
from inspector.tasks import spawn
from inspector.workbench.run import Run


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


class Comparison:
    """Several deliveries of one event. Iterate it once, to its end."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = tuple(runs)
        self.last_attempts: list[Attempt | None] = [None] * len(runs)

    async def __aiter__(self) -> AsyncIterator[tuple[int, DeliveryEvent]]:
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
                    index, step = item
                    if isinstance(step, AttemptEnd):
                        self.last_attempts[index] = step.attempt
                    yield item
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def cancel(self) -> None:
        """End all of them now."""
        for run in self.runs:
            run.cancel()

    def skip_wait(self) -> None:
        """Fast-forward every present wait."""
        for run in self.runs:
            run.skip_wait()

    def rows(self) -> tuple[ComparedRow, ...]:
        """Return what is known so far, lined up."""
        return compared(self.last_attempts, [run.outcome for run in self.runs])


def compared(
    attempts: Sequence[Attempt | None], outcomes: Sequence[Outcome | None]
) -> tuple[ComparedRow, ...]:
    """Return the last attempts of several deliveries, lined up by what they say, under how each ended."""
    requests = [attempt.request if attempt else None for attempt in attempts]
    answers = [attempt.response if attempt else None for attempt in attempts]
    tokens = [attempt.token_exchange if attempt else None for attempt in attempts]
    rows = [
        _row("outcome", "outcome", [outcome.kind if outcome else None for outcome in outcomes]),
        _row("outcome", "attempts", [str(outcome.attempts) if outcome else None for outcome in outcomes]),
        _row("outcome", "status", [_status(attempt) for attempt in attempts]),
        _row("outcome", "rule", [attempt.classification.rule if attempt else None for attempt in attempts]),
        _row(
            "outcome", "latency", [f"{a.timings.total:.1f} ms" if a else None for a in attempts], varies=True
        ),
        _row("token", "endpoint", [f"{t.method} {t.endpoint}" if t else None for t in tokens]),
        _row("token", "status", [str(t.status) if t and t.status else None for t in tokens]),
        _row("token", "error", [t.error or None if t else None for t in tokens]),
        _row("request", "method", [r.method if r else None for r in requests]),
        _row("request", "url", [r.masked_url if r else None for r in requests]),
        *_headers("request", [_sent_headers(request) for request in requests]),
        _row("request", "body", [r.masked_body if r else None for r in requests]),
        *_headers("response", [list(answer.headers) if answer else [] for answer in answers]),
        _row("response", "body", [_readable(answer.body) if answer else None for answer in answers]),
    ]
    return tuple(row for row in rows if any(value is not None for value in row.values))


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
