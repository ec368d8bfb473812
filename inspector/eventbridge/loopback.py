"""Endpoints on this machine: an extension of the inspector, EventBridge reaches none of them."""

import re
from typing import Final

_LOOPBACK: Final = re.compile(
    r"[a-z][a-z0-9+.-]*://(?:[^/?#]*@)?"
    r"(?:localhost|[^/?#@:]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d*)?(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)


def is_loopback(url: str) -> bool:
    """Tell whether a URL's host is this machine by its name or address."""
    return _LOOPBACK.fullmatch(url) is not None
