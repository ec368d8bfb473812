"""`inspector preview`: the exact request, part by part, and nothing sent."""

from pathlib import Path

import click

from inspector.cli.choose import Choice, choose
from inspector.cli.console import Console, Output
from inspector.cli.documents import event_document, preview_document
from inspector.cli.events import read_given
from inspector.cli.exits import NO, YES
from inspector.cli.groups import examples
from inspector.cli.match_text import event_line, rule_lines
from inspector.cli.options import (
    config_option,
    connection_option,
    endpoint_option,
    event_option,
    output_option,
    rule_option,
    target_option,
)
from inspector.cli.request_text import preview_lines
from inspector.cli.session import open_bench, tell_faults
from inspector.eventbridge.export import FORMATS
from inspector.eventbridge.request import PreparedRequest
from inspector.workbench import Preview


@click.command(
    epilog=examples(
        "inspector preview -c my-configs/ -e event.json",
        "inspector preview -e event.json --target orders/crm --as curl",
        "inspector preview -e event.json --output json",
    )
)
@config_option
@event_option
@rule_option
@target_option
@connection_option
@endpoint_option
@click.option(
    "--as",
    "form",
    type=click.Choice(list(FORMATS)),
    help="Write the request in this form, to use it elsewhere; secrets become variables.",
)
@click.option(
    "--with-secrets",
    is_flag=True,
    help="With --as: write the secrets themselves. Mind where the output goes.",
)
@output_option
def preview(
    config: tuple[Path, ...],
    event: str | None,
    rule: str | None,
    target: str | None,
    connection: str | None,
    endpoint: str | None,
    form: str | None,
    with_secrets: bool,
    output: Output,
) -> int:
    """Show the request that each matching target would get, every part with its source.

    A rule or target that is named is shown even where its rule does not match. Nothing is sent and no
    token is fetched. Exit code 0 when every rule shown fires and there is something to send, 1 when not.
    """
    console = Console(output)
    if with_secrets:
        if form is None or output == "json":
            raise click.UsageError("--with-secrets goes with --as, and not with --output json")
        console.warning("the output holds secrets")
    bench = open_bench(config, endpoint=endpoint)
    tell_faults(console, bench.workspace)
    choice = Choice(rule, target, connection, force=True)
    documents, all_good = [], True
    for number, given in enumerate(read_given(bench, event)):
        chosen = choose(bench, given.event, choice)
        previews = [bench.preview(given.event, route) for route in chosen.routes]
        all_good = all_good and bool(previews) and all(map(_would_send, previews))
        if form:
            for shown in previews:
                if shown.request:
                    console.verbatim(FORMATS[form](_taken(shown.request, with_secrets)))
        else:
            console.say(*([""] if number else []), event_line(console.out, given))
            for shown in previews:
                console.say("", *preview_lines(console.out, shown))
        if not previews:
            console.progress(console.err(f"no request: {chosen.why}"))
            console.progress(*(line for result in chosen.silent for line in rule_lines(console.err, result)))
            if chosen.hint:
                console.progress(console.err(chosen.hint, "dim"))
        documents.append(
            {
                **event_document(given.event),
                "previews": [
                    {
                        **preview_document(p),
                        **({form: FORMATS[form](p.request)} if form and p.request else {}),
                    }
                    for p in previews
                ],
                "why": chosen.why,
            }
        )
    console.document({"sendable": all_good, "events": documents})
    return YES if all_good else NO


def _taken(request: PreparedRequest, with_secrets: bool) -> PreparedRequest:
    if not with_secrets:
        return request
    from inspector.delivery.transport import in_clear

    return in_clear(request)


def _would_send(preview: Preview) -> bool:
    fires = preview.result is None or preview.result.matched
    return (
        fires
        and preview.request is not None
        and (preview.payload is not None and preview.payload.verdict == "deliver")
    )
