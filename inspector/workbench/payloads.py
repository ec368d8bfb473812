"""What a route makes of an event: its payload, under the names that EventBridge would give it."""

from datetime import UTC

from inspector.eventbridge.event import Event
from inspector.eventbridge.payload import Payload, RenderContext
from inspector.eventbridge.resources import Route
from inspector.eventbridge.transform import render_payload


def payload_of(event: Event, route: Route) -> Payload:
    """Return the payload that `route` makes of `event`.

    Raises:
        AdmissionError: EventBridge would not accept the target's input option.
    """
    name = route.rule.name if route.rule else route.destination.name
    taken_in = event.ingestion_time.astimezone(UTC)
    context = RenderContext(
        rule_name=name,
        rule_arn=rule_arn(route, event),
        ingestion_time=f"{taken_in:%Y-%m-%dT%H:%M:%S}.{taken_in.microsecond // 1000:03d}Z",
    )
    return render_payload(route.target.input, event.document, context, target_id=route.target.target_id)


def rule_arn(route: Route, event: Event) -> str:
    """Return the ARN of a route's rule, from the event's account where it has none; empty for no rule."""
    if route.rule is None:
        return ""
    if route.rule.arn:
        return route.rule.arn
    bus = "" if route.rule.event_bus_name == "default" else f"{route.rule.event_bus_name}/"
    region, account = event.document["region"], event.document["account"]
    return f"arn:aws:events:{region}:{account}:rule/{bus}{route.rule.name}"
