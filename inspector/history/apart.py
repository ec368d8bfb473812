"""A process of its own that writes sheets: SQLite then works beside the event loop, and not in turn with it.

What it is told is packed by this interpreter for this interpreter, through pipes that nobody else has.
"""

import asyncio
import marshal
import os
import sys
from asyncio import Future, StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inspector.history.apart_main import DONE, LENGTH
from inspector.history.desk import Sheet
from inspector.history.errors import HistoryError
from inspector.tasks import spawn

POSSIBLE: Final = os.name == "posix" and bool(sys.executable)
"""Whether there can be one. Elsewhere an event loop may know no pipes of processes."""
_AHEAD: Final = 2
"""So many sheets it is given at a time: one to write, one to go on with."""


class Apart:
    """The process, as seen from the one that has the deliveries."""

    def __init__(self, path: Path, process: Process, told: StreamWriter, tells: StreamReader) -> None:
        self._path, self._process, self._told, self._tells = path, process, told, tells
        self._asked: deque[Future[None]] = deque()
        self._failure: HistoryError | None = None
        self._room = asyncio.Semaphore(_AHEAD)
        self._listener = spawn(self._listen(), name="history apart")

    @classmethod
    async def start(cls, path: Path) -> "Apart":
        """Return a process that has opened the history at `path`.

        Raises:
            OSError: none can be started.
            HistoryError: it cannot open the file.
        """
        process = await create_subprocess_exec(
            *(sys.executable, "-P", "-m", "inspector.history.apart_main", str(path)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            # Ctrl-C at a terminal goes to all processes of a session: this one must outlive it.
            start_new_session=True,
        )
        if process.stdin is None or process.stdout is None:
            raise OSError("a process without pipes")
        apart = cls(path, process, process.stdin, process.stdout)
        try:
            await apart._room.acquire()
            await apart._expect()
        except BaseException:
            await apart.close()
            raise
        return apart

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def take_over(self, seqs: Mapping[int, int]) -> None:
        """Let it know the rows of the deliveries that are under way, before the first sheet."""
        self._tell(marshal.dumps(dict(seqs)))

    async def write(self, sheet: Sheet) -> "Future[None]":
        """Hand a sheet over when there is room; the future is done when it is in the file.

        Its error, a `HistoryError`, is what kept it from there. What was written before is kept.
        """
        await self._room.acquire()
        if self._failure is None:
            self._tell(sheet.packed())
        return self._expect()

    async def close(self) -> None:
        """Let it end, and wait for that."""
        self._told.close()
        await self._process.wait()
        await asyncio.wait({self._listener})

    def _tell(self, message: bytes) -> None:
        self._told.writelines((LENGTH.pack(len(message)), message))

    def _expect(self) -> "Future[None]":
        answer: Future[None] = asyncio.get_running_loop().create_future()
        # Who does not wait for it is not told.
        answer.add_done_callback(lambda done: done.exception())
        self._asked.append(answer)
        if self._failure:
            self._fail()
        return answer

    async def _listen(self) -> None:
        """Pass answers on, in the order of what was asked."""
        try:
            while True:
                length = LENGTH.unpack(await self._tells.readexactly(LENGTH.size))[0]
                message = await self._tells.readexactly(length)
                if message != DONE:
                    told, hint = marshal.loads(message)  # noqa: S302 - through a pipe that only our child has
                    self._failure = HistoryError(told, hint=hint)
                    break
                self._room.release()
                self._asked.popleft().set_result(None)
        except (EOFError, OSError):
            self._failure = HistoryError(
                f"the process that writes the history {self._path} has ended",
                hint="what it had written is kept",
            )
        self._fail()

    def _fail(self) -> None:
        while self._asked:
            self._room.release()
            self._asked.popleft().set_exception(self._failure or EOFError())
