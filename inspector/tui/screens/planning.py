"""What a redrive is to send, and where: planned from the dead letters, asking where they do not say."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from textual.screen import Screen

from inspector.config.dead_letters import DeadLetterError, HeldLetter
from inspector.errors import InspectorError
from inspector.eventbridge.resources import Route
from inspector.tui.screens.confirm import Confirm
from inspector.tui.screens.picker import Choice, Picker
from inspector.tui.screens.results import counted
from inspector.workbench import Workbench
from inspector.workbench.deadletters import Redrive, Unsendable, named, prepare_redrive, resolve, sort_out

if TYPE_CHECKING:
    from inspector.tui.screens.workbench import WorkbenchScreen

_MOST_NAMED: Final = 4


class Planning:
    """Makes dead letters ready to be sent.

    screen: where questions are asked. bodies: as edited, by the letters' keys. left_out: those of the last
    plan that cannot be sent.
    """

    def __init__(self, screen: Screen[None], bench: Workbench, workbench: "WorkbenchScreen") -> None:
        self._screen, self._bench, self._workbench = screen, bench, workbench
        self.bodies: dict[str, str] = {}
        self.left_out: Sequence[Unsendable] = ()

    async def plan(self, letters: Sequence[HeldLetter]) -> list[Redrive]:
        """Return what is to be sent; empty where a question was answered by leaving it.

        Raises:
            DeadLetterError: none of the bodies is JSON.
            InspectorError: an event is needed and the workbench has none.
        """
        unclear = [held for held in letters if len(resolve(held, self._bench.workspace).routes) != 1]
        chosen = await self._choose(unclear) if unclear else None
        if unclear and chosen is None:
            return []

        def prepare(held: HeldLetter) -> Redrive:
            found = resolve(held, self._bench.workspace).routes
            route = chosen if len(found) != 1 and chosen else found[0]
            body = self.bodies.get(key_of(held))
            return prepare_redrive(held, route, self._bench.complete_event, body=body)

        plan, self.left_out = sort_out(letters, prepare)
        if self.left_out and not plan:
            raise DeadLetterError(self.left_out[0].why, hint=self.left_out[0].hint)
        lacking = [redrive for redrive in plan if redrive.unresolved]
        return await self._with_event(plan, lacking[0]) if lacking else plan

    async def _with_event(self, plan: Sequence[Redrive], lacking: Redrive) -> list[Redrive]:
        """Return the plan with the workbench's event for those whose own is not known, if that is wanted."""
        text = f"{reads_event(lacking)} Take the workbench's event?"
        if not await self._screen.app.push_screen_wait(Confirm("Which event?", text, yes="Take it")):
            return []
        event = (await self._workbench.current_event()).event
        if event is None:
            raise InspectorError("there is no event in the workbench", hint="Choose one there.")
        complete = self._bench.complete_event
        return [
            prepare_redrive(one.held, one.route, complete, body=one.payload.body, original=event)
            if one.unresolved
            else one
            for one in plan
        ]

    async def _choose(self, unclear: Sequence[HeldLetter]) -> Route | None:
        """Ask where letters go that name no target, or several."""
        found = resolve(unclear[0], self._bench.workspace).routes if len(unclear) == 1 else ()
        routes = found or self._bench.routes()
        what = named(unclear[0]) if len(unclear) == 1 else counted(len(unclear), "dead letter")
        choices = [Choice(route.name, route.destination.invocation_endpoint) for route in routes]
        number = await self._screen.app.push_screen_wait(Picker(f"Send {what} to", choices))
        return None if number is None else routes[number]


def key_of(held: HeldLetter) -> str:
    """Return what tells a dead letter from the others."""
    return held.identity or str(held.origin)


def reads_event(redrive: Redrive) -> str:
    """Return the sentence that says which parameters cannot be read."""
    parameters = ", ".join(redrive.unresolved)
    return (
        f"Target {redrive.route.name} reads {parameters} from the event, and {named(redrive.held)} does not "
        "hold it."
    )


def question(
    plan: Sequence[Redrive], edited: Mapping[str, str], left_out: Sequence[Unsendable] = ()
) -> Confirm:
    """Return the question whether to send a plan, of which some are left out."""
    what = named(plan[0].held) if len(plan) == 1 else counted(len(plan), "dead letter")
    lines = [f"Send {what} past rule and input transformer, straight to:"]
    ways = dict.fromkeys((r.route.name, r.route.destination.invocation_endpoint) for r in plan)
    lines += [f"  {name}\n  {endpoint}" for name, endpoint in list(ways)[:_MOST_NAMED]]
    if len(ways) > _MOST_NAMED:
        lines.append(f"  and {len(ways) - _MOST_NAMED} more")
    changed = sum(key_of(redrive.held) in edited for redrive in plan)
    if changed:
        lines.append(f"{'1 body' if changed == 1 else f'{changed} bodies'} as edited here.")
    if left_out:
        lines.append(f"{counted(len(left_out), 'dead letter')} left out:")
        lines += [f"  {one.why}" for one in left_out[:_MOST_NAMED]]
        if len(left_out) > _MOST_NAMED:
            lines.append(f"  and {len(left_out) - _MOST_NAMED} more")
    lines.append("Each is recorded as a delivery of its own; the queue keeps its message.")
    return Confirm("Redrive?", "\n".join(lines), yes="Redrive")
