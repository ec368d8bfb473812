"""The message that an undeliverable payload becomes (retries-and-dlq, section 3)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message as the dead-letter queue would hold it: the transformed body and its attributes.

    `queue_arn` is empty where the target has no queue: then the event is dropped and this shows what
    a queue would have kept.
    """

    body: str
    attributes: Mapping[str, str]
    queue_arn: str = ""
