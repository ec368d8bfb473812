"""`inspector edit`: change a target, try it on an event, see the difference, write it back."""

from pathlib import Path
from typing import Final

import click

from inspector.cli.console import Console, Output, Style
from inspector.cli.definitions import fault_document
from inspector.cli.documents import event_document, preview_document
from inspector.cli.edits import REMOVABLE, Subject, Wanted, named_subject, wanted_edits
from inspector.cli.events import read_single
from inspector.cli.exits import NO, YES
from inspector.cli.groups import examples
from inspector.cli.match_text import event_line
from inspector.cli.options import config_option, event_option, output_option
from inspector.cli.request_text import preview_lines
from inspector.cli.session import open_bench, tell_faults
from inspector.config.editing import EditError
from inspector.config.editing.difference import DiffLine, Mark, difference
from inspector.errors import InspectorError
from inspector.eventbridge.resources import Route
from inspector.workbench import Preview, Workbench

_STYLES: Final[dict[Mark, Style]] = {
    "file": "strong",
    "place": "accent",
    "same": "plain",
    "removed": "bad",
    "added": "good",
}


@click.command(
    epilog=examples(
        "inspector edit orders/crm -e order.json --template new.json",
        "inspector edit orders/crm --header X-Shop=web --query debug= --write",
        "inspector edit orders --pattern - -e order.json < pattern.json",
    )
)
@click.argument("name", metavar="RULE/TARGET")
@config_option
@event_option
@click.option("--pattern", metavar="FILE", help="EventPattern of the rule, from a file or - for stdin.")
@click.option("--template", metavar="FILE", help="InputTemplate, from a file or - for stdin.")
@click.option("--path", "paths", multiple=True, metavar="NAME=PATH", help="An entry of InputPathsMap.")
@click.option("--input", "input_file", metavar="FILE", help="Input, from a file or - for stdin.")
@click.option("--input-path", metavar="PATH", help="InputPath.")
@click.option("--header", "headers", multiple=True, metavar="NAME=VALUE", help="A header; NAME= removes it.")
@click.option("--query", multiple=True, metavar="NAME=VALUE", help="A query parameter; NAME= removes it.")
@click.option("--path-value", "path_values", multiple=True, metavar="VALUE",
              help="PathParameterValues, once for each wildcard, in their order.")  # fmt: skip
@click.option("--retry-attempts", type=int, metavar="N", help="MaximumRetryAttempts.")
@click.option("--max-age", type=int, metavar="SECONDS", help="MaximumEventAgeInSeconds.")
@click.option(
    "--remove",
    multiple=True,
    metavar="MEMBER",
    type=click.Choice(list(REMOVABLE)),
    help=f"Take a member away: {', '.join(REMOVABLE)}.",
)
@click.option(
    "--destination",
    is_flag=True,
    help="The name is a destination's: change the parameters that stand in itself.",
)
@click.option("--diff/--no-diff", default=True, help="Show the difference to the file (the default).")
@click.option("--write", is_flag=True, help="Write the file; what it was is kept beside it as NAME.bak.")
@output_option
def edit(
    name: str,
    config: tuple[Path, ...],
    event: str | None,
    pattern: str | None,
    template: str | None,
    paths: tuple[str, ...],
    input_file: str | None,
    input_path: str | None,
    headers: tuple[str, ...],
    query: tuple[str, ...],
    path_values: tuple[str, ...],
    retry_attempts: int | None,
    max_age: int | None,
    remove: tuple[str, ...],
    destination: bool,
    diff: bool,
    write: bool,
    output: Output,
) -> int:
    """Change a target or its rule, and show what that changes; no file is touched without --write.

    RULE/TARGET may also be a rule, a target id that is unique, or a destination. With -e the request of the
    edited target is shown first. Only the edited members change in the file: formatting, comments and
    order stay.

    Exit code 0 when something changes and, with -e, would be sent; 1 when not; 2 when EventBridge or the
    file would refuse the edit.
    """
    if [event, pattern, template, input_file].count("-") > 1:
        raise InspectorError("stdin can be read only once", hint="give the others as files")
    console = Console(output)
    bench = open_bench(config)
    tell_faults(console, bench.workspace)
    subject = named_subject(bench.workspace, name, destination=destination)
    options = Wanted(
        template, pattern, input_file, input_path, paths, headers, query, path_values, retry_attempts,
        max_age, remove,
    )  # fmt: skip
    applied = bench.edit(*wanted_edits(bench.workspace, subject, options))
    if applied.errors:
        first, *rest = applied.errors
        for fault in rest:
            console.warning(str(fault))
        raise EditError(str(first))
    for fault in applied.faults:
        console.warning(str(fault))
    changes = [change for change in bench.drafts.changes() if change.changed]
    lines = {change.name: difference(change) for change in changes}
    given = read_single(bench, event) if event is not None else None
    previews = [bench.preview(given.event, route) for route in _routes(bench, subject)] if given else []
    if given:
        console.say(event_line(console.out, given))
        for preview in previews:
            console.say("", *preview_lines(console.out, preview))
        console.say("")
    if diff:
        console.say(*(_line(console, line) for shown in lines.values() for line in shown))
    if not changes:
        console.progress(console.err("nothing changes: the file has it already", "dim"))
    saved = bench.write() if write and changes else ()
    for one in saved:
        console.progress(console.err(f"wrote {one.name}; what it was is in {one.backup}"))
    console.document(
        {
            **(event_document(given.event) if given else {}),
            "changed": bool(changes),
            "faults": [fault_document(fault) for fault in applied.faults],
            "previews": [preview_document(preview) for preview in previews],
            "diff": {file: [str(line) for line in shown] for file, shown in lines.items()},
            "written": [{"file": one.name, "backup": str(one.backup)} for one in saved],
        }
    )
    return YES if changes and all(map(_would_send, previews)) else NO


def _routes(bench: Workbench, subject: Subject) -> list[Route]:
    """Return the routes that an edit of `subject` can change."""
    rule, parts = subject.rule, subject.parts
    if rule is None:
        return [route for route in bench.routes() if parts and route.destination.name == parts.name]
    return [
        route
        for route in bench.routes()
        if route.rule
        and (route.rule.event_bus_name, route.rule.name) == (rule.bus, rule.name)
        and (parts is None or route.target.target_id == parts.target_id)
    ]


def _would_send(preview: Preview) -> bool:
    fires = preview.result is None or preview.result.matched
    delivered = preview.payload is not None and preview.payload.verdict == "deliver"
    return fires and delivered and preview.request is not None


def _line(console: Console, line: DiffLine) -> str:
    return console.out.block(str(line), 0, _STYLES[line.mark])
