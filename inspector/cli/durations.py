"""Durations as people read them."""


def seconds_text(seconds: float) -> str:
    """Return a duration: `0.25 s`, `12 s`, `3 min 4 s`, `2 h 5 min`, `1 d 3 h`."""
    if seconds < 10:
        return f"{seconds:.2f}".rstrip("0").rstrip(".") + " s"
    whole = round(seconds)
    for size, unit, smaller, name in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            rest = whole % size // smaller
            return f"{whole // size} {unit}" + (f" {rest} {name}" if rest else "")
    return f"{whole} s"


def milliseconds_text(milliseconds: float) -> str:
    """Return a latency: `0.8 ms`, `58 ms`, `1.25 s`."""
    if milliseconds < 10:
        return f"{milliseconds:.1f} ms"
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else seconds_text(milliseconds / 1000)
