"""Credentials on demand: tokens cached and renewed, connections deauthorized and authorized again."""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from typing import Final, TypeAlias
from urllib.parse import quote_plus

from inspector.auth.credentials import (
    bearer_authorization,
    missing_secret,
    redactor_of,
    require_secret,
    static_authorization,
)
from inspector.auth.jwt import asked_by, read_jwt
from inspector.auth.state import ConnectionStatus
from inspector.auth.token_answer import Token, TokenError, read_token, without_tokens
from inspector.auth.token_request import (
    USUAL_FORM,
    TokenForm,
    form_assumption,
    masked_request,
    revealed_request,
)
from inspector.delivery.network import AS_EVENTBRIDGE, Network
from inspector.delivery.wire import Certificates, Exchange, exchange
from inspector.eventbridge.authorization import (
    Authorization,
    AuthorizationError,
    Granted,
    JsonWebToken,
    TokenExchange,
)
from inspector.eventbridge.resources import (
    ApiKeyAuth,
    AuthParameters,
    BasicAuth,
    Connection,
    ConnectionHttpParameters,
    OAuthClientCredentials,
)
from inspector.eventbridge.retry import spoken
from inspector.secret import MASK, Redactor, Secret

RENEWED_WITHIN: Final = 60.0
"""A token that expires within so many seconds is renewed before it is used (request-and-auth, 6)."""

TOKEN_TIMEOUT: Final = 5.0
"""Seconds that a token request has in total. AWS tells of no other limit than the invocation's own."""

_TOKENS_MASKED: Final = 8
"""So many tokens of the past are still masked: an answer may echo one that has been replaced."""

_MET_KEPT: Final = 256

_Key: TypeAlias = tuple[str, str, AuthParameters, ConnectionHttpParameters]


@dataclass(slots=True)
class _Held:
    value: Secret
    expires_at: datetime | None


@dataclass(slots=True)
class _Record:
    """What is known of one connection. `refused` is the reason for which it is deauthorized."""

    refused: str = ""
    hint: str = ""
    note: str = ""
    token: _Held | None = None
    exchange: TokenExchange | None = None
    authorized: bool = False
    tokens: deque[Secret] = field(default_factory=lambda: deque(maxlen=_TOKENS_MASKED))
    redactor: Redactor | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    static: Authorization | None = None

    def known_by(self, auth: BasicAuth | ApiKeyAuth) -> Authorization:
        """Return the credential that needs no request; the same object each time."""
        if self.static is None:
            self.static = static_authorization(auth)
        return self.static


class Authorizer:
    """Authorizes requests by their connections and knows each connection's state.

    now: the moment (UTC) by which tokens age. ssl_context: what verifies token endpoints; the network's
    certificates when None. network: how they are reached. form: where a token request carries the client's
    id and secret. limit: seconds that a token request has.
    A definition that changes is another connection: it starts anew.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        ssl_context: ssl.SSLContext | None = None,
        network: Network = AS_EVENTBRIDGE,
        form: TokenForm = USUAL_FORM,
        limit: float = TOKEN_TIMEOUT,
    ) -> None:
        self._now, self._form, self._limit = now, form, limit
        self._certificates = Certificates(ssl_context) if ssl_context else network.certificates()
        self._proxies = network.proxies
        self._records: dict[_Key, _Record] = {}
        # A definition is long to compare; many deliveries ask for the same one over and over.
        self._met: dict[int, tuple[Connection, _Record]] = {}

    async def authorize(self, connection: Connection) -> Granted:
        """Return a credential for one attempt, with the token request if it took one.

        However many ask at once, one token request is sent.

        Raises:
            AuthorizationError: the connection is not authorized, a secret is missing, or no token came.
        """
        record = self._record(connection)
        self._check(connection, record)
        require_secret(connection)
        if not isinstance(connection.auth, OAuthClientCredentials):
            return Granted(record.known_by(connection.auth))
        async with record.lock:
            self._check(connection, record)
            if record.token and self._lasts(record.token):
                return Granted(self._bearer(record.token))
            return await self._renew(connection, connection.auth, record)

    def token_request(self, connection: Connection) -> TokenExchange | None:
        """Return the token request that a connection makes, without an answer: nothing is sent.

        None for a connection that asks for no token.
        """
        if not isinstance(connection.auth, OAuthClientCredentials):
            return None
        return self._shown(connection, connection.auth, None, None, "")

    def last_exchange(self, connection: Connection) -> TokenExchange | None:
        """Return the last token request that was sent for a connection, with its answer; None before it."""
        return self._record(connection).exchange

    def known(self, connection: Connection) -> Authorization | None:
        """Return the credential that the next attempt would carry, None where it is not known yet."""
        record = self._record(connection)
        if record.refused or missing_secret(connection):
            return None
        if not isinstance(connection.auth, OAuthClientCredentials):
            return record.known_by(connection.auth)
        return self._bearer(record.token) if record.token and self._lasts(record.token) else None

    def reject(self, connection: Connection, status: int, used: Authorization | None = None) -> None:
        """Take note that the endpoint answered 401 or 407.

        A token is dropped, so that the next attempt carries a new one; other credentials deauthorize their
        connection (request-and-auth, sections 6 and 7). used: the credential that was refused: a token
        that has been replaced meanwhile is not dropped.
        """
        record = self._record(connection)
        if not isinstance(connection.auth, OAuthClientCredentials):
            record.refused = f"the endpoint answered {status} to its credentials"
        elif record.token and (used is None or used.header_value == self._bearer(record.token).header_value):
            record.token = None
            record.note = f"the endpoint answered {status} to its token; the next attempt asks for a new one"

    def state(self, connection: Connection) -> ConnectionStatus:
        """Return the state of a connection, as EventBridge would name it."""
        record = self._record(connection)
        if reason := record.refused or missing_secret(connection):
            return ConnectionStatus("DEAUTHORIZED", reason)
        if not isinstance(connection.auth, OAuthClientCredentials):
            return ConnectionStatus("AUTHORIZED")
        if record.lock.locked():
            return ConnectionStatus("AUTHORIZING", "a token is being asked for")
        if not record.authorized:
            return ConnectionStatus("AUTHORIZING", "no token has been asked for yet")
        return ConnectionStatus("AUTHORIZED", record.note, self._left(record.token))

    def reauthorize(self, connection: Connection) -> None:
        """Forget why a connection was deauthorized, and its token: the next request asks anew."""
        record = self._record(connection)
        record.refused = record.hint = record.note = ""
        record.token, record.authorized = None, False

    def forget(self) -> None:
        """Forget everything of every connection, as after an update of them all."""
        self._records.clear()
        self._met.clear()

    def redactor(self, connection: Connection) -> Redactor:
        """Return what masks the secrets of a connection: its credentials, parameters and tokens."""
        record = self._record(connection)
        if record.redactor is None:
            record.redactor = redactor_of(connection, iter(record.tokens))
        return record.redactor

    def _record(self, connection: Connection) -> _Record:
        if met := self._met.get(id(connection)):
            return met[1]
        key = (connection.name, connection.arn, connection.auth, connection.invocation_http_parameters)
        record = self._records.setdefault(key, _Record())
        if len(self._met) >= _MET_KEPT:
            self._met.clear()
        # The connection is kept too: no other can have its identity then.
        self._met[id(connection)] = connection, record
        return record

    def _check(self, connection: Connection, record: _Record) -> None:
        if record.refused:
            message = f"connection {connection.name!r} is DEAUTHORIZED: {record.refused}"
            raise AuthorizationError(message, hint=record.hint or "authorize it again when that is mended")

    def _left(self, token: _Held | None) -> float | None:
        return (
            None
            if token is None or token.expires_at is None
            else (token.expires_at - self._now()).total_seconds()
        )

    def _lasts(self, token: _Held) -> bool:
        left = self._left(token)
        return left is None or left > RENEWED_WITHIN

    def _bearer(self, token: _Held) -> Authorization:
        left = self._left(token)
        lifetime = "lifetime not told" if left is None else f"expires in {spoken(max(0.0, left))}"
        return bearer_authorization(token.value, lifetime)

    async def _renew(self, connection: Connection, auth: OAuthClientCredentials, record: _Record) -> Granted:
        await asyncio.to_thread(import_module, "authlib.oauth2.client")
        # Nothing is masked on the way in: the token itself may be one that is masked already.
        sent = revealed_request(auth, self._form)
        result = await exchange(
            sent,
            limit=self._limit,
            redactor=Redactor(),
            certificates=self._certificates,
            proxies=self._proxies,
        )
        try:
            token = _received(result, auth)
        except TokenError as error:
            message = self.redactor(connection).text(str(error))
            record.refused, record.hint, record.token = message, error.hint, None
            record.exchange = shown = self._shown(connection, auth, result, None, message)
            raise AuthorizationError(message, hint=error.hint, exchange=shown) from None
        expires = None if token.expires_in is None else self._now() + timedelta(seconds=token.expires_in)
        record.token, record.authorized, record.note = _Held(token.value, expires), True, token.note
        record.tokens.append(token.value)
        record.redactor = None
        record.exchange = self._shown(connection, auth, result, token, "")
        return Granted(self._bearer(record.token), record.exchange)

    def _shown(
        self,
        connection: Connection,
        auth: OAuthClientCredentials,
        result: Exchange | None,
        token: Token | None,
        error: str,
    ) -> TokenExchange:
        """Return the token request and its answer, if there is one yet, with everything secret masked."""
        asked, redactor = masked_request(auth, self._form), self.redactor(connection)
        answer = result.response if result else None
        jwt = read_jwt(token.value, asked_by(auth, token.expires_in), self._now()) if token else None

        def text(received: str) -> str:
            return redactor.text(without_tokens(received))

        return TokenExchange(
            endpoint=_legible(asked.url),
            method=asked.method,
            request_headers=asked.headers,
            request_body=_legible(asked.body.decode()),
            status=answer.status if answer else None,
            response_headers=tuple((text(n), text(v)) for n, v in answer.headers) if answer else (),
            response_body=text(answer.body.decode("utf-8", "replace")) if answer else "",
            milliseconds=result.timings.total if result else 0.0,
            token_type=text(token.token_type) if token else "",
            scope=text(token.scope) if token else "",
            expires_in=token.expires_in if token else None,
            error=error,
            note=text(token.note) if token else "",
            assumptions=(form_assumption(self._form),),
            jwt=jwt and JsonWebToken(text(jwt.header), text(jwt.claims), tuple(map(text, jwt.warnings))),
            tls=text(result.tls) if result else "",
        )


def _received(result: Exchange, auth: OAuthClientCredentials) -> Token:
    if result.response:
        return read_token(result.response, auth)
    why = result.error.message if result.error else "it did not answer"
    raise TokenError(f"no token came: {why}", hint="check AuthorizationEndpoint")


def _legible(text: str) -> str:
    return text.replace(quote_plus(MASK), MASK)
