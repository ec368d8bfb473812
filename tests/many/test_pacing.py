"""A destination gets its rate, and not more, in every five seconds (request-and-auth, section 1)."""

import asyncio
from bisect import bisect_left
from datetime import UTC, datetime, timedelta

import pytest

from inspector.delivery.clock import VirtualClock
from inspector.delivery.pacing import Gate, Pacer, Paces
from inspector.eventbridge.resources import ApiDestination

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
WINDOW = timedelta(seconds=5)


async def turns(rate: float, seconds: float, *, late: dict[int, float] | None = None) -> list[datetime]:
    """Take turns for so long; late: what the caller needs after a turn, by its number."""
    clock = VirtualClock(START)
    pacer, taken = Pacer(rate, clock), []
    while clock.now() < START + timedelta(seconds=seconds):
        await pacer.turn()
        taken.append(clock.now())
        clock.advance((late or {}).get(len(taken), 0.0))
    return taken


def in_window(taken: list[datetime], start: datetime) -> int:
    return bisect_left(taken, start + WINDOW) - bisect_left(taken, start)


@pytest.mark.parametrize("rate", [1, 7, 20, 300, 800])
async def test_a_rate_is_held_within_one_percent_in_every_five_seconds(rate: int) -> None:
    taken = await turns(rate, 20)
    for moment in taken:
        if moment + WINDOW <= taken[-1]:
            assert abs(in_window(taken, moment) - 5 * rate) <= max(0.01 * 5 * rate, 1)


@pytest.mark.parametrize("rate", [20, 300])
async def test_turns_that_come_late_are_made_up_for_but_not_by_a_burst(rate: int) -> None:
    late = dict.fromkeys(range(1, 100 * rate, 10), 0.01)
    taken = await turns(rate, 20, late=late)
    for moment in taken:
        assert in_window(taken, moment) <= 1.01 * 5 * rate + 1
    assert len(taken) >= 0.99 * 20 * rate


async def test_a_pause_is_not_made_up_for() -> None:
    taken = await turns(300, 20, late={1500: 5.0})
    assert max(in_window(taken, moment) for moment in taken) <= 1.01 * 1500 + 1


async def test_the_first_turn_is_at_once_and_the_order_is_kept() -> None:
    clock = VirtualClock(START)
    pacer, order = Pacer(10, clock), []

    async def take(number: int) -> None:
        await pacer.turn()
        order.append((number, (clock.now() - START).total_seconds()))

    await asyncio.gather(*(take(number) for number in range(3)))
    assert order == [(0, 0.0), (1, 0.1), (2, 0.2)]


async def test_a_gate_lets_so_many_in_and_gives_no_turn_before_a_slot() -> None:
    clock = VirtualClock(START)
    gate = Gate(2, Pacer(10, clock))
    await gate.enter()
    await gate.enter()
    third = asyncio.ensure_future(gate.enter())
    await asyncio.sleep(0)
    assert not third.done()
    assert clock.now() == START + timedelta(seconds=0.1)
    gate.leave()
    await third
    assert clock.now() == START + timedelta(seconds=0.2)


async def test_a_cancelled_wait_gives_its_slot_back() -> None:
    gate = Gate(1, None)
    await gate.enter()
    waiting = asyncio.ensure_future(gate.enter())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    gate.leave()
    async with asyncio.timeout(1):
        await gate.enter()


@pytest.mark.parametrize(
    ("rate", "second_turn"), [(None, 1 / 50), (4.0, 1 / 4), (0.0, None)], ids=["own", "given", "off"]
)
async def test_a_destination_has_its_own_rate_unless_another_is_given(
    rate: float | None, second_turn: float | None
) -> None:
    clock = VirtualClock(START)
    destination = ApiDestination("crm", "arn", "https://crm.test", invocation_rate_limit_per_second=50)
    pacer = Paces(rate, lambda: clock).of(destination)
    if second_turn is None:
        assert pacer is None
        return
    assert pacer is not None
    await pacer.turn()
    await pacer.turn()
    assert clock.now() == START + timedelta(seconds=second_turn)


def test_three_hundred_a_second_is_the_default() -> None:
    assert ApiDestination("crm", "arn", "https://crm.test").invocation_rate_limit_per_second == 300
