"""What an endpoint must be beyond its characters: a scheme that can be spoken, and a host."""

from urllib.parse import urlsplit

from inspector.config.check import Members
from inspector.config.report import Report, shown
from inspector.eventbridge.loopback import is_loopback


def check_scheme(members: Members, name: str, report: Report) -> bool:
    """Report what is wrong with the URL in a member; return whether requests can go to it.

    AWS asks for HTTPS. Plain HTTP is an extension of the inspector's for what runs on this machine
    (request-and-auth, section 1).
    """
    endpoint = members.text(name)
    place = members.at(name)
    try:
        parts = urlsplit(endpoint)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("http", "https"):
        report.error(place, shown(endpoint), "a URL that begins with https:// and a host")
        return False
    if parts.scheme == "http" and not is_loopback(endpoint):
        expected = "https://, which AWS requires; only local endpoints go without"
        report.warning(place, shown(endpoint), expected, kind="scheme")
    return True
