"""How long the odds of `inspector simulate` take: 1,000 runs of 186 attempts, on one core, under 3 s.

Beside it the engine itself on a virtual clock, which makes the same decisions with all their details.
"""

import asyncio
import sys
import time

from inspector.delivery.scenario_grammar import parse_scenario
from inspector.workbench.simulate import WhatIf, odds, simulate

LIMIT = 3.0
RUNS = 1000
ENGINE_RUNS = 20


def main() -> int:
    """Print the figures; return 1 where the limit is missed."""
    question = WhatIf(parse_scenario("503"))
    began = time.process_time()
    found = odds(question, seed=1, runs=RUNS)
    took = time.process_time() - began
    attempts = int(found.attempts.median) * RUNS
    print(
        f"odds    {RUNS} runs, {attempts} attempts: {took:.2f} s, {took / attempts * 1e6:.1f} µs an attempt"
    )

    async def engine() -> int:
        return sum([len((await simulate(question, seed=seed)).attempts) for seed in range(ENGINE_RUNS)])

    began = time.process_time()
    made = asyncio.run(engine())
    slow = time.process_time() - began
    print(f"engine  {ENGINE_RUNS} runs, {made} attempts: {slow:.2f} s, {slow / made * 1e6:.1f} µs an attempt")
    print(f"limit   {LIMIT:g} s: {'met' if took < LIMIT else 'MISSED'}, {LIMIT / took:.1f} times over")
    return 0 if took < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
