"""Messages of a dead-letter queue as `aws sqs receive-message` prints them."""

from collections.abc import Mapping

from inspector.config.dead_letters import HeldLetter, read_letters
from inspector.jsontext import JsonObject, dumps

ARN = "arn:aws:events:us-east-1:123456789012"
RULE = f"{ARN}:rule/orders"
CRM = f"{ARN}:api-destination/crm/11112222-3333-4444-5555-666677778888"
ATTRIBUTES = {
    "RULE_ARN": RULE,
    "TARGET_ARN": CRM,
    "ERROR_CODE": "ERROR_FROM_TARGET",
    "ERROR_MESSAGE": "503 Service Unavailable",
    "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
    "RETRY_ATTEMPTS": "185",
}
ENVELOPE: JsonObject = {
    "version": "0",
    "id": "9a4b8c02-0000-1111-2222-333344445555",
    "detail-type": "Order",
    "source": "shop",
    "account": "123456789012",
    "time": "2026-03-01T12:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail": {"id": "o-1", "code": "200"},
}


def message(
    body: str = '{"order":1}',
    *,
    message_id: str = "00000000-aaaa-bbbb-cccc-000000000001",
    attributes: Mapping[str, str] = ATTRIBUTES,
) -> dict[str, object]:
    return {
        "MessageId": message_id,
        "ReceiptHandle": "AQEB…",
        "MD5OfBody": "0" * 32,
        "Body": body,
        "Attributes": {"SentTimestamp": "1772366400000", "ApproximateReceiveCount": "1"},
        "MessageAttributes": {
            name: {"StringValue": value, "DataType": "String"} for name, value in attributes.items()
        },
    }


def held(body: str = '{"order":1}', **attributes: str) -> HeldLetter:
    (letter,) = read_letters(dumps(message(body, attributes={**ATTRIBUTES, **attributes})), "queue.json")
    return letter
