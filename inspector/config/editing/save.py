"""Writing edited files: a backup beside each, then the whole file replaced at once."""

import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inspector.config.editing.edits import EditError
from inspector.config.editing.file_change import FileChange

_MOST_BACKUPS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that was written. backup: the file that keeps what it was before."""

    name: str
    backup: Path


def save(changes: Sequence[FileChange]) -> tuple[Saved, ...]:
    """Write the changed files; those that would stay as they are stay untouched.

    A file is whole at every moment: old, then new. Its mode is kept, a link to it stays a link, and its old
    content is kept beside it as `NAME.bak`, `NAME.bak.2` and so on.

    Raises:
        EditError: a file was changed since the plan was made, or cannot be written. It is as it was; the
            message names those before it that were written.
    """
    saved: list[Saved] = []
    wanted = [change for change in changes if change.changed]
    for change in wanted:
        _check(change)
    for change in wanted:
        try:
            saved.append(Saved(change.name, _replaced(change)))
        except OSError as error:
            why = (error.strerror or type(error).__name__).lower()
            done = f"; written before it: {', '.join(one.name for one in saved)}" if saved else ""
            raise EditError(
                f"{change.name} cannot be written: {why}{done}", hint="the file is as it was"
            ) from None
    return tuple(saved)


def _check(change: FileChange) -> None:
    try:
        present, mode = change.path.read_bytes(), change.path.stat().st_mode
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise EditError(f"{change.name} cannot be written: {why}") from None
    if present != change.data:
        raise EditError(f"{change.name} was changed since it was loaded", hint="load it again, then write")
    # A rename would not ask.
    if not stat.S_IMODE(mode) & 0o222 or not os.access(change.path, os.W_OK):
        raise EditError(f"{change.name} is read-only", hint="make it writable (chmod u+w), then write again")


def _replaced(change: FileChange) -> Path:
    """Write one file and return its backup.

    Raises:
        OSError: it could not be done; nothing is left behind.
    """
    path, status = change.path, change.path.stat()
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".tmp", dir=path.parent)
    fresh = Path(name)
    backup: Path | None = None
    try:
        _write(handle, fresh, change.new_data, status)
        backup = _backed_up(path, change.data, status)
        os.replace(fresh, path)
    except BaseException:
        for left in (fresh, backup):
            if left is not None:
                left.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # not every system opens folders
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return backup


def _backed_up(path: Path, data: bytes, status: os.stat_result) -> Path:
    for number in range(1, _MOST_BACKUPS):
        backup = path.with_name(f"{path.name}.bak" + (f".{number}" if number > 1 else ""))
        try:
            # Exclusive: an earlier backup is never written over.
            handle = os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        try:
            _write(handle, backup, data, status)
        except BaseException:
            backup.unlink(missing_ok=True)
            raise
        return backup
    raise OSError(0, f"there are {_MOST_BACKUPS} backups beside it")


def _write(handle: int, path: Path, data: bytes, status: os.stat_result) -> None:
    with open(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        if hasattr(os, "fchown"):
            with suppress(OSError):  # only root gives files away
                os.fchown(stream.fileno(), status.st_uid, status.st_gid)
        path.chmod(stat.S_IMODE(status.st_mode))
        os.fsync(stream.fileno())
