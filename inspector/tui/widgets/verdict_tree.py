"""Why each rule matches an event, or why not: a tree that folds, the nearest misses after the matches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Self

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from inspector.eventbridge.patterns.verdict import Found, Verdict
from inspector.eventbridge.resources import Rule
from inspector.safe import safe_line
from inspector.tui.widgets.palette import ink, ink_css

if TYPE_CHECKING:
    from inspector.workbench import RuleResult

_LONGEST: Final = 200
_MOST_FOUND: Final = 8
_KINDS: Final = {
    "pattern": "all of",
    "or": "one of ($or)",
    "branch": "branch",
    "field": "",
    "alternative": "",
}

Piece = tuple[str, str]
"""A text that is safe already, and its ink."""


@dataclass(frozen=True, slots=True)
class EventPlace:
    """A path into the event, and whether what is there fulfils what was wanted of it."""

    path: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the tree: what it says, its rule, and the places in the event that it is about."""

    pieces: tuple[Piece, ...]
    rule: Rule | None = None
    places: tuple["EventPlace", ...] = ()


class VerdictTree(Tree[Entry]):
    """Rules with their verdicts. Matched rules first, then those that came nearest."""

    DEFAULT_CSS = """
    VerdictTree { background: $surface; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1;
        scrollbar-background: $surface; scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface; scrollbar-color: $foreground 20%; }
    VerdictTree:focus { background-tint: $foreground 3%; }
    VerdictTree > .tree--cursor { background: $foreground 8%; text-style: none; }
    VerdictTree:focus > .tree--cursor { background: $primary 28%; color: $foreground; text-style: none; }
    VerdictTree > .tree--guides { color: $foreground 20%; }
    """ + ink_css("VerdictTree")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("g", "scroll_home", "Top", show=False),
        Binding("G", "scroll_end", "End", show=False),
        Binding("right,l", "unfold", "Unfold", show=False),
        Binding("left,h", "fold", "Fold", show=False),
        Binding("o", "go_to_place", "In the event", tooltip="Go to this field in the event."),
    ]

    @dataclass
    class RuleHighlighted(Message):
        """The cursor is on a rule, or on something that belongs to it."""

        tree: "VerdictTree"
        rule: Rule

        @property
        def control(self) -> "VerdictTree":
            """The tree that it is in."""
            return self.tree

    @dataclass
    class PlacesHighlighted(Message):
        """The cursor is on a line that is about these places of the event: all of a rule, or one field."""

        tree: "VerdictTree"
        places: tuple[EventPlace, ...]

        @property
        def control(self) -> "VerdictTree":
            """The tree that it is in."""
            return self.tree

    @dataclass
    class PlaceChosen(Message):
        """The person wants to go to a place of the event."""

        tree: "VerdictTree"
        place: EventPlace

        @property
        def control(self) -> "VerdictTree":
            """The tree that it is in."""
            return self.tree

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(Text(""), id=id, classes=classes)
        self.show_root = False
        self.guide_depth = 2
        self.auto_expand = True
        self._announced: Rule | None = None

    @property
    def rule_at_cursor(self) -> Rule | None:
        """The rule that the line under the cursor belongs to."""
        node = self.cursor_node
        return node.data.rule if node is not None and node.data is not None else None

    @property
    def places(self) -> tuple[EventPlace, ...]:
        """The places of the event that the line under the cursor is about."""
        node = self.cursor_node
        return node.data.places if node is not None and node.data is not None else ()

    def clear(self, message: str = "") -> Self:
        """Show no rules, but a sentence where there is one."""
        super().clear()
        self._announced = None
        if message:
            self._leaf(self.root, Entry(((safe_line(message), "muted"),)))
        return self

    def show(self, results: "Sequence[RuleResult]") -> None:
        """Show what each rule says to an event."""
        keep = self.rule_at_cursor
        self.clear("" if results else "No rules in this workspace")
        cursor: TreeNode[Entry] | None = None
        for result in sorted(results, key=_nearness):
            node = self._rule(result)
            if keep is not None and result.rule == keep:
                cursor = node
        first = next(iter(self.root.children), None)
        self.move_cursor(cursor or first)
        if self.rule_at_cursor is not None:
            self._announce()

    def _rule(self, result: "RuleResult") -> TreeNode[Entry]:
        rule, verdict = result.rule, result.verdict
        pieces: list[Piece] = [_mark(result.matched), (f"{safe_line(rule.name)} ", "strong")]
        if result.matched:
            targets = f"{len(result.routes)} target{'' if len(result.routes) == 1 else 's'}"
            pieces += [(" fires ", "chip-ok"), (f" {targets}", "muted")]
        else:
            if verdict is not None and not verdict.matched and verdict.fields:
                held = sum(field.matched for field in verdict.fields)
                pieces.append((f" {held}/{len(verdict.fields)} fields ", "chip-warn" if held else "chip-dim"))
            elif rule.state == "DISABLED":
                pieces.append((" disabled ", "chip-dim"))
            pieces.append((f" {_short(result.reason)}", "muted"))
        entry = Entry(tuple(pieces), rule, _places(verdict) if verdict else ())
        if verdict is None or not verdict.children:
            return self._leaf(self.root, entry)
        node = self._branch(self.root, entry, expand=verdict.score > 0)
        self._verdicts(node, verdict, rule)
        return node

    def _verdicts(self, node: TreeNode[Entry], verdict: Verdict, rule: Rule) -> None:
        """Add what a node of the explanation rests on."""
        several = len(verdict.children) > 1
        for number, child in enumerate(verdict.children):
            self._verdict(node, child, rule, nearest=several and verdict.nearest == number)

    def _verdict(
        self, parent: TreeNode[Entry], verdict: Verdict, rule: Rule, *, nearest: bool, field: str = ""
    ) -> None:
        """Add a node of the explanation with all below it; what does not hold is unfolded.

        field: the path of the field that an alternative belongs to.
        """
        pieces: list[Piece] = [_mark(verdict.matched)]
        if kind := _KINDS.get(verdict.kind, ""):
            pieces.append((f"{kind} ", "muted"))
        if verdict.kind == "field":
            pieces.append((f"{safe_line(verdict.path)} ", "info"))
        if verdict.wanted and (verdict.matched or verdict.kind != "field"):
            pieces.append((f"{_short(verdict.wanted)} ", "plain" if verdict.matched else "warn"))
        if nearest and not verdict.matched:
            pieces.append((" nearest ", "chip-accent"))
        # What holds has been said by what was wanted; what does not, the reason says best.
        if verdict.reason and not verdict.matched:
            pieces.append((f" {_short(_about(verdict.reason, verdict.path or field))}", "plain"))
        entry = Entry(tuple(pieces), rule, _places(verdict))
        alternatives = verdict.children
        if verdict.kind == "field" and len(alternatives) == 1:
            alternatives = ()
        found = _worth_showing(verdict)
        if not alternatives and not found:
            self._leaf(parent, entry)
            return
        node = self._branch(parent, entry, expand=not verdict.matched)
        several = len(alternatives) > 1
        for number, child in enumerate(alternatives):
            near = several and verdict.nearest == number
            self._verdict(node, child, rule, nearest=near, field=verdict.path)
        for value in found[:_MOST_FOUND]:
            line = (
                ("found ", "faint"),
                (f"{safe_line(value.path)} ", "info"),
                (_short(value.json), "json-string"),
            )
            self._leaf(node, Entry(line, rule, (EventPlace(value.path, verdict.matched),)))
        if (more := len(found) - _MOST_FOUND) > 0:
            self._leaf(node, Entry(((f"and {more} more", "faint"),), rule))

    def _branch(self, parent: TreeNode[Entry], entry: Entry, *, expand: bool) -> TreeNode[Entry]:
        return parent.add(Text(_plain(entry)), entry, expand=expand)

    def _leaf(self, parent: TreeNode[Entry], entry: Entry) -> TreeNode[Entry]:
        return parent.add_leaf(Text(_plain(entry)), entry)

    def render_label(self, node: TreeNode[Entry], base_style: Style, style: Style) -> Text:
        """Return a line in the inks of the theme."""
        fold = ("▾ " if node.is_expanded else "▸ ") if node.allow_expand else "  "
        toggle = Style.from_meta({"toggle": True}) if node.allow_expand else Style()
        text = Text(fold, style=base_style + self._ink("faint") + toggle, end="")
        for piece, name in node.data.pieces if node.data else ():
            text.append(piece, base_style + style + self._ink(name))
        return text

    def _ink(self, name: str) -> Style:
        return ink(self, name) if self.is_attached else Style()

    def action_unfold(self) -> None:
        """Unfold the line under the cursor, or go to what is in it."""
        node = self.cursor_node
        if node and node.allow_expand and not node.is_expanded:
            node.expand()
        else:
            self.action_cursor_down()

    def action_fold(self) -> None:
        """Fold the line under the cursor, or go to what it is in."""
        node = self.cursor_node
        if node and node.allow_expand and node.is_expanded:
            node.collapse()
        elif node and node.parent and node.parent is not self.root:
            self.move_cursor(node.parent)

    def on_tree_node_highlighted(self, event: Tree.NodeHighlighted[Entry]) -> None:
        """Tell when the cursor has come to another line, and to another rule."""
        event.stop()
        self._announce()

    def action_go_to_place(self) -> None:
        """Ask to be shown the place that the line is about: the first that does not hold, if one does not."""
        if self.places:
            place = next((place for place in self.places if not place.holds), self.places[0])
            self.post_message(self.PlaceChosen(self, place))

    def _announce(self) -> None:
        self.post_message(self.PlacesHighlighted(self, self.places))
        rule = self.rule_at_cursor
        if rule is not None and rule is not self._announced:
            self._announced = rule
            self.post_message(self.RuleHighlighted(self, rule))


def _nearness(result: "RuleResult") -> tuple[bool, float]:
    return not result.matched, -(result.verdict.score if result.verdict else -1.0)


def _places(verdict: Verdict) -> tuple[EventPlace, ...]:
    """Return where in the event a node looked: the values of its fields, or where one would have been."""
    places: dict[str, EventPlace] = {}
    if verdict.kind in ("field", "alternative"):
        if verdict.matched:
            return tuple(EventPlace(found.path, True) for found in verdict.found[:1])
        return tuple(EventPlace(found.path, False) for found in verdict.found) or (
            EventPlace(verdict.path, False),
        )
    for child in verdict.children:
        for place in _places(child):
            # Of the branches of an `$or` one that holds is enough.
            if place.path not in places or (place.holds and verdict.kind == "or"):
                places[place.path] = place
    return tuple(places.values())


def _about(reason: str, path: str) -> str:
    """Return a reason for a line that names the path already."""
    return reason.removeprefix(f"`{path}` ").replace(f": the event has no `{path}`", "")


def _worth_showing(verdict: Verdict) -> tuple[Found, ...]:
    """Return the values that the line itself does not tell: several of them, or one in an array."""
    if verdict.kind != "field" or (len(verdict.found) == 1 and verdict.found[0].path == verdict.path):
        return ()
    return verdict.found


def _mark(matched: bool) -> Piece:
    return ("✓ ", "ok") if matched else ("✗ ", "bad")


def _short(text: str) -> str:
    line = safe_line(text)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _plain(entry: Entry) -> str:
    return "".join(text for text, _ in entry.pieces)
