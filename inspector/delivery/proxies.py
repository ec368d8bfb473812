"""The proxies that an environment names. EventBridge uses none: they are used only when somebody asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from inspector.errors import InspectorError

_VARIABLES: Final = {"http": ("http_proxy", "all_proxy"), "https": ("https_proxy", "all_proxy")}


@dataclass(frozen=True, slots=True, repr=False)
class Proxy:
    """A proxy: its address, which may hold a password and so has no repr, and its name for a reader."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Proxies:
    """Which proxy a request goes through. direct: hosts that are reached without one (`no_proxy`)."""

    by_scheme: Mapping[str, Proxy]
    direct: tuple[str, ...] = ()

    def for_url(self, url: str) -> Proxy | None:
        """Return the proxy for an address, None where it is reached directly."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            return None
        proxy = self.by_scheme.get(parts.scheme.lower())
        return None if proxy is None or self._is_direct(host, port) else proxy

    def _is_direct(self, host: str, port: int | None) -> bool:
        names = (host, f"{host}:{port}")
        return any(
            entry == "*" or any(name == entry or name.endswith(f".{entry}") for name in names)
            for entry in self.direct
        )


def proxies_of(environ: Mapping[str, str]) -> Proxies:
    """Return the proxies of `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in either case.

    Raises:
        InspectorError: a variable names no proxy that can be used.
    """

    def value(name: str) -> str:
        return environ.get(name) or environ.get(name.upper()) or ""

    found: dict[str, Proxy] = {}
    for scheme, variables in _VARIABLES.items():
        if name := next((name for name in variables if value(name)), None):
            found[scheme] = _proxy(name, value(name))
    entries = (entry.strip().lower().removeprefix("*.").lstrip(".") for entry in value("no_proxy").split(","))
    return Proxies(found, tuple(entry for entry in entries if entry))


def _proxy(variable: str, text: str) -> Proxy:
    url = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(url)
        name = _name(parts)
    except ValueError:
        name = ""
    if not name or parts.scheme not in ("http", "https"):
        raise InspectorError(
            f"{variable} names no proxy that can be used", hint="write it as http://host:port, or unset it"
        )
    return Proxy(url, name)


def _name(parts: SplitResult) -> str:
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{parts.port or (443 if parts.scheme == 'https' else 80)}" if host else ""
