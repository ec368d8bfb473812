"""The list of any length: read in pages, a cursor, marks."""

from collections.abc import Sequence

import pytest

from inspector.tui.widgets.paged_list import PAGE, Column, PagedList, Row
from tests.tui.widgets.support import HOSTILE, Stage, assert_harmless, screen_text

COLUMNS = (
    Column("When", 8),
    Column("Status", 7, "center", 1),
    Column("Route"),
    Column("Took", 8, "right", 2),
)


class Numbers:
    """Rows of falling keys, as the history has them; it counts the pages that are asked for."""

    def __init__(self, count: int, *, text: str = "route") -> None:
        self.rows, self.text = count, text
        self.asked: list[int | None] = []

    def count(self) -> int:
        return self.rows

    def page(self, before: int | None, limit: int) -> Sequence[Row]:
        self.asked.append(before)
        top = self.rows if before is None else before - 1
        return [self.row(key) for key in range(top, max(0, top - limit), -1)]

    def row(self, key: int) -> Row:
        cells = ((f"t{key}", "muted"), ("200", "chip-ok"), (f"{self.text} {key}", "plain"), ("9 ms", "plain"))
        return Row(key, cells, value=key)


class Broken(Numbers):
    """A store that fails."""

    def page(self, before: int | None, limit: int) -> Sequence[Row]:
        raise OSError("disk [/] gone")


async def settled(app: Stage) -> None:
    """Wait until all pages that are wanted are there."""
    for _ in range(5):
        await app.workers.wait_for_complete()
        await app.animator.wait_for_idle()


async def test_a_hundred_thousand_rows_are_read_as_they_are_looked_at() -> None:
    listed, source = PagedList(COLUMNS), Numbers(100_000)
    app = Stage(listed)
    async with app.run_test(size=(80, 20)) as pilot:
        listed.load(source)
        await settled(app)
        await pilot.pause()
        assert source.asked == [None]
        assert "route 100000" in screen_text(app)
        assert app.last(PagedList.Highlighted).row.key == 100_000
        listed.scroll_to(y=350, animate=False, force=True)
        await pilot.pause()
        await settled(app)
        await pilot.pause()
        assert source.asked == [None, 100_000 - PAGE + 1]
        assert "route 99650" in screen_text(app)


async def test_the_end_is_reached_and_few_pages_are_kept() -> None:
    listed, source = PagedList(COLUMNS), Numbers(10_050)
    app = Stage(listed)
    async with app.run_test(size=(80, 20)) as pilot:
        listed.load(source)
        await settled(app)
        await pilot.press("end")
        await settled(app)
        await pilot.pause()
        assert "route 1 " in screen_text(app)
        assert app.last(PagedList.Highlighted).row.key == 1
        assert len(listed._pages) <= 20


async def test_rows_that_are_not_read_yet_have_a_place() -> None:
    listed = PagedList(COLUMNS)
    app = Stage(listed)
    async with app.run_test(size=(80, 20)):
        listed.load(Numbers(500))
        await settled(app)
        listed._wanted = 1
        assert "····" in listed.line_at(300).text
        assert listed.row_at(300) is None


async def test_cursor_choice_and_mouse() -> None:
    listed = PagedList(COLUMNS)
    app = Stage(listed)
    async with app.run_test(size=(80, 20)) as pilot:
        listed.load(Numbers(30))
        await settled(app)
        await pilot.press("down", "down", "enter")
        await pilot.pause()
        assert app.last(PagedList.Selected).row.value == 28
        await pilot.click(listed, offset=(5, 6))
        await pilot.pause()
        assert app.last(PagedList.Highlighted).row.value == 25
        await pilot.press("pagedown")
        await pilot.pause()
        assert app.last(PagedList.Highlighted).row.value == 7


async def test_marks_stay_with_their_rows() -> None:
    listed, source = PagedList(COLUMNS), Numbers(30)
    app = Stage(listed)
    async with app.run_test(size=(80, 20)) as pilot:
        listed.load(source)
        await settled(app)
        await pilot.press("space", "down", "space")
        await pilot.pause()
        assert [row.key for row in app.last(PagedList.MarksChanged).marked] == [30, 28]
        assert screen_text(app).count("●") == 2
        listed.load(source, keep_cursor=True)
        await settled(app)
        assert listed.row_at_cursor
        assert listed.row_at_cursor.key == 27
        assert [row.key for row in listed.marked] == [30, 28]
        await pilot.press("home", "space")
        assert [row.key for row in listed.marked] == [28]
        await pilot.press("ctrl+a")
        assert listed.marked == ()


async def test_only_the_last_source_counts() -> None:
    listed = PagedList(COLUMNS)
    app = Stage(listed)
    async with app.run_test(size=(80, 20)) as pilot:
        listed.load(Numbers(30, text="old"))
        listed.load(Numbers(3, text="new"))
        await settled(app)
        await pilot.pause()
        assert "new 3" in screen_text(app)
        assert "old" not in screen_text(app)


async def test_an_empty_source_says_so() -> None:
    listed = PagedList(COLUMNS)
    app = Stage(listed)
    async with app.run_test(size=(80, 20)) as pilot:
        listed.load(Numbers(0), empty="No delivery matches")
        await settled(app)
        await pilot.press("down", "end", "enter", "space")
        assert "No delivery matches" in screen_text(app)


async def test_a_store_that_fails_is_told_in_place() -> None:
    listed = PagedList(COLUMNS)
    app = Stage(listed)
    async with app.run_test(size=(80, 20)) as pilot:
        listed.load(Broken(5))
        await settled(app)
        await pilot.pause()
        assert "disk [/] gone" in screen_text(app)
        assert isinstance(app.last(PagedList.Failed).error, OSError)


async def test_a_failure_that_arrives_after_the_list_turned_elsewhere_is_told_apart() -> None:
    listed = PagedList(COLUMNS)
    app = Stage(listed)
    async with app.run_test(size=(80, 20)) as pilot:
        listed.load(Broken(5))
        await settled(app)
        await pilot.pause()
        failed = app.last(PagedList.Failed)
        assert failed.is_current
        listed.load(Numbers(5))
        assert not failed.is_current


async def test_a_store_that_shrank_is_believed() -> None:
    listed, source = PagedList(COLUMNS), Numbers(30)
    source.count = lambda: 300  # type: ignore[method-assign]
    app = Stage(listed)
    async with app.run_test(size=(80, 20)):
        listed.load(source)
        await settled(app)
        assert listed.row_count() == 30


@pytest.mark.parametrize(
    ("width", "heads"),
    [(80, ["When", "Status", "Route", "Took"]), (34, ["When", "Status", "Route"]), (28, ["When", "Route"])],
)
async def test_columns_go_by_rank_where_there_is_no_room(width: int, heads: list[str]) -> None:
    listed = PagedList(COLUMNS)
    app = Stage(listed)
    async with app.run_test(size=(width, 20)) as pilot:
        listed.load(Numbers(30))
        await settled(app)
        await pilot.pause()
        assert screen_text(app).splitlines()[0].split() == heads


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_shown_and_does_nothing(text: str) -> None:
    listed = PagedList((Column(text, 10), Column("")))
    app = Stage(listed)
    async with app.run_test(size=(60, 20)) as pilot:
        listed.load(Numbers(3, text=text))
        await settled(app)
        await pilot.pause()
        assert_harmless(app)
        listed.clear(text)
        await pilot.pause()
        assert_harmless(app)
