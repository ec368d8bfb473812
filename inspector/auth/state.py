"""The state of a connection, as EventBridge names it (request-and-auth, section 7)."""

from dataclasses import dataclass

from inspector.eventbridge.resources import ConnectionState


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """State and reason of a connection, and how long its token lasts.

    reason: one sentence, empty where there is nothing to say. token_expires_in: seconds, None without a
    token or where the token endpoint did not tell.
    """

    state: ConnectionState
    reason: str = ""
    token_expires_in: float | None = None
