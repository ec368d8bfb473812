"""Edits of definitions: tried at once without a file, shown as a difference, written where they stand."""

from inspector.config.editing.definition import same_value
from inspector.config.editing.difference import SIGNS, DiffLine, difference
from inspector.config.editing.edits import MEMBERS, Edit, EditError, EditValue, Member, Owner, value_of
from inspector.config.editing.file_change import FileChange, plan
from inspector.config.editing.overlay import Applied, apply
from inspector.config.editing.save import Saved, save

__all__ = [
    "MEMBERS",
    "SIGNS",
    "Applied",
    "DiffLine",
    "Edit",
    "EditError",
    "EditValue",
    "FileChange",
    "Member",
    "Owner",
    "Saved",
    "apply",
    "difference",
    "plan",
    "same_value",
    "save",
    "value_of",
]
