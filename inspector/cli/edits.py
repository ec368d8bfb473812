"""Edits as a command line gives them: which definition, which of its members, what is to stand there."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from inspector.cli.names import unknown
from inspector.config.editing import Edit, EditValue, Member, Owner, value_of
from inspector.errors import InspectorError
from inspector.eventbridge.resources import RetryPolicy, Workspace

REMOVABLE: Final[Mapping[str, Member]] = {
    "EventPattern": "EventPattern",
    "Input": "Input",
    "InputPath": "InputPath",
    "InputTransformer": "InputTransformer.InputTemplate",
    "PathParameterValues": "HttpParameters.PathParameterValues",
    "HeaderParameters": "HttpParameters.HeaderParameters",
    "QueryStringParameters": "HttpParameters.QueryStringParameters",
    "RetryPolicy": "RetryPolicy",
}
"""What `--remove` takes, each with the member whose removal takes it away."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of `inspector edit`, as given; pairs are `NAME=VALUE`, without a value to remove."""

    template: str | None = None
    pattern: str | None = None
    input: str | None = None
    input_path: str | None = None
    paths: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    path_values: tuple[str, ...] = ()
    retry_attempts: int | None = None
    max_age: int | None = None
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a name on the command line stands for.

    rule: whose pattern is meant, None for a destination. parts: whose input and parameters are meant, None
    for a rule that has not exactly one target.
    """

    rule: Owner | None
    parts: Owner | None


def named_subject(workspace: Workspace, name: str, *, destination: bool) -> Subject:
    """Return whom a name stands for: `rule/target`, a rule, a unique target id, or a destination itself.

    destination: only a destination is meant.

    Raises:
        InspectorError: it stands for none, or for several.
    """
    targets = [(rule, target) for rule in workspace.rules for target in rule.targets]
    of_targets = [(Subject(Owner.of_rule(r), Owner.of_target(r, t)), t.target_id) for r, t in targets]
    of_rules = [
        (Subject(Owner.of_rule(r), Owner.of_target(r, r.targets[0]) if len(r.targets) == 1 else None), r)
        for r in workspace.rules
    ]
    of_destinations = [
        Subject(None, Owner.of_destination(d)) for d in workspace.destinations if d.name == name
    ]
    for found in (
        [subject for subject, _ in of_targets if str(subject.parts) == name],
        # Without the bus, which stands before a rule of another than the default one.
        [s for s, target_id in of_targets if s.rule and f"{s.rule.name}/{target_id}" == name],
        [subject for subject, rule in of_rules if name in (rule.name, str(subject.rule))],
        [subject for subject, target_id in of_targets if target_id == name],
        of_destinations,
    )[4 if destination else 0 :]:
        if len(found) > 1:
            names = ", ".join(str(subject.parts or subject.rule) for subject in found)
            raise InspectorError(f"{name!r} stands for several", hint=f"name one of: {names}")
        if found:
            return found[0]
    known = [d.name for d in workspace.destinations]
    if not destination:
        known = [*(str(s.parts) for s, _ in of_targets), *(rule.name for _, rule in of_rules), *known]
    what = "destination" if destination else "target, rule or destination"
    raise InspectorError(f"no {what} is called {name!r}", hint=unknown(name, known))


def wanted_edits(workspace: Workspace, subject: Subject, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that the options ask for.

    Raises:
        InspectorError: nothing is asked for, a file cannot be read, or the subject has no such member.
    """
    edits = tuple(_edits(workspace, subject, wanted))
    if not edits:
        raise InspectorError("no edit was given", hint="such as --template FILE or --header NAME=VALUE")
    return edits


def _edits(workspace: Workspace, subject: Subject, wanted: Wanted) -> Iterator[Edit]:
    def edit(member: Member, value: EditValue) -> Edit:
        return Edit(_owner(subject, member), member, value)

    def present(member: Member) -> EditValue:
        return value_of(workspace, _owner(subject, member), member)

    for name in wanted.remove:
        yield edit(REMOVABLE[name], None)
    if wanted.pattern is not None:
        yield edit("EventPattern", _text(wanted.pattern))
    if wanted.template is not None:
        yield edit("InputTransformer.InputTemplate", _text(wanted.template))
    if wanted.input is not None:
        yield edit("Input", _text(wanted.input))
    if wanted.input_path is not None:
        yield edit("InputPath", wanted.input_path)
    maps: tuple[tuple[Member, tuple[str, ...], str], ...] = (
        ("InputTransformer.InputPathsMap", wanted.paths, "--path"),
        ("HttpParameters.HeaderParameters", wanted.headers, "--header"),
        ("HttpParameters.QueryStringParameters", wanted.query, "--query"),
    )
    for member, pairs, option in maps:
        if pairs:
            yield edit(member, _merged(present(member), pairs, option))
    if wanted.path_values:
        yield edit("HttpParameters.PathParameterValues", wanted.path_values)
    if wanted.retry_attempts is not None or wanted.max_age is not None:
        before = present("RetryPolicy")
        policy = before if isinstance(before, RetryPolicy) else RetryPolicy()
        if wanted.retry_attempts is not None:
            policy = replace(policy, maximum_retry_attempts=wanted.retry_attempts)
        if wanted.max_age is not None:
            policy = replace(policy, maximum_event_age_in_seconds=wanted.max_age)
        yield edit("RetryPolicy", policy)


def _owner(subject: Subject, member: Member) -> Owner:
    owner = subject.rule if member == "EventPattern" else subject.parts
    if owner is not None:
        return owner
    if subject.rule is None:
        raise InspectorError(f"{subject.parts} is a destination and has no {member}", hint="name its rule")
    raise InspectorError(
        f"{subject.rule} has not exactly one target, and {member} is a target's",
        hint=f"name the target: {subject.rule}/TARGET",
    )


def _merged(before: EditValue, pairs: Sequence[str], option: str) -> Mapping[str, str]:
    merged = dict(before) if isinstance(before, Mapping) else {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise InspectorError(f"{option} takes NAME=VALUE, or NAME= to remove it; this is {pair!r}")
        if value:
            merged[name] = value
        else:
            merged.pop(name, None)
    return merged


def _text(given: str) -> str:
    """Return the text of a file or of stdin, without the line end that closes it."""
    try:
        data = sys.stdin.buffer.read() if given == "-" else Path(given).read_bytes()
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InspectorError(f"{given} is not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise InspectorError(f"{given} cannot be read: {(error.strerror or 'unknown').lower()}") from None
    return text.removesuffix("\n").removesuffix("\r")
