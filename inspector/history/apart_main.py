"""The process that writes sheets: what `apart` starts.

Messages go through pipes, each behind its length. It says that it is there; it is told the rows of the
deliveries that are under way, then sheets, and answers each with one word, or with why it cannot go on.
"""

import marshal
import signal
import sqlite3
import struct
import sys
from pathlib import Path
from typing import IO, Final

from inspector.errors import InspectorError
from inspector.history.connection import connect, many_ahead
from inspector.history.desk import Desk, Sheet
from inspector.history.errors import explained

LENGTH: Final = struct.Struct("!Q")
DONE: Final = b"done"


def main(path: Path) -> None:
    """Write what comes through stdin into the history at `path`, until there is no more."""
    # Ctrl-C is for the process that has the deliveries: it lets them come to their end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    told, tell = sys.stdin.buffer, sys.stdout.buffer
    try:
        with explained(path):
            connection = connect(path)
            many_ahead(connection)
        _send(tell, DONE)
        if (seqs := _receive(told)) is None:
            return
        desk = Desk(marshal.loads(seqs))  # noqa: S302 - through a pipe that only our parent has
        while (packed := _receive(told)) is not None:
            with explained(path):
                _write(connection, desk, Sheet.unpacked(packed))
            _send(tell, DONE)
        connection.close()
    except BrokenPipeError:
        # Who asked is gone.
        return
    except InspectorError as error:
        _send(tell, marshal.dumps((str(error), error.hint)))
    except Exception as error:  # Whatever it is, who waits for the answer must hear of it.
        _send(tell, marshal.dumps((f"the history {path} cannot be written: {error!r}", "")))


def _write(connection: sqlite3.Connection, desk: Desk, sheet: Sheet) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        desk.write(connection, sheet)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(LENGTH.pack(len(message)) + message)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    """Return the next message, None where there will be none."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    length: int = LENGTH.unpack(head)[0]
    message = pipe.read(length)
    return message if len(message) == length else None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
