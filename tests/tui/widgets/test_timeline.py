"""The timeline: each attempt, why what follows follows, the wait, the budgets, the outcome."""

from collections.abc import Iterable
from datetime import datetime

import pytest

from inspector.delivery.events import (
    AttemptEnd,
    AttemptStart,
    DeliveryEvent,
    InvocationEnd,
    Outcome,
    Timings,
    WaitStart,
)
from inspector.tui.widgets.line_builder import LineBuilder
from inspector.tui.widgets.phase_bar import put_phases
from inspector.tui.widgets.timeline import Timeline
from inspector.tui.widgets.timeline_rows import clock, latency
from tests.tui.widgets import stories
from tests.tui.widgets.stories import REQUEST, at
from tests.tui.widgets.support import HOSTILE, Stage, assert_harmless, screen_text


async def shown(
    events: Iterable[DeliveryEvent], *, size: tuple[int, int] = (120, 20), now: datetime | None = None
) -> str:
    """Return what stands on the screen after `events`."""
    timeline = Timeline()
    app = Stage(timeline)
    async with app.run_test(size=size) as pilot:
        timeline.reset("orders/crm")
        for event in events:
            timeline.apply(event)
        if now:
            timeline.tick(now)
        await pilot.pause()
        return screen_text(app)


async def test_a_delivery_with_retries_is_told_row_by_row() -> None:
    lines = [line.split() for line in (await shown(stories.delivered())).splitlines()]
    rows = [" ".join(word for word in line if set(word) - set("■━─")) for line in lines]
    assert rows[2:9] == [
        "1 +0.0s 503 182 ms 503 is retried: 5xx",
        "↻ waited 2 s Retry-After is longer than the back-off of 0.7 s",
        "2 +2.2s refused 3.0 ms a refused connection is retried",
        "↻ skipped 4 s back-off before retry 2 of 3",
        "3 +10.0s 200 182 ms 200 is a success: 2xx",
        "✔ DELIVERED after 3 attempts in 10 s",
        "",
    ]


@pytest.mark.parametrize(
    ("now", "left", "done"),
    [
        pytest.param(6.0, "4.0 s", 0.0, id="at its start"),
        pytest.param(8.5, "1.5 s", 0.625, id="under way"),
        pytest.param(30.0, "0.0 s", 1.0, id="late"),
    ],
)
async def test_a_wait_counts_down(now: float, left: str, done: float) -> None:
    text = await shown(stories.two_failures_then_waiting(), now=at(now))
    row = next(line for line in text.splitlines() if "back-off before retry 2" in line)
    assert left in row
    assert "of 4 s" in row
    bar = row.count("━") / (row.count("━") + row.count("─"))
    assert bar == pytest.approx(done, abs=0.05)


async def test_budgets_used_are_shown() -> None:
    text = await shown(stories.two_failures_then_waiting(), now=at(7))
    assert "retries 1/3" in text
    assert "age 7 s/60 s" in text


async def test_an_attempt_under_way_shows_how_long_it_takes() -> None:
    events: list[DeliveryEvent] = [stories.start(), AttemptStart(at(0), 1, "FIRST", REQUEST)]
    text = await shown(events, now=at(1.25))
    assert "sent, no answer yet" in text
    assert "1.25 s" in text


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        pytest.param(
            Outcome("dead-lettered", 1, 0, "404 is final", "NO_RESOURCE", "answered 404"),
            ["DEAD-LETTERED", "NO_RESOURCE", "after 1 attempt in 1 s", "404 is final", "answered 404"],
            id="dead-lettered",
        ),
        pytest.param(
            Outcome("dropped", 3, 2, "used up", "TIMEOUT", exhausted="MaximumEventAgeInSeconds"),
            ["DROPPED", "TIMEOUT", "MaximumEventAgeInSeconds used up", "after 3 attempts"],
            id="dropped",
        ),
        pytest.param(Outcome("abandoned", 1, 0, "cancelled"), ["ABANDONED", "cancelled"], id="abandoned"),
    ],
)
async def test_the_outcome_has_its_own_row(outcome: Outcome, words: list[str]) -> None:
    events: list[DeliveryEvent] = [
        stories.start(),
        AttemptEnd(at(0.2), stories.attempt(1, 0, 503)),
        InvocationEnd(at(1), outcome),
    ]
    text = await shown(events)
    assert not [word for word in words if word not in text]


async def test_an_interrupted_delivery_says_so() -> None:
    timeline = Timeline()
    app = Stage(timeline)
    async with app.run_test(size=(120, 12)) as pilot:
        timeline.apply(stories.start())
        timeline.apply(AttemptStart(at(0), 1, "FIRST", REQUEST))
        timeline.interrupt()
        await pilot.pause()
        assert "INTERRUPTED" in screen_text(app)
        assert "cut off" in screen_text(app)


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 140])
async def test_any_width_will_do(width: int) -> None:
    text = await shown(stories.delivered(), size=(width, 12))
    assert "503" in text
    if width >= 80:
        assert "503 is retried: 5xx" in text
    assert max(map(len, text.splitlines())) <= width


async def test_what_does_not_fit_is_cut_with_an_ellipsis() -> None:
    text = await shown(stories.dead_lettered(why="x" * 200), size=(80, 12))
    assert "…" in text


async def test_a_whole_day_of_retries_stays_quick_and_ends_in_sight() -> None:
    timeline = Timeline()
    app = Stage(timeline)
    async with app.run_test(size=(120, 20)) as pilot:
        for event in stories.whole_day():
            timeline.apply(event)
        await pilot.pause()
        assert timeline.attempts == 186
        assert len(timeline._strips) < 40, "only what is on the screen is painted"
        assert "DROPPED" in screen_text(app)
        assert "retries 185/185" in screen_text(app)
        await pilot.press("home")
        await pilot.pause()
        assert timeline.highlighted == 1


async def test_the_cursor_goes_from_attempt_to_attempt() -> None:
    timeline = Timeline()
    app = Stage(timeline)
    async with app.run_test(size=(120, 20)) as pilot:
        for event in stories.delivered():
            timeline.apply(event)
        assert timeline.highlighted == 3
        await pilot.press("up")
        await pilot.pause()
        assert app.last(Timeline.AttemptHighlighted).number == 2
        await pilot.press("up", "up", "up")
        assert timeline.highlighted == 1
        await pilot.click(timeline, offset=(30, 5))
        await pilot.pause()
        assert timeline.highlighted == 2, "a click on a wait means the attempt before it"
        await pilot.click(timeline, offset=(3, 6))
        await pilot.pause()
        assert app.last(Timeline.AttemptHighlighted).number == 3


async def test_the_cursor_follows_the_newest_attempt_until_it_is_moved() -> None:
    timeline = Timeline()
    async with Stage(timeline).run_test(size=(120, 20)) as pilot:
        events = list(stories.delivered())
        for event in events[:6]:
            timeline.apply(event)
        assert timeline.highlighted == 2
        await pilot.press("up")
        for event in events[6:]:
            timeline.apply(event)
        assert timeline.highlighted == 1


async def test_the_end_of_the_highlighted_attempt_is_announced() -> None:
    timeline = Timeline()
    app = Stage(timeline)
    async with app.run_test(size=(120, 20)) as pilot:
        timeline.apply(stories.start())
        timeline.apply(AttemptStart(at(0), 1, "FIRST", REQUEST))
        await pilot.pause()
        before = len(app.posted)
        timeline.apply(AttemptEnd(at(0.2), stories.attempt(1, 0, 200)))
        await pilot.pause()
        assert len(app.posted) == before + 1


async def test_reset_forgets_the_delivery_before() -> None:
    timeline = Timeline()
    app = Stage(timeline)
    async with app.run_test(size=(120, 20)) as pilot:
        for event in stories.delivered():
            timeline.apply(event)
        timeline.reset("next")
        await pilot.pause()
        assert "DELIVERED" not in screen_text(app)
        assert "No attempts yet" in screen_text(app)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_shown_and_does_nothing(text: str) -> None:
    timeline = Timeline()
    app = Stage(timeline)
    async with app.run_test(size=(140, 20)) as pilot:
        timeline.reset(text)
        for event in stories.dead_lettered(text, text + "!"):
            timeline.apply(event)
        timeline.apply(WaitStart(at(1), at(2), 1, text, 2))
        await pilot.pause()
        assert_harmless(app)
        timeline.reset(text, message=text)
        await pilot.pause()
        assert_harmless(app)


@pytest.mark.parametrize(
    ("timings", "cells"),
    [
        pytest.param(Timings(10, None, None, 30, 60, 100), {"connect": 2, "wait": 6, "read": 12}, id="full"),
        pytest.param(Timings(25, None, None, 25, None, 50), {"connect": 5, "wait": 5}, id="half"),
        pytest.param(Timings(total=50), {"faint": 10}, id="no phase known"),
        pytest.param(Timings(connect=0.01, total=0.01), {"connect": 1}, id="never invisible"),
        pytest.param(Timings(), {"faint": 1}, id="no time at all"),
    ],
)
def test_phases_are_drawn_to_scale(timings: Timings, cells: dict[str, int]) -> None:
    line = LineBuilder()
    put_phases(line, timings, 20, 100)
    assert line.cells == 20
    assert {ink: end - start for start, end, ink in line.spans} == cells


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "+0.0s"), (59.94, "+59.9s"), (125, "+2:05"), (86399, "+23:59:59")],
)
def test_times_since_the_start(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(("value", "text"), [(0.4, "0.4 ms"), (182.4, "182 ms"), (5003, "5.00 s")])
def test_latencies(value: float, text: str) -> None:
    assert latency(value) == text


@pytest.mark.parametrize("width", [48, 60, 79, 80, 100, 120, 140])
async def test_the_heads_stand_over_their_columns(width: int) -> None:
    lines = (await shown(stories.delivered(), size=(width, 12))).splitlines()
    assert lines[1].index("latency") + len("latency") == lines[2].index("182 ms") + len("182 ms")


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "nord", "catppuccin-latte", "ansi-dark"])
async def test_a_chip_can_be_read_in_every_theme(theme: str) -> None:
    timeline = Timeline()
    app = Stage(timeline)
    async with app.run_test(size=(120, 12)) as pilot:
        app.theme = theme
        await pilot.pause()
        for name in (
            "chip-ok",
            "chip-warn",
            "chip-bad",
            "chip-info",
            "chip-accent",
            "chip-dim",
            "error",
            "hit-now",
        ):
            style = timeline.ink(name)
            assert style.color
            assert style.bgcolor
            assert style.color != style.bgcolor, name


@pytest.mark.parametrize(
    ("width", "told"),
    [
        pytest.param(140, "what follows, and why · waits: an approximation", id="wide"),
        pytest.param(80, "waits: an approximation", id="narrow"),
        pytest.param(64, "waits approximate", id="narrower"),
        pytest.param(54, "≈ waits", id="narrowest"),
    ],
)
async def test_waits_are_said_to_be_an_approximation_in_any_width(width: int, told: str) -> None:
    assert told in await shown(stories.delivered(), size=(width, 20))


async def test_without_a_wait_there_is_nothing_approximate() -> None:
    assert "approximat" not in await shown(stories.dead_lettered())
