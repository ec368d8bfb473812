"""`inspector compare`: one event several ways, requests and answers side by side."""

from pathlib import Path
from typing import Final

import click

from inspector.cli.choose import Choice, choose, named_connection
from inspector.cli.compare_text import compare_lines
from inspector.cli.console import Console, Output
from inspector.cli.documents import (
    delivery_document,
    event_document,
    measures_document,
    route_document,
    row_document,
)
from inspector.cli.drive import follow_all
from inspector.cli.events import read_single
from inspector.cli.exits import NO, YES
from inspector.cli.groups import examples
from inspector.cli.options import (
    Reach,
    config_option,
    db_option,
    differences_option,
    endpoint_option,
    event_option,
    force_option,
    no_history_option,
    output_option,
    reach_options,
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
from inspector.cli.spread_text import spread_lines
from inspector.errors import InspectorError
from inspector.eventbridge.event import Event
from inspector.eventbridge.resources import Route
from inspector.workbench import Way, Workbench
from inspector.workbench.ways import VARIATIONS, varied

_WHATS: Final = ", ".join(VARIATIONS)


@click.command(
    epilog=examples(
        "inspector compare -e event.json --target orders/crm --via crm-basic --via crm-oauth",
        "inspector compare -e event.json --target orders/crm --via crm-oauth --runs 20",
        "inspector compare -e event.json --target orders/crm --vary token-form=basic",
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
@click.option(
    "--vary",
    multiple=True,
    metavar="WHAT=VALUE",
    help=f"Compare one way with itself changed; repeat it for more columns. WHAT is {_WHATS}.",
)
@click.option(
    "--runs",
    default=1,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="Send it so many times each way, one round after the other, and show the spread of the latency.",
)
@force_option
@differences_option
@endpoint_option
@reach_options
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
    vary: tuple[str, ...],
    runs: int,
    force: bool,
    differences: bool,
    endpoint: str | None,
    reach: Reach,
    skip_waits: bool,
    db: Path | None,
    no_history: bool,
    output: Output,
) -> int:
    """Deliver one event several ways, and line up tokens, requests, answers and times.

    The ways are the named targets, or every target whose rule matches; with --via, one target through
    several connections; with --vary, one way and its variations. Latency counts from connecting to the last
    byte, without the token request. Exit code 0 when everything was delivered, 1 when not.
    """
    console = Console(output)
    kept = None if no_history else history_path(db)
    bench = open_bench(config, db=kept, endpoint=endpoint, reach=reach)

    async def work(interruption: Interruption) -> int:
        async with closing(bench):
            tell_faults(console, bench.workspace)
            given = read_single(bench, event)
            routes = _routes(bench, given.event, rule, targets, force)
            routes = _through(bench, routes, via, one_is_enough=bool(vary)) if via else routes
            names, ways = _ways(routes, vary, by_connection=bool(via))
            comparison = bench.compare(given.event, ways, runs=runs)
            done = await follow_all(comparison, names, console, interruption, skip_waits=skip_waits)
            rows = comparison.rows()
            console.say(*compare_lines(console.out, names, rows, only_differences=differences))
            if runs > 1:
                console.say("", *spread_lines(console.out, names, comparison.measures()))
            if interruption.code:
                console.progress(console.err("interrupted: recorded as abandoned", "warn"))
            delivered = all(one.delivered for one in done) and not interruption.code
            console.document(
                {
                    **event_document(given.event),
                    "outcome": "delivered" if delivered else "not-delivered",
                    "ways": list(names),
                    "runs": runs,
                    "rows": [row_document(row) for row in rows],
                    "measures": [
                        measures_document(name, measures)
                        for name, measures in zip(names, comparison.measures(), strict=True)
                    ],
                    "deliveries": [
                        delivery_document(
                            one.delivery_id,
                            route_document(one.route),
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


def _ways(
    routes: tuple[Route, ...], vary: tuple[str, ...], *, by_connection: bool
) -> tuple[tuple[str, ...], tuple[Way, ...]]:
    ways = tuple(map(Way, routes))
    names = tuple(route.connection.name if by_connection else route.name for route in routes)
    if vary:
        if len(ways) > 1:
            raise InspectorError("--vary compares one way with itself changed", hint=_one_of(routes))
        variations = tuple(varied(ways[0], text) for text in vary)
        return (*names, *(way.variation for way in variations)), (*ways, *variations)
    if len(ways) < 2:
        raise InspectorError(
            "a comparison takes two ways or more",
            hint="repeat --target, or --via with a connection, or change something by --vary",
        )
    return names, ways


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


def _through(
    bench: Workbench, routes: tuple[Route, ...], via: tuple[str, ...], *, one_is_enough: bool
) -> tuple[Route, ...]:
    if len(routes) > 1:
        raise InspectorError("--via compares connections on one target", hint=_one_of(routes))
    connections = [named_connection(bench.workspace, name) for name in via]
    if len(connections) == 1 and not one_is_enough:
        connections.insert(0, routes[0].connection)
    return tuple(routes[0].through(connection) for connection in connections)


def _one_of(routes: tuple[Route, ...]) -> str:
    return f"name one by --target: {', '.join(route.name for route in routes)}"
