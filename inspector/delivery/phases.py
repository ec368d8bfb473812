"""The phases of one request as httpcore's trace tells them, and the peer at the other end."""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Protocol, runtime_checkable

from inspector.delivery.events import Timings
from inspector.safe import safe_line


@runtime_checkable
class _Stream(Protocol):
    def get_extra_info(self, info: str) -> object: ...


@dataclass(slots=True)
class Trace:
    """What httpcore tells while it works: the moments of the phases, and the peer."""

    marks: dict[str, float] = field(default_factory=dict)
    remote_address: str = ""
    tls: str = ""

    async def __call__(self, name: str, info: Mapping[str, object]) -> None:
        step = name.partition(".")[2]
        self.marks[step] = time.perf_counter()
        if step == "connect_tcp.complete":
            self.remote_address = address_text(_extra(info, "server_addr"))
        elif step == "start_tls.complete":
            tls = _extra(info, "ssl_object")
            self.tls = tls_text(tls) if isinstance(tls, ssl.SSLObject) else ""

    def timings(self, start: float, end: float) -> Timings:
        marks = self.marks
        answered = marks.get("receive_response_headers.complete")
        return Timings(
            dns=self._span("dns"),
            # httpcore counts the lookup of the name as connecting.
            connect=_span(
                marks.get("dns.complete", marks.get("connect_tcp.started")),
                marks.get("connect_tcp.complete"),
            ),
            tls=self._span("start_tls"),
            send=_span(marks.get("send_request_headers.started"), marks.get("send_request_body.complete")),
            wait=self._span("receive_response_headers"),
            read=_span(answered, end if "body" in marks else None),
            # What comes before the connecting is this process's own time.
            total=(end - marks.get("connect_tcp.started", start)) * 1000,
        )

    def _span(self, step: str) -> float | None:
        return _span(self.marks.get(f"{step}.started"), self.marks.get(f"{step}.complete"))

    @property
    def phase(self) -> str:
        """The phase that had begun last, for a sentence."""
        for step, words in (
            ("receive_response_headers.complete", "the answer"),
            ("send_request_body.complete", "the wait for the answer"),
            ("send_request_headers.started", "the sending"),
            ("start_tls.started", "the TLS handshake"),
        ):
            if step in self.marks:
                return words
        if "dns.started" in self.marks and "dns.complete" not in self.marks:
            return "the lookup of the name"
        return "the connecting"


def _span(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else (end - start) * 1000


def _extra(info: Mapping[str, object], name: str) -> object:
    stream = info["return_value"]
    return stream.get_extra_info(name) if isinstance(stream, _Stream) else None


def is_address(host: str) -> bool:
    """Tell whether a host is an address and needs no lookup."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def address_text(address: object) -> str:
    """Return a socket's address for a reader; empty where it is none."""
    match address:
        case (str(host), int(port), *_):
            return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        case _:
            return ""


def tls_text(tls: ssl.SSLObject) -> str:
    """Return version and certificate of a TLS connection for a reader."""
    certificate: Mapping[str, object] = tls.getpeercert() or {}
    subject, issuer = _name(certificate.get("subject")), _name(certificate.get("issuer"))
    until = certificate.get("notAfter", "?")
    return safe_line(f"{tls.version()}, certificate of {subject} by {issuer}, valid until {until}")


def _name(part: object) -> str:
    """Return who a certificate names: ssl gives groups of pairs."""
    pairs: dict[str, str] = {}
    for group in part if isinstance(part, tuple) else ():
        pairs.update(group)
    return pairs.get("commonName") or pairs.get("organizationName") or "?"
