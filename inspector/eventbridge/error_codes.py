"""The ERROR_CODE values of dead letters: what each means and what to do about it.

AWS publishes the codes as a sample, without meanings (retries-and-dlq, section 3). Meanings and advice are
the inspector's own; which outcome of HTTP gives which code is its suggestion (`ERROR_CODE`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from inspector.eventbridge.assumption import ERROR_CODE, Assumption


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One code: what happened, what to do, and the outcomes of an attempt that suggest it (empty: none).

    published: whether AWS lists the code.
    """

    code: str
    meaning: str
    advice: str
    outcomes: str = ""
    published: bool = True

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Marks a meaning that rests on the suggested mapping."""
        return (ERROR_CODE,) if self.outcomes else ()


_KMS: Final = "Let the key's policy allow EventBridge to use it, see that the key is enabled, then redrive."
_HOPS: Final = (
    "Send the event from where it was first put on a bus; a redrive to the endpoint is not affected."
)
_INGESTION: Final = (
    "Let the receiving bus's policy and the rule's role allow events:PutEvents, then put it again."
)

ERROR_CODES: Final[Mapping[str, ErrorCode]] = {
    code.code: code
    for code in (
        ErrorCode(
            "ACTION_DECRYPTION_FAILURE",
            "what the target needs could not be decrypted with its KMS key",
            _KMS,
        ),
        ErrorCode(
            "CONNECTION_FAILURE",
            "no connection to the endpoint came about, or it broke",
            "See that the host name resolves, the port is open to the internet and the certificate is valid; "
            "then redrive.",
            "a host name that does not resolve, a refused or broken connection, a TLS failure",
        ),
        ErrorCode(
            "CROSS_ACCOUNT_INGESTION_FAILED", "the bus of another account did not take the event", _INGESTION
        ),
        ErrorCode(
            "CROSS_REGION_INGESTION_FAILED", "the bus of another region did not take the event", _INGESTION
        ),
        ErrorCode(
            "ERROR_FROM_TARGET",
            "the endpoint answered with an error of its own, again and again",
            "Look for the error in the endpoint's logs; redrive once it answers with 2xx.",
            "5xx",
        ),
        ErrorCode("EVENT_DECRYPTION_FAILURE", "the bus's KMS key did not decrypt the event", _KMS),
        ErrorCode("EVENT_ENCRYPTION_FAILURE", "the bus's KMS key did not encrypt the event", _KMS),
        ErrorCode(
            "EVENTS_IN_BATCH_REQUEST_REJECTED",
            "the target took a batch and refused some of its events",
            "Look at the limits of the target and at this event's size; then redrive it alone.",
        ),
        ErrorCode(
            "FAILED_TO_ASSUME_ROLE",
            "EventBridge could not assume the target's role",
            "Let the role's trust policy name events.amazonaws.com, and see that the role still exists; a "
            "redrive from here needs no role.",
            "a role that cannot be assumed",
        ),
        ErrorCode(
            "INTERNAL_ERROR",
            "EventBridge itself failed",
            "Redrive; where it comes back, look at the AWS Health Dashboard.",
        ),
        ErrorCode(
            "INVALID_JSON",
            "the input transformer's result is no JSON, so nothing was ever sent",
            "Mend the target's input template (inspector preview shows the fault); redrive with --edit.",
            "a template whose result is not JSON",
        ),
        ErrorCode(
            "INVALID_PARAMETER",
            "a parameter of the target is not valid for this event",
            "Look at the target's HTTP parameters and at the values that it reads from the event.",
        ),
        ErrorCode(
            "NO_PERMISSIONS",
            "the call was not allowed: the endpoint refused the credentials, or the role lacks a permission",
            "Check the connection's credentials and state, and that the role allows "
            "events:InvokeApiDestination; then redrive.",
            "401, 403, 407",
        ),
        ErrorCode(
            "NO_RESOURCE",
            "what was called does not exist: the endpoint's path, or the API destination itself",
            "Correct the endpoint's URL or the path parameters, or restore the destination; then redrive.",
            "404, 410",
        ),
        ErrorCode(
            "RESOURCE_ALREADY_EXISTS",
            "the target says that what this event creates is there already",
            "Look whether an earlier attempt got through: then the letter can be deleted.",
        ),
        ErrorCode(
            "RESOURCE_LIMIT_EXCEEDED",
            "a quota of the target is used up",
            "Raise the quota or make room; then redrive.",
        ),
        ErrorCode(
            "RESOURCE_MODIFICATION_COLLISION",
            "the endpoint was changing the same thing at the time",
            "Redrive; where it comes back, look whether an earlier attempt got through.",
            "409",
        ),
        ErrorCode("RULE_DECRYPTION_FAILURE", "the bus's KMS key did not decrypt the rule", _KMS),
        ErrorCode(
            "SDK_CLIENT_ERROR",
            "the endpoint refused the request as it is, which is final at once",
            "Compare the request with what the endpoint wants (inspector dlq redrive --dry-run shows it); "
            "redrive with --edit.",
            "3xx and every 4xx that has no code of its own, such as 400, 405, 415 and 422",
        ),
        ErrorCode("THIRD_ACCOUNT_HOP_DETECTED", "the event would have gone on to a third account", _HOPS),
        ErrorCode("THIRD_REGION_HOP_DETECTED", "the event would have gone on to a third region", _HOPS),
        ErrorCode(
            "THROTTLING",
            "the endpoint asked for fewer requests until the retries were over",
            "Lower the destination's InvocationRateLimitPerSecond, or give the policy more time; then "
            "redrive.",
            "429",
        ),
        ErrorCode(
            "TIMEOUT",
            "the endpoint did not answer within 5 s",
            "Let the endpoint answer at once and work afterwards; it may have done the work all the same, so "
            "look before a redrive.",
            "no answer within 5 s",
        ),
        ErrorCode(
            "TRANSIENT_ASSUME_ROLE",
            "EventBridge could not assume the target's role for the moment",
            "Redrive.",
        ),
        ErrorCode(
            "UNKNOWN",
            "EventBridge gives no reason",
            "The error message is all there is; redrive and look at the answer here.",
        ),
    )
}
"""Every published code by its name."""


def error_code(code: str) -> ErrorCode:
    """Return what is known of a code; AWS's list is a sample, so another one is possible."""
    if found := ERROR_CODES.get(code):
        return found
    meaning = "a code that AWS's documentation does not list" if code else "the message carries no ERROR_CODE"
    return ErrorCode(code, meaning, "The error message is all there is.", published=False)


def end_in_words(attributes: Mapping[str, str]) -> str:
    """Return why no further attempt was made, from a dead letter's attributes, in one sentence."""
    retries = attributes.get("RETRY_ATTEMPTS", "")
    made = {"": "an unknown number of retries", "0": "no retry", "1": "one retry"}.get(
        retries, f"{retries} retries"
    )
    match attributes.get("EXHAUSTED_RETRY_CONDITION", ""):
        case "MaximumRetryAttempts":
            if retries == "0":
                return "the policy allows no retry (MaximumRetryAttempts 0)"
            return f"the retries that the policy allows were used up, after {made}"
        case "MaximumEventAgeInSeconds":
            return f"the event reached its maximum age, after {made}"
        case "":
            if retries == "0":
                return "the first outcome was final, or nothing was sent at all: no retry was made"
            return f"the last outcome was final, after {made}" if retries else "the message does not say"
        case other:
            return f"{other}, after {made}"
