"""The message that an undeliverable payload becomes (retries-and-dlq, section 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inspector.eventbridge.assumption import DEAD_LETTER_UNRETRIED, ERROR_CODE, Assumption
from inspector.eventbridge.retry import ExhaustedCondition

INVALID_INPUT = ("INVALID_JSON", "Invalid input for target.")
"""ERROR_CODE and ERROR_MESSAGE of a payload that is not JSON: recorded, never attempted."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message as the dead-letter queue would hold it: the transformed body and its attributes.

    `queue_arn` is empty where the target has no queue: then the event is dropped and this shows what
    a queue would have kept.
    """

    body: str
    attributes: Mapping[str, str]
    queue_arn: str = ""
    assumptions: tuple[Assumption, ...] = ()


def dead_letter(
    body: str,
    *,
    rule_arn: str,
    target_arn: str,
    error_code: str,
    error_message: str,
    exhausted: ExhaustedCondition | None,
    retry_attempts: int,
    queue_arn: str,
    assumptions: tuple[Assumption, ...] = (),
) -> DeadLetter:
    """Return the message for a payload that could not be delivered.

    body: the payload as the target's input option made it, without the connection's body parameters.
    exhausted: None where the last outcome was final; the condition is then left out. Empty ARNs are left
    out too, since SQS knows no empty attribute. assumptions: what the ARNs rest on.
    """
    attributes = {
        "RULE_ARN": rule_arn,
        "TARGET_ARN": target_arn,
        "ERROR_CODE": error_code,
        "ERROR_MESSAGE": error_message,
        "EXHAUSTED_RETRY_CONDITION": exhausted or "",
        "RETRY_ATTEMPTS": str(retry_attempts),
    }
    assumptions = (*assumptions, *(() if error_code == INVALID_INPUT[0] else (ERROR_CODE,)))
    if retry_attempts == 0:
        assumptions = (*assumptions, DEAD_LETTER_UNRETRIED)
    present = {name: value for name, value in attributes.items() if value}
    return DeadLetter(body, MappingProxyType(present), queue_arn, assumptions)
