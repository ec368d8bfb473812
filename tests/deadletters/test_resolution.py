"""From the ARNs of a dead letter to the present definitions, and on to a request."""

import json
from dataclasses import replace

import pytest

from inspector.config.dead_letters import DeadLetterError
from inspector.eventbridge.event import Event, EventDefaults, read_event
from inspector.eventbridge.resources import (
    ApiDestination,
    ApiKeyAuth,
    Connection,
    HttpParameters,
    InputTransformer,
    Route,
    Rule,
    Target,
    TargetInput,
    Workspace,
)
from inspector.jsontext import JsonValue
from inspector.secret import Secret
from inspector.workbench.deadletters import body_kind, explain, prepare_redrive, resolve
from tests.deadletters.letters import ARN, CRM, ENVELOPE, RULE, held
from tests.delivery.deliveries import START

CONNECTION = Connection("key", ApiKeyAuth("X-Key", Secret("canary")))
DESTINATION = ApiDestination("crm", "key", "https://crm.test/orders/*", arn=CRM)
PARTNER = "aws.partner/shop.test/eu/orders"


def target(identifier: str = "crm", arn: str = CRM, **parameters: str) -> Target:
    return Target(identifier, arn, http_parameters=HttpParameters(header_parameters=parameters))


def workspace(*rules: Rule, destination: ApiDestination = DESTINATION) -> Workspace:
    return Workspace((CONNECTION,), (destination,), rules)


def complete(document: JsonValue) -> Event:
    return read_event(document, EventDefaults("e-1", START))


ELSEWHERE = "arn:aws:events:eu-west-1:999999999999"


@pytest.mark.parametrize(
    ("given", "attributes", "routes"),
    [
        pytest.param(workspace(Rule("orders", targets=(target(),))), {}, ["orders/crm"], id="by name"),
        pytest.param(
            workspace(Rule("other", targets=(target(),), arn=RULE)), {}, ["other/crm"], id="by the rule's ARN"
        ),
        pytest.param(
            workspace(Rule("orders", targets=(target(),)), Rule("audit", targets=(target(),))),
            {},
            ["orders/crm"],
            id="of two rules with the same destination",
        ),
        pytest.param(
            workspace(Rule("orders", targets=(target(),))),
            {"RULE_ARN": f"{ELSEWHERE}:rule/orders", "TARGET_ARN": f"{ELSEWHERE}:api-destination/crm/0a"},
            ["orders/crm"],
            id="from a copy in another account",
        ),
        pytest.param(
            workspace(Rule("orders", targets=(target(),), event_bus_name="shop")),
            {"RULE_ARN": f"{ARN}:rule/shop/orders"},
            ["shop/orders/crm"],
            id="on a bus",
        ),
        pytest.param(
            workspace(Rule("orders", targets=(target(),), event_bus_name=PARTNER)),
            {"RULE_ARN": f"{ARN}:rule/{PARTNER}/orders"},
            [f"{PARTNER}/orders/crm"],
            id="on a partner's bus",
        ),
        pytest.param(
            workspace(Rule("orders", targets=(target(),), event_bus_name="shop")),
            {},
            ["crm"],
            id="a rule of that name on another bus is another",
        ),
        pytest.param(
            workspace(Rule("orders", targets=(target("a"), target("b")))),
            {},
            ["orders/a", "orders/b"],
            id="two targets of one rule",
        ),
        pytest.param(workspace(), {}, ["crm"], id="the rule is not loaded"),
        pytest.param(
            workspace(), {"TARGET_ARN": f"{ARN}:api-destination/erp/1"}, [], id="another destination"
        ),
        pytest.param(
            workspace(), {"TARGET_ARN": "arn:aws:lambda:us-east-1:1:function:f"}, [], id="a function"
        ),
        pytest.param(Workspace(), {}, [], id="nothing is loaded"),
    ],
)
def test_where_a_dead_letter_goes(given: Workspace, attributes: dict[str, str], routes: list[str]) -> None:
    resolution = resolve(held(**attributes), given)
    assert [route.name for route in resolution.routes] == routes
    assert bool(resolution.note) == (len(routes) != 1 or routes == ["crm"])


def test_a_letter_of_the_history_goes_the_way_it_came() -> None:
    given = workspace(Rule("orders", targets=(target("a"), target("b"))))
    resolution = resolve(replace(held(), route="orders/b"), given)
    assert [route.name for route in resolution.routes] == ["orders/b"]


def test_an_explanation() -> None:
    told = explain(held(), workspace(Rule("orders", targets=(target(),))))
    assert (told.rule, told.rule_known, told.target, told.target_known) == ("orders", True, "crm", True)
    assert (told.code.code, told.body) == ("ERROR_FROM_TARGET", "payload")
    assert "used up, after 185 retries" in told.end
    told = explain(held(), Workspace())
    assert (told.rule, told.rule_known, told.target, told.target_known) == ("orders", False, "crm", False)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps(ENVELOPE), "event"),
        ('{"detail-type": "Order", "source": "shop"}', "payload"),
        ('"text"', "payload"),
        ("[1]", "payload"),
        ("7", "payload"),
        ('{"order": }', "not-json"),
        ("", "not-json"),
    ],
)
def test_what_a_body_is(body: str, kind: str) -> None:
    """The body is the transformed input; without an input option that is the event (section 3)."""
    assert body_kind(body) == kind


def route(*, path: tuple[str, ...] = (), headers: dict[str, str] | None = None) -> Route:
    parameters = HttpParameters(path, headers or {}, {})
    return Route(Target("crm", CRM, http_parameters=parameters), DESTINATION, CONNECTION, Rule("orders"))


@pytest.mark.parametrize(
    ("values", "unresolved"),
    [
        (("fixed",), ()),
        (("$.detail.id",), ("path parameter 1 ($.detail.id)",)),
        (("$.id",), ("path parameter 1 ($.id)",)),
        (("$",), ("path parameter 1 ($)",)),
        (("$.account", "$.region"), ()),
        (("$ 5",), ()),
    ],
)
def test_parameters_that_read_an_event_nobody_knows(
    values: tuple[str, ...], unresolved: tuple[str, ...]
) -> None:
    """Account and region stand in the ARNs; the rest of the event is gone."""
    ready = prepare_redrive(held(), route(path=values), complete)
    assert ready.unresolved == unresolved
    assert (ready.event.document["account"], ready.event.document["region"]) == ("123456789012", "us-east-1")


def test_headers_and_query_are_looked_at_too() -> None:
    ready = prepare_redrive(held(), route(headers={"X-Id": "$.detail.id", "X-Fixed": "1"}), complete)
    assert ready.unresolved == ("header X-Id ($.detail.id)",)


@pytest.mark.parametrize("how", ["the body", "the history", "the person"])
def test_the_event_may_be_known(how: str) -> None:
    letter = held(json.dumps(ENVELOPE)) if how == "the body" else held()
    if how == "the history":
        letter = replace(letter, event=ENVELOPE)
    original = complete(ENVELOPE) if how == "the person" else None
    ready = prepare_redrive(letter, route(path=("$.detail.id",)), complete, original=original)
    assert ready.unresolved == ()
    assert ready.event.event_id == ENVELOPE["id"]
    assert ready.payload.body == letter.letter.body


def test_the_payload_is_the_body_and_is_not_transformed_again() -> None:
    transformer = TargetInput(input_transformer=InputTransformer('{"again": "<aws.events.event>"}'))
    again = replace(route(), target=replace(route().target, input=transformer))
    ready = prepare_redrive(held(), again, complete)
    assert (ready.payload.verdict, ready.payload.body) == ("deliver", '{"order":1}')
    assert ready.payload.mode == "InputTransformer"
    assert prepare_redrive(held(), again, complete, body="[2]").payload.body == "[2]"


def test_what_is_no_json_is_never_sent() -> None:
    letter = held('{"order": }')
    with pytest.raises(DeadLetterError, match=r"is no JSON .*line 1, column 11.*never sends") as refused:
        prepare_redrive(letter, route(), complete)
    assert "--edit" in refused.value.hint
    assert prepare_redrive(letter, route(), complete, body="{}").payload.body == "{}"
