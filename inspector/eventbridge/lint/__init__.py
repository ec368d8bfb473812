"""Faults and risks in a workspace, each under a code that says why it matters and what to do."""

from inspector.eventbridge.lint.linting import lint
from inspector.eventbridge.lint.rule import Finding, LintRule, Severity
from inspector.eventbridge.lint.table import RULES

__all__ = ["RULES", "Finding", "LintRule", "Severity", "lint"]
