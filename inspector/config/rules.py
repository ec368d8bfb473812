"""Rules and targets out of their definitions (resources, section 2, PutRule and PutTargets)."""

from dataclasses import dataclass
from typing import Final, get_args

from inspector.config.check import Checker, Members, shown_kind
from inspector.config.constraints import LONGEST_PATTERN, PATTERN_QUOTA
from inspector.config.destinations import build_http_parameters, build_retry_policy
from inspector.config.recognise import Definition
from inspector.config.report import Place, Report, shown
from inspector.config.shapes import RULE, TARGET
from inspector.eventbridge.admission import check_target_input
from inspector.eventbridge.patterns import InvalidEventPattern, parse_pattern
from inspector.eventbridge.resources import InputTransformer, Rule, RuleState, Target, TargetInput
from inspector.eventbridge.rule_arn import on_bus
from inspector.jsontext import JsonError, JsonValue, dumps

DEFAULT_BUS: Final = "default"
_STATES: Final[dict[str, RuleState]] = {state: state for state in get_args(RuleState)}


@dataclass(frozen=True, slots=True)
class BuiltTarget:
    """A target, and the rule that it names itself; `rule` is empty where it names none."""

    target: Target
    rule: str
    bus: str


def build_rule(definition: Definition, checker: Checker) -> Rule | None:
    """Return the rule of a definition without its targets, None when an error keeps it from loading.

    A pattern that EventBridge would refuse is an error in the report, and the rule loads with it all the
    same, so that it can be shown and mended.
    """
    report = checker.report
    members = checker.shape(definition.value, RULE, definition.place)
    if members is None:
        return None
    try:
        pattern = _pattern_text(definition.value.get("EventPattern"))
    except ValueError as error:
        report.error(members.at("EventPattern"), str(error), "an object, or a string that holds its JSON")
        return None
    schedule = members.text("ScheduleExpression") or None
    bus = bus_name(members.text("EventBusName"))
    if pattern is None and schedule is None:
        found = f"the rule {shown(members.text('Name'))} without pattern or schedule"
        report.error(members.place, found, '"EventPattern", "ScheduleExpression", or both')
        return None
    if schedule and bus != DEFAULT_BUS:
        found = f"a schedule on the event bus {shown(bus)}"
        expected = "a pattern; ScheduleExpression is supported only on the default event bus"
        report.error(members.at("ScheduleExpression"), found, expected)
        return None
    if pattern is not None and not _pattern_fits(pattern, definition, members.at("EventPattern"), report):
        return None
    return Rule(
        members.text("Name"),
        pattern,
        event_bus_name=bus,
        state=_STATES[members.text("State", "ENABLED")],
        schedule_expression=schedule,
        arn=members.text("Arn") or _arn_on(members.text("EventBusName"), members.text("Name")),
        description=members.text("Description"),
        origin=definition.place.origin,
    )


def bus_name(written: str) -> str:
    """Return the name of an event bus that was given as name or ARN; `default` for an empty one."""
    return written.rpartition("event-bus/")[2] or DEFAULT_BUS


def _arn_on(bus: str, name: str) -> str:
    """Return the ARN of a rule whose event bus was given by its ARN: both are of one region and account."""
    place, found, bus_of = bus.partition(":event-bus/")
    return on_bus(place, bus_of, name) if found else ""


def _pattern_text(written: JsonValue) -> str | None:
    match written:
        case None | "":
            return None
        case str():
            return written
        case dict():
            try:
                return dumps(written)
            except JsonError as error:
                raise ValueError(f"an event pattern that is {error.reason}") from None
        case _:
            raise ValueError(shown_kind(written))


def _pattern_fits(pattern: str, definition: Definition, place: Place, report: Report) -> bool:
    """Check a pattern; False where it cannot even be kept."""
    if len(pattern) > LONGEST_PATTERN:
        report.error(place, f"an event pattern of {len(pattern)} characters", f"at most {LONGEST_PATTERN}")
        return False
    if len(pattern) > PATTERN_QUOTA:
        found = f"an event pattern of {len(pattern)} characters"
        expected = f"at most {PATTERN_QUOTA}, the default quota of an account"
        report.warning(place, found, expected, kind="quota")
    try:
        parse_pattern(pattern)
    except InvalidEventPattern as error:
        as_text = isinstance(definition.value.get("EventPattern"), str)
        where = f" (line {error.line}, column {error.column})" if as_text and error.line else ""
        found = f"Event pattern is not valid. Reason: {error.reason}{where}"
        report.error(place, found, error.hint, kind="pattern")
    return True


def build_target(value: JsonValue, place: Place, checker: Checker) -> BuiltTarget | None:
    """Return a target, None when an error keeps it from loading.

    An input option that EventBridge would refuse is an error in the report; the target loads with it.
    """
    if not isinstance(value, dict):
        checker.report.error(place, shown_kind(value), "a target: an object with Id and Arn")
        return None
    members = checker.shape(value, TARGET, place)
    if members is None:
        return None
    target_id = members.text("Id")
    target_input = _input(members)
    for refusal in check_target_input(target_id, target_input):
        place_of_option = members.at(_option(members))
        checker.report.error(place_of_option, str(refusal), refusal.hint, kind="input")
    queue = members.members("DeadLetterConfig")
    target = Target(
        target_id,
        members.text("Arn"),
        target_input,
        build_http_parameters(members.members("HttpParameters")),
        build_retry_policy(members.members("RetryPolicy")),
        dead_letter_arn=queue.optional_text("Arn") if queue else None,
        role_arn=members.optional_text("RoleArn"),
        origin=place.origin,
    )
    return BuiltTarget(target, members.text("Rule"), bus_name(members.text("EventBusName")))


def _input(members: Members) -> TargetInput:
    transformer = members.members("InputTransformer")
    return TargetInput(
        members.optional_text("Input"),
        members.optional_text("InputPath"),
        InputTransformer(transformer.text("InputTemplate"), transformer.entries("InputPathsMap"))
        if transformer
        else None,
    )


def _option(members: Members) -> str:
    return next((n for n in ("InputTransformer", "InputPath", "Input") if n in members), "Input")
