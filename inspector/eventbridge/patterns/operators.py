"""What an entry of a pattern's list asks of a value (patterns, sections 4 to 8)."""

from dataclasses import dataclass
from typing import TypeAlias

from inspector.eventbridge.patterns.addresses import Block


@dataclass(frozen=True, slots=True)
class Text:
    """The same string, or another spelling of the same IP address where `address` is given."""

    value: str
    address: bytes | None = None


@dataclass(frozen=True, slots=True)
class NumberIs:
    """A number of equal value; where it cannot be compared (`value` is None), the same text."""

    text: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Literal:
    """`true`, `false` or `null`."""

    value: bool | None


@dataclass(frozen=True, slots=True)
class Exists:
    """A scalar at the path (`present`), or none."""

    present: bool


@dataclass(frozen=True, slots=True)
class Prefix:
    """A string that starts with `text`, case folded or not."""

    text: str
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Suffix:
    """A string that ends with `text`, case folded or not."""

    text: str
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class EqualsIgnoreCase:
    """A string that equals `text` but for case."""

    text: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A string that has the `segments` in this order, the first at its start, the last at its end."""

    text: str
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numeric:
    """A comparable number between two bounds, each open or closed; None is no bound."""

    low: float | None
    high: float | None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Cidr:
    """A string that is an IP address within the block."""

    block: Block


Excludable: TypeAlias = Text | NumberIs | Prefix | Suffix | EqualsIgnoreCase | Wildcard


@dataclass(frozen=True, slots=True)
class AnythingBut:
    """Any scalar that fulfils none of these."""

    excluded: tuple[Excludable, ...]


Operator: TypeAlias = Excludable | Literal | Exists | Numeric | Cidr | AnythingBut


@dataclass(frozen=True, slots=True)
class Alternative:
    """One entry of a field's list, with its JSON text as the pattern writes it."""

    operator: Operator
    written: str


@dataclass(frozen=True, slots=True)
class Field:
    """One leaf of a pattern: a dotted path of the event and the list of what may stand there.

    `offset` is where its key stands in the pattern's text.
    """

    path: str
    alternatives: tuple[Alternative, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Or:
    """An `$or`: one of its branches must hold. `path` is the object that it stands in."""

    path: str
    branches: tuple["Group", ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Group:
    """Fields and `$or`s that must all hold, in the order of the pattern."""

    members: tuple[Field | Or, ...]
