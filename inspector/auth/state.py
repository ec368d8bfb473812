"""The state of a connection, as EventBridge names it (request-and-auth, section 7)."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from inspector.eventbridge.resources import ConnectionState

DestinationState: TypeAlias = Literal["ACTIVE", "INACTIVE"]


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """State and reason of a connection, and how long its token lasts.

    reason: one sentence, empty where there is nothing to say. token_expires_in: seconds, None without a
    token or where the token endpoint did not tell.
    """

    state: ConnectionState
    reason: str = ""
    token_expires_in: float | None = None

    @property
    def usable(self) -> bool:
        """Whether a request may be sent: none is sent while the connection is deauthorized."""
        return self.state != "DEAUTHORIZED"

    @property
    def destination_state(self) -> DestinationState:
        """What the connection's destinations show: with an OAuth connection they start as INACTIVE."""
        return "ACTIVE" if self.state == "AUTHORIZED" else "INACTIVE"
