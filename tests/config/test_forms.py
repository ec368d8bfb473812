"""Every form in which users have their definitions is understood (issue 2; resources, section 2)."""

import json
from pathlib import Path

import pytest

from inspector.config import ConfigError, load
from inspector.eventbridge.resources import (
    ApiKeyAuth,
    BasicAuth,
    HttpParameter,
    OAuthClientCredentials,
    RetryPolicy,
    Workspace,
)
from inspector.secret import Secret
from tests.config.conftest import Load
from tests.config.definitions import (
    API_KEY,
    BASIC,
    CONNECTION_ARN,
    DESTINATION,
    DESTINATION_ARN,
    EVENT,
    OAUTH,
    RULE,
    TARGET,
    changed,
)

SIMPLIFIED = """{
  "Name": "MyWebhookDestination",
  "Description": "Sends new user events to our CRM webhook",
  "ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/MyBasicAuthConnection/...",
  "InvocationEndpoint": "https://api.example.com/v1/webhooks/new-user",
  "HttpMethod": "POST",
  "RetryPolicy": {
    "MaximumRetryAttempts": 3,
    "MaximumEventAgeInSeconds": 60
  },
  "HttpParameters": {
    "HeaderParameters": {
      "Content-Type": "application/json"
    }
  }
}"""
SHORT_BASIC = {
    "Name": "MyBasicAuthConnection",
    "AuthorizationType": "BASIC",
    "AuthParameters": {"Basic": {"Username": "myuser", "Password": "mypassword"}},
}
SHORT_API_KEY = {
    "Name": "MyApiKeyConnection",
    "AuthorizationType": "API_KEY",
    "AuthParameters": {"ApiKey": {"ApiKeyName": "X-Custom-Auth", "ApiKeySecret": "my-secret-key-value"}},
}
PUT_TARGETS = {"Rule": "orders", "EventBusName": "default", "Targets": [TARGET]}
PUT_RULE = {"Name": "orders", "EventPattern": '{"source": ["shop"]}'}
EVERYTHING = [BASIC, DESTINATION, PUT_RULE, PUT_TARGETS, EVENT]


def errors(workspace: Workspace) -> list[str]:
    return [str(fault) for fault in workspace.faults if fault.severity == "error"]


def warnings(workspace: Workspace) -> list[str]:
    return [str(fault) for fault in workspace.faults if fault.severity == "warning"]


def shape(workspace: Workspace) -> tuple[list[str], list[str], list[str], list[str]]:
    return (
        [connection.name for connection in workspace.connections],
        [destination.name for destination in workspace.destinations],
        [f"{rule.name}/{target.target_id}" for rule in workspace.rules for target in rule.targets],
        [sample.name for sample in workspace.samples],
    )


def test_the_simplified_destination_of_tutorials_loads_as_it_stands(load_files: Load) -> None:
    workspace = load_files({"my-webhook.json": SIMPLIFIED, "connection.json": SHORT_BASIC})
    (destination,) = workspace.destinations
    assert destination.retry_policy == RetryPolicy(3, 60)
    assert destination.http_parameters is not None
    assert destination.http_parameters.header_parameters == {"Content-Type": "application/json"}
    assert [route.connection.name for route in workspace.routes()] == ["MyBasicAuthConnection"]
    assert not errors(workspace)
    assert [fault.origin.path for fault in workspace.faults] == ["$.ConnectionArn"]


def test_the_method_of_a_destination_is_post_when_absent(load_files: Load) -> None:
    without = {name: member for name, member in DESTINATION.items() if name != "HttpMethod"}
    assert load_files({"all.json": [BASIC, without]}).destinations[0].http_method == "POST"


@pytest.mark.parametrize("method", ["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
def test_all_seven_methods_are_accepted(load_files: Load, method: str) -> None:
    workspace = load_files({"all.json": [BASIC, {**DESTINATION, "HttpMethod": method}]})
    assert (workspace.destinations[0].http_method, workspace.faults) == (method, ())


@pytest.mark.parametrize(
    ("definition", "auth"),
    [
        pytest.param(BASIC, BasicAuth("user", Secret("s3cret-Pass")), id="BASIC"),
        pytest.param(API_KEY, ApiKeyAuth("X-Key", Secret("s3cret-Key")), id="API_KEY"),
        pytest.param(SHORT_BASIC, BasicAuth("myuser", Secret("mypassword")), id="Basic, in short"),
        pytest.param(
            SHORT_API_KEY, ApiKeyAuth("X-Custom-Auth", Secret("my-secret-key-value")), id="ApiKey, in short"
        ),
        pytest.param(
            changed(BASIC, "AuthorizationType", None),
            BasicAuth("user", Secret("s3cret-Pass")),
            id="the type told by its parameters",
        ),
    ],
)
def test_connections(load_files: Load, definition: object, auth: object) -> None:
    workspace = load_files({"connection.json": definition})
    assert [connection.auth for connection in workspace.connections] == [auth]
    assert not errors(workspace)


def test_an_oauth_connection_with_all_its_parameters(load_files: Load) -> None:
    workspace = load_files({"connection.json": OAUTH})
    (connection,) = workspace.connections
    assert isinstance(connection.auth, OAuthClientCredentials)
    assert connection.auth.client_secret == Secret("s3cret-Client")
    assert connection.auth.authorization_endpoint == "https://auth.example.com/token"
    assert connection.auth.http_parameters.body == (HttpParameter("grant_type", "client_credentials"),)
    assert connection.invocation_http_parameters.header == (HttpParameter("X-Env", "prod"),)
    assert connection.invocation_http_parameters.query_string == (HttpParameter("v", "2"),)
    assert connection.invocation_http_parameters.body == (
        HttpParameter("token", Secret("s3cret-Body"), is_value_secret=True),
    )
    assert not workspace.faults


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({f"{n}.json": d for n, d in enumerate(EVERYTHING)}, id="one object a file"),
        pytest.param({"all.json": EVERYTHING}, id="an array of everything"),
        pytest.param({"all.jsonl": "\n".join(map(json.dumps, EVERYTHING))}, id="JSONL"),
        pytest.param({"all.ndjson": "\n\n".join(map(json.dumps, EVERYTHING)) + "\n"}, id="NDJSON"),
        pytest.param({"all.yaml": "\n---\n".join(map(json.dumps, EVERYTHING))}, id="YAML documents"),
        pytest.param({"all.yml": json.dumps(EVERYTHING, indent=1)}, id="a YAML sequence"),
        pytest.param({"all.json": b"\xef\xbb\xbf" + json.dumps(EVERYTHING).encode()}, id="a byte order mark"),
        pytest.param(
            {
                "all.json": {
                    "Connections": [BASIC],
                    "ApiDestinations": [DESTINATION],
                    "Rules": [PUT_RULE],
                    "Targets": [PUT_TARGETS],
                    "Events": [EVENT],
                }
            },
            id="a group",
        ),
        pytest.param(
            {
                "all.json": {
                    "Connections": BASIC,
                    "ApiDestinations": DESTINATION,
                    "Rules": [PUT_RULE],
                    "Targets": {"orders": [TARGET]},
                    "Entries": [EVENT],
                }
            },
            id="a group with rule names over their targets",
        ),
        pytest.param(
            {
                "all.json": {
                    "Connections": [BASIC],
                    "ApiDestinations": [DESTINATION],
                    "Rules": [PUT_RULE],
                    "Targets": [TARGET],
                    "Events": [EVENT],
                }
            },
            id="a group with the targets of its only rule",
        ),
        pytest.param({"all.json": [BASIC, DESTINATION, RULE, EVENT]}, id="targets inside of their rule"),
        pytest.param(
            {"all.json": [BASIC, DESTINATION, PUT_RULE, {**TARGET, "Rule": "orders"}, EVENT]},
            id="a target that names its rule",
        ),
        pytest.param(
            {"rules.json": [PUT_RULE, BASIC, DESTINATION, EVENT], "targets.json": [TARGET]},
            id="an array of targets beside the folder's only rule",
        ),
        pytest.param(
            {
                "rules/two.json": [PUT_RULE, {**PUT_RULE, "Name": "orders-eu"}],
                "targets/list-targets-by-rule_orders.json": {"Targets": [TARGET]},
                "rest.json": [BASIC, DESTINATION, EVENT],
            },
            id="ListTargetsByRule, the rule in the file's name",
        ),
        pytest.param(
            {
                "rules/two.json": [PUT_RULE, {**PUT_RULE, "Name": "eu"}],
                "targets/eu_orders-targets.json": {"Targets": [TARGET]},
                "rest.json": [BASIC, DESTINATION, EVENT],
            },
            id="two rules in the file's name: the longer one",
        ),
        pytest.param(
            {
                "a/b/c/deep.json": EVERYTHING,
                ".hidden.json": "{",
                ".git/config.json": "{",
                "node_modules/x/package.json": "{}",
                "README.md": "{",
            },
            id="a folder with other things in it",
        ),
    ],
)
def test_placements_give_the_same_workspace(load_files: Load, files: dict[str, object]) -> None:
    workspace = load_files(files)
    connections, destinations, targets, samples = shape(workspace)
    assert (connections, destinations, targets, len(samples)) == (["shop"], ["hook"], ["orders/t1"], 1)
    assert [route.name for route in workspace.routes()] == ["orders/t1"]
    assert not workspace.faults


DESCRIBED = {"CreationTime": 1754000000.123, "LastModifiedTime": 1754000000.123}
DESCRIBE_CONNECTION = {
    "ConnectionArn": CONNECTION_ARN,
    "Name": "shop",
    "ConnectionState": "AUTHORIZED",
    "AuthorizationType": "BASIC",
    "SecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:events!connection/shop/0f1e-AbCdEf",
    "AuthParameters": {"BasicAuthParameters": {"Username": "user"}},
    **DESCRIBED,
}
DESCRIBE_DESTINATION = {
    **DESTINATION,
    "ApiDestinationArn": DESTINATION_ARN,
    "ApiDestinationState": "ACTIVE",
    **DESCRIBED,
}
DESCRIBE_RULE = {
    **PUT_RULE,
    "Arn": "arn:aws:events:us-east-1:123456789012:rule/orders",
    "State": "DISABLED",
    "EventBusName": "default",
    "CreatedBy": "123456789012",
}


@pytest.mark.parametrize(
    ("answer", "username"),
    [
        pytest.param(DESCRIBE_CONNECTION, "user", id="DescribeConnection"),
        pytest.param(
            {"Connections": [{k: v for k, v in DESCRIBE_CONNECTION.items() if k != "AuthParameters"}]},
            "",
            id="ListConnections",
        ),
    ],
)
def test_answers_of_aws_load_without_their_secret_and_say_how_to_supply_it(
    load_files: Load, answer: object, username: str
) -> None:
    workspace = load_files({"connection.json": answer})
    (connection,) = workspace.connections
    assert (connection.auth, connection.arn) == (BasicAuth(username, None), CONNECTION_ARN)
    (fault,) = workspace.faults
    assert fault.severity == "warning"
    assert '"Password": "${env:NAME}"' in fault.expected


def test_an_answer_and_a_definition_complete_each_other(load_files: Load) -> None:
    for files in (
        {"a.json": BASIC, "b.json": DESCRIBE_CONNECTION},
        {"a.json": DESCRIBE_CONNECTION, "b.json": BASIC},
    ):
        workspace = load_files(files)
        (connection,) = workspace.connections
        assert (connection.auth, connection.arn) == (BasicAuth("user", Secret("s3cret-Pass")), CONNECTION_ARN)
        assert not workspace.faults


def test_the_answers_of_create_calls_give_their_arns(load_files: Load) -> None:
    workspace = load_files(
        {
            "all.json": [BASIC, DESTINATION],
            "create-connection.out.json": {
                "ConnectionArn": CONNECTION_ARN,
                "ConnectionState": "AUTHORIZED",
                **DESCRIBED,
            },
            "create-destination.out.json": {
                "ApiDestinationArn": DESTINATION_ARN,
                "ApiDestinationState": "ACTIVE",
                **DESCRIBED,
            },
        }
    )
    assert (workspace.connections[0].arn, workspace.destinations[0].arn) == (CONNECTION_ARN, DESTINATION_ARN)
    assert not workspace.faults


def test_describe_answers_of_destination_and_rule(load_files: Load) -> None:
    workspace = load_files(
        {
            "a.json": BASIC,
            "b.json": {"ApiDestinations": [DESCRIBE_DESTINATION], "NextToken": "x"},
            "rule.json": DESCRIBE_RULE,
            "rule-targets.json": {"Targets": [TARGET]},
        }
    )
    (rule,) = workspace.rules
    assert (rule.arn, rule.state) == ("arn:aws:events:us-east-1:123456789012:rule/orders", "DISABLED")
    assert workspace.destinations[0].arn == DESTINATION_ARN
    assert [target.target_id for target in rule.targets] == ["t1"]
    assert not workspace.faults


@pytest.mark.parametrize(
    ("written", "text"),
    [
        pytest.param('{"source": ["shop"]}', '{"source": ["shop"]}', id="a string stays as written"),
        pytest.param({"detail": {"n": [1.0]}}, '{"detail":{"n":[1.0]}}', id="an object keeps its numbers"),
    ],
)
def test_a_pattern_is_a_string_or_an_object(load_files: Load, written: object, text: str) -> None:
    assert load_files({"rule.json": {"Name": "r", "EventPattern": written}}).rules[0].event_pattern == text


@pytest.mark.parametrize(
    ("bus", "name"),
    [
        (None, "default"),
        ("orders", "orders"),
        ("arn:aws:events:us-east-1:123456789012:event-bus/orders", "orders"),
        ("arn:aws:events:us-east-1:123456789012:event-bus/aws.partner/x.com/y", "aws.partner/x.com/y"),
    ],
)
def test_the_event_bus_is_a_name_or_an_arn(load_files: Load, bus: str | None, name: str) -> None:
    workspace = load_files({"rule.json": {**PUT_RULE, "EventBusName": bus}})
    assert (workspace.rules[0].event_bus_name, workspace.faults) == (name, ())


@pytest.mark.parametrize(
    ("more", "arn"),
    [
        pytest.param({}, "", id="a bus by its name"),
        pytest.param(
            {"EventBusName": "arn:aws:events:eu-west-1:111122223333:event-bus/shop"},
            "arn:aws:events:eu-west-1:111122223333:rule/shop/orders",
            id="a bus by its ARN: its rules are of its region and account",
        ),
        pytest.param(
            {"EventBusName": "arn:aws:events:eu-west-1:111122223333:event-bus/default"},
            "arn:aws:events:eu-west-1:111122223333:rule/orders",
            id="the default bus by its ARN",
        ),
        pytest.param(
            {"EventBusName": "arn:aws:events:eu-west-1:111122223333:event-bus/shop", "Arn": "arn:own"},
            "arn:own",
            id="its own before that",
        ),
    ],
)
def test_the_arn_of_a_rule(load_files: Load, more: dict[str, str], arn: str) -> None:
    put = {name: value for name, value in PUT_RULE.items() if name != "EventBusName"}
    assert load_files({"rule.json": {**put, "Name": "orders", **more}}).rules[0].arn == arn


def test_rules_of_one_name_on_two_buses_are_two(load_files: Load) -> None:
    workspace = load_files(
        {
            "all.json": [
                BASIC,
                DESTINATION,
                PUT_RULE,
                {**PUT_RULE, "EventBusName": "other"},
                {"Rule": "orders", "EventBusName": "other", "Targets": [TARGET]},
            ]
        }
    )
    assert [(r.event_bus_name, len(r.targets)) for r in workspace.rules] == [("default", 0), ("other", 1)]
    assert not workspace.faults


ENTRY = {"Source": "shop", "DetailType": "Order Placed", "Detail": '{"n": 1}'}


@pytest.mark.parametrize(
    ("files", "names"),
    [
        pytest.param({"order.json": EVENT}, ["order"], id="an envelope"),
        pytest.param({"order.json": ENTRY}, ["order"], id="an entry of PutEvents"),
        pytest.param({"order.json": {"detail": {"n": 1}}}, ["order"], id="a detail alone"),
        pytest.param(
            {"put.json": {"Entries": [ENTRY, {**ENTRY, "DetailType": "Other"}]}},
            ["put: Order Placed", "put: Other"],
            id="a request of PutEvents",
        ),
        pytest.param(
            {"many.jsonl": f"{json.dumps(EVENT)}\n{json.dumps(ENTRY)}\n"},
            ["many: Order Placed (1)", "many: Order Placed (2)"],
            id="JSONL of both kinds",
        ),
        pytest.param(
            {"many.jsonl": '{"source": "a\u2028b\u0085c"}\r\n'},
            ["many"],
            id="line ends that JSON is not parted by",
        ),
        pytest.param({"a/x.json": EVENT, "b/x.json": EVENT}, ["x (1)", "x (2)"], id="two files of one name"),
        pytest.param(
            {"x.yaml": "source: shop\ntime: 2026-01-02T03:04:05Z\ndetail: {when: 2026-01-02}\n"},
            ["x"],
            id="YAML, whose dates stay strings",
        ),
    ],
)
def test_events(load_files: Load, files: dict[str, object], names: list[str]) -> None:
    workspace = load_files(files)
    assert ([sample.name for sample in workspace.samples], workspace.faults) == (names, ())


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("2026-01-02", '"2026-01-02"'),
        ("012", '"012"'),
        ("1_000", '"1_000"'),
        ("yes", '"yes"'),
        ("on", '"on"'),
        (".inf", '".inf"'),
        ("0x1F", "31"),
        ("1.0", "1.0"),
        ("3e2", "3e2"),
        (".5", "0.5"),
        ("true", "true"),
        ("~", "null"),
        ('"1"', '"1"'),
        ("!!str 5", '"5"'),
        ("1.10.1", '"1.10.1"'),
        ("12:30:45", '"12:30:45"'),
    ],
)
def test_yaml_scalars_become_what_json_has(load_files: Load, scalar: str, value: str) -> None:
    from inspector.jsontext import dumps

    workspace = load_files({"x.yaml": f"source: s\ndetail:\n  v: {scalar}\n"})
    assert dumps(workspace.samples[0].document["detail"]) == f'{{"v":{value}}}'
    assert not workspace.faults


def test_yaml_anchors_and_merge_keys(load_files: Load) -> None:
    text = "source: s\ndetail:\n  a: &x {k: 1, l: 2}\n  b: *x\n  c:\n    <<: *x\n    k: 3\n"
    workspace = load_files({"x.yaml": text})
    expected = {"a": {"k": 1, "l": 2}, "b": {"k": 1, "l": 2}, "c": {"k": 3, "l": 2}}
    assert workspace.samples[0].document["detail"] == expected


def test_a_path_that_does_not_exist_is_an_error_to_its_user(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.json does not exist"):
        load([tmp_path / "nowhere.json"], environ={})


def test_files_are_named_as_their_user_names_them_and_loaded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "a.json").write_text(json.dumps(BASIC))
    monkeypatch.chdir(tmp_path)
    workspace = load([Path("conf/a.json"), Path("conf"), tmp_path / "conf"], environ={})
    assert (workspace.files, workspace.faults) == (("conf/a.json",), ())
    assert str(workspace.connections[0].origin) == "conf/a.json: $"
