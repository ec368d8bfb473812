"""Where a path of a pattern leads in an event that has no value there, and what may have been meant."""

from collections.abc import Mapping
from difflib import get_close_matches

from inspector.eventbridge.patterns.words import named
from inspector.jsontext import JsonValue, kind

_MOST_PLACES = 200


def why_missing(document: Mapping[str, JsonValue], path: str) -> str:
    """Return why an event has no scalar at a path: one sentence without a full stop."""
    steps = path.split(".")
    depth, places = _deepest(document, steps)
    there = ".".join(steps[:depth])
    if depth == len(steps):
        return f"`{path}` is {_holder(places[0])}, not a value"
    missing = ".".join(steps[: depth + 1])
    objects = [place for place in places if isinstance(place, dict)]
    if not objects:
        place = places[0]
        if isinstance(place, list):
            return f"`{there}` is {_holder(place)}, so there is no `{path}`"
        note = (
            ", and EventBridge does not look into it" if isinstance(place, str) and place[:1] in "{[" else ""
        )
        scalar = place if not isinstance(place, dict) else None
        return f"`{there}` is {named(scalar)}{note}, so there is no `{path}`"
    guess = _guess(steps[depth], [key for place in objects for key in place])
    hint = f"; did you mean `{guess}`?" if guess else ""
    if depth + 1 < len(steps):
        return f"`{missing}` is missing, and so is `{path}`{hint}"
    return f"field missing: the event has no `{path}`{hint}"


def _deepest(document: Mapping[str, JsonValue], steps: list[str]) -> tuple[int, list[JsonValue]]:
    """Return how many steps lead somewhere, and the values found there."""
    depth = 0
    places: list[JsonValue] = [dict(document)]
    while depth < len(steps):
        objects = [place for place in _unfolded(places) if isinstance(place, dict)]
        for width in range(1, len(steps) - depth + 1):
            key = ".".join(steps[depth : depth + width])
            found = [place[key] for place in objects if key in place]
            if found:
                depth, places = depth + width, found
                break
        else:
            return depth, _unfolded(places) or places
    return depth, places


def _unfolded(places: list[JsonValue]) -> list[JsonValue]:
    """Return the values with arrays replaced by what they hold."""
    found: list[JsonValue] = []
    waiting = places[::-1]
    while waiting and len(found) < _MOST_PLACES:
        place = waiting.pop()
        if isinstance(place, list):
            waiting.extend(place[:_MOST_PLACES:1][::-1])
        else:
            found.append(place)
    return found


def _holder(value: JsonValue) -> str:
    if isinstance(value, list) and value:
        return "an array of objects"
    return f"an {'' if value else 'empty '}{kind(value)}"


def _guess(wanted: str, keys: list[str]) -> str:
    plain = {_plain(key): key for key in reversed(keys)}
    if _plain(wanted) in plain:
        return plain[_plain(wanted)]
    close = get_close_matches(wanted[:100], dict.fromkeys(key[:100] for key in keys[:_MOST_PLACES]), 1, 0.7)
    return close[0] if close else ""


def _plain(key: str) -> str:
    return key.replace("-", "").replace("_", "").replace(" ", "").lower()
