"""What rules say to an event, for a reader: who fires, and for each miss the tree that says why."""

from inspector.cli.console import Painter
from inspector.cli.events import GivenEvent
from inspector.eventbridge.patterns.verdict import Verdict
from inspector.eventbridge.resources import Route
from inspector.workbench import RuleResult


def event_line(paint: Painter, given: GivenEvent) -> str:
    """Return one line that says which event this is, and what the inspector filled in."""
    event = given.event
    parts = [paint(event.detail_type, "strong"), paint(f"from {event.source}"), paint(given.label, "dim")]
    if event.bus != "default":
        parts.append(paint(f"bus {event.bus}", "dim"))
    if event.filled:
        parts.append(paint(f"filled: {', '.join(sorted(event.filled))}", "dim"))
    return "  ".join(parts)


def rule_lines(paint: Painter, result: RuleResult) -> list[str]:
    """Return what one rule says: where it leads when it fires, else the reason and the tree."""
    name = paint(result.rule.name, "strong")
    if result.matched:
        targets = ", ".join(route.target.target_id for route in result.routes)
        leads = f"→ {targets}" if targets else "no target of it is a loaded API destination"
        return [f"{paint('✓', 'good')} {name}  {paint(leads, 'plain' if targets else 'warn')}"]
    lines = [f"{paint('✗', 'bad')} {name}  {paint(result.reason)}"]
    if result.verdict and not result.verdict.matched:
        lines += _children(paint, result.verdict, 1)
    return lines


def direct_line(paint: Painter, route: Route) -> str:
    """Return the line of a destination that no rule leads to."""
    return f"{paint('·', 'dim')} {paint(route.name, 'strong')}  {paint('no rule leads here', 'dim')}"


def tree_lines(paint: Painter, verdict: Verdict) -> list[str]:
    """Return the explanation below a verdict, a line a node, what failed unfolded."""
    return _children(paint, verdict, 0)


def _children(paint: Painter, verdict: Verdict, depth: int) -> list[str]:
    several = verdict.kind == "or"
    return [
        line
        for index, child in enumerate(verdict.children)
        for line in _node(paint, child, depth, index + 1, nearest=several and index == verdict.nearest)
    ]


def _node(paint: Painter, verdict: Verdict, depth: int, number: int, *, nearest: bool) -> list[str]:
    mark = paint("✓", "good") if verdict.matched else paint("✗", "bad")
    label = {"or": "$or", "branch": f"branch {number}", "alternative": verdict.wanted}.get(
        verdict.kind, verdict.path
    )
    line = f"{'  ' * depth}{mark} "
    # The reason of a field names it already.
    if not (verdict.kind == "field" and f"`{verdict.path}`" in verdict.reason):
        line += f"{paint(label, 'accent')}  "
    line += paint(verdict.reason, "dim" if verdict.matched else "plain")
    if nearest and not verdict.matched:
        line += f"  {paint('(nearest)', 'warn')}"
    if verdict.matched or _told(verdict):
        return [line.rstrip()]
    return [line.rstrip(), *_children(paint, verdict, depth + 1)]


def _told(verdict: Verdict) -> bool:
    """Whether what is below a field says nothing that the field has not said."""
    return verdict.kind == "field" and all(
        verdict.reason.endswith(child.reason) for child in verdict.children
    )
