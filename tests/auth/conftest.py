"""The workspace of the commands, over real HTTP."""

from tests.cli.conftest import command, endpoint, folder

__all__ = ["command", "endpoint", "folder"]
