"""The question what of a way to vary, and to what."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from inspector.errors import InspectorError
from inspector.safe import safe, safe_line
from inspector.tui.screens.picker import Choice, Picker
from inspector.workbench.ways import VARIATIONS, Way, holds_secret, parameters_of, possible, varied

if TYPE_CHECKING:
    from inspector.tui.app import InspectorApp


async def ask_variation(screen: "Screen[None]", way: Way) -> str | None:
    """Ask how a way is to be varied; return it as `WHAT=VALUE`, None where the question was left."""
    choices, texts = _choices(way)
    title = f"Vary {_name(way)}"
    number = await screen.app.push_screen_wait(Picker(title, choices))
    if number is None:
        return None
    what, value = texts[number]
    if value:
        return f"{what}={value}"
    return await screen.app.push_screen_wait(VaryTo(title, way, what))


def _choices(way: Way) -> tuple[list[Choice], list[tuple[str, str]]]:
    choices: list[Choice] = []
    texts: list[tuple[str, str]] = []
    present = {"method": way.route.destination.http_method, "token-form": way.token_form}
    for what in possible(way):
        variation = VARIATIONS[what]
        for value in variation.values or ("",):
            if value and value == present.get(what):
                continue
            choices.append(Choice(f"{what}={value}" if value else f"{what}…", variation.help))
            texts.append((what, value))
    return choices, texts


def _name(way: Way) -> str:
    name = f"{way.route.name} via {way.route.connection.name}"
    return f"{name}, {way.variation}" if way.variation else name


class VaryTo(ModalScreen[str | None]):
    """Asks for the name and the value of one variation; gives it as `WHAT=VALUE`, or None.

    What takes the place of a secret is hidden while it is typed.
    """

    app: "InspectorApp"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, title: str, way: Way, what: str) -> None:
        super().__init__()
        self._title, self._way, self._what = title, way, what
        self._kind, self._named, _ = what.partition(":")

    def compose(self) -> ComposeResult:
        """Return the fields, and what they set."""
        with Vertical(classes="dialog vary") as dialog:
            dialog.border_title = Content(safe_line(self._title))
            complete = "→ complete · " if self._named else ""
            dialog.border_subtitle = Content(f"⏎ add · {complete}esc cancel")
            told = VARIATIONS[self._what].help
            yield Static(Content(f"{told[0].upper()}{told[1:]}."), classes="dialog-text")
            if self._named:
                keys = [parameter.key for parameter in parameters_of(self._way, self._what)]
                with Horizontal(classes="asked"):
                    yield Static("name", classes="label")
                    yield _Line(
                        placeholder=safe_line(keys[0]) if keys else "X-Name",
                        suggester=SuggestFromList(keys, case_sensitive=False),
                        id="vary-name",
                    )
            with Horizontal(classes="asked"):
                yield Static("value", classes="label")
                value = self._way.route.destination.invocation_endpoint if self._what == "endpoint" else ""
                yield _Line(value, id="vary-value")
            yield Static(id="vary-note")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Hide a value from the moment at which its name is that of a secret."""
        if event.input.id == "vary-name":
            secret = holds_secret(self._way.route.connection, event.value.strip())
            self.query_one("#vary-value", Input).password = secret
            self._say("a secret: hidden here, on the screen and in the history" if secret else "", "plain")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the value, or give what was typed, if it is a variation."""
        value = self.query_one("#vary-value", Input)
        if event.input is not value:
            value.focus()
            return
        name = self.query_one("#vary-name", Input).value.strip() if self._named else ""
        text = f"{self._kind}:{name}={value.value}" if self._named else f"{self._what}={value.value.strip()}"
        if self._named and not name:
            self._say("give it a name", "bad")
            self.query_one("#vary-name", Input).focus()
            return
        try:
            varied(self._way, text)
        except InspectorError as error:
            self._say(f"{error}" + (f": {error.hint}" if error.hint else ""), "bad")
        else:
            self.dismiss(text)

    def _say(self, text: str, tone: str) -> None:
        style = "$text-error" if tone == "bad" else "$foreground 60%"
        self.query_one("#vary-note", Static).update(Content.styled(safe(text), style))


class _Line(Input):
    """One line; what is pasted and would command a terminal is made visible."""

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        suggester: SuggestFromList | None = None,
        id: str,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(value, placeholder=placeholder, suggester=suggester, compact=True, id=id)

    def validate_value(self, value: str) -> str:
        """Make visible what would command a terminal."""
        return safe_line(value)
