"""`inspector open`, and `inspector` alone: the screen."""

from pathlib import Path

import click

from inspector.cli.groups import examples
from inspector.cli.options import (
    Reach,
    config_option,
    db_option,
    endpoint_option,
    no_history_option,
    reach_options,
)
from inspector.cli.root import refuse_stray
from inspector.errors import InspectorError


@click.command(
    "open",
    epilog=examples("inspector", "inspector my-configs/", "inspector open --no-history stack.json events/"),
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@config_option
@endpoint_option
@reach_options
@db_option
@no_history_option
def open_command(
    paths: tuple[Path, ...],
    config: tuple[Path, ...],
    endpoint: str | None,
    reach: Reach,
    db: Path | None,
    no_history: bool,
) -> int:
    """Open the screen on files and folders of definitions.

    Without a PATH it opens the current folder. A folder that is named like a command is opened by
    inspector ./NAME.
    """
    given = (*paths, *config)
    for path in paths:
        refuse_stray(str(path))
    # Only now: what names no file shall be told so at once.
    from inspector.tui.collector import rest

    rest()
    from inspector.cli.screen import on_a_terminal, open_screen
    from inspector.cli.session import history_path, open_bench

    if not on_a_terminal():
        raise InspectorError(
            "the screen needs a terminal, and this is none",
            hint="the commands need no screen: inspector --help",
        )
    bench = open_bench(given, db=None if no_history else history_path(db), endpoint=endpoint, reach=reach)
    return open_screen(bench, title=", ".join(map(str, given)) or Path().resolve().name)
