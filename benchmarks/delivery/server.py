"""The least that can answer HTTP: one asyncio protocol that counts bytes and sends the same answer.

It stands for the endpoint, in a process of its own, and is the same for all clients that are measured.
Prints its port. It closes the connection where the request says `Connection: close`.
"""

import asyncio
from typing import cast

_BODY = b'{"received":true}'
_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
    + str(len(_BODY)).encode()
    + b"\r\n"
)
_CLOSING = _HEAD + b"Connection: close\r\n\r\n" + _BODY
_STAYING = _HEAD + b"\r\n" + _BODY


class Answer(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)
        self._held = b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            head = self._held[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._held) < end + 4 + length:
                return
            self._held = self._held[end + 4 + length :]
            if b"connection: close" in head:
                self._transport.write(_CLOSING)
                self._transport.close()
                return
            self._transport.write(_STAYING)


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Answer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
