"""Problems: faults and lint in one list, explained, read anew."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from inspector.eventbridge.lint import lint
from inspector.tui.widgets.paged_list import PagedList
from inspector.tui.widgets.problem_view import ProblemView
from tests.tui.screens.conftest import SIZES, see, settle, text_of, until
from tests.tui.screens.shop import ARN, Shop, write_file, write_shop

WIDE, NARROW = (140, 40), (80, 24)
HOSTILE = ("[/]", "[@click=app.quit]x[/]", "\x1b]0;owned\x07", "\u202egnp")


@pytest.fixture
def broken(_same_everywhere: None) -> Shop:
    """The shop with a destination that AWS would refuse."""
    write_shop(Path("shop"), broken=True)
    return Shop(Path("shop"))


async def opened(pilot: "Pilot[None]") -> None:
    """Open the screen."""
    await see(pilot, "✔ valid")
    await pilot.press("exclamation_mark")
    await see(pilot, "files read")
    await settle(pilot)


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_faults_and_lint_are_one_list_the_worst_first(broken: Shop, size: tuple[int, int]) -> None:
    app = broken.app()
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("exclamation_mark")
        await see(pilot, "files read")
        await settle(pilot)
        lines = text_of(app).splitlines()
        found = [line.split()[2] for line in lines if line.startswith(("│  ✗", "│  !", "│  ·"))]
        expected = lint(broken.bench.workspace)
        assert app.screen.query_one(PagedList).row_count() == len(expected)
        # The narrow screen has no room for the last of them.
        assert Counter(found) <= Counter(finding.code for finding in expected)
        assert found[:2] == ["EBI003", "EBI003"]
        assert "Problems · 2 errors · 7 warnings" in text_of(app)


async def test_a_problem_is_explained(broken: Shop) -> None:
    app = broken.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        seen = text_of(app)
        for text in (
            "$.HttpMethod",
            "Expected: one of POST",
            "The API refuses the definition",
            "resources, section 2",
        ):
            assert text in seen
        await pilot.press("end", "enter")
        await see(pilot, "has no dead-letter queue")
        assert app.screen.query_one(ProblemView).has_focus


async def test_the_lesser_ones_can_be_left_out(broken: Shop) -> None:
    app = broken.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("s", "s")
        await see(pilot, "errors · s changes")
        await until(pilot, lambda: app.screen.query_one(PagedList).row_count() == 2)
        await pilot.press("s")
        await until(pilot, lambda: app.screen.query_one(PagedList).row_count() == 9)


async def test_mending_and_reading_anew_takes_a_problem_off_the_list(broken: Shop) -> None:
    app = broken.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        assert "⚠ 2 errors" in text_of(app)
        mended = {
            "Name": "spare",
            "ConnectionArn": f"{ARN}:connection/crm/0",
            "InvocationEndpoint": "https://crm.example.com/spare",
            "HttpMethod": "POST",
        }
        write_file("shop/destination-4.json", mended)
        await pilot.press("r")
        await see(pilot, 'no rule has "spare" as a target')
        assert "2 errors" not in text_of(app)
        assert "⚠" not in text_of(app).splitlines()[0]


async def test_edits_that_are_not_written_are_looked_at_too(broken: Shop) -> None:
    before = len(lint(broken.bench.workspace))
    app = broken.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        broken.bench.workspace = type(broken.bench.workspace)()
        await pilot.press("f2", "exclamation_mark")
        await see(pilot, "Nothing found")
    assert before


async def test_the_line_above_leads_there(broken: Shop) -> None:
    app = broken.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.click(offset=(text_of(app).splitlines()[0].index("⚠") + 2, 0))
        await until(pilot, lambda: app.current_mode == "problems")


async def test_foreign_text_is_only_text(broken: Shop) -> None:
    for number, text in enumerate(HOSTILE):
        wrong = {
            "Name": text,
            "ConnectionArn": text,
            "InvocationEndpoint": text,
            "HttpMethod": text,
            text: text,
        }
        write_file(f"shop/wrong-{number}.json", wrong)
    app = Shop(Path("shop")).app()
    async with app.run_test(size=(200, 60), notifications=True) as pilot:
        await opened(pilot)
        shown = text_of(app)
        listing = app.screen.query_one(PagedList)
        assert listing.row_count() > 12
        for _ in range(listing.row_count()):
            await pilot.press("down")
            await settle(pilot)
            shown += text_of(app)
    assert "[@click=app.quit]x[/]" in shown
    for command in ("\x1b", "\x07", "\u202e"):
        assert command not in shown


def pressed(*names: str) -> Callable[["Pilot[None]"], object]:
    """Return what presses keys when all else has ended."""

    async def press(pilot: "Pilot[None]") -> None:
        await settle(pilot)
        for name in names:
            await pilot.press(name)
            await settle(pilot)

    return press


PICTURES = [
    pytest.param(("exclamation_mark",), id="first"),
    pytest.param(("exclamation_mark", "end"), id="last"),
    pytest.param(("D", "exclamation_mark"), id="light"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", PICTURES)
def test_the_problems(
    broken: Shop, snap_compare: Callable[..., bool], size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    assert snap_compare(broken.app(), terminal_size=size, run_before=pressed(*keys))


@pytest.mark.parametrize("size", SIZES)
def test_no_problem_at_all(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    Path("events").mkdir()
    Path("events/one.json").write_text(json.dumps({"source": "a", "detail-type": "b", "detail": {}}))
    app = Shop(Path("events")).app()
    assert snap_compare(app, terminal_size=size, run_before=pressed("exclamation_mark"))
