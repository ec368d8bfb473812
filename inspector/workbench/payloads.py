"""What a route makes of an event: its payload, under the names that EventBridge would give it."""

from dataclasses import replace
from datetime import UTC

from inspector.eventbridge.event import Event
from inspector.eventbridge.payload import Payload, RenderContext
from inspector.eventbridge.resources import Route
from inspector.eventbridge.rule_arn import rule_arn, rule_arn_assumptions
from inspector.eventbridge.template import RULE_ARN
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
    payload = render_payload(route.target.input, event.document, context, target_id=route.target.target_id)
    if any(placeholder.path == RULE_ARN for placeholder in payload.placeholders):
        return replace(payload, assumptions=(*payload.assumptions, *rule_arn_assumptions(route)))
    return payload
