"""Which process a delivery in flight belongs to, and whether that process is still there."""

import os
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def process_started(pid: int) -> str | None:
    """Return when a process began, as text to compare; None when there is no such process.

    A process id alone is used again after a while. Where the system does not tell, this process counts as
    there and every other one as gone: a delivery that was taken for interrupted is set right by its end.
    """
    if _PROC.joinpath("self/stat").exists():
        try:
            stat = _PROC.joinpath(f"{pid}/stat").read_text("utf-8", "replace")
        except OSError:
            return None
        state, *rest = stat.rpartition(")")[2].split()
        # A zombie sends nothing any more.
        return None if state in "ZX" else rest[18]
    if os.name == "posix":
        answer = subprocess.run(  # noqa: S603 -- the argument is a number
            ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return answer.stdout.strip() or None
    return "this" if pid == os.getpid() else None


@lru_cache(maxsize=1)
def _started(pid: int) -> str:
    return process_started(pid) or ""


def this_process() -> tuple[int, str]:
    """Return this process's id and when it began."""
    return os.getpid(), _started(os.getpid())
