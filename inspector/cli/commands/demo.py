"""`inspector demo`: the samples and the bundled endpoint, on the screen or told as a story."""

from pathlib import Path

import click

from inspector.cli.console import Console
from inspector.cli.groups import examples
from inspector.cli.options import db_option
from inspector.cli.samples import USUAL_PORT, bundled_endpoint, sample_bench, sample_folder
from inspector.cli.screen import on_a_terminal, open_screen
from inspector.cli.session import Interruption, closing, history_path, run_async


@click.command(
    epilog=examples(
        "inspector demo", "inspector demo | less -R", "inspector demo --db /tmp/demo.sqlite3 </dev/null"
    )
)
@click.option(
    "--port",
    default=USUAL_PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The bundled endpoint's port; a free one when it is taken.",
)
@db_option
def demo(port: int, db: Path | None) -> int:
    """Start the bundled endpoint and open the inspector on the samples, which send to it.

    Without a terminal it shows the same as a story: match, preview, delivery through each type of
    connection, retries, a dead letter, a replay, a comparison. It checks what it shows and exits with 0
    when all of it happened as promised, with 1 when not.
    """
    sample_folder()
    kept = history_path(db, name="demo.sqlite3")
    with bundled_endpoint(port) as endpoint:
        bench = sample_bench(endpoint.url, kept)
        if on_a_terminal():
            from inspector.tui.collector import rest

            rest()
            return open_screen(bench, title="sample_configs", endpoint_url=endpoint.url)

        async def work(interruption: Interruption) -> int:
            from inspector.cli.tour import Tour

            async with closing(bench):
                return await Tour(Console(told="stdout"), bench, endpoint, interruption).walk()

        return run_async(work)
