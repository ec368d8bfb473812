"""What if: a scripted target, a policy, a day of attempts, the odds."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from inspector.delivery.scenario_grammar import parse_scenario
from inspector.eventbridge.resources import RetryPolicy
from inspector.tui.app import InspectorApp
from inspector.tui.screens.what_if import APPROXIMATION, READY
from inspector.tui.widgets.odds_view import percent
from inspector.tui.widgets.timeline import Timeline
from inspector.workbench.simulate import parse_policy, what_if_of
from tests.tui.screens.conftest import SIZES, see, settle, text_of, until
from tests.tui.screens.shop import RULES, Shop, write_shop

WIDE, NARROW = (140, 40), (80, 24)
ALL_RUNS = "1,000 runs: "


@pytest.fixture
def a_day(_same_everywhere: None) -> Shop:
    """The shop; its targets have AWS's own policy and a dead-letter queue."""
    write_shop(Path("shop"))
    queue = {"Arn": "arn:aws:sqs:us-east-1:123456789012:lost"}
    for number in range(1, len(RULES) + 1):
        path = Path(f"shop/rule-{number}.json")
        rule = json.loads(path.read_text())
        targets = [
            {name: value for name, value in target.items() if name != "RetryPolicy"}
            | {"DeadLetterConfig": queue}
            for target in rule["Targets"]
        ]
        path.write_text(json.dumps({**rule, "Targets": targets}))
    return Shop(Path("shop"))


async def opened(pilot: "Pilot[None]") -> None:
    """Open the screen and wait for all of its answer."""
    await see(pilot, "✔ valid")
    await pilot.press("i")
    await see(pilot, ALL_RUNS)


def field(app: InspectorApp, name: str) -> Input:
    """Return one of the fields."""
    return app.screen.query_one(f"#{name}", Input)


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_day_and_its_odds_are_there_at_once(a_day: Shop, size: tuple[int, int]) -> None:
    app = a_day.app()
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("i")
        await see(pilot, ALL_RUNS)
        seen = text_of(app)
        assert "24 h · 39 attempts · seed 1" in seen
        assert "1,000 runs: 100 % delivered · 0 % dead-lettered" in seen
        assert "delivered after 2 h" in seen
        assert APPROXIMATION in seen
        assert "waits: an approximation" in seen


async def test_a_narrow_screen_cuts_everything_but_the_label(app: InspectorApp) -> None:
    async with app.run_test(size=(50, 24), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("i")
        await see(pilot, "─ the schedule is an approximation")


async def test_the_policy_is_the_chosen_route_s(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        assert (field(app, "retries").value, field(app, "age").value) == ("4", "1h")
        assert "0 % delivered · 100 % dropped" in text_of(app)


async def test_it_follows_the_typing(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        field(app, "scenario").value = "503 x2, then 200"
        await see(pilot, "100 % delivered")
        assert "DELIVERED  after 3 attempts" in text_of(app)
        field(app, "retries").value = "1"
        await see(pilot, "after 2 attempts")
        await see(pilot, ": 0 % delivered")
        assert "changed here" in text_of(app)
        await pilot.press("enter", "r")
        await see(pilot, "100 % delivered")
        assert field(app, "retries").value == "4"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        pytest.param("scenario", "503 fur 2h, then 200", 'character 5: found "fur", expected', id="a word"),
        pytest.param("scenario", "503 for 2h", "character 11: it ends, expected what comes", id="the end"),
        pytest.param("scenario", "[/] [b", 'character 1: found "[/]"', id="markup"),
        pytest.param("scenario", "\x1b]0;x\x07", "␛]0", id="escape sequence"),
        pytest.param("retries", "186", "MaximumRetryAttempts from 0 to 185", id="retries"),
        pytest.param("age", "25h", "MaximumEventAgeInSeconds in whole seconds from 60 s to 24 h", id="age"),
        pytest.param("age", "", "the policy cannot be read", id="no age"),
    ],
)  # fmt: skip
async def test_what_cannot_be_read_is_told_with_its_place(
    app: InspectorApp, name: str, text: str, told: str
) -> None:
    async with app.run_test(size=(200, 40), notifications=True) as pilot:
        await opened(pilot)
        field(app, name).value = text
        await see(pilot, told)
        # What was simulated before is not left to be taken for the answer.
        await see(pilot, "Nothing to simulate")
        assert "DROPPED" not in text_of(app)
        assert "% delivered" not in text_of(app)
        assert APPROXIMATION in text_of(app)
        assert "\x1b" not in text_of(app)


async def test_another_draw_is_another_delivery(a_day: Shop) -> None:
    app = a_day.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("f5")
        await see(pilot, "seed 2 ─")
        await see(pilot, ALL_RUNS)
        assert "39 attempts" not in text_of(app)


async def test_a_ready_scenario_is_taken(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+o")
        await see(pilot, "What the target does")
        await pilot.press(*"refused for good", "enter")
        await see(pilot, "SDK_CLIENT_ERROR after 1 attempt")
        assert field(app, "scenario").value == "400"


@pytest.mark.parametrize("choice", READY, ids=lambda choice: str(choice.label))
def test_every_ready_scenario_can_be_read(choice: object) -> None:
    assert parse_scenario(getattr(choice, "label", "")).phases


async def test_the_time_scale_shows_what_was_used_or_all(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        assert "the first 7.2 s of 1 h · 5 attempts" in text_of(app)
        await pilot.press("enter", "t")
        await see(pilot, "approximation · 1 h · 5 attempts")
        await pilot.press("t")
        await see(pilot, "the first 7.2 s of 1 h")


async def test_the_day_points_at_the_attempt_that_is_looked_at(a_day: Shop) -> None:
    app = a_day.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("enter")
        axis = axis_of(app)
        await pilot.press("end")
        await until(pilot, lambda: app.screen.query_one(Timeline).highlighted == 39)
        await settle(pilot)
        assert axis_of(app).index("▲") > axis.index("▲")


def axis_of(app: InspectorApp) -> str:
    """Return the line of time."""
    return next(line for line in text_of(app).splitlines() if "12 h" in line)


async def test_an_answer_that_is_no_longer_asked_for_does_not_count(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        for text in ("500", "fail 30% with 500", "200"):
            field(app, "scenario").value = text
            app.screen.query_one("#scenario", Input).post_message(
                Input.Submitted(field(app, "scenario"), text)
            )
        await see(pilot, "DELIVERED  after 1 attempt")
        await see(pilot, "1,000 runs: 100 % delivered")
        await settle(pilot)
        assert "DELIVERED  after 1 attempt" in text_of(app)


async def test_the_odds_and_the_words_are_tabs_where_there_is_little_room(app: InspectorApp) -> None:
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("i")
        await see(pilot, ALL_RUNS)
        await pilot.press("enter", "left_square_bracket")
        await see(pilot, "time to delivery")
        await pilot.press("left_square_bracket")
        await see(pilot, "phase after phase")


@pytest.fixture
def nothing() -> Shop:
    """A folder without definitions."""
    Path("empty").mkdir()
    return Shop(Path("empty"))


async def test_without_any_route_aws_s_defaults_are_simulated(nothing: Shop) -> None:
    app = nothing.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        await app.run_action("what_if")
        await see(pilot, ALL_RUNS)
        assert "any target" in text_of(app)
        assert "AWS's defaults" in text_of(app)
        assert field(app, "retries").value == "185"


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 1000, "0 %"), (1, 3000, "0.1 %"), (500, 1000, "50 %"), (2999, 3000, "99.9 %"), (7, 7, "100 %")],
)
def test_no_share_is_rounded_to_none_or_all(part: int, whole: int, told: str) -> None:
    assert percent(part, whole) == told


def test_the_screen_asks_what_the_command_asks(a_day: Shop) -> None:
    route = a_day.bench.routes()[0]
    policy = parse_policy("attempts=185,age=24h", RetryPolicy())
    assert what_if_of(route, parse_scenario("500")).policy == policy


def pressed(*names: str) -> Callable[["Pilot[None]"], object]:
    """Return what presses keys when all else has ended."""

    async def press(pilot: "Pilot[None]") -> None:
        await settle(pilot)
        for name in names:
            await pilot.press(name)
            await settle(pilot)

    return press


PICTURES = [
    pytest.param(("i",), id="outage"),
    pytest.param(("i", "enter", "end"), id="end-of-it"),
    pytest.param(("i", "end", "x", "enter"), id="no-scenario"),
    pytest.param(("i", "ctrl+o"), id="ready-ones"),
    pytest.param(("i", "enter", "left_square_bracket"), id="words-or-odds"),
    pytest.param(("i", "f1"), id="help"),
    pytest.param(("D", "i"), id="light"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", PICTURES)
def test_the_what_if(
    a_day: Shop, snap_compare: Callable[..., bool], size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    assert snap_compare(a_day.app(), terminal_size=size, run_before=pressed(*keys))
