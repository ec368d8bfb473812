"""The table of all lint rules, in the order of their codes."""

from collections.abc import Mapping
from typing import Final

from inspector.eventbridge.lint.bodies import BODY_RULES
from inspector.eventbridge.lint.connections import CONNECTION_RULES
from inspector.eventbridge.lint.deliveries import DELIVERY_RULES
from inspector.eventbridge.lint.faults import FAULT_RULES
from inspector.eventbridge.lint.patterns import PATTERN_RULES
from inspector.eventbridge.lint.requests import REQUEST_RULES
from inspector.eventbridge.lint.rule import LintRule
from inspector.eventbridge.lint.samples import SAMPLE_RULES
from inspector.eventbridge.lint.templates import TEMPLATE_RULES
from inspector.eventbridge.lint.wiring import WIRING_RULES

AREAS: Final[Mapping[str, str]] = {
    "0": "Reading the definitions",
    "1": "The request",
    "2": "Connections and credentials",
    "3": "The payload",
    "4": "Retries, dead letters, rate",
    "5": "Event patterns",
    "6": "How it hangs together",
}
"""What the rules are about, by the first digit of their codes."""

RULES: Final[tuple[LintRule, ...]] = tuple(
    sorted(
        (
            *FAULT_RULES,
            *REQUEST_RULES,
            *CONNECTION_RULES,
            *TEMPLATE_RULES,
            *BODY_RULES,
            *DELIVERY_RULES,
            *PATTERN_RULES,
            *SAMPLE_RULES,
            *WIRING_RULES,
        ),
        key=lambda rule: rule.code,
    )
)
