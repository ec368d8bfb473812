"""Finding the files of a workspace and reading their text."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inspector.config.report import Place, Report
from inspector.errors import InspectorError

LARGEST_FILE: Final = 10_000_000
"""Bytes. Definitions are small; what is larger was named by mistake."""

SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".yaml", ".yml")
_SKIPPED_FOLDERS: Final = {"node_modules", "__pycache__"}


class ConfigError(InspectorError):
    """A path that a person named and that cannot be read."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to load. `name` is how its user would name it. `named` tells whether she did so herself."""

    path: Path
    name: str
    named: bool

    @property
    def place(self) -> Place:
        """The root of its document."""
        return Place(self.name, folder=self.path.parent)


def find_files(paths: Sequence[Path], report: Report) -> Iterator[SourceFile]:
    """Yield the files under `paths`, each once: those named as given, those of a folder in sorted order.

    Folders are walked to their depth; hidden files, hidden folders and linked folders are passed over.

    Raises:
        ConfigError: a path does not exist or its folder cannot be listed.
    """
    seen: set[Path] = set()
    for path in paths:
        for found in _under(path, report):
            identity = found.path.resolve()
            if identity not in seen:
                seen.add(identity)
                yield found


def _under(path: Path, report: Report) -> Iterator[SourceFile]:
    try:
        is_folder = path.is_dir()
        if not is_folder and not path.exists():
            raise ConfigError(f"{path} does not exist", hint="Name a file or a folder of definitions.")
        if is_folder:
            os.scandir(path).close()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {_why(error)}") from None
    if not is_folder:
        yield SourceFile(path, str(path), named=True)
        return

    def unlisted(error: OSError) -> None:
        found = f"the folder cannot be listed: {_why(error)}"
        report.error(Place(str(error.filename)), found, kind="file")

    for folder, folders, files in os.walk(path, onerror=unlisted):
        folders[:] = sorted(n for n in folders if not n.startswith(".") and n not in _SKIPPED_FOLDERS)
        for name in sorted(files):
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                found = Path(folder) / name
                yield SourceFile(found, str(found), named=False)


def read_text(file: SourceFile, report: Report) -> str | None:
    """Return the text of a file, or None and a fault where it has none that can be used.

    Raises:
        ConfigError: a file that was named itself cannot be read.
    """
    try:
        if not file.named and not file.path.is_file():
            report.error(file.place, "not a regular file", "a file of JSON or YAML", kind="file")
            return None
        with file.path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        if file.named:
            raise ConfigError(f"{file.name} cannot be read: {_why(error)}") from None
        report.error(file.place, f"the file cannot be read: {_why(error)}", kind="file")
        return None
    if len(data) > LARGEST_FILE:
        report.error(file.place, "a file of more than 10 MB", "at most 10 MB", kind="file")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"bytes that are no UTF-8 (at byte {error.start})"
        report.error(file.place, found, "JSON or YAML in UTF-8", kind="file")
        return None
    if "\0" in text:
        report.error(file.place, "a binary file", "JSON or YAML in UTF-8", kind="file")
        return None
    return text


def text_digest(text: str) -> str:
    """Return what tells a file's text from any other text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
