"""Suites of cases: what teams expect of their patterns and transformers (docs/test-suites.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

from inspector.config.documents import documents
from inspector.config.files import SourceFile
from inspector.config.report import Report
from inspector.errors import InspectorError
from inspector.eventbridge.payload import PayloadVerdict
from inspector.eventbridge.resources import InputTransformer, Origin, TargetInput
from inspector.jsontext import JsonError, JsonObject, JsonValue, dumps, kind, loads

MatchExpectation: TypeAlias = Literal["match", "no-match", "invalid"]
PayloadExpectation: TypeAlias = PayloadVerdict | Literal["rejected"]

_MATCH: Final[dict[str, MatchExpectation]] = {word: word for word in get_args(MatchExpectation)}
_VERDICTS: Final[dict[str, PayloadExpectation]] = {
    **{word: word for word in get_args(PayloadVerdict)},
    "rejected": "rejected",
}
_MEMBERS: Final = {"name", "pattern", "rule", "target", "event", "rule_name", "expect", "reason"}
_OPTIONS: Final = {"Input", "InputPath", "InputTransformer"}


class SuiteError(InspectorError):
    """A suite that cannot be read: the file, the place in it, what stands there, what is expected."""


@dataclass(frozen=True, slots=True)
class PatternCase:
    """A pattern, or a rule of the workspace, and what it should say to an event.

    pattern: its text as PutRule would receive it; None where `rule` names one of the workspace.
    reason: for `invalid`, the text that EventBridge gives after "Reason: "; None when any will do.
    """

    name: str
    origin: Origin
    pattern: str | None
    rule: str
    event: JsonObject
    expect: MatchExpectation
    reason: str | None


@dataclass(frozen=True, slots=True)
class PayloadCase:
    """An input option, or that of a workspace's target, and what it should make of an event.

    target: the option itself; None where `rule` and `target_id` name a target of the workspace
    (`target_id` may be empty for a rule with one target). body: the exact text; None when any will do.
    """

    name: str
    origin: Origin
    target: TargetInput | None
    rule: str
    target_id: str
    event: JsonObject
    rule_name: str
    expect: PayloadExpectation
    body: str | None


Case: TypeAlias = PatternCase | PayloadCase


def read_suite(path: Path) -> Iterator[Case]:
    """Yield the cases of a file: JSONL (one a line), a JSON array, `{"cases": [..]}`, or the same in YAML.

    Raises:
        SuiteError: the file cannot be read, or something in it is no case.
    """
    for value, origin in _values(path):
        yield _case(value, origin)


def _values(path: Path) -> Iterator[tuple[JsonValue, Origin]]:
    name = str(path)
    try:
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            with path.open(encoding="utf-8-sig", newline="\n") as lines:
                for number, line in enumerate(lines, start=1):
                    if line.strip():
                        yield (
                            _line(line, Origin(name, f"line {number}: $")),
                            Origin(name, f"line {number}: $"),
                        )
            return
        text = path.read_text("utf-8-sig")
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise SuiteError(f"the suite {name} cannot be read: {reason}") from None
    except UnicodeDecodeError as error:
        raise SuiteError(f"the suite {name} is no UTF-8 (at byte {error.start})") from None
    report = Report()
    found = list(documents(text, SourceFile(path, name, named=True), report))
    for fault in report.faults:
        if fault.severity == "error":
            raise SuiteError(str(fault))
    for value, place in found:
        cases = value.get("cases") if isinstance(value, dict) and "cases" in value else value
        if isinstance(cases, list):
            inner = place.member("cases") if cases is not value else place
            yield from ((case, inner.item(index).origin) for index, case in enumerate(cases))
        else:
            yield value, place.origin


def _line(line: str, origin: Origin) -> JsonValue:
    try:
        return loads(line)
    except JsonError as error:
        raise _fault(origin, f"not valid JSON: {error.reason} (column {error.column})", "a case") from None


def _fault(origin: Origin, found: str, expected: str) -> SuiteError:
    return SuiteError(f"{origin}: {found}; expected {expected}", hint="docs/test-suites.md has the format")


def _case(value: JsonValue, origin: Origin) -> Case:
    if not isinstance(value, dict):
        raise _fault(origin, f"a case that is {kind(value)}", "an object")
    for member in value:
        if member not in _MEMBERS:
            raise _fault(origin, f"the member {dumps(member)}", f"only {', '.join(sorted(_MEMBERS))}")
    name = _text(value, "name", origin) or origin.path
    event = value.get("event", {})
    if not isinstance(event, dict):
        raise _fault(origin, f"an event that is {kind(event)}", "an object")
    expect = value.get("expect")
    if isinstance(expect, str) and expect in _MATCH:
        return _pattern_case(value, name, origin, event, _MATCH[expect])
    if isinstance(expect, dict) and expect.keys() <= {"verdict", "body"}:
        verdict = _text(expect, "verdict", origin)
        if verdict in _VERDICTS:
            return _payload_case(value, name, origin, event, _VERDICTS[verdict], expect.get("body"))
    if expect is None:
        raise _fault(origin, "no expect", "what the case expects")
    words = ", ".join([*map(dumps, _MATCH), f'{{"verdict": {"|".join(_VERDICTS)}, "body": "…"}}'])
    raise _fault(origin, f"expect: {dumps(expect)[:80]}", words)


def _pattern_case(
    value: JsonObject, name: str, origin: Origin, event: JsonObject, expect: MatchExpectation
) -> PatternCase:
    pattern = value.get("pattern")
    rule = _text(value, "rule", origin)
    if ("pattern" in value) == bool(rule):
        raise _fault(origin, "both or neither of pattern and rule", "one of them")
    if expect != "invalid" and "event" not in value:
        raise _fault(origin, "no event", "the event that the pattern is tried on")
    text = pattern if isinstance(pattern, str) else dumps(pattern)
    reason = _text(value, "reason", origin) if "reason" in value else None
    return PatternCase(name, origin, None if rule else text, rule, event, expect, reason)


def _payload_case(
    value: JsonObject,
    name: str,
    origin: Origin,
    event: JsonObject,
    expect: PayloadExpectation,
    body: JsonValue,
) -> PayloadCase:
    if not isinstance(body, str | None):
        raise _fault(origin, f"a body that is {kind(body)}", "its exact text, a string")
    rule, target = _text(value, "rule", origin), value.get("target")
    option: TargetInput | None = None
    target_id = ""
    if rule:
        if not isinstance(target, str | None):
            raise _fault(origin, f"a target that is {kind(target)} beside a rule", "the target's Id")
        target_id = target or ""
    else:
        option = _option(target, origin)
    rule_name = _text(value, "rule_name", origin) or rule or "rule"
    return PayloadCase(name, origin, option, rule, target_id, event, rule_name, expect, body)


def _option(target: JsonValue, origin: Origin) -> TargetInput:
    if not isinstance(target, dict) or not target.keys() <= _OPTIONS:
        raise _fault(
            origin, "a target without its input option", f"an object of {', '.join(sorted(_OPTIONS))}"
        )
    transformer = target.get("InputTransformer")
    if transformer is not None and not isinstance(transformer, dict):
        raise _fault(origin, f"an InputTransformer that is {kind(transformer)}", "an object")
    made: InputTransformer | None = None
    if transformer is not None:
        paths = transformer.get("InputPathsMap") or {}
        if not isinstance(paths, dict) or not all(isinstance(path, str) for path in paths.values()):
            raise _fault(origin, "an InputPathsMap that is no map of texts", "names and their JSON paths")
        template = _text(transformer, "InputTemplate", origin)
        made = InputTransformer(template, {name: str(path) for name, path in paths.items()})
    return TargetInput(
        _text(target, "Input", origin) if "Input" in target else None,
        _text(target, "InputPath", origin) if "InputPath" in target else None,
        made,
    )


def _text(value: JsonObject, member: str, origin: Origin) -> str:
    text = value.get(member, "")
    if not isinstance(text, str):
        raise _fault(origin, f"{member} that is {kind(text)}", "a string")
    return text
