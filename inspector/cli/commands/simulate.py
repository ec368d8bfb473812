"""`inspector simulate`: 24 hours of retries against a scripted target, in no time."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from inspector.cli.choose import named_target
from inspector.cli.console import Console, Output
from inspector.cli.exits import NO, YES
from inspector.cli.groups import examples
from inspector.cli.options import config_option, output_option
from inspector.cli.session import open_bench, tell_faults
from inspector.cli.simulation_documents import odds_document, simulation_document
from inspector.cli.simulation_text import approximation_lines, odds_lines, simulation_lines
from inspector.delivery.scenario import Scenario
from inspector.delivery.scenario_grammar import grammar_help, parse_scenario
from inspector.errors import InspectorError
from inspector.workbench.simulate import WhatIf, odds, parse_policy, what_if_of
from inspector.workbench.simulate import simulate as simulated

_MOST_NAMED: Final = 8


@click.command(
    epilog=f"\b\nSCENARIO:\n{grammar_help()}\n\n"
    + examples(
        'inspector simulate "503 for 2h, then 200"',
        'inspector simulate "429 retry-after 600" --policy attempts=10,age=2h',
        'inspector simulate "fail 30% with timeout" -c my-configs/ --target orders/crm',
        'inspector simulate "503, 503, 200 in 120ms" --seed 7 --output json',
    )
)
@click.argument("scenario", nargs=-1, required=True, metavar="SCENARIO")
@config_option
@click.option(
    "--target",
    metavar="NAME",
    help="Take policy and dead-letter queue of this target of the definitions. Without it, AWS's defaults.",
)
@click.option(
    "--policy",
    metavar="POLICY",
    help="attempts=0..185,age=60s..24h, or one of them; it goes before the target's own.",
)
@click.option("--seed", default=1, show_default=True, help="Chance repeats itself for the same number.")
@click.option(
    "--runs",
    default=1000,
    show_default=True,
    type=click.IntRange(1, 100_000),
    help="How many deliveries the odds are of.",
)
@click.option("--every", is_flag=True, help="List every attempt; long rows of like ones are cut otherwise.")
@output_option
def simulate(
    scenario: tuple[str, ...],
    config: tuple[Path, ...],
    target: str | None,
    policy: str | None,
    seed: int,
    runs: int,
    every: bool,
    output: Output,
) -> int:
    """Tell what becomes of a delivery to a target that answers as SCENARIO says. Nothing is sent.

    One delivery is shown attempt by attempt on a virtual clock, then the odds over many. AWS publishes no
    schedule for its retries: the one used here is an approximation. Exit code 0 when the delivery that is
    shown arrives, 1 when not.
    """
    console = Console(output)
    what_if = _what_if(console, parse_scenario(" ".join(scenario)), config, target)
    if policy is not None:
        what_if = replace(what_if, policy=parse_policy(policy, what_if.policy))
    one = asyncio.run(simulated(what_if, seed=seed))
    console.say(*simulation_lines(console.out, one, every=every))
    many = odds(what_if, seed=seed, runs=runs)
    console.say("", *odds_lines(console.out, many), "", *approximation_lines(console.out, one, many))
    console.document({**simulation_document(one), "odds": odds_document(many)})
    return YES if one.outcome.kind == "delivered" else NO


def _what_if(console: Console, scenario: Scenario, config: tuple[Path, ...], target: str | None) -> WhatIf:
    if target is None and not config:
        return WhatIf(scenario)
    bench = open_bench(config)
    tell_faults(console, bench.workspace)
    routes = bench.routes()
    if target is None and len(routes) != 1:
        names = ", ".join(route.name for route in routes[:_MOST_NAMED])
        raise InspectorError(
            f"the definitions hold {len(routes)} targets and one is simulated",
            hint=f"name it by --target: {names}" if routes else "without -c, AWS's defaults are simulated",
        )
    route = routes[0] if target is None else named_target(routes, bench.workspace, target)
    return what_if_of(route, scenario, start=bench.now())
