"""The objects of a workspace, member by member (resources, section 2; the simplified form of issue 2)."""

from dataclasses import replace
from typing import Final

from inspector.config.constraints import (
    AUTHORIZATION_TYPE,
    BUS,
    CONNECTION_ARN,
    CREDENTIAL,
    CREDENTIAL_NAME,
    DESCRIPTION,
    DESTINATION_ARN,
    ENDPOINT,
    EVENT_AGE,
    HEADER_KEY,
    HEADER_VALUE,
    HTTP_METHOD,
    INVOCATION_RATE,
    MOST_PARAMETERS,
    NAME,
    PATH_PARAMETER,
    QUERY_KEY,
    QUERY_VALUE,
    QUEUE_ARN,
    RETRY_ATTEMPTS,
    ROLE_ARN,
    RULE_ARN,
    RULE_STATE,
    SCHEDULE,
    TARGET_ARN,
    TOKEN_METHOD,
    Entries,
    Flag,
    Items,
    Shape,
    Text,
    Untyped,
)

_TIMES: Final = frozenset({"CreationTime", "LastModifiedTime", "LastAuthorizedTime"})
_ANSWER: Final = frozenset({"ResponseMetadata", "Tags"})


def _parameters(noun: str, key: Text, value: Text) -> Items:
    parameter = Shape(
        f"a {noun} parameter",
        {"Key": key, "Value": replace(value, hidden=True, references=True), "IsValueSecret": Flag()},
        ("Key",),
    )
    return Items(parameter, MOST_PARAMETERS)


_CONNECTION_PARAMETERS: Final = Shape(
    "a connection's HTTP parameters",
    {
        "HeaderParameters": _parameters("header", HEADER_KEY, HEADER_VALUE),
        "QueryStringParameters": _parameters("query-string", QUERY_KEY, QUERY_VALUE),
        "BodyParameters": _parameters("body", Text(), Text()),
    },
)
_BASIC: Final = Shape(
    "basic authorization", {"Username": CREDENTIAL_NAME, "Password": CREDENTIAL}, ("Username",)
)
_API_KEY: Final = Shape(
    "API key authorization", {"ApiKeyName": CREDENTIAL_NAME, "ApiKeyValue": CREDENTIAL}, ("ApiKeyName",)
)
_OAUTH: Final = Shape(
    "OAuth authorization",
    {
        "ClientParameters": Shape(
            "an OAuth client", {"ClientID": CREDENTIAL_NAME, "ClientSecret": CREDENTIAL}, ("ClientID",)
        ),
        "AuthorizationEndpoint": ENDPOINT,
        "HttpMethod": TOKEN_METHOD,
        "OAuthHttpParameters": _CONNECTION_PARAMETERS,
    },
    ("ClientParameters", "AuthorizationEndpoint", "HttpMethod"),
)
CONNECTION: Final = Shape(
    "a connection",
    {
        "Name": NAME,
        "Description": DESCRIPTION,
        "AuthorizationType": AUTHORIZATION_TYPE,
        "AuthParameters": Shape(
            "the authorization parameters",
            {
                "BasicAuthParameters": _BASIC,
                "ApiKeyAuthParameters": _API_KEY,
                "OAuthParameters": _OAUTH,
                "InvocationHttpParameters": _CONNECTION_PARAMETERS,
                # The shorthand of tutorials: --auth-parameters Basic={Username=…}
                "Basic": _BASIC,
                "ApiKey": replace(
                    _API_KEY,
                    members={**_API_KEY.members, "ApiKeySecret": CREDENTIAL},
                    spellings={"ApiKeySecret": "ApiKeyValue"},
                ),
                "OAuth": _OAUTH,
            },
            ignored=frozenset({"ConnectivityParameters"}),
            spellings={
                "Basic": "BasicAuthParameters",
                "ApiKey": "ApiKeyAuthParameters",
                "OAuth": "OAuthParameters",
            },
        ),
        "ConnectionArn": CONNECTION_ARN,
    },
    ("Name",),
    _TIMES
    | _ANSWER
    | {"ConnectionState", "StateReason", "SecretArn", "KmsKeyIdentifier", "InvocationConnectivityParameters"},
)

_RETRY_POLICY: Final = Shape(
    "a retry policy", {"MaximumRetryAttempts": RETRY_ATTEMPTS, "MaximumEventAgeInSeconds": EVENT_AGE}
)
_HTTP_PARAMETERS: Final = Shape(
    "a target's HTTP parameters",
    {
        "PathParameterValues": Items(PATH_PARAMETER),
        "HeaderParameters": Entries(HEADER_KEY, HEADER_VALUE, MOST_PARAMETERS),
        "QueryStringParameters": Entries(QUERY_KEY, QUERY_VALUE, MOST_PARAMETERS),
    },
)
DESTINATION: Final = Shape(
    "an API destination",
    {
        "Name": NAME,
        "Description": DESCRIPTION,
        "ConnectionArn": CONNECTION_ARN,
        "InvocationEndpoint": ENDPOINT,
        "HttpMethod": HTTP_METHOD,
        "InvocationRateLimitPerSecond": INVOCATION_RATE,
        "ApiDestinationArn": DESTINATION_ARN,
        "RetryPolicy": _RETRY_POLICY,
        "HttpParameters": _HTTP_PARAMETERS,
    },
    ("Name", "ConnectionArn", "InvocationEndpoint"),
    _TIMES | _ANSWER | {"ApiDestinationState"},
)
RULE: Final = Shape(
    "a rule",
    {
        "Name": NAME,
        "Description": DESCRIPTION,
        "EventPattern": Untyped(),
        "ScheduleExpression": SCHEDULE,
        "State": RULE_STATE,
        "EventBusName": BUS,
        "Arn": RULE_ARN,
        "Targets": Untyped(),
    },
    ("Name",),
    _ANSWER | {"RoleArn", "ManagedBy", "CreatedBy"},
)
PUT_TARGETS: Final = Shape(
    "the targets of a rule",
    {"Rule": NAME, "EventBusName": BUS, "Targets": Untyped()},
    ignored=_ANSWER | {"NextToken"},
)
TARGET: Final = Shape(
    "a target",
    {
        "Id": NAME,
        "Arn": TARGET_ARN,
        "RoleArn": ROLE_ARN,
        # Lengths and syntax of the input options are checked by inspector.eventbridge.admission.
        "Input": Text(),
        "InputPath": Text(),
        "InputTransformer": Shape(
            "an input transformer",
            {"InputTemplate": Text(), "InputPathsMap": Entries(Text(), Text())},
            ("InputTemplate",),
        ),
        "HttpParameters": _HTTP_PARAMETERS,
        "RetryPolicy": _RETRY_POLICY,
        "DeadLetterConfig": Shape("a dead-letter queue", {"Arn": QUEUE_ARN}),
        # Where a target stands by itself, not under its rule.
        "Rule": NAME,
        "EventBusName": BUS,
    },
    ("Id", "Arn"),
    frozenset(
        {
            "KinesisParameters",
            "RunCommandParameters",
            "EcsParameters",
            "BatchParameters",
            "SqsParameters",
            "RedshiftDataParameters",
            "SageMakerPipelineParameters",
            "AppSyncParameters",
        }
    ),
)
