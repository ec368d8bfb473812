"""What must not happen: foreign text as markup or commands, secrets shown, tracebacks with values."""

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from inspector.tui.app import InspectorApp
from inspector.tui.crash import KEPT, write_report
from inspector.tui.screens.workbench import Start
from tests.tui.screens.conftest import see, settle, text_of
from tests.tui.screens.shop import CANARIES, ORDER, SCRIPTS, Shop, answer, write_file, write_shop

HOSTILE = ("[/]", "[/nope]", "[@click=app.quit]x[/]", "\x1b]0;owned\x07", "\x9b31m", "\u202egnp", "$primary")
WIDE = (140, 40)
NEXT, PREVIOUS = "right_square_bracket", "left_square_bracket"
TOUR = (
    *(NEXT, NEXT, NEXT, "s", "z", "z"),
    *("h", PREVIOUS, PREVIOUS, "p", "m", "m", "c"),
    *("escape", "c", "question_mark", "escape", "escape", "exclamation_mark"),
    *("l", NEXT, NEXT, "C", "end", "f2", "i", "enter", NEXT),
)


async def everywhere(pilot: "Pilot[None]") -> str:
    """Go through every screen and tab and return all that was shown."""
    app = pilot.app
    assert isinstance(app, InspectorApp)
    shown = []
    for key in TOUR:
        await pilot.press(key)
        await settle(pilot)
        shown.append(text_of(app))
    return "\n".join(shown)


async def test_foreign_text_is_only_text() -> None:
    write_shop(Path("shop"))
    event = {**ORDER, "detail": {"orderId": HOSTILE[0], "total": 5, **{text: text for text in HOSTILE}}}
    write_file("shop/events/hostile.json", event)
    for number, text in enumerate(HOSTILE):
        broken = {"Name": text, "ConnectionArn": text, "InvocationEndpoint": text, "HttpMethod": text}
        write_file(f"shop/broken-{number}.json", broken)
    answered = answer(200, dict(zip(HOSTILE, HOSTILE, strict=True)), x_hostile=" ".join(HOSTILE))
    shop = Shop(
        Path("shop"), db=Path("history.sqlite3"), scripts={**SCRIPTS, "warehouse.example.com": [answered]}
    )
    everything = " ".join(HOSTILE)
    app = shop.app(endpoint_url=everything, start=Start(everything, json.dumps(event)))
    async with app.run_test(size=(200, 60), notifications=True) as pilot:
        await see(pilot, "✔ valid")
        app.notify(everything)
        shown = await everywhere(pilot)
    assert "delivered" in shown
    for text in HOSTILE:
        if text.isprintable():
            assert text in shown
    for command in ("\x1b", "\x07", "\x9b", "\u202e"):
        assert command not in shown


async def test_no_secret_is_ever_on_the_screen(shop: Shop) -> None:
    app = shop.app()
    async with app.run_test(size=(200, 60), notifications=True) as pilot:
        await see(pilot, "✔ valid")
        shown = await everywhere(pilot)
    assert "X-Api-Key" in shown
    for canary in CANARIES:
        assert canary not in shown


def test_a_crash_report_has_no_values(tmp_path: Path) -> None:
    def fail(password: str) -> None:
        raise ValueError(f"cannot use {password}")

    try:
        fail(CANARIES[0])
    except ValueError as error:
        path = write_report(error, tmp_path)
    assert path is not None
    report = path.read_text()
    assert CANARIES[0] not in report
    assert "ValueError" in report
    assert "in fail" in report
    assert path.stat().st_mode & 0o777 == 0o600


def test_only_the_newest_reports_are_kept(tmp_path: Path) -> None:
    paths = [write_report(ValueError(), tmp_path) for _ in range(KEPT + 3)]
    assert sorted(tmp_path.iterdir()) == sorted(path for path in paths[3:] if path)


async def test_a_failure_ends_in_one_sentence(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = InspectorApp(shop.bench, title="shop", report_folder=tmp_path / "log")

    def fail() -> None:
        secret = CANARIES[0]
        raise ValueError(secret)

    async def run() -> None:
        async with app.run_test(size=WIDE, notifications=True) as pilot:
            await see(pilot, "✔ valid")
            app.call_later(fail)
            await pilot.pause(0.2)

    with pytest.raises(ValueError, match=CANARIES[0]):
        await run()
    printed = "".join(capsys.readouterr())
    assert CANARIES[0] not in printed
    assert len(list((tmp_path / "log").iterdir())) == 1


async def test_a_failure_in_the_background_leaves_the_app_running(shop: Shop, tmp_path: Path) -> None:
    app = InspectorApp(shop.bench, title="shop", report_folder=tmp_path / "log")

    async def fail() -> None:
        raise ValueError(CANARIES[0])

    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        app.workbench.run_worker(fail(), exit_on_error=False)
        await see(pilot, "Something went wrong")
        assert CANARIES[0] not in text_of(app)
