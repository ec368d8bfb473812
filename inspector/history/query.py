"""The search of the history: words, and terms such as `status:5xx`, from one table.

`"two words"` is a phrase, `-` before a term or a word excludes what it finds. All must hold.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from inspector.history.columns import time_column
from inspector.history.errors import QueryError
from inspector.history.records import STATES

Parameters: TypeAlias = tuple[str | int, ...]
Condition: TypeAlias = tuple[str, Parameters]
"""SQL over deliveries `d` joined with their events `e`, and its parameters."""


@dataclass(frozen=True, slots=True)
class Term:
    """One kind of filter: its name, the values that it takes, its help, and what it means."""

    name: str
    values: str
    help: str
    condition: Callable[[str, datetime], Condition]


class _ValueError(Exception):
    """A value that a term does not take; the text says what it takes."""


def parse(query: str, now: datetime) -> Condition:
    """Return what `query` asks for; `now` is what `since:2h` counts from. An empty one asks for all.

    Raises:
        QueryError: a term is unknown, or its value is not one that it takes.
    """
    conditions: list[str] = []
    parameters: list[str | int] = []
    # Lone surrogates, as of a file name in an argument, are in no text of the history.
    for negated, name, value, shown in _split(re.sub("[\ud800-\udfff]", "\ufffd", query)):
        sql, values = _word(value) if not name else _term(name, value, shown, now)
        conditions.append(f"NOT ({sql})" if negated else f"({sql})")
        parameters += values
    return " AND ".join(conditions) or "1", tuple(parameters)


_PIECE: Final = re.compile(
    r"""(?P<minus>-)?(?:(?P<name>[A-Za-z][A-Za-z-]*):(?!//))?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))(?=\s|$)"""
)


def _split(query: str) -> list[tuple[bool, str, str, str]]:
    """Return (excluded, term's name or empty, value, as written) of each piece of a query."""
    pieces, at = [], 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        found = _PIECE.match(query, at)
        if found is None:
            piece = query[at:].split()[0]
            if query.count('"', at) % 2:
                raise QueryError(
                    f"the quote in {piece!r} is not closed", hint='Quote both sides: "two words"'
                )
            raise QueryError(f"{piece!r} is no word and no term of a search", hint=f"Terms: {_names()}")
        quoted = found["quoted"]
        value = found["bare"] if quoted is None else quoted
        if quoted is None and not found["name"] and any(value.lower() == f"{t.name}:" for t in TERMS):
            raise QueryError(f"{value!r} lacks a value", hint=help_of(value.lower()[:-1]))
        if value:
            pieces.append((bool(found["minus"]), found["name"] or "", value, found[0]))
        at = found.end()
    return pieces


def _term(name: str, value: str, shown: str, now: datetime) -> Condition:
    term = next((term for term in TERMS if term.name == name.lower()), None)
    if term is None:
        raise QueryError(
            f"{shown!r}: there is no term {name}:",
            hint=f'Terms: {_names()}. To search for it as text, quote it: "{shown}"',
        )
    try:
        return term.condition(value, now)
    except _ValueError as error:
        raise QueryError(f"{shown!r}: {error}", hint=help_of(term.name)) from None


def help_of(name: str) -> str:
    """Return the help of one term, which must exist."""
    term = next(term for term in TERMS if term.name == name)
    return f"{term.name}:{term.values}  {term.help}"


def _names() -> str:
    return ", ".join(f"{term.name}:" for term in TERMS)


def _word(word: str) -> Condition:
    """A word is found at the start of any word of the text; what has no letter or digit, anywhere in it."""
    if not any(character.isalnum() for character in word):
        pattern = _like(f"*{word}*")
        columns = ("e.document", "d.payload", "d.note")
        any_column = " OR ".join(f"{column} LIKE ? ESCAPE '\\'" for column in columns)
        bodies = "SELECT delivery FROM attempts WHERE response_body LIKE ? ESCAPE '\\'"
        return f"{any_column} OR d.seq IN ({bodies})", (pattern,) * (len(columns) + 1)
    # As a quoted phrase nothing in it is syntax of FTS5; no piece of a query holds a quote itself.
    phrase = '"' + word.replace("\0", " ") + '"*'
    return (
        "d.event IN (SELECT rowid FROM events_text WHERE events_text MATCH ?)"
        " OR d.seq IN (SELECT rowid FROM deliveries_text WHERE deliveries_text MATCH ?)"
        " OR d.seq IN (SELECT delivery FROM attempts WHERE id IN"
        " (SELECT rowid FROM attempts_text WHERE attempts_text MATCH ?))",
        (phrase, phrase, phrase),
    )


def _like(pattern: str) -> str:
    return re.sub(r"[\\%_]", r"\\\g<0>", pattern).replace("*", "%")


def _name(column: str) -> Callable[[str, datetime], Condition]:
    """A name is found by any part of it; with `*`, as a whole."""

    def condition(value: str, _: datetime) -> Condition:
        return f"{column} LIKE ? ESCAPE '\\'", (_like(value if "*" in value else f"*{value}*"),)

    return condition


def _exactly(column: str) -> Callable[[str, datetime], Condition]:
    def condition(value: str, _: datetime) -> Condition:
        return f"{column} = ? COLLATE NOCASE", (value,)

    return condition


def _status(value: str, _: datetime) -> Condition:
    answered = "SELECT 1 FROM attempts a WHERE a.delivery = d.seq AND"
    if value.lower() == "none":
        return f"EXISTS ({answered} a.state <> 'in-flight' AND a.status IS NULL)", ()
    found = re.fullmatch(r"([1-9])(\d\d|xx)", value.lower())
    if found is None:
        raise _ValueError("a status is three digits, a class such as 5xx, or none")
    low = int(found[1]) * 100 if found[2] == "xx" else int(value)
    high = low + 99 if found[2] == "xx" else low
    return f"EXISTS ({answered} a.status BETWEEN ? AND ?)", (low, high)


def _state(value: str, _: datetime) -> Condition:
    states = [state for state in STATES if state.startswith(value.lower())]
    if not states:
        raise _ValueError(f"a state is one of {', '.join(STATES)}")
    return f"d.state IN ({', '.join('?' * len(states))})", tuple(states)


_AUTHORIZATIONS: Final = {"basic": "BASIC", "api-key": "API_KEY", "oauth": "OAUTH_CLIENT_CREDENTIALS"}


def _authorization(value: str, _: datetime) -> Condition:
    known = _AUTHORIZATIONS.get(value.lower(), value.upper())
    if known not in _AUTHORIZATIONS.values():
        raise _ValueError("an authorization is basic, api-key or oauth")
    return "d.authorization_type = ?", (known,)


_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def _moment(value: str, now: datetime) -> str:
    if found := re.fullmatch(r"(\d{1,6})([smhdw])", value.lower()):
        try:
            return time_column(now - timedelta(**{_UNITS[found[2]]: int(found[1])}))
        except OverflowError:
            return ""
    try:
        moment = datetime.fromisoformat(value)
        return time_column(moment if moment.tzinfo else moment.astimezone())
    except (ValueError, OverflowError):
        raise _ValueError(
            "a time is an age (30s, 10m, 2h, 3d, 1w) or a date (2025-01-31, with T12:00)"
        ) from None


def _since(value: str, now: datetime) -> Condition:
    return "d.created_at >= ?", (_moment(value, now),)


def _before(value: str, now: datetime) -> Condition:
    return "d.created_at < ?", (_moment(value, now),)


def _replay(value: str, _: datetime) -> Condition:
    if value.lower() not in ("yes", "no"):
        raise _ValueError("it is yes or no")
    return f"d.replay_of {'<>' if value.lower() == 'yes' else '='} ''", ()


def _attempts(value: str, _: datetime) -> Condition:
    found = re.fullmatch(r"([<>]=?)?(\d{1,4})", value)
    if found is None:
        raise _ValueError("it is a number, or a bound such as >1")
    return f"d.attempts {found[1] or '='} ?", (int(found[2]),)


TERMS: Final = (
    Term("status", "503|5xx|none", "an attempt was answered so (none: not answered)", _status),
    Term("state", "STATE", ", ".join(STATES[:-1]) + f" or {STATES[-1]}", _state),
    Term("rule", "NAME", "the rule's name or a part of it; * stands for anything", _name("d.rule")),
    Term("target", "NAME", "the target's id", _name("d.target_id")),
    Term("destination", "NAME", "the API destination's name", _name("d.destination")),
    Term("connection", "NAME", "the connection's name", _name("d.connection")),
    Term("auth", "basic|api-key|oauth", "how the connection authorizes", _authorization),
    Term("method", "METHOD", "the HTTP method", _exactly("d.method")),
    Term("url", "TEXT", "the URL or a part of it", _name("d.url")),
    Term("source", "NAME", "the event's source", _name("e.source")),
    Term("type", "NAME", "the event's detail-type", _name("e.detail_type")),
    Term("event", "ID", "the event's id", _name("e.event_id")),
    Term("error", "CODE", "AWS's error code of the end", _name("d.error_code")),
    Term("attempts", "3|>1", "how many attempts were begun", _attempts),
    Term("since", "2h|DATE", "begun not longer ago, or not before", _since),
    Term("before", "2h|DATE", "begun longer ago, or before", _before),
    Term("replay", "yes|no", "whether it repeats another delivery", _replay),
)
"""Every term. Help, completion and error messages are made from this table."""


def help_text() -> str:
    """Return the help of the search, a line for each term."""
    width = max(len(f"{term.name}:{term.values}") for term in TERMS)
    words = "Words search event, payload, answers, names and notes. -term excludes; quote several words."
    return "\n".join([words, *(f"  {f'{t.name}:{t.values}':{width}}  {t.help}" for t in TERMS)])


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)
