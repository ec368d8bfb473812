"""Judging suites of cases: what a pattern or a transformer should answer against what it does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from inspector.config.suites import Case, PatternCase, PayloadCase, SuiteError, read_suite
from inspector.eventbridge.patterns import (
    EventTooComplex,
    InvalidEventPattern,
    Verdict,
    explain,
    parse_pattern,
)
from inspector.eventbridge.payload import AdmissionError, RenderContext
from inspector.eventbridge.resources import Rule, TargetInput, Workspace
from inspector.eventbridge.transform import render_payload

_RULE_ARN = "arn:aws:events:us-east-1:123456789012:rule/{}"
_INGESTION_TIME = "2026-01-01T00:00:00.000Z"
"""What `<aws.events.event.ingestion-time>` stands for in a case: a suite has no clock."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case.

    expected, got: one line each. explanation: one sentence on why it came so, empty when it passed.
    verdict: for a pattern that was tried on an event and failed its case, the tree that says why.
    """

    case: Case
    passed: bool
    expected: str
    got: str
    explanation: str = ""
    verdict: Verdict | None = None


def judge_suites(paths: Iterable[Path], workspace: Workspace) -> Iterator[CaseResult]:
    """Yield the result of every case of the suites, in order.

    Raises:
        SuiteError: a suite cannot be read, or names a rule or target that the workspace does not have.
    """
    rules = {rule.name: rule for rule in workspace.rules}
    for path in paths:
        for case in read_suite(path):
            yield judge(case, rules)


def judge(case: Case, rules: dict[str, Rule]) -> CaseResult:
    """Return what becomes of one case; `rules` are those of the workspace, by name.

    Raises:
        SuiteError: the case names a rule or target that is not there.
    """
    if isinstance(case, PatternCase):
        return _judge_pattern(case, rules)
    return _judge_payload(case, rules)


def _judge_pattern(case: PatternCase, rules: dict[str, Rule]) -> CaseResult:
    expected = f"{case.expect}: {case.reason}" if case.reason is not None else case.expect
    text = case.pattern
    if text is None:
        text = _rule(case, case.rule, rules).event_pattern
        if text is None:
            raise SuiteError(
                f"{case.origin}: rule {case.rule!r} runs on a schedule; it has no pattern to test"
            )
    try:
        pattern = parse_pattern(text)
        matched = pattern.matches(case.event) if case.expect != "invalid" else None
    except InvalidEventPattern as error:
        passed = case.expect == "invalid" and (case.reason is None or case.reason in error.reasons)
        return CaseResult(case, passed, expected, f"invalid: {error.reason}", "" if passed else str(error))
    except EventTooComplex as error:
        return CaseResult(case, False, expected, "no answer", str(error))
    if matched is None:
        return CaseResult(case, False, expected, "valid", "EventBridge accepts this pattern")
    got = "match" if matched else "no-match"
    if got == case.expect:
        return CaseResult(case, True, expected, got)
    verdict = explain(pattern, case.event)
    return CaseResult(case, False, expected, got, verdict.why, verdict)


def _judge_payload(case: PayloadCase, rules: dict[str, Rule]) -> CaseResult:
    expected = f"{case.expect}: {case.body}" if case.body is not None else case.expect
    option = case.target if case.target is not None else _target_input(case, rules)
    context = RenderContext(case.rule_name, _RULE_ARN.format(case.rule_name), _INGESTION_TIME)
    try:
        payload = render_payload(option, case.event, context)
    except AdmissionError as error:
        passed = case.expect == "rejected"
        return CaseResult(
            case, passed, expected, f"rejected: {error}", "" if passed else error.hint or str(error)
        )
    passed = payload.verdict == case.expect and (case.body is None or payload.body == case.body)
    got = f"{payload.verdict}: {payload.body}" if case.body is not None else payload.verdict
    if passed:
        return CaseResult(case, True, expected, got)
    return CaseResult(case, False, expected, got, payload.reason or "the bodies differ")


def _rule(case: Case, name: str, rules: dict[str, Rule]) -> Rule:
    if name not in rules:
        known = ", ".join(sorted(rules)) or "none; name its files with -c"
        raise SuiteError(f"{case.origin}: rule {name!r} is not in the workspace (rules: {known})")
    return rules[name]


def _target_input(case: PayloadCase, rules: dict[str, Rule]) -> TargetInput:
    targets = _rule(case, case.rule, rules).targets
    if not case.target_id and len(targets) == 1:
        return targets[0].input
    found = next((target for target in targets if target.target_id == case.target_id), None)
    if found is None:
        known = ", ".join(target.target_id for target in targets) or "none"
        raise SuiteError(
            f"{case.origin}: rule {case.rule!r} has no target {case.target_id!r} (targets: {known})",
            hint='Name one with "target": "<Id>".',
        )
    return found.input
