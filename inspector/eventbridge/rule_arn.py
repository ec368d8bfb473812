"""The ARN of a rule whose definition does not tell it (resources, section 1)."""

from collections.abc import Iterator
from typing import Final

from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.event import Event
from inspector.eventbridge.resources import Route

RULE_ARN_MADE_UP: Final = Assumption(
    "rule-arn",
    "The definitions do not tell the rule's ARN; the inspector takes region and account from the ARN of its "
    "API destination or connection, and where these have none from the event.",
)


def rule_arn(route: Route, event: Event) -> str:
    """Return the ARN of a route's rule, made up where its definition has none; empty for no rule."""
    rule = route.rule
    if rule is None or rule.arn:
        return rule.arn if rule else ""
    around = f"arn:aws:events:{event.document['region']}:{event.document['account']}"
    return on_bus(next(_places(route), around), rule.event_bus_name, rule.name)


def rule_arn_assumptions(route: Route) -> tuple[Assumption, ...]:
    """Return what the ARN of a route's rule rests on; nothing where its definition tells it."""
    return (RULE_ARN_MADE_UP,) if route.rule and not route.rule.arn else ()


def on_bus(place: str, bus: str, name: str) -> str:
    """Return the ARN of a rule on an event bus. place: `arn:aws:events:<region>:<account>`."""
    return f"{place}:rule/{name}" if bus == "default" else f"{place}:rule/{bus}/{name}"


def _places(route: Route) -> Iterator[str]:
    # The event's own come last: a bus takes in events of other accounts, of other regions too.
    destination = route.destination
    known = (destination.arn, route.target.arn, destination.connection_arn, route.connection.arn)
    for arn in known:
        parts = arn.split(":", 5)
        if len(parts) == 6 and parts[0] == "arn" and parts[2] == "events" and all(parts[1:5]):
            yield ":".join(parts[:5])
