"""One command's session: its workbench, opened and closed; its interruption; the faults of its workspace."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

from inspector.auth.token_request import TOKEN_FORMS
from inspector.cli.console import Console, counted
from inspector.cli.exits import INTERRUPTED, TERMINATED
from inspector.cli.options import AS_USUAL, Reach
from inspector.delivery.network import Network, checked_ca_file
from inspector.delivery.proxies import proxies_of
from inspector.eventbridge.resources import Workspace
from inspector.workbench import Workbench
from inspector.workbench.redirect import parse_base_url, redirected

_FAULTS_SHOWN: Final = 3


def history_path(db: Path | None, *, name: str = "history.sqlite3") -> Path:
    """Return the file of the history: the given one, or the usual one in the platform's data folder."""
    from platformdirs import user_data_path

    return db or user_data_path("eventbridge-inspector", appauthor=False) / name


def open_bench(
    config: Sequence[Path], *, db: Path | None = None, endpoint: str | None = None, reach: Reach = AS_USUAL
) -> Workbench:
    """Return a workbench on files and folders of definitions, the current folder where none is given.

    db: the history's file, None to record nothing. endpoint: send to this base URL. reach: how endpoints are
    reached.

    Raises:
        InspectorError: a path does not exist, `endpoint` is no base URL, or `reach` names no certificates or
            no proxy that can be used.
    """
    base = None if endpoint is None else parse_base_url(endpoint)

    def redirect(workspace: Workspace) -> Workspace:
        if base is None:
            return workspace
        return redirected(workspace, base, applies=lambda _: True, tokens=False)

    return Workbench(
        list(config) or [Path()],
        db=db,
        environ=os.environ,
        redirect=redirect,
        network=Network(
            ca_file=reach.ca_file and checked_ca_file(reach.ca_file),
            proxies=proxies_of(os.environ) if reach.proxy_from_env else None,
        ),
        token_form=next(form for form in TOKEN_FORMS if form == reach.token_form),
    )


@asynccontextmanager
async def closing(bench: Workbench) -> AsyncIterator[Workbench]:
    """Close the workbench when the command is done with it."""
    try:
        yield bench
    finally:
        await bench.close()


async def must_record(bench: Workbench, db: Path | None) -> None:
    """See to it that a history which was asked for by its path can be written, before anything is sent.

    Raises:
        HistoryError: it cannot.
    """
    if db is not None and bench.db is not None:
        await bench.in_history(lambda history: history.mark_interrupted())


def tell_faults(console: Console, workspace: Workspace) -> None:
    """Say on stderr that something is wrong with the definitions, the first errors in full."""
    errors = [fault for fault in workspace.faults if fault.severity == "error"]
    warnings = len(workspace.faults) - len(errors)
    for fault in errors[:_FAULTS_SHOWN]:
        console.warning(str(fault))
    unseen = counted(len(errors[_FAULTS_SHOWN:]), "more error"), counted(warnings, "warning")
    rest = " and ".join(text for text in unseen if text)
    if rest:
        console.warning(f"{rest} in the definitions; inspector check lists them")


class Interruption:
    """What Ctrl-C does: the first ends what is registered in good order, the second ends everything."""

    def __init__(self) -> None:
        self.code = 0
        self._main = asyncio.current_task()
        self._in_order: Callable[[], None] | None = None

    @contextmanager
    def ends(self, in_order: Callable[[], None]) -> Iterator[None]:
        """Let the first Ctrl-C within the block call `in_order`."""
        self._in_order = in_order
        try:
            yield
        finally:
            self._in_order = None

    def happen(self, code: int) -> None:
        """Take notice of a signal."""
        first, self.code = not self.code, self.code or code
        if first and self._in_order:
            self._in_order()
        elif self._main:
            self._main.cancel()


def run_async(work: Callable[[Interruption], Coroutine[Any, Any, int]]) -> int:
    """Run a command's coroutine and return its exit code, or that of the signal that ended it."""
    ended_by = 0

    async def main() -> int:
        nonlocal ended_by
        interruption = Interruption()
        loop = asyncio.get_running_loop()
        for number, code in ((signal.SIGINT, INTERRUPTED), (signal.SIGTERM, TERMINATED)):
            try:
                loop.add_signal_handler(number, interruption.happen, code)
            except (NotImplementedError, RuntimeError, ValueError):
                break  # Windows, or not the main thread: Ctrl-C then cancels the task at once.
        try:
            code = await work(interruption)
        finally:
            ended_by = interruption.code
        return ended_by or code

    try:
        return asyncio.run(main())
    except asyncio.CancelledError:
        return ended_by or INTERRUPTED
