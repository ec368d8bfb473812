"""The command line: the same workbench without a screen, for a terminal, a script or CI.

Importing this imports click and nothing heavy; each command is loaded when it is called.
"""

import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit the process with its code: the console script `inspector`."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (`sys.argv` when None) and return its exit code.

    0 yes or delivered, 1 no match or not delivered, 2 bad input or usage, 70 a fault of the
    inspector's own, 130 interrupted.
    """
    from inspector.cli.failures import guarded
    from inspector.cli.root import root

    given = None if arguments is None else list(arguments)
    return guarded(lambda: root.main(given, prog_name="inspector", standalone_mode=False))
