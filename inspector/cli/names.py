"""What to say of a name that is none."""

import difflib
from collections.abc import Iterable
from typing import Final

_SHOWN: Final = 8


def unknown(name: str, known: Iterable[str]) -> str:
    """Return a hint: the name that was probably meant, else the names that there are; empty for none."""
    names = list(dict.fromkeys(known))
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"there are: {', '.join(names[:_SHOWN])}{', …' if len(names) > _SHOWN else ''}" if names else ""
