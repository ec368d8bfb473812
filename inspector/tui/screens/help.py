"""What the focused pane is for and which keys apply in it, made from the bindings themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from inspector.tui.commands import KEY_NAMES, command_of, key_name, scope_of

PROSE: Final = {
    "destinations": (
        "Destinations",
        "Every way from an event to an endpoint: a rule's target with its API destination and connection, "
        "or a destination that no rule targets. The chosen one decides the payload and the request, and "
        "is what Send sends to. A connection that was refused shows as DEAUTHORIZED, with the reason.",
    ),
    "events": (
        "Events",
        "The samples of the workspace and the events that you began here. Moving opens one; edits are kept "
        "when you move on, and a dot marks them. No file is changed.",
    ),
    "event": (
        "Event",
        "The event as JSON: an envelope, or an entry as PutEvents takes it. Members of the envelope that are "
        "left out are filled in; the lower border names them. Everything at the right follows each edit.",
    ),
    "deck": (
        "Match, payload, request, response",
        "Match explains every rule, those that fire first. Payload is what the target's input option makes "
        "of the event. Request is what would be sent, each part with where it comes from; after a delivery, "
        "what was sent. Response is the answer to the attempt that is chosen in the timeline. What AWS has "
        "not published is marked as an assumption.",
    ),
    "delivery": (
        "Delivery",
        "Each attempt with its status, its latency and the rule that decides what follows; the wait before "
        "the next one counts down. Choosing an attempt shows its request and its answer.",
    ),
    "definition": (
        "Definition",
        "The parts of the chosen route that can be edited, tried as you type: nothing is written until you "
        "ask for it, and everything else (preview, send, compare) uses the edits meanwhile. A dot marks "
        "parts with edits. What EventBridge would refuse is marked in the text, its reason in the border.",
    ),
    "tried": (
        "What the edits do",
        "What the edited rule says to the present event, the payload and the request that it gives, which of "
        "the newest events of the history the pattern catches, and what would change in the files.",
    ),
    "script": (
        "What if",
        "How the target answers, and the retry policy: the chosen route's, until you change it here. All "
        "attempts are simulated at once, and the same question is asked a thousand times over. Nothing is "
        "sent. AWS publishes no schedule of its retries: the one used is an approximation.",
    ),
    "day": (
        "The attempts over time",
        "The taller a bar, the more attempts began in its stretch; its colour is how the last of them ended. "
        "On the axis stand the end of the delivery and, as ▲, the attempt that is looked at.",
    ),
    "course": (
        "A simulated delivery",
        "Every attempt and every wait of one delivery in virtual time: the first of those that the odds "
        "count. Another draw shows what chance can do.",
    ),
    "odds": (
        "Odds",
        "What becomes of a thousand deliveries: how many arrive, after how many attempts and how long, and "
        "why the others are lost. Equal seeds give equal answers.",
    ),
    "problems": (
        "Problems",
        "What AWS would refuse, what can never work, what may lose events: errors first, then warnings, then "
        "what is good to know. Each has a code that docs/lint.md explains. A definition with an error is not "
        "loaded; all others are.",
    ),
    "problem": (
        "A problem",
        "What was found and where, why it matters, what to do, and where the behaviour is described.",
    ),
    "connections": (
        "Connections",
        "Every connection with its state, named as EventBridge names it: OAuth is AUTHORIZING until its "
        "first token came; a 401 or 407 makes BASIC and API_KEY DEAUTHORIZED, a token request that fails "
        "does it to OAuth. No request is sent through a connection that is DEAUTHORIZED.",
    ),
    "connection": (
        "A connection",
        "How it authorizes, what it adds to every request, how long its token lasts, and the last token "
        "request with its answer, everything secret masked. A token that is a JWT is read, not verified.",
    ),
    "letters": (
        "Dead letters",
        "What could not be delivered, newest first: of the history, or the messages of a queue from a file. "
        "✓ marks those that a redrive has delivered. A redrive sends the body, which is the payload already, "
        "straight to the endpoint with the connection's authorization; it is a delivery of its own, and the "
        "queue keeps its message.",
    ),
    "letter": (
        "A dead letter",
        "Why it failed, by its ERROR_CODE, and what to do; where it came from and goes to; its body, edited "
        "if you like, and the request that a redrive would send. AWS lists the codes without meanings: those "
        "given here are the inspector's own.",
    ),
    "past": (
        "History",
        "Every delivery so far, newest first; ↻ marks replays. Choosing one shows its attempts and what was "
        "sent and answered. A replay is a delivery of its own: the original stays as it is.",
    ),
    "detail": (
        "A past delivery",
        "The event, the payload, the request and the answer as they were recorded. Secrets are not recorded; "
        "a replay takes them from the workspace.",
    ),
    "routes": (
        "What to compare",
        "Tick two or more: routes, the chosen route through other connections, or variations of any of them. "
        "The event in the workbench goes all of these ways at once; with several runs, again and again, one "
        "request at a time, so that the latencies can be compared.",
    ),
    "columns": (
        "Comparison",
        "What was sent and answered, a column for each delivery. ≠ marks a line in which the columns "
        "differ; ~ marks a difference that is to be expected, such as a latency. The latencies of many runs "
        "are drawn on one scale; below them stands what the last run sent and got.",
    ),
}
"""What each pane is for, by its id."""


LEFT_OUT: Final = {"ctrl+pageup", "ctrl+pagedown", "super+c", "ctrl+home", "ctrl+end"}
"""Keys of Textual's own that nobody needs to be told of."""


@dataclass(frozen=True, slots=True)
class Section:
    """Some keys under one heading: the keys as shown, the short name, what they do."""

    heading: str
    keys: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """What the help is about."""

    title: str
    prose: str
    sections: tuple[Section, ...]


def topic(screen: Screen[object]) -> Topic:
    """Return the help for what has the focus on `screen`."""
    places = [] if screen.focused is None else list(screen.focused.ancestors_with_self)
    title, prose = next(
        (PROSE[place.id] for place in places if isinstance(place, Widget) and place.id in PROSE),
        ("The inspector", "Choose a pane with tab, then ask again for what it shows."),
    )
    own = next((place.HELP for place in places if isinstance(place, Widget) and place.HELP), "")
    groups: dict[str, dict[str, tuple[list[str], Binding]]] = {}
    for key, active in screen.active_bindings.items():
        if key in LEFT_OUT:
            continue
        match active.node:
            case Screen() if command_of(active.binding.action, (scope_of(screen),)):
                heading = "On this screen"
            case App() | Screen():
                heading = "Everywhere"
            case _:
                heading = "In this pane"
        keys, _ = groups.setdefault(heading, {}).setdefault(active.binding.action, ([], active.binding))
        keys.append(active.binding.key_display or KEY_NAMES.get(key) or _shown(screen, active.binding))
    order = ("On this screen", "In this pane", "Everywhere")
    scopes = (scope_of(screen), "app")
    sections = tuple(
        Section(heading, tuple(_row(action, *found, scopes) for action, found in groups[heading].items()))
        for heading in order
        if heading in groups
    )
    return Topic(title, "\n\n".join(part for part in (prose, own) if part), sections)


def _shown(screen: Screen[object], binding: Binding) -> str:
    return key_name(binding.key) if "+" in binding.key else screen.app.get_key_display(binding)


def _row(action: str, keys: Sequence[str], binding: Binding, scopes: tuple[str, ...]) -> tuple[str, str, str]:
    command = command_of(action, scopes)
    told = command.help if command else binding.tooltip
    return " ".join(dict.fromkeys(keys)), binding.description or action, told


class HelpScreen(ModalScreen[None]):
    """The help as a sheet over the screen that it is about."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss(None)", "Close"),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
    ]

    def __init__(self, topic: Topic) -> None:
        super().__init__()
        self._topic = topic

    def compose(self) -> ComposeResult:
        """Return the sheet."""
        with Vertical(classes="dialog help") as dialog:
            dialog.border_title = Content(f"Help · {self._topic.title}")
            dialog.border_subtitle = Content("↑↓ scroll · esc close")
            with VerticalScroll():
                yield Static(Content(self._topic.prose), classes="prose")
                for section in self._topic.sections:
                    yield Static(Content.styled(section.heading, "$text-accent bold"), classes="heading")
                    for keys, name, told in section.keys:
                        with Horizontal(classes="key"):
                            yield Static(Content.styled(keys, "$text-primary bold"), classes="keys")
                            yield Static(Content(told.rstrip(".") if told else name))

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one(VerticalScroll).focus()

    def action_scroll(self, step: int) -> None:
        """Scroll as the arrows do."""
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)
