"""Many deliveries written by a process of its own: the same rows, the same words where it fails."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inspector.delivery.events import DeliveryEvent
from inspector.history import History, HistoryError
from inspector.history.apart import Apart
from inspector.history.group import GroupCommit
from inspector.history.sheet import Entry, Page, sheet_of
from tests.history.deliveries import as_recorded, dead_lettered, delivered, new_delivery, record

TABLES = ("events", "requests", "deliveries", "attempts", "waits")


def entries(steps: Sequence[DeliveryEvent], delivery_id: str = "a") -> list[Entry]:
    """The steps of a delivery as a run of many hands them over: what follows without a pause together."""
    page, taken, found = Page(new_delivery(delivery_id)), list(steps), []
    while taken:
        number = 2 if len(taken) > 1 else 1
        found.append(Entry(page, tuple(taken[:number])))
        taken = taken[number:]
    return found


def opened(path: Path) -> History:
    history = History(path)
    history.count()
    return history


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(path) as database:
        return {table: database.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}


async def all_apart(apart: Apart, given: Sequence[Entry]) -> None:
    for entry in given:
        await (await apart.write(sheet_of([entry])))


def all_here(history: History, given: Sequence[Entry]) -> None:
    for entry in given:
        history.record_many(sheet_of([entry]))


@pytest.mark.parametrize(
    "steps", [pytest.param(delivered, id="delivered"), pytest.param(dead_lettered, id="lost")]
)
async def test_it_writes_what_the_thread_writes_and_what_one_delivery_writes(
    tmp_path: Path, steps: Callable[[str], list[DeliveryEvent]]
) -> None:
    paths = [tmp_path / name for name in ("apart", "thread", "single")]
    for path in paths:
        opened(path).close()
    apart = await Apart.start(paths[0])
    apart.take_over({})
    await all_apart(apart, entries(steps("a")))
    await apart.close()
    thread = History(paths[1])
    all_here(thread, entries(steps("a")))
    thread.close()
    single = History(paths[2])
    record(single, new_delivery("a"), steps("a"))
    assert single.events_of("a") == [as_recorded(step) for step in steps("a")]
    single.close()
    assert rows_of(paths[0]) == rows_of(paths[1]) == rows_of(paths[2])


async def test_it_takes_over_what_the_thread_began(path: Path) -> None:
    history = opened(path)
    first, *others = entries(delivered("a"))
    history.record_many(sheet_of([first]))
    apart = await Apart.start(path)
    apart.take_over(history.under_way())
    await all_apart(apart, others)
    await apart.close()
    assert history.events_of("a") == [as_recorded(step) for step in delivered("a")]
    history.close()


async def test_it_starts_when_there_is_much_and_ends_with_the_run(path: Path) -> None:
    history = opened(path)
    with ThreadPoolExecutor(1) as writer:
        commit = GroupCommit(history, writer, busy=4)
        number = 0
        async with asyncio.timeout(20):
            while commit.apart is None:
                for entry in entries(delivered(f"d{number}"), f"d{number}"):
                    await commit.add(entry.page, *entry.steps)
                number += 1
        pid = commit.apart.pid
        last = entries(dead_lettered("last"), "last")
        for entry in last:
            commit.add(entry.page, *entry.steps)
        await commit.close()
    assert commit.failure is None
    assert history.count("state:delivered") == number
    assert history.events_of("last") == [as_recorded(step) for step in dead_lettered("last")]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    history.close()


async def test_few_are_left_to_the_thread(path: Path) -> None:
    history = opened(path)
    with ThreadPoolExecutor(1) as writer:
        commit = GroupCommit(history, writer)
        for number in range(20):
            for entry in entries(delivered(f"d{number}"), f"d{number}"):
                await commit.add(entry.page, *entry.steps)
        assert commit.apart is None
        await commit.close()
    assert history.count() == 20
    history.close()


async def test_when_it_is_killed_that_is_said_and_what_was_written_stays(path: Path) -> None:
    history = opened(path)
    apart = await Apart.start(path)
    apart.take_over({})
    first, second, *_ = entries(delivered("a"))
    await (await apart.write(sheet_of([first])))
    os.kill(apart.pid, signal.SIGKILL)
    for _ in range(4):
        with pytest.raises(HistoryError, match=r"the process that writes the history .* has ended") as caught:
            await (await apart.write(sheet_of([second])))
    assert caught.value.hint == "what it had written is kept"
    await apart.close()
    assert [step.message_type for step in history.events_of("a")] == [
        step.message_type for step in first.steps
    ]
    history.close()


async def test_ctrl_c_does_not_reach_it(path: Path) -> None:
    opened(path).close()
    apart = await Apart.start(path)
    apart.take_over({})
    os.kill(apart.pid, signal.SIGINT)
    first, *_ = entries(delivered("a"))
    await (await apart.write(sheet_of([first])))
    await apart.close()


async def test_a_failure_has_the_words_that_it_has_in_this_process(path: Path) -> None:
    history = opened(path)
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE waits")
    page_entries = entries(delivered("a"))
    apart = await Apart.start(path)
    apart.take_over({})
    with pytest.raises(HistoryError) as apart_failed:
        await all_apart(apart, page_entries)
    await apart.close()
    with pytest.raises(HistoryError) as failed:
        all_here(history, entries(delivered("b"), "b"))
    assert str(apart_failed.value) == str(failed.value)
    assert apart_failed.value.hint == failed.value.hint
    # The one that failed left nothing, what was written before it stays.
    assert history.count("state:in-flight") == 2
    history.close()


async def test_a_file_that_is_no_history_is_refused_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no database at all, and long enough to be looked at" * 40)
    with pytest.raises(HistoryError, match="is no SQLite database"):
        await Apart.start(path)


async def test_no_secret_goes_to_it() -> None:
    for steps in (delivered("a"), dead_lettered("a")):
        packed = b"".join(sheet_of([entry]).packed() for entry in entries(steps))
        assert b"canary" not in packed
