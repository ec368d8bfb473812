"""`inspector history`: what was delivered, found again, shown, exported, forgotten."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click

from inspector.cli.compare_text import compare_lines
from inspector.cli.console import Console, Output, counted
from inspector.cli.documents import row_document, stored_document, summary_document
from inspector.cli.exits import NO, YES
from inspector.cli.groups import Lazy, LazyGroup, examples
from inspector.cli.history_text import stored_lines, summary_row
from inspector.cli.options import db_option, differences_option, output_option
from inspector.cli.session import history_path
from inspector.errors import InspectorError
from inspector.history import History
from inspector.history.query import help_text
from inspector.workbench.compare import compared

_HERE: Final = "inspector.cli.commands.history"
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

history = LazyGroup(
    name="history",
    default="list",
    lazy={
        "list": Lazy(f"{_HERE}:list_deliveries", "List or search deliveries (so does history alone)."),
        "show": Lazy(f"{_HERE}:show", "Show one delivery with all its attempts."),
        "compare": Lazy(f"{_HERE}:compare", "Line up recorded deliveries; send nothing."),
        "export": Lazy(f"{_HERE}:export", "Write deliveries as lines of JSON."),
        "note": Lazy(f"{_HERE}:note", "Write a note on a delivery."),
        "delete": Lazy(f"{_HERE}:delete", "Forget deliveries."),
        "prune": Lazy(f"{_HERE}:prune", "Forget old deliveries."),
    },
    subcommand_metavar="[QUERY]... | COMMAND [ARGS]...",
    help=(
        "Find, show and export past deliveries. inspector history [QUERY]... lists them; "
        "inspector history list --help tells what can be searched."
    ),
    epilog=examples(
        "inspector history", "inspector history state:dead since:2h", "inspector history show last"
    ),
)

_delivery_argument = click.argument("delivery_id", metavar="ID")


@click.command(
    "list",
    epilog=f"\b\nQUERY:\n{help_text()}\n\n"
    + examples(
        "inspector history",
        "inspector history status:503 rule:orders",
        "inspector history list FO-2026-004711 --output json",
    ),
)
@click.argument("query", nargs=-1, metavar="[QUERY]...")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many to list.")
@db_option
@output_option
def list_deliveries(query: tuple[str, ...], limit: int, db: Path | None, output: Output) -> int:
    """List deliveries, newest first, or those that a query finds.

    Exit code 0 when there are any, 1 when there are none.
    """
    console, words = Console(output), " ".join(query)

    def work(store: History) -> int:
        found, page = store.count(words), store.page(words, limit=limit)
        console.say(*console.out.rows(map(summary_row, page)))
        if found > len(page):
            console.progress(console.err(f"the newest {len(page)} of {found}; --limit shows more", "dim"))
        if not found:
            console.progress(console.err("nothing found" if words else "the history is empty", "dim"))
        console.document({"found": found, "deliveries": [summary_document(summary) for summary in page]})
        return YES if found else NO

    return _with_history(db, work)


@click.command(
    epilog=examples("inspector history show last", "inspector history show 3f2a91c0 --output json")
)
@_delivery_argument
@db_option
@output_option
def show(delivery_id: str, db: Path | None, output: Output) -> int:
    """Show one delivery: event, request, every attempt with its answer, outcome.

    ID is its id, the beginning of it, or last.
    """
    console = Console(output)

    def work(store: History) -> int:
        stored = store.get(delivery_id)
        console.say(*stored_lines(console.out, stored))
        console.document(stored_document(stored))
        return YES

    return _with_history(db, work)


@click.command(
    epilog=examples("inspector history compare 3f2a91c0 last", "inspector history compare 3f2a 9c01 -d")
)
@click.argument("delivery_ids", nargs=-1, required=True, metavar="ID ID...")
@differences_option
@db_option
@output_option
def compare(delivery_ids: tuple[str, ...], differences: bool, db: Path | None, output: Output) -> int:
    """Line up what recorded deliveries sent and got: the last attempt of each. Nothing is sent.

    Exit code 0 when they differ in nothing, 1 when they differ.
    """
    if len(delivery_ids) < 2:
        raise click.UsageError("a comparison takes two deliveries or more")
    console = Console(output)

    def work(store: History) -> int:
        found = [store.get(delivery_id) for delivery_id in delivery_ids]
        lasts = [stored.attempts[-1] if stored.attempts else None for stored in found]
        rows = compared(lasts, [stored.outcome for stored in found])
        names = [stored.delivery_id for stored in found]
        console.say(
            *compare_lines(console.out, [name[:8] for name in names], rows, only_differences=differences)
        )
        console.document({"deliveries": names, "rows": [row_document(row) for row in rows]})
        return NO if any(row.differs and not row.varies for row in rows) else YES

    return _with_history(db, work)


@click.command(
    epilog=examples(
        "inspector history export > deliveries.jsonl",
        "inspector history export state:dead since:1d --limit 100",
    )
)
@click.argument("query", nargs=-1, metavar="[QUERY]...")
@click.option("--limit", type=click.IntRange(1), help="How many at most; all when not given.")
@db_option
def export(query: tuple[str, ...], limit: int | None, db: Path | None) -> int:
    """Write deliveries to stdout, one JSON document a line, newest first. Secrets are masked.

    QUERY is as for inspector history list.
    """

    def work(store: History) -> int:
        console = Console()
        for line in store.export(" ".join(query), limit=limit):
            console.verbatim(line)
        return YES

    return _with_history(db, work)


@click.command(epilog=examples('inspector history note last "after the fix"'))
@_delivery_argument
@click.argument("text")
@db_option
def note(delivery_id: str, text: str, db: Path | None) -> int:
    """Write a note on a delivery; it is searched like everything else. An empty TEXT removes it."""

    def work(store: History) -> int:
        store.annotate(delivery_id, text)
        return YES

    return _with_history(db, work)


@click.command(epilog=examples("inspector history delete 3f2a91c0", "inspector history delete last"))
@click.argument("delivery_ids", nargs=-1, required=True, metavar="ID...")
@db_option
def delete(delivery_ids: tuple[str, ...], db: Path | None) -> int:
    """Forget deliveries, with their attempts and answers."""

    def work(store: History) -> int:
        # Found first: what one of them leaves behind must not be taken for the next.
        for whole in [store.get(delivery_id).delivery_id for delivery_id in delivery_ids]:
            store.delete(whole)
        Console().progress(f"forgot {_deliveries(len(delivery_ids))}")
        return YES

    return _with_history(db, work)


@click.command(
    epilog=examples("inspector history prune --older-than 30d", "inspector history prune --keep 1000")
)
@click.option("--older-than", metavar="AGE", help="Forget what was begun longer ago: 12h, 30d, 4w.")
@click.option("--keep", type=click.IntRange(0), metavar="N", help="Forget all but the newest N.")
@db_option
def prune(older_than: str | None, keep: int | None, db: Path | None) -> int:
    """Forget old deliveries. What is in flight stays."""
    if older_than is None and keep is None:
        raise click.UsageError("give --older-than or --keep")
    limit = None if older_than is None else datetime.now(UTC) - _age(older_than)

    def work(store: History) -> int:
        Console().progress(f"forgot {_deliveries(store.prune(older_than=limit, keep=keep))}")
        return YES

    return _with_history(db, work)


def _age(text: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,5})([mhdw])", text)
    if found is None:
        raise click.UsageError(f"--older-than takes an age such as 12h, 30d or 4w; this is {text!r}")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _deliveries(number: int) -> str:
    return f"{number} deliver{'y' if number == 1 else 'ies'}" if number else counted(0, "") or "nothing"


def _with_history(db: Path | None, work: Callable[[History], int]) -> int:
    path = history_path(db)
    if not path.is_file():
        raise InspectorError(
            f"there is no history at {path}", hint="inspector send records one; --db names another file"
        )
    store = History(path)
    try:
        return work(store)
    finally:
        store.close()
