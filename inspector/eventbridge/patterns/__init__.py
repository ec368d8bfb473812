"""Event patterns: read, match, explain, and match many at once."""

from inspector.eventbridge.patterns.explain import explain
from inspector.eventbridge.patterns.flattening import EventTooComplex
from inspector.eventbridge.patterns.grammar import parse_pattern
from inspector.eventbridge.patterns.pattern import Pattern
from inspector.eventbridge.patterns.refusal import InvalidEventPattern
from inspector.eventbridge.patterns.verdict import Found, Verdict

__all__ = [
    "EventTooComplex",
    "Found",
    "InvalidEventPattern",
    "Pattern",
    "Verdict",
    "explain",
    "parse_pattern",
]
