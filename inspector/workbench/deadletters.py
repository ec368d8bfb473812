"""Dead letters explained and sent again: what a queue holds, or the history in its place.

A dead-lettered body is the payload, transformed already: it goes straight to the endpoint, past rule and
input transformer. (retries-and-dlq, section 3)
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from inspector.config.dead_letters import DeadLetterError, HeldLetter
from inspector.eventbridge.error_codes import ErrorCode, end_in_words, error_code
from inspector.eventbridge.event import Event
from inspector.eventbridge.jsonpath import MISSING, PathError, parse_path
from inspector.eventbridge.payload import Payload, PayloadMode
from inspector.eventbridge.resources import Origin, Route, Rule, Target, Workspace, resource_name
from inspector.history.records import DeliverySummary, StoredDelivery
from inspector.jsontext import JsonError, JsonObject, JsonValue, loads

if TYPE_CHECKING:
    from inspector.history import History

BodyKind: TypeAlias = Literal["event", "payload", "not-json"]

BODY_WORDS: Final[dict[BodyKind, str]] = {
    "event": "the whole event: the target has no input option",
    "payload": "a payload, transformed already: it goes straight to the endpoint, not through the rule again",
    "not-json": "no JSON: EventBridge never sends it",
}
"""What a body is, for a reader."""

LOST: Final = "-state:delivered -state:in-flight -state:abandoned -state:interrupted"
"""The search of the history that finds what was dead-lettered, or dropped for want of a queue."""

_ENVELOPE: Final = ("id", "detail-type", "source", "account", "time", "region", "detail")
_NOTE: Final = "redrive of dead letter"
_NOTED: Final = re.compile(rf"{_NOTE} (\S+)")
_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which present routes a dead letter came by: one, none or several, and what to know of that."""

    routes: tuple[Route, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A dead letter in words.

    rule, target: their names, empty where the message names none; `rule_known`, `target_known`: whether the
    workspace has them. end: why no further attempt was made. body: what the body is.
    """

    held: HeldLetter
    rule: str
    rule_known: bool
    target: str
    target_known: bool
    resolution: Resolution
    code: ErrorCode
    end: str
    body: BodyKind


@dataclass(frozen=True, slots=True)
class Redrive:
    """A dead letter made ready to be sent along a route.

    event: what dynamic HTTP parameters are read from. unresolved: those that cannot be read, since the event
    that the letter came from is not known.
    """

    held: HeldLetter
    route: Route
    event: Event
    payload: Payload
    unresolved: tuple[str, ...]

    @property
    def note(self) -> str:
        """What the history says of the delivery."""
        held = self.held
        return f"{_NOTE} {held.identity or 'without id'}" + ("" if held.delivery_id else f" ({held.origin})")


@dataclass(frozen=True, slots=True)
class Unsendable:
    """A dead letter that cannot be sent again as it is: why not, and what to do."""

    held: HeldLetter
    why: str
    hint: str


def letter_of(stored: StoredDelivery) -> HeldLetter | None:
    """Return the dead letter of a recorded delivery; None where it left none."""
    letter = stored.outcome.dead_letter if stored.outcome else None
    if letter is None:
        return None
    return HeldLetter(
        letter,
        Origin("history", stored.delivery_id),
        sent_at=stored.summary.ended_at,
        delivery_id=stored.delivery_id,
        route=stored.names.route,
        event=stored.event,
        mode=stored.payload.mode,
    )


def letters_in(history: "History", query: str = "", *, limit: int | None = None) -> Iterator[HeldLetter]:
    """Yield the dead letters of a history, newest first. query: narrows the search down.

    Raises:
        QueryError: the query cannot be understood.
    """
    for summary in _summaries(history, f"{LOST} {query}"):
        if limit is not None and limit <= 0:
            return
        if held := letter_of(history.get(summary.delivery_id)):
            limit = None if limit is None else limit - 1
            yield held


def redriven(history: "History", letters: Iterable[HeldLetter | DeliverySummary]) -> frozenset[str]:
    """Return the identities of those of `letters` that were sent again and then delivered.

    A lost delivery stands for its letter.
    """
    deliveries: list[str] = []
    messages: list[str] = []
    for letter in letters:
        if letter.delivery_id:
            deliveries.append(letter.delivery_id)
        elif isinstance(letter, HeldLetter) and letter.message_id:
            messages.append(letter.message_id)
    return history.redelivered(deliveries) | _noted(history, messages)


def _noted(history: "History", message_ids: Sequence[str]) -> frozenset[str]:
    """Return those messages of which a delivered redrive says in its note that it is theirs."""
    # Each is looked for by itself; for very many, what every redrive says is read once.
    asked = [" " + message_id.replace('"', " ") for message_id in message_ids]
    searches = asked if len(asked) <= _PAGE else [""]
    noted: set[str] = set()
    for words in searches:
        for summary in _summaries(history, f'state:delivered "{_NOTE}{words}"'):
            noted.update(_NOTED.findall(summary.note))
    return frozenset(noted.intersection(message_ids))


def _summaries(history: "History", query: str) -> Iterator[DeliverySummary]:
    before: int | None = None
    while page := history.page(query, before=before, limit=_PAGE):
        yield from page
        before = page[-1].key


def explain(held: HeldLetter, workspace: Workspace) -> Explanation:
    """Return what a dead letter means, by the definitions at hand."""
    rule_arn, target_arn = held.attribute("RULE_ARN"), held.attribute("TARGET_ARN")
    return Explanation(
        held,
        rule=_rule_name(rule_arn)[1],
        rule_known=_rule_of(rule_arn, workspace) is not None,
        target=resource_name(target_arn, "api-destination"),
        target_known=bool(target_arn) and workspace.destination_of(Target("", target_arn)) is not None,
        resolution=resolve(held, workspace),
        code=error_code(held.attribute("ERROR_CODE")),
        end=end_in_words(held.letter.attributes),
        body=body_kind(held.letter.body),
    )


def resolve(held: HeldLetter, workspace: Workspace) -> Resolution:
    """Return the routes of the workspace by which a dead letter may have come.

    ARNs are compared as a whole first, then by the name within them: a copy of a stack in another account
    counts as the same.
    """
    routes = workspace.routes()
    if held.route and (same := tuple(route for route in routes if route.name == held.route)):
        return Resolution(same)
    target_arn, rule_arn = held.attribute("TARGET_ARN"), held.attribute("RULE_ARN")
    if not target_arn:
        return Resolution((), "the message names no target (TARGET_ARN)")
    destination = workspace.destination_of(Target("", target_arn))
    if destination is None:
        if target_arn.startswith("arn:") and ":api-destination/" not in target_arn:
            return Resolution((), f"the target is no API destination: {target_arn}")
        name = resource_name(target_arn, "api-destination")
        return Resolution((), f"API destination {name!r} is not in the definitions")
    rule = _rule_of(rule_arn, workspace)
    found = tuple(
        route
        for route in routes
        if route.destination is destination and (route.rule is rule if rule_arn else True)
    )
    if found and (rule or not rule_arn):
        return Resolution(found, _several(found) if len(found) > 1 else "")
    connection = workspace.connection_of(destination)
    if connection is None:
        return Resolution((), f"the connection of API destination {destination.name!r} is not there")
    # Without its rule's target nothing is known of HTTP parameters and policy but the destination's own.
    target = Target("direct", destination.arn or destination.name, origin=destination.origin)
    what = "has no target that leads there" if rule else "is not in the definitions"
    why = f"rule {_rule_name(rule_arn)[1]!r} {what}: the target's HTTP parameters and policy are not known"
    return Resolution((Route(target, destination, connection),), why)


def body_kind(body: str) -> BodyKind:
    """Tell what the body of a dead letter is: a whole event, a payload made of one, or no JSON."""
    try:
        value = loads(body)
    except JsonError:
        return "not-json"
    return "event" if _is_envelope(value) else "payload"


def prepare_redrive(
    held: HeldLetter,
    route: Route,
    complete: Callable[[JsonValue], Event],
    *,
    body: str | None = None,
    original: Event | None = None,
) -> Redrive:
    """Return a dead letter ready to be sent along `route`.

    complete: makes an event of a document (`Workbench.complete_event`). body: goes in place of the letter's
    own. original: the event that the letter came from, where somebody knows it.

    Raises:
        DeadLetterError: the body is no JSON, which EventBridge never sends.
    """
    body = held.letter.body if body is None else body
    try:
        value = loads(body)
    except JsonError as error:
        where = f"line {error.line}, column {error.column}"
        raise DeadLetterError(
            f"the body of {named(held)} is no JSON ({error.reason}, {where}), which EventBridge never sends",
            hint="Mend it with --edit, or give another with --body",
        ) from None
    event = original or _event_of(held, value, complete)
    unresolved = () if event else _unresolved(route, _known(held))
    return Redrive(
        held,
        route,
        event or complete(_stand_in(held)),
        Payload("deliver", body, _mode(held, route)),
        unresolved,
    )


def require_event(redrive: Redrive) -> Redrive:
    """Return a redrive for which every HTTP parameter can be read.

    Raises:
        DeadLetterError: some are read from an event that is not known.
    """
    if redrive.unresolved:
        raise DeadLetterError(
            f"{named(redrive.held)} cannot be sent to {redrive.route.name}: it does not hold the event that "
            f"{', '.join(redrive.unresolved)} must be read from",
            hint="Give the original event with --original FILE",
        )
    return redrive


def sort_out(
    letters: Iterable[HeldLetter], prepare: Callable[[HeldLetter], Redrive]
) -> tuple[list[Redrive], list[Unsendable]]:
    """Return the redrives of the letters that can be sent, and the letters that cannot be, each in order.

    prepare: makes one letter ready; a DeadLetterError of it is about that letter alone.
    """
    ready: list[Redrive] = []
    unsendable: list[Unsendable] = []
    for held in letters:
        try:
            ready.append(prepare(held))
        except DeadLetterError as error:
            unsendable.append(Unsendable(held, str(error), error.hint))
    return ready, unsendable


def named(held: HeldLetter) -> str:
    """Return words for a dead letter in a sentence."""
    return f"dead letter {held.identity}" if held.identity else f"the dead letter at {held.origin}"


def _event_of(held: HeldLetter, body: JsonValue, complete: Callable[[JsonValue], Event]) -> Event | None:
    if held.event is not None:
        return complete(held.event)
    return complete(body) if _is_envelope(body) else None


def _is_envelope(value: JsonValue) -> bool:
    return isinstance(value, dict) and all(name in value for name in _ENVELOPE)


def _known(held: HeldLetter) -> JsonObject:
    """What the ARNs tell of the event."""
    arn = held.attribute("RULE_ARN") or held.attribute("TARGET_ARN")
    parts = arn.split(":")
    if len(parts) < 6 or not (parts[3] and parts[4]):
        return {}
    return {"region": parts[3], "account": parts[4]}


def _stand_in(held: HeldLetter) -> JsonObject:
    """An event for the history to keep, where the true one is not known."""
    return {
        "source": "inspector.redrive",
        "detail-type": "Dead letter",
        **_known(held),
        "detail": {"message-id": held.message_id, "attributes": dict(held.letter.attributes)},
    }


def _unresolved(route: Route, known: JsonObject) -> tuple[str, ...]:
    parameters = route.http_parameters
    named_values = [
        *((f"path parameter {n}", v) for n, v in enumerate(parameters.path_parameter_values, start=1)),
        *((f"header {name}", value) for name, value in parameters.header_parameters.items()),
        *((f"query parameter {name}", value) for name, value in parameters.query_string_parameters.items()),
    ]
    return tuple(f"{name} ({value})" for name, value in named_values if _reads_more(value, known))


def _reads_more(value: str, known: JsonObject) -> bool:
    """Whether a parameter's value is a path to something that is not known."""
    if not value.startswith("$"):
        return False
    try:
        path = parse_path(value)
    except PathError:
        return False
    return not path.steps or path.select(known) is MISSING


def _mode(held: HeldLetter, route: Route) -> PayloadMode:
    if held.mode:
        return held.mode
    given = route.target.input
    if given.input is not None:
        return "Input"
    if given.input_path is not None:
        return "InputPath"
    return "InputTransformer" if given.input_transformer else "event"


def _rule_name(arn: str) -> tuple[str, str]:
    """Return the bus and the name of a rule from its ARN; the name of a partner's bus holds slashes."""
    bus, _, name = arn.partition(":rule/")[2].rpartition("/")
    return bus or "default", name


def _rule_of(arn: str, workspace: Workspace) -> Rule | None:
    if not arn:
        return None
    by_arn = next((rule for rule in workspace.rules if rule.arn == arn), None)
    if by_arn:
        return by_arn
    bus, name = _rule_name(arn)
    return next((rule for rule in workspace.rules if (rule.event_bus_name, rule.name) == (bus, name)), None)


def _several(routes: tuple[Route, ...]) -> str:
    names = ", ".join(route.name for route in routes)
    return f"several targets lead there: {names}"
