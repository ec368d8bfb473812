"""The ARN of a rule, told by its definition or made up (resources, section 1)."""

from dataclasses import replace

import pytest

from inspector.eventbridge.event import Event, EventDefaults, read_event
from inspector.eventbridge.resources import (
    ApiDestination,
    ApiKeyAuth,
    Connection,
    InputTransformer,
    Route,
    Rule,
    Target,
    TargetInput,
)
from inspector.eventbridge.rule_arn import RULE_ARN_MADE_UP, rule_arn, rule_arn_assumptions
from inspector.jsontext import JsonObject
from inspector.secret import Secret
from inspector.workbench.payloads import payload_of
from tests.delivery.deliveries import START

EVENT_FROM_ELSEWHERE: JsonObject = {
    "source": "shop",
    "detail-type": "Order",
    "region": "ap-south-1",
    "account": "999999999999",
    "detail": {},
}
OWN = "arn:aws:events:eu-central-1:111122223333"
OTHER = "arn:aws:events:us-west-2:444455556666"


def event() -> Event:
    return read_event(EVENT_FROM_ELSEWHERE, EventDefaults("e-1", START))


def route(
    *,
    rule: Rule | None = Rule("orders"),  # noqa: B008 - an immutable value
    target: str = "crm",
    destination: str = "",
    connection_of_destination: str = "key",
    connection: str = "",
) -> Route:
    return Route(
        Target("t", target),
        ApiDestination("crm", connection_of_destination, "https://example.com/", arn=destination),
        Connection("key", ApiKeyAuth("X-Key", Secret("k")), arn=connection),
        rule,
    )


@pytest.mark.parametrize(
    ("given", "arn"),
    [
        pytest.param(route(rule=Rule("orders", arn=f"{OWN}:rule/x")), f"{OWN}:rule/x", id="its own"),
        pytest.param(route(rule=None), "", id="no rule"),
        pytest.param(
            route(destination=f"{OWN}:api-destination/crm/1", target=f"{OTHER}:api-destination/crm/1"),
            f"{OWN}:rule/orders",
            id="the destination's before the target's",
        ),
        pytest.param(
            route(target=f"{OWN}:api-destination/crm/1", connection=f"{OTHER}:connection/key/1"),
            f"{OWN}:rule/orders",
            id="the target's before the connection's",
        ),
        pytest.param(
            route(connection_of_destination=f"{OWN}:connection/key/..."),
            f"{OWN}:rule/orders",
            id="the one that the destination names",
        ),
        pytest.param(
            route(connection=f"{OWN}:connection/key/1"), f"{OWN}:rule/orders", id="the connection's"
        ),
        pytest.param(
            route(
                rule=Rule("orders", event_bus_name="shop"),
                target="arn:aws-cn:events:cn-north-1:1:api-destination/a/1",
            ),
            "arn:aws-cn:events:cn-north-1:1:rule/shop/orders",
            id="another partition and bus",
        ),
        pytest.param(
            route(target="arn:aws:events:::api-destination/crm/1", connection="arn:aws:sqs:eu-west-1:1:q"),
            "arn:aws:events:ap-south-1:999999999999:rule/orders",
            id="at last the event's",
        ),
    ],
)
def test_where_region_and_account_come_from(given: Route, arn: str) -> None:
    assert rule_arn(given, event()) == arn


@pytest.mark.parametrize(
    ("rule", "made_up"),
    [(Rule("orders"), True), (Rule("orders", arn=f"{OWN}:rule/orders"), False), (None, False)],
)
def test_a_made_up_one_is_marked_as_an_assumption(rule: Rule | None, made_up: bool) -> None:
    assert rule_arn_assumptions(route(rule=rule)) == ((RULE_ARN_MADE_UP,) if made_up else ())


@pytest.mark.parametrize(
    ("template", "marked"),
    [
        pytest.param('{"rule": <aws.events.rule-arn>}', True, id="the ARN"),
        pytest.param('{"rule": <aws.events.rule-name>}', False, id="the name alone"),
    ],
)
def test_a_payload_that_holds_it_is_marked_too(template: str, marked: bool) -> None:
    given = route(connection=f"{OWN}:connection/key/1")
    target = replace(given.target, input=TargetInput(input_transformer=InputTransformer(template)))
    payload = payload_of(event(), replace(given, target=target))
    assert (RULE_ARN_MADE_UP in payload.assumptions, f"{OWN}:rule/orders" in payload.body) == (marked, marked)
