"""All rules over one workspace."""

import re
from collections.abc import Sequence
from typing import Final

from inspector.eventbridge.lint.rule import Finding, LintRule
from inspector.eventbridge.lint.subject import read_subject
from inspector.eventbridge.lint.table import RULES
from inspector.eventbridge.resources import Workspace

_NUMBER: Final = re.compile(r"(\d+)")


def lint(
    workspace: Workspace, *, volume: float | None = None, rules: Sequence[LintRule] = RULES
) -> tuple[Finding, ...]:
    """Return every fault and risk in a workspace, file by file, in the order of the places in them.

    volume: events per second that each rule is taken to match; None leaves out what depends on it.
    """
    subject = read_subject(workspace, volume)
    found = {
        Finding(rule, hit.origin, hit.place, hit.message, hit.fix or rule.fix): None
        for rule in rules
        for hit in rule.check(subject)
    }
    order = {file: number for number, file in enumerate(workspace.files)}

    def place(finding: Finding) -> tuple[int, str, list[tuple[int, str]], str]:
        file, path = finding.origin.file, finding.origin.path
        # Numbers of equal length in digits sort as numbers: `[10]` stands behind `[9]`.
        steps = [(len(part), part) if part.isdigit() else (0, part) for part in _NUMBER.split(path)]
        return order.get(file, len(order)), file, steps, finding.code

    return tuple(sorted(found, key=place))
