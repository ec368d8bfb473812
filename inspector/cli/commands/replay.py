"""`inspector replay`: a past delivery again."""

from pathlib import Path

import click

from inspector.cli.choose import named_connection, named_target
from inspector.cli.console import Console, Output
from inspector.cli.delivery_text import result_row
from inspector.cli.documents import delivery_document, route_document
from inspector.cli.drive import follow
from inspector.cli.exits import NO, YES
from inspector.cli.groups import examples
from inspector.cli.options import (
    Reach,
    config_option,
    connection_option,
    db_option,
    endpoint_option,
    output_option,
    reach_options,
    skip_waits_option,
    target_option,
)
from inspector.cli.session import (
    Interruption,
    closing,
    history_path,
    open_bench,
    run_async,
    tell_faults,
)
from inspector.errors import InspectorError
from inspector.eventbridge.resources import Route
from inspector.history.records import StoredDelivery
from inspector.workbench import Workbench
from inspector.workbench.replay import route_of


@click.command(
    epilog=examples(
        "inspector replay last",
        "inspector replay 3f2a91c0 -c my-configs/ --rerender",
        "inspector replay last --target orders/crm --output json",
    )
)
@click.argument("delivery_id", metavar="ID")
@config_option
@target_option
@connection_option
@click.option(
    "--rerender",
    is_flag=True,
    help="Make payload and request anew from the present definitions, and not from the record.",
)
@endpoint_option
@reach_options
@skip_waits_option
@db_option
@output_option
def replay(
    delivery_id: str,
    config: tuple[Path, ...],
    target: str | None,
    connection: str | None,
    rerender: bool,
    endpoint: str | None,
    reach: Reach,
    skip_waits: bool,
    db: Path | None,
    output: Output,
) -> int:
    """Send a past delivery again; the record of the first stays as it is.

    ID is its id, the beginning of it, or last. The recorded request goes out byte for byte, with secrets
    taken afresh from the definitions. With --target, --connection or --rerender the recorded event goes
    through the present definitions. Exit code 0 when it was delivered, 1 when not.
    """
    console = Console(output)
    anew = rerender or target is not None or connection is not None
    if endpoint is not None and not anew:
        raise click.UsageError("--endpoint changes the recorded request: add --rerender or --target")
    kept = history_path(db)
    if not kept.is_file():
        raise InspectorError(f"there is no history at {kept}", hint="--db names another file")
    bench = open_bench(config, db=kept, endpoint=endpoint, reach=reach)

    async def work(interruption: Interruption) -> int:
        async with closing(bench):
            tell_faults(console, bench.workspace)
            stored = await bench.in_history(lambda history: history.get(delivery_id))
            route = _route(bench, stored, target, connection) if anew else None
            run = bench.replay(stored, route=route, rerender=rerender)
            done = await follow(run, console, interruption, skip_waits=skip_waits)
            console.say(
                *console.out.rows([result_row(run.delivery_id, run.route.name, done.attempts, done.outcome)])
            )
            if interruption.code:
                console.progress(console.err("interrupted: recorded as abandoned", "warn"))
            event_id = stored.summary.event_id
            console.document(
                {
                    "outcome": "interrupted"
                    if interruption.code
                    else "delivered"
                    if done.delivered
                    else "not-delivered",
                    "replay_of": stored.delivery_id,
                    "deliveries": [
                        delivery_document(
                            run.delivery_id, route_document(run.route), event_id, done.attempts, done.outcome
                        )
                    ],
                }
            )
            return YES if done.delivered else NO

    return run_async(work)


def _route(bench: Workbench, stored: StoredDelivery, target: str | None, connection: str | None) -> Route:
    if target is not None:
        route = named_target(bench.routes(), bench.workspace, target)
    else:
        route = route_of(stored, bench.workspace)
    return route if connection is None else route.through(named_connection(bench.workspace, connection))
