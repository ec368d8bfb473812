"""Files of events read as fast as they come: raw lines of JSONL, many at a time.

What holds its events otherwise (one array, JSON over several lines) is told apart by its beginning and
read by `event_files`, one value at a time.
"""

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, cast

from inspector.config.event_files import EventFile, EventFileError
from inspector.jsontext import JsonError, JsonValue, loads

LONGEST_LINE: Final = 2 * 1024 * 1024
"""Bytes of one line; EventBridge takes events of 1 MB at most. What is longer comes in such pieces."""

_BUFFER: Final = 256 * 1024
_LINES_AT_ONCE: Final = 128


class EventLines:
    """The events of a file, `-` for stdin, gzip or not. Read it once, by `batches` or by `documents`.

    name: for a reader. by_line: each event has a line of its own, so `batches` is the way to read it.

    Raises:
        EventFileError: the file cannot be read.
    """

    def __init__(self, given: str) -> None:
        self.name = "stdin" if given == "-" else given
        self._given = given
        with self._explained():
            raw = _stdin() if given == "-" else Path(given).open("rb", buffering=0)  # noqa: SIM115
            self._raw: io.BufferedReader = io.BufferedReader(raw, _BUFFER)
            self._size = 0 if given == "-" else Path(given).stat().st_size
            self._stream = self._raw
            if self._raw.peek(2)[:2] == b"\x1f\x8b":
                unpacked = gzip.GzipFile(fileobj=self._raw)
                self._stream = io.BufferedReader(cast(io.RawIOBase, unpacked), _BUFFER)
            self.by_line = _by_line(self._stream.peek(_BUFFER))

    @property
    def fraction(self) -> float | None:
        """How much of the file has been read, from 0 to 1; None where nobody knows."""
        return min(1.0, self._raw.tell() / self._size) if self._size else None

    def batches(self) -> Iterator[list[bytes]]:
        """Yield the lines, some at a time, each with its end; the pieces of one that is too long, too.

        Raises:
            EventFileError: the file cannot be read any further.
        """
        lines = iter(partial(self._stream.readline, LONGEST_LINE), b"")
        with self._explained():
            while batch := list(islice(lines, _LINES_AT_ONCE)):
                yield batch

    def documents(self) -> Iterator[JsonValue]:
        """Yield the events' documents.

        Raises:
            EventFileError: the file cannot be read, or from here on it is no JSON.
        """
        for found in EventFile(self.name, self._stream):
            yield found.document

    def close(self) -> None:
        """Close the file; let go of stdin."""
        if self._given != "-":
            self._raw.close()
        elif not self._raw.closed:
            self._raw.detach()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise EventFileError(f"{self.name} is broken gzip: {error}") from None
        except OSError as error:
            raise EventFileError(f"{self.name} cannot be read: {error.strerror or error}") from None


def _stdin() -> io.RawIOBase:
    # Not through its own buffer: that would wait until there is enough to fill ours.
    stdin: object = sys.stdin.buffer
    return cast(io.RawIOBase, getattr(stdin, "raw", stdin))


def _by_line(beginning: bytes) -> bool:
    """Tell, from the beginning of a file, whether it has an event on each line."""
    first, newline, others = beginning.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    if not first.startswith((b"{", b"[")):
        return True
    if first.startswith(b"[") or not newline:
        return first.startswith(b"{") and len(first) < _BUFFER // 2
    text = first.decode("utf-8", "replace").rstrip()
    try:
        loads(text)
    except JsonError as error:
        return error.offset < len(text) or others.lstrip().startswith(b"{")
    return True
