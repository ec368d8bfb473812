"""The transport of many deliveries at once."""

import ssl
from typing import TYPE_CHECKING

from inspector.delivery.network import AS_EVENTBRIDGE, Network
from inspector.delivery.transport import REQUEST_TIMEOUT, revealed
from inspector.delivery.wire import Certificates, Exchange
from inspector.eventbridge.request import PreparedRequest
from inspector.secret import Redactor

if TYPE_CHECKING:
    from inspector.delivery.bulk_wire import Wires


class BulkTransport:
    """Sends as `HttpxTransport` does, byte for byte, at a fraction of its cost.

    ssl_context: what verifies endpoints; the network's certificates when None. keep_alive: use connections
    again, for requests whose `Connection` header allows it: EventBridge does not. network: how endpoints
    are reached; through no proxy, whatever it says.
    """

    def __init__(
        self,
        ssl_context: ssl.SSLContext | None = None,
        *,
        keep_alive: bool = False,
        network: Network = AS_EVENTBRIDGE,
    ) -> None:
        self._certificates = Certificates(ssl_context) if ssl_context else network.certificates()
        self._keep_alive = keep_alive
        self._wires: Wires | None = None

    async def send(
        self, request: PreparedRequest, *, limit: float = REQUEST_TIMEOUT, redactor: Redactor
    ) -> Exchange:
        """Send `request`; see `Transport.send`."""
        if self._wires is None:
            from inspector.delivery.bulk_wire import Wires

            self._wires = Wires(self._certificates, self._keep_alive)
        return await self._wires.exchange(revealed(request), limit=limit, redactor=redactor)

    def close(self) -> None:
        """Close the connections that are kept."""
        if self._wires is not None:
            self._wires.close()
