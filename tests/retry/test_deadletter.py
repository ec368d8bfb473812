"""The dead-letter message (retries-and-dlq, section 3)."""

from inspector.eventbridge.deadletter import DeadLetter, dead_letter
from inspector.eventbridge.retry import ExhaustedCondition

RULE = "arn:aws:events:us-east-1:123456789012:rule/orders"
TARGET = "arn:aws:events:us-east-1:123456789012:api-destination/crm/0a1b"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders-dlq"


def letter(
    *,
    error_code: str = "ERROR_FROM_TARGET",
    exhausted: ExhaustedCondition | None = "MaximumRetryAttempts",
    retry_attempts: int = 2,
    rule_arn: str = RULE,
    queue_arn: str = QUEUE,
) -> DeadLetter:
    return dead_letter(
        '{"order":1}',
        rule_arn=rule_arn,
        target_arn=TARGET,
        error_code=error_code,
        error_message="the endpoint answered 500",
        exhausted=exhausted,
        retry_attempts=retry_attempts,
        queue_arn=queue_arn,
    )


def test_the_body_is_the_payload_and_the_attributes_say_why() -> None:
    message = letter()
    assert message.body == '{"order":1}'
    assert message.queue_arn == QUEUE
    assert message.attributes == {
        "RULE_ARN": RULE,
        "TARGET_ARN": TARGET,
        "ERROR_CODE": "ERROR_FROM_TARGET",
        "ERROR_MESSAGE": "the endpoint answered 500",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
        "RETRY_ATTEMPTS": "2",
    }


def test_a_final_failure_has_no_condition_and_0_retries() -> None:
    message = letter(error_code="SDK_CLIENT_ERROR", exhausted=None, retry_attempts=0)
    assert "EXHAUSTED_RETRY_CONDITION" not in message.attributes
    assert message.attributes["RETRY_ATTEMPTS"] == "0"
    assert [a.name for a in message.assumptions] == ["error-code", "dead-letter-unretried"]


def test_no_retry_allowed_still_names_the_condition() -> None:
    message = letter(retry_attempts=0)
    assert message.attributes["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
    assert message.attributes["RETRY_ATTEMPTS"] == "0"


def test_without_a_queue_the_message_is_what_a_queue_would_have_kept() -> None:
    message = letter(rule_arn="", queue_arn="")
    assert message.queue_arn == ""
    assert "RULE_ARN" not in message.attributes
