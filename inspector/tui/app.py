"""The terminal app: its screens, its themes, and what happens when it fails."""

import asyncio
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import App
from textual.binding import BindingType
from textual.notifications import SeverityLevel

from inspector.safe import safe, safe_line
from inspector.tui.collector import wake
from inspector.tui.commands import Commands, bindings
from inspector.tui.crash import sentence, write_report
from inspector.tui.screens.frame import BackgroundFailed, Framed, Summary
from inspector.tui.screens.workbench import Start, WorkbenchScreen
from inspector.tui.theme import DARK, LIGHT
from inspector.tui.widgets.request_view import RequestView
from inspector.workbench import Workbench


class InspectorApp(App[None]):
    """The inspector on a workbench. It does not close the workbench: whoever made that does.

    title: what the workspace is called. endpoint_url: of the bundled endpoint, where one is running.
    start: the event and the route to open with. report_folder: where crash reports go, the platform's
    log folder when None.
    """

    TITLE = "inspector"
    CSS_PATH: ClassVar = "inspector.tcss"
    COMMANDS: ClassVar = {Commands}
    BINDINGS: ClassVar[list[BindingType]] = bindings("app")
    ENABLE_COMMAND_PALETTE = True
    DEFAULT_MODE = "workbench"

    def __init__(
        self,
        bench: Workbench,
        *,
        title: str,
        endpoint_url: str = "",
        start: Start = Start(),  # noqa: B008 - a frozen value
        report_folder: Path | None = None,
    ) -> None:
        super().__init__()
        self.bench = bench
        self._report_folder = report_folder
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        self.workbench = WorkbenchScreen(bench, Summary(title, endpoint=endpoint_url), start)
        self._rooms: list[Framed] = [self.workbench]
        self.add_mode("workbench", lambda: self.workbench)
        self.add_mode("history", self._open_history)
        self.add_mode("compare", self._open_comparison)
        self.add_mode("what_if", self._open_what_if)
        self.add_mode("problems", self._open_problems)
        self.add_mode("dead_letters", self._open_dead_letters)
        self.add_mode("connections", self._open_connections)
        self.add_mode("definition", self._open_definition)

    def _open_history(self) -> Framed:
        from inspector.tui.screens.history import HistoryScreen

        return self._room(HistoryScreen(self.bench, self.workbench))

    def _open_comparison(self) -> Framed:
        from inspector.tui.screens.compare import CompareScreen

        return self._room(CompareScreen(self.bench, self.workbench))

    def _open_definition(self) -> Framed:
        from inspector.tui.screens.definition import DefinitionScreen

        return self._room(DefinitionScreen(self.bench, self.workbench))

    def _open_what_if(self) -> Framed:
        from inspector.tui.screens.what_if import WhatIfScreen

        return self._room(WhatIfScreen(self.bench, self.workbench))

    def _open_problems(self) -> Framed:
        from inspector.tui.screens.problems import ProblemsScreen

        return self._room(ProblemsScreen(self.bench, self.workbench))

    def _open_connections(self) -> Framed:
        from inspector.tui.screens.connections import ConnectionsScreen

        return self._room(ConnectionsScreen(self.bench, self.workbench))

    def _open_dead_letters(self) -> Framed:
        from inspector.tui.screens.dead_letters import DeadLettersScreen

        return self._room(DeadLettersScreen(self.bench, self.workbench))

    def _room(self, screen: Framed) -> Framed:
        self._rooms.append(screen)
        return screen

    def on_mount(self) -> None:
        """Load what the first delivery needs once the screen is there."""
        self.call_after_refresh(self._warm_up)

    def _warm_up(self) -> None:
        self.run_worker(_import_heavy, thread=True, group="warm-up", exit_on_error=False)

    # Commands

    def action_workbench(self) -> None:
        """Show the workbench."""
        self.switch_mode("workbench")

    def action_history(self) -> None:
        """Show the history."""
        self.switch_mode("history")

    def action_compare(self) -> None:
        """Show the comparison."""
        self.switch_mode("compare")

    def action_what_if(self) -> None:
        """Show what would happen."""
        self.switch_mode("what_if")

    def action_definition(self) -> None:
        """Show the definition of the chosen route."""
        self.switch_mode("definition")

    def action_connections(self) -> None:
        """Show the connections."""
        self.switch_mode("connections")

    def action_dead_letters(self) -> None:
        """Show what was lost."""
        self.switch_mode("dead_letters")

    def action_problems(self) -> None:
        """Show what is wrong with the definitions, and what is risky."""
        self.switch_mode("problems")

    def action_help(self) -> None:
        """Explain the focused pane."""
        from inspector.tui.screens.help import HelpScreen, topic

        self.push_screen(HelpScreen(topic(self.screen)))

    def action_switch_brightness(self) -> None:
        """Go from dark to light, or back."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    def action_zoom(self) -> None:
        """Give the pane that has the focus the whole screen, or take it back."""
        screen = self.screen
        if screen.maximized is not None:
            screen.minimize()
        elif screen.focused is not None:
            screen.maximize(screen.focused)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell which commands apply now."""
        match action:
            case "what_if" | "problems" | "connections" | "dead_letters":
                return self.current_mode != action
            case "workbench" | "history" | "compare" | "definition":
                return self.current_mode != action
        return super().check_action(action, parameters)

    async def action_quit(self) -> None:
        """Leave, once what runs has been ended and recorded."""
        for room in self._rooms:
            await room.stop()
        self.exit()

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002 - Textual's; here text is never markup
    ) -> None:
        """Tell the user something; it may quote text from elsewhere."""
        super().notify(
            safe(message), title=safe_line(title), severity=severity, timeout=timeout, markup=False
        )

    def on_request_view_export_asked(self, event: RequestView.ExportAsked) -> None:
        """Hand a request on."""
        from inspector.tui.screens.export_menu import offer_export

        offer_export(self, event.request)

    # Failures

    def on_background_failed(self, event: BackgroundFailed) -> None:
        """Tell of a background task that failed; the app goes on."""
        report = write_report(event.error, self._report_folder)
        where = f" What is known of it: {report}" if report else ""
        self.notify(f"Something went wrong in the background.{where}", severity="error")

    def _fatal_error(self) -> None:
        """Stop with one sentence. Textual would print a traceback with every local variable."""
        if self._exit_renderables:
            return
        error = self._exception
        report = write_report(error, self._report_folder) if error is not None else None
        self.bell()
        self.panic(Text(sentence(report)))


def _import_heavy() -> None:
    import inspector.delivery.transport
    import inspector.history.store
    import inspector.workbench.deliveries  # noqa: F401

    wake()


def run_app(bench: Workbench, *, title: str, endpoint_url: str = "", start: Start = Start()) -> int:  # noqa: B008
    """Run the app on `bench` until the user leaves, close the workbench, and return the exit code."""
    app = InspectorApp(bench, title=title, endpoint_url=endpoint_url, start=start)

    async def main() -> None:
        try:
            await app.run_async()
        finally:
            wake()
            await bench.close()

    asyncio.run(main())
    return app.return_code or 0
