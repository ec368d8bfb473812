"""What edits make of the files: planned and checked as a whole before anything is written."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from inspector.config.editing.address import Address, address_of
from inspector.config.editing.edits import Edit, EditError, Owner, ordered
from inspector.config.editing.file_text import FileText
from inspector.config.editing.overlay import apply
from inspector.config.files import LARGEST_FILE, text_digest
from inspector.eventbridge.resources import Workspace
from inspector.jsontext import JsonObject

_BOM = b"\xef\xbb\xbf"
_NAMED_BY = {"rule": "Name", "target": "Id", "destination": "Name"}


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after the edits.

    name: of the file, as the user named it. path: of the file itself, links followed. data: its bytes, by
    which a change behind our back is seen. definitions: where the edited ones stand.
    """

    name: str
    path: Path
    data: bytes = field(repr=False)
    before: str = field(repr=False)
    after: str = field(repr=False)
    edits: tuple[Edit, ...]
    definitions: tuple[Address, ...]

    @property
    def changed(self) -> bool:
        """Whether the file would be any other."""
        return self.before != self.after

    @property
    def new_data(self) -> bytes:
        """The bytes that the file is to have."""
        return (_BOM if self.data.startswith(_BOM) else b"") + self.after.encode()


def plan(workspace: Workspace, edits: Iterable[Edit]) -> tuple[FileChange, ...]:
    """Return what `edits` make of the files that `workspace` was loaded from; nothing is written.

    workspace: as loaded, without edits.

    Raises:
        EditError: an edit has faults that would keep its definition from being used, a file is no longer
            the one that was loaded, or a definition cannot be changed where it stands.
    """
    wanted = ordered(tuple(edits))
    applied = apply(workspace, wanted)
    if applied.errors:
        first = applied.errors[0]
        raise EditError(f"not written: {first.found}", hint=first.expected)
    by_file: dict[str, dict[Owner, list[Edit]]] = {}
    for edit in wanted:
        file = edit.owner.origin(workspace).file
        by_file.setdefault(file, {}).setdefault(edit.owner, []).append(edit)
    return tuple(_file_change(name, owners, workspace) for name, owners in by_file.items())


def read_unchanged(name: str, workspace: Workspace) -> bytes:
    """Return the bytes of a file of the workspace.

    Raises:
        EditError: it cannot be read, or is not what it was when the workspace was loaded.
    """
    try:
        with Path(name).open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise EditError(f"{name} cannot be read: {(error.strerror or 'unknown').lower()}") from None
    if text_digest(data.decode("utf-8-sig", "replace")) != workspace.digests.get(name):
        raise EditError(
            f"{name} was changed since it was loaded",
            hint="load it again; your edits stay and are laid over what it has now",
        )
    return data


def _file_change(name: str, owners: dict[Owner, list[Edit]], workspace: Workspace) -> FileChange:
    data = read_unchanged(name, workspace)
    before = data.decode("utf-8-sig")
    file = FileText(name, before)
    addresses: list[Address] = []
    for owner, edits in owners.items():
        address = address_of(owner.origin(workspace))
        value = file.node(address).value
        if not (isinstance(value, dict) and _is_of(value, owner)):
            raise EditError(
                f"{name}: {owner} is not found where it was read",
                hint="it is made from another form of definition; edit the file by hand",
            )
        addresses.append(address)
        file = file.with_edits(address, edits)
    path = Path(os.path.realpath(name))
    edits_made = tuple(edit for edits in owners.values() for edit in edits)
    return FileChange(name, path, data, before, file.text, edits_made, tuple(addresses))


def _is_of(value: JsonObject, owner: Owner) -> bool:
    return value.get(_NAMED_BY[owner.kind]) == (owner.target_id or owner.name)
