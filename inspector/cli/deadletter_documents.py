"""The JSON documents of dead letters."""

from inspector.cli.documents import Document, instant
from inspector.workbench.deadletters import Explanation


def letter_document(number: int, explained: Explanation, *, delivered_since: bool) -> Document:
    """One dead letter and what it means."""
    held, code = explained.held, explained.code
    return {
        "number": number,
        "message_id": held.message_id or None,
        "delivery_id": held.delivery_id or None,
        "origin": {"file": held.origin.file, "path": held.origin.path},
        "sent_at": instant(held.sent_at) if held.sent_at else None,
        "rule": {"name": explained.rule, "known": explained.rule_known} if explained.rule else None,
        "target": {"name": explained.target, "known": explained.target_known} if explained.target else None,
        "routes": [route.name for route in explained.resolution.routes],
        "note": explained.resolution.note,
        "error": {
            "code": code.code,
            "published": code.published,
            "meaning": code.meaning,
            "advice": code.advice,
            "outcomes": code.outcomes,
        },
        "end": explained.end,
        "queue_arn": held.letter.queue_arn or None,
        "attributes": held.letter.attributes,
        "body": held.letter.body,
        "body_kind": explained.body,
        "redriven": delivered_since,
        "assumptions": [
            {"name": assumption.name, "text": assumption.text}
            for assumption in dict.fromkeys((*code.assumptions, *held.letter.assumptions))
        ],
    }
