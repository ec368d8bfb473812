"""Background tasks that are not lost: asyncio keeps only a weak reference to a running one."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_running: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
    """Run `work` as a task and keep it until it is done."""
    task = asyncio.create_task(work, name=name)  # noqa: TID251 - the one place that may
    _running.add(task)
    task.add_done_callback(_running.discard)
    return task
