"""The workspace that comes with the inspector loads as it is, on any machine."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from inspector.config import load
from inspector.eventbridge.event import EventDefaults, read_event
from inspector.eventbridge.patterns import parse_pattern
from inspector.eventbridge.resources import ApiKeyAuth, BasicAuth, OAuthClientCredentials, Workspace
from inspector.secret import Secret

SAMPLES = Path(__file__).parents[2] / "sample_configs"


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return load([SAMPLES], environ={})


def test_nothing_is_wrong_with_it(workspace: Workspace) -> None:
    assert [str(fault) for fault in workspace.faults if fault.severity == "error"] == []
    assert len(workspace.faults) == 2, "the tutorial's ARN with `...`, and the target that is a queue"


def test_every_target_of_a_destination_has_its_route(workspace: Workspace) -> None:
    aimed = {
        f"{'' if rule.event_bus_name == 'default' else 'partners/'}{rule.name}/{target.target_id}"
        for rule in workspace.rules
        for target in rule.targets
        if ":api-destination/" in target.arn
    }
    routes = {route.name for route in workspace.routes()}
    assert routes == aimed | {"MyWebhookDestination"}
    assert {route.destination.name for route in workspace.routes()} == {
        d.name for d in workspace.destinations
    }


def test_its_credentials_are_those_that_the_bundled_endpoint_accepts(workspace: Workspace) -> None:
    auth = {connection.name: connection.auth for connection in workspace.connections}
    assert auth["warehouse"] == BasicAuth("inspector", Secret("correct-horse-battery"))
    assert auth["MyBasicAuthConnection"] == BasicAuth("myuser", Secret("mypassword"))
    assert auth["crm"] == ApiKeyAuth("X-Api-Key", Secret("demo-api-key-7f3a9c"))
    loyalty = auth["loyalty"]
    assert isinstance(loyalty, OAuthClientCredentials)
    assert (loyalty.client_id, loyalty.client_secret) == (
        "inspector-client",
        Secret("demo-client-secret-51c2"),
    )
    assert loyalty.authorization_endpoint == "http://localhost:9870/oauth/token"


def test_it_goes_nowhere_but_to_the_bundled_endpoint_and_the_tutorial(workspace: Workspace) -> None:
    elsewhere = {
        destination.name
        for destination in workspace.destinations
        if not destination.invocation_endpoint.startswith("http://localhost:9870/")
    }
    assert elsewhere == {"MyWebhookDestination"}


def test_it_shows_what_there_is_to_show(workspace: Workspace) -> None:
    """One of each: input options, a disabled rule, another bus, a schedule, dead letters, wildcards."""
    targets = [target for rule in workspace.rules for target in rule.targets]
    assert any(target.input.input for target in targets)
    assert any(target.input.input_path for target in targets)
    assert any(target.input.input_transformer for target in targets)
    assert any(target.dead_letter_arn for target in targets)
    assert any(value.startswith("$.") for t in targets for value in t.http_parameters.path_parameter_values)
    assert {rule.state for rule in workspace.rules} == {"ENABLED", "DISABLED"}
    assert {rule.event_bus_name for rule in workspace.rules} == {"default", "partners"}
    assert any(rule.schedule_expression for rule in workspace.rules)
    assert len(workspace.samples) >= 8


MATCHES = {
    "customer-signed-up": {"customer-signed-up"},
    "new-user": set(),
    "order-placed": {"order-placed", "legacy-export"},
    "order-placed-small": {"legacy-export"},
    "put-events: Order Cancelled": {"order-cancelled", "legacy-export"},
    "put-events: Shipment Delayed": {"partner-shipments"},
    "refund-issued": set(),
    "stock-levels: Stock Level Changed (1)": {"stock-low"},
    "stock-levels: Stock Level Changed (2)": set(),
    "stock-levels: Stock Level Changed (3)": set(),
}


def test_its_events_match_as_its_readme_says(workspace: Workspace) -> None:
    """By pattern alone: `legacy-export` is disabled, and `refund-over-100` misses what it was written for."""
    defaults = EventDefaults("e", datetime(2026, 1, 1, tzinfo=UTC))
    matched = {
        sample.name: {
            rule.name
            for rule in workspace.rules
            if rule.event_pattern
            and parse_pattern(rule.event_pattern).matches(read_event(sample.document, defaults).document)
        }
        for sample in workspace.samples
    }
    assert matched == MATCHES
