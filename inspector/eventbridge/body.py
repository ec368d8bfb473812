"""The body of a request: the payload with the connection's body parameters in it (request-and-auth, 5)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from inspector.eventbridge.assumption import BODY_PARAMETERS_SKIPPED
from inspector.eventbridge.provenance import Part, Remarks
from inspector.eventbridge.transform import well_formed
from inspector.jsontext import JsonError, JsonObject, dumps, loads

PARAMETERS_LIMIT: Final = 64 * 1024
"""Bytes of payload and connection parameters together, by the API's text (request-and-auth, section 5)."""

_LONGEST_SHOWN: Final = 80


def merge_body(payload: str, parameters: Sequence[tuple[str, str]]) -> str:
    """Return the body: `payload` with `parameters` as top-level members, where it is a JSON object.

    A member of the same name is replaced in its place, others are appended. With parameters the object is
    written anew, compact; without, or where the payload is no object, it stays byte for byte.
    """
    if not parameters:
        return payload
    members = _object(payload)
    if members is None:
        return payload
    return well_formed(dumps(members | dict(parameters)))


def body_parts(payload: str, parameters: Sequence[Part], remarks: Remarks) -> tuple[Part, ...]:
    """Return the body parameters that are merged: none where the payload is no JSON object."""
    if not parameters:
        return ()
    members = _object(payload)
    if members is None:
        remarks.assume(BODY_PARAMETERS_SKIPPED)
        remarks.note(
            "the payload is no JSON object: the connection's body parameters are left out", warning=True
        )
        return ()
    texts = [payload, *(text for part in parameters for text in (part.name, str(part.value)))]
    if sum(len(well_formed(text).encode()) for text in texts) > PARAMETERS_LIMIT:
        remarks.note(
            "payload and connection parameters are over 64 KB, AWS's documented limit for them; whether it "
            "is enforced is not established",
            warning=True,
        )
    return tuple(
        replace(part, replaced=f"payload's {_short(dumps(members[part.name]))}")
        if part.name in members
        else part
        for part in parameters
    )


def _object(payload: str) -> JsonObject | None:
    """Return the members of a payload that can be read and written again, None for any other."""
    try:
        value = loads(payload)
        dumps(value)
    except JsonError:
        return None
    return value if isinstance(value, dict) else None


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
