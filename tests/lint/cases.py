"""For each lint rule what makes it strike, and what comes near and does not."""

from dataclasses import dataclass
from typing import Final

from tests.lint.definitions import (
    API_KEY,
    CONNECTION_ARN,
    DELETE,
    DESTINATION_ARN,
    OAUTH,
    PARTS,
    Changes,
    Json,
)

_INVOCATION: Final = "connection.AuthParameters.InvocationHttpParameters"
_HTTP: Final = "target.HttpParameters"
_TEMPLATE: Final = "target.InputTransformer"
_PASSWORD: Final = "connection.AuthParameters.BasicAuthParameters.Password"
_USERNAME: Final = "connection.AuthParameters.BasicAuthParameters.Username"


@dataclass(frozen=True)
class Case:
    """Changes that let the rule strike, a part of its message, and changes that come near and do not."""

    code: str
    fires: Changes
    says: str
    near: Changes
    volume: float | None = None


def parameter(key: str, value: str = "v", *, secret: bool = False) -> list[Json]:
    return [{"Key": key, "Value": value, "IsValueSecret": secret}]


def template(text: str, **paths: str) -> Changes:
    return {_TEMPLATE: {"InputTemplate": text, "InputPathsMap": paths}}


def api_key(name: str) -> Changes:
    return {
        "connection.AuthorizationType": "API_KEY",
        "connection.AuthParameters": API_KEY,
        "connection.AuthParameters.ApiKeyAuthParameters.ApiKeyName": name,
    }


def oauth(**more: object) -> Changes:
    return {
        "connection.AuthorizationType": "OAUTH_CLIENT_CREDENTIALS",
        "connection.AuthParameters": OAUTH,
        **{path.replace("__", "."): value for path, value in more.items()},
    }


def pattern(value: object) -> Changes:
    return {"rule.EventPattern": value}


_SECOND: Final = {**PARTS["target"], "Arn": DESTINATION_ARN}
_QUEUE: Final = "target.DeadLetterConfig.Arn"
_OAUTH_BODY: Final = "connection.AuthParameters.OAuthParameters.OAuthHttpParameters"

CASES: Final = (
    # Reading the definitions
    Case("EBI001", {"file/x.json": '{"a": '}, "not valid JSON", {"file/x.txt": '{"a": '}),
    Case("EBI002", {"file/x.json": ""}, "an empty file", {"file/x.jsonl": '{"source": "s", "detail": {}}'}),
    Case("EBI003", {"destination.HttpMethod": "TRACE"}, '"TRACE"', {"destination.HttpMethod": "DELETE"}),
    Case("EBI004", {"target.RoleArn": "me"}, '"me"', {"target.RoleArn": "arn:aws:iam::123456789012:role/me"}),
    Case(
        "EBI005",
        {
            "connection.AuthParameters": {
                "ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeySecret": "canary"}
            },
            "connection.AuthorizationType": "API_KEY",
        },
        'unknown member "ApiKeySecret"',
        {
            "connection.AuthParameters": {"ApiKey": {"ApiKeyName": "X-Key", "ApiKeySecret": "canary"}},
            "connection.AuthorizationType": "API_KEY",
        },
    ),
    Case("EBI006", {"target.RetryPolcy": {}}, '"RetryPolcy"', {"target.KinesisParameters": {}}),
    Case(
        "EBI007",
        {"file/z.json": PARTS["connection"]},
        "a second definition",
        {"file/z.json": {**PARTS["connection"], "Name": "other"}},
    ),
    Case(
        "EBI008",
        {"target.Arn": DESTINATION_ARN.replace("hook", "gone")},
        '"gone" is not defined',
        {"target.Arn": DESTINATION_ARN.replace("cccc", "eeee")},
    ),
    Case(
        "EBI009",
        {_PASSWORD: "${env:UNSET}"},
        "UNSET is not set",
        {_PASSWORD: "UNSET"},
    ),
    Case(
        "EBI010",
        {
            "connection": {
                "Name": "shop",
                "AuthorizationType": "BASIC",
                "ConnectionArn": CONNECTION_ARN,
            }
        },
        "without its secret",
        {"connection.ConnectionArn": CONNECTION_ARN},
    ),
    Case(
        "EBI011",
        pattern({"source": ["shop"], "detail": {"id": ["x" * 2100, {"prefix": "o-"}]}}),
        "characters",
        pattern({"source": ["shop"], "detail": {"id": ["x" * 1900, {"prefix": "o-"}]}}),
    ),
    Case(
        "EBI012",
        {_USERNAME: "${env:UNSET}"},
        "UNSET is not set",
        {_PASSWORD: "${env:UNSET}"},
    ),
    # The request
    Case(
        "EBI101",
        {f"{_HTTP}.HeaderParameters.User-Agent": "me"},
        "Amazon/EventBridge/ApiDestinations",
        {f"{_HTTP}.HeaderParameters.X-User-Agent": "me"},
    ),
    Case(
        "EBI102",
        {f"{_INVOCATION}.HeaderParameters": parameter("cache-control")},
        '"cache-control"',
        {f"{_INVOCATION}.HeaderParameters": parameter("X-Amz-Cache-Control")},
    ),
    Case(
        "EBI103",
        {f"{_INVOCATION}.HeaderParameters": parameter("X Env")},
        '"X Env"',
        {f"{_INVOCATION}.HeaderParameters": parameter("X_Env")},
    ),
    Case("EBI104", api_key("Pager Duty"), '"Pager Duty"', api_key("Pager-Duty")),
    Case(
        "EBI105",
        {"destination.InvocationEndpoint": "http://api.example.com/"},
        "http://api.example.com/",
        {"destination.InvocationEndpoint": "http://localhost:9870/"},
    ),
    Case(
        "EBI106",
        {"destination.InvocationEndpoint": "https://e.com/*/*", f"{_HTTP}.PathParameterValues": ["a"]},
        "has 2 `*` and the target 1",
        {"destination.InvocationEndpoint": "https://e.com/*?q=*", f"{_HTTP}.PathParameterValues": ["a"]},
    ),
    Case(
        "EBI107",
        {f"{_HTTP}.PathParameterValues": ["a"]},
        "1 PathParameterValues for no `*`",
        {"destination.InvocationEndpoint": "https://e.com/*", f"{_HTTP}.PathParameterValues": ["a"]},
    ),
    Case(
        "EBI108",
        {f"{_HTTP}.HeaderParameters.authorization": "me"},
        "the connection's credential, which wins",
        {
            f"{_HTTP}.QueryStringParameters.Env": "a",
            f"{_INVOCATION}.QueryStringParameters": parameter("env"),
        },
    ),
    Case(
        "EBI109",
        {
            "destination.InvocationEndpoint": "https://e.com/?a%20b=1",
            f"{_HTTP}.QueryStringParameters": {"a b": "2"},
        },
        '"a b"',
        {
            "destination.InvocationEndpoint": "https://e.com/?a=1",
            f"{_HTTP}.QueryStringParameters": {"b": "2"},
        },
    ),
    Case("EBI110", {"destination.HttpMethod": "HEAD"}, "HEAD", {"destination.HttpMethod": "DELETE"}),
    Case(
        "EBI111",
        {f"{_HTTP}.HeaderParameters.X-Id": "$.detail['id']"},
        "$.detail['id']",
        {f"{_HTTP}.HeaderParameters.X-Price": "$5"},
    ),
    Case(
        "EBI112",
        {f"{_INVOCATION}.HeaderParameters": parameter("X-Id", "$.detail.id")},
        "$.detail.id",
        {f"{_INVOCATION}.HeaderParameters": parameter("X-Id", "$.detail.id", secret=True)},
    ),
    Case(
        "EBI113",
        oauth(**{_OAUTH_BODY: {"HeaderParameters": parameter("Content_Type")}}),
        "did you mean Content-Type?",
        {f"{_INVOCATION}.HeaderParameters": parameter("X-Content-Kind")},
    ),
    # Connections and credentials
    Case("EBI201", {_USERNAME: "me:you"}, '"me:you"', {_USERNAME: "me you"}),
    Case("EBI202", api_key("Via"), '"Via"', api_key("X-Via")),
    Case(
        "EBI203",
        oauth(target__RetryPolicy={"MaximumRetryAttempts": 0}),
        "MaximumRetryAttempts is 0",
        oauth(target__RetryPolicy={"MaximumRetryAttempts": 1}),
    ),
    Case(
        "EBI204",
        {f"{_INVOCATION}.BodyParameters": parameter("client_secret")},
        '"client_secret"',
        {f"{_INVOCATION}.BodyParameters": parameter("client_secret", secret=True)},
    ),
    Case("EBI205", oauth(**{_OAUTH_BODY: {}}), "no grant_type", oauth()),
    Case(
        "EBI206",
        {_PASSWORD: "canary-literal"},
        "Password stands in the file itself",
        {
            _PASSWORD: "canary-literal",
            "destination.InvocationEndpoint": "http://localhost:9870/",
            f"{_INVOCATION}.HeaderParameters": [
                *parameter("X-Token", "${env:PASSWORD}", secret=True),
                *parameter("X-Env"),
            ],
        },
    ),
    # The payload
    Case(
        "EBI301",
        template('{"a": <b>}', a="$.detail.id"),
        "invalid placeholder b",
        template('{"a": <b>}', b="$.id"),
    ),
    Case(
        "EBI302",
        template('{"a": "<d>"}', d="$.detail"),
        "an object inside quotes",
        template('{"a": <d>}', d="$.detail"),
    ),
    Case(
        "EBI302",
        template('{"a": "<aws.events.event>"}'),
        "an object inside quotes",
        template('"<aws.events.rule-name>"'),
    ),
    Case("EBI302", template("[<i>]", i="$.id"), "a string outside quotes", template("[<a>]", a="$.account")),
    Case(
        "EBI302", template('{"a": <nothing>}'), "stands for nothing", template('{"a": <aws.events.rule-arn>}')
    ),
    Case(
        "EBI303",
        template('{"a": "<c>"}', c="$.detail.customer"),
        'for the sample "event": `<c>` is an object inside quotes',
        {**template('{"a": "<c>"}', c="$.detail.customer"), "event.source": "another"},
    ),
    Case(
        "EBI304",
        template('{"a": "<r>"}', r="$.resources"),
        "a list inside quotes",
        template('"<r>"', r="$.resources"),
    ),
    Case("EBI305", template('"<i>"', i="$.detail.id"), "`<i>`", template('"<t>"', t="$.detail.total")),
    Case(
        "EBI306",
        template('{"a": "<aws.events.rule>"}'),
        "sent as it is written",
        template('{"a": "a < b > c"}'),
    ),
    Case(
        "EBI307",
        template('{"a": <i>}', i="$.id", unused="$.time"),
        '"unused"',
        template('{"a": <i>, "t": "<t>"}', i="$.id", t="$.time"),
    ),
    Case(
        "EBI308", {"target.InputPath": "$.Detail.id"}, "$.Detail.id", {"target.InputPath": "$.detail.Detail"}
    ),
    Case(
        "EBI308",
        {f"{_HTTP}.HeaderParameters.X-Type": "$.detailType"},
        "$.detailType",
        {f"{_HTTP}.HeaderParameters.X-Type": "$.detail-type"},
    ),
    Case("EBI309", {"target.Input": ""}, "nothing is ever delivered", {"target.Input": '""'}),
    Case(
        "EBI310",
        {f"{_HTTP}.HeaderParameters.content-type": "application/x-www-form-urlencoded"},
        "x-www-form-urlencoded",
        {f"{_HTTP}.HeaderParameters.content-type": "application/cloudevents+json; charset=UTF-8"},
    ),
    Case(
        "EBI310",
        {**template('"hello"'), f"{_HTTP}.HeaderParameters.Content-Type": "text/xml"},
        "quoted strings",
        {**template('"hello"'), f"{_HTTP}.HeaderParameters.Content-Type": "text/plain"},
    ),
    Case("EBI311", template('"one"\n"two"'), "2 quoted strings", template('"one two"')),
    Case(
        "EBI312",
        {**template('"hello"'), f"{_INVOCATION}.BodyParameters": parameter("tenant")},
        '"tenant"',
        {**template('{"a": 1}'), f"{_INVOCATION}.BodyParameters": parameter("tenant")},
    ),
    # Retries, dead letters, rate
    Case("EBI401", {"target.DeadLetterConfig": DELETE}, "no dead-letter queue", {}),
    Case(
        "EBI402",
        {_QUEUE: "arn:aws:sqs:us-east-1:123456789012:lost.fifo"},
        "lost.fifo",
        {_QUEUE: "arn:aws:sqs:us-east-1:123456789012:lost-fifo"},
    ),
    Case(
        "EBI403",
        {_QUEUE: "arn:aws:sqs:eu-west-1:123456789012:lost"},
        "eu-west-1, the rule in us-east-1",
        {_QUEUE: "arn:aws:sqs:us-east-1:999999999999:lost"},
    ),
    Case(
        "EBI404",
        {"target.RetryPolicy": {"MaximumRetryAttempts": 20, "MaximumEventAgeInSeconds": 600}},
        "20 retries",
        {"target.RetryPolicy": {"MaximumEventAgeInSeconds": 600}},
    ),
    Case("EBI405", {}, "after 24 h of it", {"rule.State": "DISABLED"}, volume=600),
    Case(
        "EBI406",
        {"destination.InvocationRateLimitPerSecond": 301},
        "301",
        {"destination.InvocationRateLimitPerSecond": 300},
    ),
    # Event patterns
    Case(
        "EBI501", pattern({"source": "shop"}), "must be an object or an array", pattern({"source": ["shop"]})
    ),
    Case(
        "EBI502",
        pattern({"detailType": ["Order Placed"]}),
        'did you mean "detail-type"?',
        pattern({"source": ["shop"], "detailType": [{"exists": False}]}),
    ),
    Case(
        "EBI502",
        pattern({"Source": ["shop"]}),
        'did you mean "source"?',
        pattern({"detail": {"Source": ["shop"]}}),
    ),
    Case(
        "EBI503",
        pattern({"customer": {"id": ["c-1"]}}),
        '"customer"',
        {"event.customer": {"id": "c-1"}, **pattern({"customer": {"id": ["c-1"]}})},
    ),
    Case(
        "EBI504",
        pattern({"detail": ['{"id": "o-1"}']}),
        "it is always an object",
        pattern({"source": ["shop"], "detail": [{"exists": False}]}),
    ),
    Case(
        "EBI505",
        pattern({"account": [123456789012]}),
        "a string of 12 digits",
        pattern({"account": ["123456789012"]}),
    ),
    Case(
        "EBI505",
        pattern({"source": {"name": ["shop"]}}),
        "`source.name`",
        pattern({"detail": {"source": {"name": ["shop"]}}}),
    ),
    Case(
        "EBI505",
        pattern({"detail-type": [{"exists": False}]}),
        "`detail-type`",
        pattern({"detail-type": [{"exists": False}, "Order Placed"]}),
    ),
    Case(
        "EBI506",
        pattern({"detail": {"a": ["x"], "a.b": ["y"]}}),
        "`detail.a` must be a value",
        pattern({"detail": {"a": ["x"], "ab": ["y"]}}),
    ),
    Case(
        "EBI507",
        pattern('{"source": ["shop"], "source": ["other"]}'),
        "`source` stands in it twice",
        pattern({"$or": [{"source": ["shop"]}, {"source": ["other"]}]}),
    ),
    Case(
        "EBI507",
        pattern({"source": ["shop"], "$or": [{"source": ["a"]}, {"detail": {"id": ["b"]}}]}),
        "`source` stands in it twice",
        pattern({"source": ["shop"], "$or": [{"detail": {"n": ["a"]}}, {"detail": {"id": ["b"]}}]}),
    ),
    Case(
        "EBI508",
        pattern({"$or": [{"source": ["shop", "a"]}, {"source": ["shop", "b"]}]}),
        "`$or`",
        pattern({"$or": [{"source": ["shop"]}, {"source": ["b"]}]}),
    ),
    Case(
        "EBI509",
        pattern({"detail": {"id": {"prefix": ["o-"]}}}),
        '"prefix" is a field of `detail.id`',
        pattern({"detail": {"id": [{"prefix": "o-"}]}}),
    ),
    Case(
        "EBI509",
        pattern({"$and": [{"prefix": "a"}], "source": ["shop"]}),
        '"$and" is a field here',
        pattern({"$or": [{"source": ["shop"]}, {"source": ["b"]}]}),
    ),
    Case(
        "EBI510",
        pattern({"source": [{"anything-but": "a"}, {"anything-but": "b"}]}),
        "what the other excludes",
        pattern({"source": [{"anything-but": ["a", "c"]}, {"anything-but": ["b", "c"]}]}),
    ),
    Case(
        "EBI511",
        pattern({"detail": {"total": [{"numeric": [">", 5]}, {"numeric": ["<", 10]}]}}),
        "hold every number",
        pattern({"detail": {"total": [{"numeric": ["<", 5]}, {"numeric": [">", 10]}]}}),
    ),
    Case("EBI512", {"event.detail.total": "20"}, 'the string "20"', {"event.detail.total": "5"}),
    Case(
        "EBI513",
        {"rule.EventBusName": "partners"},
        'is on "default"',
        {
            "rule.EventBusName": "partners",
            "event": {
                "Source": "shop",
                "DetailType": "a",
                "Detail": '{"total": 20}',
                "EventBusName": "partners",
            },
        },
    ),
    Case(
        "EBI514",
        pattern({"source": ["shop", {"wildcard": "*a*a*a*a*a"}]}),
        "too complex",
        pattern({"source": ["shop", {"wildcard": "*:*:*:*:event-bus/*"}]}),
    ),
    # How it hangs together
    Case("EBI601", {"target": DELETE}, '"orders" has no target', {}),
    Case("EBI602", {"target.Arn": "arn:aws:sqs:us-east-1:123456789012:q"}, 'no rule has "hook"', {}),
    Case(
        "EBI603",
        {"file/z.json": {**PARTS["connection"], "Name": "spare"}},
        '"spare"',
        {"file/z.json": {**PARTS["connection"], "Name": "spare"}, "destination.HttpMethod": "TRACE"},
    ),
    Case("EBI604", {"target.Arn": "arn:aws:sqs:us-east-1:123456789012:q"}, "a target of sqs", {}),
    Case("EBI605", {"target.RoleArn": DELETE}, "without RoleArn", {}),
    Case(
        "EBI606",
        {"rule.Targets": [_SECOND]},
        'a second target "t1"',
        {"rule.Targets": [{**_SECOND, "Id": "t2"}]},
    ),
    Case(
        "EBI607",
        {"destination.RetryPolicy": {"MaximumRetryAttempts": 3}},
        "RetryPolicy",
        {"target.RetryPolicy": {"MaximumRetryAttempts": 3}},
    ),
    Case("EBI608", {"rule.State": "DISABLED"}, "DISABLED", {"rule.State": "ENABLED"}),
)
