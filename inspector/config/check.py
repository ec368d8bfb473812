"""A JSON value held against what is allowed: what passes, and a fault for each thing that does not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from inspector.config.constraints import Choice, Entries, Flag, Items, Shape, Spec, Text, Untyped, Whole
from inspector.config.references import STRAY_EXPECTED, resolve
from inspector.config.report import Place, Report, closest, listed, quoted, shown
from inspector.jsontext import JsonObject, JsonValue, kind


class Bad:
    """Stands for a value that has its fault in the report already."""


BAD: Final = Bad()


@dataclass(frozen=True, slots=True)
class Hidden:
    """The text of a member that may be a secret; `referenced` when a reference gave it."""

    text: str = field(repr=False)
    referenced: bool


class Members:
    """The members of an object that passed, by their AWS names; absent and null ones are left out."""

    def __init__(self, values: Mapping[str, object], places: Mapping[str, Place], place: Place) -> None:
        self._values = values
        self._places = places
        self.place = place

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def mentions(self, name: str) -> bool:
        """Tell whether the file has the member, be it without a value that could be had."""
        return name in self._places

    def at(self, name: str) -> Place:
        """Return the place of a member, as it is spelled in the file."""
        return self._places.get(name) or self.place.member(name)

    def text(self, name: str, default: str = "") -> str:
        """Return a string member."""
        value = self._values.get(name)
        return value if isinstance(value, str) else default

    def optional_text(self, name: str) -> str | None:
        """Return a string member, None where there is none."""
        value = self._values.get(name)
        return value if isinstance(value, str) else None

    def whole(self, name: str, default: int) -> int:
        """Return a member that is a whole number."""
        value = self._values.get(name)
        return value if isinstance(value, int) else default

    def flag(self, name: str) -> bool | None:
        """Return a boolean member, None where there is none."""
        value = self._values.get(name)
        return value if isinstance(value, bool) else None

    def hidden(self, name: str) -> Hidden | None:
        """Return a secret member, None where there is none."""
        value = self._values.get(name)
        return value if isinstance(value, Hidden) else None

    def members(self, name: str) -> "Members | None":
        """Return a member that is an object."""
        value = self._values.get(name)
        return value if isinstance(value, Members) else None

    def objects(self, name: str) -> Iterator["Members"]:
        """Yield the objects of a member that is an array of them."""
        value = self._values.get(name)
        for item in value if isinstance(value, tuple) else ():
            if isinstance(item, Members):
                yield item

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the strings of a member that is an array of them."""
        value = self._values.get(name)
        return tuple(v for v in value if isinstance(v, str)) if isinstance(value, tuple) else ()

    def entries(self, name: str) -> dict[str, str]:
        """Return a member that maps names to strings, in the order written."""
        value = self._values.get(name)
        if not isinstance(value, Mapping):
            return {}
        return {key: text for key, text in value.items() if isinstance(key, str) and isinstance(text, str)}


class Checker:
    """Checks values of one load: knows where references look and where faults go."""

    def __init__(self, report: Report, environ: Mapping[str, str]) -> None:
        self.report = report
        self._environ = environ

    def shape(self, value: JsonObject, shape: Shape, place: Place) -> Members | None:
        """Return the members of `value`, or None when any of them has an error in the report."""
        found = self._shape(value, shape, place)
        return found if isinstance(found, Members) else None

    def _check(self, value: JsonValue, spec: Spec, place: Place) -> object:
        match spec:
            case Untyped():
                return value
            case Text():
                return self._text(value, spec, place)
            case Whole():
                return self._whole(value, spec, place)
            case Choice():
                if isinstance(value, str) and value in spec.values:
                    return value
                near = closest(value, spec.values) if isinstance(value, str) else ""
                meant = f" (did you mean {near}?)" if near else ""
                return self._refuse(place, shown(value), f"one of {', '.join(spec.values)}{meant}")
            case Flag():
                if isinstance(value, bool):
                    return value
                return self._refuse(place, shown(value), "true or false")
            case Items():
                return self._items(value, spec, place)
            case Entries():
                return self._entries(value, spec, place)
            case Shape():
                if isinstance(value, dict):
                    return self._shape(value, spec, place)
                return self._refuse(place, shown_kind(value), f"{spec.noun}: an object")

    def _refuse(self, place: Place, found: str, expected: str) -> Bad:
        self.report.error(place, found, expected)
        return BAD

    def _whole(self, value: JsonValue, spec: Whole, place: Place) -> object:
        if isinstance(value, int) and not isinstance(value, bool) and _within(value, spec):
            return value
        upper = "or more" if spec.most is None else f"to {spec.most}"
        return self._refuse(place, shown(value), f"a whole number, {spec.least} {upper}{spec.unit}")

    def _text(self, value: JsonValue, spec: Text, place: Place) -> object:
        if not isinstance(value, str):
            unquoted = "; put it in quotes" if isinstance(value, bool | int | float) else ""
            found = shown_kind(value) if spec.hidden else shown(value)
            return self._refuse(place, found, f"a string{unquoted}")
        text, referenced = value, False
        if spec.references and "${" in value:
            resolved = resolve(value, environ=self._environ, folder=place.folder)
            # What can be looked at without its value loads; whoever sends refuses.
            tell = self.report.warning if spec.optional_secret else self.report.error
            for problem in resolved.problems:
                needed = ", needed before anything is sent" if spec.optional_secret else ""
                tell(place, problem, f"the value that the reference stands for{needed}", kind="reference")
            if resolved.problems:
                return None if spec.optional_secret else BAD
            if resolved.stray:
                self.report.warning(place, "a ${ that begins no reference", STRAY_EXPECTED)
            text, referenced = resolved.text, resolved.referenced
        if not self._text_fits(text, value, spec, place):
            return BAD
        return Hidden(text, referenced) if spec.hidden else text

    def _text_fits(self, text: str, written: str, spec: Text, place: Place) -> bool:
        """Check the length and the characters of `text`; messages show what was `written`, if anything."""
        if not text and spec.empty_is_absent:
            return True
        if len(text) < spec.least or (spec.most is not None and len(text) > spec.most):
            size = "an empty value" if not text else f"a value of {len(text)} characters"
            limit = f"{spec.least} to {spec.most} characters" if spec.most is not None else "a value"
            found = "a value of the wrong length" if spec.hidden and text else size
            self.report.error(place, found, limit, kind=spec.fault)
            return False
        if spec.expression and not re.fullmatch(spec.expression, text):
            found = "a value with characters that are not allowed" if spec.hidden else shown(written)
            if spec.tolerated and re.fullmatch(spec.tolerated, text):
                self.report.warning(place, found, f"{spec.allowed} ({spec.because})")
                return True
            self.report.error(place, found, spec.allowed, kind=spec.fault)
            return False
        return True

    def _items(self, value: JsonValue, spec: Items, place: Place) -> object:
        if not isinstance(value, list):
            return self._refuse(place, shown_kind(value), "an array")
        if spec.most is not None and len(value) > spec.most:
            return self._refuse(place, shown(value), f"at most {spec.most} items")
        checked = tuple(self._check(item, spec.of, place.item(index)) for index, item in enumerate(value))
        return BAD if any(isinstance(item, Bad) for item in checked) else checked

    def _entries(self, value: JsonValue, spec: Entries, place: Place) -> object:
        if not isinstance(value, dict):
            return self._refuse(place, shown_kind(value), "an object that maps names to strings")
        if spec.most is not None and len(value) > spec.most:
            return self._refuse(place, f"an object of {len(value)} members", f"at most {spec.most}")
        checked: dict[str, object] = {}
        for key, member in value.items():
            at = place.member(key)
            fits = self._text_fits(key, key, spec.key, at)
            checked[key] = self._check(member, spec.value, at) if fits else BAD
        return BAD if any(isinstance(member, Bad) for member in checked.values()) else checked

    def _shape(self, value: JsonObject, shape: Shape, place: Place) -> Members | Bad:
        known: dict[str, object] = {}
        places: dict[str, Place] = {}
        unknown: list[str] = []
        for name, member in value.items():
            at = place.member(name)
            if (spec := shape.members.get(name)) is not None:
                canonical = shape.spellings.get(name, name)
                if member is None:
                    continue
                if canonical in known:
                    self.report.error(at, f"{quoted(name)} beside its other spelling", "one of the two")
                    known[canonical] = BAD
                    continue
                known[canonical] = self._check(member, spec, at)
                places[canonical] = at
            elif name not in shape.ignored and not name.startswith(("_", "$")):
                unknown.append(name)
        absent = [name for name in shape.members if name not in known and name not in shape.spellings]
        for name in unknown:
            self._unknown(name, absent, shape, place, known)
        for name in shape.required:
            if name not in known:
                self.report.error(place, f"{shape.noun} without {quoted(name)}", wanted(shape.members[name]))
                known[name] = BAD
        if any(isinstance(member, Bad) for member in known.values()):
            return BAD
        return Members({n: m for n, m in known.items() if m is not None}, places, place)

    def _unknown(
        self, name: str, absent: list[str], shape: Shape, place: Place, known: dict[str, object]
    ) -> None:
        near = _LIKELY.get(name, "")
        near = near if near in absent else closest(name, absent)
        found = f"unknown member {quoted(name)}"
        at = place.member(name)
        if near and near in (*shape.required, *_SECRETS):
            self.report.error(at, found, f"{quoted(near)}", kind="member")
            known[near] = BAD
        elif near:
            meant = f"did you mean {quoted(near)}? It is ignored as it stands"
            self.report.warning(at, found, meant, kind="member")
        else:
            written = (member for member in shape.members if member not in shape.spellings)
            expected = f"the members of {shape.noun}: {listed(written, 12)}"
            self.report.warning(at, found, expected, kind="member")


_LIKELY: Final = {
    "ApiKeySecret": "ApiKeyValue",
    "Secret": "ClientSecret",
    "ClientId": "ClientID",
    "TokenEndpoint": "AuthorizationEndpoint",
    "Endpoint": "InvocationEndpoint",
    "Url": "InvocationEndpoint",
    "Method": "HttpMethod",
    "Pattern": "EventPattern",
    "Enabled": "State",
    "BusName": "EventBusName",
    "DeadLetterQueue": "DeadLetterConfig",
}
_SECRETS: Final = ("Password", "ApiKeyValue", "ClientSecret", "Value")


def _within(value: int, spec: Whole) -> bool:
    return spec.least <= value and (spec.most is None or value <= spec.most)


def shown_kind(value: JsonValue) -> str:
    """Return JSON's word for the type of a value, with its article: for values that are not shown."""
    word = kind(value)
    return word if word == "null" else f"{'an' if word[0] in 'aeio' else 'a'} {word}"


def wanted(spec: Spec) -> str:
    """Return in words what a member must be."""
    match spec:
        case Text(allowed=allowed, least=least, most=most):
            length = f"{least} to {most} characters" if most is not None else "a string"
            return f"{length}: {allowed}" if allowed else length
        case Choice(values=values):
            return f"one of {', '.join(values)}"
        case Shape(noun=noun):
            return noun
        case _:
            return "a value"
