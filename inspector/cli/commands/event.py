"""`inspector event`: a sample or a template, to look at, to edit, to pipe on."""

from collections.abc import Sequence
from pathlib import Path

import click

from inspector.cli.console import Cell, Console
from inspector.cli.exits import YES
from inspector.cli.groups import examples
from inspector.cli.names import unknown
from inspector.cli.options import config_option
from inspector.cli.session import open_bench
from inspector.errors import InspectorError
from inspector.eventbridge.event import EventError
from inspector.jsontext import JsonValue, dumps, loads
from inspector.workbench import Workbench
from inspector.workbench.templates import TEMPLATES


@click.command(
    epilog=examples(
        "inspector event",
        "inspector event order-placed -c my-configs/ > event.json",
        "inspector event 'S3 object created' --filled | inspector match -e -",
    )
)
@click.argument("name", required=False)
@config_option
@click.option("--filled", is_flag=True, help="Print the whole envelope, with what the inspector fills in.")
def event(name: str | None, config: tuple[Path, ...], filled: bool) -> int:
    """Print a sample event of the definitions, or a template, as JSON. Without NAME, list them."""
    console, bench = Console(), open_bench(config)
    if name is None:
        console.say(*console.out.rows(_list(bench)))
        return YES
    document = _document(bench, name)
    console.verbatim(dumps(bench.complete_event(document).document if filled else document, indent=2))
    return YES


def _list(bench: Workbench) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = []
    for sample in bench.workspace.samples:
        try:
            event = bench.sample_event(sample)
        except EventError as error:
            told = str(error)
        else:
            told = f"{event.detail_type} from {event.source}"
        rows.append(((sample.name, "strong"), told, (str(sample.origin), "dim")))
    return [
        *rows,
        *(((template.name, "accent"), template.use, ("template", "dim")) for template in TEMPLATES),
    ]


def _document(bench: Workbench, name: str) -> JsonValue:
    for sample in bench.workspace.samples:
        if sample.name == name:
            return sample.document
    for template in TEMPLATES:
        if template.name.lower() == name.lower():
            return loads(template.text)
    names = [sample.name for sample in bench.workspace.samples] + [t.name for t in TEMPLATES]
    raise InspectorError(f"no sample and no template is called {name!r}", hint=unknown(name, names))
