"""Groups of commands: loaded when they are called, with one that is meant when none is named."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import cast

import click


@dataclass(frozen=True, slots=True)
class Lazy:
    """A command that is not imported yet: `module:attribute`, and its line in the list of commands."""

    where: str
    help: str

    def load(self) -> click.Command:
        """Import the command."""
        module, _, attribute = self.where.partition(":")
        command = getattr(import_module(module), attribute)
        return cast(click.Command, command)


class PipeClosedError(Exception):
    """The reader of the output went away. click would take a BrokenPipeError for exit code 1, a plain no."""


class LazyGroup(click.Group):
    """A group whose list of commands costs no import. What is no command is an argument of `default`.

    check: raises where such a first argument can be none, before anything else of the line is read.
    """

    def __init__(
        self,
        *,
        default: str,
        lazy: Mapping[str, Lazy],
        check: Callable[[str], None] | None = None,
        **settings: object,
    ) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]
        self.default = default
        self.lazy = dict(lazy)
        self._check = check

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return a command; None for a name that is none."""
        found = self.lazy.get(cmd_name)
        return found.load() if found else None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Name the default command where the arguments name none."""
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        if not args or (args[0] not in self.lazy and args[0] not in own):
            if args and self._check and not args[0].startswith("-"):
                self._check(args[0])
            args = [self.default, *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was named.

        Raises:
            PipeClosedError: the reader of its output went away.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise PipeClosedError from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.help) for name, lazy in self.lazy.items()])


def examples(*lines: str) -> str:
    """Return the closing part of a command's help: example command lines, kept as they are."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
