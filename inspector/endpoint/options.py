"""What the bundled endpoint accepts and remembers. Its credentials are for show: they open nothing else."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

_BASIC: Final = MappingProxyType(
    {
        "inspector": "correct-horse-battery",
        "myuser": "mypassword",  # of the field's tutorials, as is X-Custom-Auth below
    }
)
_API_KEYS: Final = MappingProxyType(
    {"X-Api-Key": "demo-api-key-7f3a9c", "X-Custom-Auth": "my-secret-key-value"}
)
_CLIENTS: Final = MappingProxyType({"inspector-client": "demo-client-secret-51c2"})


@dataclass(frozen=True, slots=True)
class EndpointOptions:
    """The endpoint's credentials and bounds.

    basic: user name to password. api_keys: header name to key. clients: OAuth client id to its secret.
    keep: how many received requests are remembered. now: the wall clock in seconds since the epoch.
    """

    basic: Mapping[str, str] = field(default_factory=lambda: _BASIC)
    api_keys: Mapping[str, str] = field(default_factory=lambda: _API_KEYS)
    clients: Mapping[str, str] = field(default_factory=lambda: _CLIENTS)
    keep: int = 200
    now: Callable[[], float] = time.time

    def secrets(self) -> tuple[str, ...]:
        """Return everything that must not be shown."""
        return (*self.basic.values(), *self.api_keys.values(), *self.clients.values())
