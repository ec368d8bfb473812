"""How endpoints are reached where that differs from EventBridge: other authorities, a proxy."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inspector.delivery.proxies import Proxies
from inspector.delivery.wire import Certificates
from inspector.errors import InspectorError


@dataclass(frozen=True, slots=True)
class Network:
    """How endpoints and token endpoints are reached.

    EventBridge trusts public authorities only and uses no proxy, and so does this without arguments.
    ca_file: a PEM file of authorities that are trusted too. proxies: what requests go through.
    """

    ca_file: Path | None = None
    proxies: Proxies | None = None

    def certificates(self) -> Certificates:
        """Return what verifies endpoints."""
        return Certificates(ca_file=self.ca_file)


AS_EVENTBRIDGE: Final = Network()


def checked_ca_file(path: Path) -> Path:
    """Return `path`, after a look at whether it holds certificates.

    Raises:
        InspectorError: it cannot be read, or holds none.
    """
    hint = "it takes a PEM file with the certificate of one authority or more"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(path)
    except ssl.SSLError:
        raise InspectorError(f"{path} holds no certificate", hint=hint) from None
    except OSError as error:
        raise InspectorError(f"{path} cannot be read: {error.strerror}", hint=hint) from None
    if not context.cert_store_stats()["x509"]:
        raise InspectorError(f"{path} holds no certificate", hint=hint)
    return path
