"""Measure how many events a second the rule sets take, beside a plain baseline and moto's matcher.

    python -m benchmarks.matching.run [--events 50000] [--only exact]

`projection` is the rate of decoding the named fields and no more: the ceiling of this way of matching.
All figures are of one core and one process, in the same run: raw JSON in, names of rules out.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable
from typing import Any

import orjson
from moto.events.models import EventPattern

from benchmarks.matching import baseline
from benchmarks.matching.corpus import lines
from benchmarks.matching.rulesets import SIMPLE, rule_sets
from inspector.eventbridge.patterns import Pattern, parse_pattern
from inspector.eventbridge.patterns.projection import decoder, tree
from inspector.eventbridge.patterns.ruleset import RuleSet

_ROUNDS = 3
_ENOUGH = 0.4
_BASELINE_PAIRS = 50_000
_MOTO_PAIRS = 2_000
"""Pairs of event and rule that the slower ones are timed on."""


def rate(events: list[bytes], work: Callable[[list[bytes]], object]) -> float:
    """Return the best rate of some rounds over the events, in events a second."""
    best = float("inf")
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        work(events)
        best = min(best, time.perf_counter() - start)
        if best > _ENOUGH * 5:
            break
    return len(events) / best


def ours(rules: RuleSet) -> Callable[[list[bytes]], object]:
    """Return the work of the rule set: count the matches of every line."""

    def work(events: list[bytes]) -> int:
        found = 0
        for names in rules.match_lines(events):
            if isinstance(names, tuple):
                found += len(names)
        return found

    return work


def projection(patterns: Iterable[Pattern]) -> Callable[[list[bytes]], object]:
    """Return the work of decoding the named fields alone: no way of matching can be faster."""
    paths = frozenset().union(*(pattern.paths for pattern in patterns))
    decode = decoder(tree(paths, frozenset()), exact=False)

    def work(events: list[bytes]) -> None:
        for line in events:
            decode(line)

    return work


def plain(texts: Iterable[str]) -> Callable[[list[bytes]], object]:
    """Return the work of the baseline: orjson parses, each pattern is walked."""
    patterns = [json.loads(text) for text in texts]

    def work(events: list[bytes]) -> int:
        found = 0
        for line in events:
            event = orjson.loads(line)
            found += sum(baseline.matches(pattern, event) for pattern in patterns)
        return found

    return work


def motos(texts: Iterable[str]) -> Callable[[list[bytes]], object]:
    """Return the work of moto's matcher."""
    patterns = [EventPattern.load(text) for text in texts]

    def work(events: list[bytes]) -> int:
        found = 0
        for line in events:
            event: Any = orjson.loads(line)
            for pattern in patterns:
                try:
                    found += bool(pattern.matches_event(event))
                except (TypeError, KeyError, ValueError, AttributeError):
                    pass  # operators and arrays that moto does not know
        return found

    return work


def parse(events: list[bytes]) -> None:
    """Parse every event and do no more."""
    for line in events:
        orjson.loads(line)


def main() -> None:
    """Print one line a rule set."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=50_000)
    options.add_argument("--only", default="", help="measure the rule sets whose name has this in it")
    chosen = options.parse_args()
    events = lines(chosen.events)
    size = sum(map(len, events)) / len(events)
    parsed = rate(events, parse)
    print(f"{len(events):,} events of {size:.0f} bytes; orjson parses {parsed:,.0f} a second")
    heads = "".join(f"{head:>10}" for head in ("× parse", "× plain", "× moto", "matches"))
    print(f"{'rule set':24}{'events/s':>12}{'projection':>12}{heads}")
    figures: dict[str, float] = {}
    for name, texts in rule_sets().items():
        if chosen.only not in name:
            continue
        patterns = {rule: parse_pattern(text) for rule, text in texts.items()}
        rules = RuleSet(patterns)
        projected = rate(events, projection(patterns.values()))
        figures[name] = rate(events, ours(rules))
        against = rate(events[: max(20, _BASELINE_PAIRS // len(texts))], plain(texts.values()))
        moto = rate(events[: max(3, _MOTO_PAIRS // len(texts))], motos(texts.values()))
        ratios = "".join(f"{figures[name] / other:9.1f}×" for other in (parsed, against, moto))
        print(f"{name:24}{figures[name]:12,.0f}{projected:12,.0f}{ratios}{ours(rules)(events):10,}")
    if {"5 two-field exact", "10,000 two-field exact"} <= figures.keys():
        slower = figures["5 two-field exact"] / figures["10,000 two-field exact"]
        print(f"from 5 to 10,000 exact rules: {slower:.2f} times slower")
    simple = [figures[name] / parsed for name in SIMPLE if name in figures]
    if simple:
        print(f"the simple sets take {min(simple):.1f} to {max(simple):.1f} times the rate of parsing alone")


if __name__ == "__main__":
    main()
