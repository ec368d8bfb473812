"""The way from a command to the screen."""

import sys

from inspector.cli.exits import INTERNAL, YES
from inspector.workbench import Workbench


def on_a_terminal() -> bool:
    """Whether there is a terminal to read keys from and to draw on; Textual draws on stderr."""
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def open_screen(bench: Workbench, *, title: str, endpoint_url: str = "") -> int:
    """Run the app until the user leaves it, close the workbench, and return the exit code."""
    from inspector.tui.app import run_app

    # The app has no yes and no: any other code of its is a failure of its own, which it has told.
    return INTERNAL if run_app(bench, title=title, endpoint_url=endpoint_url) else YES
