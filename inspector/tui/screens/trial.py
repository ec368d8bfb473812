"""What edits of a definition do to the present event: made off the UI task, shown on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from inspector.config.editing import Edit, EditValue, Member, Owner
from inspector.errors import InspectorError
from inspector.eventbridge.event import Event
from inspector.eventbridge.patterns import InvalidEventPattern, Pattern
from inspector.eventbridge.payload import AdmissionError, Placeholder
from inspector.eventbridge.resources import InputTransformer, Route, TargetInput
from inspector.eventbridge.transform import check_target_input
from inspector.tui.screens.definition_fields import FIELDS, Field, FieldError, Values
from inspector.tui.screens.definition_pane import Typed
from inspector.tui.screens.evaluation import Evaluation, evaluate
from inspector.workbench import Workbench
from inspector.workbench.rules import pattern_of


@dataclass(frozen=True, slots=True)
class Problem:
    """Why EventBridge would refuse what was typed, or why it is nothing at all.

    field: in whose text it is. start, end: the place in it (characters from 0), None where there is none.
    """

    field: str
    message: str
    hint: str = ""
    start: int | None = None
    end: int | None = None

    def place(self, text: str) -> str:
        """Return line and column of the place in the field's text, empty where there is none."""
        if self.start is None:
            return ""
        line = text.count("\n", 0, self.start) + 1
        return f"line {line}, column {self.start - text.rfind(chr(10), 0, self.start)}"


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of it. problems: at most one of each field. route: with the edits in it."""

    problems: Mapping[str, Problem]
    route: Route | None
    evaluation: Evaluation
    edited: frozenset[Member]

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """Those of the template, with what each became."""
        preview = self.evaluation.preview
        return preview.payload.placeholders if preview and preview.payload else ()

    @property
    def culprit(self) -> int | None:
        """Where in the template the placeholder begins at which the payload stops being JSON."""
        preview = self.evaluation.preview
        payload = preview.payload if preview else None
        if payload is None or payload.fault_at is None:
            return None
        before = [place.start for place in payload.placeholders if place.body_start <= payload.fault_at]
        return before[-1] if before else None


def owner_of(route: Route, member: Member) -> Owner | None:
    """Return whom a member of a route belongs to, None where the route cannot have it."""
    try:
        return Owner.of_route(route, member)
    except InspectorError:
        return None


def present_values(bench: Workbench, route: Route) -> dict[Member, EditValue]:
    """Return what stands in the members of a route: its edits', else the files'."""
    values: dict[Member, EditValue] = {}
    for field in FIELDS:
        for member in field.members:
            if owner := owner_of(route, member):
                values[member] = bench.drafts.value(owner, member)
    return values


def edits_of(
    route: Route, typed: Mapping[str, Typed]
) -> tuple[tuple[Edit, ...], dict[str, Problem], dict[Member, EditValue]]:
    """Return what was typed as edits, what of it is nothing, and the values of all members."""
    edits: list[Edit] = []
    problems: dict[str, Problem] = {}
    values: dict[Member, EditValue] = {}
    for field in FIELDS:
        if field.name not in typed:
            continue
        try:
            own = _values(field, typed[field.name])
        except FieldError as error:
            end = None if error.offset is None else error.offset + 1
            problems[field.name] = Problem(field.name, str(error), "", error.offset, end)
            continue
        values.update(own)
        for member, value in own.items():
            if owner := owner_of(route, member):
                edits.append(Edit(owner, member, value))
    return tuple(edits), problems, values


def _values(field: Field, typed: Typed) -> Values:
    return field.read(typed.text) if typed.values is None else typed.values


def try_out(
    bench: Workbench, name: str, typed: Mapping[str, Typed], event_text: str, known: Event | None
) -> Trial:
    """Lay what was typed over the definitions of the route of a name, and try it on an event.

    known: the event, where the same text was read before.
    """
    route = named_route(bench, name)
    if route is None:
        return Trial({}, None, evaluate(bench, event_text, None, known), frozenset())
    edits, problems, values = edits_of(route, typed)
    applied = bench.edit(*edits)
    for problem in (_pattern_problem(typed, values), *_input_problems(route, values)):
        if problem:
            problems.setdefault(problem.field, problem)
    mine = {edit.owner for edit in edits}
    refused = {edit.member for edit in applied.refused if edit.owner in mine}
    for fault in applied.errors:
        told = f"{fault.found}; expected {fault.expected}" if fault.expected else fault.found
        for field in FIELDS:
            if field.name in typed and refused.intersection(field.members):
                problems.setdefault(field.name, Problem(field.name, told))
    route = named_route(bench, name)
    evaluation = evaluate(bench, event_text, route, known)
    edited = frozenset(edit.member for edit in bench.drafts if edit.owner in mine)
    return Trial(problems, route, evaluation, edited)


def named_route(bench: Workbench, name: str) -> Route | None:
    """Return the route of a name with the edits in it, None where there is none."""
    return next((route for route in bench.routes() if route.name == name), None)


def pattern_in(typed: Mapping[str, Typed]) -> Pattern | None:
    """Return the pattern that was typed, None where it is none."""
    text = typed["pattern"].text if "pattern" in typed else ""
    found = pattern_of(text) if text.strip() else None
    return found if isinstance(found, Pattern) else None


def _pattern_problem(typed: Mapping[str, Typed], values: Values) -> Problem | None:
    if "pattern" not in typed or values.get("EventPattern") is None:
        return None
    found = pattern_of(typed["pattern"].text)
    if not isinstance(found, InvalidEventPattern):
        return None
    place = f"in AWS's answer: line: {found.line}, column: {found.column}"
    return Problem("pattern", found.reason, found.hint or place, found.offset, found.end)


def _input_problems(route: Route, values: Values) -> list[Problem]:
    template, paths = (
        values.get("InputTransformer.InputTemplate"),
        values.get("InputTransformer.InputPathsMap"),
    )
    constant, path = values.get("Input"), values.get("InputPath")
    options: dict[str, TargetInput] = {}
    if isinstance(constant, str):
        options["input"] = TargetInput(input=constant)
    if isinstance(path, str):
        options["input-path"] = TargetInput(input_path=path)
    if isinstance(template, str):
        transformer = InputTransformer(template, paths if isinstance(paths, Mapping) else {})
        options["template"] = TargetInput(input_transformer=transformer)
    target = route.target.target_id
    problems = [
        _refused(name, str(template), error)
        for name, option in options.items()
        for error in check_target_input(target, option)
    ]
    if len(options) > 1:
        several = TargetInput(
            input=constant if isinstance(constant, str) else None,
            input_path=path if isinstance(path, str) else None,
            input_transformer=options["template"].input_transformer if "template" in options else None,
        )
        error = check_target_input(target, several)[0]
        problems += [Problem(name, str(error), error.hint) for name in options]
    return problems


def _refused(field: str, template: str, error: AdmissionError) -> Problem:
    if field == "template" and error.offset is None and "Path" in str(error):
        field = "paths"
    if error.offset is None:
        return Problem(field, str(error), error.hint)
    end = _placeholder_end(template, error.offset) if field == "template" else error.offset + 1
    return Problem(field, str(error), error.hint, error.offset, end)


def _placeholder_end(template: str, start: int) -> int:
    """Return where the placeholder at a place ends, else the next character."""
    end = template.find(">", start) + 1 if template[start : start + 1] == "<" else 0
    return end or start + 1
