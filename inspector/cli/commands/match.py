"""`inspector match`: which rules an event fires, and why the others stay silent."""

from pathlib import Path

import click

from inspector.cli.choose import named_rule
from inspector.cli.console import Console, Output
from inspector.cli.documents import event_document, route_document, rule_document
from inspector.cli.events import read_given
from inspector.cli.exits import NO, YES
from inspector.cli.groups import examples
from inspector.cli.match_text import direct_line, event_line, rule_lines
from inspector.cli.options import config_option, event_option, output_option, rule_option
from inspector.cli.session import open_bench, tell_faults


@click.command(
    epilog=examples(
        "inspector match -c my-configs/ -e event.json",
        "inspector match -e event.json --rule big-orders",
        "cat events.jsonl | inspector match -c my-configs/ -e - --output json",
    )
)
@config_option
@event_option
@rule_option
@output_option
def match(config: tuple[Path, ...], event: str | None, rule: str | None, output: Output) -> int:
    """Tell for every rule whether an event fires it, and explain each miss field by field.

    Exit code 0 when every event fires at least one rule (with --rule: that rule), 1 when not.
    """
    console = Console(output)
    bench = open_bench(config)
    tell_faults(console, bench.workspace)
    given = read_given(bench, event)
    if rule is not None:
        named_rule(bench.workspace, rule)
    direct = [route for route in bench.routes() if route.rule is None] if rule is None else []
    documents, all_fire = [], True
    for number, one in enumerate(given):
        results = [r for r in bench.evaluate(one.event) if rule is None or r.rule.name == rule]
        fires = any(result.matched for result in results)
        all_fire = all_fire and fires
        if number:
            console.say("")
        console.say(event_line(console.out, one))
        for result in results:
            console.say(*rule_lines(console.out, result))
        for route in direct:
            console.say(direct_line(console.out, route))
        if not results:
            console.say(console.out("the definitions hold no rule", "dim"))
        documents.append(
            {**event_document(one.event), "matched": fires, "rules": [rule_document(r) for r in results]}
        )
    console.document(
        {"matched": all_fire, "events": documents, "without_rule": [route_document(r) for r in direct]}
    )
    return YES if all_fire else NO
