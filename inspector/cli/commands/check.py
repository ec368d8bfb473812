"""`inspector check`: what is loaded, and every fault in it."""

from collections.abc import Sequence
from pathlib import Path

import click

from inspector.cli.console import Cell, Console, Output, counted
from inspector.cli.definitions import fault_document, read_definitions
from inspector.cli.exits import BAD_INPUT, YES
from inspector.cli.groups import examples
from inspector.cli.options import config_option, no_event_option, output_option, paths_argument


@click.command(epilog=examples("inspector check my-configs/", "inspector check -c stack.yaml --output json"))
@paths_argument
@config_option
@no_event_option
@output_option
def check(paths: tuple[Path, ...], config: tuple[Path, ...], output: Output) -> int:
    """List the definitions that are loaded and everything that is wrong with them.

    Exit code 0 when there is no error (warnings may be there), 2 when there is one.
    """
    console = Console(output)
    workspace = read_definitions((*paths, *config))
    loaded = {
        "files": len(workspace.files),
        "connections": len(workspace.connections),
        "destinations": len(workspace.destinations),
        "rules": len(workspace.rules),
        "samples": len(workspace.samples),
    }
    errors = sum(fault.severity == "error" for fault in workspace.faults)
    console.document(
        {
            "loaded": loaded,
            "files": list(workspace.files),
            "routes": [route.name for route in workspace.routes()],
            "errors": errors,
            "warnings": len(workspace.faults) - errors,
            "faults": [fault_document(fault) for fault in workspace.faults],
        }
    )
    out = console.out
    counts = [counted(number, name.removesuffix("s")) or f"no {name}" for name, number in loaded.items()]
    console.say(out(f"{counts[0]}: {', '.join(counts[1:])}"))
    rows: list[Sequence[Cell]] = [
        (
            (route.name, "strong"),
            route.destination.http_method,
            route.destination.invocation_endpoint,
            (f"{route.connection.name} ({route.connection.authorization_type})", "dim"),
        )
        for route in workspace.routes()
    ]
    console.say(*out.rows(rows, indent=2))
    for fault in workspace.faults:
        mark = out("✗ error", "bad") if fault.severity == "error" else out("! warning", "warn")
        console.say(f"{mark}  {out(str(fault.origin), 'strong')}", f"    {out(fault.found)}")
        if fault.expected:
            console.say(f"    {out(f'expected {fault.expected}', 'dim')}")
    if not workspace.faults:
        console.say(out("✓ no faults", "good"))
    return BAD_INPUT if errors else YES
