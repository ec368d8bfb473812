"""Decoders that build only the named fields of an event and skip the rest.

A projected event is a plain `dict` that holds every key by which one of the paths could be spelled, so
that a rule over these paths gives the same answer for it as for the whole event. A decoder that cannot
keep this promise for an event refuses the event.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import Any, Final, Literal, TypedDict, Union

import msgspec

from inspector.jsontext import JsonObject, Number

Decode = Callable[[bytes], JsonObject]

REFUSALS: Final = (msgspec.MsgspecError, ValueError, RecursionError)
"""What a decoder raises for an event that it cannot take."""

_DEEPEST: Final = 12
_SCALARS: Final = (str, int, float, bool, type(None))
_NEVER: Final = Literal["\x00"]
"""The type of a key that spells several steps at once: an event that has one is refused."""


@dataclass(slots=True)
class Node:
    """A step of the paths.

    leaf: a path ends here. exact: and the text of its numbers counts. below: the steps from here.
    skipping: the dotted keys by which an object here could spell several of them at once.
    """

    leaf: bool = False
    exact: bool = False
    below: dict[str, "Node"] = field(default_factory=dict)
    skipping: set[str] = field(default_factory=set)


def tree(paths: Iterable[str], exact: frozenset[str]) -> Node:
    """Return the tree of the paths' steps; `exact` are those of which the numbers' text counts."""
    root = Node()
    for path in paths:
        node, steps = root, path.split(".")
        for number, step in enumerate(steps):
            spellings = accumulate(steps[number:], "{}.{}".format)
            node.skipping.update(islice(spellings, 1, None))
            node = node.below.setdefault(step, Node())
        node.leaf = True
        node.exact = node.exact or path in exact
    return root


def decoder(root: Node, *, exact: bool, foreign: Iterable[str] = ()) -> Decode:
    """Return a decoder for the fields of a tree; where there is no projecting them, one that refuses all.

    Numbers come as `int` and `float`; where their text counts (`exact`: everywhere), a number that a
    plain float would not give back comes as `Number`. foreign: an event with one of these keys is refused.
    """
    try:
        if _depth(root) > _DEEPEST or not root.below.keys().isdisjoint(foreign):
            return _refuse
        return msgspec.json.Decoder(_object(root, exact, foreign), float_hook=_number).decode
    except (UnicodeError, TypeError, RecursionError):  # names that no UTF-8 spells
        return _refuse


def _refuse(_: bytes) -> JsonObject:
    raise ValueError("these fields are not projected")


def _number(text: str) -> float:
    double = float(text)
    return double if repr(double) == text else Number(text)


def _depth(node: Node) -> int:
    return 1 + max(map(_depth, node.below.values()), default=0)


def _object(node: Node, exact: bool, foreign: Iterable[str] = ()) -> Any:
    members = dict.fromkeys((*foreign, *node.skipping), _NEVER)
    members |= {key: _value(below, exact) for key, below in node.below.items()}
    return TypedDict("Projected", members, total=False)  # type: ignore[operator]


def _value(node: Node, exact: bool) -> Any:
    if not node.below:
        if exact or node.exact:
            return Any
        return Union[(*_SCALARS, list[Union[_SCALARS]])]  # type: ignore[valid-type]  # noqa: UP007
    if node.leaf and (exact or node.exact):
        return Any
    inside = (*_SCALARS, _object(node, exact))
    return Union[(*inside, list[Union[inside]])]  # type: ignore[valid-type]  # noqa: UP007
