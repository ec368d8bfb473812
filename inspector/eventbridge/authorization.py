"""What a connection adds to a request so that the endpoint accepts it."""

from dataclasses import dataclass

from inspector.errors import InspectorError
from inspector.eventbridge.assumption import Assumption
from inspector.secret import Secret


@dataclass(frozen=True, slots=True)
class Authorization:
    """A credential header, ready to be sent.

    description: what it is, for a reader (`Basic credentials of "crm"`, `Bearer token, expires in 52 s`).
    """

    header_name: str
    header_value: Secret
    description: str


@dataclass(frozen=True, slots=True)
class JsonWebToken:
    """What an access token that is a JWT tells of itself. Its signature is not verified.

    header, claims: JSON texts, indented; claims is empty for a token that is encrypted. warnings: what
    speaks against the token (it has expired, it is for another audience, …), a sentence each.
    """

    header: str
    claims: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenExchange:
    """A token request that an attempt needed, everything secret masked.

    `error` is empty when a token came of it. `expires_in` is in seconds, None when not told. `note` is what
    a reader should know of a token that was taken all the same. `jwt` is None for a token that is none.
    `tls` is as of an attempt.
    """

    endpoint: str
    method: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: str
    status: int | None
    response_headers: tuple[tuple[str, str], ...]
    response_body: str
    milliseconds: float
    token_type: str = ""
    scope: str = ""
    expires_in: float | None = None
    error: str = ""
    note: str = ""
    assumptions: tuple[Assumption, ...] = ()
    jwt: JsonWebToken | None = None
    tls: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """A credential for one attempt, and the token request that it took; None where none was needed."""

    authorization: Authorization
    exchange: TokenExchange | None = None


class AuthorizationError(InspectorError):
    """A connection could not authorize a request: no request is sent.

    `exchange` is the token request that failed, where there was one.
    """

    def __init__(self, message: str, *, hint: str = "", exchange: TokenExchange | None = None) -> None:
        super().__init__(message, hint=hint)
        self.exchange = exchange
