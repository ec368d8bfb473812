"""Why a rendered template is not JSON, in a person's words, and what would mend it (transform, section 0)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from inspector.eventbridge.payload import Fix, Placeholder
from inspector.eventbridge.template import PREDEFINED, is_object_template, json_fault, placeholders_of
from inspector.jsontext import JsonError

_ARTICLES: Final = {"object": "an object", "array": "an array"}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why, the offset in the body at which it breaks, and fixes worth trying, the closest first."""

    reason: str
    fault_at: int
    fixes: tuple[Fix, ...] = ()


def diagnose(template: str, placeholders: Sequence[Placeholder], fault: JsonError) -> Diagnosis:
    """Return why `template`, filled with `placeholders`, gave a body with this `fault`."""
    as_object = is_object_template(template)
    guilty = [found for found in placeholders if _breaks(found, as_object)]
    if not guilty:
        return Diagnosis(f"it is not valid JSON: {fault.reason}", fault.offset)
    before = [found for found in guilty if found.body_start <= fault.offset]
    culprit = before[-1] if before else guilty[0]
    fixes = _object_fixes(template, guilty) if as_object else _other_fixes(template, guilty)
    return Diagnosis(
        _reason(template, culprit, as_object), max(fault.offset, culprit.body_start), tuple(fixes)
    )


def _breaks(found: Placeholder, as_object: bool) -> bool:
    if found.in_quotes:
        return json_fault(f'"{found.text}"') is not None
    return (not as_object or found.value_kind == "unknown") and json_fault(found.text) is not None


def _reason(template: str, found: Placeholder, as_object: bool) -> str:
    name = f"`<{found.name}>`"
    if found.value_kind == "unknown":
        return (
            f"{name} stands for nothing: without an InputPathsMap it stays in the text, and that is no JSON"
        )
    if as_object:
        what = _ARTICLES.get(found.value_kind, "a value")
        if _fills_its_string(template, found):
            return f"{name} is {what} inside quotes: remove the quotes"
        return f"{name} is {what} inside a quoted text: give it a member of its own, without quotes"
    if found.in_quotes:
        held = _unescaped(found.text)
        return f"the value of {name} holds {held}, which only a template that starts with `{{` escapes"
    match found.value_kind:
        case "missing":
            return f"{name} selects nothing and leaves a gap: put quotes around it"
        case "string":
            return f"{name} is a string outside quotes, and only a template that starts with `{{` adds them"
        case kind:
            what = _ARTICLES.get(kind, "a value")
            return f"{name} is {what} that loses its quotation marks outside a template that starts with `{{`"


def _unescaped(text: str) -> str:
    if '"' in text:
        return "a quotation mark"
    if any(character < " " for character in text):
        return "a line break or control character"
    return "a backslash"


def _fills_its_string(template: str, found: Placeholder) -> bool:
    return template[found.start - 1 : found.start] == '"' == template[found.end : found.end + 1]


def _object_fixes(template: str, guilty: Sequence[Placeholder]) -> Iterator[Fix]:
    alone = [found for found in guilty if found.in_quotes and _fills_its_string(template, found)]
    if alone:
        spans = [(found.start - 1, found.end + 1, f"<{found.name}>") for found in alone]
        yield Fix(_replaced(template, spans), f"remove the quotes around {_names(alone)}")
    yield from _predefined_fixes(template, guilty)


def _other_fixes(template: str, guilty: Sequence[Placeholder]) -> Iterator[Fix]:
    bare = [found for found in guilty if not found.in_quotes and found.value_kind in ("string", "missing")]
    if bare:
        spans = [(found.start, found.end, f'"<{found.name}>"') for found in bare]
        yield Fix(_replaced(template, spans), f"put quotes around {_names(bare)}")
    yield Fix(
        f'{{"value": {template.strip()}}}', "put the template into an object, which keeps and escapes values"
    )
    lines = [line for line in template.splitlines() if line.strip()]
    if len(lines) > 1:
        listed = ",\n ".join(line.strip() for line in lines)
        yield Fix(f'{{"lines": [{listed}]}}', "put the lines into an object, which keeps and escapes values")
    yield from _predefined_fixes(template, guilty)


def _predefined_fixes(template: str, guilty: Sequence[Placeholder]) -> Iterator[Fix]:
    unknown = {found.name for found in guilty if found.value_kind == "unknown"}
    meant = {name: close[0] for name in unknown if (close := get_close_matches(name, PREDEFINED, 1, 0.8))}
    spans = [
        (found.start, found.end, f"<{meant[found.name]}>")
        for found in placeholders_of(template)
        if found.name in meant
    ]
    if spans:
        yield Fix(
            _replaced(template, spans), "write " + ", ".join(f"<{name}>" for name in sorted(meant.values()))
        )


def _replaced(template: str, spans: Sequence[tuple[int, int, str]]) -> str:
    for start, end, text in reversed(spans):
        template = template[:start] + text + template[end:]
    return template


def _names(placeholders: Sequence[Placeholder]) -> str:
    names = dict.fromkeys(f"`<{found.name}>`" for found in placeholders)
    return " and ".join(names)
