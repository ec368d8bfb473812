"""The two ways to send one request over a socket, for tests that hold both to the same rules."""

from collections.abc import Iterator
from contextlib import contextmanager

from inspector.delivery.bulk_wire import Wires
from inspector.delivery.wire import Certificates, Exchange, WireRequest, exchange
from inspector.secret import Redactor

_chosen = ["httpx"]


@contextmanager
def sending(name: str) -> Iterator[None]:
    """Let `send` go this way: `httpx` or `bulk`."""
    _chosen.append(name)
    try:
        yield
    finally:
        _chosen.pop()


async def send(
    request: WireRequest, *, limit: float, redactor: Redactor, certificates: Certificates
) -> Exchange:
    if _chosen[-1] == "bulk":
        return await Wires(certificates).exchange(request, limit=limit, redactor=redactor)
    return await exchange(request, limit=limit, redactor=redactor, certificates=certificates)
