"""The explanation, the matcher and the definition of matching say the same of any pattern and event."""

from hypothesis import given, settings

from inspector.eventbridge.patterns import Verdict, explain, parse_pattern
from inspector.eventbridge.patterns.flattening import flatten, fulfilled, path_order
from inspector.eventbridge.patterns.scalars import allows_absence, field_test
from inspector.jsontext import JsonObject
from tests.patterns.generated import EVENTS, PATTERNS


def _holds_together(verdict: Verdict) -> None:
    match verdict.kind:
        case "pattern":
            assert verdict.matched == all(child.matched for child in verdict.children)
        case "or":
            assert verdict.matched == any(child.matched for child in verdict.children)
        case "field" if verdict.children:
            assert verdict.matched == any(child.matched for child in verdict.children)
        case "branch":
            assert not verdict.matched or all(child.matched for child in verdict.children)
    if verdict.nearest is not None:
        assert not verdict.matched
        assert 0 <= verdict.nearest < len(verdict.children)
    assert verdict.reason
    assert not verdict.reason.endswith(".")


@settings(max_examples=300, deadline=None)
@given(PATTERNS, EVENTS)
def test_explanation_matcher_and_definition_agree(text: str, event: JsonObject) -> None:
    pattern = parse_pattern(text)
    verdict = explain(pattern, event)
    leaves = flatten(event)
    by_definition = any(
        fulfilled(
            [
                (leaf.path, field_test(leaf), allows_absence(leaf))
                for leaf in sorted(rule, key=lambda leaf: path_order(leaf.path))
            ],
            leaves,
        )
        for rule in pattern.rules
    )
    assert pattern.matches(event) == by_definition
    assert verdict.matched == by_definition
    for node in verdict.walk():
        _holds_together(node)
    assert (verdict.score == 1.0) == verdict.matched
