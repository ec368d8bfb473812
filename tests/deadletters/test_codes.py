"""What the attributes of a dead letter mean (retries-and-dlq, section 3)."""

import pytest

from inspector.eventbridge.assumption import ERROR_CODE
from inspector.eventbridge.error_codes import ERROR_CODES, end_in_words, error_code
from inspector.eventbridge.retry import classify_error, classify_status

PUBLISHED = [
    "ACTION_DECRYPTION_FAILURE",
    "CONNECTION_FAILURE",
    "CROSS_ACCOUNT_INGESTION_FAILED",
    "CROSS_REGION_INGESTION_FAILED",
    "ERROR_FROM_TARGET",
    "EVENT_DECRYPTION_FAILURE",
    "EVENT_ENCRYPTION_FAILURE",
    "EVENTS_IN_BATCH_REQUEST_REJECTED",
    "FAILED_TO_ASSUME_ROLE",
    "INTERNAL_ERROR",
    "INVALID_JSON",
    "INVALID_PARAMETER",
    "NO_PERMISSIONS",
    "NO_RESOURCE",
    "RESOURCE_ALREADY_EXISTS",
    "RESOURCE_LIMIT_EXCEEDED",
    "RESOURCE_MODIFICATION_COLLISION",
    "RULE_DECRYPTION_FAILURE",
    "SDK_CLIENT_ERROR",
    "THIRD_ACCOUNT_HOP_DETECTED",
    "THIRD_REGION_HOP_DETECTED",
    "THROTTLING",
    "TIMEOUT",
    "TRANSIENT_ASSUME_ROLE",
    "UNKNOWN",
]


def test_every_published_code_is_explained_and_no_other() -> None:
    assert sorted(ERROR_CODES) == sorted(PUBLISHED)


@pytest.mark.parametrize("code", PUBLISHED)
def test_a_code_has_a_meaning_and_advice(code: str) -> None:
    known = error_code(code)
    assert (known.code, known.published) == (code, True)
    assert known.meaning
    assert not known.meaning.endswith(".")
    assert known.advice.endswith(".")


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 407, 409, 410, 415, 422, 429, 500, 503])
def test_codes_of_attempts_are_marked_as_suggested(status: int) -> None:
    code = error_code(classify_status(status).error_code)
    assert code.published
    assert code.assumptions == (ERROR_CODE,)


@pytest.mark.parametrize("kind", ["timeout", "refused", "tls", "dns", "auth", "invalid-request"])
def test_codes_of_failures_without_an_answer_are_explained_too(kind: str) -> None:
    assert error_code(classify_error(kind).error_code).published  # type: ignore[arg-type]


def test_a_code_that_aws_does_not_list() -> None:
    """The list is published as a sample."""
    assert error_code("NEW_ONE").published is False
    assert "does not list" in error_code("NEW_ONE").meaning
    assert "no ERROR_CODE" in error_code("").meaning


@pytest.mark.parametrize(
    ("condition", "retries", "words"),
    [
        ("MaximumRetryAttempts", "185", "the retries that the policy allows were used up, after 185 retries"),
        ("MaximumRetryAttempts", "1", "the retries that the policy allows were used up, after one retry"),
        ("MaximumRetryAttempts", "0", "the policy allows no retry (MaximumRetryAttempts 0)"),
        ("MaximumEventAgeInSeconds", "12", "the event reached its maximum age, after 12 retries"),
        (
            "MaximumEventAgeInSeconds",
            "",
            "the event reached its maximum age, after an unknown number of retries",
        ),
        ("", "0", "the first outcome was final, or nothing was sent at all: no retry was made"),
        ("", "1", "the last outcome was final, after one retry"),
        ("", "", "the message does not say"),
        ("Patience", "3", "Patience, after 3 retries"),
    ],
)
def test_the_end_in_words(condition: str, retries: str, words: str) -> None:
    assert end_in_words({"EXHAUSTED_RETRY_CONDITION": condition, "RETRY_ATTEMPTS": retries}) == words
