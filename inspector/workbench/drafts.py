"""Edits that are tried and not yet written: laid over the workspace, dropped, shown, written."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inspector.config.editing import Applied, Edit, EditError, EditValue, Member, Owner, apply, value_of
from inspector.config.editing.definition import same_value
from inspector.eventbridge.resources import Workspace

if TYPE_CHECKING:
    from inspector.config.editing.file_change import FileChange
    from inspector.config.editing.save import Saved


class Drafts:
    """The edits of one session, at most one of each member of a definition.

    loaded: the workspace as it was loaded. applied: with the edits laid over it.
    """

    def __init__(self) -> None:
        self.loaded = Workspace()
        self.applied = Applied(self.loaded)
        self._edits: dict[tuple[Owner, Member], Edit] = {}

    def __iter__(self) -> Iterator[Edit]:
        return iter(self._edits.values())

    def __len__(self) -> int:
        return len(self._edits)

    @property
    def workspace(self) -> Workspace:
        """The workspace with the edits laid over it."""
        return self.applied.workspace

    def rebase(self, loaded: Workspace) -> None:
        """Lay the edits over definitions that were loaded anew; those that they hold already are dropped."""
        self.loaded = loaded
        self._edits = {key: edit for key, edit in self._edits.items() if not self._is_there(edit)}
        self._apply()

    def put(self, *edits: Edit) -> Applied:
        """Add edits, each in the place of an earlier one of its member; one that changes nothing is none.

        Returns what all edits together make of the workspace.
        """
        for edit in edits:
            self._edits.pop((edit.owner, edit.member), None)
            if not self._is_there(edit):
                self._edits[edit.owner, edit.member] = edit
        return self._apply()

    def discard(self, owner: Owner | None = None, member: Member | None = None) -> Applied:
        """Drop the edits of an owner, or of one of its members; of every owner for None."""
        self._edits = {
            key: edit
            for key, edit in self._edits.items()
            if (owner is not None and edit.owner != owner) or (member is not None and edit.member != member)
        }
        return self._apply()

    def value(self, owner: Owner, member: Member) -> EditValue:
        """Return what is to stand in a member: its edit's value, even a refused one, else what was loaded.

        Raises:
            EditError: the definition is not there.
        """
        edit = self._edits.get((owner, member))
        return edit.value if edit else value_of(self.loaded, owner, member)

    def is_edited(self, owner: Owner, member: Member | None = None) -> bool:
        """Tell whether a definition, or one of its members, has an edit."""
        return any(edit.owner == owner and member in (None, edit.member) for edit in self)

    def changes(self) -> "tuple[FileChange, ...]":
        """Return what the edits make of the files; nothing is written.

        Raises:
            EditError: an edit has errors, a file was changed since it was loaded, or cannot be edited.
        """
        from inspector.config.editing.file_change import plan

        return plan(self.loaded, self)

    def write(self) -> "tuple[Saved, ...]":
        """Write the edits into their files, with a backup of each, and drop them.

        Raises:
            EditError: as `changes`, or a file cannot be written.
        """
        from inspector.config.editing.save import save

        saved = save(self.changes())
        self.discard()
        return saved

    def _apply(self) -> Applied:
        self.applied = apply(self.loaded, self)
        return self.applied

    def _is_there(self, edit: Edit) -> bool:
        try:
            return same_value(edit, value_of(self.loaded, edit.owner, edit.member))
        except EditError:
            return False
