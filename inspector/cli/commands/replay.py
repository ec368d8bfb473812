"""`inspector replay`: a past delivery again."""

from pathlib import Path

import click

from inspector.cli.bulk import Bulk, bulk_options
from inspector.cli.console import Console, Output
from inspector.cli.delivery_text import result_row
from inspector.cli.documents import delivery_document, route_document
from inspector.cli.drive import follow
from inspector.cli.exits import NO, YES
from inspector.cli.groups import examples
from inspector.cli.many import dry_run, go
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
from inspector.cli.replaying import Replaying
from inspector.cli.sending import batch_of
from inspector.cli.session import (
    Interruption,
    closing,
    history_path,
    open_bench,
    run_async,
    tell_faults,
)
from inspector.errors import InspectorError
from inspector.workbench.resume import Resumed


@click.command(
    epilog=examples(
        "inspector replay last",
        "inspector replay 3f2a91c0 -c my-configs/ --rerender",
        "inspector replay last --target orders/crm --output json",
        'inspector replay --query "state:dead-lettered since:2h" --rate 20',
    )
)
@click.argument("delivery_ids", metavar="[ID]...", nargs=-1)
@click.option("--query", metavar="TEXT", help="Replay all that this search of the history finds.")
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
@bulk_options
@db_option
@output_option
def replay(
    delivery_ids: tuple[str, ...],
    query: str | None,
    config: tuple[Path, ...],
    target: str | None,
    connection: str | None,
    rerender: bool,
    endpoint: str | None,
    reach: Reach,
    skip_waits: bool,
    bulk: Bulk,
    db: Path | None,
    output: Output,
) -> int:
    """Send past deliveries again; the records of the first stay as they are.

    ID is its id, the beginning of it, or last. The recorded request goes out byte for byte, with secrets
    taken afresh from the definitions. With --target, --connection or --rerender the recorded event goes
    through the present definitions.

    Several IDs, or --query, are one run, the oldest first: many requests at a time, at the destination's
    InvocationRateLimitPerSecond at most, progress on stderr. Ctrl-C lets end what is under way; --resume
    sends what was not sent. Exit code 0 when everything was delivered, 1 when not.
    """
    console = Console(output)
    if bulk.resume is None and bool(delivery_ids) == (query is not None):
        raise click.UsageError("name deliveries by their IDs, or by --query")
    asked = Replaying(
        config=tuple(str(path.absolute()) for path in config or (Path(),)),
        ids=delivery_ids,
        query=query,
        target=target,
        connection=connection,
        rerender=rerender,
        endpoint=endpoint,
        idempotency_key=bulk.idempotency_key,
        keep_alive=bulk.keep_alive,
    )
    kept = history_path(db)
    batch = None
    if bulk.resume is not None:
        batch = batch_of(kept, bulk.resume, "replay")
        asked = asked.taken_up(batch)
        bulk = asked.bulk_of(bulk)
    if asked.endpoint is not None and not asked.anew:
        raise click.UsageError("--endpoint changes the recorded request: add --rerender or --target")
    if not kept.is_file():
        raise InspectorError(f"there is no history at {kept}", hint="--db names another file")
    paths = [Path(path) for path in asked.config]
    bench = open_bench(paths, db=kept, endpoint=asked.endpoint, reach=reach)

    async def work(interruption: Interruption) -> int:
        async with closing(bench):
            tell_faults(console, bench.workspace)
            if bulk.asked or query is not None or len(delivery_ids) > 1:
                source = asked.source(bench)
                if bulk.dry_run:
                    return dry_run(source, bulk, console)
                resumed = Resumed(bench.history, batch) if batch else None
                return await go(
                    bench, source, bulk, console, interruption, resumed=resumed, skip_waits=skip_waits
                )
            stored = await bench.in_history(lambda history: history.get(delivery_ids[0]))
            run = bench.replay(stored, route=asked.route(bench, stored), rerender=rerender)
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
