"""A connection turned into an authorization: basic, API key, OAuth client credentials."""

from inspector.auth.authorizer import Authorizer
from inspector.auth.state import ConnectionStatus

__all__ = ["Authorizer", "ConnectionStatus"]
