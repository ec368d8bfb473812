"""`${env:NAME}` and `${file:PATH}` where a secret stands; links from one definition to another (issue 2)."""

import re
from pathlib import Path

import pytest

from inspector.config.references import resolve
from inspector.eventbridge.resources import ApiKeyAuth, BasicAuth, OAuthClientCredentials
from inspector.secret import Secret
from tests.config.conftest import Load
from tests.config.definitions import (
    API_KEY,
    BASIC,
    CONNECTION_ARN,
    DESTINATION,
    DESTINATION_ARN,
    OAUTH,
    RULE,
    TARGET,
    Json,
    changed,
)

ENVIRON = {"PW": "from-env", "EMPTY": "", "COLON": "canary:value", "USER": "jo", "NESTED": "${env:PW}"}
_BASIC = "AuthParameters.BasicAuthParameters"
_KEY = "AuthParameters.ApiKeyAuthParameters"
_OAUTH = "AuthParameters.OAuthParameters"
_SENT = "AuthParameters.InvocationHttpParameters"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain", "plain"),
        ("${env:PW}", "from-env"),
        ("a-${env:PW}-b-${env:USER}", "a-from-env-b-jo"),
        ("${file:secret.txt}", "from-file"),
        ("${file:crlf.txt}", "from-file"),
        ("${file:two.txt}", "one\ntwo\n"),
        ("${file:deep/er.txt}", "deep"),
        ("Bearer ${file:secret.txt}", "Bearer from-file"),
        ("$${env:PW}", "${env:PW}"),
        ("$$${env:PW}", "$${env:PW}"),
        ("$PW and $ and }", "$PW and $ and }"),
        ("${other:PW}", "${other:PW}"),
        ("${env:PW", "${env:PW"),
        ("${env:NESTED}", "${env:PW}"),
    ],
)
def test_references(tmp_path: Path, text: str, result: str) -> None:
    (tmp_path / "secret.txt").write_text("from-file\n")
    (tmp_path / "crlf.txt").write_bytes(b"\xef\xbb\xbffrom-file\r\n")
    (tmp_path / "two.txt").write_text("one\ntwo\n\n")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "er.txt").write_text("deep")
    resolved = resolve(text, environ=ENVIRON, folder=tmp_path)
    assert (resolved.text, resolved.problems) == (result, ())
    assert resolved.stray == text.startswith(("${other", "${env:PW-")) or text == "${env:PW"
    assert result not in repr(resolved)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("${env:MISSING}", "the environment variable MISSING is not set"),
        ("x${env:EMPTY}", "the environment variable EMPTY is empty"),
        ("${env:}", "${env:} names no variable"),
        ("${file:}", "${file:} names no file"),
        ("${file:missing.txt}", "the file missing.txt does not exist beside the definition"),
        ("${file:.}", ". is no regular file"),
        ("${file:empty.txt}", "the file empty.txt is empty"),
        ("${file:binary}", "the file binary cannot be read: it is no UTF-8 text"),
        ("${file:big}", "the file big is too large for a secret"),
    ],
)
def test_references_that_give_nothing(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "empty.txt").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "big").write_text("x" * 70_000)
    assert resolve(text, environ=ENVIRON, folder=tmp_path).problems == (problem,)


def test_secrets_by_reference_wherever_a_secret_stands(load_files: Load) -> None:
    oauth = changed(OAUTH, f"{_OAUTH}.ClientParameters.ClientSecret", "${file:../secrets/oauth}")
    oauth = changed(oauth, f"{_OAUTH}.ClientParameters.ClientID", "${env:USER}")
    oauth = changed(oauth, f"{_OAUTH}.AuthorizationEndpoint", "https://${env:USER}.example.com/t")
    oauth = changed(oauth, f"{_SENT}.BodyParameters.0.Value", "t-${env:PW}")
    oauth = changed(oauth, f"{_SENT}.HeaderParameters.0.Value", "${env:PW}")
    oauth = changed(oauth, f"{_SENT}.QueryStringParameters.0", {"Key": "u", "Value": "${env:USER}"})
    oauth = changed(oauth, f"{_SENT}.QueryStringParameters.0.IsValueSecret", False)
    workspace = load_files(
        {
            "conf/a.json": {**changed(BASIC, f"{_BASIC}.Password", "${env:PW}"), "Name": "a"},
            "conf/b.json": {**changed(API_KEY, f"{_KEY}.ApiKeyValue", "Bearer ${env:PW}"), "Name": "b"},
            "conf/c.json": {**oauth, "Name": "c"},
            "secrets/oauth": "from-file\n",
        },
        ENVIRON,
    )
    assert not workspace.faults
    a, b, c = workspace.connections
    assert a.auth == BasicAuth("user", Secret("from-env"))
    assert b.auth == ApiKeyAuth("X-Key", Secret("Bearer from-env"))
    assert isinstance(c.auth, OAuthClientCredentials)
    assert (c.auth.client_id, c.auth.client_secret) == ("jo", Secret("from-file"))
    assert c.auth.authorization_endpoint == "https://jo.example.com/t"
    sent = c.invocation_http_parameters
    assert sent.body[0].value == Secret("t-from-env")
    assert sent.header[0].value == Secret("from-env"), "a value by reference counts as a secret"
    assert sent.query_string[0].value == "jo", "unless it is marked as none"


def test_an_endpoint_by_reference(load_files: Load) -> None:
    hook = {**DESTINATION, "InvocationEndpoint": "https://${env:USER}.example.com/*"}
    workspace = load_files({"all.json": [BASIC, hook]}, ENVIRON)
    assert workspace.destinations[0].invocation_endpoint == "https://jo.example.com/*"


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        (BASIC, f"{_BASIC}.Password"),
        (API_KEY, f"{_KEY}.ApiKeyValue"),
        (OAUTH, f"{_OAUTH}.ClientParameters.ClientSecret"),
    ],
)
def test_a_connection_whose_secret_cannot_be_had_is_still_there_to_look_at(
    load_files: Load, definition: Json, path: str
) -> None:
    workspace = load_files({"c.json": changed(definition, path, "${env:MISSING}")}, ENVIRON)
    assert [f"{fault.severity} {fault}" for fault in workspace.faults] == [
        f"warning c.json: $.{path}: the environment variable MISSING is not set; "
        "expected the value that the reference stands for, needed before anything is sent"
    ]
    (connection,) = workspace.connections
    assert "None" in repr(connection.auth)


def test_a_parameter_whose_secret_cannot_be_had_keeps_its_connection_out(load_files: Load) -> None:
    """Requests without the parameter would not be the ones that EventBridge sends."""
    spoiled = changed(OAUTH, f"{_SENT}.BodyParameters.0.Value", "${file:missing}")
    workspace = load_files({"c.json": spoiled})
    assert [(fault.severity, fault.origin.path) for fault in workspace.faults] == [
        ("error", f"$.{_SENT}.BodyParameters[0].Value")
    ]
    assert not workspace.connections


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        (BASIC, f"{_BASIC}.Password"),
        (BASIC, f"{_BASIC}.Username"),
        (OAUTH, f"{_OAUTH}.AuthorizationEndpoint"),
    ],
)
def test_no_message_shows_what_a_reference_gave(load_files: Load, definition: Json, path: str) -> None:
    workspace = load_files(
        {"c.json": changed(definition, path, "${env:COLON}")}, {"COLON": "canary:value canary"}
    )
    assert workspace.faults
    assert "canary" not in " ".join(map(str, workspace.faults))


def test_a_dollar_brace_that_begins_no_reference_is_pointed_out(load_files: Load) -> None:
    workspace = load_files({"c.json": changed(BASIC, f"{_BASIC}.Password", "pa${canary}")})
    (fault,) = workspace.faults
    assert (fault.severity, fault.origin.path) == ("warning", f"$.{_BASIC}.Password")
    assert "canary" not in str(fault)
    assert workspace.connections[0].auth == BasicAuth("user", Secret("pa${canary}"))


LINKS = [
    pytest.param(
        [BASIC, {**DESTINATION, "ConnectionArn": CONNECTION_ARN.replace("shop", "shpo")}],
        ['$[1].ConnectionArn: connection "shpo" is not defined; expected one that is defined: shop'],
        id="a connection that is not defined",
    ),
    pytest.param(
        [DESTINATION],
        ['$[0].ConnectionArn: connection "shop" is not defined; expected the name of one; none is defined'],
        id="no connection at all",
    ),
    pytest.param(
        [changed(BASIC, "AuthorizationType", "NONE"), DESTINATION],
        [
            '$[0].AuthorizationType: "NONE"; expected one of BASIC, OAUTH_CLIENT_CREDENTIALS, API_KEY',
            '$[1].ConnectionArn: the connection "shop" did not load; see its own faults',
        ],
        id="a connection that did not load",
    ),
    pytest.param(
        [BASIC, DESTINATION, changed(RULE, "Targets.0.Arn", DESTINATION_ARN.replace("hook", "hooks"))],
        ['$[2].Targets[0].Arn: API destination "hooks" is not defined; expected one that is defined: hook'],
        id="a destination that is not defined",
    ),
    pytest.param(
        [BASIC, {**DESTINATION, "HttpMethod": "TRACE"}, RULE],
        [
            '$[1].HttpMethod: "TRACE"; expected one of POST, GET, HEAD, OPTIONS, PUT, PATCH, DELETE',
            '$[2].Targets[0].Arn: the API destination "hook" did not load; see its own faults',
        ],
        id="a destination that did not load",
    ),
    pytest.param(
        [BASIC, DESTINATION, RULE, {"Rule": "order", "Targets": [TARGET]}],
        [
            '$[3].Targets[0]: targets of the rule "order", which is not defined; '
            "expected one that is defined: orders"
        ],
        id="targets of a rule that is not defined",
    ),
    pytest.param(
        [BASIC, DESTINATION, {**RULE, "EventBusName": "b"}, {"Rule": "orders", "Targets": [TARGET]}],
        [
            '$[3].Targets[0]: targets of the rule "orders", which is not defined; '
            'expected "EventBusName": "b", where a rule of this name is'
        ],
        id="targets of a rule on another bus",
    ),
    pytest.param(
        [BASIC, DESTINATION, {**RULE, "State": "OFF"}],
        [
            '$[2].State: "OFF"; expected one of ENABLED, DISABLED, '
            "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
        ],
        id="targets of a rule that did not load say nothing more",
    ),
]


@pytest.mark.parametrize(("definitions", "faults"), LINKS)
def test_links_to_nowhere(load_files: Load, definitions: list[Json], faults: list[str]) -> None:
    workspace = load_files({"x.json": definitions})
    assert [str(f).removeprefix("x.json: ") for f in workspace.faults if f.severity == "error"] == faults


def test_targets_that_could_belong_to_several_rules(load_files: Load) -> None:
    workspace = load_files(
        {
            "all.json": [BASIC, DESTINATION, {**RULE, "Targets": []}, {**RULE, "Name": "b", "Targets": []}],
            "t.json": {"Targets": [TARGET]},
        }
    )
    (fault,) = workspace.faults
    assert re.search('do not name their rule; it could be any of orders, b; expected "Rule"', str(fault))


@pytest.mark.parametrize(
    ("arn", "name"),
    [(CONNECTION_ARN, "renamed"), ("arn:aws:events:eu-west-1:999999999999:connection/shop/other", "shop")],
)
def test_a_connection_is_found_by_arn_before_name(load_files: Load, arn: str, name: str) -> None:
    workspace = load_files(
        {
            "all.json": [
                BASIC,
                {**BASIC, "Name": "renamed", "ConnectionArn": CONNECTION_ARN},
                {**DESTINATION, "ConnectionArn": arn},
            ]
        }
    )
    assert [route.connection.name for route in workspace.routes()] == [name]


@pytest.mark.parametrize(
    ("first", "second", "noun"),
    [
        (BASIC, API_KEY, 'connection "shop"'),
        (DESTINATION, DESTINATION, 'API destination "hook"'),
        (RULE, RULE, 'rule "orders"'),
    ],
)
def test_the_later_of_two_definitions_replaces_the_earlier(
    load_files: Load, first: Json, second: Json, noun: str
) -> None:
    workspace = load_files(
        {
            "a.json": {**first, "Description": "first"},
            "b.json": {**second, "Description": "second"},
            "c.json": [d for d in (BASIC, DESTINATION) if d["Name"] != first["Name"]],
        }
    )
    kept = {
        "shop": [connection.description for connection in workspace.connections],
        "hook": [destination.description for destination in workspace.destinations],
        "orders": [rule.description for rule in workspace.rules],
    }
    assert kept[str(first["Name"])] == ["second"]
    assert f"b.json: $: a second definition of the {noun}; it replaces the one at a.json: $" in " ".join(
        map(str, workspace.faults)
    )
