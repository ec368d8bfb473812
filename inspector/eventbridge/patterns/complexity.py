"""How complex the wildcards of one field are, as EventBridge measures it (patterns, section 9)."""

from collections.abc import Iterable
from typing import Final

from inspector.eventbridge.patterns.wildcard import STAR, tokens

REFUSED_FROM: Final = 11
WARNED_FROM: Final = 10
_QUOTE: Final = ord('"')
_OTHER: Final = 256
_MOST_SETS: Final = 4000


def complexity(wildcards: Iterable[tuple[str, ...]], enough: int = REFUSED_FROM) -> int:
    """Return how many beginnings of these wildcards a single string can satisfy at once.

    `wildcards` are the segments of each wildcard of one field. The search stops at `enough`, and
    after a number of steps at the highest score found so far, so that no pattern can hang it.
    """
    # One state for each (wildcard, length of a beginning); a string is in several at once.
    steps: list[list[tuple[int, int]]] = []  # state → (byte or STAR, next state)
    start: set[int] = set()
    for parts in dict.fromkeys(wildcards):
        begin = len(steps)
        sequence = [*tokens(parts), _QUOTE]
        steps += [[(token, begin + number + 1)] for number, token in enumerate(sequence)]
        steps.append([])
        start.add(begin)
    roots = frozenset(start)

    def widen(states: set[int]) -> frozenset[int]:
        for state in tuple(states):
            while steps[state] and steps[state][0][0] == STAR:
                state = steps[state][0][1]
                states.add(state)
        return frozenset(states)

    stars = {step[0][1] for step in steps if step and step[0][0] == STAR}
    first = widen(start)
    best, seen, waiting = len(first - roots), {first}, [first]
    while waiting and best < enough and len(seen) < _MOST_SETS:
        here = waiting.pop()
        kept = here & stars
        letters = {steps[state][0][0] for state in here if steps[state]} - {STAR}
        for letter in (*letters, _OTHER):
            states = {steps[state][0][1] for state in here if steps[state] and steps[state][0][0] == letter}
            after = widen(states | kept)
            if after and after not in seen:
                seen.add(after)
                best = max(best, len(after - roots))
                waiting.append(after)
        waiting.sort(key=len)
    return min(best, enough)
