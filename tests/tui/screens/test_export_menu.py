"""The request is handed on: to the clipboard or into a file, its secrets as variables."""

from pathlib import Path

import pytest
from textual.widgets import Input

from inspector.tui.app import InspectorApp
from inspector.tui.widgets.request_view import RequestView
from tests.tui.screens.conftest import see, settle, text_of
from tests.tui.screens.shop import CANARIES, write_file

WIDE = (140, 40)


def read_file(name: str) -> str:
    return Path(name).read_text()


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What went to the clipboard."""
    texts: list[str] = []
    monkeypatch.setattr(InspectorApp, "copy_to_clipboard", lambda _, text: texts.append(text))
    return texts


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("Copy as curl", "curl --request POST"),
        ("Copy as HTTPie", "http --ignore-stdin"),
        ("Copy as Python", "import"),
        ("Copy as raw", "POST /orders HTTP/1.1"),
    ],
)
async def test_a_request_is_copied_in_a_form(
    app: InspectorApp, copied: list[str], form: str, begins: str
) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await settle(pilot)
        app.workbench.action_show_tab("request")
        app.workbench.query_one(RequestView).focus()
        await pilot.press("y")
        await see(pilot, "Copy or save the request")
        await pilot.press(*form)
        await settle(pilot)
        await pilot.press("enter")
        await see(pilot, "Copied as")
    assert begins in copied[0]
    assert '"order": "o-1001"' in copied[0]
    for canary in CANARIES:
        assert canary not in copied[0]


async def test_a_request_is_saved_under_a_name_that_is_free(app: InspectorApp) -> None:
    write_file("request.sh", "mine")
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await settle(pilot)
        await pilot.press("y")
        await see(pilot, "Copy or save the request")
        await pilot.press(*"Save as curl", "enter")
        await see(pilot, "Save the request as")
        await pilot.press("enter")
        await see(pilot, "request.sh is there already")
        app.screen.query_one(Input).value = "nowhere/[/].sh"
        await pilot.press("enter")
        await see(pilot, "nowhere/[/].sh cannot be written: No such file or")
        app.screen.query_one(Input).value = "other.sh"
        await pilot.press("enter")
        await see(pilot, "Saved other.sh.")
    assert read_file("request.sh") == "mine"
    assert "curl --request" in read_file("other.sh")


async def test_the_ticks_of_a_comparison_are_told_without_colour(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("c")
        await see(pilot, "[x] order-placed/warehouse")
        assert "[ ] order-placed/loyalty" in text_of(app)
        await pilot.press("down", "space")
        await see(pilot, "[x] order-placed/loyalty")
        await pilot.press("space")
        await see(pilot, "[ ] order-placed/loyalty")
