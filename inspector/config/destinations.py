"""API destinations out of their definitions, and what targets share with the simplified form."""

from inspector.config.check import Checker, Members
from inspector.config.endpoints import check_scheme
from inspector.config.recognise import Definition
from inspector.config.shapes import DESTINATION
from inspector.eventbridge.resources import (
    DEFAULT_INVOCATION_RATE,
    ApiDestination,
    HttpParameters,
    RetryPolicy,
)


def build_destination(definition: Definition, checker: Checker) -> ApiDestination | None:
    """Return the API destination of a definition, None when an error keeps it from loading.

    `RetryPolicy` and `HttpParameters` may stand in it, as the tutorials have them; POST is the default
    method (issue 2).
    """
    members = checker.shape(definition.value, DESTINATION, definition.place)
    if members is None or not check_scheme(members, "InvocationEndpoint", checker.report):
        return None
    parameters = members.members("HttpParameters")
    return ApiDestination(
        members.text("Name"),
        members.text("ConnectionArn"),
        members.text("InvocationEndpoint"),
        members.text("HttpMethod", "POST"),
        members.whole("InvocationRateLimitPerSecond", DEFAULT_INVOCATION_RATE),
        arn=members.text("ApiDestinationArn"),
        description=members.text("Description"),
        retry_policy=build_retry_policy(members.members("RetryPolicy")),
        http_parameters=build_http_parameters(parameters) if parameters else None,
        origin=definition.place.origin,
    )


def build_retry_policy(members: Members | None) -> RetryPolicy | None:
    """Return a retry policy; the member that it leaves out keeps AWS's default."""
    if members is None:
        return None
    default = RetryPolicy()
    return RetryPolicy(
        members.whole("MaximumRetryAttempts", default.maximum_retry_attempts),
        members.whole("MaximumEventAgeInSeconds", default.maximum_event_age_in_seconds),
    )


def build_http_parameters(members: Members | None) -> HttpParameters:
    """Return the HTTP parameters of a target."""
    if members is None:
        return HttpParameters()
    return HttpParameters(
        members.texts("PathParameterValues"),
        members.entries("HeaderParameters"),
        members.entries("QueryStringParameters"),
    )
