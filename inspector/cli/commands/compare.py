"""`inspector compare`: one event several ways, requests and answers side by side."""

from pathlib import Path

import click

from inspector.cli.choose import Choice, choose, named_connection
from inspector.cli.compare_text import compare_lines
from inspector.cli.console import Console, Output
from inspector.cli.documents import delivery_document, event_document, route_document, row_document
from inspector.cli.drive import follow_all
from inspector.cli.events import read_single
from inspector.cli.exits import NO, YES
from inspector.cli.groups import examples
from inspector.cli.options import (
    config_option,
    db_option,
    differences_option,
    endpoint_option,
    event_option,
    force_option,
    no_history_option,
    output_option,
    rule_option,
    skip_waits_option,
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
from inspector.eventbridge.event import Event
from inspector.eventbridge.resources import Route
from inspector.workbench import Workbench


@click.command(
    epilog=examples(
        "inspector compare -e event.json --target orders/crm --via crm-basic --via crm-oauth",
        "inspector compare -e event.json --target orders/crm --target orders/audit --output json",
    )
)
@config_option
@event_option
@rule_option
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="NAME",
    help="Go to this target; repeat it to compare targets. Names as for send.",
)
@click.option(
    "--via",
    multiple=True,
    metavar="NAME",
    help="Authorize by this connection; repeat it to compare connections on one target. One alone is "
    "compared with the destination's own.",
)
@force_option
@differences_option
@endpoint_option
@skip_waits_option
@db_option
@no_history_option
@output_option
def compare(
    config: tuple[Path, ...],
    event: str | None,
    rule: str | None,
    targets: tuple[str, ...],
    via: tuple[str, ...],
    force: bool,
    differences: bool,
    endpoint: str | None,
    skip_waits: bool,
    db: Path | None,
    no_history: bool,
    output: Output,
) -> int:
    """Deliver one event through several connections, or to several targets, and line up what differs.

    Without --via it compares the named targets, or every target whose rule matches. Exit code 0 when all
    of them were delivered, 1 when not.
    """
    console = Console(output)
    bench = open_bench(config, db=None if no_history else history_path(db), endpoint=endpoint)

    async def work(interruption: Interruption) -> int:
        async with closing(bench):
            tell_faults(console, bench.workspace)
            given = read_single(bench, event)
            routes = _routes(bench, given.event, rule, targets, force)
            ways = _through(bench, routes, via) if via else routes
            if len(ways) < 2:
                raise InspectorError(
                    "a comparison takes two ways or more", hint="repeat --target, or --via with a connection"
                )
            names = tuple(way.connection.name if via else way.name for way in ways)
            comparison = bench.compare(given.event, ways)
            done = await follow_all(comparison, names, console, interruption, skip_waits=skip_waits)
            rows = comparison.rows()
            console.say(*compare_lines(console.out, names, rows, only_differences=differences))
            if interruption.code:
                console.progress(console.err("interrupted: recorded as abandoned", "warn"))
            delivered = all(one.delivered for one in done)
            console.document(
                {
                    **event_document(given.event),
                    "outcome": "delivered" if delivered else "not-delivered",
                    "ways": list(names),
                    "rows": [row_document(row) for row in rows],
                    "deliveries": [
                        delivery_document(
                            one.run.delivery_id,
                            route_document(one.run.route),
                            given.event.event_id,
                            one.attempts,
                            one.outcome,
                        )
                        for one in done
                    ],
                }
            )
            return YES if delivered else NO

    return run_async(work)


def _routes(
    bench: Workbench, event: Event, rule: str | None, targets: tuple[str, ...], force: bool
) -> tuple[Route, ...]:
    routes: list[Route] = []
    for target in targets or (None,):
        chosen = choose(bench, event, Choice(rule, target, None, force))
        if not chosen.routes:
            raise InspectorError(chosen.why, hint=chosen.hint)
        routes += chosen.routes
    return tuple(routes)


def _through(bench: Workbench, routes: tuple[Route, ...], via: tuple[str, ...]) -> tuple[Route, ...]:
    if len(routes) > 1:
        names = ", ".join(route.name for route in routes)
        raise InspectorError(
            "--via compares connections on one target", hint=f"name one by --target: {names}"
        )
    connections = [named_connection(bench.workspace, name) for name in via]
    if len(connections) == 1:
        connections.insert(0, routes[0].connection)
    return tuple(routes[0].through(connection) for connection in connections)
