"""What every rule says to the event, or one sentence while there is no event."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Region
from textual.widgets.tree import TreeNode

from inspector.eventbridge.resources import Route
from inspector.tui.widgets.text_view import TextView
from inspector.tui.widgets.verdict_tree import Entry, VerdictTree
from inspector.workbench import RuleResult


class MatchView(Container):
    """The tree of verdicts, the rule of the chosen route unfolded in it."""

    def compose(self) -> ComposeResult:
        """Return the tree and what stands in its place."""
        yield VerdictTree()
        yield TextView()

    def on_mount(self) -> None:
        """Begin with the sentence."""
        self.clear("")

    def show(self, results: Sequence[RuleResult], route: Route | None) -> None:
        """Show what the rules say; the cursor goes to the rule of `route`."""
        tree = self.query_one(VerdictTree)
        self._swap(sentence=False)
        tree.show(results)
        rule = route.rule if route else None
        for node in tree.root.children:
            if rule is not None and node.data is not None and node.data.rule == rule:
                node.expand()
                tree.move_cursor(node)
                self.call_after_refresh(_bring_into_view, tree, node)

    def clear(self, message: str) -> None:
        """Show a sentence."""
        self.query_one(TextView).clear(message)
        self._swap(sentence=True)

    def _swap(self, *, sentence: bool) -> None:
        tree, text = self.query_one(VerdictTree), self.query_one(TextView)
        focused = tree.has_focus or text.has_focus
        tree.display, text.display = not sentence, sentence
        if focused:
            (text if sentence else tree).focus(scroll_visible=False)


def _bring_into_view(tree: VerdictTree, node: TreeNode[Entry]) -> None:
    """Show a rule with as much of its explanation as there is room for."""
    last = node
    while last.is_expanded and last.children:
        last = last.children[-1]
    height = min(last.line - node.line + 1, tree.size.height)
    tree.scroll_to_region(Region(0, node.line, 1, max(1, height)), animate=False)
