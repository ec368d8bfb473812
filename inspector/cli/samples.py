"""What the demo works on: the sample definitions, pointed at a bundled endpoint of its own."""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import inspector
from inspector.errors import InspectorError
from inspector.eventbridge.resources import Workspace
from inspector.workbench import Workbench
from inspector.workbench.redirect import redirected

if TYPE_CHECKING:
    from inspector.endpoint.options import EndpointOptions
    from inspector.endpoint.server import Endpoint

USUAL_PORT: Final = 9870
# The hosts that the samples name: the bundled endpoint's usual address and the tutorials' own.
_STAND_INS: Final = frozenset({"localhost:9870", "127.0.0.1:9870", "api.example.com"})


def sample_folder() -> Path:
    """Return the folder of sample definitions.

    Raises:
        InspectorError: this installation has none.
    """
    folder = Path(inspector.__file__).resolve().parent.parent / "sample_configs"
    if not folder.is_dir():
        raise InspectorError(
            "the sample definitions are not installed with the package",
            hint="run the demo from a clone of the repository: make demo",
        )
    return folder


def sample_bench(url: str, db: Path) -> Workbench:
    """Return a workbench on the samples, with what they send going to the endpoint at `url`.

    Raises:
        InspectorError: this installation has no samples.
    """

    def redirect(workspace: Workspace) -> Workspace:
        return redirected(workspace, url, applies=lambda host: host in _STAND_INS, tokens=True)

    return Workbench([sample_folder()], db=db, environ=os.environ, redirect=redirect)


@contextmanager
def bundled_endpoint(
    port: int = USUAL_PORT, options: "EndpointOptions | None" = None
) -> Iterator["Endpoint"]:
    """Run the bundled endpoint in a thread of its own while the block lasts; on any port if this is taken."""
    started = threading.Event()
    running: list[Endpoint] = []
    failures: list[BaseException] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        from inspector.endpoint.server import EndpointError, start

        try:
            running.append(await start(port=port, options=options))
        except EndpointError:
            running.append(await start(port=0, options=options))

    def run() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(serve())
        except BaseException as error:
            failures.append(error)
            return
        finally:
            started.set()
        loop.run_forever()

    thread = threading.Thread(target=run, name="bundled endpoint", daemon=True)
    thread.start()
    started.wait()
    if failures:
        raise failures[0]
    try:
        yield running[0]
    finally:
        asyncio.run_coroutine_threadsafe(running[0].close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
