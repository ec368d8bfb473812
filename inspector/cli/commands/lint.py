"""`inspector lint`: faults and risks in the definitions, each under a code."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

import click

from inspector.cli.console import Cell, Console, Output, Painter, Style, counted
from inspector.cli.definitions import read_definitions
from inspector.cli.exits import NO, YES
from inspector.cli.groups import examples
from inspector.cli.options import config_option, no_event_option, output_option, paths_argument
from inspector.errors import InspectorError
from inspector.eventbridge.lint import RULES, Finding, LintRule, Severity, lint
from inspector.eventbridge.lint.document import document

_MARKS: Final[dict[Severity, tuple[str, Style]]] = {
    "error": ("✗", "bad"),
    "warning": ("!", "warn"),
    "info": ("·", "dim"),
}
_SECONDS: Final = {"s": 1.0, "min": 60.0, "h": 3600.0, "day": 86400.0}
_VOLUME: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:/(s|min|h|day))?")


def _events_per_second(_: click.Context, __: click.Parameter, given: str | None) -> float | None:
    if given is None:
        return None
    match = _VOLUME.fullmatch(given)
    if not match:
        raise click.BadParameter("write it as 50/s, 3000/min, 100000/h or 2000000/day")
    return float(match[1]) / _SECONDS[match[2] or "s"]


@click.command(
    "lint",
    epilog=examples(
        "inspector lint my-configs/",
        "inspector lint -c my-configs/ --strict --volume 2000000/day",
        "inspector lint --explain EBI302",
        "inspector lint -c my-configs/ --output json",
    ),
)
@paths_argument
@config_option
@no_event_option
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option(
    "--volume",
    metavar="EVENTS/UNIT",
    callback=_events_per_second,
    help="Events that each rule matches (50/s, 3000/min, 100000/h, 2000000/day): looks at the rate limits.",
)
@click.option("--explain", metavar="CODE", help="Say what a code means and what to do; all prints every one.")
@output_option
def lint_command(
    paths: tuple[Path, ...],
    config: tuple[Path, ...],
    strict: bool,
    volume: float | None,
    explain: str | None,
    output: Output,
) -> int:
    """Find faults and risks in the definitions: what AWS refuses, what never works, what loses events.

    Exit code 0 when there is no error, 1 when there is one (with --strict: or a warning), 2 when the
    definitions cannot be read.
    """
    console = Console(output)
    if explain is not None:
        _explain(console, explain)
        return YES
    workspace = read_definitions((*paths, *config))
    findings = lint(workspace, volume=volume)
    errors, warnings, infos = (
        sum(finding.severity == severity for finding in findings) for severity in ("error", "warning", "info")
    )
    console.document(
        {
            "files": len(workspace.files),
            "errors": errors,
            "warnings": warnings,
            "infos": infos,
            "findings": [_finding_document(finding) for finding in findings],
        }
    )
    for file, group in groupby(findings, key=lambda finding: finding.origin.file):
        console.say(*_file_lines(console.out, file, list(group)), "")
    console.say(_summary(console.out, len(workspace.files), findings, (errors, warnings, infos)))
    return NO if errors or (strict and warnings) else YES


def _file_lines(paint: Painter, file: str, findings: Sequence[Finding]) -> Iterable[str]:
    yield paint(file or "the workspace", "strong")
    heads: list[Sequence[Cell]] = [
        (_MARKS[f.severity], (f.code, _MARKS[f.severity][1]), f.place, (f.origin.path, "dim"))
        for f in findings
    ]
    for head, finding in zip(paint.rows(heads, indent=2), findings, strict=True):
        yield head
        yield f"     {paint(finding.message)}"
        yield f"     {paint(f'→ {finding.fix}', 'dim')}"


def _summary(paint: Painter, files: int, findings: Sequence[Finding], numbers: tuple[int, int, int]) -> str:
    in_files = f"in {counted(files, 'file')}" if files else "and no file"
    if not findings:
        return f"{paint('✓', 'good')} {paint(f'nothing found {in_files}')}"
    nouns = ("error", "warning", "info")
    found = ", ".join(text for text in map(counted, numbers, nouns) if text)
    worst = next(f for severity in _MARKS for f in findings if f.severity == severity)
    tell = f"inspector lint --explain {worst.code} tells more"
    return f"{paint(f'{found} {in_files}', _MARKS[worst.severity][1])}; {paint(tell, 'dim')}"


def _finding_document(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "title": finding.rule.title,
        "file": finding.origin.file,
        "path": finding.origin.path,
        "place": finding.place,
        "message": finding.message,
        "fix": finding.fix,
    }


def _explain(console: Console, code: str) -> None:
    if code.lower() == "all":
        console.verbatim(document())
        console.document({"rules": [_rule_document(rule) for rule in RULES]})
        return
    rule = next((rule for rule in RULES if rule.code == code.upper()), None)
    if rule is None:
        raise InspectorError(f"no lint rule has the code {code!r}", hint="inspector lint --explain all")
    out = console.out
    console.say(
        f"{out(rule.code, _MARKS[rule.severity][1], 'strong')} {out(rule.title, 'strong')}",
        out(f"{rule.severity} · {rule.source}", "dim"),
        "",
        out(rule.why),
        "",
        f"{out('→', 'accent')} {out(rule.fix)}",
    )
    console.document(_rule_document(rule))


def _rule_document(rule: LintRule) -> dict[str, object]:
    return {
        "code": rule.code,
        "severity": rule.severity,
        "title": rule.title,
        "why": rule.why,
        "fix": rule.fix,
        "source": rule.source,
    }
