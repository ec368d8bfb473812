"""Many deliveries at once, over real sockets: bounded, recorded before they are sent, stopped in order."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from inspector.history.batches import Batch
from inspector.workbench.many import Many
from inspector.workbench.many_values import Item, ManySettings, Skipped, Tally
from inspector.workbench.resume import Resumed
from tests.delivery.raw_server import raw_server, read_request
from tests.many.shop import OK, PASSWORD, ready, workbench

UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
GONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
FREELY = ManySettings(rate=0, concurrency=8)


def numbers(received: list[bytes]) -> Counter[str]:
    return Counter(request.split(b'"id":"')[1].split(b'"')[0].decode() for request in received)


def states(path: Path) -> Counter[str]:
    with sqlite3.connect(path) as database:
        return Counter(state for (state,) in database.execute("SELECT state FROM deliveries"))


def _far_enough(many: Many, running: "asyncio.Future[Tally]") -> bool:
    return many.tally.delivered >= 30 or running.done()


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not reached():  # noqa: ASYNC110 - what is waited for is a count
            await asyncio.sleep(0.001)


async def test_everything_arrives_once_and_is_recorded(tmp_path: Path) -> None:
    async with raw_server(OK) as server:
        bench = workbench(tmp_path, server.url)
        tally = await bench.many(FREELY).run(ready(bench, range(200)))
        await bench.close()
    assert (tally.delivered, tally.attempts, tally.complete) == (200, 200, True)
    assert set(numbers(server.received).values()) == {1}
    assert states(tmp_path / "h.sqlite3") == {"delivered": 200}


async def test_more_than_a_few_are_written_by_another_process_and_none_is_lost(tmp_path: Path) -> None:
    async with raw_server(OK) as server:
        bench = workbench(tmp_path, server.url)
        tally = await bench.many(ManySettings(rate=0)).run(ready(bench, range(1500)))
        await bench.close()
    assert (tally.delivered, tally.attempts, tally.complete) == (1500, 1500, True)
    assert set(numbers(server.received).values()) == {1}
    assert states(tmp_path / "h.sqlite3") == {"delivered": 1500}


async def test_what_is_recorded_is_what_one_delivery_records(tmp_path: Path) -> None:
    async with raw_server(OK) as server:
        bench = workbench(tmp_path, server.url)
        (item,) = ready(bench, range(1))
        await bench.many(FREELY).run([item])
        run = item.run() if not isinstance(item, Skipped) else None
        assert run is not None
        async for _ in run:
            pass
        many, single = bench.history.page()[1], bench.history.page()[0]
        together, alone = bench.history.get(many.delivery_id), bench.history.get(single.delivery_id)
        steps = [step.message_type for step in bench.history.events_of(many.delivery_id)]
        assert steps == [step.message_type for step in bench.history.events_of(single.delivery_id)]
        found = bench.history.count("order-0"), bench.history.count("status:200 state:delivered")
        await bench.close()
    assert together.request == alone.request
    assert together.payload == alone.payload
    assert together.event == alone.event
    assert together.outcome == alone.outcome
    assert [a.response for a in together.attempts] == [a.response for a in alone.attempts]
    assert found == (2, 2)
    # The same bytes, but for the connection that each has of its own.
    assert server.received[0] == server.received[1]


async def test_an_attempt_is_in_the_file_before_its_first_byte_leaves(tmp_path: Path) -> None:
    missing: list[str] = []

    async def look(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (number,) = numbers(server.received[-1:])
        with sqlite3.connect(tmp_path / "h.sqlite3") as database:
            found = database.execute(
                "SELECT count(*) FROM attempts a JOIN deliveries d ON d.seq = a.delivery "
                "JOIN events e ON e.id = d.event WHERE e.event_id = ?",
                (number,),
            ).fetchone()
        if found != (1,):
            missing.append(number)
        writer.write(OK)

    async with raw_server(look) as server:
        bench = workbench(tmp_path, server.url)
        tally = await bench.many(ManySettings(rate=0, concurrency=4)).run(ready(bench, range(40)))
        await bench.close()
    assert tally.delivered == 40
    assert missing == []


async def test_no_more_than_so_many_are_under_way_at_a_time(tmp_path: Path) -> None:
    under_way = most = 0

    async def count(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.005)
        under_way -= 1
        writer.write(OK)

    async with raw_server(count) as server:
        bench = workbench(tmp_path, server.url, history=False)
        tally = await bench.many(ManySettings(rate=0, concurrency=5)).run(ready(bench, range(60)))
        await bench.close()
    assert tally.delivered == 60
    assert most == 5


async def test_the_source_is_read_only_as_far_as_there_is_room(tmp_path: Path) -> None:
    furthest = 0

    async def slow(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.01)
        writer.write(OK)

    async with raw_server(slow) as server:
        bench = workbench(tmp_path, server.url, history=False)
        many = bench.many(ManySettings(rate=0, concurrency=3))
        for_reading = ready(bench, range(60))

        def watched() -> Iterator[Item]:
            nonlocal furthest
            for item in for_reading:
                furthest = max(furthest, item.position - many.tally.delivered)
                yield item

        await many.run(watched())
        await bench.close()
    assert furthest <= 2 * 3 + 1


async def test_those_that_wait_for_a_retry_hold_no_connection(tmp_path: Path) -> None:
    """Of one slot, the first delivery waits for seconds; the others go past it."""

    async def flaky(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(UNAVAILABLE if b"order-0" in server.received[-1] else OK)

    async with raw_server(flaky) as server:
        bench = workbench(tmp_path, server.url)
        many = bench.many(ManySettings(rate=0, concurrency=1))
        running = asyncio.ensure_future(many.run(ready(bench, range(30))))
        await until(lambda: many.tally.delivered == 29)
        assert many.tally.waiting == 1
        many.stop("enough")
        tally = await running
        await bench.close()
    assert (tally.delivered, tally.abandoned, tally.stopped) == (29, 1, "enough")
    assert states(tmp_path / "h.sqlite3") == {"delivered": 29, "abandoned": 1}


async def test_waits_can_be_skipped(tmp_path: Path) -> None:
    async with raw_server(UNAVAILABLE) as server:
        bench = workbench(tmp_path, server.url)
        settings = ManySettings(rate=0, concurrency=4, skip_waits=True)
        async with asyncio.timeout(10):
            tally = await bench.many(settings).run(ready(bench, range(10)))
        await bench.close()
    assert (tally.failed, tally.attempts, tally.outcomes) == (10, 40, {"ERROR_FROM_TARGET": 10})
    assert states(tmp_path / "h.sqlite3") == {"dropped": 10}


async def test_it_stops_after_so_many_failures_and_lets_end_what_is_under_way(tmp_path: Path) -> None:
    async with raw_server(GONE) as server:
        bench = workbench(tmp_path, server.url)
        settings = ManySettings(rate=0, concurrency=4, stop_after=5)
        tally = await bench.many(settings).run(ready(bench, range(1000)))
        await bench.close()
    assert 5 <= tally.failed <= 5 + 4
    assert (tally.abandoned, tally.delivered) == (0, 0)
    assert "5 deliveries failed" in tally.stopped
    assert len(server.received) == tally.failed == sum(states(tmp_path / "h.sqlite3").values())


async def test_a_resume_sends_what_was_not_sent_and_nothing_twice(tmp_path: Path) -> None:
    async def slow(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.002)
        writer.write(OK)

    async with raw_server(slow) as server:
        bench = workbench(tmp_path, server.url)
        batch = Batch("b-1", "send", "orders.jsonl", "", {}, bench.now())
        bench.history.begin_batch(batch)
        settings = ManySettings(rate=0, concurrency=4, batch_id="b-1")
        passed = []
        while sum(states(tmp_path / "h.sqlite3").values()) < 100:
            many = bench.many(settings)
            resumed = Resumed(bench.history, batch)
            running = asyncio.ensure_future(many.run(resumed.left_of(ready(bench, range(100)))))
            await until(partial(_far_enough, many, running))
            many.stop("interrupted")
            await running
            passed.append(resumed.sent)
        await bench.close()
    assert set(numbers(server.received).values()) == {1}
    assert len(server.received) == 100
    assert passed[0] == 0
    assert len(passed) > 2


async def test_an_attempt_whose_end_nobody_recorded_is_not_repeated(tmp_path: Path) -> None:
    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if b"order-3" in server.received[-1]:
            await reader.read()
        writer.write(OK)

    async with raw_server(silence) as server:
        bench = workbench(tmp_path, server.url)
        batch = Batch("b-1", "send", "orders.jsonl", "", {}, bench.now())
        bench.history.begin_batch(batch)
        settings = ManySettings(rate=0, concurrency=4, batch_id="b-1")
        many = bench.many(settings)
        running = asyncio.ensure_future(many.run(ready(bench, range(10))))
        await until(lambda: many.tally.delivered == 9)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        resumed = Resumed(bench.history, batch)
        tally = await bench.many(settings).run(resumed.left_of(ready(bench, range(12))))
        await bench.close()
    assert (resumed.sent, resumed.unknown, tally.delivered) == (9, 1, 2)
    assert numbers(server.received)["order-3"] == 1


async def test_connections_are_used_again_only_when_asked_and_it_shows(tmp_path: Path) -> None:
    staying = OK

    async def stay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(staying)
        while True:
            server.received.append(await read_request(reader))
            writer.write(staying)

    async with raw_server(stay) as server:
        bench = workbench(tmp_path, server.url)
        settings = ManySettings(rate=0, concurrency=3, keep_alive=True)
        tally = await bench.many(settings).run(ready(bench, range(60), keep_alive=True))
        stored = bench.history.get("last")
        await bench.close()
    assert (tally.delivered, len(server.received)) == (60, 60)
    assert server.connections <= 3
    assert all(b"Connection: keep-alive\r\n" in request for request in server.received)
    assert stored.request is not None
    assert any("deviation for load tests" in note.text for note in stored.request.notes)


async def test_an_idempotency_key_is_the_events_id_and_is_shown_as_a_deviation(tmp_path: Path) -> None:
    async def flaky(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(UNAVAILABLE if len(server.received) == 1 else OK)

    async with raw_server(flaky) as server:
        bench = workbench(tmp_path, server.url)
        settings = ManySettings(rate=0, concurrency=1, skip_waits=True)
        await bench.many(settings).run(ready(bench, range(1), header="Idempotency-Key"))
        request = bench.history.get("last").attempts[-1].request
        await bench.close()
    assert len(server.received) == 2
    assert all(b"\r\nIdempotency-Key: order-0\r\n" in sent for sent in server.received)
    part = next(part for part in request.headers if part.name == "Idempotency-Key")
    assert (part.source, part.detail) == ("inspector", "--idempotency-key")


async def test_a_history_that_fails_stops_the_run(tmp_path: Path) -> None:
    async with raw_server(OK) as server:
        bench = workbench(tmp_path, server.url)
        bench.history.count()
        with sqlite3.connect(tmp_path / "h.sqlite3") as database:
            database.execute("DROP TABLE attempts")
        failure = await asyncio.gather(
            bench.many(FREELY).run(ready(bench, range(500))), return_exceptions=True
        )
        await bench.close()
    assert "no such table" in str(failure[0])
    assert server.received == []


async def test_no_secret_is_kept(tmp_path: Path) -> None:
    async with raw_server(OK) as server:
        bench = workbench(tmp_path, server.url)
        await bench.many(FREELY).run(ready(bench, range(30)))
        await bench.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("h.sqlite3*"))  # noqa: ASYNC240
    assert len(kept) > 10_000
    assert PASSWORD.encode() not in kept
