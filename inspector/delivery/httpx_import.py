"""The import of httpx, once, late and without its command line.

httpx imports its own command line (click, rich) with itself: 75 ms that nobody here uses. And its first
request imports an async backend, 50 ms that would be shown as network time. Both are kept out of the way.
"""

import asyncio
import importlib
import sys


def load_httpx() -> None:
    """Import httpx without its command line; does nothing where it is imported already."""
    if "httpx" in sys.modules:
        return
    stand_in = "httpx._main" not in sys.modules
    if stand_in:
        # None makes the import of that module fail, for which httpx is prepared.
        sys.modules["httpx._main"] = None  # type: ignore[assignment]
    try:
        importlib.import_module("httpx")
    finally:
        if stand_in:
            del sys.modules["httpx._main"]


def _load_all() -> None:
    load_httpx()
    for name in ("httpcore", "httpcore._backends.anyio", "anyio._backends._asyncio", "encodings.idna"):
        importlib.import_module(name)


_loaded = False


async def warm_up() -> None:
    """Import what the first request of a process would import, in a thread."""
    global _loaded
    if not _loaded:
        await asyncio.to_thread(_load_all)
        _loaded = True
