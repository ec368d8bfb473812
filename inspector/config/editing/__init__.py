"""Edits of definitions: tried at once without a file, shown as a difference, written where they stand.

`file_change.plan`, `difference.difference` and `save.save` are for when it comes to files.
"""

from inspector.config.editing.edits import MEMBERS, Edit, EditError, EditValue, Member, Owner, value_of
from inspector.config.editing.overlay import Applied, apply

__all__ = ["MEMBERS", "Applied", "Edit", "EditError", "EditValue", "Member", "Owner", "apply", "value_of"]
