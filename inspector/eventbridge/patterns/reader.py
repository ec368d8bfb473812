"""A pull reader for JSON whose positions and complaints are those of the parser behind EventBridge.

AWS quotes its parser's text and column when it refuses a pattern (patterns, section 12), and how far
that parser had read shows in the column. So this reader takes its steps: a member's value is looked
at together with its name, a string's text only when it is needed.
"""

import json.decoder
from collections.abc import Callable
from json import JSONDecodeError
from re import compile as expression
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["{", "}", "[", "]", "name", "string", "number", "true", "false", "null", ""]
"""What a token is; the empty string stands for the end of the text."""

_read_string: Final[Callable[[str, int, bool], tuple[str, int]]] = json.decoder.scanstring  # type: ignore[attr-defined]
_SPACE: Final = expression(r"[ \t\r\n]*")
_NUMBER: Final = expression(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD: Final = expression(r"[\w$]*")
_LITERALS: Final[dict[str, Kind]] = {"t": "true", "f": "false", "n": "null"}
_NEWLINE: Final = expression(r"\r\n|\r|\n")
_VALUES: Final = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_SHOWN: Final = 500


class Refused(Exception):  # noqa: N818
    """Why a text is refused: internal to the pattern modules, which make the public error of it.

    at: how far the reader had read. start: where the token at fault begins.
    places: how many times AWS's text names the place (0 to 2).
    """

    def __init__(self, reason: str, at: int, start: int, places: int = 1) -> None:
        super().__init__(reason)
        self.reason, self.at, self.start, self.places = reason, at, start, places


def position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column (from 1) of an offset, columns counted in UTF-16 units."""
    line, begin = 1, 0
    for newline in _NEWLINE.finditer(text, 0, offset):
        line, begin = line + 1, newline.end()
    return line, len(text[begin:offset].encode("utf-16-le", "surrogatepass")) // 2 + 1


def source(text: str, offset: int) -> str:
    """Return the parser's description of a place: `[Source: (String)"…"; line: 1, column: 2]`."""
    line, column = position(text, offset)
    shown = "".join(
        f"\\u{ord(char):04X}" if (char < " " or "\x7f" <= char < "\xa0") and char not in "\r\n" else char
        for char in text[:_SHOWN]
    )
    cut = f"[truncated {len(text) - _SHOWN} chars]" if len(text) > _SHOWN else ""
    return f'[Source: (String)"{shown}"{cut}; line: {line}, column: {column}]'


def _character(char: str) -> str:
    code = ord(char)
    if code < 32 or 127 <= code < 160:
        return f"(CTRL-CHAR, code {code})"
    return f"'{char}' (code {code} / 0x{code:x})" if code > 255 else f"'{char}' (code {code})"


class Reader:
    """Reads one token after the other.

    kind: of the token last read. start: where it begins. at: the next character to be read.
    """

    __slots__ = ("_ahead", "_commas", "_lazy", "_open", "_value", "at", "kind", "start", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = self.start = 0
        self.kind: Kind = ""
        self._value = ""
        self._lazy = False
        self._ahead: tuple[Kind, int, str] | None = None
        self._open: list[tuple[str, int]] = []
        self._commas: list[bool] = []

    def value(self) -> str:
        """Return the text of the current token: a name or string decoded, others as written."""
        if self._lazy:
            self._value = self._string(" in string value")
            self._lazy = False
        return self._value

    def refuse(self, reason: str, places: int = 1) -> Refused:
        """Return the refusal that names the current token."""
        return Refused(reason, self.at, self.start, places)

    def next(self) -> Kind:
        """Read on to the next token and return its kind.

        Raises:
            Refused: the text is not JSON.
        """
        if self._ahead is not None:
            (self.kind, self.start, self._value), self._ahead = self._ahead, None
            self._lazy = self.kind == "string"
            return self.kind
        if self._lazy:
            self.value()
        self._skip()
        if self.at == len(self.text):
            if self._open:
                bracket, start = self._open[-1]
                what = "Object" if bracket == "{" else "Array"
                raise self._broken(
                    f"Unexpected end-of-input: expected close marker for {what} "
                    f"(start marker at {source(self.text, start)})"
                )
            self.kind, self.start, self._value = "", self.at, ""
            return ""
        char = self.text[self.at]
        if char in "}]":
            return self._close(char)
        if self._open:
            if self._commas[-1]:
                char = self._comma(char)
            self._commas[-1] = True
            if self._open[-1][0] == "{":
                return self._member(char)
        self.kind = self._begin(char)
        self._lazy = self.kind == "string"
        return self.kind

    def rest(self) -> int | None:
        """Return where text other than white space follows the current token, if any does."""
        end = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
        return None if end == len(self.text) else end

    def _skip(self) -> None:
        # Most tokens follow one another at once; a slice, unlike an index, may lie beyond the end.
        if self.text[self.at : self.at + 1] > " " and self.text[self.at] != "/":
            return
        self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
        if self.at < len(self.text):
            char = self.text[self.at]
            if char < " ":
                raise self._broken(
                    f"Illegal character ({_character(char)}): only regular white space (\\r, \\n, \\t) "
                    "is allowed between tokens"
                )
            if char == "/":
                raise self._unexpected(
                    "maybe a (non-standard) comment? (not recognized as one since Feature "
                    "'ALLOW_COMMENTS' not enabled for parser)"
                )

    def _close(self, char: str) -> Kind:
        expected = {"{": "}", "[": "]"}
        if not self._open:
            raise self._unexpected(f"expected a valid value {_VALUES}")
        bracket, start = self._open[-1]
        if expected[bracket] != char:
            what = "Object" if bracket == "{" else "Array"
            raise self._broken(
                f"Unexpected close marker '{char}': expected '{expected[bracket]}' "
                f"(for {what} starting at {source(self.text, start)})"
            )
        self._open.pop()
        self._commas.pop()
        self.start, self._value = self.at, char
        self.at += 1
        self.kind = "}" if char == "}" else "]"
        return self.kind

    def _comma(self, char: str) -> str:
        what = "Object" if self._open[-1][0] == "{" else "Array"
        if char != ",":
            raise self._unexpected(f"was expecting comma to separate {what} entries")
        self.at += 1
        return self._between(what)

    def _member(self, char: str) -> Kind:
        if char != '"':
            raise self._unexpected("was expecting double-quote to start field name")
        start = self.at
        self.at += 1
        name = self._string(" in name")
        if self._between("Object") != ":":
            raise self._unexpected("was expecting a colon to separate field name and value")
        self.at += 1
        kind = self._begin(self._between("Object"))
        self._ahead = kind, self.start, self._value
        self.kind, self.start, self._value = "name", start, name
        return "name"

    def _between(self, what: str) -> str:
        self._skip()
        if self.at == len(self.text):
            raise self._broken(f"Unexpected end-of-input within/between {what} entries")
        return self.text[self.at]

    def _begin(self, char: str) -> Kind:
        """Read the first of a value: all of it but for the text of a string."""
        self.start = self.at
        if char == '"':
            self.at += 1
            return "string"
        if char in "{[":
            self._open.append((char, self.at))
            self._commas.append(False)
            self.at += 1
            self._value = char
            return "{" if char == "{" else "["
        if char == "-" or (char.isascii() and char.isdigit()):
            return self._number()
        if literal := _LITERALS.get(char):
            return self._literal(literal)
        if char in "}]":
            raise self._unexpected("expected a value")
        return self._odd(char)

    def _literal(self, literal: Kind) -> Kind:
        end = _WORD.match(self.text, self.at).end()  # type: ignore[union-attr]
        word = self.text[self.at : end]
        self.at = end
        if word != literal:
            raise self.refuse(f"Unrecognized token '{word}': was expecting {_VALUES}")
        self._value = word
        return literal

    def _odd(self, char: str) -> Kind:
        if char in "NI":
            name = "NaN" if char == "N" else "Infinity"
            if self.text.startswith(name, self.at):
                self.at += len(name)
                raise self._broken(
                    f"Non-standard token '{name}': enable "
                    "`JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow"
                )
        if char.isalpha() or char in "_$":
            end = _WORD.match(self.text, self.at).end()  # type: ignore[union-attr]
            word = self.text[self.at : end]
            self.at = end
            raise self.refuse(f"Unrecognized token '{word}': was expecting {_VALUES}")
        raise self._unexpected(f"expected a valid value {_VALUES}")

    def _number(self) -> Kind:
        text, at = self.text, self.at
        number = _NUMBER.match(text, at)
        end = number.end() if number else at + 1
        following = text[end : end + 1]
        if number is None:
            self._digit_wanted(end, "expected digit (0-9) to follow minus sign, for valid numeric value")
        elif following.isascii() and following.isdigit():
            self.at = end
            raise self._broken("Invalid numeric value: Leading zeroes not allowed")
        elif following == "." and "." not in number[0] and "e" not in number[0].lower():
            self._digit_wanted(end + 1, "Decimal point not followed by a digit")
        elif following in ("e", "E") and "e" not in number[0].lower():
            signed = text[end + 1 : end + 2] in ("+", "-")
            self._digit_wanted(end + 1 + signed, "Exponent indicator not followed by a digit")
        self._value = text[at:end]
        self.at = end
        return "number"

    def _digit_wanted(self, at: int, comment: str) -> None:
        self.at = at
        if at >= len(self.text):
            raise self._broken(f"Unexpected end-of-input in numeric value: {comment}")
        raise self._broken(f"Unexpected character ({_character(self.text[at])}) in numeric value: {comment}")

    def _string(self, where: str) -> str:
        try:
            value, self.at = _read_string(self.text, self.at, True)
        except JSONDecodeError:
            raise self._bad_string(where) from None
        return value

    def _bad_string(self, where: str) -> Refused:
        """Find what ails the string that the standard library could not read."""
        text, name = self.text, where == " in name"
        at = self.at
        while at < len(text):
            char = text[at]
            if char < " ":
                self.at = at
                return self._broken(
                    f"Illegal unquoted character ({_character(char)}): "
                    f"has to be escaped using backslash to be included{where}"
                )
            if char == "\\":
                escape = text[at + 1 : at + 2]
                if escape == "u":
                    for digit in range(at + 2, at + 6):
                        if digit < len(text) and text[digit] not in "0123456789abcdefABCDEF":
                            self.at = digit
                            return self._unexpected("expected a hex-digit for character escape sequence")
                    at += 4
                elif escape and escape not in '"\\/bfnrt':
                    self.at = at + 2
                    return self._broken(f"Unrecognized character escape {_character(escape)}")
                at += 1
            at += 1
        self.at = len(text)
        return self._broken(
            "Unexpected end-of-input in field name"
            if name
            else "Unexpected end-of-input: was expecting closing quote for a string value"
        )

    def _broken(self, reason: str) -> Refused:
        return Refused(reason, self.at, min(self.at, max(len(self.text) - 1, 0)))

    def _unexpected(self, comment: str) -> Refused:
        return self._broken(f"Unexpected character ({_character(self.text[self.at])}): {comment}")
