"""Dead letters: what was lost, why, and what to do about it; and a redrive straight to the endpoint."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.binding import BindingType
from textual.content import Content

from inspector.config.dead_letters import DeadLetterError, HeldLetter, load_letters
from inspector.delivery.events import DeliveryEvent
from inspector.errors import InspectorError
from inspector.jsontext import dumps
from inspector.tui.commands import bindings
from inspector.tui.screens.ask_path import AskPath
from inspector.tui.screens.body_editor import BodyEditor
from inspector.tui.screens.browser import Browser
from inspector.tui.screens.deck import Deck
from inspector.tui.screens.delivery_pane import DeliveryPane
from inspector.tui.screens.frame import ink
from inspector.tui.screens.letter_rows import COLUMNS, FileLetters, HistoryLetters, Listed
from inspector.tui.screens.planning import Planning, key_of, question, reads_event
from inspector.tui.screens.results import counted
from inspector.tui.screens.searched_list import SearchedList
from inspector.tui.widgets.letter_view import LetterView
from inspector.tui.widgets.paged_list import PagedList, PageSource, Row
from inspector.tui.widgets.request_view import RequestView, ResponseView
from inspector.tui.widgets.response_view import pretty
from inspector.tui.widgets.text_view import TextView
from inspector.workbench import Workbench
from inspector.workbench.deadletters import (
    Explanation,
    Redrive,
    explain,
    letter_of,
    named,
    prepare_redrive,
    resolve,
)

if TYPE_CHECKING:
    from inspector.tui.screens.workbench import WorkbenchScreen

NOT_CHOSEN: Final = "Choose a dead letter in the list."
NOTHING: Final = (
    "No dead letter is recorded. What a delivery could not deliver appears here; f reads the messages of a "
    "queue from a file."
)
NOT_HERE: Final = "No attempt is known: the message came from a queue. s sends it again."
QUEUE: Final = (
    "What aws sqs receive-message --message-attribute-names All --attribute-names All prints, an array of "
    "messages, or one message a line."
)
_WIDEST_BODY: Final = 500_000
"""Characters: a longer body is shown as it came."""


class DeadLettersScreen(Browser):
    """The list at the left; the chosen letter's explanation, body and request, and its timeline."""

    SCOPE = "dead-letters"
    BINDINGS: ClassVar[list[BindingType]] = bindings("dead-letters")

    def __init__(self, bench: Workbench, workbench: "WorkbenchScreen") -> None:
        super().__init__(bench, workbench)
        self._file: Path | None = None
        self._letters: tuple[HeldLetter, ...] = ()
        self._row: Row | None = None
        self._held: HeldLetter | None = None
        self._explanation: Explanation | None = None
        self._planning = Planning(self, bench, workbench)
        self._queue: list[Redrive] = []
        self._sent: list[bool] = []
        self._played = False  # the timeline shows a redrive and not what was recorded

    def list_pane(self) -> SearchedList:
        """Return the letters."""
        return SearchedList(
            COLUMNS, placeholder="Search: words, error:TIMEOUT, rule:orders, since:2d …", id="letters"
        )

    def detail(self) -> Deck:
        """Return the views of a letter."""
        views = (
            ("why", "Why", LetterView()),
            ("body", "Body", TextView(id="body-text")),
            ("request", "Request", RequestView()),
            ("response", "Response", ResponseView()),
        )
        return Deck(views, id="letter")

    def on_mount(self) -> None:
        """Wait for the list."""
        self.deck.turn("why")
        self._blank(NOT_CHOSEN)

    # The list

    def load(self, *, keep_cursor: bool = True) -> None:
        """Read the list anew, of the history or of the file that is open."""
        loop, query = asyncio.get_running_loop(), self.listing.query_text
        if self._file is None:
            empty = "No dead letter fits the search." if query else NOTHING
            source: PageSource = HistoryLetters(self.bench, query, loop)
        else:
            empty = "The file holds no message."
            source = FileLetters(self._letters, self.bench, loop)
        self.listing.rows.load(source, empty=empty, keep_cursor=keep_cursor)
        self.entitle()

    def entitle(self) -> None:
        """Say where the letters are from."""
        where = f" · {self._file.name}" if self._file else " · of the history"
        keys = "/ searches · f reads a file"
        if self._file:
            keys = "esc leaves the file"
        elif self.listing.query_text:
            keys = "esc ends the search"
        self.listing.entitle(Content.assemble("Dead letters", ink(where)), keys)

    @on(PagedList.Failed)
    def _unreadable(self, event: PagedList.Failed) -> None:
        """Say why the history cannot be read, in the list's place."""
        event.stop()
        if event.is_current:
            searched = self.listing.query_text
            self.listing.fail(event.error, "" if searched else "f reads the messages of a queue from a file.")
            self.nothing_chosen()

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_open_file(self) -> None:
        """Read the dead letters of a file in place of the history's."""
        path = await self.app.push_screen_wait(AskPath("Dead letters of a file", QUEUE))
        if path is None:
            return
        try:
            letters = await asyncio.to_thread(load_letters, path)
        except InspectorError as error:
            self.notify(f"{error}\n{error.hint}".strip(), title="Not read", severity="error")
            return
        self.listing.drop_search()
        self._show_letters_of(path, letters)

    def action_leave_search(self) -> None:
        """Show all of the history's again: leave the file, or end the search."""
        if self._file is not None:
            self._show_letters_of(None, ())
        else:
            super().action_leave_search()

    def _show_letters_of(self, path: Path | None, letters: tuple[HeldLetter, ...]) -> None:
        self._file, self._letters = path, letters
        self.nothing_chosen()
        self.load(keep_cursor=False)
        self.refresh_bindings()

    # The chosen letter

    @on(PagedList.Highlighted)
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        event.stop()
        self._row = event.row
        self._look(event.row)

    @on(PagedList.Selected)
    def _selected(self, event: PagedList.Selected) -> None:
        event.stop()
        self.deck.turn("why")
        self.deck.view.focus()

    def action_open(self) -> None:
        """Go to the explanation."""
        self.deck.turn("why")
        self.deck.view.focus()

    def nothing_chosen(self) -> None:
        """Choose none."""
        self._row, self._held, self._explanation = None, None, None
        self._blank(NOT_CHOSEN)
        self.refresh_bindings()

    def _blank(self, message: str) -> None:
        self.query_one(LetterView).clear(message)
        self.query_one("#body-text", TextView).clear(message)
        self.query_one(RequestView).clear(message)
        if not self.delivery.running:
            self.query_one(ResponseView).clear(message)
            self.delivery.clear(message=message)
        for tab in ("why", "body", "request", "response"):
            self.deck.note(tab, Content(""))

    @work(exclusive=True, group="look", exit_on_error=False)
    async def _look(self, row: Row) -> None:
        """Explain a letter; another choice in the meantime ends this."""
        events: Sequence[DeliveryEvent] = ()
        try:
            held = await self._letter(row)
            if held is not None and held.delivery_id and not self.delivery.running:
                wanted = held.delivery_id
                events = await self.bench.in_history(lambda history: history.events_of(wanted))
        except InspectorError as error:
            self.nothing_chosen()
            self._blank(f"{error}. {error.hint}")
            return
        if held is None:
            self.nothing_chosen()
            self._blank("This delivery left no dead letter.")
            return
        since = isinstance(row.value, Listed) and row.value.redriven
        explanation = await asyncio.to_thread(explain, held, self.bench.workspace)
        same = self._held is not None and key_of(self._held) == key_of(held)
        self._held, self._explanation = held, explanation
        self.query_one(LetterView).show(explanation, delivered_since=since)
        code = explanation.code.code or "no code"
        self.deck.note("why", ink("redriven and delivered" if since else code, "ok" if since else "bad"))
        await self._show_body(held)
        if not self.delivery.running and not (same and self._played):
            self._played = False
            self.query_one(ResponseView).clear(NOT_HERE)
            self.deck.note("response", Content(""))
            if events:
                self.delivery.show_recorded(held.route, events, interrupted=False)
            else:
                self.delivery.clear(message=NOT_HERE)
        self.refresh_bindings()

    async def _letter(self, row: Row) -> HeldLetter | None:
        if not isinstance(row.value, Listed):
            return None
        letter = row.value.letter
        if isinstance(letter, HeldLetter):
            return letter
        return await self.bench.in_history(lambda history: letter_of(history.get(letter.delivery_id)))

    async def _show_body(self, held: HeldLetter) -> None:
        """Show the body as it would be sent, and the request that would carry it."""
        edited = self._planning.bodies.get(key_of(held))
        body = held.letter.body if edited is None else edited
        shown = await asyncio.to_thread(pretty, body) if len(body) <= _WIDEST_BODY else None
        view = self.query_one("#body-text", TextView)
        view.show(shown or body, language="text" if shown is None else "json")
        size = f"{len(body.encode('utf-8', 'replace')):,} bytes"
        told = ink(f"{size} · e edits it") if edited is None else ink("edited · u takes it back", "warn")
        self.deck.note("body", told)
        request = self.query_one(RequestView)
        routes = resolve(held, self.bench.workspace).routes
        if len(routes) != 1:
            request.clear("s asks which target to send it to.")
            self.deck.note("request", Content(""))
            return
        try:
            redrive = prepare_redrive(held, routes[0], self.bench.complete_event, body=edited)
            if redrive.unresolved:
                request.clear(reads_event(redrive))
            else:
                request.show(self.bench.redrive_request(redrive))
        except InspectorError as error:
            request.clear(f"{error}. Press e to mend it.")
        self.deck.note("request", ink("as a redrive would send it"))

    # The body

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_edit_body(self) -> None:
        """Change the body before it is sent."""
        held = self._held
        if held is None:
            return
        body = self._planning.bodies.get(key_of(held), held.letter.body)
        left = await self.app.push_screen_wait(BodyEditor(f"Body of {named(held)}", body))
        if left is not None:
            self._planning.bodies[key_of(held)] = left
            await self._show_body(held)
            self.deck.turn("body")
            self.refresh_bindings()

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_revert_body(self) -> None:
        """Take the letter's own body again."""
        if self._held is not None:
            self._planning.bodies.pop(key_of(self._held), None)
            await self._show_body(self._held)
            self.refresh_bindings()

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_load_event(self) -> None:
        """Work on the event: the body where it is one, else the event that it was made of."""
        held, explanation = self._held, self._explanation
        if held is None or explanation is None:
            return
        name = f"dead letter {held.identity[:8]}".strip()
        if explanation.body == "event":
            body = self._planning.bodies.get(key_of(held), held.letter.body)
            text = await asyncio.to_thread(pretty, body) or body
        elif held.event is not None:
            text = await asyncio.to_thread(dumps, held.event, indent=2)
        else:
            return
        self.app.switch_mode("workbench")
        self._workbench.new_event(name, text)

    # Redrive

    @work(exclusive=True, group="ask", exit_on_error=False)
    async def action_redrive(self) -> None:
        """Send the marked letters, or the chosen one, straight to the endpoint."""
        rows = self.listing.rows.marked or ((self._row,) if self._row else ())
        try:
            letters = [held for row in rows if (held := await self._letter(row)) is not None]
            plan = await self._planning.plan(letters)
        except InspectorError as error:
            hint = "Press e to mend its body." if isinstance(error, DeadLetterError) else error.hint
            self.notify(f"{error}. {hint}".strip(), title="Nothing was sent", severity="error")
            return
        planning = self._planning
        asked = question(plan, planning.bodies, planning.left_out) if plan else None
        if asked is None or not await self.app.push_screen_wait(asked):
            return
        self._sent, self._queue = [], plan
        self._next()

    def _next(self) -> None:
        redrive = self._queue.pop(0)
        self._played = True
        self.announce()
        self.deck.turn("response" if self.wide else "delivery")
        self._workbench.tell_result("redriving", "info")
        self._show_summary()
        self.delivery.play(self.bench.redrive(redrive))
        self.refresh_bindings()

    @on(DeliveryPane.Ended)
    def _ended(self, message: DeliveryPane.Ended) -> None:
        outcome = message.outcome
        self._sent.append(outcome is not None and outcome.kind == "delivered")
        self.tell_end(message)
        if self._queue:
            self._next()
            return
        good = sum(self._sent)
        if len(self._sent) > 1:
            told = f"{good} of {counted(len(self._sent), 'dead letter')} delivered."
            self.notify(told, severity="information" if good == len(self._sent) else "warning")
        self.load()
        self.refresh_bindings()

    def action_cancel(self) -> None:
        """End the redrive that is under way; those after it are not begun."""
        if self._queue:
            self.notify(f"{counted(len(self._queue), 'dead letter')} not begun.", severity="warning")
        self._queue = []
        self.delivery.cancel()

    async def stop(self) -> None:
        """End what runs, before the inspector does."""
        self._queue = []
        await super().stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell which commands apply now."""
        if not self.is_mounted:
            return True
        held, running = self._held, self.delivery.running
        match action:
            case "redrive":
                return (held is not None or bool(self.listing.rows.marked)) and not running
            case "open" | "mark" | "edit_body":
                return held is not None
            case "revert_body":
                return held is not None and key_of(held) in self._planning.bodies
            case "load_event":
                explanation = self._explanation
                return held is not None and (
                    held.event is not None or (explanation is not None and explanation.body == "event")
                )
            case "leave_search" if self._file is not None:
                return True
            case "search":
                return self._file is None
        return super().check_action(action, parameters)
