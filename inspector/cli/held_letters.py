"""The dead letters that a command was given: of files, of stdin, or of the history."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.cli.request_text import readable
from inspector.cli.session import history_path
from inspector.config.dead_letters import DeadLetterError, HeldLetter, decoded_letters, load_letters
from inspector.errors import InspectorError
from inspector.workbench.deadletters import letter_of, letters_in, redriven

if TYPE_CHECKING:
    from inspector.history import History


@dataclass(frozen=True, slots=True)
class Held:
    """Dead letters, each with its number in the list, and the ids of those that were delivered since."""

    numbered: tuple[tuple[int, HeldLetter], ...]
    redriven: frozenset[str]

    @property
    def letters(self) -> tuple[HeldLetter, ...]:
        """The letters alone."""
        return tuple(letter for _, letter in self.numbered)


def held_letters(
    files: Sequence[str],
    db: Path | None,
    *,
    ids: Sequence[str] = (),
    query: str = "",
    limit: int | None = None,
) -> Held:
    """Return the dead letters of `files`, else those of the history that `query` finds, newest first.

    ids: return only those that they stand for, none twice: a whole id, the beginning of one or, of files,
    a number of the list. limit: of the history's.

    Raises:
        InspectorError: a file cannot be read or holds something else, there is no history, the query
            cannot be understood, or an id stands for none or for several.
    """
    from inspector.history import History

    path = history_path(db)
    read = [letter for file in files for letter in _of_file(file)]
    if not files and not path.is_file():
        raise InspectorError(f"there is no history at {path}", hint="--from reads dead letters from a file")
    history = History(path)
    try:
        if not files:
            read = [_recorded(history, given) for given in ids] or list(
                letters_in(history, query, limit=limit)
            )
        since = redriven(history, read) if path.is_file() else frozenset()
    finally:
        history.close()
    if files and ids:
        numbers = dict.fromkeys(_number(read, given) for given in ids)
        return Held(tuple((number, read[number - 1]) for number in numbers), since)
    if ids:
        read = list({letter.identity: letter for letter in read}.values())
    return Held(tuple(enumerate(read, start=1)), since)


def _recorded(history: "History", given: str) -> HeldLetter:
    stored = history.get(given)
    letter = letter_of(stored)
    if letter is None:
        state = stored.summary.state
        raise DeadLetterError(f"delivery {stored.delivery_id} left no dead letter: it is {state}")
    return letter


def _number(letters: Sequence[HeldLetter], given: str) -> int:
    if given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= len(letters):
        return int(given)
    meant = [n for n, letter in enumerate(letters, start=1) if letter.identity.startswith(given)]
    exact = [n for n in meant if letters[n - 1].identity == given]
    if len(exact or meant) == 1:
        return (exact or meant)[0]
    if meant:
        raise DeadLetterError(f"{given!r} stands for {len(meant)} dead letters", hint="Give more of the id")
    count = f"there {'is 1' if len(letters) == 1 else f'are {len(letters)}'}"
    hint = f"{count}; inspector dlq lists their numbers and ids"
    raise DeadLetterError(f"no dead letter is called {given!r}", hint=hint)


def _of_file(name: str) -> tuple[HeldLetter, ...]:
    if name == "-":
        return decoded_letters(sys.stdin.buffer.read(), "stdin")
    return load_letters(Path(name))


def read_body(name: str) -> str:
    """Return the text of a file (`-` for stdin), a last line break left out.

    Raises:
        InspectorError: it cannot be read.
    """
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InspectorError(f"{name} cannot be read: {(error.strerror or str(error)).lower()}") from None
    return _text(data, name)


def edited_body(held: HeldLetter) -> str:
    """Return the body as the person left it in her editor, to which a long line of JSON comes indented.

    Where she changed nothing it is the letter's own, exactly.

    Raises:
        InspectorError: what she left is no text.
        click.ClickException: the editor does not start, or fails.
    """
    shown = readable(held.letter.body)
    data = click.edit(shown.encode("utf-8", "replace"), extension=".json", require_save=False)
    left = _text(bytes(data or b""), "the edited body")
    return held.letter.body if left == shown.removesuffix("\n") else left


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise InspectorError(f"{name} is not UTF-8 text (byte {error.start})") from None
