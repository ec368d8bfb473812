"""One event against the rules of a workspace: who fires, and why the others stay silent."""

from collections.abc import Iterable
from functools import lru_cache

from inspector.eventbridge.event import Event
from inspector.eventbridge.patterns import (
    EventTooComplex,
    InvalidEventPattern,
    Pattern,
    explain,
    parse_pattern,
)
from inspector.eventbridge.resources import Route, Rule
from inspector.workbench.values import RuleResult


@lru_cache(maxsize=1024)
def pattern_of(text: str) -> Pattern | InvalidEventPattern:
    """Return the parsed pattern, or the error that says why EventBridge would refuse it."""
    try:
        return parse_pattern(text)
    except InvalidEventPattern as error:
        return error


def evaluate_rule(rule: Rule, event: Event, routes: tuple[Route, ...] = ()) -> RuleResult:
    """Return what `rule` says to `event`."""
    if rule.event_pattern is None:
        reason = f"it runs on a schedule ({rule.schedule_expression}) and matches no events"
        return RuleResult(rule, False, reason, None, routes)
    pattern = pattern_of(rule.event_pattern)
    if isinstance(pattern, InvalidEventPattern):
        reason = f"EventBridge refuses its pattern: {pattern.reason}"
        return RuleResult(rule, False, reason, None, routes)
    verdict = explain(pattern, event.document)
    reasons = []
    if rule.event_bus_name != event.bus:
        reasons.append(f"it listens on bus {rule.event_bus_name!r}, the event is on {event.bus!r}")
    if rule.state == "DISABLED":
        reasons.append("it is DISABLED")
    if not verdict.matched:
        reasons.append(verdict.why)
    return RuleResult(rule, not reasons, "; ".join(reasons), verdict, routes)


def fires(rule: Rule, event: Event) -> bool:
    """Tell whether `rule` fires, without saying why."""
    if rule.event_pattern is None or rule.state == "DISABLED" or rule.event_bus_name != event.bus:
        return False
    pattern = pattern_of(rule.event_pattern)
    if isinstance(pattern, InvalidEventPattern):
        return False
    try:
        return pattern.matches(event.document)
    except EventTooComplex:
        return evaluate_rule(rule, event).matched


def evaluate(rules: Iterable[Rule], event: Event, routes: Iterable[Route]) -> tuple[RuleResult, ...]:
    """Return what every rule says: those that fire first, then the nearest misses."""
    by_rule: dict[tuple[str, str], list[Route]] = {}
    for route in routes:
        if route.rule:
            by_rule.setdefault((route.rule.event_bus_name, route.rule.name), []).append(route)
    results = [
        evaluate_rule(rule, event, tuple(by_rule.get((rule.event_bus_name, rule.name), ()))) for rule in rules
    ]
    return tuple(sorted(results, key=lambda result: -result.score))
