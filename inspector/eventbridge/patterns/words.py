"""Why a value fulfils an operator or not, in a person's words."""

from difflib import SequenceMatcher
from typing import Final
from unicodedata import normalize

from inspector.eventbridge.patterns.addresses import address
from inspector.eventbridge.patterns.numbers import comparable
from inspector.eventbridge.patterns.operators import (
    AnythingBut,
    Cidr,
    EqualsIgnoreCase,
    Excludable,
    Exists,
    Literal,
    NumberIs,
    Numeric,
    Operator,
    Prefix,
    Suffix,
    Text,
    Wildcard,
)
from inspector.eventbridge.patterns.scalars import Scalar, fulfils, is_number
from inspector.jsontext import dumps, scalar_text

_SHOWN: Final = 80
_COMPARED: Final = 200


def shown(value: object) -> str:
    """Return the JSON of a value, cut to what fits a sentence."""
    if isinstance(value, str) and len(value) > _SHOWN:
        return dumps(value[:_SHOWN])[:-1] + '…"'
    text = dumps(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def named(value: Scalar) -> str:
    """Return a value with its kind: `the string "300"`, `the number 300`, `true`."""
    if isinstance(value, str):
        return f"the string {shown(value)}" if value else "the empty string"
    return f"the number {shown(value)}" if is_number(value) else scalar_text(value)


def why_not(operator: Operator, value: Scalar, place: str) -> str:
    """Return why the value at `place` does not fulfil the operator, as one sentence without full stop."""
    here = f"`{place}` is"
    match operator:
        case Exists():
            return f"`{place}` is present ({shown(value)}), the pattern wants it absent"
        case AnythingBut(excluded):
            return f"{here} {shown(value)}, which the pattern excludes{_by(excluded, value)}"
        case Numeric():
            return _not_numeric(operator, value, here)
        case NumberIs(text, _):
            if is_number(value) and comparable(value) is None:
                return f"{here} {shown(value)}, a number of more digits than EventBridge compares"
            if is_number(value):
                return f"{here} {shown(value)}, not {text}"
            return f"{here} {named(value)}, the pattern wants the number {text}"
        case Literal(wanted):
            return f"{here} {named(value)}, the pattern wants {scalar_text(wanted)}"
        case Cidr(block):
            if not isinstance(value, str):
                return f"{here} {named(value)}, the pattern wants an IP address as a string"
            if address(value) is None:
                return f"{here} {shown(value)}, which is no IP address"
            first, last = _address(block.first), _address(block.last)
            return f"{here} {shown(value)}, which is not within {first} to {last}"
        case _:
            return _not_text(operator, value, here)


def why(operator: Operator, value: Scalar, place: str) -> str:
    """Return what about the value fulfils the operator."""
    match operator:
        case Prefix(text, _):
            return f"`{place}` is {shown(value)}, which starts with {shown(text)}{_folded(operator)}"
        case Suffix(text, _):
            return f"`{place}` is {shown(value)}, which ends with {shown(text)}{_folded(operator)}"
        case Wildcard(text, _):
            return f"`{place}` is {shown(value)}, which matches {shown(text)}"
        case AnythingBut():
            return f"`{place}` is {shown(value)}, which the pattern does not exclude"
        case Numeric():
            return f"`{place}` is {shown(value)}, which is {_range(operator)}"
        case Text(wanted, found) if found is not None and value != wanted:
            return f"`{place}` is {shown(value)}, another spelling of the same address"
        case _:
            return f"`{place}` is {shown(value)}"


def nearness(operator: Operator, value: Scalar) -> float:
    """Return how near a value comes to an operator, 0 to 1: for choosing what to show first."""
    if fulfils(operator)(value):
        return 1.0
    match operator:
        case Text(text, _) | EqualsIgnoreCase(text) | Prefix(text, _) | Suffix(text, _) | Wildcard(text, _):
            if not isinstance(value, str):
                return 0.4 if scalar_text(value) == text else 0.0
            ratio = SequenceMatcher(None, value[:_COMPARED], text[:_COMPARED], autojunk=False).ratio()
            return 0.9 if value.lower() == text.lower() else 0.1 + 0.7 * ratio
        case NumberIs(text, _):
            return 0.4 if value == text else 0.3 if is_number(value) else 0.0
        case Numeric():
            if not is_number(value) or (number := comparable(value)) is None:
                return 0.2 if is_number(value) else 0.0
            away = max((operator.low or number) - number, number - (operator.high or number), 0.0)
            return 0.4 + 0.5 / (1.0 + away)
        case Literal(wanted):
            return 0.4 if isinstance(value, bool) or value == scalar_text(wanted) else 0.0
        case Cidr():
            return 0.5 if isinstance(value, str) and address(value) is not None else 0.0
        case _:
            return 0.0


def _not_numeric(operator: Numeric, value: Scalar, here: str) -> str:
    wanted = _range(operator)
    if not is_number(value):
        return f"{here} {named(value)}, the pattern wants a number {wanted}"
    if comparable(value) is None:
        return f"{here} {shown(value)}, a number of more digits than EventBridge compares"
    return f"{here} {shown(value)}, which is not {wanted}"


def _not_text(operator: Excludable, value: Scalar, here: str) -> str:
    wanted, miss = _asked(operator)
    if not isinstance(value, str):
        return f"{here} {named(value)}, the pattern wants {wanted}"
    if hint := _almost(operator, value):
        return f"{hint}: {here} {shown(value)}, the pattern wants {wanted}"
    return f"{here} {shown(value)}, {miss}"


def _asked(operator: Excludable) -> tuple[str, str]:
    """Return what an operator on strings wants, and what is said of a string that is not so."""
    match operator:
        case Prefix(text, _):
            tail = f"with {shown(text)}{_folded(operator)}"
            return f"a string that starts {tail}", f"which does not start {tail}"
        case Suffix(text, _):
            tail = f"with {shown(text)}{_folded(operator)}"
            return f"a string that ends {tail}", f"which does not end {tail}"
        case Wildcard(text, _):
            return f"a string like {shown(text)}", f"which does not match {shown(text)}"
        case EqualsIgnoreCase(text):
            return f"the string {shown(text)} in any case", f"not {shown(text)}, in whatever case"
        case Text(text, _):
            return f"the string {shown(text)}", f"not {shown(text)}"
        case NumberIs(text, _):
            return f"the number {text}", f"not {text}"


def _almost(operator: Excludable, value: str) -> str:
    """Return the small thing that would make the value fit, if there is one."""
    test = fulfils(operator)
    if not isinstance(operator, EqualsIgnoreCase | NumberIs):
        folded = type(operator)
        match operator:
            case Text(text, _):
                if value.casefold() == text.casefold():
                    return "case differs"
            case Prefix(text, False) | Suffix(text, False):
                if fulfils(folded(text, True))(value):  # type: ignore[arg-type]
                    return "case differs"
            case Wildcard(text, segments):
                lower = Wildcard(text, tuple(part.lower() for part in segments))
                if fulfils(lower)(value.lower()):
                    return "case differs"
    if value != value.strip() and test(value.strip()):
        return "white space around it"
    for form in ("NFC", "NFD"):
        if test(normalize(form, value)):
            return "another Unicode spelling"
    return ""


def _folded(operator: Prefix | Suffix) -> str:
    return " in any case" if operator.ignore_case else ""


def _by(excluded: tuple[Excludable, ...], value: Scalar) -> str:
    for each in excluded:
        if fulfils(each)(value):
            match each:
                case Prefix(text, _):
                    return f" (it starts with {shown(text)})"
                case Suffix(text, _):
                    return f" (it ends with {shown(text)})"
                case Wildcard(text, _):
                    return f" (it matches {shown(text)})"
                case EqualsIgnoreCase(text) if text != value:
                    return f" ({shown(text)} in any case)"
                case _:
                    return ""
    return ""


def _range(operator: Numeric) -> str:
    def text(bound: float) -> str:
        return str(int(bound)) if bound.is_integer() and abs(bound) < 1e15 else repr(bound)

    low, high = operator.low, operator.high
    if low is not None and low == high:
        return f"equal to {text(low)}"
    parts = [] if low is None else [f"{'>' if operator.low_open else '>='} {text(low)}"]
    if high is not None:
        parts.append(f"{'<' if operator.high_open else '<='} {text(high)}")
    return " and ".join(parts)


def _address(packed: bytes) -> str:
    if len(packed) == 4:
        return ".".join(map(str, packed))
    return ":".join(packed[at : at + 2].hex() for at in range(0, 16, 2))
