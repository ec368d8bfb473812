"""A target that answers by script and in virtual time: 24 hours of attempts pass in milliseconds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from inspector.delivery.clock import VirtualClock
from inspector.delivery.events import Response, Timings, TransportError
from inspector.delivery.transport import REQUEST_TIMEOUT
from inspector.delivery.wire import Exchange
from inspector.eventbridge.request import PreparedRequest
from inspector.eventbridge.retry import TransportErrorKind
from inspector.secret import Redactor

_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class ScriptedAnswer:
    """What a scripted target does: a status with headers and body, or a failure; and how long it takes."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    error: TransportErrorKind | None = None
    seconds: float = _SECONDS


Script: TypeAlias = Callable[[int, datetime], ScriptedAnswer]
"""From the number of the attempt (from 1) and the moment at which it starts to the answer."""


class ScriptedTransport:
    """A transport whose other end is a script. It counts its own attempts: one for each delivery."""

    def __init__(self, script: Script, clock: VirtualClock) -> None:
        self._script, self._clock = script, clock
        self._number = 0

    async def send(
        self,
        request: PreparedRequest,  # noqa: ARG002 - a script does not look at it
        *,
        limit: float = REQUEST_TIMEOUT,
        redactor: Redactor,
    ) -> Exchange:
        """Return the script's answer; the clock moves on by the time that it takes, `limit` at most."""
        self._number += 1
        answer = self._script(self._number, self._clock.now())
        seconds = min(answer.seconds, limit)
        self._clock.advance(seconds)
        timings = Timings(wait=seconds * 1000, total=seconds * 1000)
        if answer.seconds > limit or answer.error == "timeout":
            message = f"the scripted target took more than {limit:g} s"
            return Exchange(timings, error=TransportError("timeout", message))
        if answer.error:
            return Exchange(timings, error=TransportError(answer.error, f"scripted failure: {answer.error}"))
        body = redactor.data(answer.body)
        response = Response(answer.status, "", "HTTP/1.1", answer.headers, body, len(answer.body))
        return Exchange(timings, response)
