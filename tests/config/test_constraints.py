"""Every constraint on a definition, at its limits (resources, section 2)."""

import re

import pytest

from tests.config.conftest import Load
from tests.config.definitions import (
    API_KEY,
    BASIC,
    DELETE,
    DESTINATION,
    DESTINATION_ARN,
    OAUTH,
    QUEUE_ARN,
    ROLE_ARN,
    RULE,
    TARGET,
    Json,
    changed,
)

_BASIC = "AuthParameters.BasicAuthParameters"
_KEY = "AuthParameters.ApiKeyAuthParameters"
_OAUTH = "AuthParameters.OAuthParameters"
_SENT = "AuthParameters.InvocationHttpParameters"


def rest_of(definition: Json) -> list[Json]:
    """Return the definition with what it needs around it."""
    if "AuthorizationType" in definition or "AuthParameters" in definition:
        return [definition]
    if "InvocationEndpoint" in definition:
        return [BASIC, definition]
    return [BASIC, DESTINATION, definition]


def entries(count: int) -> dict[str, str]:
    return {f"k{number}": "v" for number in range(count)}


def parameters(count: int) -> list[Json]:
    return [{"Key": f"k{number}", "Value": "v"} for number in range(count)]


ALLOWED = [
    (BASIC, "Name", "a"),
    (BASIC, "Name", "A.b-c_" + "x" * 58),
    (BASIC, "Description", "x" * 512),
    (BASIC, f"{_BASIC}.Username", "jo doe"),
    (BASIC, f"{_BASIC}.Password", "p" * 512),
    (BASIC, f"{_BASIC}.Password", "\ttabs\tand spaces ü "),
    (API_KEY, f"{_KEY}.ApiKeyName", "PagerDuty Authorization"),
    (OAUTH, f"{_OAUTH}.HttpMethod", "GET"),
    (OAUTH, f"{_OAUTH}.HttpMethod", "PUT"),
    (OAUTH, f"{_SENT}.HeaderParameters", parameters(100)),
    (OAUTH, f"{_SENT}.BodyParameters", [{"Key": "", "Value": "\u0000 any: ü"}]),
    (OAUTH, f"{_SENT}.QueryStringParameters", [{"Key": "a b:ü", "Value": "two\r\nlines"}]),
    (DESTINATION, "InvocationRateLimitPerSecond", 1),
    (DESTINATION, "InvocationRateLimitPerSecond", 5000),
    (DESTINATION, "InvocationEndpoint", "https://x.example.com/" + "a" * 2026),
    (DESTINATION, "InvocationEndpoint", "https://x.example.com/a%2Fb/*?q=1&r=$"),
    (DESTINATION, "InvocationEndpoint", "http://localhost:9870/x"),
    (DESTINATION, "InvocationEndpoint", "http://127.0.0.1:9870/x"),
    (DESTINATION, "RetryPolicy", {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}),
    (DESTINATION, "RetryPolicy", {"MaximumRetryAttempts": 185}),
    (DESTINATION, "RetryPolicy", {"MaximumEventAgeInSeconds": 86400}),
    (RULE, "State", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"),
    (RULE, "ScheduleExpression", "rate(5 minutes)"),
    (RULE, "EventPattern", '{"source":["' + "x" * 2000 + '"]}'),
    (RULE, "Targets.0.DeadLetterConfig", {"Arn": QUEUE_ARN}),
    (RULE, "Targets.0.HttpParameters", {"HeaderParameters": entries(100)}),
    (RULE, "Targets.0.HttpParameters", {"PathParameterValues": ["$.detail.id", "a/b", "a/b"]}),
    (RULE, "Targets", [{**TARGET, "Id": f"t{n}"} for n in range(5)]),
    (RULE, "Targets.0.SqsParameters", {"MessageGroupId": "x"}),
    (RULE, "_comment", "names with an underscore in front are people's notes"),
]


@pytest.mark.parametrize(("definition", "path", "value"), ALLOWED)
def test_what_is_allowed_has_no_fault(load_files: Load, definition: Json, path: str, value: object) -> None:
    spoiled = changed(definition, path, value)
    others = [DESTINATION] if path == "Name" else rest_of(spoiled)[:-1]
    workspace = load_files({"all.json": [*others, spoiled]})
    faults = [f for f in workspace.faults if f.origin.path.startswith(f"$[{len(others)}]")]
    assert not faults


# Definition, member, value; where the fault stands below the definition, and what it must say.
REFUSED = [
    (BASIC, "Name", DELETE, "$", 'without "Name".*1 to 64'),
    (BASIC, "Name", "", "$.Name", "an empty value.*1 to 64"),
    (BASIC, "Name", "x" * 65, "$.Name", "65 characters.*1 to 64"),
    (BASIC, "Name", "my shop", "$.Name", '"my shop".*letters, digits'),
    (BASIC, "Name", "shop\n", "$.Name", "letters, digits"),
    (BASIC, "Name", 5, "$.Name", "5.*a string; put it in quotes"),
    (BASIC, "Description", "x" * 513, "$.Description", "513 characters.*0 to 512"),
    (BASIC, "AuthorizationType", "Basic", "$.AuthorizationType", '"Basic".*BASIC, OAUTH.*mean BASIC'),
    (BASIC, "AuthorizationType", "NONE", "$.AuthorizationType", '"NONE".*one of BASIC, OAUTH'),
    (BASIC, "AuthParameters", DELETE, "$.AuthParameters", "BASIC without BasicAuthParameters"),
    (BASIC, "AuthParameters", {}, "$.AuthParameters", "BASIC without BasicAuthParameters"),
    (BASIC, "AuthParameters", [], "$.AuthParameters", "an array.*an object"),
    (BASIC, "AuthorizationType", "API_KEY", "$.AuthParameters", "BasicAuthParameters with .*API_KEY"),
    (BASIC, _KEY, {"ApiKeyName": "a", "ApiKeyValue": "b"}, "$.AuthParameters", "beside .*exactly one"),
    (BASIC, "AuthParameters.Basic", {"Username": "a"}, "$.AuthParameters.Basic", "other spelling.*one of"),
    (BASIC, f"{_BASIC}.Username", DELETE, f"$.{_BASIC}", 'without "Username"'),
    (BASIC, f"{_BASIC}.Username", "a:b", f"$.{_BASIC}.Username", "\"a:b\".*no ':'"),
    (BASIC, f"{_BASIC}.Password", DELETE, f"$.{_BASIC}", r'no "Password".*\$\{env:NAME\}'),
    (BASIC, f"{_BASIC}.Password", "", f"$.{_BASIC}.Password", "an empty value.*1 to 512"),
    (
        BASIC,
        f"{_BASIC}.Password",
        "s3cret:",
        f"$.{_BASIC}.Password",
        "that are not allowed.*no ':'",
    ),
    (BASIC, f"{_BASIC}.Password", "s3cret" * 100, f"$.{_BASIC}.Password", "wrong length.*1 to 512"),
    (BASIC, f"{_BASIC}.Password", 12345678, f"$.{_BASIC}.Password", "a number.*a string; put it in quotes"),
    (API_KEY, f"{_KEY}.ApiKeyName", "x\x00", f"$.{_KEY}.ApiKeyName", "no control"),
    (API_KEY, f"{_KEY}.ApiKeyValue", "s3cret\n", f"$.{_KEY}.ApiKeyValue", "no control"),
    (OAUTH, f"{_OAUTH}.HttpMethod", DELETE, f"$.{_OAUTH}", 'without "HttpMethod".*GET, POST, PUT'),
    (OAUTH, f"{_OAUTH}.HttpMethod", "PATCH", f"$.{_OAUTH}.HttpMethod", '"PATCH".*GET, POST, PUT'),
    (OAUTH, f"{_OAUTH}.ClientParameters", DELETE, f"$.{_OAUTH}", 'without "ClientParameters"'),
    (
        OAUTH,
        f"{_OAUTH}.ClientParameters.ClientSecret",
        DELETE,
        f"$.{_OAUTH}.ClientParameters",
        "ClientSecret",
    ),
    (OAUTH, f"{_OAUTH}.AuthorizationEndpoint", "x y", f"$.{_OAUTH}.AuthorizationEndpoint", "URL without"),
    (OAUTH, f"{_OAUTH}.AuthorizationEndpoint", "auth", f"$.{_OAUTH}.AuthorizationEndpoint", "https://"),
    (OAUTH, f"{_SENT}.HeaderParameters", parameters(101), f"$.{_SENT}.HeaderParameters", "101.*at most 100"),
    (OAUTH, f"{_SENT}.BodyParameters", parameters(101), f"$.{_SENT}.BodyParameters", "101.*at most 100"),
    (OAUTH, f"{_SENT}.HeaderParameters", {"X": "y"}, f"$.{_SENT}.HeaderParameters", "an object.*an array"),
    (OAUTH, f"{_SENT}.HeaderParameters.0.Key", "a b", f"$.{_SENT}.HeaderParameters[0].Key", "header name"),
    (OAUTH, f"{_SENT}.HeaderParameters.0.Value", "ü", f"$.{_SENT}.HeaderParameters[0].Value", "ASCII"),
    (OAUTH, f"{_SENT}.HeaderParameters.0.Value", DELETE, f"$.{_SENT}.HeaderParameters[0]", 'without "Value"'),
    (OAUTH, f"{_SENT}.HeaderParameters.0.Key", DELETE, f"$.{_SENT}.HeaderParameters[0]", 'without "Key"'),
    (
        OAUTH,
        f"{_SENT}.BodyParameters.0.IsValueSecret",
        "yes",
        f"$.{_SENT}.BodyParameters[0].IsValueSecret",
        '"yes".*true or false',
    ),
    (
        OAUTH,
        f"{_SENT}.QueryStringParameters.0.Value",
        "a\tb",
        f"$.{_SENT}.QueryStringParameters[0].Value",
        "control",
    ),
    (DESTINATION, "ConnectionArn", DELETE, "$", 'without "ConnectionArn"'),
    (DESTINATION, "ConnectionArn", DESTINATION_ARN, "$.ConnectionArn", "connection/<name>/<uuid>"),
    (DESTINATION, "HttpMethod", "TRACE", "$.HttpMethod", '"TRACE".*POST, GET, HEAD'),
    (DESTINATION, "HttpMethod", "post", "$.HttpMethod", '"post".*did you mean POST'),
    (DESTINATION, "InvocationEndpoint", "", "$.InvocationEndpoint", "1 to 2048"),
    (DESTINATION, "InvocationEndpoint", "https://x/" + "a" * 2039, "$.InvocationEndpoint", "2049 characters"),
    (DESTINATION, "InvocationEndpoint", "https://x/{id}", "$.InvocationEndpoint", "braces"),
    (DESTINATION, "InvocationEndpoint", "https://x/%zz", "$.InvocationEndpoint", "hexadecimal"),
    (DESTINATION, "InvocationEndpoint", "https://x/ü", "$.InvocationEndpoint", "non-ASCII"),
    (DESTINATION, "InvocationEndpoint", "ftp://x/", "$.InvocationEndpoint", "https://"),
    (DESTINATION, "InvocationEndpoint", "https://x:99999/", "$.InvocationEndpoint", "https://"),
    (DESTINATION, "InvocationRateLimitPerSecond", 0, "$.InvocationRateLimitPerSecond", "0.*1 or more"),
    (DESTINATION, "InvocationRateLimitPerSecond", 1.5, "$.InvocationRateLimitPerSecond", "1.5.*whole"),
    (DESTINATION, "InvocationRateLimitPerSecond", True, "$.InvocationRateLimitPerSecond", "true.*whole"),
    (
        DESTINATION,
        "RetryPolicy.MaximumRetryAttempts",
        186,
        "$.RetryPolicy.MaximumRetryAttempts",
        "186.*0 to 185",
    ),
    (DESTINATION, "RetryPolicy.MaximumRetryAttempts", -1, "$.RetryPolicy.MaximumRetryAttempts", "-1.*0 to"),
    (
        DESTINATION,
        "RetryPolicy.MaximumRetryAttempts",
        "3",
        "$.RetryPolicy.MaximumRetryAttempts",
        '"3".*whole',
    ),
    (RULE, "Name", "x" * 65, "$.Name", "1 to 64"),
    (RULE, "EventPattern", DELETE, "$", "without pattern or schedule"),
    (RULE, "EventPattern", "", "$", "without pattern or schedule"),
    (RULE, "EventPattern", ["shop"], "$.EventPattern", "an array.*an object, or a string"),
    (RULE, "EventPattern", '{"source":["' + "x" * 4085 + '"]}', "$.EventPattern", "4100 characters.*4096"),
    (RULE, "ScheduleExpression", "x" * 257, "$.ScheduleExpression", "257.*0 to 256"),
    (RULE, "State", "OFF", "$.State", '"OFF".*ENABLED, DISABLED'),
    (RULE, "EventBusName", "my bus", "$.EventBusName", '"my bus".*event bus'),
    (RULE, "Targets", {}, "$.Targets", "an array of targets"),
    (RULE, "Targets.0", "t1", "$.Targets[0]", "a string.*Id and Arn"),
    (RULE, "Targets.0.Id", DELETE, "$.Targets[0]", 'without "Id"'),
    (RULE, "Targets.0.Id", "a b", "$.Targets[0].Id", '"a b"'),
    (RULE, "Targets.0.Arn", DELETE, "$.Targets[0]", 'without "Arn"'),
    (RULE, "Targets.0.Arn", "x" * 1601, "$.Targets[0].Arn", "1601.*1 to 1600"),
    (
        RULE,
        "Targets.0.RetryPolicy.MaximumEventAgeInSeconds",
        59,
        "$.Targets[0].RetryPolicy.MaximumEventAgeInSeconds",
        "59.*60 to 86400",
    ),
    (
        RULE,
        "Targets.0.RetryPolicy.MaximumEventAgeInSeconds",
        86401,
        "$.Targets[0].RetryPolicy.MaximumEventAgeInSeconds",
        "86401.*60 to 86400",
    ),
    (RULE, "Targets.0.DeadLetterConfig.Arn", ROLE_ARN, "$.Targets[0].DeadLetterConfig.Arn", "SQS queue"),
    (
        RULE,
        "Targets.0.DeadLetterConfig.Arn",
        QUEUE_ARN + ".fifo",
        "$.Targets[0].DeadLetterConfig.Arn",
        "standard",
    ),
    (
        RULE,
        "Targets.0.HttpParameters.PathParameterValues",
        ["a", " "],
        "$.Targets[0].HttpParameters.PathParameterValues[1]",
        '" ".*not blank',
    ),
    (
        RULE,
        "Targets.0.HttpParameters.HeaderParameters",
        {"X-Env": 5},
        "$.Targets[0].HttpParameters.HeaderParameters.X-Env",
        "5.*a string; put it in quotes",
    ),
    (
        RULE,
        "Targets.0.HttpParameters.HeaderParameters",
        {"X Env": "a"},
        '$.Targets[0].HttpParameters.HeaderParameters["X Env"]',
        "header name",
    ),
    (
        RULE,
        "Targets.0.HttpParameters.HeaderParameters",
        entries(101),
        "$.Targets[0].HttpParameters.HeaderParameters",
        "101.*at most 100",
    ),
    (RULE, "Targets.0.Input", {"a": 1}, "$.Targets[0].Input", "an object.*a string"),
    (
        RULE,
        "Targets",
        [{**TARGET, "Id": f"t{n}"} for n in range(6)],
        "$.Targets[5]",
        "one too many.*at most 5",
    ),
]


@pytest.mark.parametrize(("definition", "path", "value", "where", "says"), REFUSED)
def test_what_is_refused_gives_one_fault_in_its_place(
    load_files: Load, definition: Json, path: str, value: object, where: str, says: str
) -> None:
    spoiled = changed(definition, path, value)
    others = rest_of(spoiled)[:-1]
    workspace = load_files({"all.json": [*others, spoiled]})
    own = [f for f in workspace.faults if f.origin.path.startswith(f"$[{len(others)}]")]
    assert [(f.severity, f.origin.path) for f in own] == [
        ("error", where.replace("$", f"$[{len(others)}]", 1))
    ]
    assert re.search(says, str(own[0]))
    assert "s3cret" not in str(own[0])
    assert len(workspace.faults) == 1


def test_a_schedule_is_for_the_default_bus(load_files: Load) -> None:
    workspace = load_files(
        {"r.json": {"Name": "r", "ScheduleExpression": "rate(1 day)", "EventBusName": "other"}}
    )
    assert [str(fault) for fault in workspace.faults] == [
        'r.json: $.ScheduleExpression: a schedule on the event bus "other"; expected a pattern; '
        "ScheduleExpression is supported only on the default event bus"
    ]


# What AWS would refuse or ignore and the inspector can work with.
WARNED = [
    (
        DESTINATION,
        "ConnectionArn",
        "arn:aws:events:us-east-1:123456789012:connection/shop/...",
        "$.ConnectionArn",
        "<uuid>.*goes by the name",
    ),
    (DESTINATION, "ConnectionArn", "shop", "$.ConnectionArn", '"shop".*goes by the name'),
    (DESTINATION, "InvocationEndpoint", "http://api.example.com/", "$.InvocationEndpoint", "AWS requires"),
    (DESTINATION, "Retries", 3, "$.Retries", 'unknown member "Retries".*members of an API destination'),
    (
        DESTINATION,
        "RetryPolicy",
        {"MaxRetryAttempts": 3},
        "$.RetryPolicy.MaxRetryAttempts",
        "mean.*Maximum",
    ),
    (RULE, "Targets.0.RoleArn", DELETE, "$.Targets[0]", "without RoleArn.*InvokeApiDestination"),
    (RULE, "Targets.0.Arn", "hook", "$.Targets[0].Arn", "an ARN.*goes by the name"),
    (RULE, "Targets.0.Arn", QUEUE_ARN, "$.Targets[0].Arn", "a target of sqs: shown, but not replayed"),
    (RULE, "EventPattern", '{"source":["' + "x" * 2040 + '"]}', "$.EventPattern", "2048, the default quota"),
    (RULE, "Targets", [TARGET, TARGET], "$.Targets[1]", 'second target "t1"; it replaces the one at'),
    (RULE, "Enabled", False, "$.Enabled", 'unknown member "Enabled".*did you mean "State"'),
    (BASIC, "AuthorizationType", DELETE, "$", "without AuthorizationType.*BASIC"),
]


@pytest.mark.parametrize(("definition", "path", "value", "where", "says"), WARNED)
def test_what_is_only_warned_of_loads(
    load_files: Load, definition: Json, path: str, value: object, where: str, says: str
) -> None:
    spoiled = changed(definition, path, value)
    others = rest_of(spoiled)[:-1]
    workspace = load_files({"all.json": [*others, spoiled]})
    assert [(f.severity, f.origin.path) for f in workspace.faults] == [
        ("warning", where.replace("$", f"$[{len(others)}]", 1))
    ]
    assert re.search(says, str(workspace.faults[0]))
    loaded = len(workspace.connections) + len(workspace.destinations) + len(workspace.rules)
    assert loaded == len(others) + 1


# A misspelled member that must be there is one fault, not two.
MISSPELLED = [
    (OAUTH, f"{_OAUTH}.ClientParameters", "ClientID", "ClientId"),
    (OAUTH, f"{_OAUTH}.ClientParameters", "ClientSecret", "Secret"),
    (OAUTH, _OAUTH, "AuthorizationEndpoint", "TokenEndpoint"),
    (API_KEY, _KEY, "ApiKeyValue", "ApiKeySecret"),
    (BASIC, _BASIC, "Password", "password"),
    (BASIC, _BASIC, "Username", "UserName"),
    (DESTINATION, "", "InvocationEndpoint", "InvocationEndpont"),
    (DESTINATION, "", "ConnectionArn", "connectionArn"),
    (BASIC, "", "Name", "name"),
]


@pytest.mark.parametrize(("definition", "under", "right", "wrong"), MISSPELLED)
def test_a_misspelled_member_is_recognised(
    load_files: Load, definition: Json, under: str, right: str, wrong: str
) -> None:
    prefix = f"{under}." if under else ""
    value: object = definition
    for step in (prefix + right).split("."):
        assert isinstance(value, dict)
        value = value[step]
    spoiled = changed(changed(definition, prefix + right, DELETE), prefix + wrong, value)
    workspace = load_files({"x.json": spoiled})
    assert [str(fault) for fault in workspace.faults] == [
        f'x.json: $.{prefix}{wrong}: unknown member "{wrong}"; expected "{right}"'
    ]


def test_hostile_texts_are_checked_in_no_time(load_files: Load) -> None:
    """AWS's own expression takes exponential time on this one (constraints)."""
    hostile = " ".join("a" * 250) + ":"
    workspace = load_files({"x.json": changed(BASIC, f"{_BASIC}.Username", hostile)})
    assert len(workspace.faults) == 1
