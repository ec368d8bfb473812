"""The editors of a route's definition, a page of them at a time, its pages as tabs in the border."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from inspector.tui.screens.definition_fields import FIELDS, PAGES, Field, Page, Values
from inspector.tui.screens.frame import Pane, ink
from inspector.tui.widgets.editor import JsonEditor

NO_ROUTE: Final = "No destination is chosen: choose one in the workbench."


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in an editor. values: what its members hold, if nothing was typed since it was filled."""

    text: str
    values: Values | None


class DefinitionPane(Pane):
    """Shows one page of editors; all keep their text and their undo while another page is shown."""

    class Edited(Message):
        """The person has changed a field and paused."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._page = PAGES[0]
        self._pages: tuple[Page, ...] = PAGES
        self._filled: dict[str, tuple[str, Values]] = {}

    def compose(self) -> ComposeResult:
        """Return the editors, each under its name where a page has two."""
        for page in PAGES:
            with Container(id=f"page-{page.name}", classes="page"):
                for field in page.fields:
                    with Vertical(classes="field"):
                        if len(page.fields) > 1:
                            yield Static(Content(field.label), classes="field-label")
                        yield JsonEditor(id=f"field-{field.name}", syntax=field.json)

    def on_mount(self) -> None:
        """Show the first page."""
        self._turn(self._page)

    # Pages

    @property
    def page(self) -> Page:
        """The page in front."""
        return self._page

    def turn(self, name: str) -> None:
        """Bring a page to the front and put the cursor into its first editor."""
        page = next((page for page in self._pages if page.name == name), self._page)
        self._turn(page)
        self.editor(page.fields[0]).focus()

    def step(self, step: int) -> None:
        """Bring the next or the previous page to the front."""
        self.turn(self._pages[(self._pages.index(self._page) + step) % len(self._pages)].name)

    def _turn(self, page: Page) -> None:
        self._page = page
        for other in PAGES:
            self.query_one(f"#page-{other.name}").display = other is page

    def draw(self, name: str, edited: Mapping[str, bool], note: Content) -> None:
        """Show the tabs, a dot before those with edits, and what there is to say of the page in front.

        name: of the route, shown where there is room for it.
        """
        parts: list[Content] = []
        for page in self._pages:
            style = (
                "$block-cursor-foreground on $primary 45% bold" if page is self._page else "$foreground 60%"
            )
            dot = "●" if edited.get(page.name) else " "
            parts.append(
                Content.from_markup(
                    f"[@click=screen.show_tab('{page.name}')][{style}]$dot$label [/][/]",
                    dot=dot,
                    label=page.label,
                )
            )
        title, whose = Content("").join(parts), ink(f"· {name}")
        fits = title.cell_length + whose.cell_length <= self.size.width - 4
        self.say(Content.assemble(title, whose) if fits and name else title, note)

    # Fields

    def editor(self, field: Field) -> JsonEditor:
        """Return the editor of a field."""
        return self.query_one(f"#field-{field.name}", JsonEditor)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that this route has."""
        return tuple(field for page in self._pages for field in page.fields)

    def fill(self, values: Values) -> None:
        """Put the values of a route's members into the editors; pages without any members go away."""
        self._pages = tuple(page for page in PAGES if any(f.members[0] in values for f in page.fields))
        for field in FIELDS:
            own = {member: values[member] for member in field.members if member in values}
            editor = self.editor(field)
            text = field.write(own) if own else ""
            # What has not changed keeps its cursor and its undo.
            if field.name not in self._filled or text != self._filled[field.name][0] or editor.text != text:
                editor.load_text(text)
            self._filled[field.name] = (editor.text, own)
        if self._pages and self._page not in self._pages:
            self._turn(self._pages[0])

    def typed(self) -> dict[str, Typed]:
        """Return what stands in every editor of the route."""
        typed = {}
        for field in self.fields:
            text = self.editor(field).text
            filled, values = self._filled[field.name]
            typed[field.name] = Typed(text, values if text == filled else None)
        return typed

    @on(JsonEditor.Edited)
    def _edited(self, event: JsonEditor.Edited) -> None:
        event.stop()
        self.post_message(self.Edited())


def problem_note(message: str, width: int) -> Content:
    """Return a refusal as the border says it: its first line."""
    first = message.split("\n", 1)[0]
    return ink(f"✘ {first if len(first) <= width else first[: max(1, width - 1)] + '…'}", "bad")
