"""What is wrong with the loaded definitions: where, what was found, what is allowed."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from inspector.eventbridge.resources import Fault
from inspector.safe import safe, safe_line


class FaultsScreen(ModalScreen[None]):
    """Every fault of the workspace, errors first; what they spoil is not loaded, all else is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,exclamation_mark", "dismiss(None)", "Close"),
    ]

    def __init__(self, faults: Sequence[Fault], files: int) -> None:
        super().__init__()
        self._faults = sorted(faults, key=lambda fault: fault.severity != "error")
        self._files = files

    def compose(self) -> ComposeResult:
        """Return the list."""
        with Vertical(classes="dialog sheet") as dialog:
            errors = sum(fault.severity == "error" for fault in self._faults)
            warnings = len(self._faults) - errors
            dialog.border_title = Content(f"Faults · {errors} errors · {warnings} warnings")
            dialog.border_subtitle = Content(f"{self._files} files read · mend them and press r · esc close")
            if self._faults:
                yield OptionList(*(Option(_row(fault)) for fault in self._faults))
            else:
                yield OptionList(Option(Content("Every definition is as AWS would take it."), disabled=True))


def _row(fault: Fault) -> Content:
    mark, style = ("✗", "$text-error bold") if fault.severity == "error" else ("!", "$text-warning bold")
    lines = [
        Content.assemble(
            (f"{mark} ", style),
            (safe_line(fault.origin.file or "workspace"), "bold"),
            ("  ", ""),
            (safe_line(fault.origin.path), "$text-accent"),
        ),
        Content.assemble(("  found     ", "$foreground 55%"), safe(fault.found)),
    ]
    if fault.expected:
        lines.append(Content.assemble(("  expected  ", "$foreground 55%"), safe(fault.expected)))
    return Content("\n").join(lines)
