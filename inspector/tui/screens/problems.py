"""What is wrong with the definitions, and what is risky: one list, each with why and what to do."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content

from inspector.eventbridge.lint import Finding, Severity, lint
from inspector.tui.commands import bindings
from inspector.tui.screens.frame import Framed, Pane, Tone, TopBar, ink
from inspector.tui.screens.results import counted
from inspector.tui.widgets.paged_list import Column, PagedList, Row
from inspector.tui.widgets.problem_view import MARKS, ProblemView
from inspector.tui.widgets.row_list import RowList
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.tui.screens.workbench import WorkbenchScreen

COLUMNS: Final = (
    Column("", 1),
    Column("code", 6),
    Column("place", 24, rank=1),
    Column("what was found"),
)
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")
_TONES: Final[dict[Severity, Tone]] = {"error": "bad", "warning": "warn", "info": "plain"}
NONE: Final = "Nothing found: every definition is as AWS would take it, and no risk is known."
_SHOWN: Final[tuple[tuple[str, frozenset[Severity]], ...]] = (
    ("all", frozenset(SEVERITIES)),
    ("errors and warnings", frozenset(("error", "warning"))),
    ("errors", frozenset(("error",))),
)


class ProblemList(PagedList):
    """A list in which there is nothing to mark."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave marking out."""
        return action not in ("mark", "unmark_all") and super().check_action(action, parameters)


class ProblemsScreen(Framed):
    """The list at the left, or above; the problem under the cursor beside it."""

    SCOPE = "problems"
    BINDINGS: ClassVar[list[BindingType]] = bindings("problems")
    AUTO_FOCUS = "PagedList"

    def __init__(self, bench: Workbench, workbench: "WorkbenchScreen") -> None:
        super().__init__()
        self.bench, self._workbench = bench, workbench
        self._findings: tuple[Finding, ...] = ()
        self._level = 0

    def body(self) -> ComposeResult:
        """Return the panes."""
        with Horizontal(id="desk"):
            with Pane(id="problems"):
                yield ProblemList(COLUMNS)
            with Pane(id="problem"):
                yield ProblemView()

    def on_mount(self) -> None:
        """Say what is being done."""
        self.query_one("#problems", Pane).say("Problems")
        self.query_one("#problem", Pane).say("Why, and what to do")
        self.query_one(PagedList).clear("Looking …")

    def on_screen_resume(self) -> None:
        """Look at the definitions as they are now."""
        self.query_one(TopBar).summary = self._workbench.summary
        self._look()

    @work(exclusive=True, group="lint", exit_on_error=False)
    async def _look(self) -> None:
        """Look for problems; a newer look ends this one."""
        self._findings = await asyncio.to_thread(lint, self.bench.workspace)
        self._list()

    def _list(self) -> None:
        name, severities = _SHOWN[self._level]
        shown = [(number, f) for number, f in enumerate(self._findings) if f.severity in severities]
        shown.sort(key=lambda pair: SEVERITIES.index(pair[1].severity))
        rows = [_row(number, finding) for number, finding in shown]
        listing = self.query_one(PagedList)
        if not rows:
            none = NONE if not self._findings else f"No {name}: s shows the others."
            self.query_one(ProblemView).clear(none)
        listing.load(RowList(rows), empty=NONE if not self._findings else f"No {name}.", keep_cursor=True)
        files = counted(len(self.bench.workspace.files), "file")
        shows = f"{name} · s changes · " if self._level else ""
        self.query_one("#problems", Pane).say(_title(self._findings), ink(f"{shows}{files} read"))
        self.refresh_bindings()

    @on(PagedList.Highlighted)
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        event.stop()
        if isinstance(event.row.value, Finding):
            self.query_one(ProblemView).show(event.row.value)

    @on(PagedList.Selected)
    def _selected(self, event: PagedList.Selected) -> None:
        event.stop()
        self.query_one(ProblemView).focus()

    def action_severities(self) -> None:
        """Leave the lesser problems out, or show all again."""
        self._level = (self._level + 1) % len(_SHOWN)
        self._list()

    @work(exclusive=True, group="reload", exit_on_error=False)
    async def action_reload(self) -> None:
        """Read the definitions anew, and look again."""
        await self._workbench.reload().wait()
        self.query_one(TopBar).summary = self._workbench.summary
        self._look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Tell which commands apply now."""
        return bool(self._findings) if action == "severities" else True


def _row(number: int, finding: Finding) -> Row:
    mark = MARKS[finding.severity]
    place = finding.place or finding.origin.file
    return Row(
        number,
        (mark, (finding.code, mark[1]), (place, "strong"), (finding.message, "plain")),
        finding,
    )


def _title(findings: Sequence[Finding]) -> Content:
    numbers = Counter(finding.severity for finding in findings)
    parts = [Content("Problems")]
    for severity in SEVERITIES:
        if number := numbers[severity]:
            parts += [ink(" · "), ink(counted(number, severity), _TONES[severity])]
    return Content.assemble(*parts, ink(" · none", "ok") if not findings else "")
