"""The tree that says why rules match: matches first, near misses next, found values in it."""

import pytest

from inspector.eventbridge.patterns.verdict import Found, Verdict
from inspector.eventbridge.resources import Rule
from inspector.tui.widgets.verdict_tree import VerdictTree
from inspector.workbench import RuleResult
from tests.tui.widgets.support import HOSTILE, Stage, assert_harmless, screen_text


def miss(rule: Rule, held: int, of: int, text: str = "not equal") -> RuleResult:
    """Return a rule of which `held` fields of `of` hold."""
    found = (Found("detail.x[1]", '"b"'),)
    fields = []
    for number in range(of):
        tried = tuple(
            Verdict("alternative", number < held, "", wanted, text, found)
            for wanted in ('{"prefix": "a"}', "7")
        )
        name = f"detail.f{number}"
        fields.append(Verdict("field", number < held, name, "7", text, found, tried, nearest=0))
    return RuleResult(rule, False, text, Verdict("pattern", False, children=tuple(fields), nearest=held), ())


def hit(rule: Rule) -> RuleResult:
    """Return a rule that fires."""
    field = Verdict("field", True, "source", reason="equal")
    return RuleResult(rule, True, "", Verdict("pattern", True, children=(field,)), ())


async def test_matches_come_first_then_the_nearest_misses() -> None:
    tree = VerdictTree()
    async with Stage(tree).run_test(size=(100, 40)) as pilot:
        tree.show([miss(Rule("far"), 0, 3), miss(Rule("near"), 2, 3), hit(Rule("fires"))])
        await pilot.pause()
        assert [node.data.rule.name for node in tree.root.children if node.data and node.data.rule] == [
            "fires",
            "near",
            "far",
        ]


async def test_a_miss_shows_its_fields_alternatives_reasons_and_found_values() -> None:
    tree = VerdictTree()
    app = Stage(tree)
    async with app.run_test(size=(100, 40)) as pilot:
        tree.show([miss(Rule("near"), 1, 2)])
        await pilot.pause()
        text = screen_text(app)
        for words in (
            "✗ near  1/2 fields", "✓ detail.f0", "✗ detail.f1  nearest  not equal",
            '✗ {"prefix": "a"}  nearest  not equal', "✗ 7  not equal", 'found detail.x[1] "b"',
        ):  # fmt: skip
            assert words in text, words


@pytest.mark.parametrize(
    ("field", "line"),
    [
        pytest.param(
            Verdict("field", False, "a.b", '"x"', '`a.b` is "y", not "x"', (Found("a.b", '"y"'),)),
            'a.b  is "y", not "x"',
            id="the path is said once, the value too",
        ),
        pytest.param(
            Verdict("field", False, "a.b", '"x"', "field missing: the event has no `a.b`"),
            "a.b  field missing",
            id="missing",
        ),
        pytest.param(
            Verdict("field", True, "a.b", '"x"', '`a.b` is "x"', (Found("a.b", '"x"'),)),
            'a.b "x"',
            id="what holds needs no reason",
        ),
    ],
)
async def test_a_line_says_each_thing_once(field: Verdict, line: str) -> None:
    tree = VerdictTree()
    app = Stage(tree)
    async with app.run_test(size=(100, 10)) as pilot:
        verdict = Verdict("pattern", field.matched, children=(field, Verdict("field", True, "c", "1")))
        tree.show([RuleResult(Rule("r"), field.matched, "", verdict, ())])
        await pilot.pause()
        (shown,) = [row.rstrip() for row in screen_text(app).splitlines() if "a.b" in row]
        assert shown.endswith(line)


async def test_what_does_not_hold_is_unfolded_and_what_holds_is_folded() -> None:
    tree = VerdictTree()
    async with Stage(tree).run_test(size=(100, 40)) as pilot:
        tree.show([miss(Rule("near"), 1, 2)])
        await pilot.pause()
        held, missed = tree.root.children[0].children
        assert (held.is_expanded, missed.is_expanded) == (False, True)
        await pilot.press("down", "right")
        assert held.is_expanded
        await pilot.press("left", "left")
        assert tree.cursor_node is tree.root.children[0]


async def test_the_rule_under_the_cursor_is_told_once() -> None:
    tree = VerdictTree()
    app = Stage(tree)
    first, second = Rule("first"), Rule("second")
    async with app.run_test(size=(100, 40)) as pilot:
        tree.show([hit(first), miss(second, 0, 1)])
        await pilot.pause()
        assert tree.rule_at_cursor is first
        await pilot.press("down", "down")
        await pilot.pause()
        assert tree.rule_at_cursor is second
        told = [message.rule for message in app.posted if isinstance(message, VerdictTree.RuleHighlighted)]
        assert told == [first, second]


async def test_the_cursor_stays_on_its_rule_when_the_event_changes() -> None:
    tree = VerdictTree()
    first, second = Rule("first"), Rule("second")
    async with Stage(tree).run_test(size=(100, 40)) as pilot:
        tree.show([hit(first), miss(second, 0, 1)])
        await pilot.press("G")
        await pilot.pause()
        assert tree.rule_at_cursor is second
        tree.show([hit(second), hit(first)])
        await pilot.pause()
        assert tree.rule_at_cursor is second


async def test_an_empty_tree_says_why() -> None:
    tree = VerdictTree()
    app = Stage(tree)
    async with app.run_test(size=(60, 10)) as pilot:
        tree.show([])
        await pilot.pause()
        assert "No rules in this workspace" in screen_text(app)
        tree.clear("The event is no JSON")
        await pilot.pause()
        assert "The event is no JSON" in screen_text(app)
        assert tree.rule_at_cursor is None


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_shown_and_does_nothing(text: str) -> None:
    tree = VerdictTree()
    app = Stage(tree)
    async with app.run_test(size=(100, 40)) as pilot:
        alternative = Verdict("alternative", False, text, text, text, (Found(text, text),))
        verdict = Verdict(
            "pattern", False, children=(Verdict("field", False, text, text, text, (), (alternative,)),)
        )
        tree.show([RuleResult(Rule(text), False, text, verdict, ())])
        tree.root.expand_all()
        await pilot.pause()
        assert_harmless(app)
        tree.clear(text)
        await pilot.pause()
        assert_harmless(app)
