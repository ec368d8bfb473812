"""Definitions that are in order, to be spoiled one member at a time."""

import copy
from typing import Final, TypeAlias

Json: TypeAlias = dict[str, object]

CONNECTION_ARN: Final = "arn:aws:events:us-east-1:123456789012:connection/shop/0f1e2d3c-aaaa-bbbb"
DESTINATION_ARN: Final = "arn:aws:events:us-east-1:123456789012:api-destination/hook/0f1e2d3c-cccc-dddd"
ROLE_ARN: Final = "arn:aws:iam::123456789012:role/invoke"
QUEUE_ARN: Final = "arn:aws:sqs:us-east-1:123456789012:dead-letters"

BASIC: Final[Json] = {
    "Name": "shop",
    "AuthorizationType": "BASIC",
    "AuthParameters": {"BasicAuthParameters": {"Username": "user", "Password": "s3cret-Pass"}},
}
API_KEY: Final[Json] = {
    "Name": "shop",
    "AuthorizationType": "API_KEY",
    "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "s3cret-Key"}},
}
OAUTH: Final[Json] = {
    "Name": "shop",
    "AuthorizationType": "OAUTH_CLIENT_CREDENTIALS",
    "AuthParameters": {
        "OAuthParameters": {
            "ClientParameters": {"ClientID": "client", "ClientSecret": "s3cret-Client"},
            "AuthorizationEndpoint": "https://auth.example.com/token",
            "HttpMethod": "POST",
            "OAuthHttpParameters": {
                "BodyParameters": [{"Key": "grant_type", "Value": "client_credentials"}],
            },
        },
        "InvocationHttpParameters": {
            "HeaderParameters": [{"Key": "X-Env", "Value": "prod"}],
            "QueryStringParameters": [{"Key": "v", "Value": "2"}],
            "BodyParameters": [{"Key": "token", "Value": "s3cret-Body", "IsValueSecret": True}],
        },
    },
}
DESTINATION: Final[Json] = {
    "Name": "hook",
    "ConnectionArn": CONNECTION_ARN,
    "InvocationEndpoint": "https://api.example.com/v1/*",
    "HttpMethod": "POST",
    "InvocationRateLimitPerSecond": 10,
}
TARGET: Final[Json] = {"Id": "t1", "Arn": DESTINATION_ARN, "RoleArn": ROLE_ARN}
RULE: Final[Json] = {"Name": "orders", "EventPattern": {"source": ["shop"]}, "Targets": [TARGET]}
EVENT: Final[Json] = {"source": "shop", "detail-type": "Order Placed", "detail": {"n": 1}}

DELETE: Final = object()


def changed(definition: Json, path: str, value: object) -> Json:
    """Return a copy with the member at a dotted path (list positions as numbers) set, or deleted."""
    result = copy.deepcopy(definition)
    *steps, last = path.split(".")
    at: object = result
    for step in steps:
        if isinstance(at, list):
            at = at[int(step)]
        else:
            assert isinstance(at, dict)
            at = at.setdefault(step, {})
    if isinstance(at, list):
        at[int(last)] = value
    else:
        assert isinstance(at, dict)
        if value is DELETE:
            del at[last]
        else:
            at[last] = value
    return result
