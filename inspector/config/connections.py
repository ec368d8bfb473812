"""Connections out of their definitions (request-and-auth, sections 4 and 6; resources, section 2)."""

from dataclasses import dataclass
from typing import Final

from inspector.config.check import Checker, Members
from inspector.config.endpoints import check_scheme
from inspector.config.recognise import Definition
from inspector.config.report import Place, Report, listed, quoted, shown
from inspector.config.shapes import CONNECTION
from inspector.eventbridge.resources import (
    ApiKeyAuth,
    AuthParameters,
    BasicAuth,
    Connection,
    ConnectionHttpParameters,
    HttpParameter,
    LiteralSecret,
    OAuthClientCredentials,
)
from inspector.secret import Secret

_KINDS: Final = {
    "BASIC": "BasicAuthParameters",
    "API_KEY": "ApiKeyAuthParameters",
    "OAUTH_CLIENT_CREDENTIALS": "OAuthParameters",
}
_SUPPLY: Final = {
    "BASIC": '"BasicAuthParameters": {"Username": …, "Password": "${env:NAME}"}',
    "API_KEY": '"ApiKeyAuthParameters": {"ApiKeyName": …, "ApiKeyValue": "${env:NAME}"}',
    "OAUTH_CLIENT_CREDENTIALS": '"OAuthParameters": {…, "ClientParameters": {"ClientID": …, '
    '"ClientSecret": "${env:NAME}"}}',
}
_DESCRIBED: Final = {"ConnectionArn", "ConnectionState", "SecretArn", "CreationTime", "LastModifiedTime"}
"""Members that only an answer of AWS has, and AWS never returns a secret (request-and-auth, section 8)."""


@dataclass(frozen=True, slots=True)
class BuiltConnection:
    """A connection as one definition gives it.

    complete: its secrets are here, or have their fault. Otherwise it is an answer of AWS, which leaves
    them out.
    """

    connection: Connection
    complete: bool
    place: Place


def build_connection(definition: Definition, checker: Checker) -> BuiltConnection | None:
    """Return the connection of a definition, None when an error in the report keeps it from loading."""
    members = checker.shape(definition.value, CONNECTION, definition.place)
    if members is None:
        return None
    reader = _Reader(checker.report, not _DESCRIBED.isdisjoint(definition.value))
    parameters = members.members("AuthParameters")
    auth = reader.auth(members, parameters)
    invocation = reader.http_parameters(parameters and parameters.members("InvocationHttpParameters"))
    if auth is None or invocation is None:
        return None
    connection = Connection(
        members.text("Name"),
        auth,
        invocation,
        arn=members.text("ConnectionArn"),
        description=members.text("Description"),
        origin=definition.place.origin,
        literal_secrets=tuple(reader.literal),
    )
    return BuiltConnection(connection, reader.complete, definition.place)


def warn_of_missing_secret(built: BuiltConnection, report: Report) -> None:
    """Say which secret a connection lacks that was read from an answer of AWS, and how to supply it."""
    connection = built.connection
    report.warning(
        built.place,
        f"the connection {shown(connection.name)} without its secret, which AWS does not return",
        f'"AuthParameters": {{{_SUPPLY[connection.authorization_type]}}} here, or a second definition of '
        f"{shown(connection.name)} that has them",
        kind="secret",
    )


class _Reader:
    """Reads one definition. `described`: it is an answer of AWS."""

    def __init__(self, report: Report, described: bool) -> None:
        self._report = report
        self._described = described
        self.complete = True
        self.literal: list[LiteralSecret] = []

    def auth(self, members: Members, parameters: Members | None) -> AuthParameters | None:
        """Return the one kind of parameters that AuthorizationType names."""
        given = [member for member in _KINDS.values() if parameters and member in parameters]
        named = members.text("AuthorizationType")
        if len(given) > 1:
            self._report.error(members.at("AuthParameters"), " beside ".join(given), "exactly one of them")
            return None
        if not named and not given:
            self._report.error(members.place, "a connection without AuthorizationType", listed(_KINDS))
            return None
        if not named:
            named = next(kind for kind, member in _KINDS.items() if member == given[0])
            self._report.warning(members.place, "a connection without AuthorizationType", named)
        if given and given[0] != _KINDS[named]:
            found = f"{given[0]} with AuthorizationType {named}"
            self._report.error(members.at("AuthParameters"), found, _KINDS[named])
            return None
        own = parameters.members(given[0]) if parameters and given else None
        if own is None and not self._described:
            found = f"AuthorizationType {named} without {_KINDS[named]}"
            self._report.error(members.at("AuthParameters"), found, f'"AuthParameters": {{{_SUPPLY[named]}}}')
            return None
        match named:
            case "BASIC":
                return self._basic(own)
            case "API_KEY":
                return self._api_key(own)
            case _:
                return self._oauth(own)

    def http_parameters(self, members: Members | None) -> ConnectionHttpParameters | None:
        """Return HTTP parameters (none for None), or None when a value is missing that must be there."""
        if members is None:
            return ConnectionHttpParameters()
        read = [
            [self._parameter(item) for item in members.objects(name)]
            for name in ("HeaderParameters", "QueryStringParameters", "BodyParameters")
        ]
        if not self._described and any(parameter is None for group in read for parameter in group):
            return None
        return ConnectionHttpParameters(*(tuple(filter(None, group)) for group in read))

    def _basic(self, own: Members | None) -> BasicAuth | None:
        secret = self._secret(own, "Password")
        if isinstance(secret, _Absent):
            return None
        return BasicAuth(own.text("Username") if own else "", secret)

    def _api_key(self, own: Members | None) -> ApiKeyAuth | None:
        secret = self._secret(own, "ApiKeyValue")
        if isinstance(secret, _Absent):
            return None
        return ApiKeyAuth(own.text("ApiKeyName") if own else "", secret)

    def _oauth(self, own: Members | None) -> OAuthClientCredentials | None:
        client = own.members("ClientParameters") if own else None
        secret = self._secret(client, "ClientSecret")
        if own is None or client is None:
            return OAuthClientCredentials("", None, "")
        usable = check_scheme(own, "AuthorizationEndpoint", self._report)
        parameters = self.http_parameters(own.members("OAuthHttpParameters"))
        if isinstance(secret, _Absent) or parameters is None or not usable:
            return None
        return OAuthClientCredentials(
            client.text("ClientID"),
            secret,
            own.text("AuthorizationEndpoint"),
            own.text("HttpMethod"),
            parameters,
        )

    def _secret(self, own: Members | None, name: str) -> "Secret | _Absent | None":
        if own is not None and (hidden := own.hidden(name)):
            if not hidden.referenced:
                self.literal.append(LiteralSecret(name, own.at(name).origin))
            return Secret(hidden.text)
        if own is not None and own.mentions(name):
            return None
        if not self._described and own is not None:
            self._report.error(own.place, f'no "{name}"', f'"{name}": "${{env:NAME}}", or the value itself')
            return _Absent()
        self.complete = False
        return None

    def _parameter(self, members: Members) -> HttpParameter | None:
        key, marked = members.text("Key"), members.flag("IsValueSecret")
        value = members.hidden("Value")
        if value is None:
            if not self._described:
                self._report.error(members.place, 'a parameter without "Value"', "a string")
            elif marked:
                self.complete = False
            return None
        # A value by reference is a secret unless it is marked as none: why else keep it elsewhere?
        secret = value.referenced if marked is None else marked
        if secret and value.text and not value.referenced:
            self.literal.append(LiteralSecret(f"the value of {quoted(key)}", members.at("Value").origin))
        return HttpParameter(key, Secret(value.text) if secret else value.text, secret)


class _Absent:
    """A secret that must be there and is not."""
