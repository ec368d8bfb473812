"""`inspector backtest`: which past events rules would have caught."""

import gc
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from inspector.cli.backtest_text import report_document, report_lines
from inspector.cli.console import Console, Output
from inspector.cli.durations import seconds_text
from inspector.cli.exits import INTERRUPTED, NO, YES
from inspector.cli.groups import examples
from inspector.cli.options import config_option, db_option, output_option
from inspector.errors import InspectorError
from inspector.eventbridge.patterns import InvalidEventPattern, parse_pattern
from inspector.workbench.backtest import Backtest, Subject, past_lines, subjects

_NAMED: Final = re.compile(r"\s*([^\s{@=][^{@=]*?)\s*=\s*(?=[{@])")
_ON_A_TERMINAL: Final = 0.25
_ELSEWHERE: Final = 5.0
_CREATED_AT_ONCE: Final = 100_000


@dataclass(frozen=True, slots=True)
class _Source:
    """Where events come from.

    place: what one is called by its number. feed: gives them to a test, some at each step. fraction: how
    much has been read, None where nobody knows.
    """

    name: str
    place: str
    feed: Callable[[Backtest], Iterator[None]]
    fraction: Callable[[], float | None]


@click.command(
    epilog=examples(
        "inspector backtest --pattern @pattern.json --events archive.jsonl.gz",
        "inspector backtest -c my-configs/ --rule big-orders --query since:7d",
        "inspector backtest --pattern old=@old.json --pattern new=@new.json --events day.jsonl",
        "zcat *.gz | inspector backtest -c my-configs/ --events - --out caught.jsonl",
    )
)
@click.option(
    "--pattern",
    "patterns",
    multiple=True,
    metavar="TEXT|@FILE",
    help="An event pattern, or a file that holds one; NAME= before it names it. May be repeated.",
)
@config_option
@click.option("--rule", "rules", multiple=True, metavar="NAME", help="Test this rule; may be repeated.")
@click.option(
    "--events",
    metavar="FILE",
    help="Past events: JSONL, an array or PutEvents entries, gzip or not; - for stdin.",
)
@click.option("--query", metavar="QUERY", help="Take the events of the deliveries that this search finds.")
@db_option
@click.option(
    "--samples",
    default=3,
    show_default=True,
    type=click.IntRange(0),
    metavar="N",
    help="Show so many of the events that a rule caught.",
)
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all events that were caught, as JSONL.",
)
@output_option
def backtest(
    patterns: tuple[str, ...],
    config: tuple[Path, ...],
    rules: tuple[str, ...],
    events: str | None,
    query: str | None,
    db: Path | None,
    samples: int,
    out: Path | None,
    output: Output,
) -> int:
    """Tell which past events rules would have caught.

    Tested are the patterns given; with -c or --rule, or where no pattern is given, the rules of the
    workspace. The events are those of a file (--events), or else those of the history.

    Exit code 0 when an event was caught, 1 when none was, 2 for bad input.
    """
    if events is not None and query is not None:
        raise click.UsageError("--query searches the history: give it or --events")
    console = Console(output)
    tested = [_given(text, number, len(patterns)) for number, text in enumerate(patterns, start=1)]
    if config or rules or not patterns:
        tested += _rules(console, config, rules)
    if len({subject.name for subject in tested}) < len(tested):
        raise click.UsageError("two of what is tested have one name: put NAME= before a pattern")
    matchers = {subject.name: subject.pattern for subject in tested if subject.pattern}
    if not matchers:
        why = [f"{subject.name}: {note}" for subject in tested for note in subject.notes]
        raise InspectorError("there is no pattern to test", hint="; ".join(why) or "give one by --pattern")
    with ExitStack() as stack:
        source = _history(stack, db, query or "") if events is None else _file(stack, events)
        keep = _writer(stack, out, events) if out else None
        test = Backtest(matchers, samples=samples, place=source.place, keep=keep)
        return _run(test, source, tested, console)


def _run(test: Backtest, source: _Source, tested: Sequence[Subject], console: Console) -> int:
    failure: InspectorError | None = None
    code = 0
    progress = _Progress(console, test, source)
    began = time.perf_counter()
    try:
        with _few_collections():
            for _ in source.feed(test):
                progress.tell()
    except InspectorError as error:
        failure = error
    except KeyboardInterrupt:
        code = INTERRUPTED
    seconds = time.perf_counter() - began
    progress.clear()
    if failure is not None and not test.events:
        raise failure
    console.say(*report_lines(console.out, test, tested, seconds))
    for problem in test.problems:
        console.warning(f"{problem.place or source.name}: {problem.why}")
    if code:
        console.progress(console.err("interrupted: the rest was not tested", "warn"))
    elif not (test.events or test.unreadable):
        console.progress(console.err(f"{source.name} holds no event", "dim"))
    complete = failure is None and not code
    console.document(report_document(test, tested, source.name, seconds, complete=complete))
    if failure is not None:
        raise failure
    return code or (YES if test.matched else NO)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let the garbage collector look seldom: every event is some dictionaries, and none is in a circle."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_CREATED_AT_ONCE, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


class _Progress:
    """One line on stderr that says how far the test is."""

    def __init__(self, console: Console, test: Backtest, source: _Source) -> None:
        self._console, self._test, self._source = console, test, source
        self._terminal = console.err.width is not None
        self._began = time.monotonic()
        self._next = self._began + self._pause

    @property
    def _pause(self) -> float:
        return _ON_A_TERMINAL if self._terminal else _ELSEWHERE

    def tell(self) -> None:
        """Write the line where it is time to."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self._pause
        seconds, fraction = now - self._began, self._source.fraction()
        parts = [f"{self._test.events:,} events", f"{self._test.matched:,} matched"]
        parts.append(f"{self._test.events / seconds:,.0f}/s")
        if fraction:
            parts.append(f"{fraction:.0%} read, about {seconds_text(seconds / fraction - seconds)} left")
        line = self._console.err(" · ".join(parts), "dim")
        if self._terminal:
            click.echo(f"\r\x1b[2K{line}", nl=False, err=True)
        else:
            self._console.progress(line)

    def clear(self) -> None:
        """Take the line away."""
        if self._terminal:
            click.echo("\r\x1b[2K", nl=False, err=True)


# What is tested


def _given(given: str, number: int, count: int) -> Subject:
    """Return the pattern that `--pattern` gives."""
    named = _NAMED.match(given)
    name, text = (named[1], given[named.end() :]) if named else ("", given)
    if text.startswith("@"):
        path = Path(text[1:])
        name = name or path.stem
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise InspectorError(f"{path} cannot be read: {error.strerror or error}") from None
        except UnicodeDecodeError:
            raise InspectorError(f"{path} is not UTF-8 text") from None
    name = name or ("pattern" if count == 1 else f"pattern {number}")
    try:
        return Subject(name, parse_pattern(text))
    except InvalidEventPattern as error:
        raise InspectorError(f"{name}: {error}", hint=error.hint) from None


def _rules(console: Console, config: tuple[Path, ...], names: tuple[str, ...]) -> list[Subject]:
    """Return the rules of the workspace, those of these names where there are any."""
    from inspector.cli.choose import named_rule
    from inspector.cli.session import open_bench, tell_faults

    workspace = open_bench(config).workspace
    tell_faults(console, workspace)
    for name in names:
        named_rule(workspace, name)
    return subjects(rule for rule in workspace.rules if not names or rule.name in names)


# Where events come from, and where they go


def _file(stack: ExitStack, given: str) -> _Source:
    from inspector.config.event_lines import EventLines

    file = EventLines(given)
    stack.callback(file.close)

    def feed(test: Backtest) -> Iterator[None]:
        if file.by_line:
            for lines in file.batches():
                test.take(lines)
                yield
        else:
            for document in file.documents():
                test.take_document(document)
                yield

    return _Source(file.name, "line", feed, lambda: file.fraction)


def _history(stack: ExitStack, db: Path | None, query: str) -> _Source:
    from inspector.cli.session import history_path
    from inspector.history import History

    path = history_path(db)
    if not path.is_file():
        raise InspectorError(
            f"there is no history at {path}",
            hint="--events FILE tests the events of a file; --db names another history",
        )
    history = History(path)
    stack.callback(history.close)

    def feed(test: Backtest) -> Iterator[None]:
        for lines in past_lines(history, query):
            test.take(lines)
            yield

    return _Source("the history", "", feed, lambda: None)


def _writer(stack: ExitStack, out: Path, events: str | None) -> Callable[[bytes], None]:
    if events is not None and out.exists() and Path(events).exists() and out.samefile(events):
        raise click.UsageError("--out names the file that the events are read from")

    @contextmanager
    def explained() -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise InspectorError(f"{out} cannot be written: {error.strerror or error}") from None

    stack.enter_context(explained())
    with explained():
        stream = stack.enter_context(out.open("wb"))

    def keep(line: bytes) -> None:
        with explained():
            stream.write(line)

    return keep
