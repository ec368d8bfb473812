"""`inspector connections`: what authorizes requests, and the state that EventBridge would show."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from inspector.auth.state import ConnectionStatus
from inspector.cli.choose import named_connection
from inspector.cli.console import Cell, Console, Output, Style
from inspector.cli.durations import seconds_text
from inspector.cli.exits import NO, YES
from inspector.cli.groups import examples
from inspector.cli.options import Reach, config_option, output_option, reach_options
from inspector.cli.session import Interruption, closing, open_bench, run_async, tell_faults
from inspector.cli.token_documents import connection_document
from inspector.eventbridge.authorization import AuthorizationError
from inspector.eventbridge.resources import Connection
from inspector.workbench import Workbench

_STYLES: Final[dict[str, Style]] = {"AUTHORIZED": "good", "DEAUTHORIZED": "bad"}


@click.command(
    epilog=examples(
        "inspector connections -c my-configs/",
        "inspector connections --authorize",
        "inspector connections crm-oauth --authorize --output json",
    )
)
@click.argument("names", nargs=-1, metavar="[CONNECTION]...")
@config_option
@click.option(
    "--authorize", is_flag=True, help="Ask for the tokens of OAuth connections first, anew for each."
)
@reach_options
@output_option
def connections(
    names: tuple[str, ...], config: tuple[Path, ...], authorize: bool, reach: Reach, output: Output
) -> int:
    """List the connections with their type, their state, its reason and their destinations.

    The states are those of EventBridge, as far as they are known without sending a request: BASIC and
    API_KEY are AUTHORIZED at once, OAuth is AUTHORIZING until its first token comes (--authorize), and what
    lacks its secret is DEAUTHORIZED. Exit code 0 when none is DEAUTHORIZED, 1 when one is.
    """
    console = Console(output)
    bench = open_bench(config, reach=reach)

    async def work(_: Interruption) -> int:
        async with closing(bench):
            tell_faults(console, bench.workspace)
            found = [named_connection(bench.workspace, name) for name in names]
            chosen = found or list(bench.workspace.connections)
            if authorize:
                await asyncio.gather(*(_authorized(bench, connection) for connection in chosen))
            told = [(connection, bench.status(connection)) for connection in chosen]
            _show(console, bench, told)
            return YES if all(status.usable for _, status in told) else NO

    return run_async(work)


async def _authorized(bench: Workbench, connection: Connection) -> None:
    bench.reauthorize(connection)
    try:
        await bench.authorize(connection)
    except AuthorizationError:
        return  # The state of the connection tells it.


def _show(console: Console, bench: Workbench, told: Sequence[tuple[Connection, ConnectionStatus]]) -> None:
    rows: list[Sequence[Cell]] = []
    documents = []
    for connection, status in told:
        destinations = bench.destinations_of(connection)
        documents.append(connection_document(connection, status, destinations))
        expiry = status.token_expires_in
        token = "" if expiry is None else f"token expires in {seconds_text(expiry)}"
        rows.append(
            (
                (connection.name, "strong"),
                connection.authorization_type,
                (status.state, _STYLES.get(status.state, "warn")),
                (f"{', '.join(destinations) or 'no destination'}: {status.destination_state}", "dim"),
                "; ".join(filter(None, (token, status.reason))),
            )
        )
    console.say(*console.out.rows(rows) or [console.out("the definitions hold no connection", "dim")])
    console.document({"connections": documents})
