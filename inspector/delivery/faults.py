"""Why a request got no answer: exceptions of httpx, anyio, ssl and the system, told in a sentence."""

import errno
import os
import socket
import ssl
from collections.abc import Iterator
from typing import Final

from inspector.delivery.events import TransportError
from inspector.eventbridge.retry import TransportErrorKind
from inspector.safe import safe_line

_UNREACHABLE: Final = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN}
_BROKEN: Final = {errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED, errno.ENOTCONN, errno.ESHUTDOWN}
_ADDRESS: Final = {errno.EADDRNOTAVAIL, errno.EINVAL, errno.EACCES, errno.EPERM, errno.EAFNOSUPPORT}


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and everything that it came of, members of groups included.

    The system's own error stands at the end of the chain, below those of three libraries.
    """
    seen: set[int] = set()
    pending = [error]
    while pending:
        current = pending.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            pending.extend(current.exceptions)
        # Suppressed contexts too: the libraries raise "from None" over what the system said.
        if (below := current.__cause__ or current.__context__) is not None:
            pending.append(below)


def transport_error(error: BaseException, *, peer: str, phase: str) -> TransportError:
    """Return what a failed request tells.

    peer: the host and port for a reader. phase: what was going on (`connecting`, `the TLS handshake`, …).
    """
    chain = list(causes(error))
    for cause in chain:
        if isinstance(cause, socket.gaierror):
            return TransportError("dns", _unresolved(cause, peer))
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = safe_line(cause.verify_message).rstrip(".")
            return TransportError("tls", f"the certificate of {peer} is refused: {why}")
    for cause in chain:
        # SSLError is an OSError: it goes first.
        if isinstance(cause, ssl.SSLError):
            return TransportError("tls", _tls(cause, peer))
        if isinstance(cause, OSError) and (kind := _kind(cause)):
            return TransportError(kind, _network(kind, cause, peer, phase))
    return _by_library(chain, peer, phase)


def _kind(error: OSError) -> TransportErrorKind | None:
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, TimeoutError) and error.errno is not None:
        return "timeout"
    if error.errno in _BROKEN:
        return "reset"
    if error.errno in _UNREACHABLE:
        return "unreachable"
    if error.errno in _ADDRESS:
        return "invalid-address"
    return None


def _network(kind: TransportErrorKind, error: OSError, peer: str, phase: str) -> str:
    match kind:
        case "refused":
            return f"{peer} refused the connection: nothing listens there"
        case "timeout":
            return f"{peer} did not answer the connection"
        case "reset":
            return f"{peer} broke the connection off during {phase}"
        case "unreachable":
            return f"no way to {peer}: {_system_text(error)}"
        case _:
            return f"{peer} is no address to connect to: {_system_text(error)}"


def _system_text(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno else "unknown"


def _unresolved(error: socket.gaierror, peer: str) -> str:
    host = peer.rpartition(":")[0]
    if error.errno == socket.EAI_AGAIN:
        return f"the host name {host} does not resolve: the name server did not answer"
    return f"the host name {host} does not resolve"


def _tls(error: ssl.SSLError, peer: str) -> str:
    if error.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"):
        return f"{peer} does not speak TLS"
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return f"{peer} closed the connection during TLS"
    reason = (error.reason or "unknown reason").replace("_", " ").lower()
    return f"TLS with {peer} failed: {safe_line(reason)}"


def _by_library(chain: list[BaseException], peer: str, phase: str) -> TransportError:
    """Tell what only httpx's own classes tell. They are known by name: this module imports no httpx."""
    names = {type(cause).__name__ for cause in chain}
    below_http = any(type(cause).__module__.startswith("h11") for cause in chain)
    if "TimeoutException" in names or any(name.endswith("Timeout") for name in names):
        return TransportError("timeout", f"no answer of {peer} in time, during {phase}")
    if "LocalProtocolError" in names and not any(n == "RemoteProtocolError" for n in names):
        return TransportError("invalid-request", "the request cannot be written as HTTP")
    if "RemoteProtocolError" in names and not below_http:
        return TransportError("reset", f"{peer} closed the connection without an answer")
    if "RemoteProtocolError" in names:
        detail = next(str(cause) for cause in chain if type(cause).__module__.startswith("h11"))
        return TransportError("protocol", f"the answer of {peer} breaks HTTP: {_short(detail)}")
    if "EndOfStream" in names or "BrokenResourceError" in names or "ClosedResourceError" in names:
        kind: TransportErrorKind = "tls" if phase == "the TLS handshake" else "reset"
        return TransportError(kind, f"{peer} closed the connection during {phase}")
    return TransportError(
        "reset", f"the connection to {peer} failed during {phase}: {type(chain[0]).__name__}"
    )


def _short(text: str) -> str:
    line = safe_line(text)
    return line if len(line) <= 160 else line[:160] + "…"
