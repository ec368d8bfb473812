"""The viewer: any text, any size, nothing that reaches the terminal as a command."""

import json
import time

import pytest
from textual.geometry import Offset
from textual.selection import Selection

from inspector.tui.widgets.line_view import LineView
from inspector.tui.widgets.text_rows import TextRows
from inspector.tui.widgets.text_view import Mark, TextView
from tests.tui.widgets.support import HOSTILE, Stage, assert_harmless, screen_text

BODY = json.dumps({"id": "a-1", "items": [{"sku": f"s{n}"} for n in range(40)]}, indent=2)


def inks_of(view: TextView, row: int) -> dict[str, object]:
    """Return the colours of a row's pieces by their text."""
    return {segment.text: segment.style for segment in view.line_at(row)}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", ["json", "http", "text"])
async def test_hostile_text_is_shown_and_does_nothing(text: str, language: str) -> None:
    view = TextView()
    app = Stage(view)
    async with app.run_test(size=(60, 10)) as pilot:
        view.show(f'{text}\n\n"{text}"', language=language, marks=[Mark(0, len(text), "changed")])  # type: ignore[arg-type]
        await pilot.pause()
        assert_harmless(app)
        view.clear(text)
        await pilot.pause()
        assert_harmless(app)


async def test_markup_stays_as_it_is_written() -> None:
    view = TextView()
    app = Stage(view)
    async with app.run_test(size=(60, 10)) as pilot:
        view.show('{"a": "[b]x[/b]"}', language="json")
        await pilot.pause()
        assert '{"a": "[b]x[/b]"}' in screen_text(app)


async def test_only_rows_on_screen_are_painted() -> None:
    view = TextView()
    async with Stage(view).run_test(size=(60, 10)) as pilot:
        view.show("\n".join(f"line {n}" for n in range(100_000)))
        await pilot.pause()
        assert len(view._strips) <= 10
        assert view.virtual_size.height == 100_000


async def test_ten_megabytes_open_at_once() -> None:
    view = TextView()
    async with Stage(view).run_test(size=(60, 10)) as pilot:
        text = json.dumps([{"n": n, "name": "x" * 20} for n in range(200_000)], indent=1)
        started = time.process_time()
        view.show(text, language="json")
        await pilot.pause()
        assert time.process_time() - started < 2, "measured: 0.2 s; this bound is for a busy machine"
        await pilot.press("G")
        await pilot.pause()
        assert view.row_text(view.scroll_offset.y + 9) == "]"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param("x" * 2500, ["x" * 1000, "x" * 1000, "x" * 500], id="a cell each"),
        pytest.param("世" * 1100, ["世" * 500, "世" * 500, "世" * 100], id="two cells each"),
        pytest.param("a\n" + "y" * 1000 + "\nb", ["a", "y" * 1000, "b"], id="exactly as long as a row"),
        pytest.param("", [""], id="empty"),
        pytest.param("a\n", ["a", ""], id="newline at the end"),
        pytest.param("a\tb", ["a   b"], id="tab"),
        pytest.param("\x1b[0m\u202e", ["␛[0m‹U+202E›"], id="controls"),
    ],
)
def test_a_text_becomes_rows(text: str, rows: list[str]) -> None:
    made = TextRows(text)
    assert [made.text(row) for row in range(len(made))] == rows


def test_a_mark_stands_where_its_text_is_shown() -> None:
    text = "\x1b\u202e\tkey\nnext"
    start = text.index("key")
    rows = TextRows(text, marks=[Mark(start, start + 5, "added")])
    shown = rows.text(0)
    (span,) = [span for span in rows.spans(0) if span[2] == "added"]
    assert shown[span[0] : span[1]] == "key"
    assert (0, 1, "added") in rows.spans(1), "it goes on in the next row"


async def test_marks_and_json_have_their_colours() -> None:
    view = TextView()
    async with Stage(view).run_test(size=(60, 10)):
        view.show('{"key": 1.5}', language="json", marks=[Mark(8, 11, "changed")])
        inks = inks_of(view, 0)
        assert inks['"key"'].color == view.ink("json-key").color  # type: ignore[attr-defined]
        assert inks["1.5"].bgcolor == view.ink("changed").bgcolor  # type: ignore[attr-defined]


async def test_colours_follow_the_theme() -> None:
    view = TextView()
    app = Stage(view)
    async with app.run_test(size=(60, 10)) as pilot:
        view.show('{"key": 1}', language="json")
        dark = inks_of(view, 0)['"key"']
        app.theme = "textual-light"
        await pilot.pause()
        assert inks_of(view, 0)['"key"'] != dark


async def test_find_goes_from_match_to_match_and_round() -> None:
    view = TextView()
    app = Stage(view)
    async with app.run_test(size=(60, 10)) as pilot:
        view.show(BODY, language="json")
        assert view.find("SKU") == 40
        assert view.hit_number == 1
        await pilot.press("n", "n")
        assert view.hit_number == 3
        await pilot.press("N", "N", "N")
        assert view.hit_number == 40
        await pilot.pause()
        assert '"sku": "s39"' in screen_text(app), "it scrolls there"
        assert app.last(LineView.Found).current == 40
        assert view.find("nowhere") == 0
        assert view.hit_number == 0


async def test_find_crosses_the_end_of_a_cut_row() -> None:
    view = TextView()
    async with Stage(view).run_test(size=(60, 10)):
        view.show("x" * 998 + "needle" + "y" * 10)
        assert view.find("needle") == 1
        assert "ne" in inks_of(view, 0)
        assert "edle" in inks_of(view, 1)


async def test_the_prompt_searches_while_one_types() -> None:
    view = TextView()
    app = Stage(view)
    async with app.run_test(size=(60, 10)) as pilot:
        view.show(BODY, language="json")
        await pilot.press("slash", "s", "3")
        await pilot.pause()
        assert (view.needle, view.hit_count) == ("s3", 11)
        assert "1/11" in screen_text(app)
        await pilot.press("enter")
        assert view.needle == "s3"
        await pilot.press("n")
        assert view.hit_number == 2
        await pilot.press("slash", "escape")
        await pilot.pause()
        assert view.needle == ""


async def test_copy_gives_the_text_itself() -> None:
    view = TextView()
    app = Stage(view)
    async with app.run_test(size=(60, 10)) as pilot:
        view.show("a\tb\n世 \x1b")
        await pilot.press("y")
        assert app.copied == ["a\tb\n世 \x1b"]


async def test_a_selection_is_what_is_copied() -> None:
    view = TextView()
    app = Stage(view)
    async with app.run_test(size=(60, 10)) as pilot:
        view.show("first 世界 line\nsecond line")
        app.screen.selections = {view: Selection(Offset(6, 0), Offset(6, 1))}
        await pilot.pause()
        await pilot.press("c")
        assert app.copied == ["世界 line\nsecond"]


async def test_dragging_the_mouse_selects() -> None:
    view = TextView()
    app = Stage(view)
    async with app.run_test(size=(60, 10)) as pilot:
        view.show("世界 alpha beta")
        await pilot.pause()
        await pilot.mouse_down(view, offset=(5, 0))
        await pilot.hover(view, offset=(10, 0))
        await pilot.mouse_up(view, offset=(10, 0))
        assert app.screen.get_selected_text() == "alpha"


async def test_an_empty_view_says_why() -> None:
    view = TextView()
    app = Stage(view)
    async with app.run_test(size=(60, 10)) as pilot:
        view.clear("No answer yet")
        await pilot.pause()
        assert "No answer yet" in screen_text(app)
        view.show("")
        await pilot.pause()
        assert "the text is empty" in screen_text(app)
