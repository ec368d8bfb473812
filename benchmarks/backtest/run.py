"""Measure a whole `inspector backtest` over a file beside a parse of the file and no more.

    python -m benchmarks.backtest.run [--events 1000000] [--rounds 3]

Each is a process of its own, from its start to its end, over the same file of 700-byte records; they take
turns. `processor` is the time on a core: it hardly changes when the machine is busy with other things.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.matching.corpus import lines
from benchmarks.matching.rulesets import rule_sets

_DISTINCT = 50_000
_SETS = ("5 exact", "5 prefix", "5 anything-but", "1,000 two-field exact")
_PARSE = "import orjson, sys\nfor line in open(sys.argv[1], 'rb'): orjson.loads(line)"


class Cost(NamedTuple):
    """What a process took: seconds by the clock and on a core."""

    seconds: float
    processor: float


def cost(arguments: Sequence[str]) -> Cost:
    """Run a Python process to its end."""
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        raise SystemExit(f"it ended with {child.returncode}: {' '.join(arguments[:4])}")
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime)


def main() -> None:
    """Print one line for each way over the file."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "events.jsonl")
        records = b"".join(line + b"\n" for line in lines(min(_DISTINCT, chosen.events)))
        with path.open("wb") as stream:
            for _ in range(max(1, chosen.events // _DISTINCT)):
                stream.write(records)
        ways: dict[str, list[str]] = {"orjson parses, no more": ["-c", _PARSE, str(path)]}
        for name in _SETS:
            given: list[str] = []
            for rule, pattern in rule_sets()[name].items():
                file = Path(folder, f"{rule} {len(ways)}.json")
                file.write_text(pattern)
                given += ["--pattern", f"{rule}=@{file}"]
            ways[f"backtest of {name}"] = ["-m", "inspector", "backtest", "--events", str(path), *given]
        found: dict[str, list[Cost]] = {name: [] for name in ways}
        for _ in range(chosen.rounds):
            for name, arguments in ways.items():
                found[name].append(cost(arguments))
        size = path.stat().st_size
    print(f"{chosen.events:,} events, {size / 1e6:,.0f} MB; the best of {chosen.rounds} rounds")
    print(f"{'':36}{'seconds':>10}{'processor':>11}{'of parsing':>12}")
    parsing = min(each.processor for each in found["orjson parses, no more"])
    for name, costs in found.items():
        seconds, processor = (min(column) for column in zip(*costs, strict=True))
        print(f"{name:36}{seconds:10.2f}{processor:11.2f}{processor / parsing:12.0%}")


if __name__ == "__main__":
    main()
