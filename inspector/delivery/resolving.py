"""Connecting in two steps, so that the lookup of a name is told apart from the connecting."""

import asyncio
import socket
import time
from asyncio.staggered import staggered_race
from collections.abc import Iterable
from functools import partial
from typing import Final

import httpcore

from inspector.delivery.phases import Trace, is_address

_NEXT_ADDRESS_AFTER: Final = 0.25


class Resolving(httpcore.AsyncNetworkBackend):
    """Looks a name up, then connects to the first of its addresses that answers.

    All addresses are tried, each a quarter of a second after the one before (RFC 8305).
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect; raises httpcore.ConnectError."""
        addresses = [host] if is_address(host) else await self._looked_up(host, port)
        dial = partial(
            self._inner.connect_tcp,
            port=port,
            timeout=timeout,
            local_address=local_address,
            socket_options=socket_options,
        )
        if len(addresses) == 1:
            return await dial(addresses[0])
        attempts = [partial(dial, address) for address in addresses]
        winner: httpcore.AsyncNetworkStream | None
        winner, _, errors = await staggered_race(attempts, _NEXT_ADDRESS_AFTER)
        if winner is None:
            raise next(error for error in errors if error is not None)
        return winner

    async def _looked_up(self, host: str, port: int) -> list[str]:
        self._trace.marks["dns.started"] = time.perf_counter()
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        self._trace.marks["dns.complete"] = time.perf_counter()
        return list(dict.fromkeys(str(address[0]) for _, _, _, _, address in found))
