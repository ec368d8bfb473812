"""Decoding of `Content-Encoding` with a bound, so that a small answer cannot become a large one.

EventBridge asks for `gzip,deflate` and decodes gzip, zlib and raw deflate (request-and-auth, section 1).
"""

import zlib
from collections.abc import Iterator, Sequence
from typing import Final

_PIECE: Final = 64 * 1024
_MOST_LAYERS: Final = 4
_GZIP: Final = 16 + zlib.MAX_WBITS
_ZLIB: Final = zlib.MAX_WBITS
_RAW: Final = -zlib.MAX_WBITS


class _Layer:
    """One coding undone: gzip of one member or several, zlib, or raw deflate."""

    def __init__(self, coding: str) -> None:
        self.name = "deflate" if coding == "deflate" else "gzip"
        self._held = b""
        self._decoder = zlib.decompressobj(_GZIP) if self.name == "gzip" else None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what comes of `data` in pieces of bounded size, made only as they are asked for."""
        if self._decoder is None:
            data = self._held + data
            if len(data) < 2:
                self._held = data
                return
            self._decoder = zlib.decompressobj(_deflate_window(data))
        decoder, full = self._decoder, False
        while data or full:
            if decoder.eof:
                # A further gzip member goes on; any other bytes behind the end mean nothing.
                if self.name != "gzip" or not data.startswith(b"\x1f\x8b"):
                    return
                self._decoder = decoder = zlib.decompressobj(_GZIP)
            piece = decoder.decompress(data, _PIECE)
            full = len(piece) == _PIECE
            data = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
            if piece:
                yield piece

    @property
    def complete(self) -> bool:
        return self._decoder is not None and self._decoder.eof


def _deflate_window(start: bytes) -> int:
    """`deflate` names the zlib format, but raw deflate is sent under that name too (RFC 9110, 8.4.1.2)."""
    return _ZLIB if start[0] & 0x0F == 8 and int.from_bytes(start[:2]) % 31 == 0 else _RAW


class BoundedBody:
    """Collects a body, decoded, up to `limit` bytes.

    `received` counts bytes as they came. `full` says that nothing further is taken. `note` says what went
    wrong, empty when nothing did; a body that cannot be decoded at all is kept as received.
    """

    def __init__(self, content_encoding: Sequence[str], limit: int) -> None:
        codings = [c.strip().lower() for value in content_encoding for c in value.split(",")]
        codings = [coding for coding in codings if coding not in ("", "identity")]
        self.note = ""
        self.full = False
        self.received = 0
        self._limit = limit
        self._decoded = bytearray()
        self._received = bytearray()
        self._broken = False
        self._layers: list[_Layer] = []
        unknown = [coding for coding in codings if coding not in ("gzip", "x-gzip", "deflate")]
        if unknown:
            self.note = f"the answer's encoding {unknown[0][:40]!r} is not decoded"
        elif len(codings) > _MOST_LAYERS:
            self.note = f"the answer is encoded {len(codings)} times; it is not decoded"
        else:
            # The last coding named was applied last and comes off first.
            self._layers = [_Layer(coding) for coding in reversed(codings)]

    def feed(self, chunk: bytes) -> None:
        """Take bytes of the body as received."""
        self.received += len(chunk)
        self._received += chunk[: self._limit - len(self._received)]
        if not self._layers:
            self.full = len(self._received) >= self._limit
        elif self._broken:
            self.full = bool(self._decoded) or len(self._received) >= self._limit
        else:
            self._decode(chunk)

    def _decode(self, chunk: bytes) -> None:
        try:
            for piece in _through(chunk, self._layers):
                self._decoded += piece[: self._limit - len(self._decoded)]
                if len(self._decoded) >= self._limit:
                    self.full = True
                    return
        except zlib.error:
            name = self._layers[0].name
            self._broken = True
            self.note = (
                f"the {name} data is broken; shown as far as it could be decoded"
                if self._decoded
                else f"the {name} data is broken; shown as received"
            )

    def finish(self) -> bytes:
        """Return the body; call it when no more comes."""
        if not self._layers or (self._broken and not self._decoded):
            return bytes(self._received)
        if self._received and not self.full and not self._broken and not self._layers[0].complete:
            self.note = f"the {self._layers[0].name} data ends too early"
        return bytes(self._decoded)


def _through(data: bytes, layers: Sequence[_Layer]) -> Iterator[bytes]:
    if not layers:
        yield data
        return
    for piece in layers[0].feed(data):
        yield from _through(piece, layers[1:])
