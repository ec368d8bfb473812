"""Which outcome is retried, and the code it gives (retries-and-dlq, sections 1 and 3)."""

import pytest

from inspector.eventbridge.retry import TransportErrorKind, classify_error, classify_status

STATUSES = [
    *[(status, "success", "") for status in (200, 201, 202, 204, 206, 299)],
    *[(status, "retriable", "ERROR_FROM_TARGET") for status in (500, 501, 502, 503, 504, 599)],
    (401, "retriable", "NO_PERMISSIONS"),
    (407, "retriable", "NO_PERMISSIONS"),
    (409, "retriable", "RESOURCE_MODIFICATION_COLLISION"),
    (429, "retriable", "THROTTLING"),
    (403, "final", "NO_PERMISSIONS"),
    (404, "final", "NO_RESOURCE"),
    (410, "final", "NO_RESOURCE"),
    *[(status, "final", "SDK_CLIENT_ERROR") for status in (400, 402, 405, 408, 415, 418, 422, 425, 499)],
    *[(status, "final", "SDK_CLIENT_ERROR") for status in (300, 301, 302, 303, 304, 307, 308)],
    *[(status, "final", "SDK_CLIENT_ERROR") for status in (101, 600, 999)],
]


@pytest.mark.parametrize(("status", "outcome", "code"), STATUSES)
def test_a_status_has_its_class_and_its_code(status: int, outcome: str, code: str) -> None:
    result = classify_status(status)
    assert (result.outcome, result.error_code) == (outcome, code)


@pytest.mark.parametrize(
    ("kind", "outcome", "code"),
    [
        ("timeout", "retriable", "TIMEOUT"),
        ("refused", "retriable", "CONNECTION_FAILURE"),
        ("unreachable", "retriable", "CONNECTION_FAILURE"),
        ("reset", "retriable", "CONNECTION_FAILURE"),
        ("tls", "retriable", "CONNECTION_FAILURE"),
        ("protocol", "retriable", "CONNECTION_FAILURE"),
        ("dns", "final", "CONNECTION_FAILURE"),
        ("invalid-address", "final", "CONNECTION_FAILURE"),
        ("invalid-request", "final", "SDK_CLIENT_ERROR"),
        ("unauthorized-connection", "retriable", "NO_PERMISSIONS"),
        ("auth", "retriable", "NO_PERMISSIONS"),
    ],
)
def test_a_failure_without_an_answer_has_its_class_and_its_code(
    kind: TransportErrorKind, outcome: str, code: str
) -> None:
    result = classify_error(kind)
    assert (result.outcome, result.error_code) == (outcome, code)


@pytest.mark.parametrize(
    ("status", "rule"),
    [
        (204, "204 is a success: 2xx"),
        (503, "503 is retried: 5xx"),
        (429, "429 is retried: throttled"),
        (404, "404 is final: of 4xx only 401, 407, 409 and 429 are retried"),
        (302, "302 is final: a redirect is not followed"),
    ],
)
def test_the_rule_is_told_in_words(status: int, rule: str) -> None:
    assert classify_status(status).rule == rule


def test_a_code_that_aws_does_not_publish_is_marked_as_an_assumption() -> None:
    assert [a.name for a in classify_status(503).assumptions] == ["error-code"]
    assert classify_status(200).assumptions == ()
    assert "unusable-connection" in [a.name for a in classify_error("auth").assumptions]
