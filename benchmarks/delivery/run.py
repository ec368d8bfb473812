"""Measure how many requests a second leave, beside plain httpx and bare aiohttp, over loopback, in one run.

    python benchmarks/delivery/run.py [--rounds 3] [--seconds 2] [--profile]

All send the same headers and a body of 700 bytes to the same small server, which has a process of its own:
the bundled endpoint does more than a peer's client and would be what is measured. `ours` is a whole run as
`inspector send` makes it: the events are read from a file of JSONL, each is matched, rendered, authorized
(BASIC) and recorded (every attempt is in the history's file before its first byte leaves). The rounds of
all take turns, so that a busy machine is busy for everybody; the best round of each counts, as what the
machine can do. Rates are of one machine, ratios are what to look at.
"""

import argparse
import asyncio
import cProfile
import gc
import json
import pstats
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import httpx

from inspector.config.event_files import EventFile
from inspector.workbench import Workbench
from inspector.workbench.many_values import Item, ManySettings, Ready
from inspector.workbench.requests import adjusted
from inspector.workbench.selection import Selection

CONCURRENCY = 50
HEADERS = {
    "User-Agent": "Amazon/EventBridge/ApiDestinations",
    "Range": "bytes=0-1048575",
    "Accept-Encoding": "gzip,deflate",
    "Content-Type": "application/json; charset=utf-8",
    "Authorization": "Basic c2hvcDpiZW5jaG1hcmstcGFzc3dvcmQ=",
}
Reached = tuple[float, float]
"""Requests a second, and microseconds of the processor for each (all threads, the system's part included)."""
Measure = Callable[[float], Coroutine[Any, Any, Reached]]


@dataclass
class Variant:
    """One way to send, and what it reached in each round."""

    name: str
    measure: Measure
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def run(self, seconds: float) -> None:
        """Measure once more."""
        gc.collect()
        rate, cost = asyncio.run(self.measure(seconds))
        self.rates.append(rate)
        self.costs.append(cost)

    @property
    def best(self) -> float:
        """The best round."""
        return max(self.rates, default=0.0)


def event(number: int) -> dict[str, object]:
    """Return an event of about 700 bytes."""
    return {
        "version": "0",
        "id": f"3f2a91c0-0000-4000-8000-{number:012d}",
        "detail-type": "Order Placed",
        "source": "shop.orders",
        "account": "123456789012",
        "time": "2026-03-01T12:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": {"order": number, "total": 120, "currency": "EUR", "note": "n" * 420},
    }


BODY = json.dumps(event(0), separators=(",", ":")).encode()


async def in_a_loop(request: Callable[[], Awaitable[object]], concurrency: int, seconds: float) -> Reached:
    """Call `request` over and over, so many at a time."""
    made = 0
    used, start = time.process_time(), time.perf_counter()
    end = start + seconds

    async def worker() -> None:
        nonlocal made
        while time.perf_counter() < end:
            await request()
            made += 1

    await asyncio.gather(*(worker() for _ in range(concurrency)))
    return made / (time.perf_counter() - start), (time.process_time() - used) / made * 1e6


def plain_httpx(url: str, concurrency: int, connection: str, *, spared: bool = False) -> Measure:
    """Return the loop that anybody would write with httpx.

    spared: make the search for sniffio fail at once. httpcore looks for it at every request; where it is not
    installed, as with the locked requirements, that costs 0.2 ms each time.
    """

    async def measure(seconds: float) -> Reached:
        sys.modules.pop("sniffio", None)
        if spared:
            sys.modules["sniffio"] = None  # type: ignore[assignment]
        limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
        async with httpx.AsyncClient(limits=limits, trust_env=False, timeout=5) as client:
            headers = HEADERS | {"Connection": connection}

            async def request() -> None:
                (await client.post(url, content=BODY, headers=headers)).raise_for_status()

            return await in_a_loop(request, concurrency, seconds)

    return measure


def bare_aiohttp(url: str, concurrency: int, *, close: bool) -> Measure:
    """Return the loop that anybody would write with aiohttp."""

    async def measure(seconds: float) -> Reached:
        connector = aiohttp.TCPConnector(limit=concurrency, force_close=close)
        timeout = aiohttp.ClientTimeout(total=5)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            headers = HEADERS | {"Connection": "close" if close else "keep-alive"}

            async def request() -> None:
                async with session.post(url, data=BODY, headers=headers) as response:
                    response.raise_for_status()
                    await response.read()

            return await in_a_loop(request, concurrency, seconds)

    return measure


def ours(url: str, folder: Path, *, keep_alive: bool, history: bool = True) -> Measure:
    """Return a run over a file of events, as `inspector send --rate 0` makes it."""
    definitions = folder / "definitions.json"
    arn = "arn:aws:events:us-east-1:123456789012"
    definitions.write_text(
        json.dumps(
            {
                "Connections": [
                    {
                        "Name": "basic",
                        "AuthorizationType": "BASIC",
                        "AuthParameters": {
                            "BasicAuthParameters": {"Username": "shop", "Password": "benchmark-password"}
                        },
                    }
                ],
                "ApiDestinations": [
                    {
                        "Name": "crm",
                        "ConnectionArn": f"{arn}:connection/basic/11112222-3333-4444-5555-666677778888",
                        "InvocationEndpoint": url,
                        "HttpMethod": "POST",
                    }
                ],
                "Rules": [
                    {
                        "Name": "orders",
                        "EventPattern": {
                            "source": ["shop.orders"],
                            "detail": {"total": [{"numeric": [">", 100]}]},
                        },
                        "Targets": [
                            {
                                "Id": "crm",
                                "Arn": f"{arn}:api-destination/crm/11112222-3333-4444-5555-666677778888",
                                "RoleArn": "arn:aws:iam::123456789012:role/invoke",
                            }
                        ],
                    }
                ],
            }
        )
    )
    expected = 1500.0

    async def measure(seconds: float) -> Reached:
        nonlocal expected
        number = int(expected * seconds)
        events = folder / "events.jsonl"
        with events.open("w") as file:
            file.writelines(json.dumps(event(n)) + "\n" for n in range(number))
        with tempfile.TemporaryDirectory() as kept:
            bench = Workbench([definitions], db=Path(kept) / "h.sqlite3" if history else None, environ={})
            if history:
                await bench.in_history(lambda opened: opened.count())
            many = bench.many(ManySettings(rate=0, concurrency=CONCURRENCY, keep_alive=keep_alive))
            used = time.process_time()
            tally = await many.run(_items(bench, events, keep_alive=keep_alive))
            used = time.process_time() - used
            await bench.close()
        if tally.delivered != number:
            raise SystemExit(f"only {tally.delivered} of {number} were delivered: {tally.failures[:3]}")
        expected = tally.delivered / tally.seconds
        return expected, used / number * 1e6

    return measure


def _items(bench: Workbench, events: Path, *, keep_alive: bool) -> Iterator[Item]:
    selection = Selection(bench.routes())
    deviation = adjusted(keep_alive=keep_alive)
    for found in EventFile(str(events)):
        one = bench.complete_event(found.document)
        for route in selection.of(one):
            yield Ready(
                found.position,
                route.name,
                str(found.position),
                found.size,
                partial(bench.deliver, one, route, adjust=deviation),
            )


def other_tools(url: str, seconds: float) -> Iterator[str]:
    """Yield what wrk and hey say, where they are installed (both keep connections)."""
    if wrk := shutil.which("wrk"):
        command = [wrk, "-t1", f"-c{CONCURRENCY}", f"-d{max(1, int(seconds))}s", url]
        text = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        yield from (f"wrk: {line.strip()}" for line in text.splitlines() if "Requests/sec" in line)
    if hey := shutil.which("hey"):
        command = [hey, "-c", str(CONCURRENCY), "-z", f"{max(1, int(seconds))}s", "-m", "POST", url]
        text = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        yield from (f"hey: {line.strip()}" for line in text.splitlines() if "Requests/sec" in line)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--profile", action="store_true", help="profile our run and measure nothing else")
    asked = parser.parse_args()
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("server.py"))], stdout=subprocess.PIPE, text=True
    )
    try:
        port = server.stdout.readline().strip() if server.stdout else ""
        with tempfile.TemporaryDirectory() as folder:
            url = f"http://127.0.0.1:{port}/hooks/orders"
            if asked.profile:
                profile(url, Path(folder), asked.seconds)
            else:
                compare(url, Path(folder), asked.rounds, asked.seconds)
    finally:
        server.terminate()
        server.wait()


def compare(url: str, folder: Path, rounds: int, seconds: float) -> None:
    """Measure all variants in turn and print them."""
    closing = [
        *(Variant(f"httpx loop, {c} at a time", plain_httpx(url, c, "close")) for c in (1, 10, 50)),
        Variant("  the same, sniffio spared", plain_httpx(url, 10, "close", spared=True)),
        Variant("aiohttp loop, 50 at a time", bare_aiohttp(url, CONCURRENCY, close=True)),
        Variant("ours: match, auth, history", ours(url, folder, keep_alive=False)),
        Variant("ours without history", ours(url, folder, keep_alive=False, history=False)),
    ]
    staying = [
        Variant("httpx loop, 10 at a time", plain_httpx(url, 10, "keep-alive")),
        Variant("  the same, sniffio spared", plain_httpx(url, 10, "keep-alive", spared=True)),
        Variant("aiohttp loop, 50 at a time", bare_aiohttp(url, CONCURRENCY, close=False)),
        Variant("ours: match, auth, history", ours(url, folder, keep_alive=True)),
        Variant("ours without history", ours(url, folder, keep_alive=True, history=False)),
    ]
    for _ in range(rounds):
        for variant in (*closing, *staying):
            variant.run(seconds)
    print(f"Requests a second, best of {rounds} rounds of {seconds:g} s each (all rounds behind)\n")
    table("Connection: close, as EventBridge sends it", closing)
    print()
    table("Connection: keep-alive, the deviation for load tests", staying)
    print()
    plain = max(v.best for v in closing if v.name.startswith("httpx"))
    mine, peer = closing[5].best, closing[4].best
    kept, kept_peer = staying[3].best, staying[2].best
    goal(f"close: {mine / plain:.2f}× the best plain httpx loop", "at least 1.8×", mine >= 1.8 * plain)
    print(f"         close: {mine / closing[3].best:.2f}× that loop with the search for sniffio spared")
    goal(f"close: {mine / peer:.2f}× bare aiohttp", "at least 0.5×", mine >= 0.5 * peer)
    share = 1200 / 4300
    goal(f"keep-alive: {kept:,.0f}/s", "at least 1,200/s", kept >= 1200)
    goal(f"keep-alive: {kept / kept_peer:.2f}× bare aiohttp", f"{share:.2f}×", kept >= share * kept_peer)
    for line in other_tools(url, seconds):
        print(line)


def table(title: str, variants: list[Variant]) -> None:
    """Print some variants with their ratios."""
    plain = max(v.best for v in variants if v.name.startswith("httpx"))
    peer = max(v.best for v in variants if v.name.startswith("aiohttp"))
    print(f"{title}\n{'':30}{'req/s':>8}{'× httpx':>9}{'× aiohttp':>11}{'CPU µs':>9}   rounds")
    for v in variants:
        rounds = " ".join(f"{rate:,.0f}" for rate in v.rates)
        print(
            f"  {v.name:28}{v.best:8,.0f}{v.best / plain:9.2f}{v.best / peer:11.2f}"
            f"{min(v.costs):9,.0f}   {rounds}"
        )


def goal(reached: str, wanted: str, good: bool) -> None:
    """Print a goal and whether it is reached."""
    print(f"{'reached' if good else 'MISSED '}  {reached} (wanted: {wanted})")


def profile(url: str, folder: Path, seconds: float) -> None:
    """Print where the time of our run goes: the event loop's thread."""
    profiler = cProfile.Profile()
    measure = ours(url, folder, keep_alive=False)
    profiler.enable()
    asyncio.run(measure(seconds))
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
