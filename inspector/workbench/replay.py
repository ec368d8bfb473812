"""A recorded request made sendable again: its secrets, which are not recorded, come from the workspace."""

from dataclasses import replace

from inspector.errors import InspectorError
from inspector.eventbridge.authorization import Authorization
from inspector.eventbridge.request import Part, PreparedRequest
from inspector.eventbridge.resources import (
    ApiDestination,
    ApiKeyAuth,
    BasicAuth,
    Connection,
    HttpParameter,
    OAuthClientCredentials,
    Route,
    Rule,
    Target,
    Workspace,
)
from inspector.history.records import StoredDelivery
from inspector.secret import Secret


class ReplayError(InspectorError):
    """A recorded delivery that cannot be sent again as it was."""


def refilled(
    recorded: PreparedRequest, connection: Connection, authorization: Authorization | None
) -> PreparedRequest:
    """Return the recorded request with fresh secrets, every other byte as it was.

    Raises:
        ReplayError: the connection no longer has a secret parameter that the request carried.
    """
    parameters = connection.invocation_http_parameters

    def fill(part: Part, source: tuple[HttpParameter, ...], kind: str) -> Part:
        if part.source == "authorization":
            if authorization is None:
                return part
            return replace(part, name=authorization.header_name, value=authorization.header_value)
        if not isinstance(part.value, Secret):
            return part
        # Of two equal names in one list the last is sent (build_request).
        value = next((p.value for p in reversed(source) if p.key.lower() == part.name.lower()), None)
        if value is None:
            raise ReplayError(
                f"the recorded request carries the secret {kind} {part.name!r}, "
                f"which connection {connection.name!r} no longer has",
                hint="Replay it with the present definitions (--rerender), or through another target.",
            )
        return replace(part, value=value if isinstance(value, Secret) else Secret(value))

    return replace(
        recorded,
        headers=tuple(fill(part, parameters.header, "header") for part in recorded.headers),
        query=tuple(fill(part, parameters.query_string, "query parameter") for part in recorded.query),
        body_parameters=tuple(fill(p, parameters.body, "body parameter") for p in recorded.body_parameters),
    )


class MissingSecret(InspectorError):  # noqa: N818
    """A connection whose definition was read without its secret: nothing sent through it can be accepted."""


def require_secret(connection: Connection) -> None:
    """See to it that a connection can authorize at all.

    EventBridge always has the secret; here it may be missing, and no retry would bring it.

    Raises:
        MissingSecret: the definition came without its secret, or the reference to it leads nowhere.
    """
    match connection.auth:
        case BasicAuth(password=None):
            missing = "Password"
        case ApiKeyAuth(api_key_value=None):
            missing = "ApiKeyValue"
        case OAuthClientCredentials(client_secret=None):
            missing = "ClientSecret"
        case _:
            return
    raise MissingSecret(
        f"the {missing} of connection {connection.name!r} is missing ({connection.origin})",
        hint="Nothing was sent. inspector check says what its reference lacks; AWS never gives secrets out.",
    )


def recorded_route(stored: StoredDelivery, connection: Connection) -> Route:
    """Return the route of a recorded delivery, as far as a replay of the recorded request needs it."""
    names = stored.names
    target = Target(names.target_id, names.target_arn, dead_letter_arn=names.dead_letter_arn or None)
    rule = Rule(names.rule, event_bus_name=names.event_bus, arn=names.rule_arn) if names.rule else None
    destination = ApiDestination(
        names.destination, connection.arn, "", arn=names.target_arn, retry_policy=stored.retry_policy
    )
    return Route(target, destination, connection, rule)


def connection_of(stored: StoredDelivery, workspace: Workspace) -> Connection:
    """Return the connection that authorized a recorded delivery, from the workspace.

    Raises:
        ReplayError: it is not there.
    """
    name = stored.names.connection
    found = next((c for c in workspace.connections if c.name == name), None)
    if found is None:
        raise ReplayError(
            f"connection {name!r}, which authorized the delivery, is not in the workspace",
            hint="Secrets are not recorded: load the file that defines it.",
        )
    return found


def route_of(stored: StoredDelivery, workspace: Workspace) -> Route:
    """Return the present route by which a recorded delivery went.

    Raises:
        ReplayError: the workspace has no route of that name.
    """
    found = next((route for route in workspace.routes() if route.name == stored.names.route), None)
    if found is None:
        raise ReplayError(
            f"target {stored.names.route!r}, which the delivery went to, is not in the workspace",
            hint="Load the file that defines it, or name another target.",
        )
    return found
