"""Files of many events, read one event at a time: JSONL, arrays, PutEvents entries, gzip or not.

However long the file is, a piece of it is in memory, and one event.
"""

import gzip
import hashlib
import io
import re
import shutil
import sys
import tempfile
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from inspector.errors import InspectorError
from inspector.eventbridge.event import read_events
from inspector.jsontext import JsonError, JsonValue, loads_at

_PIECE: Final = 64 * 1024
LARGEST_VALUE: Final = 16 * 1024 * 1024
"""Characters of one JSON value in a file of many; EventBridge itself takes events of 1 MB at most."""

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_NEAR_END: Final = 16
"""An error so near the end of what was read may be the end of a piece and not of the text."""


class EventFileError(InspectorError):
    """A file of events that cannot be read, or that holds what is no JSON."""


@dataclass(frozen=True, slots=True)
class EventDocument:
    """One event's document. position: from 0 in its file. size: about how many characters it has."""

    position: int
    document: JsonValue
    size: int


class EventFile:
    """The events of a file, `-` for stdin. Iterate it once.

    name: for a reader. `fraction` tells how much of it has been read, None where nobody knows. stream: what
    to read in place of the file, where somebody has opened it.
    """

    def __init__(self, given: str, stream: io.BufferedReader | None = None) -> None:
        self.name = "stdin" if given == "-" else given
        self._given, self._stream = given, stream
        self._size = 0
        self._raw: io.BufferedReader | None = None

    @property
    def fraction(self) -> float | None:
        """How much of the file has been read, from 0 to 1."""
        if self._raw is None or not self._size:
            return None
        return min(1.0, self._raw.tell() / self._size)

    def fingerprint(self) -> str:
        """Return what tells whether the file is still the same: its size and a digest of its first part.

        Empty for what cannot be read twice.

        Raises:
            EventFileError: it cannot be read.
        """
        path = Path(self._given)
        if self._given == "-" or not path.is_file():
            return ""
        try:
            with path.open("rb") as stream:
                start = hashlib.sha256(stream.read(_PIECE)).hexdigest()
            return f"{path.stat().st_size} {start}"
        except OSError as error:
            raise self._unreadable(error) from None

    def __iter__(self) -> Iterator[EventDocument]:
        """Yield the events.

        Raises:
            EventFileError: the file cannot be read, or from here on it is no JSON.
        """
        position = 0
        values = _Values(self._text(), self.name)
        for value, size in values:
            documents = read_events(value)
            for document in documents:
                yield EventDocument(position, document, size // max(1, len(documents)))
                position += 1

    def _text(self) -> Iterator[str]:
        decoder = getincrementaldecoder("utf-8-sig")()
        read = 0
        try:
            with self._open() as raw:
                stream = gzip.GzipFile(fileobj=raw) if raw.peek(2)[:2] == b"\x1f\x8b" else raw
                while piece := stream.read1(_PIECE):
                    yield decoder.decode(piece)
                    read += len(piece)
                yield decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise EventFileError(f"{self.name} is not UTF-8 text (byte {read + error.start})") from None
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise EventFileError(f"{self.name} is broken gzip: {error}") from None
        except OSError as error:
            raise self._unreadable(error) from None
        finally:
            self._raw = None

    def _open(self) -> io.BufferedReader:
        if self._stream is not None:
            self._raw = self._stream
        elif self._given == "-":
            # Kept aside first: to wait for more of it would hold up what is being delivered.
            spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it
            shutil.copyfileobj(sys.stdin.buffer, spool)
            self._size = spool.tell()
            spool.seek(0)
            self._raw = io.BufferedReader(cast(io.RawIOBase, spool))
        else:
            self._raw = Path(self._given).open("rb")  # noqa: SIM115
            self._size = Path(self._given).stat().st_size
        return self._raw

    def _unreadable(self, error: OSError) -> EventFileError:
        return EventFileError(f"{self.name} cannot be read: {error.strerror or error}")


class _Values:
    """The JSON values of a text that comes in pieces: one after the other, and those of an array."""

    def __init__(self, pieces: Iterator[str], name: str) -> None:
        self._pieces, self._name = pieces, name
        self._text, self._at = "", 0
        self._line, self._column = 1, 0
        self._whole = False

    def __iter__(self) -> Iterator[tuple[JsonValue, int]]:
        while self._peek():
            if self._text[self._at] == "[":
                self._at += 1
                yield from self._elements()
            else:
                yield self._value()

    def _elements(self) -> Iterator[tuple[JsonValue, int]]:
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            self._peek()
            yield self._value()
            match self._peek():
                case ",":
                    self._at += 1
                case "]":
                    self._at += 1
                    return
                case _:
                    raise self._fault("Expecting ',' delimiter", self._at)

    def _peek(self) -> str:
        """Return the next character that is no white space, empty at the end."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more(_PIECE):
                return ""

    def _value(self) -> tuple[JsonValue, int]:
        while True:
            try:
                value, end = loads_at(self._text, self._at)
            except JsonError as error:
                unfinished = error.reason.startswith("Unterminated string") or (
                    error.offset >= len(self._text) - _NEAR_END
                )
                held, behind = len(self._text) - self._at, error.offset - self._at
                if unfinished and not self._whole and held > LARGEST_VALUE:
                    raise EventFileError(
                        f"{self._name}: a single JSON value of more than 16 MB (line {self._line})",
                        hint="put the events one on a line, or into one array",
                    ) from None
                # As much again as is there: a long value is not read over and over.
                if unfinished and self._more(held):
                    continue
                # Not the offset itself: to look for more forgets what is behind.
                raise self._fault(error.reason, self._at + behind) from None
            # A number that ends with the piece may go on in the next.
            if end < len(self._text) or not self._more(_PIECE):
                size = end - self._at
                self._at = end
                return value, size

    def _more(self, wanted: int) -> bool:
        """Read `wanted` characters more and forget what is behind; return whether there were any."""
        lines = self._text.count("\n", 0, self._at)
        self._line += lines
        self._column = self._at - self._text.rfind("\n", 0, self._at) - 1 + (0 if lines else self._column)
        pieces, got = [self._text[self._at :]], 0
        while got < wanted and not self._whole:
            piece = next(self._pieces, None)
            self._whole = piece is None
            pieces.append(piece or "")
            got += len(piece or "")
        self._text, self._at = "".join(pieces), 0
        return got > 0

    def _fault(self, reason: str, offset: int) -> EventFileError:
        lines = self._text.count("\n", 0, offset)
        column = offset - self._text.rfind("\n", 0, offset) + (0 if lines else self._column)
        return EventFileError(
            f"{self._name}: not valid JSON: {reason} (line {self._line + lines}, column {column})"
        )
