"""`inspector test`: suites of cases that hold patterns and transformers to what a team expects of them."""

import time
from pathlib import Path

import click

from inspector.cli.console import Console, Output, Painter
from inspector.cli.documents import verdict_document
from inspector.cli.exits import NO, YES
from inspector.cli.groups import examples
from inspector.cli.match_text import tree_lines
from inspector.cli.options import config_option, output_option
from inspector.cli.session import open_bench, tell_faults
from inspector.eventbridge.resources import Workspace
from inspector.workbench.junit import junit
from inspector.workbench.suite import CaseResult, judge_suites


@click.command(
    "test",
    epilog=examples(
        "inspector test tests/rules.jsonl",
        "inspector test -c my-configs/ contract/*.yaml --junit report.xml",
        "inspector test patterns.jsonl --output json",
    ),
)
@click.argument("suites", nargs=-1, required=True, metavar="SUITE...", type=click.Path(path_type=Path))
@config_option
@click.option(
    "--junit",
    "report",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a JUnit XML report too.",
)
@click.option(
    "--limit", default=20, show_default=True, metavar="N", help="Explain this many failures at most."
)
@output_option
def test_command(
    suites: tuple[Path, ...], config: tuple[Path, ...], report: Path | None, limit: int, output: Output
) -> int:
    """Run suites of cases: what a pattern says to an event, or what a transformer makes of it.

    A suite is a JSONL, JSON or YAML file (docs/test-suites.md). A case may name a rule of the workspace
    (with -c) in place of a pattern. Exit code 0 when all pass, 1 when some fail, 2 when a suite cannot be
    read.
    """
    console = Console(output)
    workspace = Workspace()
    if config:
        workspace = open_bench(config).workspace
        tell_faults(console, workspace)
    started = time.perf_counter()
    results = list(judge_suites(suites, workspace))
    seconds = time.perf_counter() - started
    failures = [result for result in results if not result.passed]
    passed = len(results) - len(failures)
    if report:
        junit(results, report, seconds)
    for result in failures[:limit]:
        console.say(*failure_lines(console.out, result))
    if len(failures) > limit:
        console.say(console.out(f"… and {len(failures) - limit} more failures (--limit N shows them)", "dim"))
    count = console.out(f"{passed} passed, {len(failures)} failed", "bad" if failures else "good", "strong")
    rate = console.out(f"{len(results) / seconds:,.0f} cases a second" if seconds else "", "dim")
    console.say(f"{count}  {rate}")
    console.document(
        {
            "passed": passed,
            "failed": len(failures),
            "seconds": round(seconds, 3),
            "failures": [failure_document(result) for result in failures],
        }
    )
    return NO if failures else YES


def failure_lines(paint: Painter, result: CaseResult) -> list[str]:
    """Return what a person needs to see of a failed case."""
    lines = [
        f"{paint('✗', 'bad')} {paint(result.case.name, 'strong')}  {paint(str(result.case.origin), 'dim')}",
        f"    {paint('expected', 'dim')} {paint(result.expected)}",
        f"    {paint('     got', 'dim')} {paint(result.got)}",
    ]
    if result.explanation:
        lines.append(f"         {paint(result.explanation, 'warn')}")
    if result.verdict:
        lines += [f"      {line}" for line in tree_lines(paint, result.verdict)]
    return lines


def failure_document(result: CaseResult) -> dict[str, object]:
    """Return a failed case for another program."""
    return {
        "name": result.case.name,
        "file": result.case.origin.file,
        "path": result.case.origin.path,
        "expected": result.expected,
        "got": result.got,
        "why": result.explanation,
        "explanation": verdict_document(result.verdict) if result.verdict else None,
    }
