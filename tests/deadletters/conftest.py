"""The commands of `tests.cli` on their workspace, for dead letters."""

from tests.cli.conftest import command, endpoint, folder

__all__ = ["command", "endpoint", "folder"]
