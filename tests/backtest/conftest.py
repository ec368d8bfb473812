"""The commands on a workspace with a history of its own."""

from tests.cli.conftest import command, endpoint, folder

__all__ = ["command", "endpoint", "folder"]
