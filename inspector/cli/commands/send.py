"""`inspector send`: events delivered, retries and all."""

from itertools import chain, islice
from pathlib import Path

import click

from inspector.cli.bulk import FEW, Bulk, bulk_options
from inspector.cli.choose import Choice, Chosen, choose
from inspector.cli.console import Console, Output, counted
from inspector.cli.delivery_text import result_row
from inspector.cli.documents import Document, delivery_document, route_document, rule_document
from inspector.cli.drive import Done, follow
from inspector.cli.events import GivenEvent, given_events, open_given
from inspector.cli.exits import NO, YES
from inspector.cli.groups import examples
from inspector.cli.many import dry_run, go
from inspector.cli.match_text import event_line, rule_lines
from inspector.cli.options import (
    Reach,
    config_option,
    connection_option,
    db_option,
    endpoint_option,
    event_option,
    force_option,
    no_history_option,
    output_option,
    reach_options,
    rule_option,
    skip_waits_option,
    target_option,
)
from inspector.cli.sending import Sending, batch_of
from inspector.cli.session import (
    Interruption,
    closing,
    history_path,
    must_record,
    open_bench,
    run_async,
    tell_faults,
)
from inspector.delivery.clock import RealClock
from inspector.delivery.pacing import Paces
from inspector.errors import InspectorError
from inspector.eventbridge.resources import Route, SampleEvent
from inspector.workbench import Workbench
from inspector.workbench.resume import Resumed


@click.command(
    epilog=examples(
        "inspector send -c my-configs/ -e event.json",
        "inspector send -e event.json --target orders/crm --endpoint http://localhost:9870",
        "inspector send -e events.jsonl --skip-waits --output json > result.json",
        "inspector send -e million.jsonl.gz --rate 50 --stop-after 100",
        "inspector send --resume last",
    )
)
@config_option
@event_option
@rule_option
@target_option
@force_option
@connection_option
@endpoint_option
@reach_options
@skip_waits_option
@bulk_options
@db_option
@no_history_option
@output_option
def send(
    config: tuple[Path, ...],
    event: str | None,
    rule: str | None,
    target: str | None,
    force: bool,
    connection: str | None,
    endpoint: str | None,
    reach: Reach,
    skip_waits: bool,
    bulk: Bulk,
    db: Path | None,
    no_history: bool,
    output: Output,
) -> int:
    """Deliver events to every target whose rule matches, with the retries that EventBridge would make.

    --rule or --target narrows it down; a rule that does not match is refused unless --force is given. A
    destination that no rule leads to must be named, unless it is the only one. Requests leave at the
    destination's InvocationRateLimitPerSecond at most.

    Up to 20 events are told one by one, in their order. More are one run: many requests at a time, its
    progress on stderr, its failures and sums on stdout. Ctrl-C lets end what is under way; --resume sends
    what was not sent. Exit code 0 when everything was delivered, 1 when not.
    """
    console = Console(output)
    sending = Sending(
        config=tuple(str(path.absolute()) for path in config or (Path(),)),
        event=event,
        choice=Choice(rule, target, connection, force),
        endpoint=endpoint,
        idempotency_key=bulk.idempotency_key,
        keep_alive=bulk.keep_alive,
    )
    kept = None if no_history else history_path(db)
    batch = None
    if bulk.resume is not None:
        batch = batch_of(kept, bulk.resume, "send")
        sending, bulk = sending.taken_up(batch), sending.bulk_of(batch, bulk)
    paths = [Path(path) for path in sending.config]
    bench = open_bench(paths, db=kept, endpoint=sending.endpoint, reach=reach)

    async def work(interruption: Interruption) -> int:
        async with closing(bench):
            tell_faults(console, bench.workspace)
            await must_record(bench, db)
            if skip_waits:
                console.progress(console.err("every wait is skipped, and counted as waited out", "dim"))
            opened = open_given(bench, sending.event)
            rest = iter(()) if isinstance(opened, SampleEvent) else iter(opened)
            first = list(islice(rest, FEW + 1))
            if bulk.asked or len(first) > FEW:
                source = sending.source(bench, opened, chain(first, rest))
                if bulk.dry_run:
                    return dry_run(source, bulk, console)
                resumed = Resumed(bench.history, batch) if batch else None
                return await go(
                    bench, source, bulk, console, interruption, resumed=resumed, skip_waits=skip_waits
                )
            if isinstance(opened, SampleEvent):
                few: tuple[GivenEvent, ...] = (GivenEvent(bench.sample_event(opened), opened.name),)
            else:
                few = given_events(bench, [found.document for found in first], opened.name)
            plan = [(given, choose(bench, given.event, sending.choice)) for given in few]
            _refuse_inadmissible(bench, plan)
            paces = Paces(bulk.rate, RealClock)
            done: list[tuple[GivenEvent, Done]] = []
            for given, chosen in plan:
                if not chosen.routes:
                    _tell_silence(console, given, chosen)
                for route in chosen.routes:
                    if pacer := paces.of(route.destination):
                        await pacer.turn()
                    if not interruption.code:
                        run = bench.deliver(given.event, route)
                        done.append((given, await follow(run, console, interruption, skip_waits=skip_waits)))
            return _close(console, plan, done, interrupted=bool(interruption.code))

    return run_async(work)


def _refuse_inadmissible(bench: Workbench, plan: list[tuple[GivenEvent, Chosen]]) -> None:
    """Find out before the first request whether EventBridge would take the targets' input options."""
    for given, chosen in plan:
        for route in chosen.routes:
            if problem := bench.preview(given.event, route).problem:
                raise InspectorError(f"target {route.name}: {problem}", hint="nothing was sent")


def _tell_silence(console: Console, given: GivenEvent, chosen: Chosen) -> None:
    console.say(event_line(console.out, given), f"nothing sent: {console.out(chosen.why)}")
    console.say(*(line for result in chosen.silent for line in rule_lines(console.out, result)))
    if chosen.hint:
        console.say(console.out(chosen.hint, "dim"))


def _close(
    console: Console,
    plan: list[tuple[GivenEvent, Chosen]],
    done: list[tuple[GivenEvent, Done]],
    *,
    interrupted: bool,
) -> int:
    unmatched = [(given, chosen) for given, chosen in plan if not chosen.routes]
    unsent = sum(len(chosen.routes) for _, chosen in plan) - len(done)
    good = not unmatched and not unsent and all(d.delivered for _, d in done)
    console.say(
        *console.out.rows(
            result_row(d.run.delivery_id, d.run.route.name, d.attempts, d.outcome) for _, d in done
        )
    )
    if interrupted:
        rest = (
            f"; {counted(unsent, 'delivery').replace('deliverys', 'deliveries')} not begun" if unsent else ""
        )
        console.progress(console.err(f"interrupted: recorded as abandoned{rest}", "warn"))
    console.document(
        {
            "outcome": "interrupted" if interrupted else "delivered" if good else "not-delivered",
            "deliveries": [_delivery(given, one) for given, one in done],
            "unmatched": [
                {
                    "event_id": given.event.event_id,
                    "why": chosen.why,
                    "rules": [rule_document(result) for result in chosen.silent],
                }
                for given, chosen in unmatched
            ],
            "not_begun": unsent,
        }
    )
    return YES if good else NO


def _delivery(given: GivenEvent, one: Done) -> Document:
    route: Route = one.run.route
    return {
        **delivery_document(
            one.run.delivery_id, route_document(route), given.event.event_id, one.attempts, one.outcome
        ),
        "unrecorded": one.run.unrecorded,
    }
