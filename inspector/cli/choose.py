"""Which routes an event goes along: those whose rule matches, or the one that was named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inspector.cli.names import unknown
from inspector.errors import InspectorError
from inspector.eventbridge.event import Event
from inspector.eventbridge.resources import Connection, Route, Rule, Workspace
from inspector.workbench import RuleResult, Workbench


@dataclass(frozen=True, slots=True)
class Chosen:
    """Where one event goes. With no routes, `why` is the reason and `silent` are the rules that say so."""

    routes: tuple[Route, ...]
    why: str = ""
    silent: tuple[RuleResult, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user asked for by `--rule`, `--target`, `--connection` and `--force`."""

    rule: str | None = None
    target: str | None = None
    connection: str | None = None
    force: bool = False


def choose(bench: Workbench, event: Event, choice: Choice) -> Chosen:
    """Return the routes for one event.

    Raises:
        InspectorError: a name that was given is none, or stands for several.
    """
    chosen = _chosen(bench, event, choice)
    if choice.connection is None:
        return chosen
    through = named_connection(bench.workspace, choice.connection)
    return Chosen(tuple(r.through(through) for r in chosen.routes), chosen.why, chosen.silent, chosen.hint)


def _chosen(bench: Workbench, event: Event, choice: Choice) -> Chosen:
    routes = bench.routes()
    if choice.rule is not None:
        named_rule(bench.workspace, choice.rule)
        routes = tuple(route for route in routes if route.rule and route.rule.name == choice.rule)
    results = bench.evaluate(event)
    if choice.target is not None:
        return _if_it_matches((named_target(routes, bench.workspace, choice.target),), results, choice.force)
    if choice.rule is not None:
        rules = [result for result in results if result.rule.name == choice.rule]
        if not routes:
            return Chosen((), f"rule {choice.rule!r} has no target that is a loaded API destination")
        return _if_it_matches(routes, rules, choice.force)
    if len(routes) == 1 and routes[0].rule is None:
        return Chosen(routes)
    fired = tuple(route for result in results if result.matched for route in result.routes)
    if fired:
        return Chosen(fired)
    return _nothing_fired(routes, results)


def _if_it_matches(routes: Sequence[Route], results: Sequence[RuleResult], force: bool) -> Chosen:
    by_rule = {(result.rule.event_bus_name, result.rule.name): result for result in results}

    def result_of(route: Route) -> RuleResult | None:
        return by_rule.get((route.rule.event_bus_name, route.rule.name)) if route.rule else None

    going = tuple(r for r in routes if force or (result := result_of(r)) is None or result.matched)
    if going:
        return Chosen(going)
    silent = tuple({id(result): result for r in routes if (result := result_of(r))}.values())
    return Chosen(
        (),
        f"rule {silent[0].rule.name!r} does not fire: {silent[0].reason}",
        silent,
        "--force sends it all the same",
    )


def _nothing_fired(routes: Sequence[Route], results: tuple[RuleResult, ...]) -> Chosen:
    direct = [route.name for route in routes if route.rule is None]
    hint = f"no rule leads to {', '.join(direct)}: name it with --target" if direct else ""
    matched = [result.rule.name for result in results if result.matched]
    if matched:
        return Chosen((), f"{', '.join(matched)} fires, but no target of it is a loaded API destination")
    if results:
        return Chosen((), "no rule matches the event", results, hint)
    if routes:
        return Chosen((), "the definitions hold no rule", (), hint)
    raise InspectorError(
        "the definitions hold nothing to send to",
        hint="inspector check tells what was loaded and what was not",
    )


def named_target(routes: Sequence[Route], workspace: Workspace, name: str) -> Route:
    """Return the route that a name stands for: `rule/target`, a destination's name, or a target id.

    Raises:
        InspectorError: it stands for none, or for several.
    """
    for found in (
        [route for route in routes if route.name == name],
        # Without the bus, which stands before a rule of another than the default one.
        [route for route in routes if route.rule and f"{route.rule.name}/{route.target.target_id}" == name],
        [route for route in routes if route.destination.name == name],
        [route for route in routes if route.rule and route.target.target_id == name],
    ):
        if len(found) > 1:
            names = ", ".join(route.name for route in found)
            raise InspectorError(f"target {name!r} stands for several", hint=f"name one of: {names}")
        if found:
            return found[0]
    raise _unknown("target", name, (route.name for route in routes), workspace)


def named_connection(workspace: Workspace, name: str) -> Connection:
    """Return the connection of that name.

    Raises:
        InspectorError: there is none.
    """
    found = next((c for c in workspace.connections if c.name == name), None)
    if found is None:
        raise _unknown("connection", name, (c.name for c in workspace.connections), workspace)
    return found


def named_rule(workspace: Workspace, name: str) -> Rule:
    """Return the rule of that name.

    Raises:
        InspectorError: there is none.
    """
    found = next((rule for rule in workspace.rules if rule.name == name), None)
    if found is None:
        raise _unknown("rule", name, (rule.name for rule in workspace.rules), workspace)
    return found


def _unknown(what: str, name: str, names: Iterable[str], workspace: Workspace) -> InspectorError:
    hint = unknown(name, names) or f"the definitions hold no {what}"
    if any(fault.severity == "error" for fault in workspace.faults):
        hint += " (some definitions have errors: see inspector check)"
    return InspectorError(f"no {what} is called {name!r}", hint=hint)
