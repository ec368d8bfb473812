"""A round trip through the person's own editor, the screen handed over meanwhile."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from textual.app import App, SuspendNotSupported

from inspector.errors import InspectorError

Returned = TypeVar("Returned")


class ExternalEditorError(InspectorError):
    """The text could not be edited outside: no editor is named, or it or the terminal will not have it."""


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """Return the command of `$VISUAL`, else of `$EDITOR`, in words.

    Raises:
        ExternalEditorError: neither is set, or its quotes do not close.
    """
    text = environ.get("VISUAL", "").strip() or environ.get("EDITOR", "").strip()
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ExternalEditorError(f"the editor command {text!r} cannot be read: {error}") from None
    if not words:
        raise ExternalEditorError("no editor is named", hint="Set $VISUAL or $EDITOR, to “vim” for example.")
    return words


def edit_externally(
    app: App[Returned], text: str, *, suffix: str = ".json", environ: Mapping[str, str] | None = None
) -> str | None:
    """Return `text` as the person left it in her editor, None when she discarded it.

    An editor that exits with another code than 0 discards, as with git. The file is private and gone
    afterwards.

    Raises:
        ExternalEditorError: see there.
    """
    command = editor_command(os.environ if environ is None else environ)
    handle, name = tempfile.mkstemp(prefix="inspector-", suffix=suffix)
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        try:
            with app.suspend():
                done = subprocess.run([*command, name], check=False)  # noqa: S603 - the person's own choice
        except SuspendNotSupported:
            raise ExternalEditorError("this terminal cannot be handed over to an editor") from None
        except OSError as error:
            why = error.strerror or str(error)
            raise ExternalEditorError(f"the editor {command[0]!r} does not start: {why}") from None
        return path.read_text(encoding="utf-8", errors="replace") if done.returncode == 0 else None
    finally:
        path.unlink(missing_ok=True)
