"""`inspector dlq`: dead letters listed, explained, sent again."""

import shlex
from pathlib import Path
from typing import Final

import click

from inspector.cli.choose import named_target
from inspector.cli.console import Console, Output, counted
from inspector.cli.deadletter_documents import letter_document
from inspector.cli.deadletter_text import explanation_lines, letter_row, next_lines, short_name
from inspector.cli.delivery_text import result_row
from inspector.cli.documents import Document, delivery_document, request_document, route_document
from inspector.cli.drive import Done, follow
from inspector.cli.events import read_single
from inspector.cli.exits import NO, YES
from inspector.cli.groups import Lazy, LazyGroup, examples
from inspector.cli.held_letters import Held, edited_body, held_letters, read_body
from inspector.cli.options import (
    Reach,
    config_option,
    db_option,
    endpoint_option,
    no_history_option,
    output_option,
    reach_options,
    skip_waits_option,
    target_option,
)
from inspector.cli.request_text import request_lines
from inspector.cli.session import (
    Interruption,
    closing,
    history_path,
    open_bench,
    run_async,
    tell_faults,
)
from inspector.config.dead_letters import DeadLetterError, HeldLetter
from inspector.eventbridge.resources import Route
from inspector.history.query import help_text
from inspector.workbench import Workbench
from inspector.workbench.deadletters import (
    Redrive,
    Unsendable,
    explain,
    named,
    prepare_redrive,
    require_event,
    resolve,
    sort_out,
)

_HERE: Final = "inspector.cli.commands.dlq"

dlq = LazyGroup(
    name="dlq",
    default="list",
    lazy={
        "list": Lazy(f"{_HERE}:list_letters", "List dead letters (so does dlq alone)."),
        "show": Lazy(f"{_HERE}:show", "Explain one: why it failed and what to do."),
        "redrive": Lazy(f"{_HERE}:redrive", "Send dead letters straight to the endpoint again."),
    },
    subcommand_metavar="[QUERY]... | COMMAND [ARGS]...",
    help=(
        "Dead letters, from the history or from files: what failed, why, and what to do about it; and a "
        "redrive.\n\nFiles are what aws sqs receive-message --message-attribute-names All "
        "--attribute-names All prints, an array of messages, or one message a line."
    ),
    epilog=examples(
        "inspector dlq",
        "inspector dlq --from queue.json",
        "inspector dlq show 3 --from queue.json",
        "inspector dlq redrive --all --from queue.json --dry-run",
    ),
)

_from_option = click.option(
    "--from",
    "files",
    multiple=True,
    metavar="FILE",
    help="Read dead letters from this file (- for stdin) and not from the history; may be repeated.",
)


@click.command(
    "list",
    epilog=f"\b\nQUERY, for the history:\n{help_text()}\n\n"
    + examples(
        "inspector dlq", "inspector dlq list rule:orders since:2d", "inspector dlq list --from queue.json"
    ),
)
@click.argument("query", nargs=-1, metavar="[QUERY]...")
@_from_option
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many to list.")
@config_option
@db_option
@output_option
def list_letters(
    query: tuple[str, ...],
    files: tuple[str, ...],
    limit: int,
    config: tuple[Path, ...],
    db: Path | None,
    output: Output,
) -> int:
    """List dead letters: those of the history, newest first, or those of files, numbered.

    The history has what was dead-lettered and what was dropped for want of a queue. Exit code 0 when there
    are any, 1 when there are none.
    """
    console = Console(output)
    if query and files:
        raise click.UsageError("QUERY searches the history; --from reads files: give one of them")
    held = held_letters(files, db, query=" ".join(query), limit=limit + 1)
    workspace = open_bench(config).workspace
    numbered = [
        (number, explain(letter, workspace), letter.identity in held.redriven)
        for number, letter in held.numbered[:limit]
    ]
    console.say(*console.out.rows(letter_row(n, e, delivered_since=since) for n, e, since in numbered))
    if len(held.letters) > limit:
        console.progress(console.err(f"there are more than {limit}; --limit shows more", "dim"))
    if not held.letters:
        console.progress(console.err("no dead letters", "dim"))
    console.document(
        {"dead_letters": [letter_document(n, e, delivered_since=since) for n, e, since in numbered]}
    )
    return YES if held.letters else NO


@click.command(
    epilog=examples(
        "inspector dlq show 3f2a91c0",
        "inspector dlq show 3 --from queue.json -c my-configs/",
        "inspector dlq show 3 --from queue.json --body | inspector match -e -",
    )
)
@click.argument("letter_id", metavar="ID")
@_from_option
@click.option("--body", "body_only", is_flag=True, help="Print the body alone, byte for byte.")
@config_option
@db_option
@output_option
def show(
    letter_id: str,
    files: tuple[str, ...],
    body_only: bool,
    config: tuple[Path, ...],
    db: Path | None,
    output: Output,
) -> int:
    """Explain one dead letter: which rule and target, what the code means, what to do, what it holds.

    ID is the id of a delivery or message, the beginning of it, or the number in the list of a file.
    """
    console = Console(output)
    held = held_letters(files, db, ids=(letter_id,))
    ((number, letter),) = held.numbered
    if body_only:
        console.verbatim(letter.letter.body)
        console.document({"body": letter.letter.body})
        return YES
    bench = open_bench(config)
    tell_faults(console, bench.workspace)
    explained, since = explain(letter, bench.workspace), letter.identity in held.redriven
    given = [*(("--from", file) for file in files), *(("-c", str(path)) for path in config)]
    where = shlex.join([short_name(letter, number), *(word for pair in given for word in pair)])
    console.say(*explanation_lines(console.out, explained, delivered_since=since))
    console.say("", *next_lines(console.out, explained, where))
    console.document(letter_document(number, explained, delivered_since=since))
    return YES


@click.command(
    epilog=examples(
        "inspector dlq redrive 3f2a91c0 --dry-run",
        "inspector dlq redrive --all --from queue.json -c my-configs/",
        "inspector dlq redrive 3 --from queue.json --edit",
        "inspector dlq redrive 3 --from queue.json --body mended.json --target orders/crm",
    )
)
@click.argument("letter_ids", nargs=-1, metavar="[ID]...")
@_from_option
@click.option(
    "--all", "every", is_flag=True, help="All that can be sent, but for those that a redrive delivered."
)
@click.option("--edit", is_flag=True, help="Open each body in $VISUAL or $EDITOR first.")
@click.option("--body", metavar="FILE", help="Send this body (- for stdin) in place of the letter's own.")
@click.option(
    "--original",
    metavar="FILE",
    help="The event that the letter came from, for HTTP parameters that read it: a dead letter lacks it.",
)
@click.option("--dry-run", is_flag=True, help="Show the requests; send nothing.")
@config_option
@target_option
@endpoint_option
@reach_options
@skip_waits_option
@db_option
@no_history_option
@output_option
def redrive(
    letter_ids: tuple[str, ...],
    files: tuple[str, ...],
    every: bool,
    edit: bool,
    body: str | None,
    original: str | None,
    dry_run: bool,
    config: tuple[Path, ...],
    target: str | None,
    endpoint: str | None,
    reach: Reach,
    skip_waits: bool,
    db: Path | None,
    no_history: bool,
    output: Output,
) -> int:
    """Send dead letters again: each body straight to the endpoint, authorized by its connection.

    The body is the payload already, so no rule and no input transformer takes part; URL, headers and
    policy are the present target's. Each redrive is recorded as a delivery of its own.

    With --all, those that cannot be sent (a body that is no JSON, no known target) are named with the
    reason and the others are sent. Of letters named by their ids none is sent unless all can be. Exit code
    0 when all were delivered, 1 when not, 2 when a named one cannot be sent.
    """
    console = Console(output)
    if bool(letter_ids) == every:
        raise click.UsageError("give the ids of dead letters, or --all")
    if edit and body is not None:
        raise click.UsageError("--edit and --body both change the body: give one of them")
    held = held_letters(files, db, ids=letter_ids)
    letters = _waiting(console, held) if every else list(held.letters)
    if body is not None and len(letters) != 1:
        raise click.UsageError(f"--body is for one dead letter; these are {len(letters)}")
    bench = open_bench(config, db=None if no_history else history_path(db), endpoint=endpoint, reach=reach)
    tell_faults(console, bench.workspace)
    event = None if original is None else read_single(bench, original).event
    given = None if body is None else read_body(body)

    def prepare(letter: HeldLetter) -> Redrive:
        route = _route(bench, letter, target)
        own = edited_body(letter) if edit else given
        return require_event(prepare_redrive(letter, route, bench.complete_event, body=own, original=event))

    plan, unsendable = sort_out(letters, prepare) if every else ([prepare(one) for one in letters], [])
    if dry_run:
        return _show_requests(console, bench, plan, unsendable)

    async def work(interruption: Interruption) -> int:
        async with closing(bench):
            done: list[tuple[Redrive, Done]] = []
            for one in plan:
                if not interruption.code:
                    run = bench.redrive(one)
                    done.append((one, await follow(run, console, interruption, skip_waits=skip_waits)))
            return _close(console, plan, unsendable, done, interrupted=bool(interruption.code))

    return run_async(work)


def _waiting(console: Console, held: Held) -> list[HeldLetter]:
    waiting = [letter for letter in held.letters if letter.identity not in held.redriven]
    if passed := len(held.letters) - len(waiting):
        console.progress(console.err(f"{passed} left out: a redrive has delivered them", "dim"))
    if not waiting:
        console.progress(console.err("no dead letters to send", "dim"))
    return waiting


def _route(bench: Workbench, letter: HeldLetter, target: str | None) -> Route:
    if target is not None:
        return named_target(bench.routes(), bench.workspace, target)
    resolution = resolve(letter, bench.workspace)
    if len(resolution.routes) != 1:
        hint = "Name the target with --target" + (
            "" if resolution.routes else ", or load the file that defines it with -c"
        )
        raise DeadLetterError(f"{named(letter)} cannot be sent: {resolution.note}", hint=hint)
    return resolution.routes[0]


def _show_requests(
    console: Console, bench: Workbench, plan: list[Redrive], unsendable: list[Unsendable]
) -> int:
    documents = []
    for number, one in enumerate(plan):
        request = bench.redrive_request(one)
        title = f"{named(one.held)} to {one.route.name}"
        console.say(*([""] if number else []), console.out(title, "strong"))
        console.say(*request_lines(console.out, request, body_from="the dead letter"))
        documents.append(
            {**_lineage(one.held), **route_document(one.route), "request": request_document(request)}
        )
    if plan and unsendable:
        console.say("")
    _tell_unsendable(console, plan, unsendable)
    console.progress(console.err("nothing was sent", "dim"))
    console.document({"outcome": "dry-run", "redrives": documents, "cannot_be_sent": _reasons(unsendable)})
    return NO if unsendable else YES


def _tell_unsendable(console: Console, plan: list[Redrive], unsendable: list[Unsendable]) -> None:
    for one in unsendable:
        console.say(f"{console.out('✗', 'bad')} {console.out(one.why)}")
        console.say(f"    {console.out(f'→ {one.hint}', 'dim')}")
    if unsendable:
        told = f"{len(unsendable)} of {counted(len(plan) + len(unsendable), 'dead letter')} cannot be sent"
        console.say(console.out(told, "strong"))


def _reasons(unsendable: list[Unsendable]) -> list[Document]:
    return [{**_lineage(one.held), "why": one.why, "hint": one.hint} for one in unsendable]


def _close(
    console: Console,
    plan: list[Redrive],
    unsendable: list[Unsendable],
    done: list[tuple[Redrive, Done]],
    *,
    interrupted: bool,
) -> int:
    unsent = len(plan) - len(done)
    good = not (unsent or unsendable) and all(one.delivered for _, one in done)
    console.say(
        *console.out.rows(
            result_row(d.run.delivery_id, d.run.route.name, d.attempts, d.outcome) for _, d in done
        )
    )
    _tell_unsendable(console, plan, unsendable)
    if interrupted:
        rest = f"; {unsent} not begun" if unsent else ""
        console.progress(console.err(f"interrupted: recorded as abandoned{rest}", "warn"))
    console.document(
        {
            "outcome": "interrupted" if interrupted else "delivered" if good else "not-delivered",
            "deliveries": [
                {
                    **delivery_document(
                        d.run.delivery_id,
                        route_document(d.run.route),
                        one.event.event_id,
                        d.attempts,
                        d.outcome,
                    ),
                    **_lineage(one.held),
                    "unrecorded": d.run.unrecorded,
                }
                for one, d in done
            ],
            "not_begun": unsent,
            "cannot_be_sent": _reasons(unsendable),
        }
    )
    return YES if good else NO


def _lineage(held: HeldLetter) -> dict[str, str | None]:
    return {
        "message_id": held.message_id or None,
        "replay_of": held.delivery_id or None,
        "origin": str(held.origin),
    }
