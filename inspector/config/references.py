"""`${env:NAME}` and `${file:PATH}` in the strings of a definition; `$${` stands for `${` itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_REFERENCE: Final = re.compile(r"\$\$\{|\$\{(env|file):([^}]*)\}|\$\{")
_LARGEST_SECRET: Final = 65_536
_FORMS: Final = "${env:NAME} or ${file:PATH}"


@dataclass(frozen=True, slots=True)
class Resolved:
    """A string after its references.

    text: the result, which may be a secret and is therefore kept out of the repr. referenced: it holds what
    a reference gave. problems: why a reference gave nothing, without any value. stray: a `${` that begins
    no reference was left as it stands.
    """

    text: str = field(repr=False)
    referenced: bool = False
    problems: tuple[str, ...] = ()
    stray: bool = False


def resolve(text: str, *, environ: Mapping[str, str], folder: Path) -> Resolved:
    """Return `text` with its references replaced.

    environ: where `${env:NAME}` looks. folder: what a relative `${file:PATH}` starts from; the line end
    that closes the file is not part of the value.
    """
    problems: list[str] = []
    referenced = stray = False

    def replacement(match: re.Match[str]) -> str:
        nonlocal referenced, stray
        if match[0] == "$${":
            return "${"
        if match[1] is None:
            stray = True
            return match[0]
        referenced = True
        try:
            return _environment(match[2], environ) if match[1] == "env" else _file(match[2], folder)
        except LookupError as error:
            problems.append(str(error.args[0]))
            return ""

    result = _REFERENCE.sub(replacement, text)
    return Resolved(result, referenced, tuple(problems), stray)


STRAY_EXPECTED: Final = f"{_FORMS}; write $${{ where ${{ is meant as it stands"


def _environment(name: str, environ: Mapping[str, str]) -> str:
    if not name:
        raise LookupError("${env:} names no variable")
    if name not in environ:
        raise LookupError(f"the environment variable {name} is not set")
    if not environ[name]:
        raise LookupError(f"the environment variable {name} is empty")
    return environ[name]


def _file(name: str, folder: Path) -> str:
    if not name:
        raise LookupError("${file:} names no file")
    path = folder / name
    try:
        if not path.exists():
            raise LookupError(f"the file {name} does not exist beside the definition")
        if not path.is_file():
            raise LookupError(f"{name} is no regular file")
        with path.open("rb") as stream:
            data = stream.read(_LARGEST_SECRET + 1)
        if len(data) > _LARGEST_SECRET:
            raise LookupError(f"the file {name} is too large for a secret")
        text = data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        why = "it is no UTF-8 text" if isinstance(error, UnicodeDecodeError) else "it cannot be opened"
        raise LookupError(f"the file {name} cannot be read: {why}") from None
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise LookupError(f"the file {name} is empty")
    return text
