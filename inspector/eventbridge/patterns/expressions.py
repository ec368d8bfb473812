"""The entries of a field's list: read from the pattern's text, or refused as AWS refuses them.

The order of the checks is part of the rule: it decides which reason is given and how far the column
has moved (patterns, section 12).
"""

from collections.abc import Callable
from typing import Final

from inspector.eventbridge.assumption import Assumption
from inspector.eventbridge.patterns.addresses import CidrError, address, block
from inspector.eventbridge.patterns.numbers import comparable_text
from inspector.eventbridge.patterns.operators import (
    Alternative,
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
from inspector.eventbridge.patterns.reader import Kind, Reader
from inspector.eventbridge.patterns.wildcard import WildcardError, segments

ONE_KEY: Final = "Only one key allowed in match expression"
TOO_MANY: Final = "Too many elements in numeric expression"
_LITERALS: Final[dict[Kind, bool | None]] = {"true": True, "false": False, "null": None}
_BOUNDS: Final = {"=": "equals", "<": "<", "<=": "<=", ">": ">", ">=": ">="}

EXACTLY: Final = Assumption(
    "exactly",
    "`exactly` is in Amazon's open matcher but not in AWS's documentation; the inspector accepts it.",
)
EMPTY_EXCLUSION: Final = Assumption(
    "empty-exclusion", "What AWS says to an empty list inside anything-but is not established; it is refused."
)


class Expressions:
    """Reads the lists of one pattern.

    older: read as Amazon's matcher does when it falls back to its older grammar. assumptions: what
    was read that rests on a suggestion.
    """

    def __init__(self, reader: Reader, *, older: bool) -> None:
        self._reader = reader
        self._older = older
        self.assumptions: list[Assumption] = []
        self._operators: dict[str, Callable[[], Operator]] = {
            "exactly": self._exactly,
            "prefix": self._prefix,
            "suffix": self._suffix,
            "numeric": self._numeric,
            "anything-but": self._anything_but,
            "exists": self._exists,
            "cidr": self._cidr,
            "equals-ignore-case": self._equals_ignore_case,
            "wildcard": self._wildcard,
        }

    def alternatives(self) -> tuple[Alternative, ...]:
        """Return the entries of the list whose `[` was read last.

        Raises:
            Refused: with AWS's reason.
        """
        reader, found = self._reader, list[Alternative]()
        while (kind := reader.next()) != "]":
            start = reader.start
            operator: Operator
            if kind == "{":
                operator = self._expression()
            elif kind == "string":
                text = reader.value()
                operator = Text(text, address(text))
            elif kind == "number":
                text = reader.value()
                operator = NumberIs(text, comparable_text(text))
            elif kind in _LITERALS:
                operator = Literal(_LITERALS[kind])
            else:
                raise reader.refuse("Match value must be String, number, true, false, or null")
            found.append(Alternative(operator, reader.text[start : reader.at]))
        if not found:
            raise reader.refuse("Empty arrays are not allowed")
        return tuple(found)

    def _expression(self) -> Operator:
        if self._reader.next() != "name":
            raise self._reader.refuse("Match expression name not found")
        name = self._reader.value()
        read = self._operators.get(name)
        if read is None:
            raise self._reader.refuse(f"Unrecognized match type {name}")
        return read()

    def _end(self, reason: str = ONE_KEY) -> None:
        if self._reader.next() != "}":
            raise self._reader.refuse(reason)

    def _text(self, what: str) -> str:
        """Return the string operand whose token was read last."""
        if self._reader.kind != "string":
            raise self._reader.refuse(f"{what} match pattern must be a string")
        return self._reader.value()

    def _exactly(self) -> Operator:
        self._reader.next()
        text = self._text("exact")
        self._end()
        self._assume(EXACTLY)
        return Text(text)

    def _prefix(self) -> Operator:
        text, ignore_case = self._affix("prefix")
        return Prefix(text, ignore_case)

    def _suffix(self) -> Operator:
        text, ignore_case = self._affix("suffix")
        return Suffix(text, ignore_case)

    def _affix(self, what: str) -> tuple[str, bool]:
        reader = self._reader
        if reader.next() != "{":
            text = self._text(what)
            self._end()
            return text, False
        if reader.next() != "name":
            raise reader.refuse(f"{what.capitalize()} expression name not found")
        if (name := reader.value()) != "equals-ignore-case":
            raise reader.refuse(f"Unsupported {what} pattern: {name}")
        reader.next()
        text = self._text("equals-ignore-case")
        self._end()
        self._end()
        return text, True

    def _equals_ignore_case(self) -> Operator:
        self._reader.next()
        text = self._text("equals-ignore-case")
        self._end()
        return EqualsIgnoreCase(text)

    def _wildcard(self) -> Operator:
        self._reader.next()
        wildcard = self._read_wildcard(self._text("wildcard"))
        self._end()
        return wildcard

    def _read_wildcard(self, text: str) -> Wildcard:
        try:
            return Wildcard(text, segments(text))
        except WildcardError as error:
            raise self._reader.refuse(str(error)) from None

    def _exists(self) -> Operator:
        kind = self._reader.next()
        if kind not in ("true", "false"):
            raise self._reader.refuse("exists match pattern must be either true or false.")
        self._end()
        return Exists(kind == "true")

    def _cidr(self) -> Operator:
        self._reader.next()
        text = self._text("prefix")  # AWS's own words
        try:
            found = block(text)
        except CidrError as error:
            raise self._reader.refuse(str(error), places=0) from None
        self._end()
        return Cidr(found)

    # numeric

    def _numeric(self) -> Operator:
        reader = self._reader
        if reader.next() != "[":
            raise reader.refuse("Value of numeric must be an array.")
        if reader.next() != "string":
            raise reader.refuse(f"Invalid member in numeric match: {self._token()}")
        sign = reader.value()
        reader.next()
        if sign not in _BOUNDS:
            raise reader.refuse(f"Unrecognized numeric range operator: {sign}")
        operand = self._number(_BOUNDS[sign])
        upper, top = "", ""
        if reader.next() != "]":
            if sign not in (">", ">="):
                raise reader.refuse(TOO_MANY)
            upper, top = self._upper()
        operator = self._range(sign, self._bound(operand), upper, top)
        self._end(TOO_MANY)
        return operator

    def _number(self, name: str) -> str:
        if self._reader.kind != "number":
            raise self._reader.refuse(f"Value of {name} must be numeric")
        return self._reader.value()

    def _upper(self) -> tuple[str, str]:
        reader = self._reader
        if reader.kind != "string":
            raise reader.refuse(f"Bad value in numeric range: {self._token()}")
        sign = reader.value()
        if sign not in ("<", "<="):
            raise reader.refuse(f"Bad numeric range operator: {sign}")
        reader.next()
        top = self._number(sign)
        if reader.next() != "]":
            raise reader.refuse("Too many terms in numeric range expression")
        return sign, top

    def _range(self, sign: str, operand: float, upper: str, top: str) -> Numeric:
        if sign == "=":
            return Numeric(operand, operand)
        if sign in ("<", "<="):
            return Numeric(None, operand, high_open=sign == "<")
        if not upper:
            return Numeric(operand, None, low_open=sign == ">")
        high = self._bound(top)
        if not operand < high:
            raise self._reader.refuse("Bottom must be less than top")
        return Numeric(operand, high, sign == ">", upper == "<")

    def _bound(self, text: str, places: int = 1) -> float:
        value = comparable_text(text)
        if value is None:
            raise self._reader.refuse(f"Cannot compare number : {text}", places)
        return value

    def _token(self) -> str:
        return self._reader.value()

    # anything-but

    def _anything_but(self) -> Operator:
        reader = self._reader
        kind = reader.next()
        if kind == "{":
            return self._nested()
        if kind == "[":
            excluded = self._excluded_list()
        elif kind == "string":
            excluded = [Text(reader.value())]
        elif kind == "number":
            text = reader.value()
            excluded = [NumberIs(text, self._bound(text, places=0))]
        else:
            raise reader.refuse("Value of anything-but must be an array or single string/number value.")
        self._end(TOO_MANY)
        return AnythingBut(tuple(excluded))

    def _excluded_list(self) -> list[Excludable]:
        reader, found, kinds = self._reader, list[Excludable](), set[Kind]()
        while (kind := reader.next()) != "]":
            if kind == "string":
                found.append(Text(reader.value()))
            elif kind == "number":
                text = reader.value()
                found.append(NumberIs(text, self._bound(text)))
            else:
                raise reader.refuse(
                    "Inside anything but list, start|null|boolean is not supported.", places=2
                )
            kinds.add(kind)
        if len(kinds) != 1:
            raise reader.refuse(
                "Inside anything but list, either all values are number or string, "
                "mixed type is not supported"
            )
        return found

    def _nested(self) -> AnythingBut:
        reader = self._reader
        if reader.next() != "name":
            raise reader.refuse("Anything-But expression name not found")
        name = reader.value()
        affix = name in ("prefix", "suffix")
        if not affix and name != "equals-ignore-case" and (name != "wildcard" or self._older):
            raise reader.refuse(f"Unsupported anything-but pattern: {name}")
        kind = reader.next()
        if affix and self._older:
            self._excludable(name, 1)
            self._end()
            self._end()
            return AnythingBut(())
        if kind == "[":
            texts, places = [], 2
            while reader.next() != "]":
                texts.append(self._excludable(name, places))
        elif kind in ("string", "number"):
            texts = [self._excludable(name, 1)]
        else:
            raise reader.refuse("Value of anything-but must be an array or single string/number value.")
        if not texts:
            self._assume(EMPTY_EXCLUSION)
            raise reader.refuse("Empty arrays are not allowed")
        excluded = tuple(self._exclusion(name, text) for text in texts)
        self._end(TOO_MANY)
        self._end(TOO_MANY)
        return AnythingBut(excluded)

    def _excludable(self, name: str, places: int) -> str:
        reader = self._reader
        if reader.kind != "string":
            if name == "equals-ignore-case":
                spelled = "ignore-case" if self._older else name
                reason = f"Inside anything-but/{spelled} list, number|start|null|boolean is not supported."
            elif name == "wildcard":
                reason = "wildcard match pattern must be a string"
            else:
                reason = "prefix/suffix match pattern must be a string"
            raise reader.refuse(reason, places)
        text = reader.value()
        if not text and name in ("prefix", "suffix"):
            raise reader.refuse("Null prefix/suffix not allowed", places)
        return text

    def _exclusion(self, name: str, text: str) -> Excludable:
        match name:
            case "prefix":
                return Prefix(text)
            case "suffix":
                return Suffix(text)
            case "wildcard":
                return self._read_wildcard(text)
            case _:
                return EqualsIgnoreCase(text)

    def _assume(self, assumption: Assumption) -> None:
        if assumption not in self.assumptions:
            self.assumptions.append(assumption)
