"""IP addresses as strings in events, and blocks of them in patterns (patterns, section 7)."""

from dataclasses import dataclass
from functools import lru_cache
from re import compile as expression
from typing import Final

_V4: Final = expression(r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+")
_V6: Final = expression(r"[0-9a-fA-F:]+")
_MAPPED: Final = bytes(10) + b"\xff\xff"
_LONGEST_V4: Final = 15
_LONGEST: Final = 400
"""Longer strings could only be addresses by their leading zeros."""
_DIGITS: Final = frozenset("0123456789ABCDEF")
_LARGEST_MASK: Final = 2**31 - 1


class CidrError(ValueError):
    """A CIDR block that EventBridge refuses; the message is its reason."""


@dataclass(frozen=True, slots=True)
class Block:
    """The addresses from `first` to `last`, each 4 or 16 bytes."""

    first: bytes
    last: bytes

    def holds(self, digits: str) -> bool:
        """Tell whether an address lies in the block, by its hexadecimal digits (in capitals).

        EventBridge compares digit by digit and stops as soon as the answer is settled. So the length
        does not count, and digits that never were an address may settle it too: the number 300 lies
        in `0.0.0.0/1`.
        """
        low, high = self.first.hex().upper(), self.last.hex().upper()
        on_low = on_high = True
        for number, digit in enumerate(digits[: len(low)]):
            if digit not in _DIGITS or (on_low and digit < low[number]) or (on_high and digit > high[number]):
                return False
            on_low = on_low and digit == low[number]
            on_high = on_high and digit == high[number]
            if not on_low and not on_high:
                return True
        return len(digits) >= len(low)


def looks_like_address(text: str) -> bool:
    """Tell whether `text` is made as an IP address is, valid or not."""
    return _V4.fullmatch(text) is not None or (":" in text and _V6.fullmatch(text) is not None)


def address(text: str) -> bytes | None:
    """Return the 4 or 16 bytes of an IP address, or None where `text` is none.

    Leading zeros are decimal. An IPv6 address that maps an IPv4 one is that IPv4 address.
    """
    return _address(text) if len(text) <= _LONGEST else None


@lru_cache(4096)
def _address(text: str) -> bytes | None:
    if _V4.fullmatch(text):
        return _v4(text)
    return _v6(text) if ":" in text and _V6.fullmatch(text) else None


def _v4(text: str) -> bytes | None:
    octets = [int(octet) for octet in text.split(".")] if len(text) <= _LONGEST_V4 else [256]
    return bytes(octets) if max(octets) < 256 else None


def _v6(text: str) -> bytes | None:
    head, gap, tail = text.partition("::")
    if "::" in tail or tail.startswith(":"):
        return None
    before = head.split(":") if head else []
    after = tail.split(":") if tail else []
    groups = before + after
    if not all(groups) or (not gap and len(groups) != 8) or (gap and len(groups) > 7):
        return None
    values = [int(group, 16) for group in groups]
    if any(value > 0xFFFF for value in values):
        return None
    values[len(before) : len(before)] = [0] * (8 - len(values))
    packed = b"".join(value.to_bytes(2, "big") for value in values)
    return packed[12:] if packed.startswith(_MAPPED) else packed


def block(text: str) -> Block:
    """Return the block of a CIDR text such as `10.0.0.0/24`. Host bits are ignored.

    Raises:
        CidrError: with AWS's reason.
    """
    parts = text.split("/")
    while parts and not parts[-1]:
        parts.pop()
    if len(parts) != 2:
        raise CidrError("Malformed CIDR, one '/' required")
    bits = _mask(parts[1])
    if bits < 0:
        raise CidrError("Malformed CIDR, mask bits must not be negative")
    first = address(parts[0])
    if first is None:
        kind = "Invalid" if looks_like_address(parts[0]) else "Nonstandard"
        raise CidrError(f"{kind} IP address: {parts[0]}")
    width = len(first) * 8
    if bits >= width:
        raise CidrError(f"IPv{4 if width == 32 else 6} mask bits must be < {width}")
    host = (1 << (width - bits)) - 1
    last = int.from_bytes(first, "big") | host
    return Block((last - host).to_bytes(width // 8, "big"), last.to_bytes(width // 8, "big"))


def _mask(text: str) -> int:
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not digits.isdecimal() or len(digits) > 4000 or int(digits) > _LARGEST_MASK:
        raise CidrError("Malformed CIDR, mask bits must be an integer")
    return -int(digits) if text[0] == "-" else int(digits)
