"""The text of an `InputTemplate`: where its placeholders stand, and what PutTargets sees of it.

(transform, section 0)
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from inspector.jsontext import JsonError, loads_many

EVENT: Final = "aws.events.event"
EVENT_JSON: Final = "aws.events.event.json"
RULE_NAME: Final = "aws.events.rule-name"
RULE_ARN: Final = "aws.events.rule-arn"
INGESTION_TIME: Final = "aws.events.event.ingestion-time"
JSON_SPACE: Final = " \t\r\n"
PREDEFINED: Final = (RULE_ARN, RULE_NAME, INGESTION_TIME, EVENT, EVENT_JSON)

_PLACEHOLDER: Final = re.compile(r"<([A-Za-z0-9_.-]+)>")
_NULL: Final = "null"
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)


@dataclass(frozen=True, slots=True)
class TemplatePlaceholder:
    """One `<name>` in a template.

    start, end: its span. string: the span of the quoted string around it, quotes included, None where
    it stands bare. is_key: it is (part of) the key of an object.
    """

    name: str
    start: int
    end: int
    string: tuple[int, int] | None
    is_key: bool

    @property
    def in_quotes(self) -> bool:
        """Whether it stands inside a quoted string."""
        return self.string is not None


def is_object_template(template: str) -> bool:
    """Tell whether a template is rendered as an object: its first character is `{`."""
    return template.startswith("{")


@lru_cache(maxsize=256)
def placeholders_of(template: str) -> tuple[TemplatePlaceholder, ...]:
    """Return the placeholders of a template in order; `<` that opens no `<word>` is plain text."""
    strings = tuple(quoted_spans(template))
    starts = [start for start, _ in strings]
    found = []
    for match in _PLACEHOLDER.finditer(template):
        index = bisect_right(starts, match.start()) - 1
        around = strings[index] if index >= 0 and match.start() < strings[index][1] else None
        behind = around[1] if around else match.end()
        found.append(
            TemplatePlaceholder(
                match[1], match.start(), match.end(), around, _colon_follows(template, behind)
            )
        )
    return tuple(found)


def quoted_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the quoted strings in a JSON-like text, quotes included."""
    for match in _STRING.finditer(text):
        yield match.span()


def json_fault(text: str) -> JsonError | None:
    """Return why `text` is neither one JSON value nor several parted by white space; None where it is."""
    try:
        values = loads_many(text)
    except JsonError as error:
        return _placed(error, text)
    return None if values else JsonError("a value is missing", 1, 1, 0)


def template_fault(template: str) -> tuple[str, JsonError, int] | None:
    """Return why a template is refused with every placeholder read as `null`; None where it is not.

    The answer is the text that was read so, its fault, and the fault's offset in the template itself.
    """
    text = _PLACEHOLDER.sub(_NULL, template)
    fault = json_fault(text)
    if fault is None:
        return None
    moved = 0
    for found in placeholders_of(template):
        read_at = found.start - moved
        if fault.offset < read_at:
            break
        if fault.offset < read_at + len(_NULL):
            return text, fault, found.start
        moved += found.end - found.start - len(_NULL)
    return text, fault, fault.offset + moved


def _colon_follows(text: str, at: int) -> bool:
    while at < len(text) and text[at] in JSON_SPACE:
        at += 1
    return text[at : at + 1] == ":"


def _placed(error: JsonError, text: str) -> JsonError:
    """Give the place of `NaN` and `Infinity`, which the decoder refuses without one."""
    name = error.reason.removesuffix(" is no JSON value")
    if name == error.reason:
        return error
    spans = tuple(quoted_spans(text))
    for match in re.finditer(re.escape(name), text):
        if not any(start <= match.start() < end for start, end in spans):
            at = match.start()
            line = text.count("\n", 0, at) + 1
            return JsonError(error.reason, line, at - text.rfind("\n", 0, at), at)
    return error
