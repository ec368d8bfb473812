"""Rules about how definitions hang together: what leads nowhere, what nobody uses (resources)."""

from collections.abc import Iterator
from typing import Final

from inspector.eventbridge.lint.rule import Hit, LintRule
from inspector.eventbridge.lint.subject import Subject, below, quoted


def _no_target(subject: Subject) -> Iterator[Hit]:
    if subject.complete:
        for read in subject.rules:
            if not read.rule.targets:
                yield Hit(read.rule.origin, read.place, f"the rule {quoted(read.rule.name)} has no target")


def _no_rule(subject: Subject) -> Iterator[Hit]:
    workspace = subject.workspace
    if subject.complete:
        found = (workspace.destination_of(target) for rule in workspace.rules for target in rule.targets)
        aimed = {destination.name for destination in found if destination}
        for destination in workspace.destinations:
            if destination.name not in aimed:
                message = f"no rule has {quoted(destination.name)} as a target"
                yield Hit(destination.origin, destination.name, message)


def _nobody_uses(subject: Subject) -> Iterator[Hit]:
    workspace = subject.workspace
    if subject.complete:
        used = {c.name for d in workspace.destinations if (c := workspace.connection_of(d))}
        for connection in workspace.connections:
            if connection.name not in used:
                message = f"no API destination names the connection {quoted(connection.name)}"
                yield Hit(connection.origin, connection.name, message)


def _simplified(subject: Subject) -> Iterator[Hit]:
    for destination in subject.workspace.destinations:
        members = ("RetryPolicy", destination.retry_policy), ("HttpParameters", destination.http_parameters)
        for member, value in members:
            if value is not None:
                message = f"{member} stands in the API destination, where AWS has no such member"
                yield Hit(below(destination.origin, member), destination.name, message)


def _disabled(subject: Subject) -> Iterator[Hit]:
    for read in subject.rules:
        if read.rule.state == "DISABLED":
            yield Hit(
                below(read.rule.origin, "State"), read.place, "the rule is DISABLED: it matches nothing"
            )


WIRING_RULES: Final = (
    LintRule(
        "EBI601", "warning",
        "A rule without a target",
        "It matches and nothing follows. Looked at only where every definition loads.",
        "Add a target, or remove the rule.",
        "resources, section 2", _no_target,
    ),
    LintRule(
        "EBI602", "warning",
        "An API destination that no rule leads to",
        "No event reaches it; from the inspector events can still be sent to it. Looked at only where every "
        "definition loads.",
        "Add a rule with the destination as a target, or load the file that holds it.",
        "resources, section 2", _no_rule,
    ),
    LintRule(
        "EBI603", "warning",
        "A connection that nobody uses",
        "It keeps a secret in Secrets Manager for nothing. Looked at only where every definition loads.",
        "Remove it, or load the destination that names it.",
        "request-and-auth, section 8", _nobody_uses,
    ),
    LintRule(
        "EBI607", "info",
        "Target settings in an API destination",
        "The simplified form of tutorials: CreateApiDestination knows neither RetryPolicy nor "
        "HttpParameters, they belong to the target of a rule. The inspector takes them for every target "
        "without its own.",
        "Move them to the targets before it is deployed.",
        "resources, section 2", _simplified,
    ),
    LintRule(
        "EBI608", "info",
        "A rule that is disabled",
        "TestEventPattern does not look at the state, EventBridge does.",
        "Set State to ENABLED when it is meant to work again.",
        "resources, section 7", _disabled,
    ),
)  # fmt: skip
