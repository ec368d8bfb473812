"""Events to begin with: the shapes that people most often send, as JSON text."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class EventTemplate:
    """A first draft of an event: its name, what it is for in one sentence, and its JSON text."""

    name: str
    use: str
    text: str


TEMPLATES: Final = (
    EventTemplate(
        "Custom event",
        "An envelope with your own source and detail; what is left out is filled in.",
        """{
  "source": "com.example.orders",
  "detail-type": "Order Placed",
  "detail": {
    "orderId": "o-1001",
    "total": 42.50,
    "customer": { "id": "c-7", "email": "ada@example.com" }
  }
}""",
    ),
    EventTemplate(
        "PutEvents entry",
        "One entry as an application hands it to PutEvents, its Detail as JSON in a string.",
        r"""{
  "Source": "com.example.orders",
  "DetailType": "Order Placed",
  "Detail": "{\"orderId\": \"o-1001\", \"total\": 42.50}",
  "EventBusName": "default"
}""",
    ),
    EventTemplate(
        "S3 object created",
        "What S3 sends when an object was put into a bucket with EventBridge notifications.",
        """{
  "version": "0",
  "id": "17793124-05d4-b198-2fde-7ededc63b103",
  "detail-type": "Object Created",
  "source": "aws.s3",
  "account": "123456789012",
  "time": "2026-01-12T13:02:31Z",
  "region": "us-east-1",
  "resources": ["arn:aws:s3:::amzn-s3-demo-bucket1"],
  "detail": {
    "version": "0",
    "bucket": { "name": "amzn-s3-demo-bucket1" },
    "object": {
      "key": "uploads/report.csv",
      "size": 5242880,
      "etag": "b1946ac92492d2347c6235b4d2611184",
      "sequencer": "00617F08299329D189"
    },
    "request-id": "N4N7GDK58NMKJ12R",
    "requester": "123456789012",
    "source-ip-address": "192.0.2.10",
    "reason": "PutObject"
  }
}""",
    ),
    EventTemplate(
        "EC2 state change",
        "What EC2 sends when an instance starts, stops or terminates.",
        """{
  "version": "0",
  "id": "ee376907-2647-4179-9203-343cfb3017a4",
  "detail-type": "EC2 Instance State-change Notification",
  "source": "aws.ec2",
  "account": "123456789012",
  "time": "2026-01-12T13:02:31Z",
  "region": "us-east-1",
  "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"],
  "detail": {
    "instance-id": "i-abcd1111",
    "state": "pending"
  }
}""",
    ),
    EventTemplate(
        "Scheduled event",
        "What a rule with a schedule sends to its targets.",
        """{
  "version": "0",
  "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
  "detail-type": "Scheduled Event",
  "source": "aws.events",
  "account": "123456789012",
  "time": "2026-01-12T13:00:00Z",
  "region": "us-east-1",
  "resources": ["arn:aws:events:us-east-1:123456789012:rule/my-scheduled-rule"],
  "detail": {}
}""",
    ),
)
