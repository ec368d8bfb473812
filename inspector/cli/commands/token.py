"""`inspector token`: ask a connection's token endpoint for a token and show the exchange."""

from pathlib import Path

import click

from inspector.cli.choose import named_connection
from inspector.cli.console import Console, Output
from inspector.cli.exits import NO, YES
from inspector.cli.groups import examples
from inspector.cli.options import Reach, config_option, output_option, reach_options
from inspector.cli.session import Interruption, closing, open_bench, run_async, tell_faults
from inspector.cli.token_documents import token_document
from inspector.cli.token_text import exchange_lines
from inspector.errors import InspectorError
from inspector.eventbridge.authorization import AuthorizationError, TokenExchange
from inspector.eventbridge.resources import Connection
from inspector.workbench import Workbench


@click.command(
    epilog=examples(
        "inspector token crm-oauth -c my-configs/",
        "inspector token crm-oauth --token-form basic",
        "inspector token crm-oauth --dry-run",
        "inspector token crm-oauth --output json",
    )
)
@click.argument("connection")
@config_option
@click.option("--dry-run", is_flag=True, help="Show the token request; send nothing.")
@reach_options
@output_option
def token(connection: str, config: tuple[Path, ...], dry_run: bool, reach: Reach, output: Output) -> int:
    """Ask for a token as CONNECTION does, and show the request and the answer, everything secret masked.

    A token that is a JWT is read: header, claims, and what speaks against it. Nothing is kept: it is the
    state of the token endpoint that shows. Exit code 0 when a token came, 1 when none did, 2 when the
    connection asks for none or lacks a secret.
    """
    console = Console(output)
    bench = open_bench(config, reach=reach)

    async def work(_: Interruption) -> int:
        async with closing(bench):
            tell_faults(console, bench.workspace)
            chosen = named_connection(bench.workspace, connection)
            request = _token_request(bench, chosen)
            exchange = request if dry_run else await _asked(bench, chosen, console)
            console.say(*exchange_lines(console.out, exchange))
            console.document({"connection": chosen.name, "sent": not dry_run, **token_document(exchange)})
            return NO if exchange.error else YES

    return run_async(work)


def _token_request(bench: Workbench, connection: Connection) -> TokenExchange:
    if request := bench.token_request(connection):
        return request
    others = [c.name for c in bench.workspace.connections if bench.token_request(c)]
    raise InspectorError(
        f"connection {connection.name!r} asks for no token: it is {connection.authorization_type}",
        hint=f"these do: {', '.join(others)}" if others else "none of the definitions does",
    )


async def _asked(bench: Workbench, connection: Connection, console: Console) -> TokenExchange:
    """Return the exchange, whether a token came of it or not."""
    try:
        granted = await bench.authorize(connection)
    except AuthorizationError as error:
        if error.exchange is None:
            raise
        if error.hint:
            console.progress(f"{console.err(' hint:', 'accent')} {console.err(error.hint)}")
        return error.exchange
    if granted.exchange is None:
        raise InspectorError(f"connection {connection.name!r} had a token already")
    return granted.exchange
