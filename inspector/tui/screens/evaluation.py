"""What the workspace says to the event in the editor: made off the UI task, shown on it."""

from dataclasses import dataclass

from inspector.errors import InspectorError
from inspector.eventbridge.event import Event
from inspector.eventbridge.resources import Route
from inspector.jsontext import JsonError
from inspector.workbench import Preview, RuleResult, Workbench


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One text against the workspace.

    event: None where the text is none; `problem` then says why, `hint` what to do. preview: of the chosen
    route, None without an event or a route.
    """

    text: str
    event: Event | None = None
    problem: str = ""
    hint: str = ""
    results: tuple[RuleResult, ...] = ()
    preview: Preview | None = None


def evaluate(bench: Workbench, text: str, route: Route | None, known: Event | None = None) -> Evaluation:
    """Return what the workspace says to the event that `text` stands for, and what `route` would send.

    known: the event, where the same text was read before: what was filled in then stays as it is.
    """
    try:
        event = known or bench.read_event(text)
        results = bench.evaluate(event)
        preview = bench.preview(event, route) if route else None
    except JsonError as error:
        place = f"line {error.line}, column {error.column}"
        return Evaluation(text, problem=f"{error.reason[:1].lower()}{error.reason[1:]} at {place}")
    except InspectorError as error:
        return Evaluation(text, problem=str(error), hint=error.hint)
    return Evaluation(text, event, "", "", results, preview)
