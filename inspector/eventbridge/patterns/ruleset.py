"""Many rules at once over many events.

The rules are entered in an index over the fields that they name, and of an event's JSON only these
fields are decoded. What this cannot take (a key that spells several steps of a path, an unusual
nesting of arrays, a number that a double does not hold) goes the plain way, to the same answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from inspector.eventbridge.patterns.index import Index
from inspector.eventbridge.patterns.lookup import Ids
from inspector.eventbridge.patterns.operators import AnythingBut, Cidr, NumberIs, Numeric, Operator
from inspector.eventbridge.patterns.pattern import Pattern
from inspector.eventbridge.patterns.projection import REFUSALS, Node, decoder, tree
from inspector.jsontext import JsonError, JsonObject, JsonValue, loads

_MOST_KNOWN: Final = 10_000


class RuleSet:
    """Patterns by name, matched together. Names are given back in the order of the mapping.

    foreign: keys by which JSON is not an event as rules see it, but something that may become one.
    """

    def __init__(self, patterns: Mapping[str, Pattern], *, foreign: frozenset[str] = frozenset()) -> None:
        self._names = list(patterns)
        self._patterns = list(patterns.values())
        self._index = Index(
            [(number, rule) for number, each in enumerate(self._patterns) for rule in each.rules]
        )
        operators: dict[str, list[Operator]] = {}
        self._numeric: set[int] = set()
        for number, each in enumerate(self._patterns):
            for rule in each.rules:
                for leaf in rule:
                    asked = [alternative.operator for alternative in leaf.alternatives]
                    operators.setdefault(leaf.path, []).extend(asked)
                    if any(isinstance(operator, Numeric | NumberIs) for operator in asked):
                        self._numeric.add(number)
        exact = frozenset(path for path, asked in operators.items() if any(map(_needs_text, asked)))
        self._tree = tree(operators, exact)
        self._known: dict[Ids, tuple[str, ...]] = {(): ()}
        self._foreign = foreign
        self._quick = decoder(self._tree, exact=False, foreign=foreign)
        self._exact = decoder(self._tree, exact=True, foreign=foreign)

    def match(self, document: Mapping[str, JsonValue]) -> tuple[str, ...]:
        """Return the names of the patterns that an event's document (of `loads`) matches.

        Raises:
            EventTooComplex: the event's arrays leave a pattern too many combinations to try.
        """
        if _spells_at_once(self._tree, document):
            return self._named({n for n, each in enumerate(self._patterns) if each.matches(document)})
        return self._named(self._index.ask(self._index.find(document), document))

    def match_json(self, data: bytes) -> tuple[str, ...]:
        """Return the names of the patterns that an event matches, given as JSON.

        What the patterns do not name is only skipped over: strings in it that are no UTF-8 go unnoticed.

        Raises:
            JsonError: the data is no JSON object, or has a foreign key.
            EventTooComplex: as `match`.
        """
        (names,) = self.match_lines((data,))
        if isinstance(names, JsonError):
            raise names
        return names

    def match_lines(self, lines: Iterable[bytes]) -> Iterator[tuple[str, ...] | JsonError]:
        """Yield for each line of a JSONL file what `match_json` returns, or the error where it is no event.

        Raises:
            EventTooComplex: as `match`.
        """
        decode, find, known = self._quick, self._index.find, self._known
        for line in lines:
            try:
                document = decode(line)
            except REFUSALS:
                yield self._carefully(line)
                continue
            found = find(document)
            names = known.get(found)
            yield self._resolve(found, document, line) if names is None else names

    def _resolve(self, found: Ids, document: JsonObject, line: bytes) -> tuple[str, ...] | JsonError:
        owners = self._index.ask(found, document)
        if not owners.isdisjoint(self._numeric):
            # A double may hide that EventBridge compares a number to nothing: then it matches too much.
            return self._carefully(line)
        names = self._named(owners)
        if min(found) >= 0:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[found] = names
        return names

    def _carefully(self, data: bytes) -> tuple[str, ...] | JsonError:
        try:
            document = self._exact(data)
        except REFUSALS:
            try:
                document = _whole(data)
            except JsonError as error:
                return error
            if not self._foreign.isdisjoint(document):
                return JsonError("an event has no such members")
            return self.match(document)
        return self._named(self._index.ask(self._index.find(document), document))

    def _named(self, owners: set[int]) -> tuple[str, ...]:
        return tuple([self._names[owner] for owner in sorted(owners)])


def _whole(data: bytes) -> JsonObject:
    try:
        document = loads(data.decode())
    except UnicodeDecodeError as error:
        raise JsonError(f"byte {error.start + 1} is not UTF-8") from None
    if not isinstance(document, dict):
        raise JsonError("an event is a JSON object")
    return document


def _needs_text(operator: Operator) -> bool:
    """Tell whether the answer for a number depends on how it is written, other than to match less."""
    match operator:
        case NumberIs(_, value):
            return value is None
        case AnythingBut(excluded):
            return any(isinstance(each, NumberIs) for each in excluded)
        case _:
            return isinstance(operator, Cidr)


def _spells_at_once(root: Node, document: Mapping[str, JsonValue]) -> bool:
    """Tell whether a key of the event spells several steps of a path, as `a.b` does."""
    waiting: list[tuple[Node, JsonValue]] = [(root, dict(document))]
    while waiting:
        node, value = waiting.pop()
        if isinstance(value, list):
            waiting.extend((node, each) for each in value if isinstance(each, dict | list))
        elif isinstance(value, dict):
            if not value.keys().isdisjoint(node.skipping):
                return True
            waiting.extend((below, value[key]) for key, below in node.below.items() if key in value)
    return False
