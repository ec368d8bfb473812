"""Connections, API destinations, rules and targets as immutable values, named as in the AWS API.

The values hold what a definition says; whether it may say so is checked by whoever reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from inspector.jsontext import JsonObject
from inspector.secret import Secret

AuthorizationType: TypeAlias = Literal["BASIC", "API_KEY", "OAUTH_CLIENT_CREDENTIALS"]
ConnectionState: TypeAlias = Literal[
    "CREATING", "UPDATING", "DELETING", "AUTHORIZED", "DEAUTHORIZED",
    "AUTHORIZING", "DEAUTHORIZING", "ACTIVE", "FAILED_CONNECTIVITY",
]  # fmt: skip
RuleState: TypeAlias = Literal["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"]

HTTP_METHODS: Final = ("POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
DEFAULT_INVOCATION_RATE: Final = 300
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a definition was read: the file as the user named it, and the JSON path in it."""

    file: str = ""
    path: str = "$"

    def __str__(self) -> str:
        return f"{self.file}: {self.path}" if self.file else self.path


@dataclass(frozen=True, slots=True)
class HttpParameter:
    """A header, query-string or body parameter of a connection."""

    key: str
    value: str | Secret
    is_value_secret: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionHttpParameters:
    """`InvocationHttpParameters`, or the `OAuthHttpParameters` of a token request."""

    header: tuple[HttpParameter, ...] = ()
    query_string: tuple[HttpParameter, ...] = ()
    body: tuple[HttpParameter, ...] = ()


@dataclass(frozen=True, slots=True)
class BasicAuth:
    """`BasicAuthParameters`. `password` is None where a definition was read without its secret."""

    username: str
    password: Secret | None


@dataclass(frozen=True, slots=True)
class ApiKeyAuth:
    """`ApiKeyAuthParameters`. `api_key_value` is None where a definition was read without its secret."""

    api_key_name: str
    api_key_value: Secret | None


@dataclass(frozen=True, slots=True)
class OAuthClientCredentials:
    """`OAuthParameters`. `client_secret` is None where a definition was read without its secret."""

    client_id: str
    client_secret: Secret | None
    authorization_endpoint: str
    http_method: str = "POST"
    http_parameters: ConnectionHttpParameters = field(default_factory=ConnectionHttpParameters)


AuthParameters: TypeAlias = BasicAuth | ApiKeyAuth | OAuthClientCredentials


@dataclass(frozen=True, slots=True)
class LiteralSecret:
    """A secret that a definition file holds itself, not by a reference: what it is, never its value."""

    name: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection: how requests to a destination are authorized, and what is added to each of them."""

    name: str
    auth: AuthParameters
    invocation_http_parameters: ConnectionHttpParameters = field(default_factory=ConnectionHttpParameters)
    arn: str = ""
    description: str = ""
    origin: Origin = field(default_factory=Origin)
    literal_secrets: tuple[LiteralSecret, ...] = field(default=(), compare=False)

    @property
    def authorization_type(self) -> AuthorizationType:
        """The AWS name of the way in which it authorizes."""
        match self.auth:
            case BasicAuth():
                return "BASIC"
            case ApiKeyAuth():
                return "API_KEY"
            case OAuthClientCredentials():
                return "OAUTH_CLIENT_CREDENTIALS"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Both budgets of a target; whichever is used up first ends the attempts."""

    maximum_retry_attempts: int = 185
    maximum_event_age_in_seconds: int = 86400


@dataclass(frozen=True, slots=True)
class HttpParameters:
    """`HttpParameters` of a target. Values may be JSON paths into the event; keys may not."""

    path_parameter_values: tuple[str, ...] = ()
    header_parameters: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    query_string_parameters: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class ApiDestination:
    """An API destination.

    `retry_policy` and `http_parameters` are set only where the simplified form of the field's
    tutorials puts them into the destination itself; a target's own go before them.
    """

    name: str
    connection_arn: str
    invocation_endpoint: str
    http_method: str = "POST"
    invocation_rate_limit_per_second: int = DEFAULT_INVOCATION_RATE
    arn: str = ""
    description: str = ""
    retry_policy: RetryPolicy | None = None
    http_parameters: HttpParameters | None = None
    origin: Origin = field(default_factory=Origin)


@dataclass(frozen=True, slots=True)
class InputTransformer:
    """`InputPathsMap` (name to JSON path, in the order written) and `InputTemplate`."""

    input_template: str
    input_paths_map: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class TargetInput:
    """What a target makes of the event. At most one is set; more are refused at admission."""

    input: str | None = None
    input_path: str | None = None
    input_transformer: InputTransformer | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A target of a rule. `retry_policy` is None where the target says nothing of it."""

    target_id: str
    arn: str
    input: TargetInput = field(default_factory=TargetInput)
    http_parameters: HttpParameters = field(default_factory=HttpParameters)
    retry_policy: RetryPolicy | None = None
    dead_letter_arn: str | None = None
    role_arn: str | None = None
    origin: Origin = field(default_factory=Origin)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and its targets. `event_pattern` is the pattern's text as written, None for a schedule."""

    name: str
    event_pattern: str | None = None
    targets: tuple[Target, ...] = ()
    event_bus_name: str = "default"
    state: RuleState = "ENABLED"
    schedule_expression: str | None = None
    arn: str = ""
    description: str = ""
    origin: Origin = field(default_factory=Origin)


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """An event that a workspace offers: its document as read, under a name to pick it by."""

    name: str
    document: JsonObject
    origin: Origin = field(default_factory=Origin)


FaultKind: TypeAlias = Literal[
    "file", "value", "credential", "header-name", "queue", "scheme", "member", "twice", "target-id",
    "link", "reference", "secret", "service", "role", "quota", "pattern", "input",
]  # fmt: skip
"""What a fault is about: `file` (nothing that can be read), `value` (not allowed), kinds of value that are
told apart, `member` (unknown), `twice`, `link` (to what is not defined), `reference` (to a secret),
`secret` (left out by AWS), `service` (not replayed), `role` (none), and what EventBridge refuses itself."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a definition: where, what was found, what is allowed.

    An `error` keeps its definition from loading or, where it loads so that it can be shown and mended (of
    kind `pattern` and `input`), from being used; a `warning` does neither.
    """

    origin: Origin
    found: str
    expected: str
    severity: Literal["error", "warning"] = "error"
    kind: FaultKind = "value"

    def __str__(self) -> str:
        return (
            f"{self.origin}: {self.found}; expected {self.expected}"
            if self.expected
            else f"{self.origin}: {self.found}"
        )


@dataclass(frozen=True, slots=True)
class Route:
    """One way from an event to an endpoint: a rule's target, its destination and the connection.

    `rule` is None for a destination that no rule targets: every event may be sent straight to it.
    """

    target: Target
    destination: ApiDestination
    connection: Connection
    rule: Rule | None = None

    @property
    def name(self) -> str:
        """A name that is unique in a workspace: `rule/target`, or the destination's own.

        The bus stands before a rule of another than the default bus.
        """
        if self.rule is None:
            return self.destination.name
        bus = "" if self.rule.event_bus_name == "default" else f"{self.rule.event_bus_name}/"
        return f"{bus}{self.rule.name}/{self.target.target_id}"

    @property
    def retry_policy(self) -> RetryPolicy:
        """The target's policy, else the simplified destination's, else AWS's default."""
        return self.target.retry_policy or self.destination.retry_policy or RetryPolicy()

    @property
    def http_parameters(self) -> HttpParameters:
        """The target's parameters over those that the simplified form keeps in the destination."""
        own, base = self.target.http_parameters, self.destination.http_parameters
        if base is None:
            return own
        return HttpParameters(
            own.path_parameter_values or base.path_parameter_values,
            {**base.header_parameters, **own.header_parameters},
            {**base.query_string_parameters, **own.query_string_parameters},
        )

    def through(self, connection: Connection) -> "Route":
        """Return the same route authorized by another connection."""
        return replace(self, connection=connection)


@dataclass(frozen=True, slots=True)
class Workspace:
    """The set of loaded definitions, what is wrong with them, and the files that they came from.

    digests: of each file's text as it was loaded, so that one that changed since is noticed.
    """

    connections: tuple[Connection, ...] = ()
    destinations: tuple[ApiDestination, ...] = ()
    rules: tuple[Rule, ...] = ()
    samples: tuple[SampleEvent, ...] = ()
    faults: tuple[Fault, ...] = ()
    files: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=lambda: _NOTHING, repr=False, compare=False)

    def connection_of(self, destination: ApiDestination) -> Connection | None:
        """Return the connection that a destination names, by ARN or by the name within the ARN."""
        by_arn = next((c for c in self.connections if c.arn and c.arn == destination.connection_arn), None)
        if by_arn:
            return by_arn
        name = resource_name(destination.connection_arn, "connection")
        return next((c for c in self.connections if c.name == name), None)

    def destination_of(self, target: Target) -> ApiDestination | None:
        """Return the API destination that a target names, by ARN or by the name within the ARN."""
        by_arn = next((d for d in self.destinations if d.arn and d.arn == target.arn), None)
        if by_arn:
            return by_arn
        name = resource_name(target.arn, "api-destination")
        return next((d for d in self.destinations if d.name == name), None)

    def routes(self) -> tuple[Route, ...]:
        """Return every way from an event to an endpoint: rules' targets first, then bare destinations."""
        routes: list[Route] = []
        targeted: set[str] = set()
        for rule in self.rules:
            for target in rule.targets:
                destination = self.destination_of(target)
                connection = destination and self.connection_of(destination)
                if destination and connection:
                    targeted.add(destination.name)
                    routes.append(Route(target, destination, connection, rule))
        for destination in self.destinations:
            connection = self.connection_of(destination)
            if destination.name not in targeted and connection:
                target = Target("direct", destination.arn or destination.name, origin=destination.origin)
                routes.append(Route(target, destination, connection))
        return tuple(routes)


def resource_name(arn: str, kind: str) -> str:
    """Return the name within an ARN such as `…:connection/<name>/<uuid>`; a bare name is itself."""
    _, found, rest = arn.partition(f":{kind}/")
    return rest.partition("/")[0] if found else arn
