"""A definition is edited in place and tried at once; a file changes only when that is confirmed."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from inspector.tui.app import InspectorApp
from inspector.tui.screens.definition import DefinitionScreen
from inspector.tui.screens.definition_pane import DefinitionPane
from inspector.tui.widgets.editor import JsonEditor
from inspector.tui.widgets.past_events import PastEvents
from tests.tui.screens.conftest import SIZES, see, settle, text_of, until
from tests.tui.screens.shop import ORDER, Shop, write_file, write_shop

WIDE = (140, 40)
NARROW = (80, 24)
Steps = Callable[["Pilot[None]"], Awaitable[None]]
RULE = "shop/rule-1.json"


def read_file(name: str) -> str:
    return Path(name).read_text()


def shop_without(name: str) -> Shop:
    """Return the shop without one of its files."""
    write_shop(Path("shop"))
    Path("shop", name).unlink()
    return Shop(Path("shop"))


def hostile_shop(text: str) -> Shop:
    """Return the shop with a text in every part of a definition that can be edited."""
    write_shop(Path("shop"))
    rule = json.loads(read_file(RULE))
    rule["EventPattern"] = json.dumps({"detail-type": [text]})
    template = json.dumps({"a": "<a>", text: text})
    transformer = {"InputPathsMap": {"a": "$.detail.a"}, "InputTemplate": template}
    rule["Targets"][0]["InputTransformer"] = transformer
    rule["Targets"][0]["HttpParameters"] = {"QueryStringParameters": {"q": text}}
    write_file(RULE, rule)
    return Shop(Path("shop"), db=Path("history.sqlite3"))


async def opened(pilot: "Pilot[None]") -> DefinitionScreen:
    """Go to the definition of the first route."""
    await settle(pilot)
    await pilot.press("d")
    await see(pilot, "✔ accepted")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, DefinitionScreen)
    return screen


def field(screen: DefinitionScreen, name: str) -> JsonEditor:
    return screen.query_one(f"#field-{name}", JsonEditor)


def write_into(screen: DefinitionScreen, name: str, text: str) -> JsonEditor:
    """Put a text into a field as a person would who types it."""
    editor = field(screen, name)
    editor.replace(text, editor.document.start, editor.document.end)
    return editor


async def test_the_screen_opens_on_the_pattern_of_the_chosen_route(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await opened(pilot)
        assert field(screen, "pattern").has_focus
        seen = text_of(app)
        assert '{"source": ["shop.orders"], "detail-type": ["Order Placed"]}' in seen
        assert "✓ fires" in seen
        assert "edited" not in seen


async def test_a_pattern_is_tried_as_it_is_typed_and_the_file_stays(app: InspectorApp, shop: Shop) -> None:
    before = read_file(RULE)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await opened(pilot)
        write_into(screen, "pattern", '{"source": ["shop.refunds"]}')
        await see(pilot, "✗ does not fire")
        await see(pilot, "edited, not written")
        assert " edited " in text_of(app).split("\n")[0]
        write_into(screen, "pattern", '{"source": [{"prefix": "shop."}]}')
        await see(pilot, "✓ fires")
        await pilot.press("escape")
        await see(pilot, " edited ")
        await see(pilot, 'source {"prefix": "shop."}')
    assert read_file(RULE) == before


async def test_what_is_typed_back_is_no_edit(app: InspectorApp, shop: Shop) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await opened(pilot)
        text = field(screen, "pattern").text
        write_into(screen, "pattern", '{"source": ["x"]}')
        await see(pilot, "edited, not written")
        write_into(screen, "pattern", text)
        await until(pilot, lambda: len(shop.bench.drafts) == 0)
        await settle(pilot)
        assert "edited" not in text_of(app)


async def test_a_refused_pattern_is_told_in_awss_words_and_marked(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await opened(pilot)
        editor = write_into(screen, "pattern", '{\n  "source": [{"prefox": "shop"}]\n}')
        await see(pilot, "Unrecognized match type prefox")
        await see(pilot, "refused")
        await until(pilot, lambda: bool(editor.marked))
        assert "line 2, column" in text_of(app)
        editor.move_cursor((0, 0))
        await pilot.press("ctrl+g")
        await settle(pilot)
        assert editor.cursor_location[0] == 1
        await pilot.press("ctrl+s")
        await see(pilot, "Not written")


async def test_a_template_shows_each_placeholder_with_its_value(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await opened(pilot)
        await pilot.press("f6")
        await see(pilot, "InputPathsMap")
        await see(pilot, "$.detail.orderId")
        assert field(screen, "template").marked == ("<order>", "<total>")
        write_into(screen, "template", '{"id": "<order>", "sum": <total>}')
        await see(pilot, '{"id": "o-1001", "sum": 42.5}')
        write_into(screen, "paths", '{"order": "$.detail.customer", "total": "$.detail.total"}')
        await see(pilot, '{"id": "c-7", "sum": 42.5}')


async def test_a_payload_that_is_no_json_is_explained_and_mended_with_one_key(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await opened(pilot)
        await pilot.press("f6")
        write_into(screen, "paths", '{"order": "$.detail"}')
        editor = write_into(screen, "template", '{"order": "<order>"}')
        await see(pilot, "invalid JSON")
        await see(pilot, "remove the quotes")
        await see(pilot, "^t Apply fix")
        await until(pilot, lambda: editor.marked == ("<order>",))
        await pilot.press("ctrl+t")
        await see(pilot, " deliverable ")
        assert editor.text == '{"order": <order>}'
        await until(pilot, lambda: "Apply fix" not in text_of(app))
        await pilot.press("ctrl+z")
        await see(pilot, "invalid JSON")


async def test_a_refused_template_is_told_where(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await opened(pilot)
        await pilot.press("f6")
        editor = write_into(screen, "template", '{"order": "<ordre>"}')
        await see(pilot, "contains invalid")
        await see(pilot, "did you mean <order>?")
        await until(pilot, lambda: editor.marked == ("<ordre>",))


async def test_parameters_change_the_request(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await opened(pilot)
        await pilot.press("f6", "f6", "f6")
        await see(pilot, "Parameters")
        write_into(screen, "http", '{"HeaderParameters": {"X-Order": "$.detail.orderId"}}')
        await see(pilot, "X-Order: o-1001")
        write_into(screen, "http", '{"HeaderParameters": {"X-Order": 5}}')
        await see(pilot, "HeaderParameters holds strings; X-Order is number")
        write_into(screen, "http", '{"HeaderParameters": {')
        await see(pilot, "line 1, column 23")
        write_into(screen, "http", '{"HeaderParameter": {}}')
        await see(pilot, "there is no HeaderParameter here")


async def test_the_difference_is_shown_and_written_with_a_backup(app: InspectorApp, shop: Shop) -> None:
    before = read_file(RULE)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await opened(pilot)
        await pilot.press("f6")
        write_into(screen, "template", '{"order": "<order>"}')
        await see(pilot, "edited, not written")
        screen.action_show_tab("diff")
        await see(pilot, "+++ shop/rule-1.json (edited)")
        await see(pilot, "+1 -1")
        await pilot.press("ctrl+s")
        await see(pilot, "kept as rule-1.json.bak")
        await pilot.press("n")
        await settle(pilot)
        assert read_file(RULE) == before
        await pilot.press("ctrl+s")
        await see(pilot, "kept as rule-1.json.bak")
        await pilot.press("y")
        await see(pilot, "Wrote shop/rule-1.json; what it was is in")
        await until(pilot, lambda: len(shop.bench.drafts) == 0)
    transformer = json.loads(read_file(RULE))["Targets"][0]["InputTransformer"]
    assert transformer["InputTemplate"] == '{"order": "<order>"}'
    assert read_file("shop/rule-1.json.bak") == before


async def test_edits_are_discarded_once_that_is_confirmed(app: InspectorApp, shop: Shop) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await opened(pilot)
        text = field(screen, "pattern").text
        write_into(screen, "pattern", '{"source": ["x"]}')
        await see(pilot, "edited, not written")
        await pilot.press("ctrl+r")
        await see(pilot, "Discard the edits?")
        await pilot.press("y")
        await until(pilot, lambda: field(screen, "pattern").text == text)
        await settle(pilot)
        assert len(shop.bench.drafts) == 0
        assert "edited" not in text_of(app)


async def test_what_is_sent_is_what_was_edited(app: InspectorApp, shop: Shop) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await opened(pilot)
        await pilot.press("f6")
        write_into(screen, "template", '{"edited": "<order>"}')
        await see(pilot, '{"edited": "o-1001"}')
        await pilot.press("f2")
        await settle(pilot)
        await pilot.press("f5")
        await see(pilot, "200 delivered")
    assert shop.endpoints.sent[-1].payload == '{"edited": "o-1001"}'


async def test_past_events_are_found_as_a_pattern_is_typed(app: InspectorApp, shop: Shop) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("s")
        await see(pilot, "200 delivered")
        big = {**ORDER, "id": "00000000-0000-4cf7-a9f1-bf3703467718", "detail": {"total": 9000}}
        app.workbench.new_event("big", json.dumps(big))
        await settle(pilot)
        await pilot.press("f5")
        await until(pilot, lambda: len(shop.endpoints.sent) == 4)
        await see(pilot, "200 delivered")
        await pilot.press("escape", "f6")
        await see(pilot, "✔ accepted")
        screen = app.screen
        assert isinstance(screen, DefinitionScreen)
        screen.action_show_tab("past")
        await see(pilot, "2 of 2 past events match")
        write_into(screen, "pattern", '{"detail": {"total": [{"numeric": ["<", 100]}]}}')
        await see(pilot, "1 of 2 past events matches")
        write_into(screen, "pattern", '{"source": ["nobody"]}')
        await see(pilot, "0 of 2 past events match")
        assert "None of the past events match." in text_of(app)
        write_into(screen, "pattern", '{"source": [')
        await see(pilot, "There is no pattern to look with.")
        write_into(screen, "pattern", '{"detail": {"total": [{"numeric": ["<", 100]}]}}')
        await see(pilot, "1 of 2 past events matches")
        screen.query_one(PastEvents).focus()
        await pilot.press("enter")
        await settle(pilot)
        await until(pilot, lambda: "o-1001" in app.workbench.event_text)
        await until(pilot, lambda: "(history)" in app.workbench.event_name)
        screen.action_show_tab("match")
        await see(pilot, "✓ fires")


async def test_without_a_history_there_are_no_past_events() -> None:
    write_shop(Path("shop"))
    app = Shop(Path("shop")).app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await opened(pilot)
        screen.action_show_tab("past")
        await see(pilot, "This session keeps no history.")


async def test_a_text_that_is_no_value_yet_outlives_a_visit_elsewhere(app: InspectorApp) -> None:
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        screen = await opened(pilot)
        write_into(screen, "pattern", '{"source": [')
        await see(pilot, "✘ line 1")
        await pilot.press("f2")
        await settle(pilot)
        await pilot.press("f6")
        await see(pilot, "✘ line 1")
        assert field(screen, "pattern").text == '{"source": ['


async def test_a_destination_without_a_rule_has_parameters_only() -> None:
    app = shop_without("rule-2.json").app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("end")
        await settle(pilot)
        await pilot.press("d")
        await see(pilot, "Parameters")
        await settle(pilot)
        seen = text_of(app).split("\n")[1]
        assert "Template" not in seen
        assert "Retry" in seen


async def test_without_a_destination_there_is_nothing_to_edit(tmp_path: Path) -> None:
    app = Shop(tmp_path).app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("d")
        await see(pilot, "No destination is chosen")
        await pilot.press("f6", "f7", "escape")
        await until(pilot, lambda: app.current_mode == "workbench")


HOSTILE = ("[/]", "[@click=app.quit]x[/]", "\x1b]0;owned\x07", "\u202egnp", "$primary")


async def test_foreign_text_is_only_text() -> None:
    text = " ".join(HOSTILE)
    app = hostile_shop(text).app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        app.workbench.new_event(text, json.dumps({**ORDER, "detail-type": text, "detail": {"a": {text: 1}}}))
        await settle(pilot)
        await pilot.press("f5")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        await pilot.press("f6")
        await settle(pilot)
        shown = []
        screen = app.screen
        assert isinstance(screen, DefinitionScreen)
        for page in ("pattern", "template", "input", "http", "retry"):
            screen.action_show_tab(page)
            await settle(pilot)
            for view in ("match", "payload", "request", "past", "diff"):
                screen.action_show_tab(view)
                await settle(pilot)
                shown.append(text_of(app))
            if page in ("pattern", "http"):
                write_into(screen, page, '{"source": [{"' + text + '": 1}]}')
                await pilot.pause(0.2)
                await settle(pilot)
                shown.append(text_of(app))
        assert screen.query_one(DefinitionPane).page.name == "retry"
    everything = "\n".join(shown)
    for command in ("\x1b", "\x07", "\x9b", "\u202e"):
        assert command not in everything


def typing(page: str, field_name: str, text: str, *views: str) -> Steps:
    """Return what types a text into a field of a page and then turns to views."""

    async def run(pilot: "Pilot[None]") -> None:
        screen = await opened(pilot)
        screen.action_show_tab(page)
        await settle(pilot)
        if text:
            write_into(screen, field_name, text)
            await see(pilot, "edited")
        for view in views:
            screen.action_show_tab(view)
        await settle(pilot)

    return run


PICTURES = [
    pytest.param(typing("pattern", "pattern", ""), id="pattern"),
    pytest.param(typing("pattern", "pattern", '{\n  "source": [{"prefox": "shop"}]\n}'), id="refused"),
    pytest.param(typing("template", "template", '{"order": "<order>", "sum": <total>}'), id="template"),
    pytest.param(typing("template", "paths", '{"order": "$.detail", "total": "$.id"}'), id="invalid-json"),
    pytest.param(typing("http", "http", '{"HeaderParameters": {"X-Order": "$.detail.orderId"}}'), id="http"),
    pytest.param(typing("template", "template", '{"order": "<order>"}', "diff"), id="diff"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("steps", PICTURES)
def test_the_definition(
    app: InspectorApp, snap_compare: Callable[..., bool], size: tuple[int, int], steps: Steps
) -> None:
    assert snap_compare(app, terminal_size=size, run_before=steps)
