"""Marks for behaviour that AWS has not published and nobody has recorded.

Wherever the inspector follows a suggestion and not a fact, the value that it returns carries an
`Assumption`, and both faces show its text.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Assumption:
    """A behaviour that is not established: its short name and one sentence for the reader."""

    name: str
    text: str


TOKEN_REQUEST_FORM: Final = Assumption(
    "token-request-form",
    "AWS has not published how it sends client id and secret; the inspector puts them in the form body "
    "(or the query of a GET).",
)
BACKOFF_SCHEDULE: Final = Assumption(
    "backoff-schedule",
    "AWS publishes no figures for its back-off; the inspector doubles from 1 s up to 512 s with full jitter.",
)
AGE_CLOCK: Final = Assumption(
    "age-clock", "AWS does not say when an event's age starts to count; the inspector counts from ingestion."
)
ERROR_CODE: Final = Assumption(
    "error-code", "AWS does not publish which HTTP outcome gives which ERROR_CODE; this one is suggested."
)
BODY_OF_GET: Final = Assumption(
    "body-of-get", "Nothing is documented about the body of {method} requests; the inspector sends it."
)
BODY_PARAMETERS_SKIPPED: Final = Assumption(
    "body-parameters-skipped",
    "Body parameters cannot be merged into a payload that is no JSON object; the inspector leaves it alone.",
)
PATH_ENCODING: Final = Assumption(
    "path-encoding", "The encoding of path parameters is not established; the inspector percent-encodes them."
)
UNUSABLE_CONNECTION: Final = Assumption(
    "unusable-connection",
    "What becomes of an event while its connection is not authorized is not established; the inspector "
    "retries until the policy is exhausted.",
)
RETRY_AFTER_FORM: Final = Assumption(
    "retry-after-form",
    "AWS documents Retry-After in seconds only; the inspector takes an HTTP date too and ignores the rest.",
)
RETRY_AFTER_BEYOND_AGE: Final = Assumption(
    "retry-after-beyond-age",
    "What a Retry-After beyond the event's maximum age does is not established; the inspector ends the "
    "retries at once.",
)
NETWORK_CLASS: Final = Assumption(
    "network-class",
    "AWS speaks only of network conditions here; the inspector retries every failure of a connection.",
)
DEAD_LETTER_UNRETRIED: Final = Assumption(
    "dead-letter-unretried",
    "The attributes of an event that was never retried are not established; the inspector gives "
    "RETRY_ATTEMPTS 0 and no condition for a final failure.",
)
